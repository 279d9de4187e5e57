//! Contents from outside: read strictly, of bounded size, in a form that can be found out.

use std::sync::Arc;

use api::auth::Caller;
use domain::{
    acting::Role,
    register::{Abolished, Guide, Item, Material, MaterialRequirement},
    value::{LegalBasis, Openness, OpennessAttribute},
};
use serde_json::{Value, json};

use super::{
    abolished_stays::carry_from,
    callers::{Bureau, REGISTERS, content, one, word},
    desk::{Pen, code, guide, item},
};

async fn draft(bureau: &Bureau, register: &str, content: Value) -> Value {
    let input = json!({ "commandId": bureau.id(), "register": register, "content": content });
    bureau.give(Some(&one("p-d", Role::Drafter, register)), "draft", input).await
}

#[tokio::test]
async fn a_field_that_is_unknown_or_of_another_type_is_refused_with_its_path_in_both_languages() {
    let bureau = Bureau::new();
    for register in REGISTERS {
        let with = |field: &str, value: Value| {
            let mut content = content(register, "甲");
            content[field] = value;
            content
        };
        for (given, path) in [
            (with("nmae", json!("乙")), "input.content.nmae"),
            (with("name", json!(7)), "input.content.name"),
            (with("openness", json!({ "attribute": "ACTIVE", "why": "x" })), "input.content.openness.why"),
            (with("openness", json!({ "attribute": "SECRET" })), "input.content.openness.attribute"),
            (json!([]), "input.content"),
            (json!("text"), "input.content"),
        ] {
            let payload = draft(&bureau, register, given).await;
            let refusal = &payload["refusal"];
            assert_eq!((word(&payload), &refusal["field"]), ("CONTENT_INVALID".to_owned(), &json!(path)), "{register}: {payload}");
            let (zh, en) = (refusal["message"].as_str().unwrap(), refusal["messageEn"].as_str().unwrap());
            assert!(zh.contains(|c: char| c > '\u{3000}') && !en.contains("struct") && !en.contains("::"), "{zh} / {en}");
        }
    }
    assert_eq!(bureau.journal.head().await.unwrap(), None);
}

#[tokio::test]
async fn a_content_has_a_largest_size_and_up_to_it_is_taken() {
    const MOST: usize = 192 * 1024;
    let bureau = Bureau::new();
    let sized = |bytes: usize| {
        let mut content = content("ITEM", "甲");
        content["remark"] = json!("");
        let room = bytes - serde_json::to_vec(&content).unwrap().len();
        content["remark"] = json!("x".repeat(room));
        content
    };
    assert_eq!(word(&draft(&bureau, "ITEM", sized(MOST)).await), "APPLIED");
    let over = draft(&bureau, "ITEM", sized(MOST + 1)).await;
    let refusal = &over["refusal"];
    assert_eq!((word(&over), &refusal["field"]), ("CONTENT_TOO_LARGE".to_owned(), &json!("input.content")));
    assert!(["message", "messageEn"].iter().all(|words| refusal[*words].as_str().unwrap().contains("196608")), "{over}");
}

#[tokio::test]
async fn the_form_of_a_content_can_be_asked_for_and_knows_every_field_that_is_taken() {
    let bureau = Bureau::new();
    for register in REGISTERS {
        let schema = bureau.answer(None, &format!("{{ contentSchema(register: {register}) }}"), json!({})).await;
        let schema = &schema["data"]["contentSchema"];
        let fields = schema["properties"].as_object().unwrap();
        assert!(fields.contains_key("openness") && schema["required"].as_array().unwrap().contains(&json!("name")), "{schema}");
        for (field, form) in fields {
            // What the form knows is known: a value of a type that no field has is refused as that, and not as an unknown field.
            let mut given = content(register, "甲");
            given[field] = json!({ "0": [[]] });
            let payload = draft(&bureau, register, given).await;
            let refusal = &payload["refusal"];
            let unknown = refusal["messageEn"].as_str().unwrap_or_default().contains(&format!("has no field {field:?}"));
            assert!(!unknown, "{register}.{field} ({form}): {payload}");
        }
    }
}

#[tokio::test]
async fn a_draft_whose_checks_fail_is_told_so_and_not_submitted() {
    let bureau = Bureau::new();
    let mut given = content("MATERIAL", "甲");
    given["abolished"] = json!({ "reason": "" });
    let payload = draft(&bureau, "MATERIAL", given).await;
    let code = payload["entry"]["code"].as_str().unwrap().to_owned();
    let drafter = one("p-d", Role::Drafter, "MATERIAL");
    let refused = bureau.give(Some(&drafter), "submit", bureau.input("MATERIAL", &code, &json!(0), json!({}))).await;
    assert_eq!((word(&refused), &refused["refusal"]["field"]), ("CHECKS_FAILED".to_owned(), &json!("draft.content.abolished.reason")));
    let query = format!("{{ entry(register: MATERIAL, code: {code:?}) {{ findings {{ code }} }} }}");
    let seen = bureau.answer(Some(&drafter), &query, json!({})).await;
    assert_eq!(seen["data"]["entry"]["findings"][0]["code"], "MATERIAL_ABOLISHED_REASON");
    assert_eq!(bureau.answer(None, &query, json!({})).await["data"]["entry"], Value::Null);
}

/// Submits a guide that is drafted beside whatever there is; the answer in one word, and its field.
async fn submitted(bureau: &Bureau, guide: Value) -> (String, Value, Value) {
    let payload = draft(bureau, "GUIDE", guide).await;
    let code = payload["entry"]["code"].as_str().unwrap().to_owned();
    let input = bureau.input("GUIDE", &code, &json!(0), json!({}));
    let told = bureau.give(Some(&one("p-d", Role::Drafter, "GUIDE")), "submit", input.clone()).await;
    if word(&told) == "APPLIED" {
        // Once more it is answered as the first time, whatever became of the item meanwhile.
        let version = json!(3);
        let gone = bureau.input("ITEM", "A1-I1", &version, json!({ "reason": "系统升级" }));
        bureau.applies(&one("p-a", Role::Approver, "ITEM"), "suspend", gone).await;
        let again = bureau.give(Some(&one("p-d", Role::Drafter, "GUIDE")), "submit", input).await;
        assert_eq!((word(&again), &again["position"]), ("UNCHANGED".to_owned(), &told["position"]));
    }
    (word(&told), told["refusal"]["field"].clone(), told["refusal"]["messageEn"].clone())
}

#[tokio::test]
async fn a_guide_is_submitted_only_beside_an_item_in_force_of_its_agency() {
    let refused = |field: &str| ("CHECKS_FAILED".to_owned(), json!(format!("draft.content.{field}")));
    let told = |(word, field, _): (String, Value, Value)| (word, field);
    let bureau = Bureau::new();
    assert_eq!(told(submitted(&bureau, content("GUIDE", "甲")).await), refused("item"), "there is none");
    bureau.carry("ITEM", "A1-I1", "事项", 3).await;
    assert_eq!(told(submitted(&bureau, content("GUIDE", "甲")).await), refused("item"), "a draft is none");
    let bureau = Bureau::new();
    bureau.carry("ITEM", "A1-I1", "事项", 4).await;
    assert_eq!(told(submitted(&bureau, content("GUIDE", "甲")).await), ("APPLIED".to_owned(), Value::Null));
    // It is suspended by now, and may not be any more by the day for which the guide is approved: no day is named yet.
    let payload = draft(&bureau, "GUIDE", content("GUIDE", "甲")).await;
    let code = payload["entry"]["code"].as_str().unwrap().to_owned();
    bureau.applies(&one("p-d", Role::Drafter, "GUIDE"), "submit", bureau.input("GUIDE", &code, &json!(0), json!({}))).await;
    let query = format!("{{ entry(register: GUIDE, code: {code:?}) {{ draft {{ contentHash }} }} }}");
    let hash =
        bureau.answer(Some(&one("p-r", Role::Reviewer, "GUIDE")), &query, json!({})).await["data"]["entry"]["draft"]["contentHash"].take();
    let review = bureau.input("GUIDE", &code, &json!(1), json!({ "contentHash": hash }));
    bureau.applies(&one("p-r", Role::Reviewer, "GUIDE"), "review", review).await;
    let approve = bureau.input("GUIDE", &code, &json!(2), json!({ "contentHash": hash, "documentNumber": "某政发〔2026〕1号" }));
    let told = bureau.give(Some(&one("p-a", Role::Approver, "GUIDE")), "approve", approve).await;
    assert!(word(&told) == "CHECKS_FAILED" && told["refusal"]["messageEn"].as_str().unwrap().contains("ITEM_NOT_IN_FORCE"), "{told}");
}

#[tokio::test]
async fn all_that_stops_a_submission_is_told_at_once() {
    let bureau = Bureau::new();
    let mut guide = content("GUIDE", "甲");
    guide["consult"] = json!([]);
    guide["results"] = json!([]);
    let (told, field, words) = submitted(&bureau, guide).await;
    assert_eq!((told.as_str(), &field), ("CHECKS_FAILED", &json!("draft.content.results")));
    let words = words.as_str().unwrap();
    for code in ["RESULT_INCOMPLETE[results]", "CONSULT_MISSING[consult]", "ITEM_NOT_IN_FORCE[item]", "checks failed, 3 in all: "] {
        assert!(words.contains(code), "{code} in {words}");
    }
}

#[tokio::test]
async fn a_guide_that_asks_for_an_abolished_proof_is_not_submitted() {
    let bureau = Bureau::new();
    bureau.carry("ITEM", "A1-I1", "事项", 4).await;
    let mut guide = content("GUIDE", "甲");
    guide["materials"] = json!([{ "name": "无犯罪证明", "material": "M1", "necessity": "REQUIRED" }]);
    let abolished = json!({ "name": "无犯罪证明", "abolished": { "reason": "部门间数据共享" } });
    assert_eq!(word(&carry_from(&bureau, "M1", &json!({ "name": "无犯罪证明" }), &Value::Null).await), "APPLIED");
    assert_eq!(word(&carry_from(&bureau, "M1", &abolished, &Value::Null).await), "APPLIED");
    let (told, field, words) = submitted(&bureau, guide).await;
    assert_eq!((told.as_str(), &field), ("CHECKS_FAILED", &json!("draft.content.materials[0]")));
    assert!(words.as_str().unwrap().contains("部门间数据共享"), "{words}");
}

#[tokio::test]
async fn an_urgent_correction_is_laid_beside_other_entries_as_a_submission_is() {
    let mut pen = Pen::new();
    for at in ["I1", "I2"] {
        pen.adopt(at, item("事项")).await;
    }
    pen.adopt("I9", Item { agency: code("A2"), ..item("他局事项") }).await;
    let abolished = Some(Abolished { reason: "部门间数据共享".into(), document: None });
    pen.adopt("M1", Material { abolished, ..Material::new("无犯罪证明") }).await;
    pen.adopt("M2", Material::new("身份证")).await;
    pen.adopt("G1", guide("指南", "I1")).await;
    let bureau = Bureau::over(pen.journal);
    let approver = one("p-a", Role::Approver, "GUIDE");
    let gone = bureau.input("ITEM", "I2", &json!(0), json!({ "reason": "系统升级" }));
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), "suspend", gone).await;
    let corrected = async |item: &str, material: &str, version: u64| {
        let mut guide = content("GUIDE", "指南");
        guide["item"] = json!(item);
        guide["materials"] = json!([{ "name": "证明", "material": material, "necessity": "REQUIRED" }]);
        let input = bureau.input("GUIDE", "G1", &json!(version), json!({ "content": guide, "reason": "材料有误" }));
        (bureau.give(Some(&approver), "correct", input.clone()).await, input)
    };
    for (item, material, field, check) in [
        ("I1", "M1", "materials[0]", "MATERIAL_ABOLISHED"),
        ("I2", "M2", "item", "ITEM_NOT_IN_FORCE"),
        ("NOWHERE", "M2", "item", "ITEM_NOT_IN_FORCE"),
        ("I9", "M2", "agency", "ITEM_OF_OTHER_AGENCY"),
    ] {
        let (told, _) = corrected(item, material, 0).await;
        assert_eq!(
            (word(&told), &told["refusal"]["field"]),
            ("CHECKS_FAILED".to_owned(), &json!(format!("input.content.{field}"))),
            "{told}"
        );
        assert!(told["refusal"]["message"].as_str().unwrap().contains(check), "{told}");
    }
    let (told, input) = corrected("I1", "M2", 0).await;
    assert_eq!(word(&told), "APPLIED", "{told}");
    // Once more it is answered as the first time, whatever became of the item meanwhile.
    let gone = bureau.input("ITEM", "I1", &json!(0), json!({ "reason": "系统升级" }));
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), "suspend", gone).await;
    let again = bureau.give(Some(&approver), "correct", input).await;
    assert_eq!((word(&again), &again["position"]), ("UNCHANGED".to_owned(), &told["position"]));
}

#[tokio::test]
async fn a_refusal_tells_no_more_of_what_others_answer_for_than_they_publish() {
    use OpennessAttribute::{Active, NotDisclosed, OnRequest, Partial};
    let open = |attribute: OpennessAttribute, withheld: &[&str]| Openness {
        attribute,
        withheld: withheld.iter().map(|field| (*field).to_owned()).collect(),
        reason: Some("涉及第三方商业秘密".into()),
        basis: vec![LegalBasis::as_written("x")],
    };
    let mut pen = Pen::new();
    pen.adopt("OWN", Item { openness: open(NotDisclosed, &[]), ..item("甲") }).await;
    pen.adopt("MINE", item("丙")).await;
    for (at, openness) in [("PUBLIC", open(Active, &[])), ("ASKED", open(OnRequest, &[])), ("HIDDEN", open(NotDisclosed, &[]))] {
        pen.adopt(at, Item { agency: code("A2"), openness, ..item("乙") }).await;
    }
    let abolished = || Some(Abolished { reason: "planted".into(), document: None });
    for (at, openness) in [("TOLD", open(Active, &[])), ("KEPT", open(OnRequest, &[])), ("HALF", open(Partial, &["abolished"]))] {
        pen.adopt(at, Material { abolished: abolished(), openness, ..Material::new("无犯罪证明") }).await;
    }
    let bureau = Bureau::over(pen.journal);
    for (item, material, refused) in [
        ("OWN", None, Some("ITEM_NOT_DISCLOSED")),
        ("MINE", None, None),
        ("PUBLIC", None, Some("ITEM_OF_OTHER_AGENCY")),
        ("ASKED", None, Some("ITEM_NOT_IN_FORCE")),
        ("HIDDEN", None, Some("ITEM_NOT_IN_FORCE")),
        ("NOWHERE", None, Some("ITEM_NOT_IN_FORCE")),
        ("MINE", Some("TOLD"), Some("MATERIAL_ABOLISHED")),
        ("MINE", Some("KEPT"), None),
        ("MINE", Some("NOWHERE"), None),
        // That a proof is abolished is told also where a content that is kept names it among what is withheld.
        ("MINE", Some("HALF"), Some("MATERIAL_ABOLISHED")),
    ] {
        let mut guide = content("GUIDE", "甲");
        guide["item"] = json!(item);
        let asked = material.map(|code| json!({ "name": "无犯罪证明", "material": code, "necessity": "REQUIRED" }));
        guide["materials"] = asked.into_iter().collect();
        let drafted = draft(&bureau, "GUIDE", guide).await;
        let input = bureau.input("GUIDE", drafted["entry"]["code"].as_str().unwrap(), &json!(0), json!({}));
        let told = bureau.give(Some(&one("p-d", Role::Drafter, "GUIDE")), "submit", input).await;
        let words = told["refusal"]["messageEn"].as_str().unwrap_or_default();
        match refused {
            None => assert_eq!(word(&told), "APPLIED", "{item} {material:?}: {told}"),
            Some(check) => assert!(word(&told) == "CHECKS_FAILED" && words.contains(check), "{item} {material:?}: {told}"),
        }
        assert_eq!(words.contains("planted"), refused == Some("MATERIAL_ABOLISHED"), "{item} {material:?}: {told}");
    }
}

/// What the checks find in an entry, as somebody sees it: codes and paths.
async fn found(bureau: &Bureau, who: Option<&Arc<Caller>>, code: &str) -> Vec<(String, String)> {
    let query = format!("{{ entry(register: GUIDE, code: {code:?}) {{ findings {{ code path }} }} }}");
    let answer = bureau.answer(who, &query, json!({})).await;
    let found = answer["data"]["entry"]["findings"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut beside: Vec<_> = found.iter().map(|finding| (text(&finding["code"]), text(&finding["path"]))).collect();
    beside.retain(|(code, _)| code.starts_with("ITEM_") || code.starts_with("MATERIAL_"));
    beside
}

#[tokio::test]
async fn findings_tell_also_what_is_missing_beside_an_entry() {
    let mut pen = Pen::new();
    pen.adopt("I1", item("事项")).await;
    pen.adopt("I9", Item { agency: code("A2"), ..item("他局事项") }).await;
    // An item that nobody outside may know of.
    let secret = Openness {
        attribute: OpennessAttribute::NotDisclosed,
        reason: Some("涉密".into()),
        basis: vec![LegalBasis::as_written("《保密法》第一条")],
        ..Openness::default()
    };
    pen.adopt("I3", Item { openness: secret, ..item("密件") }).await;
    let abolished = Some(Abolished { reason: "部门间数据共享".into(), document: None });
    pen.adopt("M1", Material { abolished, ..Material::new("无犯罪证明") }).await;
    let asks = |item: &str, material: Option<&str>| {
        let requirement =
            material.map(|material| MaterialRequirement { name: "证明".into(), material: Some(code(material)), ..Default::default() });
        Guide { materials: requirement.into_iter().collect(), ..guide("指南", item) }
    };
    let guides = [("G1", "I1", None), ("G2", "I1", Some("M1")), ("G3", "I3", None), ("G4", "I9", None), ("G5", "I1", Some("NOWHERE"))];
    for (at, item, material) in guides {
        pen.adopt(at, asks(item, material)).await;
    }
    let bureau = Bureau::over(pen.journal);
    let drafter = one("p-d", Role::Drafter, "GUIDE");
    let pair = |code: &str, path: &str| vec![(code.to_owned(), path.to_owned())];
    for who in [None, Some(&drafter)] {
        assert_eq!(found(&bureau, who, "G1").await, []);
        assert_eq!(found(&bureau, who, "G2").await, pair("MATERIAL_ABOLISHED", "materials[0]"));
        assert_eq!(found(&bureau, who, "G4").await, pair("ITEM_OF_OTHER_AGENCY", "agency"));
        assert_eq!(found(&bureau, who, "G5").await, pair("MATERIAL_UNKNOWN", "materials[0].material"));
    }
    // Whoever keeps the guide knows of the item; for everybody else it is not there.
    assert_eq!(found(&bureau, Some(&drafter), "G3").await, pair("ITEM_NOT_DISCLOSED", "item"));
    assert_eq!(found(&bureau, None, "G3").await, pair("ITEM_NOT_IN_FORCE", "item"));
    let gone = bureau.input("ITEM", "I1", &json!(0), json!({ "reason": "系统升级" }));
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), "suspend", gone).await;
    assert_eq!(found(&bureau, None, "G1").await, pair("ITEM_NOT_IN_FORCE", "item"));
}
