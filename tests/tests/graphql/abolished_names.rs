//! An abolished proof is found under every name under which it is abolished, whatever it is called later (Art. 5(2)); and one that is announced to be
//! abolished is told to whoever asks for it.

use chrono::TimeDelta;
use domain::{acting::Role, register::Guide};
use serde_json::{Value, json};

use super::{
    abolished::city,
    abolished_stays::{carry_from, persons},
    by_name::{by_name, submitted},
    callers::{Bureau, one, word},
    desk::{Pen, guide},
    support::day,
};

const PROOF: &str = "M5";

fn proof(name: &str, abolished: bool) -> Value {
    let mut content = json!({ "name": name });
    if abolished {
        content["abolished"] = json!({ "reason": "部门间数据共享" });
    }
    content
}

fn by_law(name: &str) -> Value {
    json!({ "name": name, "legalBases": [{ "title": "某条例", "article": "第三条" }] })
}

/// The same where nobody is shown it.
fn closed(mut content: Value) -> Value {
    content["openness"] = json!({ "attribute": "NOT_DISCLOSED", "reason": "秘密", "basis": [{ "title": "某条例" }] });
    content
}

/// A city whose proof is published as contents say in turn, each from a moment on, and a guide that is drafted and asks for it by a name.
async fn kept(says: &[(Value, Value)], asks: Guide) -> Bureau {
    let mut pen: Pen = city().await;
    pen.carry("G9", asks, 0).await;
    let mut bureau = Bureau::over(pen.journal);
    // One after the other.
    for (content, from) in says {
        bureau.now += TimeDelta::minutes(1);
        assert_eq!(word(&carry_from(&bureau, PROOF, content, from).await), "APPLIED", "{content}");
    }
    bureau
}

/// What becomes of a new material of a name that names no law.
async fn listed_anew(bureau: &Bureau, code: &str, name: &str) -> Value {
    let drafter = &persons()[0];
    let draft = json!({ "commandId": bureau.id(), "register": "MATERIAL", "code": code, "content": { "name": name } });
    bureau.applies(drafter, "draft", draft).await;
    bureau.give(Some(drafter), "submit", bureau.input("MATERIAL", code, &json!(0), json!({}))).await
}

fn refused(told: &Value, field: &str, code: &str) {
    assert_eq!((word(told).as_str(), &told["refusal"]["field"]), ("CHECKS_FAILED", &json!(field)), "{told:#}");
    assert!(told["refusal"]["messageEn"].as_str().unwrap().contains(code), "{told:#}");
}

/// What is told of the material of the guide at its first place, to whom.
async fn findings(bureau: &Bureau, who: Option<&str>, guide: &str) -> Vec<Value> {
    let query = format!("{{ entry(register: GUIDE, code: {guide:?}) {{ findings {{ code severity path message messageEn }} }} }}");
    let who = who.map(|person| one(person, Role::Drafter, "GUIDE"));
    let answer = bureau.answer(who.as_ref(), &query, json!({})).await;
    let found = answer["data"]["entry"]["findings"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    found.iter().filter(|found| found["path"].as_str().unwrap().starts_with("materials")).cloned().collect()
}

#[tokio::test]
async fn an_abolished_proof_that_is_renamed_is_found_under_its_former_names_also_after_a_restart() {
    let now = Value::Null;
    for says in [
        // Renamed while it is abolished; as it was abolished; and announced to be.
        vec![(proof("健在证明", true), now.clone()), (proof("在世证明", true), now.clone())],
        vec![(proof("健在证明", false), now.clone()), (proof("健在证明（已取消）", true), now.clone())],
        vec![(proof("健在证明", true), now.clone()), (proof("在世证明", true), json!(day(20)))],
        // Announced to come back as another.
        vec![(proof("健在证明", true), now.clone()), (by_law("在世证明"), json!(day(20)))],
        vec![(proof("健在证明", true), now.clone()), (closed(by_law("健在证明")), json!(day(20)))],
    ] {
        let first = kept(&says, by_name("健在 证明")).await;
        refused(&listed_anew(&first, "M8", "健在证明").await, "draft.content.name", "MATERIAL_NAME_ABOLISHED");
        let mut restarted = Bureau::over(first.journal.clone());
        restarted.now = first.now;
        let last = first.id();
        while restarted.id() <= last {}
        refused(&listed_anew(&restarted, "M9", "健在证明").await, "draft.content.name", "MATERIAL_NAME_ABOLISHED");
        refused(&submitted(&restarted, "G9").await, "draft.content.materials[0]", "MATERIAL_ABOLISHED");
    }
}

#[tokio::test]
async fn a_name_is_free_again_when_its_proof_came_back_by_law() {
    let says = [(proof("健在证明", true), Value::Null), (by_law("在世证明"), Value::Null)];
    let bureau = kept(&says, by_name("健在证明")).await;
    assert_eq!(word(&submitted(&bureau, "G9").await), "APPLIED");
    assert_eq!(word(&listed_anew(&bureau, "M9", "健在证明").await), "APPLIED");
}

#[tokio::test]
async fn what_is_announced_to_be_abolished_is_told_with_its_day_and_refuses_nothing() {
    let by_code = || {
        let asked = json!({ "name": "健在证明", "material": PROOF, "necessity": "REQUIRED" });
        Guide { materials: vec![serde_json::from_value(asked).unwrap()], ..guide("按编码要求", "I1") }
    };
    for asks in [by_code(), by_name("健在证明")] {
        let announced = (proof("健在证明", true), json!(day(20)));
        let bureau = kept(&[(proof("健在证明", false), Value::Null), announced], asks).await;
        let told = findings(&bureau, Some("planted-drafter"), "G9").await;
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(
            (&told[0]["code"], &told[0]["severity"], &told[0]["path"]),
            (&json!("MATERIAL_ABOLISHED_LATER"), &json!("WARNING"), &json!("materials[0]"))
        );
        assert!(told[0]["message"].as_str().unwrap().contains("北京时间2026-09-2"), "{told:#?}");
        assert_eq!(word(&submitted(&bureau, "G9").await), "APPLIED");
        assert_eq!(findings(&bureau, Some("planted-drafter"), "G9").await, told, "submitted");
        let query = "{ entry(register: GUIDE, code: \"G9\") { draft { contentHash } } }";
        let answer = bureau.answer(Some(&one("planted-drafter", Role::Drafter, "GUIDE")), query, json!({})).await;
        let hash = answer["data"]["entry"]["draft"]["contentHash"].clone();
        for (person, role, verb, more) in [
            ("p-r", Role::Reviewer, "review", json!({ "contentHash": hash })),
            ("p-a", Role::Approver, "approve", json!({ "contentHash": hash, "documentNumber": "1号" })),
        ] {
            let version = json!(if verb == "review" { 1 } else { 2 });
            bureau.applies(&one(person, role, "GUIDE"), verb, bureau.input("GUIDE", "G9", &version, more)).await;
        }
        assert_eq!(findings(&bureau, None, "G9").await, told, "published, to everybody");
        // From its day on it is an error.
        let mut then = Bureau::over(bureau.journal.clone());
        then.now = day(21);
        assert_eq!(findings(&then, None, "G9").await[0]["code"], "MATERIAL_ABOLISHED");
    }
}

#[tokio::test]
async fn of_an_abolition_that_is_only_drafted_nobody_is_told() {
    let bureau = kept(&[(proof("健在证明", false), Value::Null)], by_name("健在证明")).await;
    let draft = json!({ "commandId": bureau.id(), "register": "MATERIAL", "code": PROOF, "content": proof("健在证明", true) });
    let drafted = bureau.applies(&persons()[0], "draft", draft).await;
    let submit = bureau.input("MATERIAL", PROOF, &drafted["entry"]["streamVersion"], json!({}));
    bureau.applies(&persons()[0], "submit", submit).await;
    let told = findings(&bureau, Some("planted-drafter"), "G9").await;
    assert_eq!(told.iter().map(|found| found["code"].as_str().unwrap()).collect::<Vec<_>>(), ["MATERIAL_BY_NAME"], "{told:#?}");
}
