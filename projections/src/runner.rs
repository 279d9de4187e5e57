//! Keeps the views up with the journal: catch up, then follow. Views and checkpoint of a batch are one commit.

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::{
    envelope::{EntryName, Position},
    value::Channel,
};
use journal::{Journal, Page, Recorded, SharedJournal, StoreError};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use crate::{
    channel::{Needs, Working, project},
    document::Both,
    happened::{Happened, Unreadable},
    store::{Batch, Change, SharedViews, Snapshot, ViewError},
};

/// Most events of one batch.
const BATCH: usize = 4_000;

/// Events from which on a batch is committed when there is nothing else to do.
const IDLE: usize = 1_000;

/// Events of a page: small, so that reading, decoding and projecting begin to run beside each other at once.
const PAGE: usize = 256;

/// Pages that are read and decoded ahead of the projection.
const AHEAD: usize = 4;

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
    /// Decoding was cut short: the runtime is shutting down.
    #[error("读取中断：程序正在退出 / reading was cut short: the program is shutting down")]
    Cut,
}

/// How far the views are behind the journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lag {
    /// Checkpoint of the views.
    pub checkpoint: Option<Position>,
    /// Events projected since the start.
    pub projected: u64,
    /// Whether the end of the journal has been reached at least once.
    pub caught_up: bool,
}

/// Projects a journal into views.
pub struct Runner {
    journal: SharedJournal,
    views: SharedViews,
    batch: usize,
    projected: AtomicU64,
    state: watch::Sender<Lag>,
    fault: RwLock<Option<String>>,
}

impl Runner {
    /// A runner that has not begun.
    pub fn new(journal: SharedJournal, views: SharedViews) -> Arc<Self> {
        let batch = views.batch().map_or(BATCH, |batch| batch.min(BATCH));
        Self::with_batch(journal, views, batch)
    }

    /// A runner that commits at most so many events at a time.
    pub fn with_batch(journal: SharedJournal, views: SharedViews, batch: usize) -> Arc<Self> {
        let (state, _) = watch::channel(Lag::default());
        Arc::new(Self { journal, views, batch: batch.max(1), projected: AtomicU64::new(0), state, fault: RwLock::new(None) })
    }

    /// How far the views are, now and at every commit.
    pub fn watch(&self) -> watch::Receiver<Lag> {
        self.state.subscribe()
    }

    /// Why the runner stopped, if it did.
    pub fn fault(&self) -> Option<String> {
        self.fault.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Projects what is in the journal and returns the checkpoint reached. `progress` hears how many events are done.
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
        let (sender, mut pages) = mpsc::channel(AHEAD);
        let reader = tokio::spawn(read_ahead(self.journal.clone(), base, self.batch.min(PAGE), sender));
        let (mut open, mut next): (Option<OpenBatch>, _) = (None, None);
        while base < end {
            let Some(page) = (match next.take() {
                Some(page) => Some(page),
                None => pages.recv().await,
            }) else {
                break;
            };
            let Decoding { events, end: last } = page?;
            let mut events = events.await.map_err(|_| RunnerError::Cut)??;
            events.truncate(events.partition_point(|(position, _)| Some(*position) <= end));
            let mut batch = match open.take() {
                Some(batch) => batch,
                None => OpenBatch::on(self.views.snapshot().await?, base)?,
            };
            batch.add(&events).await?;
            next = pages.try_recv().ok();
            // A commit that finds its place while the next page is not ready costs nothing.
            let idle = !next.as_ref().is_some_and(|page| page.as_ref().is_ok_and(|decoding| decoding.events.is_finished()));
            let full = last || batch.checkpoint >= end || batch.events >= self.batch || (idle && batch.events >= IDLE);
            if !full {
                open = Some(batch);
                continue;
            }
            let added = batch.events;
            let Some(reached) = batch.commit(&self.views).await? else { break };
            base = Some(reached);
            let done = self.projected.fetch_add(added as u64, Ordering::Relaxed) + added as u64;
            progress(done);
            self.state.send_modify(|lag| *lag = Lag { checkpoint: base, projected: done, ..*lag });
        }
        // A reader that is ahead of the end finds nobody to send to and stops.
        drop(pages);
        reader.await.map_err(|_| RunnerError::Cut)?;
        self.state.send_modify(|lag| *lag = Lag { checkpoint: base, caught_up: true, ..*lag });
        Ok(base)
    }

    /// Watches views that another node keeps, until the future is dropped: how far they are, and whether they can be read.
    pub async fn observe(&self, every: Duration) {
        loop {
            let fault = match self.views.snapshot().await {
                Ok(snapshot) => {
                    let checkpoint = snapshot.position();
                    self.state.send_modify(|lag| *lag = Lag { checkpoint, caught_up: true, ..*lag });
                    None
                }
                Err(error) => Some(error.to_string()),
            };
            self.note(fault);
            tokio::time::sleep(every).await;
        }
    }

    /// Notes whether the views can be read, and tells when that changes.
    fn note(&self, fault: Option<String>) {
        let mut known = self.fault.write().unwrap_or_else(PoisonError::into_inner);
        match (&*known, &fault) {
            (None, Some(words)) => tracing::warn!("the views cannot be read: {words}"),
            (Some(_), None) => tracing::info!("the views can be read again"),
            _ => {}
        }
        *known = fault;
    }

    /// Catches up and follows until the future is dropped. Returns only with the reason why it cannot go on; readers then keep
    /// what they have, and [`Runner::fault`] says so.
    pub async fn follow(&self) -> RunnerError {
        let error = self.follow_until_error().await;
        let mut words = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            words = format!("{words}: {cause}");
            source = cause.source();
        }
        *self.fault.write().unwrap_or_else(PoisonError::into_inner) = Some(words);
        error
    }

    async fn follow_until_error(&self) -> RunnerError {
        loop {
            let reached = match self.catch_up(&|_| ()).await {
                Ok(reached) => reached,
                Err(error) => return error,
            };
            if let Err(error) = self.journal.wait(reached).await {
                return error.into();
            }
        }
    }
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
    fn on(snapshot: Arc<dyn Snapshot>, base: Option<Position>) -> Result<Self, ViewError> {
        if snapshot.position() != base {
            return Err(ViewError::Moved { base, actual: snapshot.position() });
        }
        Ok(Self { snapshot, working: Working::default(), base, checkpoint: base, events: 0 })
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
    async fn commit(self, views: &SharedViews) -> Result<Option<Position>, ViewError> {
        let Some(checkpoint) = self.checkpoint.filter(|_| self.events > 0) else { return Ok(None) };
        let changes = self.working.into_changes().map(|(entry, both)| Change { entry, both }).collect();
        views.commit(Batch { changes, base: self.base, checkpoint, events: self.events as u64 }).await?;
        Ok(Some(checkpoint))
    }
}

async fn load(entries: Vec<EntryName>, snapshot: &dyn Snapshot, working: &mut Working) -> Result<(), ViewError> {
    // The entries of one request are of one register; a mixed one is only slower.
    for group in entries.chunk_by(|a, b| a.register == b.register) {
        let codes: Vec<_> = group.iter().map(|entry| entry.code.clone()).collect();
        let online = snapshot.get_many(Channel::Online, group[0].register, &codes).await?;
        let counter = snapshot.get_many(Channel::Counter, group[0].register, &codes).await?;
        for ((entry, online), counter) in group.iter().zip(online).zip(counter) {
            working.load(entry.clone(), Both::of([online, counter]));
        }
    }
    Ok(())
}

/// An event with its place. What is of no entry changes no document, and is counted and passed like all others.
type Read = (Position, Option<Happened>);

/// A page of the journal that is being decoded on a thread of its own.
struct Decoding {
    events: JoinHandle<Result<Vec<Read>, RunnerError>>,
    /// Whether the journal went no further when it was read.
    end: bool,
}

/// Reads to the end of the journal, ahead of the projection and beside it; pages are decoded beside each other and sent in order.
async fn read_ahead(journal: Arc<dyn Journal>, after: Option<Position>, page: usize, sender: mpsc::Sender<Result<Decoding, RunnerError>>) {
    let mut after = after;
    loop {
        let Page { events, end } = match journal.read_all(after, page).await {
            Ok(page) => page,
            Err(error) => {
                // Nobody listens any more if this fails; there is nobody to tell.
                let _ = sender.send(Err(error.into())).await;
                return;
            }
        };
        // An empty page is sent too: it says that what was read before is to be committed.
        let end = end || events.is_empty();
        after = events.last().map_or(after, |last| Some(last.position));
        // Decoding is work for a core of its own.
        let events = tokio::task::spawn_blocking(move || decode(&events));
        if sender.send(Ok(Decoding { events, end })).await.is_err() || end {
            return;
        }
    }
}

fn decode(events: &[Recorded]) -> Result<Vec<Read>, RunnerError> {
    events.iter().map(|recorded| Ok((recorded.position, Happened::read(recorded)?))).collect()
}
