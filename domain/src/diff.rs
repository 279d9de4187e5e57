//! Field-level changes between two contents.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::register::label;

/// A field that changed, with what it said before and says after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// Path in the content, e.g. `materials[2].copies`; places in lists count from 0.
    pub path: String,
    /// The path in Chinese; places in lists count from 1.
    pub label: String,
    /// What it said; `None` if the field is new.
    pub before: Option<Value>,
    /// What it says; `None` if the field is gone.
    pub after: Option<Value>,
}

/// The changes that lead from one content to another. Lists are compared place by place, but one that only grew or shrank
/// in the middle is compared from both ends, so that an insertion reads as one.
pub fn changes(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut out = Vec::new();
    compare(String::new(), Some(before), Some(after), &mut out);
    out
}

fn compare(path: String, before: Option<&Value>, after: Option<&Value>, out: &mut Vec<FieldChange>) {
    match (before, after) {
        (a, b) if a == b => {}
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let mut names: Vec<_> = a.keys().chain(b.keys()).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compare(below, a.get(name), b.get(name), out);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => compare_lists(&path, a, b, out),
        (a, b) => {
            let label = label(&path);
            out.push(FieldChange { path, label, before: a.cloned(), after: b.cloned() });
        }
    }
}

fn compare_lists(path: &str, before: &[Value], after: &[Value], out: &mut Vec<FieldChange>) {
    let same_start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (before_rest, after_rest) = (&before[same_start..], &after[same_start..]);
    let same_end = before_rest.iter().rev().zip(after_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let before_middle = &before_rest[..before_rest.len() - same_end];
    let after_middle = &after_rest[..after_rest.len() - same_end];
    for i in 0..before_middle.len().max(after_middle.len()) {
        compare(format!("{path}[{}]", same_start + i), before_middle.get(i), after_middle.get(i), out);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(before: &Value, after: &Value) -> Vec<String> {
        changes(before, after).into_iter().map(|c| c.path).collect()
    }

    #[test]
    fn a_changed_added_and_removed_field_is_told() {
        let before = json!({"name": "a", "fee": {"amount": 1}, "old": 1});
        let after = json!({"name": "a", "fee": {"amount": 2}, "new": 1});
        assert_eq!(paths(&before, &after), ["fee.amount", "new", "old"]);
        let first = &changes(&before, &after)[0];
        assert_eq!((first.before.clone(), first.after.clone()), (Some(json!(1)), Some(json!(2))));
    }

    #[test]
    fn an_insertion_into_a_list_is_one_change() {
        assert_eq!(paths(&json!({"l": [1, 2, 3]}), &json!({"l": [1, 9, 2, 3]})), ["l[1]"]);
        assert_eq!(paths(&json!({"l": [1, 2]}), &json!({"l": [1]})), ["l[1]"]);
        assert_eq!(paths(&json!([]), &json!([])), [""; 0]);
    }
}
