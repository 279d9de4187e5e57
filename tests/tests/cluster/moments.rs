//! Another moment, asked of any node: with the journal in a cluster and the views in a Redis the answers are those of one machine (Art. 10(2)).

use std::{fs, path::Path};

use api::app::system_clock;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::send_with;

const AGENCY: &str = "1199010040310236XL";

/// What a node answers at or after a position.
fn ask(node: &str, position: &str, query: &str) -> Value {
    let more = if position.is_empty() { String::new() } else { format!("tongyuan-position: {position}\r\n") };
    let (status, said) = send_with(node, ("POST", "/graphql"), &more, &json!({ "query": query }).to_string());
    let said: Value = serde_json::from_str(&said).unwrap();
    assert!(status == 200 && said["errors"].is_null(), "{query} {said}");
    said["data"]["registry"].clone()
}

/// An item from its draft to its approval, at a node that takes changes; returns its code and the position of the approval.
fn approved(node: &str, keys: &Path, begins: DateTime<Utc>) -> (String, String) {
    let step = |office: &str, verb: &str, kind: &str, more: Value| {
        let mut input = json!({ "register": "ITEM", "commandId": Uuid::new_v5(&Uuid::NAMESPACE_OID, verb.as_bytes()) });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let query = format!(
            "mutation($input: {kind}!) {{ {verb}(input: $input) {{ status refusal {{ code message }} position entry {{ code streamVersion draft {{ contentHash }} }} }} }}"
        );
        let token = fs::read_to_string(keys.join(office)).unwrap();
        let body = json!({ "query": query, "variables": { "input": input } }).to_string();
        let (_, said) = send_with(node, ("POST", "/graphql"), &format!("authorization: Bearer {token}\r\n"), &body);
        let said: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said["data"][verb]["status"], "APPLIED", "{said}");
        said["data"][verb].clone()
    };
    let content = json!({ "name": "夜间自习室预约", "type": "PUBLIC_SERVICE", "level": "CITY", "agency": AGENCY });
    let drafted = step("drafter", "draft", "DraftInput", json!({ "content": content }));
    let (code, hash) = (&drafted["entry"]["code"], &drafted["entry"]["draft"]["contentHash"]);
    let of = |said: &Value| json!({ "code": code, "expectedVersion": said["entry"]["streamVersion"] });
    let submitted = step("drafter", "submit", "StepInput", of(&drafted));
    let mut input = of(&submitted);
    input["contentHash"] = hash.clone();
    let reviewed = step("reviewer", "review", "ReviewInput", input.clone());
    input["expectedVersion"] = reviewed["entry"]["streamVersion"].clone();
    input["documentNumber"] = "临政公〔2026〕12号".into();
    input["effectiveFrom"] = begins.to_rfc3339_opts(SecondsFormat::Secs, true).into();
    let approved = step("approver", "approve", "ApproveInput", input);
    (code.as_str().unwrap().to_owned(), approved["position"].as_str().unwrap().to_owned())
}

/// An item that is approved for a day to come is announced by each node and not there yet; there on its day; and as known before, neither.
pub(crate) fn are_told_alike(nodes: &[&str], keys: &Path) {
    let list =
        "items(first: 100) { totalCount nodes { code name } } guides(first: 20, filter: { text: \"证\" }) { totalCount nodes { name } }";
    let (before, known) = (ask(nodes[0], "", &format!("{{ registry {{ {list} }} }}")), system_clock()());
    let begins = DateTime::from_timestamp(known.timestamp(), 0).unwrap() + TimeDelta::days(30);
    let (code, position) = approved(nodes[0], keys, begins);
    let at = |moment: DateTime<Utc>| format!("{:?}", moment.to_rfc3339_opts(SecondsFormat::Millis, true));
    let item = format!("item(code: \"{code}\") {{ name }}");
    for node in nodes {
        let ask = |query: String| ask(node, &position, &query);
        let present = ask(format!("{{ registry {{ {item} {list} announced(register: ITEM, first: 10) {{ totalCount }} }} }}"));
        assert_eq!(
            (&present["item"], &present["items"], &present["guides"]),
            (&Value::Null, &before["items"], &before["guides"]),
            "{node}"
        );
        assert_eq!(present["announced"]["totalCount"], 1, "{node}: {present}");
        for channel in ["ONLINE", "COUNTER"] {
            let told = |moment| {
                ask(format!("{{ registry(channel: {channel}, validAt: {}) {{ {item} items(first: 1) {{ totalCount }} }} }}", at(moment)))
            };
            let (just_before, on_its_day) = (told(begins - TimeDelta::milliseconds(1)), told(begins));
            let names = (just_before["item"]["name"].as_str(), on_its_day["item"]["name"].as_str());
            assert_eq!(names, (None, Some("夜间自习室预约")), "{node} {channel}");
            let count = |told: &Value| told["items"]["totalCount"].as_u64().unwrap();
            assert_eq!(count(&on_its_day), count(&just_before) + 1, "{node} {channel}");
        }
        let then = ask(format!("{{ registry(validAt: {0}, knownAt: {0}) {{ {list} }} }}", at(known)));
        assert_eq!(then, before, "{node}");
        let later = ask(format!("{{ registry(validAt: {}, knownAt: {}) {{ {item} }} }}", at(begins), at(known)));
        assert_eq!(later["item"], Value::Null, "{node}: it was not known");
    }
}
