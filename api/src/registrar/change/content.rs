//! Contents as they are given from outside: read strictly, because a field that nobody knows would be lost without a word.

use domain::{
    register::{Content, MAX_CONTENT_BYTES},
    value::text,
};
use serde_json::Value;
use serde_path_to_error::Track;

use super::{Refused, misread};

/// Reads a content; refuses what is of another type, what is missing, and what there is not, with its path.
pub(super) fn read<C: Content>(value: Value) -> Result<C, Refused> {
    let bytes = serde_json::to_vec(&value).map_err(|error| unreadable("", &error))?.len();
    if bytes > MAX_CONTENT_BYTES {
        return Err(Refused::content_too_large(bytes));
    }
    if let Some((path, sign)) = unprintable("", &value) {
        let (zh, en) = text::unprintable_words(if path.is_empty() { "content" } else { &path }, sign);
        return Err(Refused::content_invalid(&path, zh, en));
    }
    let mut track = Track::new();
    let mut unknown = None;
    let tracked = serde_path_to_error::Deserializer::new(value, &mut track);
    let read: Result<C, _> = serde_ignored::deserialize(tracked, |path| {
        unknown.get_or_insert_with(|| written(&path));
    });
    let content = match read {
        Ok(content) => content,
        Err(error) => return Err(unreadable(&track.path().to_string(), &error)),
    };
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

fn unreadable(path: &str, error: &serde_json::Error) -> Refused {
    let path = if path == "." { "" } else { path };
    let field = if path.is_empty() { "content" } else { path };
    let (zh, en) = misread::told(&error.to_string());
    Refused::content_invalid(path, format!("{field}的值不符合要求：{zh}"), format!("the value of {field} is not what it has to be: {en}"))
}

#[cfg(test)]
mod tests {
    use domain::register::{Agency, Guide, Item};
    use serde_json::json;

    use super::*;

    fn refused<C: Content>(value: Value) -> (String, String) {
        let refused = read::<C>(value).unwrap_err();
        assert!(refused.code == "CONTENT_INVALID" && !refused.en.contains("struct") && !refused.en.contains("::"), "{refused:?}");
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
        assert!(refused::<Agency>(json!({})).1.contains("`name`"));
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
