//! How published text is read: cells of real lists carry line breaks, full-width signs and stray spaces.

use unicode_normalization::UnicodeNormalization;

/// Whether a character belongs to a script written without spaces between words (or is its punctuation).
pub fn is_cjk(c: char) -> bool {
    matches!(c as u32,
        0x2E80..=0x303F | 0x31C0..=0x31EF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F | 0xFF00..=0xFFEF | 0x2_0000..=0x3_FFFF)
        || matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// Whether a character is not shown as what it is: a control character other than line break and tab, one by which text reads in another
/// order than it is written, or one that is not seen and makes two names of what looks like one. What chooses or joins the forms of the
/// signs beside it is not seen either, and belongs to how they are written.
pub fn is_unprintable(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let hides = matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{200b}' | '\u{2060}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
    );
    turns || hides || (c.is_control() && !matches!(c, '\n' | '\t'))
}

/// A text without the characters that are not shown as what they are, as it is taken over from a list; line ends stay as they are.
///
/// ```
/// assert_eq!(domain::value::text::printable("许可\u{202e}证\u{1}\r\n".into()), "许可证\r\n");
/// ```
pub fn printable(mut text: String) -> String {
    let goes = |c: char| is_unprintable(c) && c != '\r';
    if text.contains(goes) {
        text.retain(|c| !goes(c));
    }
    text
}

/// The first sign in a text that is not shown as what it is: a control character other than line break and tab, or one by which text reads in
/// another order than it is written. What people give is refused for it, and not mended without a word.
///
/// ```
/// use domain::value::text::unprintable;
/// assert_eq!(unprintable("第一行\n第二行\t𠮷"), None);
/// assert_eq!(unprintable("甲\u{202e}乙\0"), Some('\u{202e}'));
/// assert_eq!((unprintable("健在\u{200b}证明"), unprintable("葛\u{e0100}")), (Some('\u{200b}'), None));
/// ```
pub fn unprintable(text: &str) -> Option<char> {
    text.chars().find(|sign| is_unprintable(*sign))
}

/// Whether nothing of a text is seen: white space, control characters, and the signs that have no width or no ink.
///
/// ```
/// use domain::value::text::is_blank;
/// assert!(is_blank(" \n\u{200b}\u{3164}\u{2060}") && is_blank(""));
/// assert!(!is_blank("甲\u{200b}") && !is_blank("。"));
/// ```
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|sign| sign.is_whitespace() || sign.is_control() || is_invisible(sign))
}

/// Signs that take no place or leave it empty, as Unicode lists them (Default_Ignorable_Code_Point), and the blank of Braille.
fn is_invisible(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// What is said of [`unprintable`] text in a field, in Chinese and English.
pub fn unprintable_words(field: &str, sign: char) -> (String, String) {
    let sign = u32::from(sign);
    (
        format!("{field}含有控制字符、看不见的字符或文字方向控制符（U+{sign:04X}），请删去；换行和制表符除外"),
        format!("{field:?} has a character that controls, is not seen or turns the direction of text (U+{sign:04X}): take it out"),
    )
}

/// Text of several lines as it is kept: line ends unified, control characters gone, no space at either end of a line,
/// no empty line at the ends and no more than one between.
pub fn block(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.replace("\r\n", "\n").replace('\r', "\n").split('\n') {
        let line: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        let line = line.trim();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        out.push_str(line);
    }
    out
}

/// A name on one line: white space beside a Chinese character is an accident of the cell and goes, other runs become one
/// space; control characters go.
///
/// ```
/// assert_eq!(domain::value::text::name("对拒绝\n配合统 计调查"), "对拒绝配合统计调查");
/// assert_eq!(domain::value::text::name(" ISO  9001 认证 "), "ISO 9001认证");
/// ```
pub fn name(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}' {
            gap = true;
        } else if !c.is_control() {
            let cjk_before = out.chars().next_back().is_none_or(is_cjk);
            if gap && !cjk_before && !is_cjk(c) {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
    out
}

/// Text without any white space or control character.
pub fn squash(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{feff}' && *c != '\u{200b}').collect()
}

/// The form in which two names are compared and searched: NFKC, lower case, without white space.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// The same, added to what `out` holds.
pub fn fold_into(text: &str, out: &mut String) {
    let start = out.len();
    for c in text.chars() {
        match c {
            // What most names are made of, without the tables of the normalisation.
            '\u{4e00}'..='\u{9fff}' | '、' | '。' | '《' | '》' | '【' | '】' | '〔' | '〕' | '“' | '”' | '—' | '·' => {
                out.push(c);
            }
            '!'..='~' => out.push(c.to_ascii_lowercase()),
            '！'..='～' => out.extend(char::from_u32(c as u32 - 0xfee0).map(|c| c.to_ascii_lowercase())),
            ' ' | '\n' | '\u{3000}' => (),
            _ => {
                out.truncate(start);
                let folded = text.nfkc().flat_map(char::to_lowercase);
                return out.extend(folded.filter(|c| !c.is_whitespace() && !c.is_control()));
            }
        }
    }
}

/// `None` for what published lists write where they have nothing: empty, `无`, `/`, `-`, `暂无`, `null`.
pub fn something(text: &str) -> Option<&str> {
    let trimmed = text.trim();
    let nothing = matches!(trimmed, "" | "无" | "暂无" | "没有" | "/" | "\\" | "-" | "--" | "—" | "——" | "null" | "NULL" | "None");
    (!nothing).then_some(trimmed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_keeps_its_lines_and_loses_its_accidents() {
        assert_eq!(block("  a \r\n\r\n\r\n b\u{0}\r c  \n\n"), "a\n\nb\nc");
        assert_eq!(block(" \n \n"), "");
    }

    #[test]
    fn names_are_compared_without_width_case_or_space() {
        assert_eq!(fold("ＡＢｃ （ 一 ）"), "abc(一)");
    }

    proptest::proptest! {
        /// The short way leads where the long one does.
        #[test]
        fn folding_is_normalising(text in "([ -~]|[、。《》【】〔〕“”—·！-～　\n]|[一-龥]|é|e\u{301}|ﬁ|…|ｱ|\u{0}){0,12}") {
            let long: String = text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace() && !c.is_control()).collect();
            proptest::prop_assert_eq!(fold(&text), long);
        }
    }

    #[test]
    fn nothing_is_written_in_many_ways() {
        for nothing in ["", " 无 ", "/", "--", "暂无", "null"] {
            assert_eq!(something(nothing), None, "{nothing:?}");
        }
        assert_eq!(something(" 无条件 "), Some("无条件"));
    }
}
