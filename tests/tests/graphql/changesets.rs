//! Change sets by the schema: what those who take part see of them and do with them.

use std::sync::Arc;

use api::{
    auth::{Caller, Office},
    registrar::changeset::Change,
};
use domain::{acting::Role, register::Register};
use serde_json::{Value, json};

use super::{
    callers::{Bureau, caller, grant, office, word},
    desk::{Pen, code, item},
};

pub const SET: &str = "CS374708FFF7719DD5979E";

const FIELDS: &str = "code title step agency hash streamVersion newCount changedCount goneCount drafters reviewer returned documentNumber
    effectiveFrom waitsForMe history(first: 9) { nodes { kind person reason document } }
    members(first: 2) { totalCount pageInfo { hasNextPage endCursor } nodes { register code name kind follows reason standing
        standingMessage changes { path before after } entry { stage draft { step } } } }";

/// A register with a set of three: I1 changed, I2 gone, N1 new.
pub async fn bureau() -> Bureau {
    let mut pen = Pen::new();
    for at in ["I1", "I2"] {
        pen.adopt(at, item("公开的事项")).await;
    }
    let changes = vec![
        Change::to(code("I1"), item("改过的事项"), None),
        Change::gone(Register::Item, code("I2"), "新版清单未再列入".into()),
        Change::to(code("N1"), item("新的事项"), None),
    ];
    pen.set("某市统计局2026年权责清单", changes).await;
    Bureau::over(pen.journal)
}

fn one(person: &str, role: Role, agency: Option<&str>) -> Arc<Caller> {
    caller(&format!("account-{person}"), person, vec![grant(role, agency)])
}

pub async fn see(bureau: &Bureau, who: Option<&Arc<Caller>>) -> Value {
    let query = format!("{{ changeSet(code: {SET:?}) {{ {FIELDS} }} }}");
    bureau.answer(who, &query, json!({})).await["data"]["changeSet"].take()
}

async fn list(bureau: &Bureau, who: &Arc<Caller>, waiting: bool) -> Vec<String> {
    let query = format!("{{ changeSets(first: 9, waiting: {waiting}) {{ totalCount nodes {{ code }} }} }}");
    let page = bureau.answer(Some(who), &query, json!({})).await["data"]["changeSets"].take();
    let codes: Vec<_> = page["nodes"].as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(page["totalCount"], codes.len());
    codes
}

/// Gives a verb: the payload, or the code of the error.
pub async fn give(bureau: &Bureau, who: Option<&Arc<Caller>>, verb: &str, more: Value) -> Value {
    let input = match verb {
        "reviewChangeSet" => "ReviewChangeSet",
        "approveChangeSet" => "ApproveChangeSet",
        _ => "ChangeSetReason",
    };
    let query = format!(
        "mutation ($input: {input}Input!) {{ payload: {verb}(input: $input) {{ status position memberCount actualVersion
            meanwhile {{ kind person reason }} conflictMessage conflictMessageEn
            members {{ register code refusal {{ code field rule message messageEn }} }} refusal {{ code field rule }} changeSet {{ {FIELDS} }} }} }}"
    );
    let mut variables = json!({ "commandId": bureau.id(), "code": SET });
    variables.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut answer = bureau.answer(who, &query, json!({ "input": variables })).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!({ "error": code }),
        None => answer["data"]["payload"].take(),
    }
}

#[tokio::test]
async fn a_set_goes_through_review_and_approval_by_the_schema() {
    let bureau = bureau().await;
    let (reviewer, approver) = (one("p-r", Role::Reviewer, None), one("p-a", Role::Approver, Some("A1")));
    let set = see(&bureau, Some(&reviewer)).await;
    insta::assert_json_snapshot!("a_set_that_was_proposed", set);
    assert_eq!((list(&bureau, &reviewer, true).await, list(&bureau, &approver, true).await), (vec![SET.to_owned()], vec![]));
    let hash = &set["hash"];
    let payload = give(&bureau, Some(&reviewer), "reviewChangeSet", json!({ "expectedVersion": 0, "hash": hash })).await;
    assert_eq!((&payload["status"], &payload["changeSet"]["step"]), (&json!("APPLIED"), &json!("REVIEWED")), "{payload:#}");
    assert_eq!(payload["meanwhile"], json!([]));
    assert_eq!((list(&bureau, &reviewer, true).await, list(&bureau, &approver, true).await), (vec![], vec![SET.to_owned()]));
    let early =
        give(&bureau, Some(&approver), "approveChangeSet", json!({ "expectedVersion": 0, "hash": hash, "documentNumber": "1号" })).await;
    assert_eq!((&early["status"], &early["actualVersion"]), (&json!("CONFLICT"), &json!(1)));
    let words = [&early["conflictMessage"], &early["conflictMessageEn"]].map(|words| words.as_str().unwrap_or_default());
    assert!(words[0].contains("版本号") && words[1].contains("nothing was done"), "it says what to do: {words:?}");
    assert_eq!(early["meanwhile"], json!([{ "kind": "reviewed", "person": "p-r", "reason": null }]), "it tells what happened meanwhile");
    let approve = json!({ "expectedVersion": 1, "hash": hash, "documentNumber": "某政发〔2026〕1号" });
    let payload = give(&bureau, Some(&approver), "approveChangeSet", approve).await;
    assert_eq!((&payload["status"], &payload["memberCount"]), (&json!("APPLIED"), &json!(0)), "{payload:#}");
    let after = see(&bureau, Some(&approver)).await;
    insta::assert_json_snapshot!("a_set_that_was_approved", after);
    let query = "{ registry { items(first: 9) { nodes { code name revision { documentNumber } } } } }";
    let items = bureau.answer(None, query, json!({})).await["data"]["registry"]["items"]["nodes"].take();
    assert_eq!(
        items,
        json!([{ "code": "I1", "name": "改过的事项", "revision": { "documentNumber": "某政发〔2026〕1号" } },
            { "code": "N1", "name": "新的事项", "revision": { "documentNumber": "某政发〔2026〕1号" } }])
    );
    assert_eq!(list(&bureau, &approver, false).await, [SET], "it is kept in the list");
}

#[tokio::test]
async fn members_are_paged_and_cut_by_kind() {
    let bureau = bureau().await;
    let reviewer = one("p-r", Role::Reviewer, None);
    let page = |arguments: &str| {
        let query = format!(
            "{{ changeSet(code: {SET:?}) {{ members({arguments}) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ code }} }} }} }}"
        );
        let (bureau, reviewer) = (&bureau, &reviewer);
        async move { bureau.answer(Some(reviewer), &query, json!({})).await }
    };
    let first = page("first: 2").await["data"]["changeSet"]["members"].take();
    assert_eq!(first["nodes"], json!([{ "code": "I1" }, { "code": "I2" }]));
    assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
    let second = page(&format!("first: 2, after: {}", first["pageInfo"]["endCursor"])).await["data"]["changeSet"]["members"].take();
    assert_eq!((&second["nodes"], &second["pageInfo"]["hasNextPage"]), (&json!([{ "code": "N1" }]), &json!(false)));
    let gone = page("first: 9, kind: GONE").await["data"]["changeSet"]["members"].take();
    assert_eq!((&gone["nodes"], &gone["totalCount"]), (&json!([{ "code": "I2" }]), &json!(1)));
    for wrong in ["first: 0", "first: 101", "first: 2, after: \"x\""] {
        assert_eq!(page(wrong).await["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{wrong}");
    }
}

#[tokio::test]
async fn refusals_are_told_by_member_and_a_set_is_returned_and_withdrawn() {
    let bureau = bureau().await;
    let (drafter, reviewer) = (one("planted-drafter", Role::Drafter, Some("A1")), one("p-r", Role::Reviewer, None));
    let hash = see(&bureau, Some(&reviewer)).await["hash"].clone();
    let withdrawn = bureau.input("ITEM", "N1", &json!(1), json!({ "reason": "误" }));
    bureau.applies(&drafter, "withdraw", withdrawn).await;
    let refused = give(&bureau, Some(&reviewer), "reviewChangeSet", json!({ "expectedVersion": 0, "hash": hash })).await;
    assert_eq!((word(&refused).as_str(), &refused["memberCount"]), ("MEMBERS_REFUSED", &json!(1)));
    assert_eq!((&refused["members"][0]["code"], &refused["members"][0]["refusal"]["code"]), (&json!("N1"), &json!("NO_DRAFT")));
    let returned = give(&bureau, Some(&reviewer), "returnChangeSet", json!({ "expectedVersion": 0, "reason": "缺依据" })).await;
    assert_eq!((&returned["status"], &returned["changeSet"]["returned"]), (&json!("APPLIED"), &json!("缺依据")));
    assert_eq!(list(&bureau, &drafter, true).await, [SET]);
    let withdrawn = give(&bureau, Some(&drafter), "withdrawChangeSet", json!({ "expectedVersion": 1, "reason": "不再需要" })).await;
    assert_eq!((&withdrawn["status"], &withdrawn["changeSet"]["step"]), (&json!("APPLIED"), &json!("WITHDRAWN")), "{withdrawn:#}");
    assert_eq!(list(&bureau, &drafter, true).await, Vec::<String>::new());
    let closed = give(&bureau, Some(&drafter), "withdrawChangeSet", json!({ "expectedVersion": 2, "reason": "再撤" })).await;
    assert_eq!(word(&closed), "CHANGE_SET_CLOSED");
}

#[tokio::test]
async fn it_is_told_for_what_a_set_waits_and_which_member_keeps_it_back() {
    let bureau = bureau().await;
    let (drafter, reviewer, approver) =
        (one("planted-drafter", Role::Drafter, Some("A1")), one("p-r", Role::Reviewer, None), one("p-a", Role::Approver, Some("A1")));
    let waiting = async |who: &Arc<Caller>| {
        let query = format!("{{ changeSet(code: {SET:?}) {{ waitsForMe waiting {{ wait member message messageEn }} }} }}");
        let told = bureau.answer(Some(who), &query, json!({})).await["data"]["changeSet"].take();
        let words = [&told["waiting"]["message"], &told["waiting"]["messageEn"]].map(|words| words.as_str().unwrap_or_default().to_owned());
        assert!(!words[0].is_ascii() && words[1].len() > 10, "{told}");
        (told["waitsForMe"].clone(), told["waiting"]["wait"].clone(), told["waiting"]["member"].clone())
    };
    let stands = |mine: bool, wait: &str| (json!(mine), json!(wait), Value::Null);
    assert_eq!(waiting(&reviewer).await, stands(true, "REVIEW"));
    assert_eq!(waiting(&approver).await, stands(false, "OTHERS"));
    assert_eq!(waiting(&one("planted-drafter", Role::Reviewer, None)).await, stands(false, "SAME_PERSON"));
    // One by one its members are not passed on.
    let hash = bureau.answer(Some(&reviewer), "{ entry(register: ITEM, code: \"N1\") { draft { contentHash } } }", json!({})).await;
    let hash = hash["data"]["entry"]["draft"]["contentHash"].clone();
    let review = bureau.input("ITEM", "N1", &json!(1), json!({ "contentHash": hash }));
    assert_eq!(word(&bureau.give(Some(&reviewer), "review", review).await), "MEMBER_OF_SET");
    let withdrawn = bureau.input("ITEM", "N1", &json!(1), json!({ "reason": "误" }));
    bureau.applies(&drafter, "withdraw", withdrawn).await;
    assert_eq!(waiting(&reviewer).await, (json!(true), json!("RETURN"), json!("item N1")));
    let returned = give(&bureau, Some(&reviewer), "returnChangeSet", json!({ "expectedVersion": 0, "reason": "缺依据" })).await;
    assert_eq!(returned["status"], "APPLIED");
    assert_eq!(waiting(&drafter).await, stands(true, "PROPOSAL"));
}

#[tokio::test]
async fn nobody_else_learns_that_there_is_a_set() {
    let bureau = bureau().await;
    let hash = see(&bureau, Some(&one("p-r", Role::Reviewer, None))).await["hash"].clone();
    let node = |who: Option<Arc<Caller>>| {
        let bureau = &bureau;
        async move {
            bureau.answer(who.as_ref(), &format!("{{ node(id: \"changeset:{SET}\") {{ id }} }}"), json!({})).await["data"]["node"].take()
        }
    };
    assert_eq!(node(Some(one("p-r", Role::Reviewer, None))).await["id"], format!("changeset:{SET}"));
    let others = [
        None,
        Some(one("p-b", Role::Reviewer, Some("B1"))),
        Some(caller("x", "p-x", vec![office(Office::Clerk, None)])),
        Some(caller("x", "p-x", vec![office(Office::Administrator, None)])),
        Some(caller("x", "p-x", vec![office(Office::Auditor, Some("B1"))])),
    ];
    let head = bureau.journal.head().await.unwrap();
    for who in others {
        assert_eq!((see(&bureau, who.as_ref()).await, node(who.clone()).await), (Value::Null, Value::Null));
        for version in [0, 7] {
            let there = give(&bureau, who.as_ref(), "reviewChangeSet", json!({ "expectedVersion": version, "hash": hash })).await;
            let nothing = json!({ "expectedVersion": version, "hash": hash, "code": "CS99999999999999999999" });
            assert_eq!(there, give(&bureau, who.as_ref(), "reviewChangeSet", nothing).await);
            assert!(["UNAUTHENTICATED", "FORBIDDEN", "CHANGE_SET_NOT_FOUND"].contains(&word(&there).as_str()), "{there}");
        }
        if let Some(who) = who {
            assert_eq!(list(&bureau, &who, false).await, Vec::<String>::new());
        } else {
            let answer = bureau.answer(None, "{ changeSets(first: 1) { totalCount } }", json!({})).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        }
    }
    assert_eq!(bureau.journal.head().await.unwrap(), head);
    let auditor = caller("x", "p-x", vec![office(Office::Auditor, None)]);
    assert_eq!(see(&bureau, Some(&auditor)).await["step"], "PROPOSED", "an auditor sees it");
    assert_eq!(
        word(&give(&bureau, Some(&auditor), "withdrawChangeSet", json!({ "expectedVersion": 0, "reason": "x" })).await),
        "FORBIDDEN"
    );
}
