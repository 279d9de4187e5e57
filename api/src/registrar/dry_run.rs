//! A journal that decides everything and keeps nothing: appends go into memory, on top of a journal that is only read.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use domain::envelope::{Position, StreamName, StreamVersion};
use journal::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, SharedJournal, StoreError};

/// What a command would do, without doing it.
pub struct DryRun {
    below: SharedJournal,
    above: Mutex<HashMap<StreamName, Vec<Recorded>>>,
}

impl DryRun {
    /// On top of a journal.
    pub fn new(below: SharedJournal) -> Self {
        Self { below, above: Mutex::default() }
    }

    /// What this run has kept of a stream; a poisoned lock holds whole streams all the same.
    fn added(&self, stream: &StreamName) -> Vec<Recorded> {
        self.above.lock().unwrap_or_else(PoisonError::into_inner).get(stream).cloned().unwrap_or_default()
    }

    async fn last(&self, stream: &StreamName) -> Result<Option<StreamVersion>, StoreError> {
        if let Some(last) = self.added(stream).last() {
            return Ok(Some(last.version));
        }
        let mut last = None;
        loop {
            let from = last.map_or(StreamVersion::FIRST, StreamVersion::next);
            let page = self.below.read_stream(stream, from, 500).await?;
            match page.last() {
                Some(recorded) => last = Some(recorded.version),
                None => return Ok(last),
            }
        }
    }
}

#[async_trait]
impl Journal for DryRun {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        let actual = self.last(stream).await.map_err(AppendError::NotExecuted)?;
        let believed = match expected {
            Expected::NoStream => None,
            Expected::Version(version) => Some(version),
        };
        if actual != believed {
            return Err(AppendError::Conflict { stream: stream.clone(), expected, actual });
        }
        let mut version = actual;
        let mut above = self.above.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = above.entry(stream.clone()).or_default();
        for NewEvent { id, kind, metadata, payload } in events {
            let number = version.map_or(StreamVersion::FIRST, StreamVersion::next);
            version = Some(number);
            // A place that no log has: what this run adds is in no log.
            let position = Position::single(u64::MAX);
            kept.push(Recorded { position, stream: stream.clone(), version: number, id, kind, metadata, payload });
        }
        let version = version.ok_or_else(|| AppendError::Invalid("an append has at least one event".to_owned()))?;
        Ok(Appended { version, position: None })
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let mut events = self.below.read_stream(stream, from, limit).await?;
        let added = self.added(stream).into_iter().filter(|recorded| recorded.version >= from);
        events.extend(added.take(limit.saturating_sub(events.len())));
        Ok(events)
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        self.below.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.below.head().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.below.wait(after).await
    }
}
