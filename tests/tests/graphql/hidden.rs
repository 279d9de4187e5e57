//! What everybody may know of what is hidden, or about to be.

use chrono::TimeDelta;
use domain::{
    acting::Role,
    entry::Approve,
    register::{Agency, Item},
    value::{Hash, LegalBasis, Openness, OpennessAttribute},
};
use serde_json::{Value, json};

use super::{
    callers::{Bureau, content, one, word},
    desk::{Pen, agency, code, item},
    support::{day, made},
};

fn undisclosed() -> Openness {
    Openness {
        attribute: OpennessAttribute::NotDisclosed,
        reason: Some("涉及第三方商业秘密".into()),
        basis: vec![LegalBasis { title: "中华人民共和国政府信息公开条例".into(), ..LegalBasis::default() }],
        ..Openness::default()
    }
}

/// The answer to anybody.
async fn answer(bureau: &Bureau, query: &str) -> Value {
    bureau.answer(None, query, json!({})).await
}

#[tokio::test]
async fn a_draft_does_not_find_out_what_others_do_not_disclose() {
    let mut pen = Pen::new();
    pen.adopt("B1-U1", Item { agency: code("B1"), openness: undisclosed(), ..item("不予公开") }).await;
    pen.carry("B1-N1", Item { agency: code("B1"), ..item("草稿") }, 1).await;
    let bureau = Bureau::over(pen.journal.clone());
    let drafter = one("p-d", Role::Drafter, "ITEM");
    let mut answers = Vec::new();
    for code in ["B1-NOTHING", "B1-U1", "B1-N1"] {
        let draft = json!({ "commandId": bureau.id(), "register": "ITEM", "code": code, "content": content("ITEM", "甲") });
        answers.push(bureau.give(Some(&drafter), "draft", draft).await);
    }
    assert_eq!(word(&answers[0]), "CODE_NOT_OWN");
    assert!(answers[0] == answers[1] && answers[1] == answers[2], "{answers:#?}");
}

#[tokio::test]
async fn what_is_announced_to_be_hidden_is_told_until_then_and_not_after() {
    let mut pen = Pen::new();
    pen.adopt("I1", item("公开至次日")).await;
    let hidden = Item { openness: undisclosed(), ..item("以后不公开") };
    pen.carry("I1", hidden.clone(), 2).await;
    let content_hash = Hash::of_content(&hidden).unwrap();
    let approve = Approve { content_hash, document: "1号".into(), effective_from: Some(day(1)), beside: Vec::new() };
    pen.by("p-approver", Role::Approver, &hidden, "I1", approve).await;
    let query =
        r#"{ registry { item(code: "I1") { name } } entry(register: ITEM, code: "I1") { name stage history(first: 9) { totalCount } } }"#;

    let mut bureau = Bureau::over(pen.journal.clone());
    let told = answer(&bureau, query).await;
    let name = json!("公开至次日");
    assert_eq!((&told["data"]["registry"]["item"]["name"], &told["data"]["entry"]["name"]), (&name, &name), "{told}");
    assert_eq!(told["data"]["entry"]["history"]["totalCount"], 1, "of the hidden revision nothing is told: {told}");
    bureau.now = made() + TimeDelta::days(2);
    assert_eq!(answer(&bureau, query).await["data"], json!({ "registry": { "item": null }, "entry": null }));
}

#[tokio::test]
async fn an_agency_that_is_not_published_takes_no_page_away() {
    let mut pen = Pen::new();
    pen.adopt("A1", Agency { openness: undisclosed(), ..agency("planted") }).await;
    pen.adopt("A2", agency("某市统计局")).await;
    for (at, of) in [("I1", "A1"), ("I2", "A2"), ("I3", "A3")] {
        pen.adopt(at, Item { agency: code(of), ..item("事项") }).await;
    }
    let bureau = Bureau::over(pen.journal.clone());
    let query =
        "{ registry { items(first: 9) { nodes { code agency { code name revision { number } } } } agency(code: \"A1\") { name } } }";
    let told = answer(&bureau, query).await;
    let agencies = [("I1", "A1", "A1", 0), ("I2", "A2", "某市统计局", 1), ("I3", "A3", "A3", 0)].map(
        |(item, code, name, number)| json!({ "code": item, "agency": { "code": code, "name": name, "revision": { "number": number } } }),
    );
    assert_eq!(told, json!({ "data": { "registry": { "items": { "nodes": agencies }, "agency": null } } }));
}

#[tokio::test]
async fn history_tells_in_which_office_somebody_acted_and_the_person_only_inside() {
    let bureau = Bureau::new();
    bureau.carry("ITEM", "A1-I1", "甲", 4).await;
    let query = r#"{ entry(register: ITEM, code: "A1-I1") { history(first: 9) { nodes { kind actor { office person } } } } }"#;
    let of = |told: &Value| told["data"]["entry"]["history"]["nodes"].clone();
    let line = |kind: &str, office: &str, person: Option<&str>| json!({ "kind": kind, "actor": { "office": office, "person": person } });
    let inside = one("p-d", Role::Drafter, "ITEM");
    assert_eq!(
        of(&bureau.answer(Some(&inside), query, json!({})).await),
        json!([
            line("drafted", "DRAFTER", Some("p-d")),
            line("submitted", "DRAFTER", Some("p-d")),
            line("reviewed", "REVIEWER", Some("p-r")),
            line("approved", "APPROVER", Some("p-a")),
        ])
    );
    assert_eq!(of(&answer(&bureau, query).await), json!([line("approved", "APPROVER", None)]));
}
