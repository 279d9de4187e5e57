//! The objects of an export, also where the answer of a service is wrapped around them.

use serde_json::{Map, Value};

use crate::{error::why, reading::Why};

/// A line: its number from 1, and its object or why it is none.
pub(crate) type Parsed = (u32, Result<Map<String, Value>, Why>);

/// Objects within objects that are looked into, at most.
const DEEPEST: usize = 6;

/// The values of an array, counted from 1.
pub(crate) fn numbered(values: Vec<Value>) -> Vec<Parsed> {
    let objects = (1..).zip(values).map(|(number, value)| match value {
        Value::Object(object) => (number, Ok(object)),
        _ => (number, Err(no_object())),
    });
    objects.collect()
}

/// A value that is none.
pub(crate) fn no_object() -> Why {
    malformed(("是另一种值".to_owned(), "it is another value".to_owned()))
}

/// A line that is no object, with what is wrong of it in both languages.
pub(crate) fn malformed((zh, en): (String, String)) -> Why {
    why(
        "JSON_MALFORMED",
        format!("不是完整的JSON对象（{zh}）；请重新导出该行"),
        format!("not a whole JSON object ({en}); export the line again"),
    )
}

/// The lines of `{"code":200,"data":{"rows":[…]}}`: where the only object is no line of a list itself and has one array of objects anywhere in
/// it, the lines are those.
pub(crate) fn unwrapped(parsed: Vec<Parsed>, is_line: impl FnOnce(&Map<String, Value>) -> bool) -> Vec<Parsed> {
    let [(_, Ok(object))] = parsed.as_slice() else { return parsed };
    let mut found = Vec::new();
    object.values().for_each(|value| arrays(value, 1, &mut found));
    match found[..] {
        [rows] if !is_line(object) => numbered(rows.clone()),
        _ => parsed,
    }
}

/// What an object that is no line holds by the hundred, where nobody can tell which of it is the list: the paths of its arrays of objects.
pub(crate) fn arrays_within(parsed: &[Parsed]) -> Vec<String> {
    fn paths(at: &str, value: &Value, depth: usize, found: &mut Vec<String>) {
        match value {
            Value::Array(values) if values.iter().any(Value::is_object) => found.push(at.to_owned()),
            Value::Object(object) if depth < DEEPEST => {
                object.iter().for_each(|(key, value)| paths(&format!("{at}.{key}"), value, depth + 1, found));
            }
            _ => {}
        }
    }
    let [(_, Ok(object))] = parsed else { return Vec::new() };
    let mut found = Vec::new();
    object.iter().for_each(|(key, value)| paths(key, value, 1, &mut found));
    found.truncate(10);
    found
}

/// The arrays of objects within a value, without those within them.
fn arrays<'a>(value: &'a Value, depth: usize, found: &mut Vec<&'a Vec<Value>>) {
    match value {
        Value::Array(values) if values.iter().any(Value::is_object) => found.push(values),
        Value::Object(object) if depth < DEEPEST => object.values().for_each(|value| arrays(value, depth + 1, found)),
        _ => {}
    }
}
