//! Who may do what with a set, and who learns that there is one.

use api::registrar::{
    change::{Became, Desk},
    changeset::Change,
};
use domain::{
    acting::Role,
    register::{Agency, Material},
};

use super::support::*;

#[tokio::test]
async fn who_may_not_see_the_drafts_is_answered_as_if_there_were_no_set() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    let nothing = code("CS00000000000000000000");
    let review = bench.review(&set).await;
    let elsewhere = caller("p-b", Role::Reviewer, Some("B1"));
    let events = bench.events().await;
    for (about, id) in [(&set, 10), (&nothing, 11)] {
        let answer = bench.ask(&elsewhere, id, about, review).await;
        assert_eq!(word(&answer), "CHANGE_SET_NOT_FOUND");
        let answer = answer.unwrap();
        assert!(answer.loaded.version.is_none() && answer.loaded.history.is_empty() && answer.members.is_empty());
    }
    // The id of a command that a set has does not tell either.
    assert_eq!(word(&bench.ask(&elsewhere, 1, &set, review).await), "CHANGE_SET_NOT_FOUND");
    assert_eq!(word(&bench.propose(&caller("p-b", Role::Drafter, Some("B1")), 12, Some(&set), three()).await), "CHANGE_SET_NOT_FOUND");
    assert_eq!(word(&bench.ask(&drafter(), 13, &set, review).await), "FORBIDDEN");
    assert_eq!(word(&bench.propose(&reviewer(), 14, None, three()).await), "FORBIDDEN");
    assert_eq!(bench.events().await, events);
}

#[tokio::test]
async fn three_persons_and_the_very_agency() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    let review = bench.review(&set).await;
    assert_eq!(word(&bench.ask(&caller("p-d", Role::Reviewer, None), 20, &set, review).await), "SAME_PERSON");
    assert_eq!(word(&bench.ask(&reviewer(), 21, &set, review).await), "APPLIED");
    let approve = bench.approve(&set).await;
    for person in ["p-d", "p-r"] {
        assert_eq!(word(&bench.ask(&caller(person, Role::Approver, Some("A1")), 22, &set, approve.clone()).await), "SAME_PERSON");
    }
    assert_eq!(word(&bench.ask(&caller("p-c", Role::Approver, None), 23, &set, approve.clone()).await), "OUTSIDE_AGENCY");
    assert_eq!(word(&bench.ask(&approver(), 24, &set, approve).await), "APPLIED");
}

#[tokio::test]
async fn a_set_of_several_agencies_is_the_citys_and_its_approver_publishes_all_of_it() {
    let bench = Bench::new().await;
    bench.adopt("J1", of("B1", "事项J1")).await;
    let changes = || {
        vec![
            to("I1", "事项I1改"),
            Change::to(code("J1"), of("B1", "事项J1改"), None),
            // Moved to another agency (Art. 5(1)).
            Change::to(code("I3"), of("B1", "事项I3"), None),
            Change::to(code("M1"), Material::new("居民身份证"), None),
            Change::to(code("A9"), Agency { name: "某市新设局".into(), ..Agency::default() }, None),
            gone("I2"),
        ]
    };
    assert_eq!(word(&bench.propose(&drafter(), 30, None, changes()).await), "OUTSIDE_AGENCY");
    let city = |person, role| caller(person, role, None);
    let proposed = bench.propose(&city("p-d", Role::Drafter), 31, None, changes()).await.unwrap();
    assert!(matches!(proposed.became, Became::Applied(_)), "{proposed:?}");
    let set = proposed.code;
    assert_eq!(bench.set(&set).await.state.agency, None);
    assert_eq!(word(&bench.ask(&city("p-r", Role::Reviewer), 32, &set, bench.review(&set).await).await), "APPLIED");
    // An agency of one member neither sees the set nor approves it.
    assert_eq!(word(&bench.ask(&approver(), 33, &set, bench.approve(&set).await).await), "CHANGE_SET_NOT_FOUND");
    assert_eq!(word(&bench.ask(&city("p-a", Role::Approver), 34, &set, bench.approve(&set).await).await), "APPLIED");
    let told = [bench.told("I1").await, bench.told("J1").await, bench.told("I2").await];
    assert_eq!(told, ["事项I1改 -", "事项J1改 -", "事项I2 - repealed"]);
    assert_eq!(bench.state("I3").await.latest.unwrap().content.agency, code("B1"));
}

#[tokio::test]
async fn moving_one_entry_to_another_agency_makes_the_set_the_citys() {
    let bench = Bench::new().await;
    let moved = || vec![Change::to(code("I1"), of("B1", "事项I1"), None)];
    assert_eq!(word(&bench.propose(&drafter(), 40, None, moved()).await), "OUTSIDE_AGENCY");
    let proposed = bench.propose(&caller("p-c", Role::Drafter, None), 41, None, moved()).await.unwrap();
    assert_eq!(bench.set(&proposed.code).await.state.agency, None);
}

#[tokio::test]
async fn a_set_counts_as_one_draft_and_may_have_more_members_than_drafts_are_allowed() {
    let full = Bench::new().await;
    let bench = Bench { desk: Desk { most_open_drafts: 2, ..Desk::new(full.desk.journal.clone()) } };
    bench.singly("p-d", Role::Drafter, "I4", draft("单独的草稿")).await;
    let set = bench.proposed().await;
    let person = drafter().person().clone();
    assert_eq!(bench.desk.work.drafts_of(&person).await.unwrap(), 2);
    assert_eq!(word(&bench.propose(&drafter(), 50, None, vec![to("N9", "又一")]).await), "TOO_MANY_DRAFTS");
    let singly = bench.desk.work.waiting(|_| true, None, 100).await.unwrap();
    assert_eq!(singly.entries.iter().map(|(_, name)| name.code.to_string()).collect::<Vec<_>>(), ["I4"], "members are not listed singly");
    // A member that says something else meanwhile goes its way alone, and counts.
    bench.singly("p-d", Role::Drafter, "I1", domain::entry::Withdraw { reason: "误".into() }).await;
    bench.singly("p-d", Role::Drafter, "I1", draft("别的内容")).await;
    assert_eq!(bench.desk.work.drafts_of(&person).await.unwrap(), 3);
    assert_eq!(word(&bench.ask(&drafter(), 51, &set, withdraw()).await), "APPLIED");
    assert_eq!(bench.desk.work.drafts_of(&person).await.unwrap(), 2);
    // An index that is built anew is the same.
    assert_eq!(Desk::new(bench.desk.journal.clone()).work.drafts_of(&person).await.unwrap(), 2);
}
