//! Work that waits for somebody.

use std::sync::Arc;

use api::auth::{Caller, Office};
use domain::acting::Role;
use serde_json::{Value, json};

use super::callers::{Bureau, caller, content, grant, office, one};

const QUERY: &str = "query ($n: Int!, $after: String) { inbox(first: $n, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { register code draft { step } reviewsOwed { revision } } } }";

async fn page(bureau: &Bureau, who: &Arc<Caller>, first: i32, after: Value) -> Value {
    bureau.answer(Some(who), QUERY, json!({ "n": first, "after": after })).await["data"]["inbox"].take()
}

/// The codes that wait for somebody.
async fn codes(bureau: &Bureau, who: &Arc<Caller>) -> Vec<String> {
    let page = page(bureau, who, 100, Value::Null).await;
    let codes: Vec<_> = page["nodes"].as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(page["totalCount"], codes.len());
    codes
}

#[tokio::test]
async fn everybody_finds_what_is_theirs_to_do() {
    let bureau = Bureau::new();
    bureau.carry("ITEM", "A1-1", "甲", 1).await;
    bureau.carry("ITEM", "A1-2", "甲", 2).await;
    bureau.carry("ITEM", "A1-3", "甲", 3).await;
    bureau.carry("MATERIAL", "M-3", "甲", 3).await;
    let published = bureau.carry("ITEM", "A1-4", "甲", 4).await;
    let correct = json!({ "content": content("ITEM", "乙"), "reason": "有误" });
    let approver = one("p-a", Role::Approver, "ITEM");
    let corrected = bureau.input("ITEM", "A1-4", &published["entry"]["streamVersion"], correct);
    bureau.applies(&approver, "correct", corrected).await;

    let (drafter, reviewer) = (one("p-d", Role::Drafter, "ITEM"), one("p-r", Role::Reviewer, "ITEM"));
    assert_eq!(codes(&bureau, &drafter).await, ["A1-1"]);
    assert_eq!(codes(&bureau, &reviewer).await, ["A1-2", "A1-4"]);
    assert_eq!(codes(&bureau, &approver).await, ["A1-3"]);
    let of_city = |role| caller("account-c", "p-c", vec![grant(role, None)]);
    assert_eq!(codes(&bureau, &of_city(Role::Drafter)).await, ["A1-1"]);
    assert_eq!(codes(&bureau, &of_city(Role::Approver)).await, ["M-3"], "the city approves what no agency answers for");
    // Who drafted does not review, who reviewed does not approve, who corrected does not pay the review.
    assert_eq!(codes(&bureau, &caller("x", "p-d", vec![grant(Role::Reviewer, Some("A1"))])).await, ["A1-4"]);
    assert_eq!(codes(&bureau, &caller("x", "p-r", vec![grant(Role::Approver, Some("A1"))])).await, Vec::<String>::new());
    assert_eq!(codes(&bureau, &caller("x", "p-a", vec![grant(Role::Reviewer, Some("A1"))])).await, ["A1-2"]);
    for nothing in [grant(Role::Approver, Some("B1")), office(Office::Auditor, None), office(Office::Administrator, None)] {
        assert_eq!(codes(&bureau, &caller("x", "p-x", vec![nothing])).await, Vec::<String>::new());
    }
    // It moves on with the work, and comes back with a return.
    let back = bureau.input("ITEM", "A1-2", &json!(1), json!({ "reason": "缺依据" }));
    bureau.applies(&reviewer, "return", back).await;
    assert_eq!(
        (codes(&bureau, &drafter).await, codes(&bureau, &reviewer).await),
        (vec!["A1-1".into(), "A1-2".into()], vec!["A1-4".into()])
    );
    assert_eq!(codes(&Bureau::over(bureau.journal.clone()), &drafter).await, ["A1-1", "A1-2"], "another node has the same");
}

#[tokio::test]
async fn pages_hold_what_has_waited_longest_first_and_it_takes_a_token() {
    let bureau = Bureau::new();
    for n in 0..5 {
        bureau.carry("ITEM", &format!("A1-{}", 9 - n), "甲", 1).await;
    }
    let drafter = one("p-d", Role::Drafter, "ITEM");
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = page(&bureau, &drafter, 2, after).await;
        seen.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap().to_owned()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(seen, ["A1-9", "A1-8", "A1-7", "A1-6", "A1-5"]);
    for (who, variables, code) in [
        (None, json!({ "n": 2 }), "UNAUTHENTICATED"),
        (Some(&drafter), json!({ "n": 0 }), "BAD_REQUEST"),
        (Some(&drafter), json!({ "n": 2, "after": "x" }), "BAD_REQUEST"),
    ] {
        assert_eq!(bureau.answer(who, QUERY, variables).await["errors"][0]["extensions"]["code"], code);
    }
}
