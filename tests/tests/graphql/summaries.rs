//! What happened to an entry is told in both languages.

use domain::acting::Role;
use serde_json::json;

use super::{
    callers::{Bureau, content, one},
    support::day,
};

#[tokio::test]
async fn every_event_is_told_in_chinese_and_in_english() {
    let bureau = Bureau::new();
    let [drafter, reviewer, approver] =
        [("p-d", Role::Drafter), ("p-r", Role::Reviewer), ("p-a", Role::Approver)].map(|(person, role)| one(person, role, "ITEM"));
    let mut last = bureau.carry("ITEM", "A1-I1", "事项", 4).await;
    bureau.carry("ITEM", "A1-I2", "另一事项", 4).await;
    let draft = json!({ "commandId": bureau.id(), "register": "ITEM", "code": "A1-I1", "content": content("ITEM", "新名") });
    last["entry"] = bureau.applies(&drafter, "draft", draft).await["entry"].take();
    let corrected = content("ITEM", "更正");
    for (who, verb, more) in [
        (&drafter, "revise", json!({ "content": content("ITEM", "更新的名") })),
        (&drafter, "submit", json!({})),
        (&reviewer, "return", json!({ "reason": "缺依据" })),
        (&drafter, "withdraw", json!({ "reason": "不再需要" })),
        (&approver, "suspend", json!({ "reason": "核对", "until": day(9) })),
        (&approver, "resume", json!({})),
        (&approver, "correct", json!({ "reason": "有误", "content": corrected })),
    ] {
        let input = bureau.input("ITEM", "A1-I1", &last["entry"]["streamVersion"], more);
        last = bureau.applies(who, verb, input).await;
    }
    let owed = last["entry"]["reviewsOwed"][0].clone();
    for (who, verb, more) in [
        (&reviewer, "review", json!({ "contentHash": owed["contentHash"], "revision": owed["revision"] })),
        (&approver, "repeal", json!({ "reason": "合并", "replacedBy": "A1-I2" })),
    ] {
        let input = bureau.input("ITEM", "A1-I1", &last["entry"]["streamVersion"], more);
        last = bureau.applies(who, verb, input).await;
    }
    let query = "{ entry(register: ITEM, code: \"A1-I1\") { history(first: 20) { nodes { kind summary summaryEn } } } }";
    let told = bureau.answer(Some(&approver), query, json!({})).await;
    let told: Vec<_> = told["data"]["entry"]["history"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| [node["summary"].as_str().unwrap().to_owned(), node["summaryEn"].as_str().unwrap().to_owned()])
        .collect();
    let expected = [
        ["起草", "drafted"],
        ["送政务公开工作机构审查", "submitted to the openness office"],
        ["审查通过", "reviewed"],
        ["审签发布", "approved and published"],
        ["起草，变更1处", "drafted, 1 field changed"],
        ["修改草稿，变更1处", "the draft was changed, 1 field changed"],
        ["送政务公开工作机构审查", "submitted to the openness office"],
        ["退回", "returned"],
        ["撤回草稿", "the draft was withdrawn"],
        ["暂停，至北京时间2026-09-10 10:00", "suspended until 2026-09-10 10:00 China time"],
        ["恢复", "resumed"],
        ["更正为第2版，变更1处", "corrected as revision 2, 1 field changed"],
        ["补审第2版的更正", "the review of the correction in revision 2 was done"],
        ["取消，由A1-I2承接", "repealed, A1-I2 takes its place"],
    ];
    assert_eq!(told, expected);
}
