//! A guide goes with its item, and says so: from the announcement on, and after it (Art. 10(2)).

use std::sync::Arc;

use api::auth::Caller;
use chrono::{DateTime, Utc};
use domain::acting::Role;
use serde_json::{Value, json};

use super::{
    callers::{Bureau, content, one},
    support::day,
};

const ENTRY: &str = "{ entry(register: GUIDE, code: \"A1-G1\") { stage repeal { effectiveFrom reason document replacedBy item }
    history(first: 9) { totalCount edges { cursor node { kind ofItem summary summaryEn reason document effectiveFrom replacedBy } } } } }";

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// A register with an item, another one, and a guide of the first.
async fn register() -> Bureau {
    let bureau = Bureau::new();
    for at in ["A1-I1", "A1-I2"] {
        bureau.carry("ITEM", at, "事项", 4).await;
    }
    bureau.carry("GUIDE", "A1-G1", "指南", 4).await;
    bureau
}

async fn version(bureau: &Bureau, register: &str, code: &str) -> Value {
    let who = one("p-a", Role::Approver, register);
    let query = format!("{{ entry(register: {register}, code: {code:?}) {{ streamVersion }} }}");
    bureau.answer(Some(&who), &query, json!({})).await["data"]["entry"]["streamVersion"].take()
}

async fn give(bureau: &Bureau, verb: &str, (register, code): (&str, &str), more: Value) -> Value {
    let at = version(bureau, register, code).await;
    bureau.applies(&one("p-a", Role::Approver, register), verb, bureau.input(register, code, &at, more)).await
}

async fn told(bureau: &Bureau, who: Option<&Arc<Caller>>) -> Value {
    let answer = bureau.answer(who, ENTRY, json!({})).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["entry"].clone()
}

#[tokio::test]
async fn a_guide_is_told_to_go_with_its_item_from_the_announcement_on() {
    let mut bureau = register().await;
    let before = told(&bureau, None).await;
    assert_eq!((&before["stage"], &before["repeal"], &before["history"]["totalCount"]), (&json!("PUBLISHED"), &Value::Null, &json!(1)));
    bureau.now = day(1);
    let notice = json!({ "reason": "法律修改", "effectiveFrom": day(20), "documentNumber": "某政发〔2026〕2号", "replacedBy": "A1-I2" });
    give(&bureau, "repeal", ("ITEM", "A1-I1"), notice).await;
    let keeper = one("p-a", Role::Approver, "GUIDE");
    for (days, stage) in [(1, "PUBLISHED"), (19, "PUBLISHED"), (20, "REPEALED"), (400, "REPEALED")] {
        bureau.now = day(days);
        for who in [None, Some(&keeper)] {
            let told = told(&bureau, who).await;
            let repeal = &told["repeal"];
            assert_eq!((&told["stage"], moment(&repeal["effectiveFrom"])), (&json!(stage), day(20)), "{days}: {told:#}");
            assert_eq!(
                json!([repeal["reason"], repeal["document"], repeal["replacedBy"], repeal["item"]]),
                json!(["法律修改", "某政发〔2026〕2号", "A1-I2", "A1-I1"])
            );
            let edges = told["history"]["edges"].as_array().unwrap();
            let last = &edges.last().unwrap()["node"];
            assert_eq!((&last["kind"], &last["ofItem"], &last["reason"]), (&json!("repealed"), &json!("A1-I1"), &json!("法律修改")));
            let [zh, en] = ["summary", "summaryEn"].map(|words| last[words].as_str().unwrap());
            assert!(zh.contains("所属事项A1-I1取消") && en.contains("its item A1-I1 was repealed"), "{zh} {en}");
            assert!(edges[..edges.len() - 1].iter().all(|edge| edge["node"]["ofItem"].is_null()), "the others are its own: {edges:#?}");
        }
    }
}

#[tokio::test]
async fn both_channels_announce_it_as_they_announce_the_repeal_of_the_guide_itself() {
    let mut bureau = register().await;
    bureau.now = day(1);
    give(&bureau, "repeal", ("ITEM", "A1-I1"), json!({ "reason": "法律修改", "effectiveFrom": day(20) })).await;
    bureau.now = day(2);
    let query = "query ($channel: Channel!, $v: DateTime, $k: DateTime) { registry(channel: $channel, validAt: $v, knownAt: $k) {
        guide(code: \"A1-G1\") { revision { effectiveUntil } upcoming { repeal reason effectiveFrom revision { number } } } } }";
    let asked = async |channel: &str, valid: i64, known: i64| {
        let variables = json!({ "channel": channel, "v": day(valid), "k": day(known) });
        bureau.answer(None, query, variables).await["data"]["registry"]["guide"].take()
    };
    for channel in ["ONLINE", "COUNTER"] {
        for (valid, known) in [(2, 2), (1, 1), (19, 2), (10, 1)] {
            let guide = asked(channel, valid, known).await;
            let upcoming = &guide["upcoming"][0];
            assert_eq!((&upcoming["repeal"], &upcoming["reason"]), (&json!(true), &json!("法律修改")), "{valid} {known}: {guide:#}");
            let [announced, ends] = [&upcoming["effectiveFrom"], &guide["revision"]["effectiveUntil"]].map(moment);
            assert_eq!([announced, ends], [day(20); 2]);
        }
        assert_eq!(asked(channel, 1, 0).await["upcoming"], json!([]), "it was not known yet");
        assert_eq!(asked(channel, 20, 2).await, Value::Null);
    }
}

#[tokio::test]
async fn the_event_of_the_item_has_a_place_of_its_own_on_the_pages_of_the_history() {
    let mut bureau = register().await;
    bureau.now = day(1);
    give(&bureau, "repeal", ("ITEM", "A1-I1"), json!({ "reason": "法律修改", "effectiveFrom": day(20) })).await;
    bureau.now = day(2);
    give(&bureau, "correct", ("GUIDE", "A1-G1"), json!({ "content": content("GUIDE", "指南二"), "reason": "有误" })).await;
    let query =
        "query ($after: String) { entry(register: GUIDE, code: \"A1-G1\") { streamVersion history(first: 1, after: $after) { totalCount
        pageInfo { hasNextPage endCursor } nodes { kind ofItem } } } }";
    let (mut after, mut seen) = (Value::Null, Vec::new());
    loop {
        let entry = bureau.answer(None, query, json!({ "after": after })).await["data"]["entry"].take();
        assert_eq!((&entry["streamVersion"], &entry["history"]["totalCount"]), (&json!(1), &json!(3)), "it counts its own events");
        let node = &entry["history"]["nodes"][0];
        seen.push(format!("{} {}", node["kind"].as_str().unwrap(), node["ofItem"].as_str().unwrap_or("-")));
        after = entry["history"]["pageInfo"]["endCursor"].clone();
        if entry["history"]["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(seen, ["approved -", "repealed A1-I1", "corrected -"]);
}

#[tokio::test]
async fn what_comes_first_counts_and_of_an_item_that_is_not_public_the_public_is_told_nothing() {
    let mut bureau = register().await;
    bureau.now = day(1);
    give(&bureau, "repeal", ("GUIDE", "A1-G1"), json!({ "reason": "指南合并", "effectiveFrom": day(5) })).await;
    give(&bureau, "repeal", ("ITEM", "A1-I1"), json!({ "reason": "法律修改", "effectiveFrom": day(20) })).await;
    let own = told(&bureau, None).await;
    assert_eq!((&own["repeal"]["reason"], &own["repeal"]["item"]), (&json!("指南合并"), &Value::Null), "{own:#}");
    assert_eq!(own["history"]["totalCount"], 2);

    let mut bureau = register().await;
    bureau.now = day(1);
    let openness =
        json!({ "attribute": "ON_REQUEST", "reason": "商业秘密", "basis": [{ "title": "《政府信息公开条例》", "article": "第十五条" }] });
    let mut hidden = content("ITEM", "事项");
    hidden["openness"] = openness;
    give(&bureau, "correct", ("ITEM", "A1-I1"), json!({ "content": hidden, "reason": "不应公开" })).await;
    give(&bureau, "repeal", ("ITEM", "A1-I1"), json!({ "reason": "法律修改" })).await;
    bureau.now = day(2);
    let public = told(&bureau, None).await;
    assert_eq!((&public["stage"], &public["repeal"], &public["history"]["totalCount"]), (&json!("PUBLISHED"), &Value::Null, &json!(1)));
    let whole = told(&bureau, Some(&one("p-a", Role::Approver, "GUIDE"))).await;
    assert_eq!((&whole["stage"], &whole["repeal"]["item"]), (&json!("REPEALED"), &json!("A1-I1")), "{whole:#}");
}

#[tokio::test]
async fn no_suspension_outlasts_the_item_and_what_held_until_then_held() {
    let mut bureau = register().await;
    bureau.now = day(1);
    give(&bureau, "suspend", ("GUIDE", "A1-G1"), json!({ "reason": "系统升级" })).await;
    give(&bureau, "repeal", ("ITEM", "A1-I1"), json!({ "reason": "法律修改", "effectiveFrom": day(20) })).await;
    let query =
        "{ entry(register: GUIDE, code: \"A1-G1\") { stage suspension { reason } revisions(first: 9) { nodes { number neverHolds } } } }";
    for (days, stage, suspension) in [(2, "SUSPENDED", json!({ "reason": "系统升级" })), (21, "REPEALED", Value::Null)] {
        bureau.now = day(days);
        let entry = bureau.answer(None, query, json!({})).await["data"]["entry"].take();
        assert_eq!((&entry["stage"], &entry["suspension"]), (&json!(stage), &suspension), "{entry:#}");
        assert_eq!(entry["revisions"]["nodes"], json!([{ "number": 1, "neverHolds": false }]), "it held until then");
    }
}
