//! A journal without the right to append, whatever the store below would allow.

use async_trait::async_trait;
use domain::envelope::{Position, StreamName, StreamVersion};

use crate::port::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, SharedJournal, StoreError};

/// A journal before another: what is read comes from there, and an append goes no further than here.
pub struct ReadOnly(pub SharedJournal);

#[async_trait]
impl Journal for ReadOnly {
    /// Is never executed: nothing is sent, so nothing is reserved either.
    async fn append(&self, stream: &StreamName, _: Expected, _: Vec<NewEvent>) -> Result<Appended, AppendError> {
        Err(AppendError::NotExecuted(StoreError::ToReadOnly(stream.to_string())))
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.0.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        self.0.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.0.head().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.0.wait(after).await
    }
}
