//! Documents that this process has read, each with the places of the log between which it is known to have been so.
//!
//! What an entry says at a position follows from the journal up to there, whatever batches led to it. So a document that was read
//! as of one position may answer at a later one if no event in between changed it, and that is what is kept here beside the
//! documents: the entries that changed, complete from one position to another. Where it is not complete, nothing is at hand.
//!
//! What was asked for once is not kept, only what is asked for again: most of what somebody reads who reads everything once would never be
//! looked at again, and whatever is kept takes fresh memory, which costs more than to read it.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::{
    envelope::{Code, Position},
    register::Register,
    value::Channel,
};
use moka::sync::Cache;

use crate::{document::Document, store::Entry};

/// Most entries whose last change is kept; beyond, knowledge begins anew.
const MOST_CHANGES: usize = 100_000;

/// What an entry takes beside its document, about.
const OVERHEAD: u32 = 256;

type Key = (Arc<str>, Channel, Register, Code);

/// A document of a channel, or that there is none, and where that is known to hold.
#[derive(Debug, Clone)]
struct Held {
    document: Option<Document>,
    bytes: u32,
    from: Option<Position>,
    through: Option<Position>,
}

/// Entries that are remembered to have been asked for, at most; each takes eight bytes.
const ASKED: usize = 1 << 15;

pub(super) struct Documents {
    held: Cache<Key, Held>,
    asked: Asked,
    changes: RwLock<Changes>,
}

/// The entries of a generation that changed after one position and not after another: all of them.
#[derive(Debug, Default)]
struct Changes {
    generation: Arc<str>,
    after: Option<Position>,
    until: Option<Position>,
    /// By entry a place at or after its last change.
    last: HashMap<(Register, Code), Option<Position>>,
}

impl Documents {
    /// Room for documents of so many bytes, as they are kept in the store.
    pub(super) fn new(bytes: u64) -> Self {
        let weigh = |_: &Key, held: &Held| held.bytes.saturating_add(OVERHEAD);
        let held = Cache::builder().weigher(weigh).max_capacity(bytes).build();
        Self { held, asked: Asked::new(), changes: RwLock::default() }
    }

    /// Nothing is known of what happened before this position.
    pub(super) fn begin(&self, generation: Arc<str>, position: Option<Position>) {
        let mut changes = self.changes.write().unwrap_or_else(PoisonError::into_inner);
        *changes = Changes { generation, after: position, until: position, last: HashMap::new() };
    }

    /// These entries changed since the position that was known last, and no others.
    pub(super) fn go_on(&self, to: Option<Position>, entries: impl IntoIterator<Item = (Register, Code)>) {
        let mut changes = self.changes.write().unwrap_or_else(PoisonError::into_inner);
        changes.until = to;
        changes.last.extend(entries.into_iter().map(|entry| (entry, to)));
        if changes.last.len() > MOST_CHANGES {
            changes.last.clear();
            changes.after = to;
        }
    }

    /// What a channel holds of an entry at a position, if that is known; nothing may be what it holds.
    #[expect(clippy::option_option, reason = "not known, nothing, a document")]
    pub(super) fn get(
        &self,
        generation: &Arc<str>,
        at: Option<Position>,
        channel: Channel,
        register: Register,
        code: &Code,
    ) -> Option<Option<Document>> {
        let held = self.held.get(&(generation.clone(), channel, register, code.clone()))?;
        let holds = held.from <= at && (at <= held.through || self.unchanged(generation, &held, at, register, code));
        holds.then_some(held.document)
    }

    fn unchanged(&self, generation: &Arc<str>, held: &Held, at: Option<Position>, register: Register, code: &Code) -> bool {
        let changes = self.changes.read().unwrap_or_else(PoisonError::into_inner);
        let complete = changes.generation == *generation && changes.after <= held.through && at <= changes.until;
        complete && changes.last.get(&(register, code.clone())).is_none_or(|last| *last <= held.through)
    }

    /// Whether an entry was asked for before, as far as is remembered; from now on it was.
    pub(super) fn is_asked_again(&self, register: Register, code: &Code) -> bool {
        self.asked.again(register, code)
    }

    /// Keeps what was read of a channel as of one position, and was still so at another.
    pub(super) fn put(
        &self,
        generation: &Arc<str>,
        (from, through): (Option<Position>, Option<Position>),
        channel: Channel,
        (register, code): Entry,
        document: Option<Document>,
        bytes: usize,
    ) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.held.insert((generation.clone(), channel, register, code), Held { document, bytes, from, through });
    }
}

/// The entries that were asked for lately: each is a number in the place that the number has. One that comes into the place of another takes it.
struct Asked {
    places: Box<[AtomicU64]>,
    numbers: RandomState,
}

impl Asked {
    fn new() -> Self {
        Self { places: (0..ASKED).map(|_| AtomicU64::new(0)).collect(), numbers: RandomState::new() }
    }

    fn again(&self, register: Register, code: &Code) -> bool {
        let number = self.numbers.hash_one((register, code));
        // Any of them is good: whoever is taken for another is kept a little early.
        let place = usize::try_from(number % ASKED as u64).unwrap_or(0);
        self.places[place].swap(number, Ordering::Relaxed) == number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(number: u64) -> Position {
        Position::single(number)
    }

    fn code(text: &str) -> Code {
        text.parse().unwrap()
    }

    fn known(documents: &Documents, generation: &str, number: u64, text: &str) -> bool {
        documents.get(&generation.into(), Some(at(number)), Channel::Online, Register::Item, &code(text)).is_some()
    }

    fn read(documents: &Documents, generation: &str, span: (u64, u64), text: &str) {
        let span = (Some(at(span.0)), Some(at(span.1)));
        documents.put(&generation.into(), span, Channel::Online, (Register::Item, code(text)), None, 10);
    }

    #[test]
    fn a_document_is_at_hand_as_far_as_it_is_known_not_to_have_changed() {
        let documents = Documents::new(1 << 20);
        documents.begin("g".into(), Some(at(5)));
        read(&documents, "g", (5, 6), "A");
        read(&documents, "g", (5, 5), "B");
        assert!(known(&documents, "g", 5, "A") && known(&documents, "g", 6, "A"));
        assert!(!known(&documents, "g", 4, "A"), "what was before it was read is not known");
        assert!(!known(&documents, "g", 7, "A"), "nor what was after");
        documents.go_on(Some(at(8)), [(Register::Item, code("B"))]);
        assert!(known(&documents, "g", 8, "A") && !known(&documents, "g", 8, "B"));
        assert!(known(&documents, "g", 5, "B"), "a request that began before is answered as before");
        assert!(!known(&documents, "g", 9, "A"), "the next batch was not heard of yet");
        documents.go_on(Some(at(9)), [(Register::Item, code("A")), (Register::Guide, code("B"))]);
        assert!(known(&documents, "g", 6, "A") && !known(&documents, "g", 8, "A") && !known(&documents, "g", 9, "A"));
        read(&documents, "g", (9, 9), "B");
        documents.go_on(Some(at(10)), []);
        assert!(known(&documents, "g", 10, "B") && !known(&documents, "h", 10, "B"));
    }

    #[test]
    fn what_is_asked_for_once_is_not_asked_for_again() {
        let documents = Documents::new(1 << 20);
        let ask = |text: &str| documents.is_asked_again(Register::Item, &code(text));
        assert!(!ask("A") && ask("A") && ask("A"));
        assert!(!documents.is_asked_again(Register::Guide, &code("A")), "another register, another entry");
        // Whoever reads more than is remembered begins anew.
        let more = (0..20 * ASKED).filter(|number| ask(&format!("M{number}"))).count();
        assert!(more < 20 && !ask("A"), "{more} of them were taken for others");
    }

    #[test]
    fn what_was_read_before_a_gap_is_not_known_after_it() {
        let documents = Documents::new(1 << 20);
        documents.begin("g".into(), Some(at(5)));
        read(&documents, "g", (5, 5), "A");
        documents.begin("g".into(), Some(at(9)));
        assert!(known(&documents, "g", 5, "A") && !known(&documents, "g", 9, "A"));
        documents.begin("h".into(), Some(at(5)));
        assert!(!known(&documents, "h", 5, "A"));
        // A document that was read at a later commit than the snapshot that is known last.
        read(&documents, "h", (5, 7), "A");
        documents.go_on(Some(at(6)), [(Register::Item, code("A"))]);
        assert!(known(&documents, "h", 6, "A"), "the change was before it was read");
    }
}
