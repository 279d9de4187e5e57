//! What is kept, and the rules of expected revisions.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use tokio::sync::watch;
use uuid::Uuid;

/// Largest append, as servers have it by default.
pub(crate) const MAX_APPEND: usize = 1024 * 1024;

/// A place in the log: offsets, with gaps that mean nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// Offset of the last event of the append.
    pub commit: u64,
    /// Offset of the event.
    pub prepare: u64,
}

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Stream.
    pub stream: String,
    /// Number within the stream.
    pub revision: u64,
    /// Id.
    pub id: Uuid,
    /// Type.
    pub kind: String,
    /// What the payload is said to be.
    pub content_type: String,
    /// Payload.
    pub data: Vec<u8>,
    /// Metadata.
    pub metadata: Vec<u8>,
    /// Place.
    pub place: Place,
}

/// An event before it is kept.
pub(crate) struct Proposed {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) content_type: String,
    pub(crate) data: Vec<u8>,
    pub(crate) metadata: Vec<u8>,
}

/// What became of an append.
pub(crate) enum Written {
    New(u64, Place),
    Repeated(u64),
    Wrong(Option<u64>),
}

#[derive(Default)]
pub(crate) struct Log {
    pub(crate) events: Vec<Arc<Event>>,
    pub(crate) streams: HashMap<String, Vec<usize>>,
    offset: u64,
}

/// One store, whichever node is asked.
pub(crate) struct Store {
    log: Mutex<Log>,
    length: watch::Sender<usize>,
}

impl Store {
    pub(crate) fn new() -> Self {
        let store = Self { log: Mutex::default(), length: watch::Sender::new(0) };
        store.log().of_system();
        store
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap()
    }

    /// Tells how long the log is, and when it grows.
    pub(crate) fn length(&self) -> watch::Receiver<usize> {
        self.length.subscribe()
    }

    /// Appends after the revision `after`, or to a stream that is not there.
    pub(crate) fn append(&self, stream: &str, after: Option<u64>, events: Vec<Proposed>) -> Written {
        let mut log = self.log();
        let written = log.append(stream, after, events);
        self.length.send_replace(log.events.len());
        written
    }
}

impl Log {
    fn append(&mut self, stream: &str, after: Option<u64>, events: Vec<Proposed>) -> Written {
        let there = self.streams.get(stream).map(Vec::as_slice).unwrap_or_default();
        let (first, next) = (after.map_or(0, |after| after + 1), there.len() as u64);
        if first != next {
            let places = (first..).take(events.len()).map(|revision| there.get(usize::try_from(revision).unwrap()));
            let repeated = places.zip(&events).all(|(place, new)| place.is_some_and(|place| self.events[*place].id == new.id));
            return if repeated { Written::Repeated(first + events.len() as u64 - 1) } else { Written::Wrong(next.checked_sub(1)) };
        }
        let commit = self.offset + events.iter().map(length).sum::<u64>() - events.last().map_or(0, length);
        let last = first + events.len() as u64 - 1;
        for (revision, new) in (first..).zip(events) {
            self.push(stream, revision, commit, new);
        }
        let place = self.events.last().unwrap().place;
        self.of_system();
        Written::New(last, place)
    }

    fn push(&mut self, stream: &str, revision: u64, commit: u64, new: Proposed) {
        let place = Place { commit, prepare: self.offset };
        self.offset += length(&new);
        let Proposed { id, kind, content_type, data, metadata } = new;
        self.streams.entry(stream.to_owned()).or_default().push(self.events.len());
        self.events.push(Arc::new(Event { stream: stream.to_owned(), revision, id, kind, content_type, data, metadata, place }));
    }

    /// What a server writes for itself.
    fn of_system(&mut self) {
        let stream = "$stats-127.0.0.1";
        let revision = self.streams.get(stream).map_or(0, |there| there.len() as u64);
        let id = Uuid::from_u64_pair(u64::MAX, revision);
        let new = Proposed { id, kind: "$statsCollected".into(), content_type: String::new(), data: Vec::new(), metadata: Vec::new() };
        self.push(stream, revision, self.offset, new);
    }
}

fn length(new: &Proposed) -> u64 {
    (97 + new.data.len() + new.metadata.len()) as u64
}
