//! One step per schema number, each from the form before it. A step once released is never changed.

use serde_json::Value;

/// Lifts a payload from an older schema to a newer one, step by step.
pub(super) fn lift(verb: &str, from: u32, to: u32, payload: Value) -> Value {
    (from..to).fold(payload, |payload, schema| step(verb, schema, payload))
}

fn step(verb: &str, schema: u32, payload: Value) -> Value {
    match (verb, schema) {
        ("repealed", 1) => repealed_1(payload),
        // Served, 1 → 2: a receipt of what no rule gives a time has none; older ones have one each, and nothing is to be done.
        // Repealed, 2 → 3: who gave it is kept; of older ones it is not known, and nothing is to be done.
        _ => payload,
    }
}

/// 1 → 2: the document of a repeal is called by its name in the contract.
fn repealed_1(mut payload: Value) -> Value {
    if let Some(fields) = payload.as_object_mut()
        && let Some(document) = fields.remove("document")
    {
        fields.insert("documentNumber".to_owned(), document);
    }
    payload
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn steps_follow_each_other_and_leave_alone_what_is_not_theirs() {
        assert_eq!(lift("repealed", 1, 2, json!({"document": "d", "reason": "r"})), json!({"documentNumber": "d", "reason": "r"}));
        assert_eq!(lift("repealed", 1, 2, json!({"reason": "r"})), json!({"reason": "r"}));
        assert_eq!(lift("repealed", 1, 2, json!([])), json!([]));
        assert_eq!(lift("adopted", 1, 1, json!({"document": "d"})), json!({"document": "d"}));
    }
}
