//! What a channel shows of what is drafted, approved, corrected and suspended here.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use common::{Told, code, day, guide, item};
use domain::{
    entry::{Correct, Resume, Step, Suspend},
    register::{Guide, Item, Register},
    value::Channel,
};
use projections::{Document, ListQuery, Snapshot, Upcoming, Viewed, count, list, views_of};

async fn views(told: &Told) -> Arc<dyn Snapshot> {
    views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap()
}

async fn document(snapshot: &Arc<dyn Snapshot>, register: Register, at: &str) -> Option<Document> {
    snapshot.get_many(Channel::Online, register, &[code(at)]).await.unwrap().remove(0)
}

async fn shown_item(snapshot: &Arc<dyn Snapshot>, at: &str, now: DateTime<Utc>) -> Option<String> {
    let document = document(snapshot, Register::Item, at).await?;
    Item::view(&document)?.shown_at(now).map(|shown| shown.content.name.clone())
}

/// Codes that are listed, which are as many as are counted.
async fn listed(snapshot: &Arc<dyn Snapshot>, register: Register, now: DateTime<Utc>) -> Vec<String> {
    let (place, query) = ((Channel::Online, register), ListQuery::default());
    let page = list(snapshot.as_ref(), place, &query, now, None, 100).await.unwrap();
    assert_eq!(count(snapshot.as_ref(), place, &query, now).await.unwrap(), page.documents.len());
    page.documents.iter().map(|d| d.code().to_string()).collect()
}

fn suspend(until: Option<i64>) -> Suspend {
    Suspend { reason: "系统升级".into(), until: until.map(day) }
}

#[tokio::test]
async fn a_change_is_seen_from_its_approval_on_and_nothing_of_it_before() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    let before = document(&views(&told).await, Register::Item, "I1").await.unwrap().encode().unwrap();
    told.draft("I1", day(2), item("乙")).await;
    told.carry::<Item>("I1", day(3), Step::Reviewed, None).await;
    let drafted = document(&views(&told).await, Register::Item, "I1").await.unwrap().encode().unwrap();
    assert_eq!(before, drafted, "not even the place of the last event");
    told.carry::<Item>("I1", day(4), Step::Draft, Some(day(10))).await;
    let snapshot = views(&told).await;
    assert_eq!(shown_item(&snapshot, "I1", day(10) - Duration::seconds(1)).await.as_deref(), Some("甲"));
    assert_eq!(shown_item(&snapshot, "I1", day(10)).await.as_deref(), Some("乙"));
    let document = document(&snapshot, Register::Item, "I1").await.unwrap();
    let view = Item::view(&document).unwrap();
    assert!(matches!(view.upcoming_at(day(5))[..], [Upcoming::Revision(r)] if r.number == 2 && r.source.is_none()));
    assert_eq!(view.revisions[1].document_number.as_deref(), Some("某政发〔2026〕1号"));
}

#[tokio::test]
async fn a_correction_holds_at_once_and_what_is_upcoming_still_comes() {
    let mut told = Told::new();
    told.approve("I1", day(1), item("甲"), None).await;
    told.approve("I1", day(2), item("乙"), Some(day(10))).await;
    let correct = Correct { content: item("甲改"), reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() };
    told.as_approver("I1", day(3), correct).await;
    let snapshot = views(&told).await;
    assert_eq!(shown_item(&snapshot, "I1", day(3)).await.as_deref(), Some("甲改"));
    assert_eq!(shown_item(&snapshot, "I1", day(10)).await.as_deref(), Some("乙"));
}

#[tokio::test]
async fn of_what_is_upcoming_only_what_will_hold_is_told() {
    let mut told = Told::new();
    told.approve("I1", day(1), item("甲"), None).await;
    told.approve("I1", day(2), item("乙"), Some(day(10))).await;
    let correct =
        Correct { content: item("乙改"), reason: "有误".into(), document: None, effective_from: Some(day(10)), beside: Vec::new() };
    told.as_approver("I1", day(3), correct).await;
    let snapshot = views(&told).await;
    let found = document(&snapshot, Register::Item, "I1").await.unwrap();
    assert!(matches!(Item::view(&found).unwrap().upcoming_at(day(5))[..], [Upcoming::Revision(r)] if r.number == 3));
    assert_eq!(shown_item(&snapshot, "I1", day(10)).await.as_deref(), Some("乙改"));
}

#[tokio::test]
async fn a_suspended_entry_is_not_shown_until_it_is_resumed() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    told.as_approver::<Item>("I1", day(2), suspend(None)).await;
    let snapshot = views(&told).await;
    for n in [2, 5, 100] {
        assert_eq!(shown_item(&snapshot, "I1", day(n)).await, None);
        assert_eq!(listed(&snapshot, Register::Item, day(n)).await, [""; 0]);
    }
    let suspended = document(&snapshot, Register::Item, "I1").await.unwrap();
    assert_eq!(Item::view(&suspended).unwrap().suspension.as_ref().unwrap().reason, "系统升级", "whoever asks for it can be told why");
    told.as_approver::<Item>("I1", day(6), Resume).await;
    assert_eq!(listed(&views(&told).await, Register::Item, day(6)).await, ["I1"]);
}

#[tokio::test]
async fn a_suspension_for_a_time_ends_by_the_clock() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    told.approve("I1", day(2), item("乙"), Some(day(5))).await;
    told.as_approver::<Item>("I1", day(3), suspend(Some(8))).await;
    let snapshot = views(&told).await;
    assert_eq!(shown_item(&snapshot, "I1", day(8) - Duration::seconds(1)).await, None);
    assert_eq!(shown_item(&snapshot, "I1", day(8)).await.as_deref(), Some("乙"), "what came into force meanwhile");
    assert_eq!(listed(&snapshot, Register::Item, day(7)).await, [""; 0]);
    assert_eq!(listed(&snapshot, Register::Item, day(8)).await, ["I1"]);
}

#[tokio::test]
async fn the_guides_of_a_suspended_item_go_and_come_with_it() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    told.adopt("G1", day(1), guide("指南", "I1"), None).await;
    told.as_approver::<Item>("I1", day(2), suspend(None)).await;
    assert_eq!(listed(&views(&told).await, Register::Guide, day(3)).await, [""; 0]);
    // A guide that is published meanwhile waits too.
    told.approve("G2", day(3), guide("新指南", "I1"), None).await;
    assert_eq!(listed(&views(&told).await, Register::Guide, day(4)).await, [""; 0]);
    told.as_approver::<Item>("I1", day(5), Resume).await;
    assert_eq!(listed(&views(&told).await, Register::Guide, day(5)).await, ["G1", "G2"]);
    told.as_approver::<Item>("I1", day(6), suspend(Some(8))).await;
    let snapshot = views(&told).await;
    assert_eq!(listed(&snapshot, Register::Guide, day(7)).await, [""; 0]);
    assert_eq!(listed(&snapshot, Register::Guide, day(8)).await, ["G1", "G2"]);
    told.as_approver::<Guide>("G1", day(9), suspend(None)).await;
    let snapshot = views(&told).await;
    assert_eq!(listed(&snapshot, Register::Guide, day(9)).await, ["G2"], "a guide alone");
    assert_eq!(listed(&snapshot, Register::Item, day(9)).await, ["I1"]);
}
