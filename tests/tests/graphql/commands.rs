//! A command is carried out once, whoever asks again and wherever; its id stands for nothing else.

use std::sync::Arc;

use api::{
    app::{self, Place},
    registrar::change::{Ask, Became, Desk, Said, assigned_code, change},
};
use domain::{
    acting::Role,
    register::{Item, Register},
};
use double::{Cluster, Options};
use journal::{SharedJournal, transact::ExpectedVersion};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    callers::{Bureau, caller, content, grant, one, word},
    support::made,
};

/// Every command from a new entry to its approval, as it was given and answered.
async fn given(bureau: &Bureau) -> Vec<(Arc<api::auth::Caller>, &'static str, Value, Value)> {
    let (d, r, a) = (one("p-d", Role::Drafter, "ITEM"), one("p-r", Role::Reviewer, "ITEM"), one("p-a", Role::Approver, "ITEM"));
    let mut given = Vec::new();
    let draft = json!({ "commandId": bureau.id(), "register": "ITEM", "content": content("ITEM", "甲") });
    let payload = bureau.applies(&d, "draft", draft.clone()).await;
    let (code, hash) = (payload["entry"]["code"].as_str().unwrap().to_owned(), payload["entry"]["draft"]["contentHash"].clone());
    given.push((d.clone(), "draft", draft, payload));
    let steps = [
        (&d, "submit", json!({})),
        (&r, "review", json!({ "contentHash": hash })),
        (&a, "approve", json!({ "contentHash": hash, "documentNumber": "1号" })),
        (&a, "suspend", json!({ "reason": "系统升级" })),
        (&a, "resume", json!({})),
        (&a, "correct", json!({ "content": content("ITEM", "乙"), "reason": "有误" })),
        (&a, "repeal", json!({ "reason": "法律修改", "documentNumber": "2号" })),
    ];
    for (version, (who, verb, more)) in steps.into_iter().enumerate() {
        let input = bureau.input("ITEM", &code, &json!(version), more);
        let payload = bureau.applies(who, verb, input.clone()).await;
        given.push((who.clone(), verb, input, payload));
    }
    given
}

#[tokio::test]
async fn a_command_that_comes_again_is_answered_as_the_first_time_also_by_another_node_and_later() {
    let bureau = Bureau::new();
    let given = given(&bureau).await;
    let head = bureau.journal.head().await.unwrap();
    let mut later = Bureau::over(bureau.journal.clone());
    later.now += chrono::TimeDelta::days(3);
    for bureau in [&bureau, &later] {
        for (who, verb, input, first) in &given {
            let again = bureau.give(Some(who), verb, input.clone()).await;
            assert_eq!((word(&again), &again["position"]), ("UNCHANGED".to_owned(), &first["position"]), "{verb}: {again}");
        }
    }
    assert_eq!(bureau.journal.head().await.unwrap(), head, "nothing was written again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_of_a_cluster_answers_as_the_first_did_and_writes_nothing_twice() {
    let cluster = Cluster::of(3, Options::default());
    let place = Place::parse(&cluster.url()).unwrap();
    let (journal, _) = app::open_or_begin(&place).await.unwrap();
    let first = Bureau::over(journal);
    let given = given(&first).await;
    let head = first.journal.head().await.unwrap();
    // A node with a connection of its own, after the store has another leader.
    cluster.lead(1);
    let other = Bureau::over(app::open_journal(&place).await.unwrap());
    for (who, verb, input, told) in &given {
        let again = other.give(Some(who), verb, input.clone()).await;
        assert_eq!((word(&again), &again["position"]), ("UNCHANGED".to_owned(), &told["position"]), "{verb}: {again}");
        // What another node was given first is known to the one that was not.
        assert_eq!(again["entry"]["revisions"]["totalCount"], 2, "{verb}: {again}");
    }
    let drafter = one("p-d", Role::Drafter, "ITEM");
    let stolen = json!({ "commandId": given[0].2["commandId"], "register": "ITEM", "content": content("ITEM", "丙") });
    assert_eq!(word(&other.give(Some(&drafter), "draft", stolen).await), "COMMAND_ID_USED");
    assert_eq!(other.journal.head().await.unwrap(), head, "nothing was written again");
    // Both are asked at once.
    for _ in 0..10 {
        let draft = json!({ "commandId": first.id(), "register": "ITEM", "content": content("ITEM", "丁") });
        let (a, b) = tokio::join!(first.give(Some(&drafter), "draft", draft.clone()), other.give(Some(&drafter), "draft", draft));
        let words = [word(&a), word(&b)];
        // The store knows the events of the one in those of the other and tells both that they are kept.
        assert!(words.iter().all(|word| word == "APPLIED" || word == "UNCHANGED") && words.contains(&"APPLIED".to_owned()), "{words:?}");
        assert_eq!((&a["position"], &a["entry"]["streamVersion"]), (&b["position"], &json!(0)), "it is kept once: {a} {b}");
        assert_eq!(b["entry"]["streamVersion"], 0, "{b}");
    }
}

#[tokio::test]
async fn an_id_that_was_used_stands_for_no_other_command() {
    let bureau = Bureau::new();
    let given = given(&bureau).await;
    let head = bureau.journal.head().await.unwrap();
    let used = given[0].2["commandId"].clone();
    let (d, a) = (&given[0].0, &given[3].0);
    let refused = |payload: Value, case: &str| assert_eq!(word(&payload), "COMMAND_ID_USED", "{case}: {payload}");

    // The same verb with other words, another verb on the same entry, another account.
    let other = json!({ "commandId": used, "register": "ITEM", "content": content("ITEM", "丙") });
    refused(bureau.give(Some(d), "draft", other).await, "another content");
    let code = given[1].2["code"].as_str().unwrap();
    let mut taken = bureau.input("ITEM", code, &json!(7), json!({ "reason": "再取消" }));
    taken["commandId"] = given[4].2["commandId"].clone();
    refused(bureau.give(Some(a), "repeal", taken).await, "another verb");
    // Before the command of the id there was no entry: what is answered is the id all the same, also where nobody could ask the verb then.
    for (verb, more) in
        [("submit", json!({})), ("revise", json!({ "content": content("ITEM", "丙") })), ("withdraw", json!({ "reason": "不" }))]
    {
        let mut taken = bureau.input("ITEM", code, &json!(0), more);
        taken["commandId"] = used.clone();
        refused(bureau.give(Some(d), verb, taken.clone()).await, verb);
        let second = caller("second-account", "p-d", vec![grant(Role::Drafter, Some("A1"))]);
        refused(bureau.give(Some(&second), verb, taken.clone()).await, "of somebody who may know of it");
        // Whoever may not know of it is answered as ever.
        let stranger = caller("stranger", "p-s", vec![grant(Role::Drafter, Some("B1"))]);
        assert_ne!(word(&bureau.give(Some(&stranger), verb, taken).await), "COMMAND_ID_USED", "{verb}");
    }
    let mut approve = given[3].2.clone();
    approve["documentNumber"] = json!("9号");
    refused(bureau.give(Some(a), "approve", approve).await, "another document");
    let second = caller("second-account", "p-d", vec![grant(Role::Drafter, Some("A1"))]);
    refused(bureau.give(Some(&second), "draft", given[0].2.clone()).await, "another account");

    // Another entry, in this register and in another one.
    let elsewhere = json!({ "commandId": used, "register": "ITEM", "code": "A1-I9", "content": content("ITEM", "甲") });
    refused(bureau.give(Some(d), "draft", elsewhere).await, "another entry");
    let guide = json!({ "commandId": used, "register": "GUIDE", "content": content("GUIDE", "甲") });
    refused(bureau.give(Some(d), "draft", guide).await, "another register");
    assert_eq!(bureau.journal.head().await.unwrap(), head);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_is_sent_twice_at_once_is_carried_out_once() {
    for _ in 0..20 {
        let bureau = Bureau::new();
        let other = Bureau::over(bureau.journal.clone());
        let drafter = one("p-d", Role::Drafter, "ITEM");
        let draft = json!({ "commandId": bureau.id(), "register": "ITEM", "content": content("ITEM", "甲") });
        let (a, b) = tokio::join!(bureau.give(Some(&drafter), "draft", draft.clone()), other.give(Some(&drafter), "draft", draft));
        let mut words = [word(&a), word(&b)];
        words.sort();
        // Whoever comes while the event is being appended appends the same one, which the journal has once and answers alike.
        assert!(words[0] == "APPLIED" && ["APPLIED", "UNCHANGED"].contains(&words[1].as_str()), "{words:?}");
        assert_eq!(a["position"], b["position"]);
        assert_eq!(bureau.journal.read_all(None, usize::MAX).await.unwrap().events.len(), 1);
    }
}

#[tokio::test]
async fn a_new_entry_has_a_code_that_follows_from_its_command_or_begins_with_that_of_its_agency() {
    let bureau = Bureau::new();
    let drafter = one("p-d", Role::Drafter, "ITEM");
    let draft =
        |code: Option<&str>| json!({ "commandId": bureau.id(), "register": "ITEM", "code": code, "content": content("ITEM", "甲") });
    let payload = bureau.applies(&drafter, "draft", draft(None)).await;
    assert!(payload["entry"]["code"].as_str().unwrap().starts_with("TYX"), "{payload}");
    bureau.applies(&drafter, "draft", draft(Some("A1-I1"))).await;
    // With the code of another agency one could find out what is drafted there.
    for code in ["B1-I1", "A1", "X"] {
        let refused = bureau.give(Some(&drafter), "draft", draft(Some(code))).await;
        assert_eq!((word(&refused), &refused["refusal"]["field"]), ("CODE_NOT_OWN".to_owned(), &json!("input.code")), "{code}");
    }
    assert_eq!(word(&bureau.give(Some(&drafter), "draft", draft(Some("编码"))).await), "BAD_REQUEST");
}

#[tokio::test]
async fn nobody_has_more_drafts_on_their_way_than_is_allowed() {
    let journal: SharedJournal = Arc::new(journal::MemoryJournal::new());
    let bureau = Bureau::of(Desk { most_open_drafts: 3, ..Desk::new(journal) });
    let drafter = one("p-d", Role::Drafter, "ITEM");
    let draft = |id: String| json!({ "commandId": id, "register": "ITEM", "content": content("ITEM", "甲") });
    let first = draft(bureau.id());
    let code = bureau.applies(&drafter, "draft", first.clone()).await["entry"]["code"].clone();
    for _ in 0..2 {
        bureau.applies(&drafter, "draft", draft(bureau.id())).await;
    }
    let refused = bureau.give(Some(&drafter), "draft", draft(bureau.id())).await;
    assert_eq!(word(&refused), "TOO_MANY_DRAFTS", "{refused}");
    // Another account of the same person has no more, somebody else has their own; what was done is answered.
    let second = caller("second-account", "p-d", vec![grant(Role::Drafter, Some("A1"))]);
    assert_eq!(word(&bureau.give(Some(&second), "draft", draft(bureau.id())).await), "TOO_MANY_DRAFTS");
    bureau.applies(&one("p-e", Role::Drafter, "ITEM"), "draft", draft(bureau.id())).await;
    assert_eq!(word(&bureau.give(Some(&drafter), "draft", first).await), "UNCHANGED");
    let withdraw = bureau.input("ITEM", code.as_str().unwrap(), &json!(0), json!({ "reason": "不需要" }));
    bureau.applies(&drafter, "withdraw", withdraw).await;
    bureau.applies(&drafter, "draft", draft(bureau.id())).await;
}

#[tokio::test]
async fn ten_thousand_drafts_of_one_caller_are_five_hundred_and_the_register_goes_on() {
    let desk = Desk::new(Arc::new(journal::MemoryJournal::new()));
    let (drafter, now) = (one("p-d", Role::Drafter, "ITEM"), made());
    let (mut applied, mut refused) = (0, 0);
    for number in 0..10_000 {
        let id = Uuid::from_u128(number);
        let code = assigned_code(Register::Item, id).unwrap();
        let said = Said::Draft(content("ITEM", &format!("事项{number}")));
        let ask = Ask { id, code, expected: ExpectedVersion::NoStream, said };
        match change::<Item>(&desk, &drafter, ask, now).await.unwrap().became {
            Became::Applied(_) => applied += 1,
            Became::Refused(refusal) => {
                assert_eq!(refusal.code, "TOO_MANY_DRAFTS");
                refused += 1;
            }
            other => panic!("{number}: {other:?}"),
        }
    }
    assert_eq!((applied, refused), (500, 9_500));
    assert_eq!(desk.journal.read_all(None, usize::MAX).await.unwrap().events.len(), 500, "what is refused is not kept");
    // Others draft as before.
    let bureau = Bureau::of(desk);
    let draft = json!({ "commandId": bureau.id(), "register": "ITEM", "content": content("ITEM", "甲") });
    bureau.applies(&one("p-e", Role::Drafter, "ITEM"), "draft", draft).await;
}
