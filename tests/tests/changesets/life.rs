//! The life of a set: nothing is public before the approval, and after it all is.

use api::registrar::change::Became;
use domain::{
    acting::Role,
    changeset::{Approve, Step},
    register::Item,
    value::Channel,
};
use journal::transact::ExpectedVersion;
use projections::{
    history::{Audience, tell},
    views_of,
};

use super::support::*;

/// The names that a channel shows now.
async fn shown(bench: &Bench, channel: Channel) -> Vec<String> {
    use projections::{ListQuery, ViewStore, list};
    let views = views_of(bench.desk.journal.clone(), &|_| ()).await.unwrap();
    let snapshot = views.snapshot().await.unwrap();
    let listed =
        list(snapshot.as_ref(), (channel, domain::register::Register::Item), &ListQuery::default(), now(), None, 100).await.unwrap();
    listed.documents.iter().map(|document| document.code().to_string()).collect()
}

#[tokio::test]
async fn a_set_is_proposed_reviewed_and_approved_and_nothing_of_it_is_public_before() {
    let bench = Bench::new().await;
    let before = [shown(&bench, Channel::Online).await, shown(&bench, Channel::Counter).await];
    let set = bench.proposed().await;
    assert_eq!([bench.told("N1").await, bench.told("I1").await, bench.told("I2").await], ["- Submitted", "事项I1 Submitted", "事项I2 -"]);
    assert_eq!(word(&bench.ask(&approver(), 9, &set, bench.approve(&set).await).await), "NOT_REVIEWED");
    assert_eq!(word(&bench.ask(&reviewer(), 2, &set, bench.review(&set).await).await), "APPLIED");
    assert_eq!([bench.told("N1").await, bench.told("I1").await, bench.told("I2").await], ["- Reviewed", "事项I1 Reviewed", "事项I2 -"]);
    assert_eq!([shown(&bench, Channel::Online).await, shown(&bench, Channel::Counter).await], before);
    let approved = bench.ask(&approver(), 3, &set, bench.approve(&set).await).await.unwrap();
    let Became::Applied(position) = approved.became else { panic!("{approved:?}") };
    assert_eq!(Some(position), bench.desk.journal.head().await.unwrap(), "whoever waits for this position sees all of it");
    assert_eq!((approved.loaded.state.step, approved.members.len()), (Step::Approved, 0));
    assert_eq!([bench.told("N1").await, bench.told("I1").await, bench.told("I2").await], ["新事项 -", "事项I1改 -", "事项I2 - repealed"]);
    for channel in Channel::ALL {
        assert_eq!(shown(&bench, channel).await, ["I1", "I3", "I4", "N1"], "{channel:?}");
    }
    // The public history names the document, and nothing of the set.
    for at in ["N1", "I1", "I2"] {
        let loaded = journal::load::<Item>(bench.desk.journal.as_ref(), &code(at)).await.unwrap();
        let told = tell(&loaded.history, Audience::Public, loaded.history.last().unwrap().metadata.at);
        let last = told.last().unwrap();
        assert_eq!(last.document.as_deref(), Some("某政发〔2026〕1号"), "{at}");
        let text = serde_json::to_string(&told).unwrap();
        assert!(!text.contains(set.as_str()) && !text.contains("changeset"), "{text}");
    }
}

#[tokio::test]
async fn all_members_come_into_force_at_one_moment() {
    let bench = Bench::new().await;
    let set = bench.reviewed().await;
    let from = now() + chrono::TimeDelta::days(30);
    let approve = Approve { effective_from: Some(from), ..bench.approve(&set).await };
    assert_eq!(word(&bench.ask(&approver(), 3, &set, approve).await), "APPLIED");
    let (new, changed, gone) = (bench.state("N1").await, bench.state("I1").await, bench.state("I2").await);
    let moments = [new.latest.unwrap().effective_from, changed.latest.unwrap().effective_from, gone.repeal.unwrap().effective_from];
    assert_eq!(moments, [from; 3]);
}

#[tokio::test]
async fn the_same_command_again_changes_nothing_and_another_under_its_id_is_refused() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    let events = bench.events().await;
    assert_eq!(word(&bench.propose(&drafter(), 1, None, three()).await), "UNCHANGED");
    assert_eq!(word(&bench.propose(&drafter(), 1, None, vec![to("N1", "别的")]).await), "COMMAND_ID_USED");
    let review = bench.review(&set).await;
    assert_eq!(word(&bench.ask(&reviewer(), 2, &set, review).await), "APPLIED");
    assert_eq!(word(&bench.ask(&reviewer(), 2, &set, review).await), "UNCHANGED");
    assert_eq!(word(&bench.ask(&reviewer(), 2, &set, return_()).await), "COMMAND_ID_USED");
    assert_eq!(word(&bench.ask(&caller("p-r2", Role::Reviewer, None), 2, &set, review).await), "COMMAND_ID_USED");
    let approve = bench.approve(&set).await;
    assert_eq!(word(&bench.ask(&approver(), 3, &set, approve.clone()).await), "APPLIED");
    for id in [3, 4] {
        assert_eq!(word(&bench.ask(&approver(), id, &set, approve.clone()).await), "UNCHANGED");
    }
    // Review of the set and of two drafts, approval of the set, of two drafts and a repeal.
    assert_eq!(bench.events().await, events + 3 + 4);
}

#[tokio::test]
async fn who_looked_at_another_version_is_told_of_the_conflict() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    let at = |version| ExpectedVersion::Exact(domain::envelope::StreamVersion(version));
    let review = bench.review(&set).await;
    assert_eq!(word(&bench.ask_expecting(&reviewer(), 2, (&set, at(7)), review).await), "CONFLICT");
    assert_eq!(word(&bench.ask_expecting(&reviewer(), 2, (&set, at(0)), review).await), "APPLIED");
}

#[tokio::test]
async fn a_set_that_is_returned_goes_again_with_what_was_changed_added_and_left_out() {
    let bench = Bench::new().await;
    let set = bench.proposed().await;
    assert_eq!(word(&bench.ask(&reviewer(), 2, &set, return_()).await), "APPLIED");
    assert_eq!([bench.told("N1").await, bench.told("I1").await], ["- Returned", "事项I1 Returned"]);
    let second = || vec![to("I1", "事项I1再改"), to("I3", "事项I3改"), gone("I4")];
    assert_eq!(word(&bench.propose(&drafter(), 3, Some(&set), second()).await), "APPLIED");
    assert_eq!(word(&bench.propose(&drafter(), 3, Some(&set), second()).await), "UNCHANGED");
    assert_eq!([bench.told("N1").await, bench.told("I1").await, bench.told("I3").await], ["- -", "事项I1 Submitted", "事项I3 Submitted"]);
    assert_eq!(word(&bench.ask(&reviewer(), 4, &set, bench.review(&set).await).await), "APPLIED");
    // The approver sends it back too, and it is withdrawn: nothing was published, and lists may be adopted again.
    assert_eq!(word(&bench.ask(&approver(), 5, &set, return_()).await), "APPLIED");
    assert_eq!(word(&bench.ask(&drafter(), 6, &set, withdraw()).await), "APPLIED");
    for at in ["I1", "I2", "I3", "I4"] {
        assert_eq!(bench.told(at).await, format!("事项{at} -"));
        assert!(!bench.state(at).await.is_kept_here());
    }
    assert_eq!(word(&bench.ask(&reviewer(), 7, &set, bench.review(&set).await).await), "CHANGE_SET_CLOSED");
}

#[tokio::test]
async fn all_refusals_are_told_at_once_and_nothing_is_written() {
    let bench = Bench::new().await;
    bench.singly("p-x", Role::Drafter, "I1", draft("别人的草稿")).await;
    bench.singly("p-x", Role::Drafter, "I2", draft("别人的草稿")).await;
    let events = bench.events().await;
    let mut nameless = item("x");
    nameless.name = String::new();
    let changes = vec![
        to("I1", "事项I1改"),
        gone("I2"),
        to("I3", "事项I3"),
        gone("NOTHING"),
        api::registrar::changeset::Change::to(code("N1"), nameless, None),
        to("N2", "好的"),
    ];
    let refused = bench.propose(&drafter(), 1, None, changes).await;
    // What does not exist has no revision that could end: the set itself says so, before its members are asked.
    assert_eq!(word(&refused), "CHANGE_SET_INCOMPLETE");
    let changes = vec![to("I1", "事项I1改"), gone("I2"), to("I3", "事项I3"), to("N2", "好的")];
    let refused = bench.propose(&drafter(), 1, None, changes).await;
    assert_eq!(word(&refused), "MEMBERS_REFUSED");
    assert_eq!(members(&refused), ["I1 DRAFT_EXISTS", "I2 DRAFT_EXISTS", "I3 NOTHING_CHANGED"]);
    assert_eq!(bench.events().await, events);
}
