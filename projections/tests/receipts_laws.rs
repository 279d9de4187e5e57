//! What holds of receipts after whatever happened.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use common::{
    Told, acts, day,
    served::{Node, receipts},
};
use projections::SharedViews;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// After any history, with nodes that die on the way: what was shown when somebody looked has exactly one receipt of each channel that showed it.
    #[test]
    fn each_shown_revision_has_exactly_one_receipt_of_each_channel(acts in acts::acts(), dies in prop::collection::vec(0_u8..8, 80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut told = Told::new();
            let mut node = Node::begun(told.journal.clone(), day(0)).await;
            let (mut shown, mut now): (BTreeMap<_, DateTime<Utc>>, i64) = (BTreeMap::new(), 0);
            for ((act, on), dies) in acts.into_iter().zip(dies.into_iter().cycle()) {
                now = now.max(on);
                // What began by the clock since.
                node.writes(day(now)).await;
                acts::act(&mut told, act, now).await;
                node.shows(day(now)).await;
                if dies == 0 {
                    // Whoever comes next looks over what it shows before anything else. Of what was announced and went by the clock while nobody
                    // served, views in memory keep nothing: see `docs/receipts.md`.
                    node = Node::begun(told.journal.clone(), day(now)).await;
                }
                let views: SharedViews = node.views.clone();
                let snapshot = views.snapshot().await.unwrap();
                for key in snapshot.keys().await.unwrap() {
                    let document = snapshot.get_many(key.channel, key.register, std::slice::from_ref(&key.code)).await.unwrap().remove(0).unwrap();
                    for served in document.served_at(day(now)) {
                        shown.entry((key.channel, key.register, key.code.clone(), served.revision)).or_insert(day(now));
                    }
                }
                if dies > 1 {
                    node.writes(day(now)).await;
                }
            }
            node.writes(day(now)).await;
            let written = receipts(&told.journal).await;
            let mut counted = BTreeMap::new();
            for (channel, receipt) in &written {
                *counted.entry((*channel, receipt.register, receipt.code.clone(), receipt.revision)).or_insert(0) += 1;
            }
            assert!(counted.values().all(|count| *count == 1), "twice: {counted:?}");
            for (revision, since) in &shown {
                assert!(counted.contains_key(revision), "{revision:?} was shown at {since} and has no receipt");
            }
        });
    }
}
