//! A set that is returned brings its members home, whatever kept a review or the return itself from reaching them, and goes again.

use std::sync::Arc;

use domain::{
    acting::Role,
    entry::{Correct, Return, Review, Submit},
    value::Hash,
};
use journal::faults::{Fault, Faulty};

use super::support::*;

/// The same desk, whose store is gone after some appends.
fn gone_after(bench: &Bench, appends: usize) -> Bench {
    let faults = std::iter::repeat_n(Fault::None, appends).chain(std::iter::repeat_n(Fault::NotExecuted, 500));
    Bench::over(Arc::new(Faulty::new(bench.desk.journal.clone(), faults)))
}

fn correct(name: &str) -> Correct<domain::register::Item> {
    Correct { content: item(name), reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() }
}

/// The set passes review and approval, and its members say what it says.
async fn passes(bench: &Bench, set: &domain::envelope::Code, first: u128) {
    let reviewed = bench.ask(&reviewer(), first, set, bench.review(set).await).await;
    assert_eq!(word(&reviewed), "APPLIED", "{:?}", members(&reviewed));
    let approved = bench.ask(&approver(), first + 1, set, bench.approve(set).await).await;
    assert_eq!(word(&approved), "APPLIED", "{:?}", members(&approved));
    let told = [bench.told("N1").await, bench.told("I1").await, bench.told("I2").await];
    assert_eq!(told, ["新事项 -", "事项I1改 -", "事项I2 - repealed"]);
}

#[tokio::test]
async fn a_returned_set_of_which_a_member_was_corrected_meanwhile_is_proposed_again_as_it_was() {
    for by_approver in [false, true] {
        let bench = Bench::new().await;
        let set = if by_approver { bench.reviewed().await } else { bench.proposed().await };
        bench.singly("p-c", Role::Approver, "I1", correct("更正")).await;
        let who = if by_approver { approver() } else { reviewer() };
        assert_eq!(word(&bench.ask(&who, 10, &set, return_()).await), "APPLIED");
        let again = bench.propose(&drafter(), 11, Some(&set), three()).await;
        assert_eq!((word(&again).as_str(), members(&again)), ("APPLIED", vec![]));
        assert_eq!(bench.told("I1").await, "更正 Submitted");
        assert_eq!(word(&bench.propose(&drafter(), 11, Some(&set), three()).await), "UNCHANGED");
        passes(&bench, &set, 20).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_approver_returns_a_set_whose_review_did_not_reach_all_members() {
    // The review is kept, and reaches no member, or one of two.
    for reached in [1, 2] {
        let bench = Bench::new().await;
        let set = bench.proposed().await;
        let broken = gone_after(&bench, reached);
        let cut = broken.ask(&reviewer(), 2, &set, bench.review(&set).await).await;
        assert!(["UNKNOWN", "FAILED"].contains(&word(&cut).as_str()), "{cut:?}");
        // What was corrected since cannot be reviewed any more, so the review cannot be completed.
        for at in ["I1", "N1"] {
            if bench.told(at).await.ends_with("Submitted") && bench.state(at).await.latest.is_some() {
                bench.singly("p-c", Role::Approver, at, correct("更正")).await;
            }
        }
        let returned = bench.ask(&approver(), 3, &set, return_()).await;
        assert_eq!((word(&returned).as_str(), members(&returned)), ("APPLIED", vec![]), "{reached}");
        for at in ["I1", "N1"] {
            assert!(bench.told(at).await.ends_with("Returned"), "{at}");
        }
        assert_eq!(word(&bench.propose(&drafter(), 4, Some(&set), three()).await), "APPLIED");
        passes(&bench, &set, 20).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_return_that_was_cut_off_is_completed_by_the_next_proposal() {
    for reached in [1, 2] {
        let bench = Bench::new().await;
        let set = bench.reviewed().await;
        let broken = gone_after(&bench, reached);
        let cut = broken.ask(&approver(), 3, &set, return_()).await;
        assert!(["UNKNOWN", "FAILED"].contains(&word(&cut).as_str()), "{cut:?}");
        let away = [bench.told("I1").await, bench.told("N1").await];
        assert!(away.iter().any(|told| told.ends_with("Reviewed")), "{away:?}");
        // As it was, and with another content for what was not brought back.
        let proposed = bench.propose(&drafter(), 4, Some(&set), three()).await;
        assert_eq!((word(&proposed).as_str(), members(&proposed)), ("APPLIED", vec![]));
        assert_eq!([bench.told("I1").await, bench.told("N1").await], ["事项I1 Submitted", "- Submitted"]);
        passes(&bench, &set, 20).await;
    }
}

#[tokio::test]
async fn a_set_of_which_a_member_went_ahead_singly_is_returned_with_it() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    let content_hash = Hash::of_content(&item("事项I1改")).unwrap();
    bench.singly("p-y", Role::Reviewer, "I1", Review { content_hash, revision: None }).await;
    assert_eq!(members(&bench.ask(&reviewer(), 2, &set, bench.review(&set).await).await), ["I1 MEMBER_ELSEWHERE"]);
    // It is with the approver, and goes back with its set all the same.
    assert_eq!(word(&bench.ask(&reviewer(), 3, &set, return_()).await), "APPLIED");
    assert_eq!(bench.told("I1").await, "事项I1 Returned");
    assert_eq!(word(&bench.propose(&drafter(), 4, Some(&set), three()).await), "APPLIED");
    passes(&bench, &set, 20).await;
}

#[tokio::test]
async fn by_itself_an_approver_returns_nothing_that_is_with_the_reviewer() {
    let bench = Bench::new().await;
    bench.singly("p-d", Role::Drafter, "I1", draft("事项I1改")).await;
    bench.singly("p-d", Role::Drafter, "I1", Submit::default()).await;
    let acting = domain::acting::Acting {
        person: domain::acting::PersonId::new("p-a"),
        role: Role::Approver,
        scope: domain::acting::Scope::Agency(code("A1")),
    };
    let circumstances = domain::decider::Circumstances {
        now: now(),
        actor: domain::envelope::ActorId::new("singly"),
        capacity: domain::acting::Capacity::Person(acting),
        command: uuid::Uuid::nil(),
    };
    let state = bench.state("I1").await;
    let refusal = <domain::entry::Entry<domain::register::Item> as domain::decider::Decider>::decide(
        &state,
        Return { reason: "缺依据".into() }.into(),
        &circumstances,
    );
    assert_eq!(refusal.unwrap_err().code(), "ROLE_REQUIRED");
}
