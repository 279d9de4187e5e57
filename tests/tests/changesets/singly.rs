//! Members that somebody changes singly meanwhile: the set says so, and nothing else is passed than what was looked at.

use api::registrar::changeset::{Standing, tell_member};
use domain::{
    acting::Role,
    entry::{Approve, Correct, Repeal, Return, Review, Submit, Withdraw},
    value::Hash,
};

use super::support::*;

async fn standings(bench: &Bench, set: &domain::envelope::Code) -> Vec<&'static str> {
    let mut all = Vec::new();
    for member in bench.set(set).await.state.members.iter() {
        all.push(tell_member(bench.desk.journal.as_ref(), &bench.set(set).await, member).await.unwrap().standing.code());
    }
    all
}

/// The set is not passed on, says which member is the reason, and writes nothing.
async fn stands_still(bench: &Bench, set: &domain::envelope::Code, told: &[&str]) {
    let events = bench.events().await;
    let reviewed = bench.ask(&reviewer(), 70, set, bench.review(set).await).await;
    let approved = bench.ask(&approver(), 71, set, bench.approve(set).await).await;
    let answer = if word(&reviewed) == "MEMBERS_REFUSED" { reviewed } else { approved };
    assert_eq!((word(&answer).as_str(), members(&answer)), ("MEMBERS_REFUSED", told.iter().map(ToString::to_string).collect()));
    assert_eq!(bench.events().await, events);
}

#[tokio::test]
async fn a_draft_that_was_withdrawn_singly_keeps_the_set_from_review_and_approval() {
    for reviewed in [false, true] {
        let bench = Bench::new().await;
        let set = if reviewed { bench.reviewed().await } else { bench.proposed().await };
        assert_eq!(standings(&bench, &set).await, ["STANDS", "STANDS", "STANDS"]);
        bench.singly("p-d", Role::Drafter, "I1", Withdraw { reason: "误".into() }).await;
        assert_eq!(standings(&bench, &set).await, ["NO_DRAFT", "STANDS", "STANDS"]);
        stands_still(&bench, &set, &["I1 NO_DRAFT"]).await;
        // The same content again, by itself: it is what was looked at, but it has to pass by itself as well.
        bench.singly("p-x", Role::Drafter, "I1", draft("事项I1改")).await;
        assert_eq!(standings(&bench, &set).await, ["MEMBER_ELSEWHERE", "STANDS", "STANDS"]);
        stands_still(&bench, &set, &["I1 MEMBER_ELSEWHERE"]).await;
    }
}

#[tokio::test]
async fn a_draft_that_says_something_else_is_neither_approved_nor_touched() {
    let bench = Bench::new().await;
    let set = bench.reviewed().await;
    bench.singly("p-d", Role::Drafter, "I1", Withdraw { reason: "误".into() }).await;
    bench.singly("p-x", Role::Drafter, "I1", draft("别的内容")).await;
    bench.singly("p-x", Role::Drafter, "I1", Submit::default()).await;
    let content_hash = Hash::of_content(&item("别的内容")).unwrap();
    bench.singly("p-y", Role::Reviewer, "I1", Review { content_hash, revision: None }).await;
    assert_eq!(standings(&bench, &set).await, ["CONTENT_CHANGED", "STANDS", "STANDS"]);
    stands_still(&bench, &set, &["I1 CONTENT_CHANGED"]).await;
    // Return and withdrawal leave it to those who wrote it.
    assert_eq!(word(&bench.ask(&approver(), 5, &set, return_()).await), "APPLIED");
    assert_eq!(word(&bench.ask(&drafter(), 6, &set, withdraw()).await), "APPLIED");
    assert_eq!([bench.told("I1").await, bench.told("N1").await], ["事项I1 Reviewed", "- -"]);
}

#[tokio::test]
async fn a_correction_meanwhile_makes_the_member_outdated() {
    let bench = Bench::new().await;
    let set = bench.reviewed().await;
    let correct = Correct { content: item("更正"), reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() };
    bench.singly("p-c", Role::Approver, "I1", correct).await;
    stands_still(&bench, &set, &["I1 DRAFT_OUTDATED"]).await;
    assert_eq!(bench.told("I1").await, "更正 Reviewed");
}

#[tokio::test]
async fn what_is_to_go_and_is_drafted_corrected_or_repealed_meanwhile_does_not_stand() {
    let bench = Bench::new().await;
    let set = bench.reviewed().await;
    bench.singly("p-x", Role::Drafter, "I2", draft("别人的草稿")).await;
    assert_eq!(standings(&bench, &set).await[1], "DRAFT_EXISTS");
    stands_still(&bench, &set, &["I2 DRAFT_EXISTS"]).await;
    bench.singly("p-x", Role::Drafter, "I2", Withdraw { reason: "误".into() }).await;
    let repeal = Repeal { effective_from: None, reason: "另行取消".into(), document: None, replaced_by: None, reform: None };
    bench.singly("p-c", Role::Approver, "I2", repeal).await;
    stands_still(&bench, &set, &["I2 ENTRY_REPEALED"]).await;
}

#[tokio::test]
async fn a_member_that_passed_singly_is_told_and_the_set_goes_on_when_it_is_proposed_anew() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    let content_hash = Hash::of_content(&item("事项I1改")).unwrap();
    bench.singly("p-y", Role::Reviewer, "I1", Review { content_hash, revision: None }).await;
    assert_eq!(standings(&bench, &set).await[0], "MEMBER_ELSEWHERE");
    stands_still(&bench, &set, &["I1 MEMBER_ELSEWHERE"]).await;
    let approve = Approve { content_hash, document: "另文".into(), effective_from: None, beside: Vec::new() };
    bench.singly("p-z", Role::Approver, "I1", approve).await;
    let loaded = bench.set(&set).await;
    let told = tell_member(bench.desk.journal.as_ref(), &loaded, &loaded.state.members[0]).await.unwrap();
    assert_eq!((told.standing, told.changes.len()), (Standing::DoneSingly, 1));
    stands_still(&bench, &set, &["I1 DONE_SINGLY"]).await;
    assert_eq!(word(&bench.ask(&reviewer(), 4, &set, return_()).await), "APPLIED");
    assert_eq!(word(&bench.propose(&drafter(), 5, Some(&set), vec![to("N1", "新事项"), gone("I2")]).await), "APPLIED");
    assert_eq!(word(&bench.ask(&reviewer(), 6, &set, bench.review(&set).await).await), "APPLIED");
    assert_eq!(word(&bench.ask(&approver(), 7, &set, bench.approve(&set).await).await), "APPLIED");
    assert_eq!([bench.told("N1").await, bench.told("I2").await], ["新事项 -", "事项I2 - repealed"]);
}

#[tokio::test]
async fn a_member_that_was_returned_singly_does_not_stand() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    bench.singly("p-y", Role::Reviewer, "N1", Return { reason: "缺".into() }).await;
    stands_still(&bench, &set, &["N1 MEMBER_ELSEWHERE"]).await;
}
