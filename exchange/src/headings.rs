//! What headings mean: the words that cities use, each with its field.

use std::{collections::HashMap, sync::LazyLock};

use domain::value::text;

use crate::{brackets::inside_brackets, field::Field as F, words::WORDS};

/// Words for an office within a body.
const OFFICES: [&str; 7] = ["科室", "处室", "股室", "内设机构", "责任科室", "责任处室", "承办科室"];

/// How sure a meaning is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sureness {
    /// A known word is part of it.
    Contains,
    /// It is a known word, or the caller said so.
    Exact,
}

static EXACT: LazyLock<HashMap<String, F>> = LazyLock::new(|| {
    let words = WORDS.iter().flat_map(|(field, words)| words.iter().map(|word| (plain(word), *field)));
    // The first field that has a word keeps it.
    let mut map = HashMap::new();
    for (word, field) in words {
        map.entry(word).or_insert(field);
    }
    map
});

/// The words that are long enough to be looked for within a heading, the longest first.
static PARTS: LazyLock<Vec<(&str, usize, F)>> = LazyLock::new(|| {
    let all = EXACT.iter().map(|(word, field)| (word.as_str(), word.chars().count(), *field));
    let mut parts: Vec<_> = all.filter(|(_, length, _)| *length >= 3).collect();
    parts.sort_by(|a, b| b.1.cmp(&a.1).then(a.2.cmp(&b.2)).then(a.0.cmp(b.0)));
    parts
});

/// Headings as they are compared: folded, without signs.
pub(crate) fn plain(heading: &str) -> String {
    text::fold(heading).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A heading without what stands in brackets: `实施主体（责任单位）`.
fn without_brackets(heading: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in text::fold(heading).chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// What a heading means, if a word for it is known.
pub(crate) fn meaning(heading: &str, map: &[(String, F)]) -> Option<(F, Sureness)> {
    exact(heading, map).map(|field| (field, Sureness::Exact)).or_else(|| contained(heading).map(|field| (field, Sureness::Contains)))
}

/// What a heading means that is itself a known word.
pub(crate) fn exact(heading: &str, map: &[(String, F)]) -> Option<F> {
    // Most cells of a table are long texts: they are told apart before anything is folded.
    if heading.len() > 240 {
        return None;
    }
    let whole = plain(heading);
    if whole.is_empty() || whole.chars().count() > 40 {
        return None;
    }
    if let Some((_, field)) = map.iter().find(|(said, _)| plain(said) == whole) {
        return Some(*field);
    }
    EXACT.get(&whole).copied().or_else(|| {
        let bracketed = heading.contains(['（', '(', '[', '【', '〔', '［']);
        // 责任主体（科室）: the brackets say that it is an office of the body.
        if bracketed && inside_brackets(heading).iter().any(|part| OFFICES.contains(&plain(part).as_str())) {
            return Some(F::Office);
        }
        let outside = plain(&without_brackets(heading));
        bracketed.then(|| EXACT.get(&outside).copied()).flatten().or_else(|| limit_in_group(&outside))
    })
}

/// `办理时限` + `法定`: under a group of limits, the second word alone says which of them it is.
fn limit_in_group(heading: &str) -> Option<F> {
    let (group, field) = [("法定", F::StatutoryLimit), ("承诺", F::PromisedLimit)].into_iter().find_map(|(word, field)| {
        let group = heading.strip_suffix(word).or_else(|| heading.strip_prefix(word))?;
        Some((group, field))
    })?;
    let of_limits = matches!(group, "时限" | "期限") || EXACT.get(group) == Some(&F::PromisedLimit);
    of_limits.then_some(field)
}

/// What a heading means that holds a known word.
fn contained(heading: &str) -> Option<F> {
    if heading.len() > 240 {
        return None;
    }
    let outside = plain(&without_brackets(heading));
    // Longer than a heading is: a sentence that happens to hold such a word.
    if outside.chars().count() > 16 {
        return None;
    }
    let (_, length, _) = PARTS.iter().find(|(word, ..)| outside.contains(word))?;
    // Of words of the same length, the last in the heading says what it is: 责任事项+依据.
    let same = PARTS.iter().filter(|(_, other, _)| other == length).filter_map(|(word, _, field)| Some((outside.rfind(word)?, *field)));
    same.max_by_key(|(at, field)| (*at, std::cmp::Reverse(*field))).map(|(_, field)| field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(heading: &str) -> Option<F> {
        meaning(heading, &[]).map(|(field, _)| field)
    }

    #[test]
    fn headings_are_known_by_their_meaning() {
        for (heading, expected) in [
            ("事项\n名称", F::Name),
            ("行政职权名称", F::Name),
            ("职权类别", F::Type),
            ("权力类型（十大类）", F::Type),
            ("追责对\n象范围", F::Accountable),
            ("实施机关", F::Agency),
            ("实施主体（责任单位）", F::Agency),
            ("职权编码", F::Code),
            ("设定依据", F::LegalBasis),
            ("责任事项依据", F::DutyBasis),
            ("法定办结时限（工作日）", F::StatutoryLimit),
            ("行政权力事项名称", F::Name),
            ("市级行使层级", F::Level),
            ("统一社会信用代码", F::CreditCode),
            ("救助渠道", F::Remedies),
            ("责任主体（科室）", F::Office),
            ("追责依据", F::AccountabilityBasis),
            ("追责情形及依据", F::Accountability),
            ("办结时限法定", F::StatutoryLimit),
            ("办理时限（工作日）承诺", F::PromisedLimit),
            ("办理时限法定时限", F::StatutoryLimit),
        ] {
            assert_eq!(field(heading), Some(expected), "{heading}");
        }
    }

    #[test]
    fn sentences_are_no_headings_and_the_caller_may_know_better() {
        assert_eq!(field("对未经批准擅自实施责任事项依据的行为予以行政处罚等"), None);
        assert_eq!(field("2024"), None);
        let map = [("分管领导".to_owned(), F::Ignored), ("备注".to_owned(), F::Level)];
        assert_eq!(meaning("分管 领导", &map), Some((F::Ignored, Sureness::Exact)));
        assert_eq!(meaning("备注", &map), Some((F::Level, Sureness::Exact)));
    }
}
