//! Bounds that hold before a query reaches the parser.
//!
//! The parser descends into nested brackets by recursion and bounds only selection sets: two thousand brackets in the literal of
//! a list (`name: [[[…]]]`) overflow the stack and abort the process. So nesting is counted here first, in one pass over the
//! text that knows strings and comments.

/// Deepest nesting of `{`, `[` and `(` together.
pub const MAX_NESTING: usize = 64;

/// Longest query text in bytes.
pub const MAX_QUERY_BYTES: usize = 32 * 1024;

/// Most names, numbers and signs in a query: what the checks that compare fields pairwise can do in no time.
pub const MAX_TOKENS: usize = 4_000;

/// Why a query is not parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// More than [`MAX_QUERY_BYTES`].
    #[error("查询超过{MAX_QUERY_BYTES}字节 / the query is longer than {MAX_QUERY_BYTES} bytes")]
    Bytes,
    /// More than [`MAX_NESTING`].
    #[error("查询嵌套超过{MAX_NESTING}层 / the query is nested deeper than {MAX_NESTING} brackets")]
    Nesting,
    /// More than [`MAX_TOKENS`].
    #[error("查询超过{MAX_TOKENS}个词和符号 / the query has more than {MAX_TOKENS} words and signs")]
    Tokens,
}

/// Checks the bounds of a query text.
pub fn check(query: &str) -> Result<(), TooMuch> {
    if query.len() > MAX_QUERY_BYTES {
        return Err(TooMuch::Bytes);
    }
    let bytes = query.as_bytes();
    let (mut at, mut depth, mut tokens) = (0, 0_usize, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'#' => at = end_of_line(bytes, at),
            b'"' => {
                tokens += 1;
                at = end_of_string(bytes, at);
            }
            b'{' | b'[' | b'(' => {
                depth += 1;
                tokens += 1;
                at += 1;
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            byte if is_word(byte) => {
                tokens += 1;
                at += bytes[at..].iter().take_while(|b| is_word(**b)).count();
            }
            byte => {
                tokens += usize::from(!byte.is_ascii_whitespace() && byte != b',');
                at += 1;
            }
        }
        if depth > MAX_NESTING {
            return Err(TooMuch::Nesting);
        }
        if tokens > MAX_TOKENS {
            return Err(TooMuch::Tokens);
        }
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn end_of_line(bytes: &[u8], start: usize) -> usize {
    bytes[start..].iter().position(|b| matches!(b, b'\n' | b'\r')).map_or(bytes.len(), |i| start + i)
}

/// The place after a string or block string. One that is not closed ends with its line, as the parser will say.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    if bytes[start..].starts_with(b"\"\"\"") {
        let mut at = start + 3;
        while at < bytes.len() {
            if bytes[at..].starts_with(b"\\\"\"\"") {
                at += 4;
            } else if bytes[at..].starts_with(b"\"\"\"") {
                return at + 3;
            } else {
                at += 1;
            }
        }
        return bytes.len();
    }
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            b'\n' | b'\r' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_counted_whatever_the_bracket() {
        let nested = |n: usize| format!("{{ __type(name: {}{}) {{ name }} }}", "[".repeat(n), "]".repeat(n));
        assert_eq!(check(&nested(62)), Ok(()));
        assert_eq!(check(&nested(63)), Err(TooMuch::Nesting));
        assert_eq!(check(&nested(2_000)), Err(TooMuch::Nesting));
    }

    #[test]
    fn brackets_in_strings_and_comments_are_text() {
        let brackets = "[".repeat(100);
        assert_eq!(check(&format!("{{ a(b: \"{brackets}\") }}")), Ok(()));
        assert_eq!(check(&format!("{{ a(b: \"\\\"{brackets}\") }}")), Ok(()));
        assert_eq!(check(&format!("{{ a(b: \"\"\"{brackets}\\\"\"\"{brackets}\"\"\") }}")), Ok(()));
        assert_eq!(check(&format!("# {brackets}\n{{ a }}")), Ok(()));
    }

    #[test]
    fn nothing_hides_in_a_string_that_is_not_one() {
        let brackets = "[".repeat(100);
        // A string ends with its line, closed or not: what follows is counted.
        assert_eq!(check(&format!("{{ a(b: \"x\n{brackets}")), Err(TooMuch::Nesting));
        assert_eq!(check(&format!("{{ a(b: \"\" {brackets}")), Err(TooMuch::Nesting));
        assert_eq!(check(&format!("{{ a # \" \r {brackets}")), Err(TooMuch::Nesting));
    }

    #[test]
    fn long_queries_are_refused() {
        assert_eq!(check(&" ".repeat(MAX_QUERY_BYTES + 1)), Err(TooMuch::Bytes));
        assert_eq!(check(&"a ".repeat(MAX_TOKENS + 1)), Err(TooMuch::Tokens));
    }
}
