//! Keeps the views up with the journal: catch up, then follow. Views and checkpoint of a batch are one commit.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::envelope::Position;
use journal::{Journal, Recorded, SharedJournal, StoreError};
use tokio::sync::{mpsc, watch};

use crate::{
    channel::{Loaded, Needs, project},
    document::{Document, Key},
    happened::{Happened, Unreadable},
    store::{Batch, Change, SharedViews, Snapshot, ViewError},
};

/// Most events of one batch.
const BATCH: usize = 4_000;

/// Batches that are read and decoded ahead of the projection.
const AHEAD: usize = 2;

/// Why a runner stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// The journal cannot be read.
    #[error("journal cannot be read")]
    Journal(#[from] StoreError),
    /// An event cannot be read: nothing after it may be shown as if it had not happened.
    #[error(transparent)]
    Unreadable(#[from] Box<Unreadable>),
    /// The views cannot be written.
    #[error("views cannot be written")]
    Views(#[from] ViewError),
    /// Decoding was cut short: the runtime is shutting down.
    #[error("reading ahead was cut short")]
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
        Self::with_batch(journal, views, BATCH)
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
        let (sender, mut batches) = mpsc::channel(AHEAD);
        let reader = tokio::spawn(read_ahead(self.journal.clone(), base, self.batch, sender));
        while base < end {
            let Some(batch) = batches.recv().await else { break };
            let mut batch: Vec<Happened> = batch?;
            batch.truncate(batch.partition_point(|h| Some(h.position) <= end));
            let Some(last) = batch.last().map(|h| h.position) else { break };
            self.apply(&batch, base, last).await?;
            base = Some(last);
            let done = self.projected.fetch_add(batch.len() as u64, Ordering::Relaxed) + batch.len() as u64;
            progress(done);
            self.state.send_modify(|lag| *lag = Lag { checkpoint: base, projected: done, ..*lag });
        }
        // A reader that is ahead of the end finds nobody to send to and stops.
        drop(batches);
        reader.await.map_err(|_| RunnerError::Cut)?;
        self.state.send_modify(|lag| *lag = Lag { checkpoint: base, caught_up: true, ..*lag });
        Ok(base)
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

    async fn apply(&self, batch: &[Happened], base: Option<Position>, checkpoint: Position) -> Result<(), RunnerError> {
        let snapshot = self.views.snapshot().await?;
        if snapshot.position() != base {
            return Err(ViewError::Moved { base, actual: snapshot.position() }.into());
        }
        let changes = changes_of(batch, snapshot.as_ref()).await?;
        self.views.commit(Batch { changes, base, checkpoint }).await?;
        Ok(())
    }
}

/// The documents after a batch of events on top of a snapshot, each once.
pub(crate) async fn changes_of(batch: &[Happened], snapshot: &dyn Snapshot) -> Result<Vec<Change>, ViewError> {
    let mut documents: BTreeMap<Key, Document> = BTreeMap::new();
    let mut loaded = Loaded::default();
    for happened in batch {
        let changes = loop {
            match project(happened, &loaded) {
                Ok(changes) => break changes,
                Err(Needs(keys)) => load(keys, snapshot, &mut loaded).await?,
            }
        };
        for (key, document) in changes {
            loaded.put(key.clone(), Some(document.clone()));
            documents.insert(key, document);
        }
    }
    Ok(documents.into_iter().map(|(key, document)| Change { key, document }).collect())
}

async fn load(keys: Vec<Key>, snapshot: &dyn Snapshot, loaded: &mut Loaded) -> Result<(), ViewError> {
    // The keys of one request are of one channel and register; a mixed one is only slower.
    for group in keys.chunk_by(|a, b| (a.channel, a.register) == (b.channel, b.register)) {
        let codes: Vec<_> = group.iter().map(|key| key.code.clone()).collect();
        let documents = snapshot.get_many(group[0].channel, group[0].register, &codes).await?;
        for (key, document) in group.iter().zip(documents) {
            loaded.put(key.clone(), document);
        }
    }
    Ok(())
}

/// Reads and decodes to the end of the journal, ahead of the projection and beside it.
async fn read_ahead(
    journal: Arc<dyn Journal>,
    after: Option<Position>,
    batch: usize,
    sender: mpsc::Sender<Result<Vec<Happened>, RunnerError>>,
) {
    let mut after = after;
    loop {
        let page = match journal.read_all(after, batch).await {
            Ok(page) => page,
            Err(error) => {
                // Nobody listens any more if this fails; there is nobody to tell.
                let _ = sender.send(Err(error.into())).await;
                return;
            }
        };
        let Some(last) = page.events.last() else { return };
        after = Some(last.position);
        // Decoding is work for a core of its own.
        let events = page.events;
        let decoded = tokio::task::spawn_blocking(move || decode(&events)).await;
        let failed = !matches!(decoded, Ok(Ok(_)));
        let sent = sender.send(decoded.unwrap_or(Err(RunnerError::Cut))).await;
        if page.end || failed || sent.is_err() {
            return;
        }
    }
}

fn decode(events: &[Recorded]) -> Result<Vec<Happened>, RunnerError> {
    events.iter().map(|recorded| Happened::read(recorded).map_err(RunnerError::from)).collect()
}
