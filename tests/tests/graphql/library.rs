//! What is wrong with a request before our code sees it is told in Chinese and English, with a code, where and what to do, over HTTP; whatever the
//! GraphQL library says of it.

use serde_json::{Value, json};

use super::{callers::one, server::Server, support::made};

/// A request, the place in its query that is told, the path of the value that it is about, and words that help.
struct Case {
    query: &'static str,
    variables: Value,
    place: Option<(u64, u64)>,
    field: Option<&'static str>,
    helps: &'static str,
}

const SUBMIT: &str = "mutation ($input: StepInput!) {\n  submit(input: $input) { status }\n}";
const LAY: &str = "mutation ($input: LayDownRuleInput!) {\n  layDownRule(input: $input) { status }\n}";
const ID: &str = "00000000-0000-0000-0000-00000000000a";

fn case(query: &'static str, variables: Value, place: (u64, u64), field: Option<&'static str>, helps: &'static str) -> Case {
    Case { query, variables, place: Some(place), field, helps }
}

fn step(change: &Value) -> Value {
    let mut input = json!({ "commandId": ID, "register": "ITEM", "code": "A1-1", "expectedVersion": 0 });
    for (name, value) in change.as_object().unwrap() {
        if value == "-" {
            input.as_object_mut().unwrap().remove(name);
        } else {
            input[name] = value.clone();
        }
    }
    json!({ "input": input })
}

/// A leap second is no moment of clocks.
fn leap() -> Case {
    case(
        "query ($at: DateTime) { registry(knownAt: $at) { channel } }",
        json!({ "at": "2026-07-01T07:59:60+08:00" }),
        (1, 43),
        Some("knownAt"),
        "a time with its zone",
    )
}

fn cases() -> Vec<Case> {
    vec![
        // Values of variables.
        case(SUBMIT, step(&json!({ "commandId": "seven" })), (2, 17), Some("input.commandId"), "a UUID, e.g."),
        case(SUBMIT, step(&json!({ "commandId": 7 })), (2, 17), Some("input.commandId"), "a UUID, e.g."),
        case(SUBMIT, step(&json!({ "expectedVersion": "-" })), (2, 10), Some("input.expectedVersion"), "is missing: give it"),
        case(SUBMIT, step(&json!({ "expectedVersion": "first" })), (2, 10), Some("input.expectedVersion"), "a whole number"),
        case(SUBMIT, step(&json!({ "expectedVersion": -1 })), (2, 17), Some("input.expectedVersion"), "a whole number from 0"),
        case(SUBMIT, step(&json!({ "register": "BOOK" })), (2, 10), Some("input.register"), "a value of Register, and \"BOOK\" is none"),
        case(SUBMIT, step(&json!({ "code": 7 })), (2, 10), Some("input.code"), "a text"),
        case(SUBMIT, step(&json!({ "code": null })), (2, 10), Some("input.code"), "a text"),
        case(SUBMIT, step(&json!({ "kode": "A1" })), (2, 10), Some("input.kode"), "has no such field"),
        case(
            LAY,
            json!({ "input": { "commandId": ID, "code": "ART-7", "documentNumber": "1", "hours": 0 } }),
            (2, 22),
            Some("input.hours"),
            "from 1 to",
        ),
        case(
            LAY,
            json!({ "input": { "commandId": ID, "code": "ART-7", "documentNumber": "1", "effectiveFrom": "tomorrow", "hours": 1 } }),
            (2, 22),
            Some("input.effectiveFrom"),
            "a time with its zone",
        ),
        case(
            "mutation ($input: ReviewInput!) { review(input: $input) { status } }",
            step(&json!({ "contentHash": "sha256:7" })),
            (1, 49),
            Some("input.contentHash"),
            "64 hexadecimal digits",
        ),
        case(
            "query ($at: DateTime) { registry(validAt: $at) { channel } }",
            json!({ "at": "now" }),
            (1, 25),
            Some("validAt"),
            "a time with its zone",
        ),
        leap(),
        // Values in the query.
        case("{ registry(channel: PHONE) { channel } }", json!({}), (1, 12), Some("channel"), "\"PHONE\" is none"),
        case("{ registry { item(code: 7) { code } } }", json!({}), (1, 19), Some("code"), "a text"),
        case("{ registry(validAt: \"now\") { channel } }", json!({}), (1, 3), Some("validAt"), "a time with its zone"),
        // The query itself.
        case("{ registry { itme(code: \"A\") { code } } }", json!({}), (1, 14), None, "has no field \"itme\""),
        case("{ registry { item(kode: \"A\") { code } } }", json!({}), (1, 19), None, "has no argument \"kode\""),
        case("{ registry { item { code } } }", json!({}), (1, 14), None, "takes the argument code"),
        case("{ registry { item(code: \"A\") } }", json!({}), (1, 14), None, "say in braces"),
        case("{ registry { channel { name } } }", json!({}), (1, 14), None, "leave its braces out"),
        case("query ($code: Int!) { registry { item(code: $code) { code } } }", json!({ "code": 7 }), (1, 39), Some("code"), "a text"),
        case("{ registry { item(code: $code) { code } } }", json!({}), (1, 19), None, "declare it"),
        case("query ($code: String!) { registry { channel } }", json!({ "code": "A" }), (1, 8), None, "leave it out"),
        case("query ($code: Strin!) { registry { item(code: $code) { code } } }", json!({ "code": "A" }), (1, 8), None, "there is no type"),
        case("{ registry { ...Nothing } }", json!({}), (1, 14), None, "there is no fragment"),
        case("{ registry { channel }", json!({}), (1, 23), None, "not well formed"),
        case("{ registry @sometimes { channel } }", json!({}), (1, 12), None, "there is no directive"),
        Case {
            query: "query a { registry { channel } } query b { registry { channel } }",
            variables: json!({}),
            place: None,
            field: None,
            helps: "operationName",
        },
        Case {
            query: "{ registry { items(first: 0) { totalCount } } }",
            variables: json!({}),
            place: None,
            field: Some("first"),
            helps: "1 to 100",
        },
        Case {
            query: "{ registry { items(first: 1, after: \"I1\") { totalCount } } }",
            variables: json!({}),
            place: None,
            field: Some("after"),
            helps: "a cursor that this register has given out",
        },
    ]
}

#[tokio::test]
async fn whatever_is_wrong_with_a_request_is_told_in_both_languages_with_a_code_where_and_what_to_do() {
    let drafter = one("p-d", domain::acting::Role::Drafter, "ITEM");
    let server = Server::start_for(std::sync::Arc::new(journal::MemoryJournal::new()), made(), drafter).await;
    server.ready().await;
    // Where a query was found valid before, another way is taken through the library.
    for (query, variables) in
        [(SUBMIT, step(&json!({}))), (LAY, json!({ "input": { "commandId": ID, "code": "ART-7", "documentNumber": "1", "hours": 1 } }))]
    {
        let answered = server.ask(query, variables).await.json();
        assert!(answered["data"].is_object() || answered["errors"][0]["extensions"]["code"] == "FORBIDDEN", "{answered}");
    }
    let mut misplaced = Vec::new();
    for Case { query, variables, place, field, helps } in cases() {
        for _ in 0..2 {
            let answered = server.ask(query, variables.clone()).await;
            let (answer, case) = (answered.json(), format!("{query} {variables}: {}", answered.body));
            let errors = answer["errors"].as_array().unwrap();
            assert!(answered.status == 200 && errors.iter().all(|error| error["extensions"]["code"] == "BAD_REQUEST"), "{case}");
            let told = errors.iter().find(|error| error["message"].as_str().unwrap().contains(helps)).unwrap_or_else(|| panic!("{case}"));
            let (zh, en) = told["message"].as_str().unwrap().split_once(" / ").unwrap();
            assert!(zh.contains(|sign: char| sign > '\u{3000}') && en.is_ascii() && en.contains(helps), "{case}");
            assert_eq!(told["extensions"]["field"].as_str(), field, "{case}");
            if let Some(path) = field {
                assert!(zh.contains(path) && en.contains(path), "{case}");
            }
            if let Some((line, column)) = place {
                let at = told["locations"][0] == json!({ "line": line, "column": column });
                if !at || !zh.contains(&format!("第{line}行第{column}列")) || !en.contains(&format!("line {line}, column {column}")) {
                    misplaced.push(format!("{line}:{column} {case}"));
                }
            }
            for inside in ["occurred while", "Failed to", "Expected input", "::", "struct", "-->", "invalid character", "async"] {
                assert!(!answered.body.contains(inside), "{inside}: {case}");
            }
        }
    }
    assert!(misplaced.is_empty(), "{misplaced:#?}");
    server.stop().await;
}
