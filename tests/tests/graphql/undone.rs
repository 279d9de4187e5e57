//! A correction that an upcoming revision takes back is told, to whoever corrects and to everybody, until that one is corrected too (Art. 7).

use std::collections::HashSet;

use api::registrar::check;
use domain::{acting::Role, register::Register};
use serde_json::{Value, json};

use super::{
    announcements::{does, item, publish},
    callers::{Bureau, one},
    support::day,
};

#[tokio::test]
async fn what_an_upcoming_revision_takes_back_of_a_correction_is_told_until_it_is_corrected_too() {
    let bureau = Bureau::new();
    let approver = one("p-a", Role::Approver, "ITEM");
    publish(&bureau, item("甲", "旧处"), None).await;
    publish(&bureau, item("乙", "旧处"), Some(day(20))).await;
    let query = "{ entry(register: ITEM, code: \"A1-I1\") { streamVersion findings { code path severity message messageEn } } }";
    let undone = |entry: &Value| -> Vec<Value> {
        entry["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == "CORRECTION_UNDONE").cloned().collect()
    };
    let before = bureau.answer(Some(&approver), query, json!({})).await["data"]["entry"].take();
    assert_eq!(undone(&before), [Value::Null; 0]);
    // Whoever corrects is told with the answer.
    let input = bureau.input("ITEM", "A1-I1", &before["streamVersion"], json!({ "content": item("甲", "新处"), "reason": "已合并" }));
    let correct = "mutation ($input: CorrectInput!) { correct(input: $input) { status entry { findings { code path severity message messageEn } } } }";
    let payload = bureau.answer(Some(&approver), correct, json!({ "input": input })).await["data"]["correct"].take();
    assert_eq!(payload["status"], "APPLIED", "{payload:#}");
    let [finding] = undone(&payload["entry"]).try_into().unwrap();
    assert_eq!((&finding["path"], &finding["severity"]), (&json!("authority"), &json!("WARNING")));
    let words = (finding["message"].as_str().unwrap(), finding["messageEn"].as_str().unwrap());
    assert!(
        words.0.contains("“旧处”") && words.0.contains("北京时间") && words.1.contains("revision 2") && words.1.contains("effectiveFrom")
    );
    // So is everybody, and `tongyuan check`.
    let public = bureau.answer(None, query, json!({})).await["data"]["entry"].take();
    assert_eq!(undone(&public), std::slice::from_ref(&finding));
    let checked = async |bureau: &Bureau| {
        let all = check(&bureau.journal, bureau.now, &|_| ()).await.unwrap();
        let item = all.into_iter().filter(|checked| checked.register == Register::Item);
        let codes: HashSet<String> = item.flat_map(|checked| checked.findings).map(|finding| finding.code).collect();
        codes.contains("CORRECTION_UNDONE")
    };
    assert!(checked(&bureau).await);
    // The announced one is corrected too, for its day.
    does(&bureau, "correct", json!({ "content": item("乙", "新处"), "reason": "已合并", "effectiveFrom": day(20) })).await;
    let after = bureau.answer(Some(&approver), query, json!({})).await["data"]["entry"].take();
    assert_eq!(undone(&after), [Value::Null; 0]);
    assert!(!checked(&bureau).await);
}
