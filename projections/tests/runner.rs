//! The runner: views and checkpoint are one commit, a snapshot answers from one position, and what cannot be read stops it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use common::{Told, day, goes_on_after_every_fault, item};
use domain::{
    envelope::{Position, StreamName, StreamVersion},
    register::Register,
    value::Channel,
};
use journal::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, SharedJournal, StoreError, faults::Faulty};
use projections::{
    Batch, ListQuery, MemoryViews, Runner, RunnerError, SharedViews, Snapshot, ViewError, ViewStore, count, digest, views_of,
};
use uuid::Uuid;

#[tokio::test]
async fn a_snapshot_answers_from_one_position_while_the_views_go_on() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    let views = Arc::new(MemoryViews::default());
    let runner = Runner::new(told.journal.clone(), views.clone());
    runner.catch_up(&|_| ()).await.unwrap();
    let before = views.snapshot().await.unwrap();
    told.adopt("I2", day(1), item("乙"), None).await;
    runner.catch_up(&|_| ()).await.unwrap();
    let after = views.snapshot().await.unwrap();
    let number = async |s: &Arc<dyn projections::Snapshot>| {
        count(s.as_ref(), (Channel::Online, Register::Item), &ListQuery::default(), day(2)).await.unwrap()
    };
    assert_eq!((number(&before).await, number(&after).await), (1, 2));
    assert!(before.position() < after.position());
    assert_eq!(after.position(), told.journal.head().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_shows_what_is_appended() {
    let mut told = Told::new();
    let views = Arc::new(MemoryViews::default());
    let runner = Runner::new(told.journal.clone(), views.clone());
    let mut watch = runner.watch();
    let following = tokio::spawn({
        let runner = runner.clone();
        async move { runner.follow().await }
    });
    watch.wait_for(|lag| lag.caught_up).await.unwrap();
    for i in 0..50 {
        told.adopt(&format!("I{i}"), day(1), item("甲"), None).await;
    }
    let head = told.journal.head().await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), watch.wait_for(|lag| lag.checkpoint == head)).await.unwrap().unwrap();
    assert_eq!(views.snapshot().await.unwrap().position(), head);
    following.abort();
}

#[tokio::test]
async fn a_journal_that_was_away_is_followed_again() {
    let mut told = Told::new();
    let journal = Arc::new(Faulty::new(told.journal.clone(), []));
    let views = Arc::new(MemoryViews::default());
    let runner = Runner::new(journal.clone(), views.clone());
    let following = tokio::spawn({
        let runner = runner.clone();
        async move { runner.follow_on().await }
    });
    let reached = async |head| {
        let (mut watch, deadline) = (runner.watch(), Duration::from_secs(10));
        tokio::time::timeout(deadline, watch.wait_for(|lag| lag.caught_up && lag.checkpoint == head)).await.unwrap().unwrap();
    };
    reached(None).await;
    for round in 0..3 {
        journal.fail_reads(usize::MAX);
        told.adopt(&format!("I{round}"), day(1), item("甲"), None).await;
        let fault = tokio::time::timeout(Duration::from_secs(10), async {
            loop {
                match runner.fault() {
                    Some(fault) => return fault,
                    None => tokio::time::sleep(Duration::from_millis(1)).await,
                }
            }
        });
        let fault = fault.await.unwrap();
        assert!(!fault.for_good && fault.words.contains("a fault was asked for"), "{fault:?}");
        journal.fail_reads(0);
        reached(told.journal.head().await.unwrap()).await;
        assert_eq!(runner.fault(), None);
    }
    following.abort();
}

#[tokio::test]
async fn what_a_newer_version_wrote_stops_the_projection_and_readers_keep_what_they_have() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    let stream = StreamName::new(Register::Item, "I1".parse().unwrap());
    let metadata = br#"{"schema":7,"command":"00000000-0000-0000-0000-000000000000","actor":"a","at":"2026-01-01T00:00:00Z"}"#;
    let new = NewEvent { id: Uuid::from_u128(99), kind: "item.adopted".into(), metadata: metadata.to_vec(), payload: b"{}".to_vec() };
    // Wherever the batches end: all that stands before it is shown, and nothing after it.
    told.adopt("I2", day(1), item("乙"), None).await;
    let before = told.journal.head().await.unwrap();
    told.journal.append(&stream, Expected::Version(StreamVersion(0)), vec![new]).await.unwrap();
    told.adopt("I3", day(1), item("丙"), None).await;
    for batch in [1, 2, 3, 4_000] {
        let views = Arc::new(MemoryViews::default());
        let runner = Runner::with_batch(told.journal.clone(), views.clone(), batch);
        let error = runner.follow_on().await;
        assert!(error.to_string().contains("item-I1"), "{error}");
        let fault = runner.fault().unwrap();
        assert!(fault.for_good && fault.words.contains("newer version"), "{fault:?}");
        assert_eq!(views.snapshot().await.unwrap().position(), before, "batches of {batch}");
        // A rebuild up to before it does not read it.
        let views = Arc::new(MemoryViews::default());
        let runner = Runner::with_batch(told.journal.clone(), views.clone(), batch);
        assert_eq!(runner.catch_up_to(before).await.unwrap(), before);
    }
}

#[tokio::test]
async fn a_batch_that_builds_upon_another_checkpoint_is_refused_whole() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    let views = Arc::new(MemoryViews::default());
    Runner::new(told.journal.clone(), views.clone()).catch_up(&|_| ()).await.unwrap();
    let here = views.snapshot().await.unwrap().position().unwrap();
    for (base, checkpoint) in [(None, here), (Some(here), here)] {
        let refused = views.commit(Batch { changes: vec![], base, checkpoint, begun: Vec::new(), events: 1 }).await;
        assert!(matches!(refused, Err(ViewError::Moved { .. })), "a checkpoint never goes back and is never skipped");
    }
}

/// A journal that never says where its end is, as a store may that filters what it reads: an empty page is the first to tell.
#[derive(Debug)]
struct Hesitant(Arc<journal::MemoryJournal>);

#[async_trait]
impl Journal for Hesitant {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.0.append(stream, expected, events).await
    }
    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.0.read_stream(stream, from, limit).await
    }
    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        Ok(Page { end: false, ..self.0.read_all(after, limit).await? })
    }
    /// Further than there are events: what was there is gone.
    async fn head(&self) -> Result<Option<Position>, StoreError> {
        Ok(self.0.head().await?.map(|head| Position::single(head.numbers().0 + 1)))
    }
    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.0.wait(after).await
    }
}

#[tokio::test]
async fn what_was_read_is_shown_where_the_journal_is_shorter_than_its_head() {
    let mut told = Told::new();
    for i in 0..3 {
        told.adopt(&format!("I{i}"), day(1), item("甲"), None).await;
    }
    let views = Arc::new(MemoryViews::default());
    let runner = Runner::new(Arc::new(Hesitant(told.journal.clone())), views.clone());
    let reached = runner.catch_up(&|_| ()).await.unwrap();
    assert_eq!(reached, told.journal.head().await.unwrap());
    assert_eq!(views.snapshot().await.unwrap().position(), reached, "nothing that was read is left unwritten");
}

/// A journal of which two pages can be read each time that it was asked for its head.
#[derive(Debug)]
struct Failing(Arc<journal::MemoryJournal>, AtomicUsize);

#[async_trait]
impl Journal for Failing {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.0.append(stream, expected, events).await
    }
    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.0.read_stream(stream, from, limit).await
    }
    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        match self.1.fetch_add(1, Ordering::Relaxed) {
            0 | 1 => self.0.read_all(after, limit).await,
            _ => Err(StoreError::Other("away".into())),
        }
    }
    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.1.store(0, Ordering::Relaxed);
        self.0.head().await
    }
    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.0.wait(after).await
    }
}

/// Views that count what is committed to them.
#[derive(Default)]
struct Counted(MemoryViews, AtomicUsize);

#[async_trait]
impl ViewStore for Counted {
    async fn commit(&self, batch: Batch) -> Result<(), ViewError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.commit(batch).await
    }
    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        self.0.snapshot().await
    }
}

/// Catches up as often as it takes; returns how often that failed, what progress was told and how many commits there were.
async fn caught_up(told: &Told, journal: SharedJournal) -> (usize, Vec<u64>, usize) {
    let (views, heard) = (Arc::new(Counted::default()), Mutex::new(Vec::new()));
    let (runner, mut failures) = (Runner::new(journal, views.clone()), 0);
    let reached = loop {
        match runner.catch_up(&|done| heard.lock().unwrap().push(done)).await {
            Ok(reached) => break reached,
            Err(RunnerError::Journal(_)) => failures += 1,
            Err(other) => panic!("{other}"),
        }
        assert!(failures < 10, "it begins anew each time");
    };
    assert_eq!(reached, told.journal.head().await.unwrap());
    let fresh = views_of(told.journal.clone(), &|_| ()).await.unwrap();
    let (ours, theirs) = (views.snapshot().await.unwrap(), fresh.snapshot().await.unwrap());
    assert_eq!(digest(ours.as_ref()).await.unwrap(), digest(theirs.as_ref()).await.unwrap());
    (failures, heard.into_inner().unwrap(), views.1.load(Ordering::Relaxed))
}

#[tokio::test]
async fn pages_are_told_as_they_are_projected_and_what_was_read_before_the_journal_fails_is_kept() {
    let mut told = Told::new();
    for i in 0..1_100 {
        told.adopt(&format!("I{i}"), day(1), item("甲"), None).await;
    }
    let pages = [256, 512, 768, 1_024, 1_100];
    assert_eq!(caught_up(&told, told.journal.clone()).await, (0, pages.into(), 1));
    let failing = Failing(told.journal.clone(), AtomicUsize::new(0));
    assert_eq!(caught_up(&told, Arc::new(failing)).await, (2, pages.into(), 3));
}

#[tokio::test]
async fn once_it_has_caught_up_whoever_waits_for_a_change_waits_for_a_thousand_others_and_no_more() {
    let mut told = Told::new();
    let views = Arc::new(Counted::default());
    let runner = Runner::new(told.journal.clone(), views.clone());
    runner.catch_up(&|_| ()).await.unwrap();
    for i in 0..1_100 {
        told.adopt(&format!("I{i}"), day(1), item("甲"), None).await;
    }
    runner.catch_up(&|_| ()).await.unwrap();
    assert_eq!(views.1.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn after_every_fault_of_a_commit_it_goes_on_and_nothing_is_lost_or_doubled() {
    goes_on_after_every_fault(async || Arc::new(MemoryViews::default()) as SharedViews).await;
}
