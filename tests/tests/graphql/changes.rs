//! Changes by the schema: every stage from a draft to both channels, conflicts, and commands that come twice.

use std::sync::Arc;

use api::auth::Caller;
use domain::acting::Role;
use serde_json::{Value, json};

use super::callers::{Bureau, REGISTERS, answers, caller, content, grant, one, word};

/// What a channel shows of an entry.
async fn shown(bureau: &Bureau, register: &str, code: &str, channel: &str) -> Value {
    let field = if register == "OPENNESS" { "catalogueEntry".to_owned() } else { register.to_lowercase() };
    let query = format!(
        "{{ registry(channel: {channel}) {{ {field}(code: {code:?}) {{ name revision {{ number documentNumber contentHash }} }} }} }}"
    );
    bureau.answer(None, &query, json!({})).await["data"]["registry"][field.as_str()].take()
}

#[tokio::test]
async fn a_draft_goes_through_every_stage_to_both_channels_in_every_register() {
    for register in REGISTERS {
        let bureau = Bureau::new();
        if register == "GUIDE" {
            // A guide is shown while its item is.
            bureau.carry("ITEM", "A1-I1", "事项", 4).await;
        }
        let code = "A1-X1";
        for (steps, stage) in [(1, "DRAFT"), (2, "SUBMITTED"), (3, "REVIEWED")] {
            let at = format!("{code}-{steps}");
            let payload = bureau.carry(register, &at, "甲", steps).await;
            assert_eq!((&payload["entry"]["stage"], &payload["entry"]["draft"]["step"]), (&json!("ABSENT"), &json!(stage)), "{payload}");
            for channel in ["ONLINE", "COUNTER"] {
                assert_eq!(shown(&bureau, register, &at, channel).await, Value::Null, "{register} {stage}");
            }
        }
        let payload = bureau.carry(register, code, "甲", 4).await;
        assert_eq!((&payload["entry"]["stage"], &payload["entry"]["draft"]), (&json!("PUBLISHED"), &Value::Null), "{payload}");
        let (online, counter) = (shown(&bureau, register, code, "ONLINE").await, shown(&bureau, register, code, "COUNTER").await);
        assert_eq!((&online["name"], &online["revision"]["documentNumber"]), (&json!("甲"), &json!("某政发〔2026〕1号")), "{register}");
        assert_eq!(online, counter);

        let approver = one("p-a", Role::Approver, register);
        let mut version = payload["entry"]["streamVersion"].clone();
        let correct = json!({ "content": content(register, "乙"), "reason": "有误" });
        for (verb, more, stage, name) in [
            ("suspend", json!({ "reason": "系统升级" }), "SUSPENDED", None),
            ("resume", json!({}), "PUBLISHED", Some("甲")),
            ("correct", correct, "PUBLISHED", Some("乙")),
            ("repeal", json!({ "reason": "法律修改" }), "REPEALED", None),
        ] {
            let payload = bureau.applies(&approver, verb, bureau.input(register, code, &version, more)).await;
            version = payload["entry"]["streamVersion"].clone();
            assert_eq!(payload["entry"]["stage"], stage, "{verb}");
            for channel in ["ONLINE", "COUNTER"] {
                assert_eq!(shown(&bureau, register, code, channel).await["name"].as_str(), name, "{register} {verb}");
            }
        }
    }
}

#[tokio::test]
async fn a_draft_that_is_returned_is_revised_and_one_that_is_withdrawn_is_gone() {
    let bureau = Bureau::new();
    let payload = bureau.carry("ITEM", "A1-I1", "甲", 2).await;
    let (drafter, reviewer) = (one("p-d", Role::Drafter, "ITEM"), one("p-r", Role::Reviewer, "ITEM"));
    let version = &payload["entry"]["streamVersion"];
    let payload = bureau.applies(&reviewer, "return", bureau.input("ITEM", "A1-I1", version, json!({ "reason": "缺依据" }))).await;
    assert_eq!((&payload["entry"]["draft"]["step"], &payload["entry"]["draft"]["returned"]), (&json!("RETURNED"), &json!("缺依据")));
    let version = &payload["entry"]["streamVersion"];
    let revise = json!({ "content": content("ITEM", "乙") });
    let payload = bureau.applies(&drafter, "revise", bureau.input("ITEM", "A1-I1", version, revise)).await;
    assert_eq!((&payload["entry"]["name"], &payload["entry"]["draft"]["content"]["name"]), (&json!("乙"), &json!("乙")));
    let version = &payload["entry"]["streamVersion"];
    let payload = bureau.applies(&drafter, "withdraw", bureau.input("ITEM", "A1-I1", version, json!({ "reason": "不需要" }))).await;
    assert_eq!((&payload["entry"]["stage"], &payload["entry"]["draft"]), (&json!("ABSENT"), &Value::Null));
    let wrong =
        bureau.input("ITEM", "A1-I1", &payload["entry"]["streamVersion"], json!({ "reason": "不", "until": "2030-01-01T00:00:00Z" }));
    assert_eq!(word(&bureau.give(Some(&drafter), "withdraw", wrong).await), "BAD_REQUEST");
}

#[tokio::test]
async fn a_correction_owes_a_review_and_another_person_pays_it() {
    let bureau = Bureau::new();
    let payload = bureau.carry("ITEM", "A1-I1", "甲", 4).await;
    let approver = one("p-a", Role::Approver, "ITEM");
    let correct = json!({ "content": content("ITEM", "乙"), "reason": "有误" });
    let payload = bureau.applies(&approver, "correct", bureau.input("ITEM", "A1-I1", &payload["entry"]["streamVersion"], correct)).await;
    let (owed, version) = (payload["entry"]["reviewsOwed"][0].clone(), payload["entry"]["streamVersion"].clone());
    assert_eq!((&owed["revision"], &owed["reason"]), (&json!(2), &json!("有误")));
    let review = || json!({ "contentHash": owed["contentHash"], "revision": 2 });
    let input = || bureau.input("ITEM", "A1-I1", &version, review());
    // Another account of who corrected it is the same person.
    let same = caller("second-account", "p-a", vec![grant(Role::Reviewer, None)]);
    assert_eq!(word(&bureau.give(Some(&same), "review", input()).await), "SAME_PERSON");
    let payload = bureau.applies(&one("p-r", Role::Reviewer, "ITEM"), "review", input()).await;
    assert_eq!(payload["entry"]["reviewsOwed"], json!([]));
}

#[tokio::test]
async fn a_correction_moves_no_entry_to_another_agency_and_says_how_it_moves() {
    let bureau = Bureau::new();
    for register in ["ITEM", "GUIDE", "OPENNESS"] {
        if register == "GUIDE" {
            bureau.carry("ITEM", "A1-I1", "事项", 4).await;
        }
        let code = format!("A1-{register}");
        let payload = bureau.carry(register, &code, "甲", 4).await;
        let version = &payload["entry"]["streamVersion"];
        let mut moved = content(register, "甲");
        moved["agency"] = json!("B1");
        let correct = |who: Arc<Caller>| {
            let input = bureau.input(register, &code, version, json!({ "content": moved, "reason": "有误" }));
            let bureau = &bureau;
            async move { bureau.give(Some(&who), "correct", input).await }
        };
        for who in [one("p-a", Role::Approver, register), caller("account-c", "p-c", vec![grant(Role::Approver, None)])] {
            let told = correct(who).await;
            assert_eq!((word(&told).as_str(), &told["refusal"]["field"]), ("AGENCY_MOVED", &json!("input.content.agency")), "{told:#}");
            let [zh, en] = ["message", "messageEn"].map(|of| told["refusal"][of].as_str().unwrap().to_owned());
            assert!(zh.contains("由A1改为B1") && en.contains("from A1 to B1") && en.contains("the city approves it"), "{zh} {en}");
        }
        // Whoever has nothing to do with the entry is told that.
        let other = correct(caller("account-b", "p-b", vec![grant(Role::Approver, Some("B1"))])).await;
        assert_eq!((word(&other).as_str(), &other["refusal"]["field"]), ("OUTSIDE_AGENCY", &json!("input.code")), "{other:#}");
    }
}

#[tokio::test]
async fn one_person_under_three_accounts_does_not_publish() {
    let bureau = Bureau::new();
    let at = |account: &str, role| caller(account, "p-one", vec![grant(role, answers("ITEM"))]);
    let (d, r, a) = (at("a-1", Role::Drafter), at("a-2", Role::Reviewer), at("a-3", Role::Approver));
    let draft = json!({ "commandId": bureau.id(), "register": "ITEM", "code": "A1-I1", "content": content("ITEM", "甲") });
    let payload = bureau.applies(&d, "draft", draft).await;
    let hash = payload["entry"]["draft"]["contentHash"].clone();
    let payload = bureau.applies(&d, "submit", bureau.input("ITEM", "A1-I1", &payload["entry"]["streamVersion"], json!({}))).await;
    let review = bureau.input("ITEM", "A1-I1", &payload["entry"]["streamVersion"], json!({ "contentHash": hash }));
    assert_eq!(word(&bureau.give(Some(&r), "review", review.clone()).await), "SAME_PERSON");
    let payload = bureau.applies(&one("p-r", Role::Reviewer, "ITEM"), "review", review).await;
    let approve = json!({ "contentHash": hash, "documentNumber": "1号" });
    let approve = bureau.input("ITEM", "A1-I1", &payload["entry"]["streamVersion"], approve);
    assert_eq!(word(&bureau.give(Some(&a), "approve", approve).await), "SAME_PERSON");
}

#[tokio::test]
async fn what_changed_meanwhile_is_told_with_a_conflict() {
    let bureau = Bureau::new();
    let payload = bureau.carry("ITEM", "A1-I1", "甲", 3).await;
    let hash = payload["entry"]["draft"]["contentHash"].clone();
    let approver = one("p-a", Role::Approver, "ITEM");
    let approve = |version: i32| bureau.input("ITEM", "A1-I1", &json!(version), json!({ "contentHash": hash, "documentNumber": "1号" }));
    let conflict = bureau.give(Some(&approver), "approve", approve(0)).await;
    assert_eq!((&conflict["status"], &conflict["conflict"]["actualVersion"]), (&json!("CONFLICT"), &json!(2)));
    let (zh, en) = (conflict["conflict"]["message"].as_str().unwrap(), conflict["conflict"]["messageEn"].as_str().unwrap());
    assert!(zh.contains("版本号") && en.contains("nothing was done"), "it says what to do: {zh} / {en}");
    let kinds: Vec<_> = conflict["conflict"]["changes"].as_array().unwrap().iter().map(|change| &change["kind"]).collect();
    assert_eq!(kinds, ["submitted", "reviewed"]);
    assert_eq!(conflict["entry"]["streamVersion"], 2);
    let beyond = bureau.give(Some(&approver), "approve", approve(9)).await;
    assert_eq!((&beyond["status"], &beyond["conflict"]["changes"]), (&json!("CONFLICT"), &json!([])));

    // What was withdrawn or changed since is not approved by the hash of what it said.
    let (drafter, reviewer) = (one("p-d", Role::Drafter, "ITEM"), one("p-r", Role::Reviewer, "ITEM"));
    let back = bureau.input("ITEM", "A1-I1", &json!(2), json!({ "reason": "再改" }));
    bureau.applies(&approver, "return", back).await;
    let revise = bureau.input("ITEM", "A1-I1", &json!(3), json!({ "content": content("ITEM", "乙") }));
    let changed = bureau.applies(&drafter, "revise", revise).await["entry"]["draft"]["contentHash"].clone();
    bureau.applies(&drafter, "submit", bureau.input("ITEM", "A1-I1", &json!(4), json!({}))).await;
    bureau.applies(&reviewer, "review", bureau.input("ITEM", "A1-I1", &json!(5), json!({ "contentHash": changed }))).await;
    let stale = bureau.give(Some(&approver), "approve", approve(6)).await;
    assert_eq!((word(&stale), &stale["refusal"]["field"]), ("CONTENT_CHANGED".to_owned(), &json!("input.contentHash")));
    bureau.applies(&drafter, "withdraw", bureau.input("ITEM", "A1-I1", &json!(6), json!({ "reason": "不需要" }))).await;
    assert_eq!(word(&bureau.give(Some(&approver), "approve", approve(7)).await), "NO_DRAFT");
    assert_eq!(word(&bureau.give(Some(&approver), "approve", approve(6)).await), "CONFLICT");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_approvers_in_the_same_millisecond_one_publishes() {
    for round in 0..20 {
        let bureau = Bureau::new();
        let payload = bureau.carry("ITEM", "A1-I1", "甲", 3).await;
        let (hash, version) = (&payload["entry"]["draft"]["contentHash"], &payload["entry"]["streamVersion"]);
        let approve = || bureau.input("ITEM", "A1-I1", version, json!({ "contentHash": hash, "documentNumber": format!("{round}号") }));
        let (one, two) = (one("p-a1", Role::Approver, "ITEM"), one("p-a2", Role::Approver, "ITEM"));
        let (a, b) = tokio::join!(bureau.give(Some(&one), "approve", approve()), bureau.give(Some(&two), "approve", approve()));
        let mut words = [word(&a), word(&b)];
        words.sort();
        assert!(words[0] == "APPLIED" && ["CONFLICT", "UNCHANGED"].contains(&words[1].as_str()), "{words:?}");
        let entry =
            bureau.answer(None, "{ entry(register: ITEM, code: \"A1-I1\") { revisions(first: 9) { totalCount } } }", json!({})).await;
        assert_eq!(entry["data"]["entry"]["revisions"]["totalCount"], 1);
    }
}

#[tokio::test]
async fn the_changes_of_one_request_are_made_in_their_order() {
    let bureau = Bureau::new();
    let drafter = one("p-d", Role::Drafter, "ITEM");
    let query = "mutation ($c: JSON!, $a: UUID!, $b: UUID!, $d: UUID!) {
        a: draft(input: { commandId: $a, register: ITEM, code: \"A1-I1\", content: $c }) { status }
        b: submit(input: { commandId: $b, register: ITEM, code: \"A1-I1\", expectedVersion: 0 }) { status entry { streamVersion } }
        d: withdraw(input: { commandId: $d, register: ITEM, code: \"A1-I1\", expectedVersion: 1, reason: \"不\" }) { status } }";
    let ids = [bureau.id(), bureau.id(), bureau.id()];
    let variables = json!({ "c": content("ITEM", "甲"), "a": ids[0], "b": ids[1], "d": ids[2] });
    let answer = bureau.answer(Some(&drafter), query, variables).await;
    let applied = json!("APPLIED");
    let data = &answer["data"];
    assert_eq!((&data["a"]["status"], &data["b"]["status"], &data["d"]["status"]), (&applied, &applied, &applied), "{answer}");
    assert_eq!(data["b"]["entry"]["streamVersion"], 1);
}

#[tokio::test]
async fn under_an_assigned_code_its_agency_drafts_again_after_a_withdrawal_and_nobody_else() {
    for register in REGISTERS {
        let bureau = Bureau::new();
        let drafter = one("p-d", Role::Drafter, register);
        let without_code = json!({ "commandId": bureau.id(), "register": register, "content": content(register, "甲") });
        let payload = bureau.applies(&drafter, "draft", without_code).await;
        let assigned = payload["entry"]["code"].as_str().unwrap().to_owned();
        let draft = |code: &str, agency: &str| {
            let mut content = content(register, "乙");
            if content.get("agency").is_some() {
                content["agency"] = json!(agency);
            }
            json!({ "commandId": bureau.id(), "register": register, "code": code, "content": content })
        };
        let other = caller("account-b", "p-b", vec![grant(Role::Drafter, Some("B1"))]);
        let never = word(&bureau.give(Some(&other), "draft", draft("X-NEVER", "B1")).await);
        let told = async |who, agency: &str| word(&bureau.give(Some(who), "draft", draft(&assigned, agency)).await);
        assert_eq!((told(&drafter, "A1").await.as_str(), told(&other, "B1").await), ("DRAFT_EXISTS", never.clone()), "{register}");
        let away = bureau.input(register, &assigned, &payload["entry"]["streamVersion"], json!({ "reason": "不需要" }));
        bureau.applies(&drafter, "withdraw", away).await;
        // What is withdrawn is as hidden as what is drafted, and not for another agency to take over.
        assert_eq!(told(&other, "B1").await, never, "{register}");
        if answers(register).is_some() {
            assert_eq!((never.as_str(), told(&drafter, "B1").await.as_str()), ("CODE_NOT_OWN", "OUTSIDE_AGENCY"), "{register}");
        }
        assert_eq!(told(&drafter, "A1").await, "APPLIED", "{register}");
    }
}

#[tokio::test]
async fn whoever_may_not_is_told_which_role_it_takes() {
    let bureau = Bureau::new();
    bureau.carry("ITEM", "A1-I1", "甲", 2).await;
    for (verb, more, role) in [
        ("submit", json!({}), "it takes a drafter"),
        ("review", json!({ "contentHash": format!("sha256:{}", "0".repeat(64)) }), "it takes a reviewer of the openness office"),
        ("return", json!({ "reason": "x" }), "it takes a reviewer of the openness office or an approver"),
    ] {
        let nobody = one("p-x", if verb == "submit" { Role::Reviewer } else { Role::Drafter }, "ITEM");
        let told = bureau.give(Some(&nobody), verb, bureau.input("ITEM", "A1-I1", &json!(1), more)).await;
        assert!(told["error"] == "FORBIDDEN" && told["message"].as_str().unwrap().contains(role), "{verb}: {told}");
    }
}
