//! Values in the words of people: codes of lists in Chinese, limits and amounts as they are spoken.

use domain::{
    register::{code_word, label},
    value::{Money, TimeLimit},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A value in one run of words. `None` for an object or a list that needs lines of its own.
pub fn spoken(path: &str, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(code_word(path, text).unwrap_or_else(|| text.clone())),
        Value::Bool(true) => Some("是".to_owned()),
        Value::Bool(false) => Some("否".to_owned()),
        Value::Object(fields) => {
            let has = |names: &[&str]| fields.len() <= names.len() && fields.keys().all(|name| names.contains(&name.as_str()));
            let text = |name: &str| fields.get(name).and_then(Value::as_str);
            if has(&["amount", "unit"]) {
                read::<TimeLimit>(value).map(|limit| limit.to_string())
            } else if has(&["fen", "per"]) {
                read::<Money>(value).map(|money| money.to_string())
            } else if has(&["code", "name"]) {
                // A division 行政区划.
                text("code").map(|code| [Some(code), text("name")].into_iter().flatten().collect::<Vec<_>>().join(" "))
            } else {
                None
            }
        }
        Value::Array(_) => None,
        other => Some(other.to_string()),
    }
}

/// A value in few words, whatever it is: its fields and places one after the other.
pub fn brief(path: &str, value: &Value) -> String {
    spoken(path, value).unwrap_or_else(|| match value {
        Value::Object(fields) => {
            let told = fields.iter().map(|(name, value)| format!("{}：{}", label(name), brief(&below(path, name), value)));
            told.collect::<Vec<_>>().join("；")
        }
        Value::Array(values) => values.iter().map(|value| brief(path, value)).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    })
}

/// The path of a field.
pub fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_needs_lines_of_its_own_is_told_in_one_run_where_there_is_one() {
        let material = json!({ "forms": ["PAPER", "ELECTRONIC"], "necessity": "LATER" });
        assert_eq!(brief("materials[3]", &material), "材料形式：纸质、电子化；材料必要性：容缺后补");
    }

    #[test]
    fn values_are_spoken() {
        for (path, value, words) in [
            ("type", json!("PERMISSION"), "行政许可"),
            ("name", json!("PERMISSION"), "PERMISSION"),
            ("statutoryLimit", json!({ "amount": 20, "unit": "WORKING_DAY" }), "20个工作日"),
            ("promisedLimit", json!({ "amount": 0, "unit": "IMMEDIATE" }), "即办"),
            ("fees[0].amount", json!({ "fen": 1050, "per": "本" }), "10.50元/本"),
            ("region", json!({ "code": "990100", "name": "东海市" }), "990100 东海市"),
            ("delivery", json!(true), "是"),
            ("visits", json!(1), "1"),
        ] {
            assert_eq!(spoken(path, &value).as_deref(), Some(words), "{path}");
        }
        assert_eq!(spoken("materials", &json!([1])), None);
        assert_eq!(spoken("legalBases[0]", &json!({ "title": "甲法", "article": "第一条" })), None);
    }
}
