//! How long an answer lasts: until the next instant at which anything that it was made of is shown otherwise.
//!
//! What is in force is computed from the clock of the request, so an answer that somebody keeps becomes wrong without any event: at midnight,
//! when an announced revision begins. Whatever a request looks at is noted here on the way, so that what keeps its answer can be told when to
//! ask again. What becomes known meanwhile is another matter: no answer tells that beforehand.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    envelope::{Code, Position},
    register::Register,
    value::Channel,
};

use crate::{
    document::{Document, Key},
    store::{Entry, Snapshot, ViewError},
    term::Term,
};

/// No such instant is known.
const NEVER: i64 = i64::MAX;

/// A snapshot that notes what is looked at.
pub struct Lasting {
    below: Arc<dyn Snapshot>,
    now: DateTime<Utc>,
    /// Microseconds since 1970.
    until: AtomicI64,
}

impl Lasting {
    /// Over a snapshot, for a request that is answered as of a moment.
    pub fn over(below: Arc<dyn Snapshot>, now: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self { below, now, until: AtomicI64::new(NEVER) })
    }

    /// The first instant at which an answer made of what was looked at may be another; `None`: only an event makes it so.
    pub fn until(&self) -> Option<DateTime<Utc>> {
        Some(self.until.load(Ordering::Relaxed)).filter(|until| *until != NEVER).and_then(DateTime::from_timestamp_micros)
    }

    fn note(&self, document: &Document) {
        if let Some(next) = document.next_change(self.now) {
            self.until.fetch_min(next.timestamp_micros(), Ordering::Relaxed);
        }
    }
}

#[async_trait]
impl Snapshot for Lasting {
    fn position(&self) -> Option<Position> {
        self.below.position()
    }

    fn events(&self) -> u64 {
        self.below.events()
    }

    fn is_outlived(&self) -> bool {
        self.below.is_outlived()
    }

    fn tells_guides(&self) -> bool {
        self.below.tells_guides()
    }

    fn at_hand(&self, channel: Channel, register: Register, code: &Code) -> Option<Option<Document>> {
        let at_hand = self.below.at_hand(channel, register, code);
        at_hand.iter().flatten().for_each(|document| self.note(document));
        at_hand
    }

    async fn get_many(&self, channel: Channel, register: Register, codes: &[Code]) -> Result<Vec<Option<Document>>, ViewError> {
        let documents = self.below.get_many(channel, register, codes).await?;
        documents.iter().flatten().for_each(|document| self.note(document));
        Ok(documents)
    }

    async fn get_entries(&self, channel: Channel, entries: &[(Register, Code)]) -> Result<Vec<Option<Document>>, ViewError> {
        let documents = self.below.get_entries(channel, entries).await?;
        documents.iter().flatten().for_each(|document| self.note(document));
        Ok(documents)
    }

    async fn get_with_next(&self, channel: Channel, entries: &[Entry]) -> Result<Vec<(Entry, Option<Document>)>, ViewError> {
        let documents = self.below.get_with_next(channel, entries).await?;
        documents.iter().filter_map(|(_, document)| document.as_ref()).for_each(|document| self.note(document));
        Ok(documents)
    }

    // Terms are those of all revisions of an entry, so what will have them is among what has them; who lists or counts looks at each of
    // these of which the clock decides (see `query`), and so it is noted.
    async fn find(
        &self,
        channel: Channel,
        register: Register,
        terms: &[Term],
        after: Option<&Code>,
        limit: usize,
    ) -> Result<Vec<Code>, ViewError> {
        self.below.find(channel, register, terms, after, limit).await
    }

    async fn count(&self, channel: Channel, register: Register, terms: &[Term]) -> Result<usize, ViewError> {
        self.below.count(channel, register, terms).await
    }

    async fn keys(&self) -> Result<Vec<Key>, ViewError> {
        self.below.keys().await
    }
}
