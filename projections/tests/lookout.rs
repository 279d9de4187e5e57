//! How far views are behind is seen, and an event that never reached them is found.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::{
    future::pending,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use common::{Hiding, Told, day, item};
use domain::envelope::{Position, StreamName, StreamVersion};
use journal::{AppendError, Appended, Expected, Journal, MemoryJournal, NewEvent, Page, Recorded, SharedJournal, StoreError};
use projections::{Batch, Counted, Lookout, MemoryViews, Runner, SharedViews, Snapshot, ViewError, ViewStore};
use tokio::time::{sleep, timeout};

/// Views that commit a batch and count it otherwise.
struct Miscounting {
    below: MemoryViews,
    counts: fn(u64) -> u64,
}

#[async_trait]
impl ViewStore for Miscounting {
    async fn commit(&self, batch: Batch) -> Result<(), ViewError> {
        self.below.commit(Batch { events: (self.counts)(batch.events), ..batch }).await
    }

    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        self.below.snapshot().await
    }
}

/// Views that cannot be read.
struct Away;

#[async_trait]
impl ViewStore for Away {
    async fn commit(&self, _: Batch) -> Result<(), ViewError> {
        Err(ViewError::NotLeading)
    }

    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        Err(ViewError::Unavailable("away".into()))
    }
}

async fn adopt(told: &mut Told, numbers: std::ops::Range<u64>) {
    for number in numbers {
        told.adopt(&format!("I{number}"), day(1), item("甲"), None).await;
    }
}

async fn projected(journal: &SharedJournal, views: &SharedViews) {
    Runner::new(journal.clone(), views.clone()).catch_up(&|_| ()).await.unwrap();
}

/// Two rounds: a checkpoint is remembered, then held against the journal.
async fn counted(lookout: &Lookout) -> Counted {
    lookout.count().await.unwrap();
    lookout.count().await.unwrap();
    lookout.counted().unwrap()
}

/// Asserts that the oldest waiting event has been seen since a moment between these two.
fn assert_since(lookout: &Lookout, earliest: Instant, latest: Instant) {
    let least = latest.elapsed();
    let time = lookout.behind().unwrap().time;
    assert!(least <= time && time <= earliest.elapsed(), "{least:?} {time:?} {:?}", earliest.elapsed());
}

#[tokio::test]
async fn how_far_views_are_behind_is_seen_in_events_and_in_time() {
    let mut told = Told::new();
    let (journal, views): (SharedJournal, SharedViews) = (told.journal.clone(), Arc::new(MemoryViews::default()));
    let lookout = Lookout::new(journal.clone(), views.clone());
    assert_eq!(lookout.behind(), None);
    // Looks, and says between which moments that was.
    let look = async || {
        let before = Instant::now();
        lookout.look().await.unwrap();
        (lookout.behind().unwrap().events, before, Instant::now())
    };
    assert_eq!((look().await.0, lookout.behind().unwrap().time), (0, Duration::ZERO));
    adopt(&mut told, 0..3).await;
    let (events, before_first, after_first) = look().await;
    assert_eq!(events, 3);
    // The time is that of the oldest; what comes on top makes it no younger, and what is projected no older.
    adopt(&mut told, 3..5).await;
    let (events, before_second, after_second) = look().await;
    assert_eq!(events, 5);
    assert_since(&lookout, before_first, after_first);
    Runner::new(journal.clone(), views.clone()).catch_up_to(Some(Position::single(3))).await.unwrap();
    assert_eq!(look().await.0, 2);
    assert_since(&lookout, before_second, after_second);
    projected(&journal, &views).await;
    assert_eq!((look().await.0, lookout.behind().unwrap().time), (0, Duration::ZERO));
}

#[tokio::test]
async fn an_event_that_never_reached_the_views_is_found_and_gone_when_they_are_built_anew() {
    let mut told = Told::new();
    adopt(&mut told, 0..20).await;
    let hiding = Hiding::over(&told, [7, 8]);
    let (journal, views): (SharedJournal, SharedViews) = (hiding.clone(), Arc::new(MemoryViews::default()));
    projected(&journal, &views).await;
    let lookout = Lookout::new(journal.clone(), views.clone());
    lookout.count().await.unwrap();
    assert_eq!(lookout.counted(), None, "the first round has nothing to hold against the journal yet");
    // The events become readable, later than those after them.
    hiding.show_all();
    lookout.count().await.unwrap();
    let found = lookout.counted().unwrap();
    assert_eq!((found.in_views, found.in_journal, found.missing()), (18, 20, 2), "{found:?}");
    // What follows goes well, and the two are missing all the same.
    adopt(&mut told, 20..25).await;
    projected(&journal, &views).await;
    assert_eq!(counted(&lookout).await.missing(), 2);
    assert_eq!(lookout.counted().unwrap().position, Some(Position::single(25)));
    // That they are not waiting for anything is no lag.
    lookout.look().await.unwrap();
    assert_eq!(lookout.behind().unwrap().events, 0);

    let anew: SharedViews = Arc::new(MemoryViews::default());
    projected(&journal, &anew).await;
    assert_eq!(counted(&Lookout::new(journal, anew)).await.missing(), 0);
}

#[tokio::test]
async fn it_counts_from_the_beginning_again_after_some_rounds() {
    let mut told = Told::new();
    adopt(&mut told, 0..5).await;
    let hiding = Hiding::over(&told, [2]);
    let (journal, views): (SharedJournal, SharedViews) = (hiding.clone(), Arc::new(MemoryViews::default()));
    projected(&journal, &views).await;
    let lookout = Lookout::new(journal, views);
    assert_eq!(counted(&lookout).await.missing(), 0, "nobody can read it yet");
    hiding.show_all();
    let mut rounds = 0;
    while lookout.counted().unwrap().missing() == 0 {
        lookout.count().await.unwrap();
        rounds += 1;
        assert!(rounds <= 360, "it was not found within an hour of rounds");
    }
}

#[tokio::test]
async fn what_views_count_too_much_or_too_little_is_found() {
    for (counts, missing) in [((|events| events + 1) as fn(u64) -> u64, -1), (|events| events - 1, 1), (|events| events, 0)] {
        let mut told = Told::new();
        adopt(&mut told, 0..3).await;
        let (journal, views): (SharedJournal, SharedViews) =
            (told.journal.clone(), Arc::new(Miscounting { below: MemoryViews::default(), counts }));
        projected(&journal, &views).await;
        assert_eq!(counted(&Lookout::new(journal, views)).await.missing(), missing);
    }
}

#[tokio::test]
async fn where_views_cannot_be_read_nothing_is_said() {
    let lookout = Lookout::new(Told::new().journal, Arc::new(Away));
    assert!(lookout.look().await.is_err() && lookout.count().await.is_err());
    assert_eq!((lookout.behind(), lookout.counted()), (None, None));
}

/// A journal that is well, fails, or takes calls and says nothing.
struct Moody {
    below: Arc<MemoryJournal>,
    mood: Mutex<Mood>,
}

#[derive(Clone, Copy)]
enum Mood {
    Well,
    Fails,
    Silent,
}

impl Moody {
    fn turns(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    async fn answers(&self) -> Result<(), StoreError> {
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Well => Ok(()),
            Mood::Fails => Err(StoreError::Other("away".to_owned())),
            Mood::Silent => pending().await,
        }
    }
}

#[async_trait]
impl Journal for Moody {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.below.append(stream, expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.answers().await?;
        self.below.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        self.answers().await?;
        self.below.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.answers().await?;
        self.below.head().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.below.wait(after).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_fails_or_says_nothing_is_noticed_and_since_when() {
    let seconds = Duration::from_secs;
    let mut told = Told::new();
    adopt(&mut told, 0..3).await;
    let moody = Arc::new(Moody { below: told.journal.clone(), mood: Mutex::new(Mood::Well) });
    for views in [Arc::new(MemoryViews::default()) as SharedViews, Arc::new(Away)] {
        let lookout = Lookout::new(moody.clone(), views);
        let reach = || lookout.reach().map(|reach| (reach.reachable, reach.unread));
        assert_eq!(reach(), None, "it was not asked yet");
        // Views that cannot be read say nothing of the journal.
        let _ = lookout.look().await;
        sleep(seconds(1)).await;
        assert_eq!(reach(), Some((true, seconds(1))));

        moody.turns(Mood::Fails);
        assert!(lookout.look().await.is_err());
        sleep(seconds(30)).await;
        assert_eq!((reach(), lookout.behind()), (Some((false, seconds(31))), None));
        moody.turns(Mood::Well);
        let _ = lookout.look().await;
        assert_eq!(reach(), Some((true, Duration::ZERO)));

        // A read that is under way may take as long as a cluster needs for another leader.
        moody.turns(Mood::Silent);
        assert!(timeout(seconds(9), lookout.look()).await.is_err());
        assert_eq!(reach(), Some((true, seconds(9))));
        assert!(timeout(seconds(2), lookout.look()).await.is_err());
        assert_eq!(reach(), Some((false, seconds(11))));
        moody.turns(Mood::Well);
        let _ = lookout.look().await;
        assert_eq!(reach(), Some((true, Duration::ZERO)));
    }
}
