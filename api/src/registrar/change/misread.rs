//! What a content has and may not have there, in both languages: the parser has only English words for it, some with names of our types.

/// Longest words of a parser that are passed on: they may hold what was given.
const MAX_DETAIL_CHARS: usize = 300;

/// What was found, by the words of the parser, and how it is called in Chinese; the rest of the words is the value itself.
const FOUND: [(&str, &str); 10] = [
    ("integer ", "整数"),
    ("floating point ", "小数"),
    ("string ", "文字"),
    ("boolean ", "是否值"),
    ("character ", "字符"),
    ("null", "空值"),
    ("unit value", "空值"),
    ("sequence", "列表"),
    ("map", "对象"),
    ("newtype variant", "对象"),
];

/// What was expected, in the same way.
const EXPECTED: [(&str, &str); 9] = [
    ("a string", "文字"),
    ("a borrowed string", "文字"),
    ("a boolean", "是否值（true 或 false）"),
    ("a sequence", "列表"),
    ("a map", "对象"),
    ("an object", "对象"),
    ("a value of its list", "可选值之一"),
    ("a character", "一个字符"),
    ("unit", "空值"),
];

/// The words of the parser in Chinese and English, without names of our types, and of bounded length. Values that have a form of their own say what it
/// is in both languages.
pub(super) fn told(words: &str) -> (String, String) {
    let plain = plain(words);
    let (zh, en) = match plain.split_once(" / ") {
        Some((zh, en)) => (zh.to_owned(), en.to_owned()),
        None => (in_chinese(&plain), plain),
    };
    (cut(&zh), cut(&en))
}

fn cut(words: &str) -> String {
    words.chars().take(MAX_DETAIL_CHARS).collect()
}

/// The words without names of our types.
fn plain(words: &str) -> String {
    let mut plain = Vec::new();
    let mut words = words.split(' ').peekable();
    while let Some(word) = words.next() {
        match word {
            "struct" | "enum" | "tuple" => {
                words.next();
                plain.push(if word == "struct" { "an object" } else { "a value of its list" });
            }
            other => plain.push(other),
        }
    }
    plain.join(" ")
}

fn in_chinese(words: &str) -> String {
    if let Some(field) = words.strip_prefix("missing field ") {
        return format!("缺少要素{}", quoted(field));
    }
    if let Some(field) = words.strip_prefix("duplicate field ") {
        return format!("要素{}写了两次", quoted(field));
    }
    if let Some((variant, known)) = words.strip_prefix("unknown variant ").and_then(|rest| rest.rsplit_once(", expected ")) {
        let known = known.strip_prefix("one of ").unwrap_or(known).replace(" or ", ", ");
        let known: Vec<_> = known.split(", ").map(quoted).collect();
        return format!("没有值{}，可用的有{}", quoted(variant), known.join("、"));
    }
    if let Some((found, expected)) = words.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected ")) {
        return format!("这里是{}，应为{}", of_found(found), of_expected(expected));
    }
    if let Some((found, expected)) = words.strip_prefix("invalid value: ").and_then(|rest| rest.rsplit_once(", expected ")) {
        return format!("这里是{}，不在允许的范围内，应为{}", of_found(found), of_expected(expected));
    }
    if words.starts_with("invalid length ") {
        return "列表的项数不对，或此处应为对象".to_owned();
    }
    "请对照 contentSchema 核对".to_owned()
}

fn of_found(found: &str) -> String {
    let known = FOUND.iter().find_map(|(en, zh)| Some((zh, found.strip_prefix(en)?)));
    known.map_or_else(
        || "另一种值".to_owned(),
        |(zh, value)| if value.is_empty() { (*zh).to_owned() } else { format!("{zh}{}", quoted(value)) },
    )
}

fn of_expected(expected: &str) -> String {
    let is_number =
        |word: &str| matches!(word.as_bytes(), [b'u' | b'i', size @ ..] if !size.is_empty() && size.iter().all(u8::is_ascii_digit));
    let known = EXPECTED.iter().find(|(en, _)| expected.starts_with(en)).map(|(_, zh)| *zh);
    let other = match expected {
        "f32" | "f64" => Some("数"),
        whole if is_number(whole) || whole.contains("integer") => Some("整数"),
        _ => None,
    };
    known.or(other).map_or_else(|| "所要求的类型（见 contentSchema）".to_owned(), str::to_owned)
}

/// A word of the parser in the quotation marks of a Chinese text.
fn quoted(word: &str) -> String {
    let bare = |sign: char| word.strip_prefix(sign).and_then(|word| word.strip_suffix(sign));
    format!("“{}”", bare('`').or_else(|| bare('"')).unwrap_or(word))
}

#[cfg(test)]
mod tests {
    use domain::{
        language::assert_each_in_its_language,
        register::{Agency, Content, Guide, Item},
    };
    use serde_json::{Value, json};

    use super::*;

    fn of<C: Content + serde::de::DeserializeOwned + std::fmt::Debug>(value: Value) -> String {
        let (zh, en) = told(&serde_json::from_value::<C>(value).unwrap_err().to_string());
        assert_each_in_its_language(&zh, &en);
        zh
    }

    #[test]
    fn what_the_parser_says_is_told_in_chinese_too() {
        assert_eq!(of::<Agency>(json!({ "name": 7 })), "这里是整数“7”，应为文字");
        assert_eq!(of::<Agency>(json!({ "name": null })), "这里是空值，应为文字");
        assert_eq!(of::<Agency>(json!({ "name": ["甲 the quick brown fox jumps"] })), "这里是列表，应为文字");
        assert_eq!(of::<Agency>(json!({})), "缺少要素“name”");
        assert_eq!(of::<Agency>(json!("the quick brown fox jumps")), "这里是文字“the quick brown fox jumps”，应为对象");
        assert!(
            of::<Item>(json!({ "name": "甲", "type": "PERMIT", "agency": "A1" }))
                .starts_with("没有值“PERMIT”，可用的有“PERMISSION”、“PENALTY”")
        );
        assert!(of::<Item>(json!({ "name": "甲", "type": "PERMISSION", "agency": "a b" })).starts_with("编码应为"));
        assert_eq!(
            of::<Guide>(json!({ "name": "甲", "item": "I1", "agency": "A1", "visits": -1 })),
            "这里是整数“-1”，不在允许的范围内，应为整数"
        );
        assert_eq!(of::<Agency>(json!([])), "列表的项数不对，或此处应为对象");
        assert_eq!(told("something new in a later version of it").0, "请对照 contentSchema 核对");
    }
}
