//! Sources as the rules see them: without comments and texts, and word by word.

use std::{fs, path::Path, process::Command};

/// A file of the workspace.
pub(crate) struct Source {
    /// From the root of the workspace, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|ending| ending == "rs")
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every file that is tracked, or would be by the next `git add`; binary files are left out.
pub(crate) fn all() -> Vec<Source> {
    let listed = Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root()).output();
    let paths = match listed {
        Ok(output) if output.status.success() => {
            String::from_utf8(output.stdout).unwrap().split_terminator('\0').map(str::to_owned).collect()
        }
        _ => walk(""),
    };
    let read = |path: String| fs::read_to_string(root().join(&path)).ok().map(|text| Source { path, text });
    paths.into_iter().filter_map(read).collect()
}

/// The same where there is no git: everything but what is built and what is hidden.
fn walk(folder: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if name.starts_with('.') || name == "target" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() { paths.extend(walk(&path)) } else { paths.push(path) }
    }
    paths
}

/// The code of a Rust source: comments and the insides of texts are blank, lines stay where they are.
pub(crate) fn code(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let word_before = out.bytes().next_back().is_some_and(is_word);
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            comment(rest)
        } else if rest.starts_with('"') {
            quoted(rest)
        } else if !word_before && let Some(length) = raw(rest) {
            length
        } else if rest.starts_with('\'')
            && let Some(length) = character(rest)
        {
            length
        } else {
            let next = rest.chars().next().map_or(1, char::len_utf8);
            out.push_str(&rest[..next]);
            at += next;
            continue;
        };
        out.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        at += length;
    }
    out
}

fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match &text.as_bytes()[at..(at + 2).min(text.len())] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of a raw text, if one begins here.
fn raw(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let marks = rest.bytes().take_while(|b| *b == b'#').count();
    let inside = rest[marks..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(marks));
    let begin = text.len() - inside.len();
    Some(inside.find(&end).map_or(text.len(), |found| begin + found + end.len()))
}

/// The length of a character, if it is one and no lifetime.
fn character(text: &str) -> Option<usize> {
    let mut rest = text.char_indices().skip(1);
    let (_, first) = rest.next()?;
    if first == '\\' {
        return text[2..].char_indices().skip(1).find(|(_, c)| *c == '\'').map(|(end, _)| 2 + end + 1);
    }
    let (end, last) = rest.next()?;
    (last == '\'').then_some(end + 1)
}

/// Lines, from 1, in which the code has a path such as `std::fs` as whole words.
pub(crate) fn lines_with(code: &str, path: &str) -> Vec<usize> {
    let whole = |line: &str| {
        line.match_indices(path).any(|(at, _)| {
            let before = line[..at].bytes().next_back();
            let after = line[at + path.len()..].bytes().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
    };
    code.lines().zip(1..).filter(|(line, _)| whole(line)).map(|(_, number)| number).collect()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[test]
fn comments_and_texts_are_no_code() {
    let text = "a // b\nc /* d /* e */ f */ g \"h \\\" i\" j r#\"k \" l\"# m 'n' '\\'' '\\u{1F}' o<'p> b\"q\" // r";
    let words: Vec<_> = code(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    assert_eq!(words, ["a", "c", "g", "j", "m", "o", "p", "b"]);
    assert_eq!(code(text).lines().count(), 2);
    assert_eq!(code("\"a\nb\" c // d"), "  \n   c     ");
}

#[test]
fn words_are_found_whole() {
    assert_eq!(lines_with("use std::fs;\nstd::fsx\nxstd::fs", "std::fs"), [1]);
    assert_eq!(lines_with("a\nb::Utc::now()", "Utc::now"), [2]);
}
