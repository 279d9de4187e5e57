//! The list of abolished proofs is public, and no one person takes anything off it (Art. 5(2)).

use std::sync::Arc;

use api::auth::Caller;
use domain::acting::Role;
use serde_json::{Value, json};

use super::{
    callers::{Bureau, one, word},
    support::day,
};

const CODE: &str = "M1";

fn abolished() -> Value {
    json!({ "name": "健在证明", "abolished": { "reason": "部门间数据共享" } })
}

fn with(more: &Value) -> Value {
    let mut content = abolished();
    content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    content
}

fn closed() -> Value {
    with(&json!({ "openness": { "attribute": "NOT_DISCLOSED", "reason": "秘密", "basis": [{ "title": "某条例" }] } }))
}

pub fn persons() -> [Arc<Caller>; 3] {
    [("p-d", Role::Drafter), ("p-r", Role::Reviewer), ("p-a", Role::Approver)].map(|(person, role)| one(person, role, "MATERIAL"))
}

async fn version(bureau: &Bureau) -> Value {
    version_of(bureau, CODE).await
}

pub async fn version_of(bureau: &Bureau, code: &str) -> Value {
    let query = format!("{{ entry(register: MATERIAL, code: {code:?}) {{ streamVersion }} }}");
    bureau.answer(Some(&persons()[2]), &query, json!({})).await["data"]["entry"]["streamVersion"].take()
}

/// Drafts a content of the material and takes it as far as it comes; the last answer.
async fn carry(bureau: &Bureau, content: &Value) -> Value {
    carry_from(bureau, CODE, content, &Value::Null).await
}

/// The same of any material, from a moment on; null: at once.
pub async fn carry_from(bureau: &Bureau, code: &str, content: &Value, from: &Value) -> Value {
    let [drafter, reviewer, approver] = persons();
    let draft = json!({ "commandId": bureau.id(), "register": "MATERIAL", "code": code, "content": content });
    let mut last = bureau.applies(&drafter, "draft", draft).await;
    let hash = last["entry"]["draft"]["contentHash"].clone();
    for (who, verb, more) in [
        (&drafter, "submit", json!({})),
        (&reviewer, "review", json!({ "contentHash": hash })),
        (&approver, "approve", json!({ "contentHash": hash, "documentNumber": "某政发〔2026〕1号", "effectiveFrom": from })),
    ] {
        let input = bureau.input("MATERIAL", code, &last["entry"]["streamVersion"], more);
        last = bureau.give(Some(who), verb, input).await;
        if last["status"] != "APPLIED" {
            break;
        }
    }
    last
}

/// The names on the public list.
async fn listed(bureau: &Bureau) -> Vec<String> {
    let query = "{ registry { materials(abolished: true, first: 9) { nodes { name } } } }";
    let answer = bureau.answer(None, query, json!({})).await;
    let nodes = answer["data"]["registry"]["materials"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn one_approver_takes_no_abolished_proof_off_the_list_and_brings_none_back() {
    let bureau = Bureau::new();
    assert_eq!(word(&carry(&bureau, &abolished()).await), "APPLIED");
    let approver = &persons()[2];
    let head = bureau.journal.head().await.unwrap();
    let by_law = json!({ "name": "健在证明", "legalBases": [{ "title": "某条例", "article": "第三条" }] });
    for (verb, more, field) in [
        ("suspend", json!({ "reason": "核对" }), "input.code"),
        ("repeal", json!({ "reason": "不再使用" }), "input.code"),
        ("repeal", json!({ "reason": "不再使用", "effectiveFrom": day(20) }), "input.code"),
        ("correct", json!({ "reason": "有误", "content": closed() }), "input.content.openness.attribute"),
        ("correct", json!({ "reason": "有误", "content": { "name": "健在证明" } }), "input.content.abolished"),
        ("correct", json!({ "reason": "有误", "content": by_law }), "input.content.abolished"),
        ("correct", json!({ "reason": "有误", "content": with(&json!({ "name": "在世证明" })) }), "input.content.otherNames"),
    ] {
        let told = bureau.give(Some(approver), verb, bureau.input("MATERIAL", CODE, &version(&bureau).await, more)).await;
        let refusal = &told["refusal"];
        assert_eq!(
            (word(&told).as_str(), &refusal["rule"], &refusal["field"]),
            ("ABOLISHED_STAYS", &json!("Art. 5(2)"), &json!(field)),
            "{verb}: {told:#}"
        );
    }
    assert_eq!(bureau.journal.head().await.unwrap(), head, "nothing was written");
    assert_eq!(listed(&bureau).await, ["健在证明"]);
    // What is not accurate of it is corrected.
    let correct = json!({ "reason": "有误", "content": with(&json!({ "issuer": "社区" })) });
    bureau.applies(approver, "correct", bureau.input("MATERIAL", CODE, &version(&bureau).await, correct)).await;
    assert_eq!(listed(&bureau).await, ["健在证明"]);
}

#[tokio::test]
async fn three_persons_abolish_nothing_out_of_sight_and_bring_a_proof_back_by_a_law() {
    let bureau = Bureau::new();
    let hidden = carry(&bureau, &closed()).await;
    assert_eq!((word(&hidden).as_str(), &hidden["refusal"]["field"]), ("CHECKS_FAILED", &json!("draft.content.openness.attribute")));
    assert!(hidden["refusal"]["messageEn"].as_str().unwrap().contains("MATERIAL_ABOLISHED_HIDDEN"), "{hidden:#}");
    let withdraw = bureau.input("MATERIAL", CODE, &version(&bureau).await, json!({ "reason": "重拟" }));
    bureau.applies(&persons()[0], "withdraw", withdraw).await;

    assert_eq!(word(&carry(&bureau, &abolished()).await), "APPLIED");
    let back = carry(&bureau, &json!({ "name": "健在证明" })).await;
    assert_eq!((word(&back).as_str(), &back["refusal"]["field"]), ("ABOLISHED_STAYS", &json!("draft.content.legalBases")), "{back:#}");
    let withdraw = bureau.input("MATERIAL", CODE, &version(&bureau).await, json!({ "reason": "重拟" }));
    bureau.applies(&persons()[0], "withdraw", withdraw).await;
    assert_eq!(listed(&bureau).await, ["健在证明"]);
    // Nor under another code: by its name it would be asked for again.
    let draft = json!({ "commandId": bureau.id(), "register": "MATERIAL", "code": "M2", "content": { "name": "健在 证明" } });
    bureau.applies(&persons()[0], "draft", draft).await;
    let other = bureau.give(Some(&persons()[0]), "submit", bureau.input("MATERIAL", "M2", &json!(0), json!({}))).await;
    assert_eq!((word(&other).as_str(), &other["refusal"]["field"]), ("CHECKS_FAILED", &json!("draft.content.name")), "{other:#}");

    let by_law = json!({ "name": "健在证明", "legalBases": [{ "title": "某条例", "article": "第三条" }] });
    assert_eq!(word(&carry(&bureau, &by_law).await), "APPLIED");
    assert_eq!(listed(&bureau).await, [""; 0]);
}

#[tokio::test]
async fn one_approver_abolishes_no_proof_and_three_persons_take_no_name_of_another() {
    let bureau = Bureau::new();
    assert_eq!(word(&carry(&bureau, &json!({ "name": "健在证明" })).await), "APPLIED");
    let correct = bureau.input("MATERIAL", CODE, &version(&bureau).await, json!({ "reason": "有误", "content": abolished() }));
    let told = bureau.give(Some(&persons()[2]), "correct", correct).await;
    assert_eq!((word(&told).as_str(), &told["refusal"]["field"]), ("NOT_URGENT", &json!("input.content.abolished")), "{told:#}");
    assert_eq!(listed(&bureau).await, [""; 0]);
    // Another one is still asked for by its name.
    assert_eq!(word(&carry_from(&bureau, "M2", &json!({ "name": "身份证" }), &Value::Null).await), "APPLIED");
    let takes = carry(&bureau, &with(&json!({ "otherNames": ["身份 证"] }))).await;
    assert_eq!((word(&takes).as_str(), &takes["refusal"]["field"]), ("CHECKS_FAILED", &json!("draft.content.otherNames[0]")), "{takes:#}");
    let says = takes["refusal"]["messageEn"].as_str().unwrap();
    assert!(says.contains("MATERIAL_NAME_IN_USE") && says.contains("M2"), "{takes:#}");
    let withdraw = bureau.input("MATERIAL", CODE, &version(&bureau).await, json!({ "reason": "重拟" }));
    bureau.applies(&persons()[0], "withdraw", withdraw).await;
    assert_eq!(word(&carry(&bureau, &abolished()).await), "APPLIED");
    // One that is abolished corrects no such name into itself either.
    let name = with(&json!({ "otherNames": ["身份证"] }));
    let correct = bureau.input("MATERIAL", CODE, &version(&bureau).await, json!({ "reason": "有误", "content": name }));
    let told = bureau.give(Some(&persons()[2]), "correct", correct).await;
    assert_eq!((word(&told).as_str(), &told["refusal"]["field"]), ("CHECKS_FAILED", &json!("input.content.otherNames[0]")), "{told:#}");
}
