//! The reference store: what the port means, without a disk. For tests and demonstrations; it forgets everything at the end.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::envelope::{Position, StreamName, StreamVersion};
use tokio::sync::watch;
use uuid::Uuid;

use crate::port::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, StoreError, check_bounds};

/// A journal in memory.
#[derive(Debug)]
pub struct MemoryJournal {
    log: Mutex<Log>,
    /// Says where the log ends to those who wait. Sent under the lock, so that it never goes back.
    head: watch::Sender<Option<Position>>,
}

#[derive(Debug, Default)]
struct Log {
    /// All events; the one at index `i` has position `i + 1`.
    events: Vec<Recorded>,
    /// Indexes of the events of each stream, by version.
    streams: HashMap<StreamName, Vec<usize>>,
    ids: HashSet<Uuid>,
}

impl Default for MemoryJournal {
    fn default() -> Self {
        Self { log: Mutex::default(), head: watch::Sender::new(None) }
    }
}

impl MemoryJournal {
    /// An empty journal.
    pub fn new() -> Self {
        Self::default()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        // Nothing below panics between two writes, so a poisoned log is a whole one.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn stream(&self, name: &StreamName) -> &[usize] {
        self.streams.get(name).map_or(&[], Vec::as_slice)
    }

    fn last_version(&self, name: &StreamName) -> Option<StreamVersion> {
        self.stream(name).last().map(|&index| self.events[index].version)
    }

    /// The last event of the earlier append that this one repeats, if it does.
    fn repeated(&self, name: &StreamName, expected: Expected, events: &[NewEvent]) -> Option<&Recorded> {
        let first = usize::try_from(expected.first().0).ok()?;
        let earlier = self.stream(name).get(first..first.checked_add(events.len())?)?;
        let same = earlier.iter().zip(events).all(|(&index, event)| self.events[index].id == event.id);
        if same { earlier.last().map(|&index| &self.events[index]) } else { None }
    }

    fn append(&mut self, name: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        let actual = self.last_version(name);
        if !expected.holds(actual) {
            return match self.repeated(name, expected, &events) {
                Some(last) => Ok(Appended { version: last.version, position: Some(last.position) }),
                None => Err(AppendError::Conflict { stream: name.clone(), expected, actual }),
            };
        }
        if let Some(known) = events.iter().find(|event| self.ids.contains(&event.id)) {
            return Err(AppendError::Invalid(format!("事件标识已用过 / event id {} is in the journal already", known.id)));
        }
        let mut version = expected.first();
        let mut appended = Appended { version, position: None };
        for NewEvent { id, kind, metadata, payload } in events {
            let index = self.events.len();
            let position = Position::single(index as u64 + 1);
            appended = Appended { version, position: Some(position) };
            self.events.push(Recorded { position, stream: name.clone(), version, id, kind, metadata, payload });
            self.streams.entry(name.clone()).or_default().push(index);
            self.ids.insert(id);
            version = version.next();
        }
        Ok(appended)
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        check_bounds(&events)?;
        let mut log = self.log();
        let appended = log.append(stream, expected, events)?;
        self.head.send_replace(log.events.last().map(|event| event.position));
        Ok(appended)
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let log = self.log();
        let from = usize::try_from(from.0).unwrap_or(usize::MAX);
        Ok(log.stream(stream).iter().skip(from).take(limit).map(|&index| log.events[index].clone()).collect())
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        let log = self.log();
        let start = log.events.partition_point(|event| Some(event.position) <= after);
        let events: Vec<_> = log.events[start..].iter().take(limit).cloned().collect();
        Ok(Page { end: start + events.len() == log.events.len(), events })
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        Ok(self.log().events.last().map(|event| event.position))
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        let gone = |_| StoreError::Other("the journal was closed".to_owned());
        self.head.subscribe().wait_for(|head| *head > after).await.map(|_| ()).map_err(gone)
    }
}
