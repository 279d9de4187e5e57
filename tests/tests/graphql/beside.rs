//! What is decided is laid beside the entries that it refers to, as they stand when it takes effect (Art. 5, Art. 10(2)).

use chrono::{DateTime, Utc};
use domain::{
    acting::Role,
    entry::{Repeal, Source},
    register::{Abolished, Agency, Guide, Item, Material, MaterialRequirement},
    value::{Hash, LegalBasis, Openness, OpennessAttribute},
};
use serde_json::{Value, json};

use super::{
    callers::{Bureau, one, word},
    desk::{Pen, agency, code, guide, item},
    support::day,
};

/// Tries to approve a reviewed entry, at once or from a day on: what became of it, its field and its English words.
async fn approved(bureau: &Bureau, (register, at): (&str, &str), hash: Hash, from: Option<DateTime<Utc>>) -> (String, Value, String) {
    let more = json!({ "contentHash": hash, "documentNumber": "某政发〔2026〕9号", "effectiveFrom": from });
    let input = bureau.input(register, at, &json!(2), more);
    let told = bureau.give(Some(&one("p-a", Role::Approver, register)), "approve", input).await;
    let words = told["refusal"]["messageEn"].as_str().unwrap_or_default().to_owned();
    (word(&told), told["refusal"]["field"].clone(), words)
}

fn stopped(told: &(String, Value, String), field: &str, check: &str) {
    assert_eq!((told.0.as_str(), &told.1), ("CHECKS_FAILED", &json!(format!("draft.content.{field}"))), "{told:?}");
    assert!(told.2.contains(check), "{told:?}");
}

/// A guide of the item I1 that asks for the material M1.
fn asking() -> Guide {
    let asked = MaterialRequirement { name: "证明".into(), material: Some(code("M1")), ..MaterialRequirement::default() };
    Guide { materials: vec![asked], ..guide("指南", "I1") }
}

/// The guide G1, reviewed, beside its item and the material that it asks for.
async fn reviewed() -> Pen {
    let mut pen = Pen::new();
    pen.adopt("A1", agency("某市统计局")).await;
    pen.adopt("I1", item("事项")).await;
    pen.adopt("M1", Material::new("无犯罪证明")).await;
    pen.carry("G1", asking(), 2).await;
    pen
}

fn hash() -> Hash {
    Hash::of_content(&asking()).unwrap()
}

const G1: (&str, &str) = ("GUIDE", "G1");

#[tokio::test]
async fn a_guide_is_approved_beside_what_stands() {
    let bureau = Bureau::over(reviewed().await.journal);
    assert_eq!(approved(&bureau, G1, hash(), None).await.0, "APPLIED");
}

#[tokio::test]
async fn a_guide_whose_item_was_suspended_since_it_was_submitted_is_not_approved() {
    let bureau = Bureau::over(reviewed().await.journal);
    let suspend = bureau.input("ITEM", "I1", &json!(0), json!({ "reason": "系统升级" }));
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), "suspend", suspend).await;
    stopped(&approved(&bureau, G1, hash(), None).await, "item", "ITEM_NOT_IN_FORCE");
    let resume = bureau.input("ITEM", "I1", &json!(1), json!({}));
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), "resume", resume).await;
    assert_eq!(approved(&bureau, G1, hash(), None).await.0, "APPLIED");
}

#[tokio::test]
async fn a_guide_is_approved_for_no_day_on_which_its_item_has_ceased() {
    let bureau = Bureau::over(reviewed().await.journal);
    let repeal = bureau.input("ITEM", "I1", &json!(0), json!({ "reason": "法律修改", "effectiveFrom": day(20) }));
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), "repeal", repeal).await;
    stopped(&approved(&bureau, G1, hash(), Some(day(20))).await, "item", "ITEM_NOT_IN_FORCE");
    assert_eq!(approved(&bureau, G1, hash(), Some(day(19))).await.0, "APPLIED");
}

#[tokio::test]
async fn a_guide_is_approved_for_no_day_on_which_its_item_is_only_announced() {
    let mut pen = Pen::new();
    pen.adopt("M1", Material::new("无犯罪证明")).await;
    let source = Source { file: "list".into(), ..Source::default() };
    pen.import("I1", domain::entry::Adopt { content: item("事项"), source, effective_from: Some(day(20)) }).await;
    pen.carry("G1", asking(), 0).await;
    let bureau = Bureau::over(pen.journal);
    // It may be submitted meanwhile, and is told.
    let input = bureau.input("GUIDE", "G1", &json!(0), json!({}));
    let submitted = bureau.applies(&one("p-d", Role::Drafter, "GUIDE"), "submit", input).await;
    let found = "{ entry(register: GUIDE, code: \"G1\") { findings { code severity path } } }";
    let found = bureau.answer(Some(&one("p-d", Role::Drafter, "GUIDE")), found, json!({})).await;
    let upcoming = json!({ "code": "ITEM_UPCOMING", "severity": "WARNING", "path": "item" });
    assert!(found["data"]["entry"]["findings"].as_array().unwrap().contains(&upcoming), "{found}");
    let more = json!({ "contentHash": hash() });
    let review = bureau.input("GUIDE", "G1", &submitted["entry"]["streamVersion"], more);
    bureau.applies(&one("p-r", Role::Reviewer, "GUIDE"), "review", review).await;
    stopped(&approved(&bureau, G1, hash(), None).await, "item", "ITEM_NOT_IN_FORCE");
    stopped(&approved(&bureau, G1, hash(), Some(day(19))).await, "item", "ITEM_NOT_IN_FORCE");
    assert_eq!(approved(&bureau, G1, hash(), Some(day(20))).await.0, "APPLIED");
}

#[tokio::test]
async fn a_public_guide_of_an_item_that_was_closed_since_is_not_approved() {
    let mut pen = reviewed().await;
    let openness = Openness {
        attribute: OpennessAttribute::OnRequest,
        reason: Some("商业秘密".into()),
        basis: vec![LegalBasis::as_written("x")],
        ..Openness::default()
    };
    pen.adopt("I1", Item { openness, ..item("事项") }).await;
    let bureau = Bureau::over(pen.journal);
    stopped(&approved(&bureau, G1, hash(), None).await, "item", "ITEM_NOT_DISCLOSED");
}

#[tokio::test]
async fn a_guide_that_asks_for_a_proof_that_was_abolished_since_is_not_approved() {
    let mut pen = reviewed().await;
    let abolished = Some(Abolished { reason: "by exchange".into(), document: None });
    pen.adopt("M1", Material { abolished, ..Material::new("无犯罪证明") }).await;
    let bureau = Bureau::over(pen.journal);
    stopped(&approved(&bureau, G1, hash(), None).await, "materials[0]", "MATERIAL_ABOLISHED");
}

#[tokio::test]
async fn a_material_that_is_not_kept_is_told_and_one_that_is_not_disclosed_is_told_as_if_it_were_not() {
    let openness = Openness {
        attribute: OpennessAttribute::NotDisclosed,
        reason: Some("planted".into()),
        basis: vec![LegalBasis::as_written("x")],
        ..Openness::default()
    };
    let mut told = Vec::new();
    for hidden in [None, Some(Material { openness, ..Material::new("planted") })] {
        let mut pen = Pen::new();
        pen.adopt("I1", item("事项")).await;
        if let Some(material) = hidden {
            pen.adopt("M1", material).await;
        }
        pen.carry("G1", asking(), 0).await;
        let bureau = Bureau::over(pen.journal);
        let drafter = one("p-d", Role::Drafter, "GUIDE");
        let query = "{ entry(register: GUIDE, code: \"G1\") { findings { code severity path message messageEn } } }";
        let found = bureau.answer(Some(&drafter), query, json!({})).await;
        let found = found["data"]["entry"]["findings"].as_array().unwrap_or_else(|| panic!("{found}")).clone();
        let unknown = found.into_iter().find(|finding| finding["code"] == "MATERIAL_UNKNOWN").unwrap();
        assert_eq!((&unknown["severity"], &unknown["path"]), (&json!("WARNING"), &json!("materials[0].material")));
        told.push(unknown);
        bureau.applies(&drafter, "submit", bureau.input("GUIDE", "G1", &json!(0), json!({}))).await;
    }
    assert_eq!(told[0], told[1]);
}

/// What the checks find in an item beside its agency, and what becomes of its approval at once and from a day on.
async fn item_of(agency: Option<Agency>, ends: Option<i64>) -> (Vec<Value>, String, String) {
    let mut pen = Pen::new();
    if let Some(agency) = agency {
        pen.adopt("A1", agency.clone()).await;
        if let Some(ends) = ends {
            let repeal =
                Repeal { effective_from: Some(day(ends)), reason: "机构改革".into(), document: None, replaced_by: None, reform: None };
            pen.by("planted-approver", Role::Approver, &agency, "A1", repeal).await;
        }
    }
    pen.carry("X1", item("事项"), 2).await;
    let bureau = Bureau::over(pen.journal);
    let query = "{ entry(register: ITEM, code: \"X1\") { findings { code severity path } } }";
    let found = bureau.answer(Some(&one("p-d", Role::Drafter, "ITEM")), query, json!({})).await;
    let mut found = found["data"]["entry"]["findings"].as_array().unwrap().clone();
    found.retain(|finding| finding["path"] == "agency");
    let hash = Hash::of_content(&item("事项")).unwrap();
    let later = approved(&bureau, ("ITEM", "X1"), hash, Some(day(20))).await;
    let later = if later.0 == "CHECKS_FAILED" { later.2 } else { later.0 };
    // Where it was approved for later, that is what became of it.
    let now = approved(&bureau, ("ITEM", "X1"), hash, None).await.0;
    (found, later, now)
}

#[tokio::test]
async fn an_item_is_approved_for_no_day_on_which_its_agency_is_abolished() {
    let finding = |code: &str, severity: &str| vec![json!({ "code": code, "severity": severity, "path": "agency" })];
    let there = || Some(agency("某市统计局"));
    let (found, later, _) = item_of(there(), None).await;
    assert_eq!((found, later.as_str()), (vec![], "APPLIED"));
    // It is told that the agency is not published; a list of services names bodies that are on none (Art. 5(2)).
    let (found, later, _) = item_of(None, None).await;
    assert_eq!((found, later.as_str()), (finding("AGENCY_NOT_PUBLISHED", "WARNING"), "APPLIED"));
    let (found, later, now) = item_of(there(), Some(20)).await;
    assert_eq!((found, now.as_str()), (finding("AGENCY_CEASES", "WARNING"), "APPLIED"));
    assert!(later.contains("AGENCY_ABOLISHED[agency]"), "{later}");
    let (found, later, now) = item_of(there(), Some(-1)).await;
    assert_eq!((found, now.as_str()), (finding("AGENCY_ABOLISHED", "ERROR"), "CHECKS_FAILED"));
    assert!(later.contains("AGENCY_ABOLISHED[agency]"), "{later}");
}
