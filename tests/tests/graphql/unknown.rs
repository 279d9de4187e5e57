//! A store that fails while it writes: `UNKNOWN` is told where it cannot be known, and the same command, once the store is well, is carried
//! out or answered as the first time. Whatever happened, it is in the journal once.

use std::{iter::repeat_n, sync::Arc, time::Duration};

use api::{graphql::CHANGES, http::REQUEST_TIMEOUT};
use domain::acting::Role;
use journal::{
    SharedJournal,
    faults::{
        Fault::{self, HungAndLost, HungButKept, Late, NotExecuted, UnknownAndLost, UnknownButKept},
        Faulty,
    },
    transact::Budget,
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    callers::{Bureau, content, one, word},
    changesets, reform,
};

/// What happens to the appends of one command, what is told of it, and what to the same command afterwards.
type Case = (&'static str, Vec<Fault>, &'static str, &'static str);

/// Every way to come to the end of the budget, and one that does not.
fn cases() -> Vec<Case> {
    let retries = Budget::default().retries as usize;
    let then = |first: Fault, rest: Fault, count: usize| [first].into_iter().chain(repeat_n(rest, count)).collect::<Vec<_>>();
    let mut last = vec![NotExecuted; retries];
    last.push(UnknownButKept);
    vec![
        ("never kept", vec![NotExecuted; retries + 1], "UNAVAILABLE", "APPLIED"),
        ("every attempt in doubt and lost", vec![UnknownAndLost; retries + 1], "UNKNOWN", "APPLIED"),
        ("every attempt in doubt, kept by the first", vec![UnknownButKept; retries + 1], "UNKNOWN", "UNCHANGED"),
        ("kept by the last", last, "UNKNOWN", "UNCHANGED"),
        ("the first lost in doubt, then refused", then(UnknownAndLost, NotExecuted, retries), "UNKNOWN", "APPLIED"),
        ("the first kept in doubt, then well in time", then(UnknownButKept, NotExecuted, retries - 1), "APPLIED", "UNCHANGED"),
    ]
}

/// A node whose store fails, over the journal of one that is well.
fn ill(well: &Bureau, faults: impl IntoIterator<Item = Fault>) -> Bureau {
    Bureau::over(Arc::new(Faulty::new(well.journal.clone(), faults)))
}

/// The events of a command.
async fn events_of(journal: &SharedJournal, command: &Value) -> usize {
    let id = command.as_str().unwrap();
    let all = journal.read_all(None, usize::MAX).await.unwrap().events;
    all.iter().filter(|event| String::from_utf8_lossy(&event.metadata).contains(id)).count()
}

async fn count(journal: &SharedJournal) -> usize {
    journal.read_all(None, usize::MAX).await.unwrap().events.len()
}

/// Gives a command to a node whose store fails, then to one that is well; what the second answered.
async fn given(well: &Bureau, role: Role, verb: &str, input: Value, (case, faults, told, again): &Case) -> Value {
    let person = match role {
        Role::Drafter => "p-d",
        Role::Reviewer => "p-r",
        Role::Approver => "p-a",
    };
    let who = one(person, role, "ITEM");
    let case = format!("{verb}, {case}");
    let before = count(&well.journal).await;
    let payload = ill(well, faults.clone()).give(Some(&who), verb, input.clone()).await;
    assert_eq!(word(&payload), *told, "{case}: {payload}");
    assert_eq!(payload["position"].is_string(), *told == "APPLIED", "{case}: no place is told that may not be: {payload}");
    let kept = events_of(&well.journal, &input["commandId"]).await;
    assert_eq!(kept, usize::from(*again == "UNCHANGED"), "{case}");
    let repeated = well.give(Some(&who), verb, input.clone()).await;
    assert_eq!(word(&repeated), *again, "{case}: {repeated}");
    let once_more = well.give(Some(&who), verb, input.clone()).await;
    assert_eq!((word(&once_more), &once_more["position"]), ("UNCHANGED".to_owned(), &repeated["position"]), "{case}");
    assert_eq!((events_of(&well.journal, &input["commandId"]).await, count(&well.journal).await), (1, before + 1), "{case}");
    repeated
}

#[tokio::test(start_paused = true)]
async fn whatever_a_store_does_to_a_verb_the_same_command_is_carried_out_once() {
    for case in cases() {
        let well = Bureau::new();
        let draft = json!({ "commandId": well.id(), "register": "ITEM", "content": content("ITEM", "甲") });
        let mut payload = given(&well, Role::Drafter, "draft", draft, &case).await;
        let code = payload["entry"]["code"].as_str().unwrap().to_owned();
        let steps: [(Role, &str); 13] = [
            (Role::Drafter, "revise"),
            (Role::Drafter, "submit"),
            (Role::Reviewer, "return"),
            (Role::Drafter, "submit"),
            (Role::Reviewer, "review"),
            (Role::Approver, "approve"),
            (Role::Approver, "suspend"),
            (Role::Approver, "resume"),
            (Role::Approver, "correct"),
            (Role::Reviewer, "review"),
            (Role::Drafter, "draft"),
            (Role::Drafter, "withdraw"),
            (Role::Approver, "repeal"),
        ];
        for (role, verb) in steps {
            let (draft, owed) = (&payload["entry"]["draft"], &payload["entry"]["reviewsOwed"][0]);
            let more = match verb {
                "draft" => json!({ "content": content("ITEM", "丁") }),
                "revise" => json!({ "content": content("ITEM", "乙") }),
                "review" if owed.is_object() => json!({ "contentHash": owed["contentHash"], "revision": owed["revision"] }),
                "review" => json!({ "contentHash": draft["contentHash"] }),
                "approve" => json!({ "contentHash": draft["contentHash"], "documentNumber": "1号" }),
                "correct" => json!({ "content": content("ITEM", "丙"), "reason": "有误" }),
                "submit" | "resume" => json!({}),
                "repeal" => json!({ "reason": "法律修改", "documentNumber": "2号" }),
                _ => json!({ "reason": "原因" }),
            };
            let input = well.input("ITEM", &code, &payload["entry"]["streamVersion"], more);
            payload = given(&well, role, verb, input, &case).await;
        }
        assert_eq!((&payload["entry"]["stage"], &payload["entry"]["revisions"]["totalCount"]), (&json!("REPEALED"), &json!(2)));
    }
}

/// From the n-th append on everything fails in one way, until the store is well.
fn from(after: usize, fault: &Fault) -> impl Iterator<Item = Fault> {
    repeat_n(Fault::None, after).chain(repeat_n(fault.clone(), 500))
}

#[tokio::test(start_paused = true)]
async fn a_change_set_of_which_it_is_not_known_is_completed_by_the_same_command_and_each_member_changes_once() {
    let people = |verb: &str| match verb {
        "approveChangeSet" => one("p-a", Role::Approver, "ITEM"),
        "withdrawChangeSet" => one("planted-drafter", Role::Drafter, "ITEM"),
        _ => one("p-r", Role::Reviewer, "ITEM"),
    };
    for (verb, reviewed, writes) in
        [("reviewChangeSet", false, 3), ("approveChangeSet", true, 4), ("returnChangeSet", false, 3), ("withdrawChangeSet", true, 3)]
    {
        for fault in [NotExecuted, UnknownAndLost, UnknownButKept] {
            for after in 0..writes {
                let case = format!("{verb}, {fault:?} from append {after} on");
                let well = changesets::bureau().await;
                let hash = changesets::see(&well, Some(&people("reviewChangeSet"))).await["hash"].clone();
                if reviewed {
                    let review = json!({ "expectedVersion": 0, "hash": hash });
                    changesets::give(&well, Some(&people("reviewChangeSet")), "reviewChangeSet", review).await;
                }
                let mut input = json!({ "commandId": "c0000000-0000-4000-8000-000000000001", "expectedVersion": u8::from(reviewed) });
                match verb {
                    "reviewChangeSet" => input["hash"] = hash,
                    "approveChangeSet" => (input["hash"], input["documentNumber"]) = (hash, json!("1号")),
                    _ => input["reason"] = json!("原因"),
                }
                let (who, before) = (people(verb), count(&well.journal).await);
                let told = changesets::give(&ill(&well, from(after, &fault)), Some(&who), verb, input.clone()).await;
                let certain = after == 0 && fault == NotExecuted;
                assert_eq!(word(&told), if certain { "UNAVAILABLE" } else { "UNKNOWN" }, "{case}: {told:#}");
                let again = changesets::give(&well, Some(&who), verb, input.clone()).await;
                let kept = after > 0 || fault == UnknownButKept;
                assert_eq!(word(&again), if kept { "UNCHANGED" } else { "APPLIED" }, "{case}: {again:#}");
                assert_eq!((&again["memberCount"], count(&well.journal).await), (&json!(0), before + writes), "{case}");
                let once_more = changesets::give(&well, Some(&who), verb, input).await;
                assert_eq!((word(&once_more), count(&well.journal).await), ("UNCHANGED".to_owned(), before + writes), "{case}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reform_of_which_it_is_not_known_is_completed_by_the_same_command() {
    let whole = Bureau::over(reform::city().await.journal);
    let input = reform::input(&whole, reform::merger());
    let before = count(&whole.journal).await;
    assert_eq!(reform::reform(&whole, Some(&reform::of_city()), &input).await["status"], "APPLIED");
    let writes = count(&whole.journal).await - before;
    for fault in [NotExecuted, UnknownAndLost, UnknownButKept] {
        for after in 0..writes {
            let case = format!("{fault:?} from append {after} on");
            let well = Bureau::over(reform::city().await.journal);
            let told = reform::reform(&ill(&well, from(after, &fault)), Some(&reform::of_city()), &input).await;
            assert_eq!(told["status"], if fault == NotExecuted { "UNAVAILABLE" } else { "UNKNOWN" }, "{case}: {told}");
            // Steps that are under way at once may all be kept when the first of them fails.
            let there = count(&well.journal).await - before;
            assert!(there >= after, "{case}: {there}");
            let again = reform::reform(&well, Some(&reform::of_city()), &input).await;
            assert_eq!(again["status"], if there == writes { "UNCHANGED" } else { "APPLIED" }, "{case}: {again}");
            assert_eq!(count(&well.journal).await, before + writes, "{case}");
            assert_eq!(reform::reform(&well, Some(&reform::of_city()), &input).await["status"], "UNCHANGED", "{case}");
            assert_eq!(count(&well.journal).await, before + writes, "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_store_does_not_answer_is_told_as_unknown_in_time_and_the_same_command_is_carried_out_once() {
    let drafter = one("p-d", Role::Drafter, "ITEM");
    let late = CHANGES + Duration::from_secs(1);
    for (fault, again) in [(HungAndLost, "APPLIED"), (HungButKept, "UNCHANGED"), (Late(late), "UNCHANGED")] {
        let well = Bureau::new();
        let draft = json!({ "commandId": well.id(), "register": "ITEM", "content": content("ITEM", "甲") });
        let begun = Instant::now();
        let told = ill(&well, [fault.clone()]).give(Some(&drafter), "draft", draft.clone()).await;
        assert_eq!((word(&told), &told["position"]), ("UNKNOWN".to_owned(), &Value::Null), "{fault:?}: {told}");
        assert!(begun.elapsed() >= CHANGES && begun.elapsed() < REQUEST_TIMEOUT, "{fault:?}: {:?}", begun.elapsed());
        // What is not waited for goes on.
        sleep(late).await;
        assert_eq!(events_of(&well.journal, &draft["commandId"]).await, usize::from(again == "UNCHANGED"), "{fault:?}");
        let repeated = well.give(Some(&drafter), "draft", draft.clone()).await;
        assert_eq!((word(&repeated).as_str(), count(&well.journal).await), (again, 1), "{fault:?}: {repeated}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_that_comes_after_one_which_is_not_answered_is_not_begun_before_it() {
    let well = Bureau::new();
    let ids = [well.id(), well.id()];
    let input = |id: &str| json!({ "commandId": id, "register": "ITEM", "content": content("ITEM", "甲") });
    let both = "mutation ($a: DraftInput!, $b: DraftInput!) { a: draft(input: $a) { status } b: draft(input: $b) { status } }";
    let drafter = one("p-d", Role::Drafter, "ITEM");
    let told = ill(&well, [HungButKept]).answer(Some(&drafter), both, json!({ "a": input(&ids[0]), "b": input(&ids[1]) })).await;
    assert_eq!(told["data"], json!({ "a": { "status": "UNKNOWN" }, "b": { "status": "UNKNOWN" } }), "{told}");
    sleep(CHANGES).await;
    for (id, kept, again) in [(&ids[0], 1, "UNCHANGED"), (&ids[1], 0, "APPLIED")] {
        assert_eq!(events_of(&well.journal, &json!(id)).await, kept);
        assert_eq!(word(&well.give(Some(&drafter), "draft", input(id)).await), again);
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_set_that_a_store_does_not_answer_is_unknown_in_time_and_is_completed_by_the_same_command() {
    let reviewer = one("p-r", Role::Reviewer, "ITEM");
    for fault in [HungAndLost, HungButKept] {
        for after in 0..3 {
            let case = format!("{fault:?} from append {after} on");
            let well = changesets::bureau().await;
            let hash = changesets::see(&well, Some(&reviewer)).await["hash"].clone();
            let input = json!({ "commandId": "c0000000-0000-4000-8000-000000000001", "expectedVersion": 0, "hash": hash });
            let (begun, before) = (Instant::now(), count(&well.journal).await);
            let told = changesets::give(&ill(&well, from(after, &fault)), Some(&reviewer), "reviewChangeSet", input.clone()).await;
            assert_eq!((word(&told), &told["changeSet"]), ("UNKNOWN".to_owned(), &Value::Null), "{case}: {told:#}");
            assert!(begun.elapsed() < REQUEST_TIMEOUT, "{case}: {:?}", begun.elapsed());
            let again = changesets::give(&well, Some(&reviewer), "reviewChangeSet", input).await;
            let kept = after > 0 || fault == HungButKept;
            assert_eq!(word(&again), if kept { "UNCHANGED" } else { "APPLIED" }, "{case}: {again:#}");
            assert_eq!((&again["memberCount"], count(&well.journal).await), (&json!(0), before + 3), "{case}");
        }
    }
}
