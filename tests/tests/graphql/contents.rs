//! Contents from outside: read strictly, of bounded size, in a form that can be found out.

use domain::{
    acting::Role,
    register::{Abolished, Item, Material},
    value::{LegalBasis, Openness, OpennessAttribute},
};
use serde_json::{Value, json};

use super::{
    callers::{Bureau, REGISTERS, content, one, word},
    desk::{Pen, code, item},
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
            (with("nmae", json!("乙")), "nmae"),
            (with("name", json!(7)), "name"),
            (with("openness", json!({ "attribute": "ACTIVE", "why": "x" })), "openness.why"),
            (with("openness", json!({ "attribute": "SECRET" })), "openness.attribute"),
            (json!([]), "content"),
            (json!("text"), "content"),
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
    assert_eq!(word(&over), "LIMIT_EXCEEDED");
    assert!(over["message"].as_str().unwrap().split_once(" / ").is_some_and(|(zh, en)| zh.contains("196608") && en.contains("196608")));
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
    assert_eq!((word(&refused), &refused["refusal"]["field"]), ("CHECKS_FAILED".to_owned(), &json!("abolished.reason")));
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
    let refused = |field: &str| ("CHECKS_FAILED".to_owned(), json!(field));
    let told = |(word, field, _): (String, Value, Value)| (word, field);
    let bureau = Bureau::new();
    assert_eq!(told(submitted(&bureau, content("GUIDE", "甲")).await), refused("item"), "there is none");
    bureau.carry("ITEM", "A1-I1", "事项", 3).await;
    assert_eq!(told(submitted(&bureau, content("GUIDE", "甲")).await), refused("item"), "a draft is none");
    let bureau = Bureau::new();
    bureau.carry("ITEM", "A1-I1", "事项", 4).await;
    assert_eq!(told(submitted(&bureau, content("GUIDE", "甲")).await), ("APPLIED".to_owned(), Value::Null));
    assert_eq!(told(submitted(&bureau, content("GUIDE", "甲")).await), refused("item"), "it is suspended by now");
}

#[tokio::test]
async fn all_that_stops_a_submission_is_told_at_once() {
    let bureau = Bureau::new();
    let mut guide = content("GUIDE", "甲");
    guide["consult"] = json!([]);
    guide["results"] = json!([]);
    let (told, field, words) = submitted(&bureau, guide).await;
    assert_eq!((told.as_str(), &field), ("CHECKS_FAILED", &json!("results")));
    let words = words.as_str().unwrap();
    for code in ["RESULT_INCOMPLETE[results]", "CONSULT_MISSING[consult]", "ITEM_NOT_IN_FORCE[item]", "checks failed, 3 in all: "] {
        assert!(words.contains(code), "{code} in {words}");
    }
}

#[tokio::test]
async fn a_guide_that_asks_for_an_abolished_proof_is_not_submitted() {
    let bureau = Bureau::new();
    bureau.carry("ITEM", "A1-I1", "事项", 4).await;
    let payload = bureau.carry("MATERIAL", "M1", "无犯罪证明", 4).await;
    let mut guide = content("GUIDE", "甲");
    guide["materials"] = json!([{ "name": "无犯罪证明", "material": "M1", "necessity": "REQUIRED" }]);
    let abolished = json!({ "name": "无犯罪证明", "abolished": { "reason": "部门间数据共享" } });
    let correct = bureau.input(
        "MATERIAL",
        "M1",
        &payload["entry"]["streamVersion"],
        json!({ "content": abolished, "reason": "清理证明", "documentNumber": "2号" }),
    );
    bureau.applies(&one("p-a", Role::Approver, "MATERIAL"), "correct", correct).await;
    let (told, field, words) = submitted(&bureau, guide).await;
    assert_eq!((told.as_str(), &field), ("CHECKS_FAILED", &json!("materials[0]")));
    assert!(words.as_str().unwrap().contains("部门间数据共享"), "{words}");
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
    for (at, openness) in [("PUBLIC", open(Active, &[])), ("ASKED", open(OnRequest, &[])), ("HIDDEN", open(NotDisclosed, &[]))] {
        pen.adopt(at, Item { agency: code("A2"), openness, ..item("乙") }).await;
    }
    let abolished = || Some(Abolished { reason: "planted".into(), document: None });
    for (at, openness) in [("TOLD", open(Active, &[])), ("KEPT", open(OnRequest, &[])), ("HALF", open(Partial, &["abolished"]))] {
        pen.adopt(at, Material { abolished: abolished(), openness, ..Material::new("无犯罪证明") }).await;
    }
    let bureau = Bureau::over(pen.journal);
    for (item, material, refused) in [
        ("OWN", None, None),
        ("PUBLIC", None, Some("ITEM_OF_OTHER_AGENCY")),
        ("ASKED", None, Some("ITEM_NOT_IN_FORCE")),
        ("HIDDEN", None, Some("ITEM_NOT_IN_FORCE")),
        ("NOWHERE", None, Some("ITEM_NOT_IN_FORCE")),
        ("OWN", Some("TOLD"), Some("MATERIAL_ABOLISHED")),
        ("OWN", Some("KEPT"), None),
        ("OWN", Some("HALF"), None),
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
