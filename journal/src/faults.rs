//! A journal that fails on demand. Failures come in pairs: what failed and is not kept, and what failed **but is kept**. Whoever
//! writes through the port has to be right after both.

use std::{
    collections::VecDeque,
    future::pending,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::envelope::{Position, StreamName, StreamVersion};

use crate::port::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, SharedJournal, StoreError};

/// What happens to an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It fails; nothing is kept.
    NotExecuted,
    /// Its outcome is unknown, and nothing is kept.
    UnknownAndLost,
    /// Its outcome is unknown, but it is kept.
    UnknownButKept,
    /// It is never answered, and nothing is kept.
    HungAndLost,
    /// It is never answered, but it is kept.
    HungButKept,
    /// It is answered, and kept, only after this time.
    Late(Duration),
    /// It is kept, and the answer does not say where.
    WithoutPosition,
    /// Someone else appends these events to the stream first.
    Overtaken(Vec<NewEvent>),
}

/// A journal before another, with a fault for each of the appends to come. Those after the last fault go well.
pub struct Faulty {
    inner: SharedJournal,
    faults: Mutex<VecDeque<Fault>>,
    /// How many reads will fail.
    failing_reads: AtomicUsize,
}

impl Faulty {
    /// A journal with these faults.
    pub fn new(inner: SharedJournal, faults: impl IntoIterator<Item = Fault>) -> Self {
        Self { inner, faults: Mutex::new(faults.into_iter().collect()), failing_reads: AtomicUsize::new(0) }
    }

    /// Lets the next reads fail, whatever they read.
    pub fn fail_reads(&self, count: usize) {
        self.failing_reads.store(count, Ordering::SeqCst);
    }

    fn next(&self) -> Fault {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or(Fault::None)
    }

    fn readable(&self) -> Result<(), StoreError> {
        let left = self.failing_reads.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_ok() { Err(fault()) } else { Ok(()) }
    }

    async fn overtake(&self, stream: &StreamName, events: Vec<NewEvent>) -> Result<(), AppendError> {
        let there = self.inner.read_stream(stream, StreamVersion::FIRST, usize::MAX).await.map_err(AppendError::NotExecuted)?;
        let last = there.last().map(|event| event.version);
        self.inner.append(stream, last.into(), events).await.map(|_| ())
    }
}

fn fault() -> StoreError {
    StoreError::Other("a fault was asked for".to_owned())
}

#[async_trait]
impl Journal for Faulty {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        match self.next() {
            Fault::None => self.inner.append(stream, expected, events).await,
            Fault::NotExecuted => Err(AppendError::NotExecuted(fault())),
            Fault::UnknownAndLost => Err(AppendError::Unknown(fault())),
            Fault::UnknownButKept => {
                // What the store answers is lost on the way, whatever it was.
                let _ = self.inner.append(stream, expected, events).await;
                Err(AppendError::Unknown(fault()))
            }
            Fault::HungAndLost => pending().await,
            Fault::HungButKept => {
                let _ = self.inner.append(stream, expected, events).await;
                pending().await
            }
            Fault::Late(after) => {
                tokio::time::sleep(after).await;
                self.inner.append(stream, expected, events).await
            }
            Fault::WithoutPosition => {
                let appended = self.inner.append(stream, expected, events).await?;
                Ok(Appended { position: None, ..appended })
            }
            Fault::Overtaken(others) => {
                self.overtake(stream, others).await?;
                self.inner.append(stream, expected, events).await
            }
        }
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.readable()?;
        self.inner.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        self.readable()?;
        self.inner.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.readable()?;
        self.inner.head().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.inner.wait(after).await
    }
}
