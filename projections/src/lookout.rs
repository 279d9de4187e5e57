//! How far the views are behind the journal, whether an event of it never reached them, and whether it can be read at all.
//!
//! What is compared: a checkpoint is kept with the number of events that the views were made of; the lookout reads the journal by
//! itself and counts its events up to the same place. Neither trusts the other, so it does not matter who lost an event: the store
//! of events that left it out of a page and had it later, or a projector that stepped over it.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::envelope::Position;
use journal::{SharedJournal, StoreError};
use tokio::time::{Instant, sleep};

use crate::{
    reach::{Hearing, Reach},
    store::{SharedViews, ViewError},
};

/// How often it looks how far the views are.
const LOOK: Duration = Duration::from_secs(1);

/// How often it counts. A checkpoint is held against the journal one round after it was seen, so that an event which became readable
/// that much later than those after it is missed, and found.
const COUNT: Duration = Duration::from_secs(10);

/// Rounds after which it counts from the beginning again: what became readable later still is found within an hour.
const ROUNDS: u32 = 360;

/// Events of a page.
const PAGE: usize = 500;

/// Pages of one look: events that are waiting are counted at this rate at most, and reported as at least so many meanwhile.
const PAGES: usize = 40;

/// Rest after each page of a count, which nobody waits for.
const REST: Duration = Duration::from_millis(5);

/// Moments that are remembered of waiting events.
const MOMENTS: usize = 1_024;

/// How far the views are behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// Events of the journal that are not in the views yet.
    pub events: u64,
    /// Events that the views were made of.
    pub in_views: u64,
    /// For how long the oldest of them has been seen in the journal by this node: its own clock, so nothing depends on others'.
    pub time: Duration,
}

/// The views held against the journal at one checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The checkpoint.
    pub position: Option<Position>,
    /// Events that the views were made of.
    pub in_views: u64,
    /// Events that the journal has up to there.
    pub in_journal: u64,
}

impl Counted {
    /// Events that never reached the views; fewer than none where the views have some that the journal has not.
    pub fn missing(&self) -> i64 {
        let (journal, views) = (i128::from(self.in_journal), i128::from(self.in_views));
        i64::try_from(journal - views).unwrap_or(i64::MAX)
    }
}

/// Why it could not look.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The journal cannot be read.
    #[error("日志无法读取 / the journal cannot be read")]
    Journal(#[from] StoreError),
    /// The views cannot be read.
    #[error("视图无法读取 / the views cannot be read")]
    Views(#[from] ViewError),
}

/// A place of the journal with the number of events up to it.
type Place = (Option<Position>, u64);

/// Looks at the views of a journal, wherever they are and whoever keeps them.
pub struct Lookout {
    journal: SharedJournal,
    views: SharedViews,
    seen: Mutex<Seen>,
    hearing: Hearing,
    counting: tokio::sync::Mutex<Counting>,
}

/// What was seen last.
#[derive(Default)]
struct Seen {
    /// Whether the last look succeeded.
    known: bool,
    /// The views.
    views: Place,
    /// Where the journal was read to.
    journal: Place,
    /// Ends of the journal with the moments when they were first seen, as far as they are not in the views.
    waiting: VecDeque<(Option<Position>, Instant)>,
    counted: Option<Counted>,
}

#[derive(Default)]
struct Counting {
    /// Up to where the journal was counted.
    reached: Place,
    /// The checkpoint that is held against the journal next.
    claim: Option<Place>,
    rounds: u32,
}

impl Lookout {
    /// A lookout that has not begun.
    pub fn new(journal: SharedJournal, views: SharedViews) -> Self {
        Self { journal, views, seen: Mutex::default(), hearing: Hearing::default(), counting: tokio::sync::Mutex::default() }
    }

    /// How far the views are behind; `None` before the first look, and while journal or views cannot be read.
    pub fn behind(&self) -> Option<Behind> {
        let seen = self.seen();
        let time = seen.waiting.front().map_or(Duration::ZERO, |(_, since)| since.elapsed());
        seen.known.then(|| Behind { events: seen.journal.1.saturating_sub(seen.views.1), in_views: seen.views.1, time })
    }

    /// Whether the journal can be read; `None` before the first look.
    pub fn reach(&self) -> Option<Reach> {
        self.hearing.reach()
    }

    /// What the last count found; `None` before the first.
    pub fn counted(&self) -> Option<Counted> {
        self.seen().counted
    }

    /// Looks and counts until the future is dropped.
    pub async fn run(&self) {
        let looking = async {
            loop {
                if let Err(error) = self.look().await {
                    tracing::debug!(%error, "how far the views are behind cannot be seen");
                }
                sleep(LOOK).await;
            }
        };
        let counting = async {
            loop {
                if let Err(error) = self.count().await {
                    tracing::debug!(%error, "the views cannot be held against the journal");
                }
                sleep(COUNT).await;
            }
        };
        tokio::join!(looking, counting);
    }

    /// Sees how far the views are behind.
    pub async fn look(&self) -> Result<(), LookError> {
        let looked = self.look_once().await;
        self.seen().known = looked.is_ok();
        looked
    }

    async fn look_once(&self) -> Result<(), LookError> {
        let snapshot = match self.views.snapshot().await {
            Ok(snapshot) => snapshot,
            Err(error) => {
                // Whether the journal can be read is another question.
                let _ = self.hearing.of(self.journal.head()).await;
                return Err(error.into());
            }
        };
        let views = (snapshot.position(), snapshot.events());
        let mut journal = self.seen().journal;
        if journal.0 <= views.0 {
            journal = views;
        }
        for _ in 0..PAGES {
            let page = self.hearing.of(self.journal.read_all(journal.0, PAGE)).await?;
            journal = after(journal, page.events.iter().map(|event| event.position));
            if page.end {
                break;
            }
        }
        let mut seen = self.seen();
        (seen.views, seen.journal) = (views, journal);
        while seen.waiting.front().is_some_and(|(end, _)| *end <= views.0) {
            seen.waiting.pop_front();
        }
        if journal.0 > seen.waiting.back().map_or(views.0, |(end, _)| *end) {
            if seen.waiting.len() == MOMENTS {
                // Nobody needs to the second when what waits for a quarter of an hour came.
                seen.waiting.pop_back();
            }
            seen.waiting.push_back((journal.0, Instant::now()));
        }
        Ok(())
    }

    /// Holds the checkpoint that was seen the last time against the journal, and remembers the one of now for the next time.
    pub async fn count(&self) -> Result<(), LookError> {
        let mut counting = self.counting.lock().await;
        if let Some(claim) = counting.claim {
            counting.rounds += 1;
            if counting.rounds >= ROUNDS || claim.0 < counting.reached.0 {
                counting.reached = Place::default();
                counting.rounds = 0;
            }
            counting.reached = self.count_to(counting.reached, claim.0).await?;
            let counted = Counted { position: claim.0, in_views: claim.1, in_journal: counting.reached.1 };
            self.tell(counted);
        }
        // Taken only now: a count that takes long is none of a checkpoint that is new.
        let snapshot = self.views.snapshot().await?;
        counting.claim = Some((snapshot.position(), snapshot.events()));
        Ok(())
    }

    /// Number of events up to a place, counted on from an earlier one.
    async fn count_to(&self, from: Place, to: Option<Position>) -> Result<Place, StoreError> {
        let mut reached = from;
        while reached.0 < to {
            let page = self.journal.read_all(reached.0, PAGE).await?;
            let within = page.events.iter().map(|event| event.position).filter(|position| Some(*position) <= to);
            reached = after(reached, within);
            let beyond = page.events.last().is_some_and(|event| Some(event.position) >= to);
            if page.end || beyond {
                break;
            }
            sleep(REST).await;
        }
        // Nothing lies between the last event and the place that was asked for.
        Ok((to.max(reached.0), reached.1))
    }

    /// Notes what was counted; an event that is missing is told when it is found, and when it is no longer so.
    fn tell(&self, counted: Counted) {
        let before = self.seen().counted.replace(counted).map_or(0, |before| before.missing());
        let (missing, at) = (counted.missing(), counted.position.map(|position| position.to_string()));
        if missing != 0 && missing != before {
            let Counted { in_views, in_journal, .. } = counted;
            tracing::error!(
                missing,
                in_views,
                in_journal,
                at,
                "视图与日志的事件数不符，需重建视图 / the views were not made of the events that the journal has: build them anew"
            );
        } else if missing == 0 && before != 0 {
            tracing::info!(at, "views and journal agree again");
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place, and some events on.
fn after(place: Place, events: impl Iterator<Item = Position>) -> Place {
    events.fold(place, |(_, count), position| (Some(position), count + 1))
}
