//! Documents are kept between requests. That is never seen: a query is answered as by a schema that meets it for the first time.

use api::graphql;
use serde_json::{Value, json};

use super::support::{ITEM, answer, made, sample_register};

/// Asks one schema with each of the variables in their order, and each time a new schema; the answers are equal.
async fn assert_unseen(query: &str, variables: &[Value]) -> Vec<Value> {
    let register = sample_register().await;
    let kept = graphql::schema(register.journal.clone());
    let mut answers = Vec::new();
    // Twice, so that each meets what the others left behind.
    for variables in variables.iter().chain(variables) {
        let fresh = graphql::schema(register.journal.clone());
        let first = answer(&fresh, register.snapshot.clone(), made(), query, variables.clone()).await;
        let again = answer(&kept, register.snapshot.clone(), made(), query, variables.clone()).await;
        assert_eq!(again, first, "{query} with {variables}");
        answers.push(again);
    }
    answers.truncate(variables.len());
    answers
}

fn is_error(answer: &Value) -> bool {
    answer.get("errors").is_some()
}

#[tokio::test]
async fn another_size_of_the_page() {
    let query = "query ($n: Int!) { registry { agencies(first: $n) { nodes { code } } } }";
    let sizes = [
        json!({ "n": 101 }),
        json!({ "n": 5 }),
        json!({ "n": 0 }),
        json!({ "n": "5" }),
        json!({ "n": null }),
        json!({}),
        json!({ "n": 7 }),
    ];
    let errors: Vec<_> = assert_unseen(query, &sizes).await.iter().map(is_error).collect();
    assert_eq!(errors, [true, false, true, true, true, true, false]);
}

#[tokio::test]
async fn a_size_that_makes_the_query_too_complex() {
    let query = "query ($a: Int!, $b: Int!) { registry { agencies(first: $a) { nodes { items(first: $b) { nodes { code name legalBases { title } } } } } } }";
    let sizes = [json!({ "a": 1, "b": 1 }), json!({ "a": 100, "b": 100 }), json!({ "a": 2, "b": 2 })];
    let answers = assert_unseen(query, &sizes).await;
    assert!(answers[1]["errors"][0]["message"].as_str().unwrap().contains("too complex"), "{}", answers[1]);
    assert!(!is_error(&answers[0]) && !is_error(&answers[2]));
}

#[tokio::test]
async fn a_value_that_the_enumeration_does_not_have() {
    // A wrong value in a place that may be null is the hardest: the executor would answer the rest.
    let query = "query ($r: Register!, $c: Channel!) { entry(register: $r, code: \"X\") { code } registry(channel: $c) { channel } }";
    let values = [
        json!({ "r": "ITEM", "c": "COUNTER" }),
        json!({ "r": "PERMIT", "c": "COUNTER" }),
        json!({ "r": "item", "c": "COUNTER" }),
        json!({ "r": "", "c": "COUNTER" }),
        json!({ "r": "GUIDE", "c": "NOWHERE" }),
        json!({ "r": "GUIDE", "c": "ONLINE" }),
        json!({ "r": 5, "c": true }),
    ];
    let errors: Vec<_> = assert_unseen(query, &values).await.iter().map(is_error).collect();
    assert_eq!(errors, [false, true, true, true, true, false, true]);
    let filter = "query ($f: ItemFilter) { registry { items(filter: $f, first: 1) { nodes { code } } } }";
    let filters = [
        json!({ "f": { "type": "LEVY" } }),
        json!({ "f": { "type": "TAX" } }),
        json!({ "f": { "kind": "LEVY" } }),
        json!({ "f": { "text": "TAX" } }),
        json!({ "f": null }),
        json!({ "f": [] }),
        json!({}),
    ];
    assert_unseen(filter, &filters).await;
}

#[tokio::test]
async fn texts_lists_and_conditions() {
    let code = "query ($c: String!) { registry { item(code: $c) { code } } }";
    assert_unseen(code, &[json!({ "c": ITEM }), json!({ "c": "NOBODY" }), json!({ "c": "" }), json!({ "c": 5 }), json!({ "c": null })])
        .await;
    let condition = "query ($yes: Boolean!) { registry { channel position @include(if: $yes) } }";
    assert_unseen(condition, &[json!({ "yes": true }), json!({ "yes": false }), json!({ "yes": "true" }), json!({})]).await;
    let list = "query ($s: [String!]) { registry { guides(first: 1) { nodes { materials(situations: $s) { name } } } } }";
    assert_unseen(
        list,
        &[json!({ "s": ["a"] }), json!({ "s": [null] }), json!({ "s": "a" }), json!({ "s": [["a"]] }), json!({ "s": null })],
    )
    .await;
}

#[tokio::test]
async fn what_was_refused_is_refused_again() {
    for query in ["{ registry { nothing } }", "{ registry { channel ", "{ ...A } fragment A on Query { ...A }", ""] {
        assert!(is_error(&assert_unseen(query, &[json!({}), json!({ "a": 1 })]).await[0]), "{query}");
    }
}
