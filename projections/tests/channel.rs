//! What a channel shows: given events, at a moment.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use common::{Told, code, day, guide, item};
use domain::{
    register::{Guide, Item, Register},
    value::{Channel, Level, Openness, OpennessAttribute},
};
use projections::{Document, Index, ListQuery, MemoryViews, Runner, Snapshot, Term, Upcoming, Viewed, count, list, views_of};

async fn views(told: &Told) -> Arc<dyn Snapshot> {
    views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap()
}

async fn document(snapshot: &Arc<dyn Snapshot>, channel: Channel, register: Register, at: &str) -> Option<Document> {
    snapshot.get_many(channel, register, &[code(at)]).await.unwrap().remove(0)
}

/// Name of the item as shown at a moment.
async fn shown_item(snapshot: &Arc<dyn Snapshot>, at: &str, now: DateTime<Utc>) -> Option<String> {
    let document = document(snapshot, Channel::Online, Register::Item, at).await?;
    Item::view(&document)?.shown_at(now).map(|shown| shown.content.name.clone())
}

async fn guides_shown(snapshot: &Arc<dyn Snapshot>, now: DateTime<Utc>) -> Vec<String> {
    let page = list(snapshot.as_ref(), (Channel::Counter, Register::Guide), &ListQuery::default(), now, None, 100).await.unwrap();
    page.documents.iter().map(|d| d.code().to_string()).collect()
}

#[tokio::test]
async fn a_revision_is_shown_from_its_first_instant_and_not_before() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    told.adopt("I1", day(2), item("乙"), Some(day(10))).await;
    let snapshot = views(&told).await;
    assert_eq!(shown_item(&snapshot, "I1", day(1) - Duration::seconds(1)).await, None);
    assert_eq!(shown_item(&snapshot, "I1", day(1)).await.as_deref(), Some("甲"));
    assert_eq!(shown_item(&snapshot, "I1", day(10) - Duration::microseconds(1)).await.as_deref(), Some("甲"));
    assert_eq!(shown_item(&snapshot, "I1", day(10)).await.as_deref(), Some("乙"));
}

#[tokio::test]
async fn an_upcoming_revision_is_told_until_it_holds() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    told.adopt("I1", day(2), item("乙"), Some(day(10))).await;
    let snapshot = views(&told).await;
    let document = document(&snapshot, Channel::Online, Register::Item, "I1").await.unwrap();
    let view = Item::view(&document).unwrap();
    assert!(matches!(view.upcoming_at(day(5))[..], [Upcoming::Revision(r)] if r.number == 2));
    assert!(view.upcoming_at(day(10)).is_empty());
    assert_eq!(view.shown_at(day(5)).unwrap().effective_until, Some(day(10)));
}

#[tokio::test]
async fn a_repealed_entry_is_shown_until_its_end_and_an_announced_repeal_is_upcoming() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    told.repeal::<Item>("I1", day(2), Some(day(10))).await;
    let snapshot = views(&told).await;
    assert!(shown_item(&snapshot, "I1", day(10) - Duration::seconds(1)).await.is_some());
    assert_eq!(shown_item(&snapshot, "I1", day(10)).await, None);
    let document = document(&snapshot, Channel::Counter, Register::Item, "I1").await.unwrap();
    assert!(matches!(Item::view(&document).unwrap().upcoming_at(day(5))[..], [Upcoming::Repeal(r)] if r.reason == "法律修改"));
}

#[tokio::test]
async fn a_guide_is_shown_only_while_its_item_is() {
    let mut told = Told::new();
    told.adopt("G0", day(1), guide("没有事项的指南", "I0"), None).await;
    told.adopt("I1", day(1), item("甲"), Some(day(5))).await;
    told.adopt("G1", day(2), guide("甲的指南", "I1"), None).await;
    told.repeal::<Item>("I1", day(3), Some(day(10))).await;
    let snapshot = views(&told).await;
    assert_eq!(guides_shown(&snapshot, day(4)).await, [""; 0], "the item is not in force yet");
    assert_eq!(guides_shown(&snapshot, day(5)).await, ["G1"]);
    assert_eq!(guides_shown(&snapshot, day(10)).await, [""; 0], "the item was repealed");
    let document = document(&snapshot, Channel::Online, Register::Guide, "G1").await.unwrap();
    let view = Guide::view(&document).unwrap();
    assert!(
        matches!(view.upcoming_at(day(6))[..], [Upcoming::Repeal(r)] if r.reason == "法律修改"),
        "it goes with its item, with the reason"
    );
}

#[tokio::test]
async fn what_only_the_counter_sees_parts_the_guide_and_leaves_its_item_one() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    let kept = Arc::new(MemoryViews::default());
    let runner = Runner::new(told.journal.clone(), kept.clone());
    for (on, notes) in [(1, None), (2, Some("先查")), (3, Some("后查")), (4, None), (5, Some("再查"))] {
        let content = Guide { clerk_notes: notes.map(str::to_owned), ..guide("乙", "I1") };
        told.adopt("G1", day(on), content, None).await;
        runner.catch_up(&|_| ()).await.unwrap();
        // What was kept from step to step, and what is made of all steps at once.
        for snapshot in [kept.now().await.unwrap(), views(&told).await] {
            let both = async |register, at| {
                let [online, counter] = [Channel::Online, Channel::Counter].map(|channel| document(&snapshot, channel, register, at));
                (online.await.unwrap(), counter.await.unwrap())
            };
            let (online, counter) = both(Register::Guide, "G1").await;
            assert_eq!(online.is_same(&counter), notes.is_none(), "{on}");
            assert!(!format!("{online:?}").contains('查'), "{on}");
            assert!(notes.is_none_or(|notes| format!("{counter:?}").contains(notes)), "{on}");
            let (online, counter) = both(Register::Item, "I1").await;
            assert!(online.is_same(&counter), "{on}");
            for channel in Channel::ALL {
                let of_item = Term::of_code(Index::Item, &code("I1"));
                assert_eq!(snapshot.count(channel, Register::Guide, &[of_item]).await.unwrap(), 1, "{on}");
                assert_eq!(snapshot.count(channel, Register::Item, &[]).await.unwrap(), 1, "{on}");
            }
        }
    }
}

#[tokio::test]
async fn a_guide_that_moves_to_another_item_follows_the_one_of_its_revision() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    told.adopt("I2", day(1), item("乙"), None).await;
    told.adopt("G1", day(1), guide("指南", "I1"), None).await;
    told.adopt("G1", day(2), guide("指南", "I2"), Some(day(10))).await;
    told.repeal::<Item>("I2", day(3), Some(day(5))).await;
    let snapshot = views(&told).await;
    assert_eq!(guides_shown(&snapshot, day(7)).await, ["G1"], "until day 10 it belongs to I1");
    assert_eq!(guides_shown(&snapshot, day(10)).await, [""; 0], "then to I2, which is gone");
}

#[tokio::test]
async fn what_is_not_public_is_not_in_any_view() {
    let mut told = Told::new();
    let mut secret = item("planted secret");
    secret.openness = Openness { attribute: OpennessAttribute::NotDisclosed, reason: Some("r".into()), ..Openness::default() };
    told.adopt("I1", day(1), item("甲"), None).await;
    told.adopt("I1", day(2), secret, Some(day(3))).await;
    let snapshot = views(&told).await;
    for key in snapshot.keys().await.unwrap() {
        let document = snapshot.get_many(key.channel, key.register, &[key.code]).await.unwrap().remove(0).unwrap();
        assert!(!String::from_utf8(document.encode().unwrap()).unwrap().contains("planted secret"));
    }
    assert!(shown_item(&snapshot, "I1", day(2)).await.is_some());
    assert_eq!(shown_item(&snapshot, "I1", day(3)).await, None, "while it holds, nothing is shown");
}

#[tokio::test]
async fn filters_and_counts_follow_the_revision_in_force() {
    let mut told = Told::new();
    let with_level = |level| Item { level: Some(level), ..item("甲") };
    told.adopt("I1", day(1), with_level(Level::City), None).await;
    told.adopt("I1", day(2), with_level(Level::County), Some(day(10))).await;
    told.adopt("I2", day(1), with_level(Level::City), None).await;
    let snapshot = views(&told).await;
    let place = (Channel::Online, Register::Item);
    let of = |level| ListQuery { terms: vec![Term::level(level)], text: None };
    for (level, before, after) in [(Level::City, 2, 1), (Level::County, 0, 1)] {
        assert_eq!(count(snapshot.as_ref(), place, &of(level), day(9)).await.unwrap(), before);
        assert_eq!(count(snapshot.as_ref(), place, &of(level), day(10)).await.unwrap(), after);
        let page = list(snapshot.as_ref(), place, &of(level), day(10), None, 10).await.unwrap();
        assert_eq!(page.documents.len(), after);
    }
    let text = ListQuery { terms: vec![], text: Some("ｉ２".into()) };
    assert_eq!(count(snapshot.as_ref(), place, &text, day(9)).await.unwrap(), 1, "a text finds codes, whatever their width and case");
    let unknown = ListQuery { terms: vec![Term::new(Index::Agency, "A9")], text: None };
    assert_eq!(count(snapshot.as_ref(), place, &unknown, day(9)).await.unwrap(), 0);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let mut told = Told::new();
    for i in 0..25 {
        let from = (i % 3 == 0).then(|| day(10));
        told.adopt(&format!("I{i:02}"), day(1), item("甲"), from).await;
    }
    let snapshot = views(&told).await;
    for (now, expected) in [(day(5), 16), (day(10), 25)] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = list(snapshot.as_ref(), (Channel::Online, Register::Item), &ListQuery::default(), now, after, 4).await.unwrap();
            seen.extend(page.documents.iter().map(|d| d.code().clone()));
            after = seen.last().cloned();
            if !page.more {
                break;
            }
        }
        assert_eq!(seen.len(), expected);
        assert!(seen.is_sorted());
    }
}
