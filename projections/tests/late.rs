//! The members of a change set that was cut off: what is recorded late was decided earlier, and the time that the law gives runs from then
//! (Art. 10(2)).

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use chrono::{DateTime, Utc};
use common::{
    Told, code, day, guide, item, person,
    served::{Node, receipts, second},
};
use domain::{
    acting::{Acting, Capacity, PersonId, Role},
    changeset::{self, State as SetState},
    codec::Registered,
    deadline::Status,
    entry::{Approve, Entry, Step},
    receipt::Standing,
    register::{Guide, Item},
    value::{Channel, Hash},
};
use projections::{DeadlineQuery, Deadlines, sight_of};

/// So many days after noon of Tuesday, 6 January 2026, in China.
fn on(n: i64) -> DateTime<Utc> {
    day(5 + n)
}

/// Carries the approval of a set that was decided at one moment to the draft of an entry, at another.
async fn carry<C: Registered>(told: &mut Told, at: &str, decided: DateTime<Utc>, now: DateTime<Utc>) {
    let pending = told.state::<C>(at).await.pending.unwrap();
    let by: Acting = person("p-approver", Role::Approver, pending.content.as_ref());
    let document = "某政发〔2026〕1号".to_owned();
    let approved = changeset::Approved {
        hash: Hash::of_bytes(b"set"),
        document: document.clone(),
        effective_from: decided,
        drafters: vec![PersonId::new("p-drafter")],
        reviewer: PersonId::new("p-reviewer"),
        by,
    };
    let set = SetState { agency: pending.content.agency().cloned(), ..SetState::default() };
    let of = changeset::Event::Approved(approved).carried(&set, decided);
    let approve = Approve { content_hash: pending.content_hash, document, effective_from: Some(decided), beside: Vec::new() };
    told.on::<Entry<C>>(at, now, Capacity::OfSet(of), approve).await;
    assert!(told.state::<C>(at).await.pending.is_none(), "{at} was not approved");
}

async fn stands(told: &Told, now: DateTime<Utc>, known_at: Option<DateTime<Utc>>) -> Vec<(String, DateTime<Utc>, Status)> {
    let query = DeadlineQuery { rule: Some(code("ART-10-2")), ..DeadlineQuery::default() };
    let page = Deadlines::new(told.journal.clone()).page(&query, |_| true, (now, known_at), (None, usize::MAX)).await.unwrap();
    let mut cases: Vec<_> = page
        .cases
        .iter()
        .map(|case| match &case.subject {
            projections::Subject::Entry(name) => (name.code.to_string(), case.trigger, case.judgement.status),
            projections::Subject::Agency(_) => panic!("of an entry"),
        })
        .collect();
    cases.sort();
    cases
}

/// A register with an item and a guide that are drafted and reviewed, and a node that shows it.
async fn reviewed() -> (Told, Node) {
    let mut told = Told::new();
    told.adopt("I0", on(0), item("别的"), None).await;
    told.draft("I1", on(0), item("甲")).await;
    told.carry::<Item>("I1", on(0), Step::Reviewed, None).await;
    told.draft("G1", on(0), guide("指南", "I1")).await;
    told.carry::<Guide>("G1", on(0), Step::Reviewed, None).await;
    let node = Node::begun(told.journal.clone(), on(0)).await;
    (told, node)
}

#[tokio::test]
async fn what_is_carried_within_the_time_is_in_time_and_after_it_late() {
    for (late, standing, status) in [(1, Standing::InTime, Status::FulfilledInTime), (20, Standing::Late, Status::FulfilledLate)] {
        let (mut told, node) = reviewed().await;
        let decided = on(0) + second(60);
        let completed = decided + second(3_600 * 24 * late) - second(3_600 * 23);
        carry::<Item>(&mut told, "I1", decided, completed).await;
        carry::<Guide>(&mut told, "G1", decided, completed).await;
        let shown = completed + second(1);
        node.shows(shown).await;
        node.writes(shown).await;
        let of_set: Vec<_> = receipts(&told.journal).await.into_iter().filter(|(_, receipt)| receipt.code.as_str() != "I0").collect();
        assert_eq!(of_set.len(), 2 * Channel::ALL.len());
        for (_, receipt) in &of_set {
            assert_eq!((receipt.published_at, receipt.served_at, receipt.standing), (decided, shown, standing), "{receipt:?}");
            // The item that came along was decided with it: the guide could have been shown from then on.
            assert_eq!(receipt.begins_at, None, "{receipt:?}");
        }
        let cases = stands(&told, shown, None).await;
        for of in ["G1", "I1"] {
            assert!(cases.contains(&(of.to_owned(), decided, status)), "{cases:?}");
        }
        let sight =
            sight_of(told.journal.as_ref(), &domain::envelope::EntryName::new(domain::register::Register::Guide, code("G1")), 1).await;
        assert_eq!(sight.unwrap().unwrap().steps(), [(decided, None)]);
    }
}

#[tokio::test]
async fn until_it_was_completed_nobody_knew_of_it_and_that_is_told_again() {
    let (mut told, node) = reviewed().await;
    let (decided, completed) = (on(0) + second(60), on(20));
    let asked = [decided - second(1), decided, on(3), completed - second(1)];
    let mut before = Vec::new();
    for known in asked {
        before.push(stands(&told, completed, Some(known)).await);
    }
    carry::<Item>(&mut told, "I1", decided, completed).await;
    node.shows(completed).await;
    node.writes(completed).await;
    for (known, before) in asked.into_iter().zip(before) {
        assert_eq!(stands(&told, on(30), Some(known)).await, before, "as known at {known}");
    }
    assert!(stands(&told, on(30), None).await.contains(&("I1".to_owned(), decided, Status::FulfilledLate)));
}

#[tokio::test]
async fn information_is_published_when_it_can_be_seen_and_not_when_that_was_decided() {
    let (mut told, _node) = reviewed().await;
    let (decided, completed) = (on(0) + second(60), on(40));
    carry::<Item>(&mut told, "I1", decided, completed).await;
    let query = DeadlineQuery { rule: Some(code("ART-8-2")), ..DeadlineQuery::default() };
    let page = Deadlines::new(told.journal.clone()).page(&query, |_| true, (on(50), None), (None, usize::MAX)).await.unwrap();
    let case = page.cases.iter().find(|case| case.revision == Some(1)).unwrap();
    assert_eq!((case.judgement.status, case.judgement.fulfilled_at), (Status::FulfilledLate, Some(completed)));
}
