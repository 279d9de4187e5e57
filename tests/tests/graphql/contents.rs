//! Contents from outside: read strictly, of bounded size, in a form that can be found out.

use domain::acting::Role;
use serde_json::{Value, json};

use super::callers::{Bureau, REGISTERS, content, one, word};

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
