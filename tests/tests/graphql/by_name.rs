//! A guide that asks for a material by its name alone asks for what the catalogue has under that name (Art. 5(2)).

use api::registrar::{
    change::Desk,
    changeset::{Change, refused_of},
};
use domain::{
    acting::Role,
    register::{Abolished, Guide, Material, MaterialRequirement},
    value::Hash,
};
use serde_json::{Value, json};

use super::{
    abolished::{city, input, propose},
    callers::{Bureau, caller, grant, one, word},
    desk::{Pen, code, guide},
    support::day,
};

pub fn by_name(name: &str) -> Guide {
    Guide { materials: vec![MaterialRequirement { name: name.into(), ..MaterialRequirement::default() }], ..guide("按名要求", "I1") }
}

/// A proof that was abolished, of which nothing but its names is known to whoever writes a guide.
async fn kept() -> Pen {
    let mut pen = city().await;
    let abolished = Some(Abolished { reason: "数据共享".into(), document: None });
    pen.adopt("M5", Material { abolished, other_names: vec!["生存证明（原件）".into()], ..Material::new("健在证明") }).await;
    pen
}

pub async fn submitted(bureau: &Bureau, at: &str) -> Value {
    let drafter = one("planted-drafter", Role::Drafter, "GUIDE");
    bureau.give(Some(&drafter), "submit", bureau.input("GUIDE", at, &json!(0), json!({}))).await
}

#[tokio::test]
async fn an_abolished_proof_does_not_come_back_because_its_code_is_left_out() {
    for name in ["健在证明", "健在 证明", "生存证明(原件)"] {
        let mut pen = kept().await;
        pen.carry("G9", by_name(name), 0).await;
        let told = submitted(&Bureau::over(pen.journal), "G9").await;
        assert_eq!((word(&told).as_str(), &told["refusal"]["field"]), ("CHECKS_FAILED", &json!("draft.content.materials[0]")), "{told:#}");
        assert!(told["refusal"]["messageEn"].as_str().unwrap().contains("MATERIAL_ABOLISHED"), "{told:#}");
    }
    let mut pen = kept().await;
    pen.carry("G9", by_name("健在证明书"), 0).await;
    assert_eq!(word(&submitted(&Bureau::over(pen.journal), "G9").await), "APPLIED", "another name is another proof");
}

#[tokio::test]
async fn a_guide_is_not_approved_that_asks_by_name_for_what_was_abolished_since() {
    let mut pen = kept().await;
    // Submitted and reviewed before anybody abolished it.
    pen.carry("G9", by_name("健在证明"), 2).await;
    let bureau = Bureau::over(pen.journal);
    let hash = Hash::of_content(&by_name("健在证明")).unwrap();
    let approve = bureau.input("GUIDE", "G9", &json!(2), json!({ "contentHash": hash, "documentNumber": "1号" }));
    let told = bureau.give(Some(&one("p-a", Role::Approver, "GUIDE")), "approve", approve).await;
    assert_eq!((word(&told).as_str(), &told["refusal"]["field"]), ("CHECKS_FAILED", &json!("draft.content.materials[0]")), "{told:#}");
}

#[tokio::test]
async fn what_the_catalogue_has_is_told_with_its_code_and_stops_nothing() {
    let mut pen = kept().await;
    pen.carry("G9", by_name("身份证"), 0).await;
    let bureau = Bureau::over(pen.journal);
    assert_eq!(word(&submitted(&bureau, "G9").await), "APPLIED");
    let query = "{ entry(register: GUIDE, code: \"G9\") { findings { code severity path messageEn } } }";
    let answer = bureau.answer(Some(&one("planted-drafter", Role::Drafter, "GUIDE")), query, json!({})).await;
    let findings = answer["data"]["entry"]["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["code"] == "MATERIAL_BY_NAME").unwrap_or_else(|| panic!("{answer:#}"));
    assert_eq!((&found["severity"], &found["path"]), (&json!("INFO"), &json!("materials[0].material")), "{found:#}");
    assert!(found["messageEn"].as_str().unwrap().contains("M4"), "{found:#}");
}

#[tokio::test]
async fn guides_in_force_that_ask_for_it_by_name_are_revised_with_those_that_give_its_code() {
    let mut pen = kept().await;
    // It is called otherwise since.
    let abolished = Some(Abolished { reason: "数据共享".into(), document: None });
    pen.carry("M5", Material { abolished, ..Material::new("在世证明") }, 3).await;
    // Of a list, which is taken over as it stands.
    pen.adopt("G8", by_name("健在证明")).await;
    let bureau = Bureau::over(pen.journal);
    let drafter = caller("account-p-d", "p-d", vec![grant(Role::Drafter, Some("A1"))]);
    let told = propose(&bureau, Some(&drafter), &input(&bureau, "M5", "A1")).await;
    assert_eq!((word(&told), &told["changeSet"]["members"]["nodes"][0]["code"]), ("APPLIED".to_owned(), &json!("G8")), "{told:#}");
    assert_eq!(told["changeSet"]["members"]["nodes"][0]["changes"], json!([{ "path": "materials" }]), "{told:#}");
}

#[tokio::test]
async fn a_set_brings_in_no_guide_that_asks_by_name_for_what_is_or_with_it_becomes_abolished() {
    let desk = Desk::new(kept().await.journal);
    let of_city = caller("account-city", "p-city", vec![grant(Role::Drafter, None)]);
    let abolishing =
        || Material { abolished: Some(Abolished { reason: "数据共享".into(), document: None }), ..Material::new("身份证") };
    let asks = |name: &str| Change::to(code("G9"), by_name(name), None);
    for (changes, refused) in [
        (vec![asks("健在证明")], true),
        (vec![asks("身份证")], false),
        (vec![asks("身份证"), Change::to(code("M4"), abolishing(), None)], true),
    ] {
        let told = refused_of(&desk, &of_city, &changes, &[], day(0)).await.unwrap();
        let told: Vec<_> = told.iter().map(|member| (member.entry.code.as_str(), member.refused.code)).collect();
        assert_eq!(told, if refused { vec![("G9", "CHECKS_FAILED")] } else { vec![] });
    }
}
