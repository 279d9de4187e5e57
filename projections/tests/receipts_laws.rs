//! What holds of receipts after whatever happened.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use common::{
    Told, acts, day, item,
    served::{Node, of, on_both, receipts},
};
use domain::{receipt::Witness, register::Item};
use projections::ViewStore;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// After any history, with nodes that die on the way and others that come when more has happened: what was shown when somebody looked has exactly one
    /// receipt of each channel that showed it, and that says since when, also if who showed it died at once and it was superseded before the next came.
    #[test]
    fn each_shown_revision_has_exactly_one_receipt_of_each_channel(acts in acts::acts(), dies in prop::collection::vec(0_u8..8, 80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let mut told = Told::new();
            let begin = async |told: &Told, at| Node::noting(&folder.path().join("notes"), told.journal.clone(), at).await;
            let mut node = Some(begin(&told, day(0)).await);
            // Since when one has been there, and the times that others were.
            let (mut since, mut lives) = (day(0), Vec::new());
            // When each was first seen, and whether by a node that had begun before.
            let (mut shown, mut now): (BTreeMap<_, (DateTime<Utc>, bool)>, i64) = (BTreeMap::new(), 0);
            for ((act, on), dies) in acts.into_iter().zip(dies.into_iter().cycle()) {
                now = now.max(on);
                if let Some(node) = &node {
                    // What began by the clock since.
                    node.writes(day(now)).await;
                }
                acts::act(&mut told, act, now).await;
                let lived = node.is_some();
                let living = if let Some(node) = node.take() {
                    node
                } else {
                    since = day(now);
                    begin(&told, since).await
                };
                living.shows(day(now)).await;
                let snapshot = living.views.snapshot().await.unwrap();
                for key in snapshot.keys().await.unwrap() {
                    let document = snapshot.get_many(key.channel, key.register, std::slice::from_ref(&key.code)).await.unwrap().remove(0).unwrap();
                    for served in document.served_at(day(now)) {
                        shown.entry((key.channel, key.register, key.code.clone(), served.revision)).or_insert((day(now), lived));
                    }
                }
                if dies > 1 {
                    living.writes(day(now)).await;
                }
                node = (dies > 0).then_some(living);
                if node.is_none() {
                    lives.push(since..=day(now));
                }
            }
            drop(node);
            lives.push(since..=day(now));
            begin(&told, day(now)).await;
            let mut written = BTreeMap::new();
            for (channel, receipt) in receipts(&told.journal).await {
                let of = (channel, receipt.register, receipt.code.clone(), receipt.revision);
                let before = written.insert(of, (receipt.witness, receipt.served_at));
                prop_assert!(before.is_none(), "twice: {receipt:?}");
                prop_assert!(lives.iter().any(|life| life.contains(&receipt.served_at)), "nobody served then: {receipt:?}");
            }
            for (revision, (since, lived)) in &shown {
                let Some((witness, served_at)) = written.get(revision) else {
                    panic!("{revision:?} was shown at {since} and has no receipt");
                };
                prop_assert!(served_at <= since, "{revision:?} was shown at {since} and not since {served_at}");
                prop_assert!(!lived || *witness == Witness::Commit, "{revision:?} was shown at {since}: {witness:?}");
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn what_a_process_noted_beside_the_journal_is_written_down_by_the_next_with_its_true_time() {
    let folder = tempfile::tempdir().unwrap();
    let notes = folder.path().join("notes");
    let mut told = Told::new();
    let node = Node::noting(&notes, told.journal.clone(), day(0)).await;
    told.approve("I1", day(1), item("甲"), None).await;
    told.approve("I2", day(1), item("乙"), None).await;
    node.shows(day(1)).await;
    drop(node);
    // Nobody serves, and what was shown is superseded, or hidden.
    told.approve("I1", day(2), item("丙"), None).await;
    told.repeal::<Item>("I2", day(2), None).await;
    let next = Node::noting(&notes, told.journal.clone(), day(3)).await;
    assert_eq!(of(&told.journal, "I1", 1).await, on_both(day(1), Witness::Commit));
    assert_eq!(of(&told.journal, "I1", 2).await, on_both(day(3), Witness::Found));
    assert_eq!(of(&told.journal, "I2", 1).await, on_both(day(1), Witness::Commit));
    assert_eq!(std::fs::metadata(&notes).unwrap().len(), 0, "what is written down is noted no longer");
    told.approve("I3", day(4), item("丁"), None).await;
    next.shows(day(4)).await;
    drop(next);
    // Another journal came to the place of the first: what is not in it has no receipt in it.
    let mut other = Told::new();
    other.approve("I3", day(5), item("丁"), None).await;
    let node = Node::noting(&notes, other.journal.clone(), day(6)).await;
    assert_eq!(of(&other.journal, "I3", 1).await, on_both(day(6), Witness::Found));
    drop(node);
    Node::noting(&notes, told.journal.clone(), day(7)).await;
    assert_eq!(of(&told.journal, "I3", 1).await, on_both(day(4), Witness::Commit), "of the first it is true still");
}
