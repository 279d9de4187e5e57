//! Cells that hold several things: numbered ones, and ones between signs.

use domain::value::text;

/// The signs of full width in a text as those of half width: `１０` is 10 and `Ｂ` is B. Only for reading; what is kept is as it is written.
pub(crate) fn narrow(written: &str) -> String {
    let sign = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    written.chars().map(sign).collect()
}

/// Splits at signs outside brackets; parts that are nothing are left out.
pub(crate) fn outside_brackets(cell: &str, signs: &[char]) -> Vec<String> {
    let mut depth = 0_usize;
    let mut out = vec![String::new()];
    for c in cell.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && signs.contains(&c) {
            out.push(String::new());
        } else if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out.into_iter().map(|part| text::name(&part)).filter(|part| text::something(part).is_some()).collect()
}

/// `1.甲   2.乙` into its parts; the numbers must follow on each other from 1, or it is one text.
pub(crate) fn numbered(cell: &str) -> Vec<&str> {
    by_numbers(cell, |rest, next| rest.strip_prefix(&next.to_string()).is_some_and(|rest| rest.starts_with(['.', '．', '、'])))
}

/// The members of an enumeration in any of the ways of counting, without their numbers: `1.甲；2.乙`, `（1）甲（2）乙`, `①甲②乙`.
/// Empty if it is none.
pub(crate) fn enumerated(cell: &str) -> Vec<String> {
    let digits = numbered(cell);
    let bracketed =
        by_numbers(cell, |rest, next| [format!("（{next}）"), format!("({next})")].iter().any(|n| rest.starts_with(n.as_str())));
    let circled = by_numbers(cell, |rest, next| {
        let sign = u32::try_from(next).ok().filter(|n| *n <= 20).and_then(|n| char::from_u32(0x2460 + n - 1));
        sign.is_some_and(|sign| rest.starts_with(sign))
    });
    let Some(parts) = [digits, bracketed, circled].into_iter().find(|parts| parts.len() > 1) else { return Vec::new() };
    // What stands before the first number is said of all of them: it is kept with the first.
    let before = parts.first().and_then(|first| cell.find(first)).map_or("", |at| cell[..at].trim());
    let bare = |part: &str| {
        let part = part.trim_start_matches(|c: char| ('\u{2460}'..='\u{2473}').contains(&c));
        text::name(without_number(part)).trim_end_matches(['；', ';', '。', '，', ',']).to_owned()
    };
    let mut out: Vec<String> = parts.into_iter().map(bare).filter(|part| text::something(part).is_some()).collect();
    if let Some(first) = out.first_mut().filter(|_| !before.is_empty()) {
        *first = format!("{}{first}", text::name(before));
    }
    out
}

fn by_numbers(cell: &str, is_number: impl Fn(&str, usize) -> bool) -> Vec<&str> {
    let mut starts = Vec::new();
    let mut before = None;
    for (i, c) in cell.char_indices() {
        if before.is_none_or(|c: char| !c.is_ascii_digit()) && is_number(&cell[i..], starts.len() + 1) {
            starts.push(i);
        }
        before = Some(c);
    }
    let ends = starts.iter().skip(1).copied().chain([cell.len()]);
    starts.iter().zip(ends).map(|(start, end)| cell[*start..end].trim()).collect()
}

/// A name without the number that it begins with: `1.甲`, `（2）乙`, `3、丙`.
pub(crate) fn without_number(name: &str) -> &str {
    let name = name.trim();
    let inner = name.trim_start_matches(['（', '(']);
    let digits = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() == inner.len() || inner.len() - digits.len() > 3 {
        return name;
    }
    let rest = if inner.len() < name.len() { digits.strip_prefix(['）', ')']) } else { digits.strip_prefix(['.', '．', '、']) };
    rest.map_or(name, str::trim_start)
}

/// A name without the number that it begins with, in any of the ways of counting: `（一）甲`, `一、乙`, `①丙`, `1.丁`. What only looks like one
/// stays: `一次性补贴`, `（2023年）甲`, `12345热线`.
pub(crate) fn without_any_number(name: &str) -> &str {
    let name = name.trim();
    let plain = without_number(name);
    if plain.len() < name.len() {
        // 1.5吨 is a measure.
        let digits = plain.len() - plain.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let is_measure = (1..=2).contains(&digits) && name.strip_suffix(plain).is_some_and(|number| number.ends_with('.'));
        return if is_measure { name } else { plain };
    }
    if let Some(rest) = name.strip_prefix(|c| ('\u{2460}'..='\u{2473}').contains(&c) || ('\u{3220}'..='\u{3229}').contains(&c)) {
        return rest.trim_start_matches(['.', '．', '、']).trim_start();
    }
    let inner = name.strip_prefix(['（', '(']).unwrap_or(name);
    let rest = inner.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
    // At most 九十九.
    if rest.len() == inner.len() || inner.len() - rest.len() > 9 {
        return name;
    }
    let rest = match name.chars().next() {
        Some('（' | '(') => rest.strip_prefix(['）', ')']),
        _ => rest.strip_prefix(['、', '.', '．']),
    };
    rest.map_or(name, |rest| rest.trim_start_matches(['、', '.', '．']).trim_start())
}

/// Whether every bracket has its other half.
pub(crate) fn is_balanced(written: &str) -> bool {
    let mut depth = 0_i32;
    for c in written.chars() {
        depth += match c {
            '（' | '(' => 1,
            '）' | ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enumerations_come_apart_and_other_texts_do_not() {
        assert_eq!(enumerated("1.身份证；2.申请表；3.其他"), ["身份证", "申请表", "其他"]);
        assert_eq!(enumerated("（1）甲（2）乙"), ["甲", "乙"]);
        assert_eq!(enumerated("①甲；②乙。"), ["甲", "乙"]);
        assert_eq!(enumerated("1.身份证\n2.户口簿（1.原件）"), ["身份证", "户口簿（1.原件）"]);
        assert!(enumerated("身份证1.5寸照片").is_empty());
    }

    #[test]
    fn numbers_come_off_in_every_way_of_counting_and_words_with_numbers_stay() {
        for name in ["（一）甲", "(1)甲", "（12）甲", "一、甲", "①甲", "1. 甲", "1、甲", "十二、甲", "㈠甲", "(十)、甲", "1．甲"]
        {
            assert_eq!(without_any_number(name), "甲", "{name}");
        }
        for name in [
            "一次性补贴",
            "三孩生育登记",
            "（2023年）补贴",
            "12345热线",
            "第一类医疗器械备案",
            "（一次性）补贴",
            "二〇二四年补贴",
            "1.5吨锅炉",
        ] {
            assert_eq!(without_any_number(name), name);
        }
    }

    #[test]
    fn partners_keep_what_stands_in_their_brackets() {
        let parts = outside_brackets("省级司法（审核、公开）、市级司法（受理）", &['、']);
        assert_eq!(parts, ["省级司法（审核、公开）", "市级司法（受理）"]);
        assert!(is_balanced("（甲）") && !is_balanced("（甲") && !is_balanced("）（"));
    }
}
