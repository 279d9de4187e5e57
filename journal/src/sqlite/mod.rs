//! The embedded store: one SQLite file, in write-ahead mode, synced before an append is acknowledged.
//!
//! ```text
//! append ──queue──→ writer thread ──one transaction for all that wait──→ file ──→ answers, head
//!        └─where nobody else appends: on the thread that asks─────────────→ file ──→ answer, head
//! read ──→ a few read-only connections on blocking threads
//! ```
//! An append touches only the end of the log. The indexes follow behind in batches; what they lack is held in memory.
//!
//! Several processes may have the file open: the write lock orders them, and positions are given under it.

mod append;
mod errors;
mod index;
mod log;
mod open;
mod readers;
mod rows;
mod tail;
mod work;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use domain::envelope::{Position, StreamName, StreamVersion};
use tokio::{
    sync::{Mutex, watch},
    time::sleep,
};

use crate::port::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, StoreError, check_bounds};
use readers::Readers;
use writer::Writer;

/// How often the file is asked for events of other processes while someone waits.
const POLL: Duration = Duration::from_millis(20);

/// A journal in a SQLite file.
pub struct SqliteJournal {
    path: PathBuf,
    // Dropped before the writer: the last connection that closes brings the log into the file, best the one that wrote it.
    readers: Arc<Readers>,
    /// `None` where the journal was opened for reading only.
    writer: Option<Writer>,
    /// Where the log ends, as far as this process knows.
    head: watch::Sender<Option<Position>>,
    /// Who holds it asks the file for those who wait.
    polling: Mutex<()>,
}

impl SqliteJournal {
    /// Creates a journal and the folders it lies in. Refused with [`StoreError::Exists`] if there is a file of that name.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        open::create(path)?;
        Self::open(path)
    }

    /// Opens a journal for reading and appending; never creates one. A journal of an older format is brought up to date.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_indexing(path, index::BATCH)
    }

    /// Opens it to be indexed each time when this many events are not: for tests of what happens at that moment.
    #[cfg(feature = "contract")]
    pub fn open_with_batches_of(path: &Path, events: usize) -> Result<Self, StoreError> {
        Self::open_indexing(path, events)
    }

    fn open_indexing(path: &Path, batch: usize) -> Result<Self, StoreError> {
        let connection = open::writing(path)?;
        let head = watch::Sender::new(None);
        let readers = Arc::new(Readers::new(path, open::reading(path)?));
        let writer = Writer::start(path, connection, batch, head.clone())?;
        Ok(Self { path: path.to_owned(), readers, writer: Some(writer), head, polling: Mutex::default() })
    }

    /// Opens a journal for commands that only read: also from a folder or disk that cannot be written.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let readers = Arc::new(Readers::new(path, open::reading(path)?));
        let head = watch::Sender::new(None);
        Ok(Self { path: path.to_owned(), readers, writer: None, head, polling: Mutex::default() })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SqliteJournal {
    fn drop(&mut self) {
        self.readers.close();
        // The writer ends with what it was given, and closes the file.
        self.writer = None;
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        check_bounds(&events)?;
        let Some(writer) = &self.writer else {
            return Err(AppendError::NotExecuted(StoreError::Other("只供读取 / it was opened for reading only".to_owned())));
        };
        writer.append(stream.clone(), expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let stream = stream.clone();
        self.readers.read(move |session| rows::stream(session, &stream, from, limit)).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        self.readers.read(move |session| rows::all(&session.connection, after, limit)).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.readers.read(|session| rows::head(&session.connection)).await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        let mut head = self.head.subscribe();
        loop {
            if *head.borrow_and_update() > after {
                return Ok(());
            }
            tokio::select! {
                // Cannot fail: the sender is a field of this journal.
                _ = head.changed() => {}
                polled = self.poll(after) => polled?,
            }
        }
    }
}

impl SqliteJournal {
    /// Asks the file until there are events after a position. However many wait, one of them asks.
    async fn poll(&self, after: Option<Position>) -> Result<(), StoreError> {
        let _asking = self.polling.lock().await;
        loop {
            let found = self.head().await?;
            if found > *self.head.borrow() {
                self.head.send_replace(found);
            }
            if found > after {
                return Ok(());
            }
            sleep(POLL).await;
        }
    }
}
