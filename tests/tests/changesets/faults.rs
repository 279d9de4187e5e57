//! Whatever append fails, and whether it was kept or not: the same command again completes what was begun, once.

use std::sync::Arc;

use api::{
    auth::Caller,
    clock::Clock,
    registrar::{
        change::Desk,
        changeset::{Completed, Completer},
    },
};
use chrono::TimeDelta;
use domain::{acting::Role, changeset::Step, entry, envelope::Code};
use journal::{
    MemoryJournal, SharedJournal,
    faults::{Fault, Faulty},
};

use super::support::*;

/// From the n-th append on everything fails, as if the process or the store had gone.
pub fn cut(journal: &SharedJournal, after: usize, fault: &Fault) -> Bench {
    let faults = std::iter::repeat_n(Fault::None, after).chain(std::iter::repeat_n(fault.clone(), 500));
    Bench { desk: Desk::new(Arc::new(Faulty::new(journal.clone(), faults))) }
}

async fn started(step: Step) -> (Bench, Option<Code>) {
    let bench = Bench::over(Arc::new(MemoryJournal::new()));
    bench.fill().await;
    let set = match step {
        Step::Absent => None,
        Step::Proposed => Some(bench.proposed().await),
        _ => Some(bench.reviewed().await),
    };
    (bench, set)
}

/// What a verb comes to.
async fn give(bench: &Bench, verb: &str, whole: &Bench, set: Option<&Code>) -> String {
    let who: Arc<Caller> = match verb {
        "propose" | "withdraw" => drafter(),
        "approve" => approver(),
        _ => reviewer(),
    };
    let answer = match (verb, set) {
        ("propose", _) => bench.propose(&who, 1, None, three()).await,
        ("review", Some(set)) => bench.ask(&who, 60, set, whole.review(set).await).await,
        ("approve", Some(set)) => bench.ask(&who, 60, set, whole.approve(set).await).await,
        ("return", Some(set)) => bench.ask(&who, 60, set, return_()).await,
        ("withdraw", Some(set)) => bench.ask(&who, 60, set, withdraw()).await,
        other => panic!("{other:?}"),
    };
    word(&answer)
}

/// A set of which every member took what was decided.
fn completed(set: &Code) -> Completed {
    Completed { code: set.clone(), refused: Vec::new() }
}

/// What is in the register, without places.
async fn told(bench: &Bench) -> Vec<String> {
    let mut all = Vec::new();
    for at in ["N1", "I1", "I2", "I3"] {
        let state = bench.state(at).await;
        all.push(format!(
            "{} {:?}",
            bench.told(at).await,
            state.latest.map(|latest| (latest.revision, latest.document, latest.effective_from))
        ));
    }
    all
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_cut_off_at_any_append_is_completed_by_the_same_command() {
    for (verb, step, writes) in [
        ("propose", Step::Absent, 5),
        ("review", Step::Proposed, 3),
        ("approve", Step::Reviewed, 4),
        ("return", Step::Proposed, 3),
        ("withdraw", Step::Reviewed, 3),
    ] {
        let (whole, set) = started(step).await;
        let before = whole.events().await;
        assert_eq!(give(&whole, verb, &whole, set.as_ref()).await, "APPLIED", "{verb}");
        assert_eq!(whole.events().await, before + writes, "{verb}");
        for fault in [Fault::NotExecuted, Fault::UnknownAndLost, Fault::UnknownButKept] {
            for after in 0..writes {
                let case = format!("{verb}, cut after {after} with {fault:?}");
                let (bench, set) = started(step).await;
                let broken = cut(&bench.desk.journal, after, &fault);
                let cut_off = give(&broken, verb, &bench, set.as_ref()).await;
                assert!(["UNKNOWN", "FAILED"].contains(&cut_off.as_str()), "{case}: {cut_off}");
                // What failed for certain left nothing.
                assert!(cut_off == "UNKNOWN" || bench.events().await == before, "{case}");
                let again = give(&bench, verb, &bench, set.as_ref()).await;
                assert!(["APPLIED", "UNCHANGED"].contains(&again.as_str()), "{case}: {again}");
                assert_eq!(told(&bench).await, told(&whole).await, "{case}");
                assert_eq!(bench.events().await, before + writes, "{case}");
                assert_eq!(give(&bench, verb, &bench, set.as_ref()).await, "UNCHANGED", "{case}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_review_left_undone_is_completed_by_whoever_comes_next() {
    for after in 1..3 {
        let (bench, set) = started(Step::Proposed).await;
        let set = set.unwrap();
        let broken = cut(&bench.desk.journal, after, &Fault::NotExecuted);
        assert_eq!(give(&broken, "review", &bench, Some(&set)).await, "UNKNOWN");
        assert_eq!(word(&bench.ask(&approver(), 61, &set, bench.approve(&set).await).await), "APPLIED", "cut after {after}");
        assert_eq!(bench.told("I1").await, "事项I1改 -");
    }
    // An approval that was cut off is completed by another approver, in the name of who gave it.
    let (bench, set) = started(Step::Reviewed).await;
    let set = set.unwrap();
    let broken = cut(&bench.desk.journal, 2, &Fault::UnknownButKept);
    assert_eq!(give(&broken, "approve", &bench, Some(&set)).await, "UNKNOWN");
    let second = caller("p-a2", Role::Approver, Some("A1"));
    assert_eq!(word(&bench.ask(&second, 62, &set, bench.approve(&set).await).await), "UNCHANGED");
    assert_eq!([bench.told("N1").await, bench.told("I1").await, bench.told("I2").await], ["新事项 -", "事项I1改 -", "事项I2 - repealed"]);
    assert_eq!(bench.state("I1").await.latest.unwrap().decided_by.unwrap().person.as_str(), "p-a");
}

#[tokio::test(start_paused = true)]
async fn a_set_of_which_not_all_is_drafted_is_withdrawn_or_completed() {
    for after in 1..5 {
        let (bench, _) = started(Step::Absent).await;
        let broken = cut(&bench.desk.journal, after, &Fault::NotExecuted);
        assert_eq!(give(&broken, "propose", &bench, None).await, "UNKNOWN");
        let set = api::registrar::changeset::code_of(uuid::Uuid::from_u128(1)).unwrap();
        let reviewed = bench.ask(&reviewer(), 2, &set, bench.review(&set).await).await;
        assert_eq!(word(&reviewed), "MEMBERS_REFUSED", "cut after {after}");
        assert_eq!(word(&bench.ask(&drafter(), 3, &set, withdraw()).await), "APPLIED");
        assert_eq!([bench.told("N1").await, bench.told("I1").await], ["- -", "事项I1 -"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_approval_or_a_withdrawal_left_undone_is_completed_by_any_node() {
    for (verb, step, writes) in [("approve", Step::Reviewed, 4), ("withdraw", Step::Reviewed, 3)] {
        let (whole, set) = started(step).await;
        assert_eq!(give(&whole, verb, &whole, set.as_ref()).await, "APPLIED", "{verb}");
        for after in 1..writes {
            let case = format!("{verb}, cut after {after}");
            let (bench, set) = started(step).await;
            let broken = cut(&bench.desk.journal, after, &Fault::NotExecuted);
            assert_eq!(give(&broken, verb, &bench, set.as_ref()).await, "UNKNOWN", "{case}");
            // Another process, which knows nothing but the journal.
            let other = Bench { desk: Desk::new(bench.desk.journal.clone()) };
            let at = |seconds: i64| -> Clock { Arc::new(move || now() + TimeDelta::seconds(seconds)) };
            let mut completer = Completer::default();
            assert!(completer.complete(&other.desk, &at(20)).await.unwrap().is_empty(), "{case}: it is left to whoever gave it");
            // A node whose journal fails as well has not completed it, and tries again.
            let failing = Bench { desk: Desk::new(cut(&bench.desk.journal, 0, &Fault::NotExecuted).desk.journal) };
            assert!(completer.complete(&failing.desk, &at(61)).await.map_or(true, |sets| sets.is_empty()), "{case}");
            assert_eq!(completer.complete(&other.desk, &at(61)).await.unwrap(), [completed(set.as_ref().unwrap())], "{case}");
            assert_eq!(told(&bench).await, told(&whole).await, "{case}");
            let events = bench.events().await;
            assert_eq!(events, whole.events().await, "{case}");
            // Nobody finds anything to do any more, neither this process nor the next, nor who gave it.
            assert!(completer.complete(&other.desk, &at(62)).await.unwrap().is_empty(), "{case}");
            Completer::default().complete(&other.desk, &at(63)).await.unwrap();
            assert_eq!(give(&bench, verb, &bench, set.as_ref()).await, "UNCHANGED", "{case}");
            assert_eq!(bench.events().await, events, "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_set_that_only_repeals_is_completed_too_and_looked_at_once() {
    let (bench, _) = started(Step::Absent).await;
    let set = bench.reviewed_of(vec![gone("I2"), gone("I3")]).await;
    let broken = cut(&bench.desk.journal, 2, &Fault::NotExecuted);
    assert_eq!(give(&broken, "approve", &bench, Some(&set)).await, "UNKNOWN");
    let repealed = async || [bench.told("I2").await, bench.told("I3").await].iter().filter(|told| told.ends_with("repealed")).count();
    assert_eq!(repealed().await, 1);
    let (clock, mut completer): (Clock, _) = (Arc::new(|| now() + TimeDelta::hours(1)), Completer::default());
    assert_eq!(completer.complete(&bench.desk, &clock).await.unwrap(), [completed(&set)]);
    assert_eq!(repealed().await, 2);
    assert!(completer.complete(&bench.desk, &clock).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_somebody_drafts_after_a_set_has_ended_is_their_own() {
    let (bench, set) = started(Step::Reviewed).await;
    let set = set.unwrap();
    bench.singly("p-d", Role::Drafter, "I1", entry::Withdraw { reason: "另行办理".into() }).await;
    assert_eq!(word(&bench.ask(&drafter(), 60, &set, withdraw()).await), "APPLIED");
    // The very words of the set again.
    bench.singly("p-x", Role::Drafter, "I1", draft("事项I1改")).await;
    let clock: Clock = Arc::new(|| now() + TimeDelta::hours(1));
    for desk in [&bench.desk, &Desk::new(bench.desk.journal.clone())] {
        assert!(Completer::default().complete(desk, &clock).await.unwrap().is_empty());
        assert_eq!(bench.told("I1").await, "事项I1 Draft");
    }
}
