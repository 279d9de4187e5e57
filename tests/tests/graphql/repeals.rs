//! A repeal by the schema: when, and what takes the place of what ceases.

use domain::acting::Role;
use serde_json::{Value, json};

use super::{
    callers::{Bureau, one, word},
    support::day,
};

#[tokio::test]
async fn what_takes_the_place_of_an_entry_is_another_one_that_is_public_and_not_repealed() {
    let bureau = Bureau::new();
    for at in ["A1-I1", "A1-I2", "A1-I3"] {
        bureau.carry("ITEM", at, "事项", 4).await;
    }
    bureau.carry("ITEM", "A1-D1", "只起草", 1).await;
    let approver = one("p-a", Role::Approver, "ITEM");
    let version = |at: &'static str| {
        let (bureau, approver) = (&bureau, &approver);
        async move {
            let query = format!("{{ entry(register: ITEM, code: {at:?}) {{ streamVersion }} }}");
            bureau.answer(Some(approver), &query, json!({})).await["data"]["entry"]["streamVersion"].take()
        }
    };
    let repeal = |at: &'static str, more: Value| {
        let (bureau, approver, version) = (&bureau, &approver, &version);
        async move {
            let mut all = json!({ "reason": "合并" });
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            bureau.give(Some(approver), "repeal", bureau.input("ITEM", at, &version(at).await, all)).await
        }
    };
    assert_eq!(word(&repeal("A1-I3", json!({})).await), "APPLIED");
    let head = bureau.journal.head().await.unwrap();
    // Itself, nothing, what is only drafted, what ceased.
    for successor in ["A1-I1", "NOTHING", "A1-D1", "A1-I3"] {
        let refused = repeal("A1-I1", json!({ "replacedBy": successor })).await;
        assert_eq!(
            (word(&refused).as_str(), &refused["refusal"]["field"]),
            ("SUCCESSOR_UNKNOWN", &json!("input.replacedBy")),
            "{refused:#}"
        );
        let [zh, en] = ["message", "messageEn"].map(|of| refused["refusal"][of].as_str().unwrap().to_owned());
        assert!(zh.contains(successor) && en.contains(successor) && zh != en, "{zh} {en}");
    }
    // Nor is it repealed for a time that is past.
    let past = repeal("A1-I1", json!({ "effectiveFrom": day(-1) })).await;
    assert_eq!((word(&past).as_str(), &past["refusal"]["field"]), ("EFFECTIVE_IN_PAST", &json!("input.effectiveFrom")));
    assert_eq!(bureau.journal.head().await.unwrap(), head);
    assert_eq!(word(&repeal("A1-I1", json!({ "replacedBy": "A1-I2" })).await), "APPLIED");
    let query = "{ entry(register: ITEM, code: \"A1-I1\") { stage history(first: 9) { nodes { kind replacedBy } } } }";
    let told = bureau.answer(None, query, json!({})).await["data"]["entry"].take();
    assert_eq!((&told["stage"], &told["history"]["nodes"][1]["replacedBy"]), (&json!("REPEALED"), &json!("A1-I2")), "{told:#}");
    // The same once more is so, whatever became of its successor since.
    assert_eq!(word(&repeal("A1-I2", json!({})).await), "APPLIED");
    assert_eq!(word(&repeal("A1-I1", json!({ "replacedBy": "A1-I2" })).await), "UNCHANGED");
}

#[tokio::test]
async fn an_entry_of_which_the_repeal_is_announced_is_in_force_until_then() {
    let mut bureau = Bureau::new();
    let kept = bureau.carry("ITEM", "A1-I1", "事项", 4).await;
    let approver = one("p-a", Role::Approver, "ITEM");
    let announced = json!({ "reason": "法律修改", "effectiveFrom": day(20), "documentNumber": "某政发〔2026〕2号" });
    let input = bureau.input("ITEM", "A1-I1", &kept["entry"]["streamVersion"], announced);
    let told = bureau.applies(&approver, "repeal", input).await;
    assert_eq!(told["entry"]["stage"], "PUBLISHED", "{told:#}");
    let query = "{ entry(register: ITEM, code: \"A1-I1\") { stage repeal { effectiveFrom reason document replacedBy } }
        registry { item(code: \"A1-I1\") { upcoming { repeal effectiveFrom } } } }";
    let notice = json!({ "effectiveFrom": day(20), "reason": "法律修改", "document": "某政发〔2026〕2号", "replacedBy": null });
    for (days, stage) in [(0, "PUBLISHED"), (19, "PUBLISHED"), (20, "REPEALED")] {
        bureau.now = day(days);
        let told = bureau.answer(None, query, json!({})).await["data"].take();
        assert_eq!((&told["entry"]["stage"], instant(&told["entry"]["repeal"])), (&json!(stage), instant(&notice)), "{days}: {told:#}");
        let upcoming = &told["registry"]["item"]["upcoming"];
        assert_eq!(upcoming[0]["repeal"], if stage == "PUBLISHED" { json!(true) } else { Value::Null }, "{told:#}");
    }
}

/// A notice with its moment as one, however it is written.
fn instant(notice: &Value) -> (Option<chrono::DateTime<chrono::Utc>>, Value) {
    let mut rest = notice.clone();
    let at = rest["effectiveFrom"].take();
    (at.as_str().and_then(|at| at.parse().ok()), rest)
}
