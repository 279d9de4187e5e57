//! Contents as they are given from outside: read strictly, because a field that nobody knows would be lost without a word.

use domain::{
    register::{Content, MAX_CONTENT_BYTES},
    value::text,
};
use serde_json::Value;

use super::{
    Refused,
    given::{Given, Wrong},
};

/// Reads a content; refuses what is of another type, what is missing, and what there is not, with its path.
pub(super) fn read<C: Content>(value: Value) -> Result<C, Refused> {
    let bytes = value.to_string().len();
    if bytes > MAX_CONTENT_BYTES {
        return Err(Refused::content_too_large(bytes));
    }
    if let Some((path, sign)) = unprintable("", &value) {
        let (zh, en) = text::unprintable_words(if path.is_empty() { "content" } else { &path }, sign);
        return Err(Refused::content_invalid(&path, zh, en));
    }
    let mut unknown = None;
    let read: Result<C, _> = serde_ignored::deserialize(Given(value), |path| {
        unknown.get_or_insert_with(|| written(&path));
    });
    let content = read.map_err(|wrong| unreadable(&wrong))?;
    match unknown {
        None => Ok(content),
        Some(path) => {
            let zh = format!("{}没有要素“{path}”；要素名称见 contentSchema", C::REGISTER.zh());
            let en = format!("the content of {} has no field {path:?}: see contentSchema", C::REGISTER);
            Err(Refused::content_invalid(&path, zh, en))
        }
    }
}

/// The first sign in a text that is not shown as what it is, with the path of the text. Lists lose control characters when they are read.
fn unprintable(path: &str, value: &Value) -> Option<(String, char)> {
    match value {
        Value::String(text) => text::unprintable(text).map(|sign| (path.to_owned(), sign)),
        Value::Array(values) => values.iter().enumerate().find_map(|(place, value)| unprintable(&format!("{path}[{place}]"), value)),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match text::unprintable(name) {
                Some(sign) => Some((path.to_owned(), sign)),
                None => unprintable(&below, value),
            }
        }),
        _ => None,
    }
}

/// A path as findings and changes write it: `duties[0].basis`.
fn written(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}[{index}]", written(parent)),
        Path::Map { parent, key } => match written(parent) {
            parent if parent.is_empty() => key.clone(),
            parent => format!("{parent}.{key}"),
        },
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => written(parent),
    }
}

fn unreadable(wrong: &Wrong) -> Refused {
    let field = if wrong.path().is_empty() { "content" } else { wrong.path() };
    let (zh, en) = (format!("{field}：{}", wrong.zh), format!("{field}: {}", wrong.en));
    Refused::content_invalid(wrong.path(), zh, en)
}

#[cfg(test)]
mod tests {
    use domain::register::{Agency, Guide, Item};
    use serde_json::json;

    use super::*;

    fn refused<C: Content>(value: Value) -> (String, String) {
        let refused = read::<C>(value).unwrap_err();
        assert!(refused.code == "CONTENT_INVALID" && !refused.en.contains("struct") && !refused.en.contains("::"), "{refused:?}");
        for foreign in ["expected", "invalid", "missing", "unknown", "struct"] {
            assert!(!refused.zh.contains(foreign), "{refused:?}");
        }
        (refused.field.unwrap(), refused.en)
    }

    #[test]
    fn a_field_that_there_is_not_is_refused_with_its_path() {
        let item =
            json!({ "name": "甲", "type": "PERMISSION", "agency": "A1", "duties": [{ "content": "a" }, { "content": "b", "basys": [] }] });
        assert_eq!(refused::<Item>(item).0, "content.duties[1].basys");
        assert_eq!(refused::<Agency>(json!({ "name": "甲", "nmae": "乙" })).0, "content.nmae");
        assert_eq!(
            refused::<Agency>(json!({ "name": "甲", "openness": { "attribute": "ACTIVE", "why": null } })).0,
            "content.openness.why"
        );
    }

    #[test]
    fn a_value_of_another_type_is_refused_with_its_path() {
        assert_eq!(refused::<Agency>(json!({ "name": 7 })).0, "content.name");
        assert_eq!(refused::<Agency>(json!({ "name": "甲", "shortNames": ["a", 1] })).0, "content.shortNames[1]");
        assert_eq!(refused::<Agency>(json!([])).0, "content");
        assert_eq!(refused::<Guide>(json!("text")).0, "content");
        let (field, words) = refused::<Agency>(json!({ "name": "甲", "parent": "a b" }));
        assert!(field == "content.parent" && words.contains("a code has 1 to 64 characters"), "{field} {words}");
    }

    #[test]
    fn what_is_missing_is_told_by_its_own_place() {
        let item = json!({ "name": "甲", "type": "PERMISSION" });
        assert_eq!(refused::<Item>(item), ("content.agency".into(), "agency: it is missing and cannot be done without: add it".into()));
        assert_eq!(refused::<Agency>(json!({})).0, "content.name");
        let guide = |more: Value| {
            let mut guide = json!({ "name": "甲", "item": "I1", "agency": "A1" });
            guide.as_object_mut().unwrap().append(more.as_object().cloned().as_mut().unwrap());
            refused::<Guide>(guide).0
        };
        assert_eq!(guide(json!({ "promisedLimit": { "amount": 5 } })), "content.promisedLimit.unit");
        assert_eq!(guide(json!({ "fees": [{ "name": "a", "standard": "b" }, { "name": "a" }] })), "content.fees[1].standard");
        assert_eq!(guide(json!({ "complain": [{}] })), "content.complain[0].kind");
        assert_eq!(guide(json!({ "visits": 1.5 })), "content.visits");
        assert_eq!(guide(json!({ "visits": -1 })), "content.visits");
        assert_eq!(guide(json!({ "delivery": "yes" })), "content.delivery");
    }

    #[test]
    fn a_word_that_there_is_not_is_told_with_those_that_there_are() {
        let item = |kind: Value| refused::<Item>(json!({ "name": "甲", "type": kind, "agency": "A1" }));
        let (field, words) = item(json!("NOPE"));
        assert!(field == "content.type" && words.contains("\"NOPE\"") && words.contains("PERMISSION, "), "{words}");
        let (_, words) = item(json!(5));
        assert!(words.contains("the number 5") && words.contains("PERMISSION, "), "{words}");
        let agency = json!({ "name": "甲", "openness": { "attribute": "WHATEVER" } });
        assert_eq!(
            refused::<Agency>(agency).1,
            "openness.attribute: there is no \"WHATEVER\" among its words: ACTIVE, PARTIAL, ON_REQUEST, NOT_DISCLOSED"
        );
    }

    #[test]
    fn a_list_is_no_object() {
        let (field, words) = refused::<Agency>(json!(["某局"]));
        assert_eq!((field.as_str(), words.as_str()), ("content", "content: it is to be an object, not a list"));
        assert_eq!(refused::<Agency>(json!({ "name": "甲", "region": ["990100", "x"] })).0, "content.region");
        let bases = json!({ "name": "甲", "type": "PERMISSION", "agency": "A1", "legalBases": [["法", null]] });
        assert_eq!(refused::<Item>(bases).0, "content.legalBases[0]");
        assert_eq!(refused::<Agency>(json!({ "name": "甲", "openness": null })).0, "content.openness");
    }

    #[test]
    fn signs_that_are_not_shown_as_what_they_are_are_refused_with_their_path() {
        for sign in ['\0', '\u{1}', '\r', '\u{7f}', '\u{85}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}'] {
            assert_eq!(refused::<Agency>(json!({ "name": format!("甲{sign}乙") })).0, "content.name", "{sign:?}");
            let item = json!({ "name": "甲", "type": "PERMISSION", "agency": "A1", "duties": [{ "content": "a" }, { "content": format!("{sign}") }] });
            assert_eq!(refused::<Item>(item).0, "content.duties[1].content", "{sign:?}");
            assert_eq!(refused::<Agency>(json!({ "name": "甲", format!("x{sign}"): 1 })).0, "content");
        }
        let written = json!({ "name": "甲\t乙\n丙𠮷\u{200d}" });
        assert_eq!(read::<Agency>(written).unwrap().name, "甲\t乙\n丙𠮷\u{200d}");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let guide = Guide::new("居住证办理", "I1".parse().unwrap(), "A1".parse().unwrap());
        assert_eq!(read::<Guide>(serde_json::to_value(&guide).unwrap()).unwrap(), guide);
    }
}
