//! What goes through review and approval as one does not go through it in parts: no member of a set on its way is passed on or sent back singly.

use api::registrar::{
    change::{Desk, Said},
    changeset::tell_member,
};
use domain::{
    acting::Role,
    entry::{Approve, Return, Review, Submit, Withdraw},
    envelope::Code,
    value::Hash,
};
use serde_json::json;

use super::{
    owed::{alone, refused, return_alone, withdraw_alone},
    support::*,
};

const OF_SET: &str = "MEMBER_OF_SET";

fn hash_of(name: &str) -> Hash {
    Hash::of_content(&item(name)).unwrap()
}

fn review_alone(name: &str) -> Said {
    Said::Review(Review { content_hash: hash_of(name), revision: None })
}

fn approve_alone(name: &str) -> Said {
    Said::Approve(Approve { content_hash: hash_of(name), document: "另文".into(), effective_from: None, beside: Vec::new() })
}

async fn standing(bench: &Bench, set: &Code, at: &str) -> &'static str {
    let loaded = bench.set(set).await;
    let member = loaded.state.members.iter().find(|member| member.code.as_str() == at).unwrap();
    tell_member(bench.desk.journal.as_ref(), &loaded, member).await.unwrap().standing.code()
}

#[tokio::test]
async fn a_member_of_a_set_on_its_way_is_neither_reviewed_approved_nor_returned_singly() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    let desk = Desk::new(bench.desk.journal.clone());
    let events = bench.events().await;
    for said in [review_alone("事项I1改"), return_alone()] {
        let verb = said.verb();
        let told = alone(&desk, &reviewer(), "I1", said).await.unwrap_or_else(|| panic!("{verb}"));
        assert_eq!((told.code, told.rule, told.field.as_deref()), (OF_SET, "Art. 8(1)", Some("code")), "{verb}");
        assert!(told.zh.contains(set.as_str()) && told.en.contains(set.as_str()), "{}", told.zh);
    }
    assert_eq!(bench.events().await, events, "nothing was written");
    assert_eq!(word(&bench.ask(&reviewer(), 2, &set, bench.review(&set).await).await), "APPLIED");
    for said in [approve_alone("事项I1改"), return_alone()] {
        assert_eq!(refused(&desk, &approver(), "I1", said).await, OF_SET);
    }
    assert_eq!(refused(&desk, &approver(), "N1", approve_alone("新事项")).await, OF_SET);
    assert_eq!(word(&bench.ask(&approver(), 3, &set, bench.approve(&set).await).await), "APPLIED");
    assert_eq!([bench.told("N1").await, bench.told("I1").await], ["新事项 -", "事项I1改 -"]);
}

#[tokio::test]
async fn what_is_withdrawn_or_says_something_else_goes_its_way_alone_and_the_set_says_so() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    let desk = Desk::new(bench.desk.journal.clone());
    assert_eq!(refused(&desk, &drafter(), "I1", withdraw_alone()).await, "APPLIED");
    assert_eq!(standing(&bench, &set, "I1").await, "NO_DRAFT");
    // The same content written anew is the set's again.
    assert_eq!(refused(&desk, &drafter(), "I1", Said::Draft(json!(item("事项I1改")))).await, "APPLIED");
    bench.singly("p-d", Role::Drafter, "I1", Submit::default()).await;
    assert_eq!(
        (standing(&bench, &set, "I1").await, refused(&desk, &reviewer(), "I1", review_alone("事项I1改")).await),
        ("STANDS", OF_SET.to_owned())
    );
    // Another content is not.
    bench.singly("p-d", Role::Drafter, "N1", Withdraw { reason: "误".into() }).await;
    bench.singly("p-d", Role::Drafter, "N1", draft("别的内容")).await;
    bench.singly("p-d", Role::Drafter, "N1", Submit::default()).await;
    assert_eq!(standing(&bench, &set, "N1").await, "CONTENT_CHANGED");
    assert_eq!(refused(&desk, &reviewer(), "N1", review_alone("别的内容")).await, "APPLIED");
}

#[tokio::test]
async fn a_set_that_was_returned_or_withdrawn_holds_nothing_back() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    let desk = Desk::new(bench.desk.journal.clone());
    assert_eq!(word(&bench.ask(&reviewer(), 2, &set, return_()).await), "APPLIED");
    assert_eq!(standing(&bench, &set, "I1").await, "STANDS");
    bench.singly("p-d", Role::Drafter, "I1", Submit::default()).await;
    assert_eq!(refused(&desk, &reviewer(), "I1", review_alone("事项I1改")).await, "APPLIED");
}

#[tokio::test]
async fn what_was_reviewed_singly_before_this_was_refused_is_told_and_the_set_takes_it_back() {
    let bench = Bench::new().await;
    let set = bench.reviewed().await;
    bench.singly("p-a", Role::Approver, "I1", Return { reason: "缺".into() }).await;
    assert_eq!(standing(&bench, &set, "I1").await, "MEMBER_ELSEWHERE");
    bench.singly("p-d", Role::Drafter, "I1", Submit::default()).await;
    // The review of the set reached it before, and is not given twice.
    assert_eq!(standing(&bench, &set, "I1").await, "MEMBER_ELSEWHERE");
    assert_eq!(members(&bench.ask(&approver(), 3, &set, bench.approve(&set).await).await), ["I1 MEMBER_ELSEWHERE"]);
    assert_eq!(word(&bench.ask(&approver(), 4, &set, return_()).await), "APPLIED");
    assert_eq!(bench.told("I1").await, "事项I1 Returned");
}
