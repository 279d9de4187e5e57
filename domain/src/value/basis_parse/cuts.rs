//! Where one basis of a cell ends and the next begins.

use super::{
    article::article,
    first_line, goes_on,
    head::{Head, bracketed, leading_tag, title},
    near,
};

/// Signs and words between two laws that are cited without their words.
const BETWEEN: [char; 13] = ['；', ';', '、', '。', '，', ',', '和', '及', '与', ' ', '\u{3000}', '\n', '\t'];
/// Bytes of a quotation that are believed; a longer one was never closed.
const QUOTE_MAX: usize = 1_200;

/// Cuts a cell before every basis in it.
pub(super) fn blocks(cell: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = cell;
    while !rest.is_empty() {
        let (end, next) = end(rest);
        out.push(&rest[..end]);
        rest = &rest[next..];
    }
    out
}

/// Where the basis at the start ends, and where the next begins: signs and words between two citations belong to neither.
fn end(text: &str) -> (usize, usize) {
    let mut from = 0;
    // A citation and a further one: `《甲》第一条、《乙》第二条`.
    let start = near(text);
    if let Some(head) = Head::plain(start) {
        let cited = article(head.rest).map_or(head.rest, |(_, after)| after);
        from = start.len() - cited.len();
        let next = near(&text[from..]).trim_start_matches(BETWEEN);
        let at = from + near(&text[from..]).len() - next.len();
        if Head::plain(near(&text[at..])).is_some_and(|next| chains(&next)) {
            return (from, at);
        }
    } else if leading_tag(text).is_some() {
        // A tag without a title that can be told keeps its line, other tags and all.
        from = first_tags(text);
    }
    let mut i = from.max(text.chars().next().map_or(0, char::len_utf8));
    while i < text.len() {
        // A cell may hold 32,767 brackets that are never closed: from no place is more of it looked at than a head may be long.
        let here = near(&text[i..]);
        if begins(&text[..i], here) {
            return (i, i);
        }
        i += skipped(here);
    }
    (text.len(), text.len())
}

/// Bytes of the tags at the start.
fn first_tags(text: &str) -> usize {
    let mut rest = text;
    while let Some((_, _, after)) = leading_tag(rest) {
        rest = after.trim_start();
    }
    text.len() - rest.len()
}

/// Bytes in which nothing begins: a title, a bracket, a quotation, else one character.
fn skipped(here: &str) -> usize {
    if let Some(after) = here.strip_prefix('“')
        && let Some(close) = after.find('”').filter(|close| *close <= QUOTE_MAX)
    {
        return '“'.len_utf8() + close + '”'.len_utf8();
    }
    let line = first_line(here);
    let after = title(line).map(|(_, after)| after).or_else(|| bracketed(line).map(|(_, after)| after));
    after.map_or_else(|| here.chars().next().map_or(1, char::len_utf8), |after| line.len() - after.len())
}

/// Whether a basis begins here.
fn begins(before: &str, here: &str) -> bool {
    if leading_tag(here).is_some_and(|(_, whole, after)| whole && (here.starts_with('【') || after.trim_start().starts_with('《'))) {
        return true;
    }
    if here.starts_with(char::is_whitespace) {
        return false;
    }
    let spaced = before.trim_end_matches([' ', '\u{3000}', '\t']);
    let line = spaced.is_empty() || spaced.ends_with('\n');
    let sign = spaced.chars().next_back().filter(|c| "。；;、，,）)".contains(*c));
    if !line && sign.is_none() && spaced.len() == before.len() {
        return false;
    }
    let Some(head) = Head::plain(here) else { return false };
    if line {
        return opens_line(&head);
    }
    match sign {
        Some('。' | '；' | ';') => cites(&head, true),
        Some(_) => cites(&head, false),
        // Only space before it: `甲 2.《乙》第一条：…`.
        None => head.numbered && cites(&head, true),
    }
}

/// Whether a head at the beginning of a line is one of a basis; a quotation within an article goes on as a sentence.
fn opens_line(head: &Head<'_>) -> bool {
    if let Some((_, after)) = article(head.rest) {
        return !goes_on(after);
    }
    let empty = first_line(head.rest).is_empty();
    let tagged = head.category.is_some();
    // A number before a name may be one of a list in an article: `（三）《营业执照》（副本）`.
    if head.numbered && !tagged { head.tells() } else { tagged || empty || !head.brackets.is_empty() }
}

/// Whether a head right after another citation is one more.
fn chains(head: &Head<'_>) -> bool {
    if let Some((_, after)) = article(head.rest) {
        return !goes_on(after);
    }
    head.category.is_some() || head.rest.is_empty() || head.rest.starts_with(['；', ';', '、', '。', '，', '\n', '：']) || head.tells()
}

/// Whether a head within text cites: its article is followed by its words or by nothing, not by the rest of a sentence. After a
/// comma, where mentions stand more often, its words must follow.
fn cites(head: &Head<'_>, sentence: bool) -> bool {
    let Some((_, after)) = article(head.rest) else {
        return head.category.is_some() && head.tells();
    };
    let after = after.strip_prefix("规定").filter(|after| after.starts_with(['：', ':'])).unwrap_or(after);
    if after.starts_with(['：', ':']) {
        return true;
    }
    let spaced = after.trim_start_matches([' ', '\u{3000}']);
    let apart = after.len() > spaced.len() && !spaced.starts_with(['的', '规']);
    sentence && (apart || spaced.is_empty() || spaced.starts_with(['；', ';', '。', '\n']) || spaced.starts_with("、《"))
}
