//! What stands before the words of a basis: its number in the cell, its tag, who issued it, its title, and brackets after it.

use super::article::article;
use crate::value::text;

/// Longest title of a law that is believed; a longer run between marks is text.
const TITLE_MAX: usize = 120;
/// Bytes of a head that are believed, with what follows it.
const NEAR: usize = 1_500;
/// Bytes of a bracket that is never closed that are believed.
const UNCLOSED_MAX: usize = 400;
/// Bytes of a tag or category word that are believed.
const TAG_MAX: usize = 48;
/// Marks around the tag of a kind of law.
const TAGS: [(char, char); 5] = [('【', '】'), ('[', ']'), ('［', '］'), ('〔', '〕'), ('〖', '〗')];

/// The head of a basis.
#[derive(Debug)]
pub(super) struct Head<'a> {
    /// Whether the basis is numbered: `1.`, `（一）`, `①`.
    pub numbered: bool,
    pub category: Option<String>,
    /// What stands between the tag and the title: who issued it, when, under which number.
    pub before: Option<&'a str>,
    pub title: String,
    /// What the brackets after the title hold.
    pub brackets: Vec<String>,
    pub rest: &'a str,
    /// Whether the tag and the marks of the title were whole.
    pub clean: bool,
}

impl<'a> Head<'a> {
    /// The head of a text that is one basis. `None` if there is no title in it.
    pub fn read(text: &'a str) -> Option<Self> {
        Self::plain(text).or_else(|| Self::damaged(text))
    }

    /// A head in one of the usual forms: number, tag and title, nothing else.
    pub fn plain(text: &'a str) -> Option<Self> {
        let tagged = Tagged::read(text);
        let (title, after) = title(tagged.rest)?;
        tagged.with(title, None, after, true)
    }

    /// A tag before anything else in which a title can be told.
    fn damaged(text: &'a str) -> Option<Self> {
        let tagged = Tagged::read(text);
        tagged.category.as_ref()?;
        let rest = tagged.rest;
        let line = first_line(rest);
        if let Some(inner) = rest.strip_prefix("<<") {
            let close = line.find(">>")?;
            return tagged.with(text::name(&inner[..close - 2]), None, &rest[close + 2..], false);
        }
        if let Some(open) = line.find('《') {
            // 【规范性文件】自治区财政厅《…》(新财综…)
            if let Some((found, after)) = title(&rest[open..]) {
                let before = Some(rest[..open].trim()).filter(|before| !before.is_empty());
                return tagged.with(found, before, after, false);
            }
        }
        // 【规章】药品…办法》, （禁止…规定》, 《…办法（2021年…）: a mark is missing or wrong.
        let marks = ['（', '(', '<', '〈', '《'];
        let start = rest.trim_start_matches(marks);
        let line = first_line(start);
        let (found, after) = match line.find('》') {
            Some(close) => (&start[..close], &start[close + '》'.len_utf8()..]),
            None => start.split_at(line.find(['（', '(']).unwrap_or(line.len())),
        };
        let title = text::name(found);
        let closed = line.contains('》');
        (closed || names_a_law(&title)).then(|| tagged.with(title, None, after, false)).flatten()
    }

    /// Whether brackets after the title tell of its promulgation, or an article follows: a basis and no mention of a name.
    pub fn tells(&self) -> bool {
        article(self.rest).is_some() || self.brackets.iter().any(|inner| promulgates(inner))
    }
}

/// A text after the number and the tags before a title.
struct Tagged<'a> {
    numbered: bool,
    category: Option<String>,
    clean: bool,
    rest: &'a str,
}

impl<'a> Tagged<'a> {
    fn read(text: &'a str) -> Self {
        let rest = without_number(text);
        let mut tagged = Tagged { numbered: rest.len() < text.len(), category: None, clean: true, rest };
        while let Some((tag, whole, after)) = leading_tag(tagged.rest) {
            tagged.clean &= tagged.category.is_none() && whole;
            tagged.category = match tagged.category.take() {
                Some(first) if first != tag => Some(format!("{first}、{tag}")),
                _ => Some(tag),
            };
            tagged.rest = after.trim_start();
        }
        if tagged.category.is_none()
            && let Some((word, after)) = category_word(rest)
        {
            (tagged.category, tagged.rest) = (Some(word), after);
        }
        tagged
    }

    fn with(self, title: String, before: Option<&'a str>, after: &'a str, clean: bool) -> Option<Head<'a>> {
        if title.is_empty() || title.chars().count() > TITLE_MAX {
            return None;
        }
        let (brackets, rest) = brackets(after);
        let Self { numbered, category, .. } = self;
        Some(Head { numbered, category, before, title, brackets, rest, clean: self.clean && clean })
    }
}

/// `1.`, `2、`, `（三）`, `四、`, `⑤` at the start taken off, where a tag, a category word or a title follows.
fn without_number(text: &str) -> &str {
    let inner = text.strip_prefix(['（', '(']);
    let counted = inner.unwrap_or(text);
    let numeral = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c) || "一二三四五六七八九十".contains(c);
    let after = counted.trim_start_matches(numeral);
    let digits = counted[..counted.len() - after.len()].chars().count();
    let rest = if text.starts_with(circled) {
        text.strip_prefix(circled).map(|rest| rest.trim_start_matches(['、', '.', '．']))
    } else if digits == 0 || digits > 3 {
        None
    } else if inner.is_some() {
        after.strip_prefix(['）', ')']).map(|rest| rest.trim_start_matches(['、', '.', '．']))
    } else {
        after.strip_prefix(['、', '.', '．', '）', ')', '，', ' '])
    };
    let Some(rest) = rest.map(str::trim_start) else { return text };
    let opens = rest.starts_with('《') || leading_tag(rest).is_some_and(|(_, whole, _)| whole) || category_word(rest).is_some();
    if opens { rest } else { text }
}

fn circled(c: char) -> bool {
    ('①'..='⑳').contains(&c) || ('⑴'..='⒇').contains(&c) || ('⒈'..='⒛').contains(&c) || ('㈠'..='㈩').contains(&c)
}

/// `【法律】` at the start, or `法律】` with its opening mark lost: the tag, whether it was whole, and what follows it.
pub(super) fn leading_tag(text: &str) -> Option<(String, bool, &str)> {
    let marks = TAGS.iter().find(|(open, _)| text.starts_with(*open));
    let (open, close) = marks.copied().unwrap_or(TAGS[0]);
    let inner = text.strip_prefix(open).unwrap_or(text);
    let end = start(inner, TAG_MAX + 1).find(close)?;
    let tag = text::squash(&inner[..end]);
    // `甲。【法律】`: the closing mark is that of a tag further on.
    let word = !tag.contains(['【', '《', '》', '（', '。', '；', '：', '，', '.']);
    (word && is_kind_of_law(&tag)).then(|| (tag, marks.is_some(), &inner[end + close.len_utf8()..]))
}

/// `法律：《…》`: the word, and the text from its title on.
fn category_word(text: &str) -> Option<(String, &str)> {
    let (word, _) = first_line(start(text, TAG_MAX + 1)).split_once(['：', ':'])?;
    let colon = text[word.len()..].chars().next().map_or(0, char::len_utf8);
    let rest = text[word.len() + colon..].trim_start();
    let word = text::squash(word);
    (rest.starts_with('《') && is_kind_of_law(&word) && !word.contains(['《', '》', '【', '】', '，', '。', '；'])).then_some((word, rest))
}

fn is_kind_of_law(tag: &str) -> bool {
    let ends = ["法律", "法规", "规章", "文件", "决定", "标准", "令", "条约", "解释", "规定", "办法", "政策", "宪法"];
    tag.chars().count() <= 12 && ends.iter().any(|end| tag.ends_with(end))
}

fn names_a_law(title: &str) -> bool {
    let ends = ["法", "条例", "规定", "办法", "细则", "通知", "意见", "决定", "批复", "规则", "标准", "方案", "公告", "规程", "目录"];
    title.chars().count() > 2 && !title.contains(['。', '；', '：']) && ends.iter().any(|end| title.ends_with(end))
}

/// `《…》` at the start, marks within it balanced: the title on one line and what follows it.
pub(super) fn title(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('《')?;
    let mut depth = 1;
    for (i, c) in inner.char_indices() {
        match c {
            '《' => depth += 1,
            '》' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let after = &inner[i + c.len_utf8()..];
            // 《报废机动车回收管理办法》》: a mark too many.
            return Some((text::name(&inner[..i]), after.trim_start_matches('》')));
        }
        if i > TITLE_MAX * 4 {
            break;
        }
    }
    // An inner mark was never closed: the first closing mark ends the title.
    let close = inner.find('》')?;
    Some((text::name(&inner[..close]), &inner[close + '》'.len_utf8()..]))
}

/// All brackets that follow a title, and what follows them. The first is always the title's; a further one may be an item of
/// the article, so it must tell of the promulgation.
fn brackets(after: &str) -> (Vec<String>, &str) {
    let mut found = Vec::new();
    let mut rest = after.trim_start();
    let mut first = true;
    while let Some((inner, after)) = bracketed(rest) {
        let item = matches!(inner.trim(), "一" | "二" | "三" | "四" | "五" | "六" | "七" | "八" | "九" | "十");
        if !first && !promulgates(inner) || item {
            break;
        }
        first = false;
        let inner = text::name(inner);
        found.extend(text::something(&inner).map(str::to_owned));
        rest = after.trim_start();
    }
    (found, rest)
}

/// `（…）` or `(…)` at the start, mixed widths and nesting allowed: what it holds, and what follows it.
pub(super) fn bracketed(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix(['（', '('])?;
    if let Some(close) = closing(inner) {
        return Some((&inner[..close], after_char(inner, close)));
    }
    // ((1997年…) or (（…）: the opening mark is there twice.
    if let Some(twice) = inner.strip_prefix(['（', '('])
        && let Some(close) = closing(twice)
    {
        return Some((&twice[..close], after_char(twice, close)));
    }
    // Never closed: the line, if it tells of nothing but the promulgation.
    let line = first_line(inner);
    let whole = line.len() <= UNCLOSED_MAX && promulgates(line) && !line.contains(['）', ')', '：', ':']);
    whole.then(|| inner.split_at(line.len()))
}

/// Where the bracket that is open at the start is closed. Nobody writes many within each other: those are never closed.
fn closing(inner: &str) -> Option<usize> {
    const MAX_DEPTH: u32 = 32;
    let mut depth = 1_u32;
    for (i, c) in inner.char_indices() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(i);
        }
        if depth > MAX_DEPTH {
            break;
        }
    }
    None
}

fn after_char(text: &str, at: usize) -> &str {
    let mut chars = text[at..].chars();
    chars.next();
    chars.as_str()
}

/// Whether a bracket tells when, by whom or under which number a law was issued.
fn promulgates(inner: &str) -> bool {
    let counted = inner.chars().any(|c| c.is_ascii_digit() || "〇零一二三四五六七八九十".contains(c));
    let words = ["试行", "暂行", "修订", "修正"];
    counted && inner.contains(['年', '号', '令']) || words.iter().any(|word| inner.contains(word))
}

/// The beginning of a text of so many bytes and no more than the rest of a character.
fn start(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    &text[..end]
}

/// What is looked at from one place of a cell: no head is believed that is longer.
pub(super) fn near(text: &str) -> &str {
    let near = start(text, NEAR);
    #[cfg(test)]
    LOOKED_AT.with(|bytes| bytes.set(bytes.get() + near.len()));
    near
}

#[cfg(test)]
thread_local! {
    /// Bytes that heads were looked for in.
    pub(super) static LOOKED_AT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

pub(super) fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
