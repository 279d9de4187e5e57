//! Keeps the views up with the journal: catch up, then follow. Views and checkpoint of a batch are one commit.

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::{
    envelope::{EntryName, Position},
    value::Channel,
};
use journal::{SharedJournal, StoreError};
use tokio::{sync::watch, time::sleep};

use crate::{
    ahead::{Decoded, Decoding, Pages, Read, read_ahead},
    begun::Begun,
    channel::{Looking, Needs, Working, project},
    document::Both,
    happened::Unreadable,
    receipts::Witnessing,
    store::{Batch, Change, SharedViews, Snapshot, ViewError},
};

/// Most events of one batch before the views have caught up once. A commit copies lists as long as the register, so few are better.
const BATCH: usize = 8_000;

/// The same from then on: whoever waits for a change is not kept waiting by thousands of others that came with it.
const LIVE_BATCH: usize = 1_000;

/// Events of a page: small, so that reading, decoding and projecting begin to run beside each other at once.
const PAGE: usize = 256;

/// Time after a failure before it is tried again; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest of these pauses: as long as whoever waits for what was written may have to wait once all is well again.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Why a runner stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// The journal cannot be read.
    #[error("日志无法读取 / the journal cannot be read")]
    Journal(#[from] StoreError),
    /// An event cannot be read: nothing after it may be shown as if it had not happened.
    #[error(transparent)]
    Unreadable(#[from] Box<Unreadable>),
    /// The views cannot be written.
    #[error("视图无法写入 / the views cannot be written")]
    Views(#[from] ViewError),
    /// Reading was cut short: the runtime is shutting down.
    #[error("读取中断：程序正在退出 / reading was cut short: the program is shutting down")]
    Cut,
    /// Decoding panicked; the log of the program has where.
    #[error("解读事件时程序出错，详见程序日志 / the program failed while it decoded events, see its log")]
    Decoding,
}

/// How far the views are behind the journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lag {
    /// Checkpoint of the views.
    pub checkpoint: Option<Position>,
    /// Events projected since the start; of views that another node keeps, those that they were made of.
    pub projected: u64,
    /// Whether the end of the journal has been reached at least once.
    pub caught_up: bool,
}

/// From when on somebody sees the views that a runner commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// From the first commit: they are live already.
    FromTheFirst,
    /// From when they have caught up: what they held before on the way nobody ever saw.
    OnceCaughtUp,
}

/// Projects a journal into views.
pub struct Runner {
    journal: SharedJournal,
    views: SharedViews,
    batch: usize,
    /// The one moment that the views are to be asked about, if there is one.
    looking: Option<Looking>,
    /// By what it notes what its commits begin to show, if it does, and whether it did so before it first caught up.
    witnessing: Option<(Witnessing, Seen)>,
    projected: AtomicU64,
    state: watch::Sender<Lag>,
    fault: RwLock<Option<Fault>>,
}

/// Why the views are not kept up at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In words, with the causes.
    pub words: String,
    /// Whether it stays until another version of the program, or another journal, is there. All else is tried again.
    pub for_good: bool,
}

impl Runner {
    /// A runner that has not begun.
    pub fn new(journal: SharedJournal, views: SharedViews) -> Arc<Self> {
        let batch = views.batch().map_or(BATCH, |batch| batch.min(BATCH));
        Self::with_batch(journal, views, batch)
    }

    /// A runner that commits at most so many events at a time.
    pub fn with_batch(journal: SharedJournal, views: SharedViews, batch: usize) -> Arc<Self> {
        Arc::new(Self { batch: batch.max(1), ..Self::of(journal, views) })
    }

    /// A runner whose views are to be asked about one moment and no other: see [`Working::looking_at`].
    pub fn looking_at(journal: SharedJournal, views: SharedViews, looking: Looking) -> Self {
        Self { looking: Some(looking), ..Self::of(journal, views) }
    }

    /// A runner that notes with its commits what they begin to show, for receipts.
    pub fn witnessed(journal: SharedJournal, views: SharedViews, witnessing: Witnessing, seen: Seen) -> Arc<Self> {
        let batch = views.batch().map_or(BATCH, |batch| batch.min(BATCH));
        Arc::new(Self { batch, witnessing: Some((witnessing, seen)), ..Self::of(journal, views) })
    }

    fn of(journal: SharedJournal, views: SharedViews) -> Self {
        let (state, _) = watch::channel(Lag::default());
        let (projected, fault) = (AtomicU64::new(0), RwLock::new(None));
        Self { journal, views, batch: BATCH, looking: None, witnessing: None, projected, state, fault }
    }

    /// How far the views are, now and at every commit.
    pub fn watch(&self) -> watch::Receiver<Lag> {
        self.state.subscribe()
    }

    /// Why the views are not kept up or cannot be read at present, if so.
    pub fn fault(&self) -> Option<Fault> {
        self.fault.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Projects what is in the journal and returns the checkpoint reached. `progress` hears page by page how many events are projected; what was not
    /// committed when something failed is projected, and told, again.
    pub async fn catch_up(&self, progress: &(dyn Fn(u64) + Send + Sync)) -> Result<Option<Position>, RunnerError> {
        let head = self.journal.head().await?;
        self.project_to(head, progress).await
    }

    /// Projects up to a position and not further.
    pub async fn catch_up_to(&self, position: Option<Position>) -> Result<Option<Position>, RunnerError> {
        self.project_to(position, &|_| ()).await
    }

    async fn project_to(&self, end: Option<Position>, progress: &(dyn Fn(u64) + Send + Sync)) -> Result<Option<Position>, RunnerError> {
        let mut base = self.views.snapshot().await?.position();
        let most = if self.state.borrow().caught_up { self.batch.min(LIVE_BATCH) } else { self.batch };
        let (mut pages, reader) = read_ahead(self.journal.clone(), base, self.batch.min(PAGE));
        let mut open: Option<OpenBatch> = None;
        while base < end {
            let (Decoded { mut events, unreadable }, last) = match next(&mut pages).await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                Err(error) => {
                    // Whoever tries again goes on from what was read before, and so comes to the end however often the journal fails.
                    if let Some(batch) = open {
                        self.commit(batch).await?;
                    }
                    return Err(error);
                }
            };
            events.truncate(events.partition_point(|(position, _)| Some(*position) <= end));
            let unreadable = unreadable.filter(|unreadable| Some(unreadable.position) <= end);
            let mut batch = match open.take() {
                Some(batch) => batch,
                None => OpenBatch::on(self.views.snapshot().await?, base, self.looking.clone())?,
            };
            batch.add(&events).await?;
            progress(self.projected.load(Ordering::Relaxed) + batch.events as u64);
            let stops = last || unreadable.is_some();
            let full = stops || batch.checkpoint >= end || batch.events >= most;
            if !full {
                open = Some(batch);
                continue;
            }
            let committed = self.commit(batch).await?;
            base = committed.or(base);
            // What stands before an event that cannot be read is shown wherever pages and batches happen to end.
            if let Some(unreadable) = unreadable {
                return Err(unreadable.into());
            }
            if committed.is_none() {
                break;
            }
        }
        // A reader that is ahead of the end finds nobody to send to and stops.
        drop(pages);
        reader.await.map_err(|_| RunnerError::Cut)?;
        self.state.send_modify(|lag| *lag = Lag { checkpoint: base, caught_up: true, ..*lag });
        Ok(base)
    }

    /// Commits a batch and tells how far the views are; `None` if there was nothing in it.
    async fn commit(&self, batch: OpenBatch) -> Result<Option<Position>, ViewError> {
        let added = batch.events as u64;
        let reached = batch.commit(&self.views, self.witnessing()).await?;
        if reached.is_some() {
            let projected = self.projected.fetch_add(added, Ordering::Relaxed) + added;
            self.state.send_modify(|lag| *lag = Lag { checkpoint: reached, projected, ..*lag });
        }
        Ok(reached)
    }

    /// By what it is noted what a commit begins to show, if anybody sees it.
    fn witnessing(&self) -> Option<&Witnessing> {
        let (witnessing, seen) = self.witnessing.as_ref()?;
        (*seen == Seen::FromTheFirst || self.state.borrow().caught_up).then_some(witnessing)
    }

    /// Watches views that another node keeps, until the future is dropped: how far they are, and whether they can be read.
    pub async fn observe(&self, every: Duration) {
        loop {
            let fault = match self.views.snapshot().await {
                Ok(snapshot) => {
                    let (checkpoint, projected) = (snapshot.position(), snapshot.events());
                    self.state.send_modify(|lag| *lag = Lag { checkpoint, projected, caught_up: true });
                    None
                }
                Err(error) => Some(Fault { words: error.to_string(), for_good: false }),
            };
            self.note(fault);
            sleep(every).await;
        }
    }

    /// Notes whether there is a fault, and tells when that changes.
    fn note(&self, fault: Option<Fault>) {
        let mut known = self.fault.write().unwrap_or_else(PoisonError::into_inner);
        match (&*known, &fault) {
            (None, Some(Fault { words, .. })) => tracing::warn!("the views cannot be read or go on: {words}"),
            (Some(_), None) => tracing::info!("the views can be read and go on again"),
            _ => {}
        }
        *known = fault;
    }

    /// Catches up and follows until the future is dropped. Returns only with the first reason why it cannot go on; readers then keep
    /// what they have.
    pub async fn follow(&self) -> RunnerError {
        loop {
            let followed = match self.catch_up(&|_| ()).await {
                Ok(reached) => self.journal.wait(reached).await.map_err(RunnerError::from),
                Err(error) => Err(error),
            };
            if let Err(error) = followed {
                return error;
            }
        }
    }

    /// The same, and tries again after whatever may pass: a journal that was away comes back. Returns only with an event that cannot
    /// be read. Meanwhile, and then, [`Runner::fault`] says why, and readers keep what they have.
    pub async fn follow_on(&self) -> Box<Unreadable> {
        let mut pause = FIRST_PAUSE;
        loop {
            let followed = match self.catch_up(&|_| ()).await {
                Ok(reached) => {
                    self.note(None);
                    pause = FIRST_PAUSE;
                    self.journal.wait(reached).await.map_err(RunnerError::from)
                }
                Err(error) => Err(error),
            };
            let Err(error) = followed else { continue };
            let words = with_causes(&error);
            if let RunnerError::Unreadable(unreadable) = error {
                self.note(Some(Fault { words, for_good: true }));
                return unreadable;
            }
            self.note(Some(Fault { words, for_good: false }));
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

/// The events of the next page, and whether it is the last; `None` once there is none.
async fn next(pages: &mut Pages) -> Result<Option<(Decoded, bool)>, RunnerError> {
    let Some(page) = pages.recv().await else { return Ok(None) };
    let Decoding { events, end } = page?;
    Ok(Some((events.await.map_err(|_| RunnerError::Decoding)?, end)))
}

/// The words of an error with those of its causes.
pub(crate) fn with_causes(error: &RunnerError) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}

/// The events of one commit, as far as they are projected.
struct OpenBatch {
    snapshot: Arc<dyn Snapshot>,
    working: Working,
    base: Option<Position>,
    checkpoint: Option<Position>,
    events: usize,
}

impl OpenBatch {
    /// A batch without events, on top of the views at a checkpoint.
    fn on(snapshot: Arc<dyn Snapshot>, base: Option<Position>, looking: Option<Looking>) -> Result<Self, ViewError> {
        if snapshot.position() != base {
            return Err(ViewError::Moved { base, actual: snapshot.position() });
        }
        let working = looking.map(Working::looking_at).unwrap_or_default();
        Ok(Self { snapshot, working, base, checkpoint: base, events: 0 })
    }

    async fn add(&mut self, events: &[Read]) -> Result<(), ViewError> {
        for (position, happened) in events {
            while let Some(Err(Needs(entries))) = happened.as_ref().map(|happened| project(happened, &mut self.working)) {
                load(entries, self.snapshot.as_ref(), &mut self.working).await?;
            }
            self.checkpoint = Some(*position);
        }
        self.events += events.len();
        Ok(())
    }

    /// Commits what the events led to. `None` if there were none.
    async fn commit(self, views: &SharedViews, witnessing: Option<&Witnessing>) -> Result<Option<Position>, ViewError> {
        let Some(checkpoint) = self.checkpoint.filter(|_| self.events > 0) else { return Ok(None) };
        let changes: Vec<_> = self.working.into_changes().map(|(entry, both)| Change { entry, both }).collect();
        let begun = witnessing.map(|witnessing| begun(&changes, witnessing.now())).unwrap_or_default();
        let tells = !begun.is_empty();
        views.commit(Batch { changes, base: self.base, checkpoint, begun, events: self.events as u64 }).await?;
        if tells && let Some(witnessing) = witnessing {
            witnessing.tell();
        }
        Ok(Some(checkpoint))
    }
}

/// What the documents of a batch serve once it is committed.
fn begun(changes: &[Change], now: DateTime<Utc>) -> Vec<Begun> {
    changes.iter().flat_map(|change| Begun::of_both(&change.both, now)).collect()
}

async fn load(entries: Vec<EntryName>, snapshot: &dyn Snapshot, working: &mut Working) -> Result<(), ViewError> {
    let mut missing = Vec::new();
    for entry in entries {
        match Channel::ALL.map(|channel| snapshot.at_hand(channel, entry.register, &entry.code)) {
            [Some(online), Some(counter)] => working.load(entry, Both::of([online, counter])),
            _ => missing.push(entry),
        }
    }
    // The entries of one request are of one register; a mixed one is only slower.
    for group in missing.chunk_by(|a, b| a.register == b.register) {
        let codes: Vec<_> = group.iter().map(|entry| entry.code.clone()).collect();
        let online = snapshot.get_many(Channel::Online, group[0].register, &codes).await?;
        let counter = snapshot.get_many(Channel::Counter, group[0].register, &codes).await?;
        for ((entry, online), counter) in group.iter().zip(online).zip(counter) {
            working.load(entry.clone(), Both::of([online, counter]));
        }
    }
    Ok(())
}
