use std::{
    collections::{BTreeSet, HashMap},
    ops::Bound,
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwap;
use async_trait::async_trait;
use domain::{
    envelope::{Code, Position},
    register::Register,
    value::Channel,
};
use rpds::{HashTrieMapSync, RedBlackTreeSetSync};

use super::port::{Batch, Change, Snapshot, ViewError, ViewStore};
use crate::{
    document::{Document, Key},
    term::{Index, Term},
};

/// Views in memory: persistent maps, so that a snapshot is a pointer and a commit copies only what it changes.
#[derive(Debug, Default)]
pub struct MemoryViews {
    current: ArcSwap<Generation>,
    /// Held while a batch is applied: one writer at a time, readers never wait for it.
    writing: Mutex<()>,
}

/// The views at one checkpoint.
#[derive(Debug, Clone, Default)]
struct Generation {
    position: Option<Position>,
    shelves: [[Shelf; 4]; 2],
}

/// The documents of one channel and register, with what they are found by.
#[derive(Debug, Clone)]
struct Shelf {
    documents: HashTrieMapSync<Code, Held>,
    postings: HashTrieMapSync<Term, RedBlackTreeSetSync<Code>>,
}

/// A document with the terms under which it stands.
#[derive(Debug, Clone)]
struct Held {
    document: Document,
    terms: Arc<BTreeSet<Term>>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { documents: HashTrieMapSync::new_sync(), postings: HashTrieMapSync::new_sync() }
    }
}

impl Shelf {
    fn put(&mut self, code: Code, document: Document, terms: Arc<BTreeSet<Term>>) {
        let before = self.documents.get(&code).map(|held| held.terms.clone()).unwrap_or_default();
        for gone in before.difference(&terms) {
            self.remove(gone, &code);
        }
        for new in terms.difference(&before) {
            if let Some(posting) = self.postings.get_mut(new) {
                posting.insert_mut(code.clone());
            } else {
                self.postings.insert_mut(new.clone(), RedBlackTreeSetSync::new_sync().insert(code.clone()));
            }
        }
        self.documents.insert_mut(code, Held { document, terms });
    }

    fn remove(&mut self, term: &Term, code: &Code) {
        if let Some(posting) = self.postings.get_mut(term) {
            posting.remove_mut(code);
            if posting.is_empty() {
                self.postings.remove_mut(term);
            }
        }
    }

    /// The smallest of the sets to be intersected, and the others. `None` if one of them is empty.
    fn sets(&self, terms: &[Term]) -> Option<(&RedBlackTreeSetSync<Code>, Vec<&RedBlackTreeSetSync<Code>>)> {
        let all = [Term::new(Index::All, "")];
        let terms: BTreeSet<_> = if terms.is_empty() { all.iter().collect() } else { terms.iter().collect() };
        let mut sets = terms.into_iter().map(|term| self.postings.get(term)).collect::<Option<Vec<_>>>()?;
        sets.sort_by_key(|set| set.size());
        let mut sets = sets.into_iter();
        Some((sets.next()?, sets.collect()))
    }
}

impl Generation {
    fn shelf(&self, channel: Channel, register: Register) -> &Shelf {
        &self.shelves[channel as usize][register as usize]
    }
}

#[async_trait]
impl ViewStore for MemoryViews {
    async fn commit(&self, batch: Batch) -> Result<(), ViewError> {
        // A poisoned lock means that a commit panicked before it published anything: the published generation is whole.
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.current.load_full();
        if current.position != batch.base || Some(batch.checkpoint) <= current.position {
            return Err(ViewError::Moved { base: batch.base, actual: current.position });
        }
        let mut next = Generation::clone(&current);
        // Most documents are held by both channels; their terms are the same.
        let mut known: HashMap<(Register, Code), (Document, Arc<BTreeSet<Term>>)> = HashMap::new();
        for Change { key, document } in batch.changes {
            let place = (key.register, key.code.clone());
            let terms = match known.get(&place) {
                Some((same, terms)) if same.is_same(&document) => terms.clone(),
                _ => Arc::new(document.terms()),
            };
            known.insert(place, (document.clone(), terms.clone()));
            next.shelves[key.channel as usize][key.register as usize].put(key.code, document, terms);
        }
        next.position = Some(batch.checkpoint);
        self.current.store(Arc::new(next));
        Ok(())
    }

    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        Ok(self.current.load_full())
    }
}

#[async_trait]
impl Snapshot for Generation {
    fn position(&self) -> Option<Position> {
        self.position
    }

    fn at_hand(&self, channel: Channel, register: Register, code: &Code) -> Option<Option<Document>> {
        Some(self.shelf(channel, register).documents.get(code).map(|held| held.document.clone()))
    }

    async fn get_many(&self, channel: Channel, register: Register, codes: &[Code]) -> Result<Vec<Option<Document>>, ViewError> {
        let documents = &self.shelf(channel, register).documents;
        Ok(codes.iter().map(|code| documents.get(code).map(|held| held.document.clone())).collect())
    }

    async fn find(
        &self,
        channel: Channel,
        register: Register,
        terms: &[Term],
        after: Option<&Code>,
        limit: usize,
    ) -> Result<Vec<Code>, ViewError> {
        let Some((smallest, others)) = self.shelf(channel, register).sets(terms) else { return Ok(Vec::new()) };
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let range = smallest.range::<Code, _>((start, Bound::Unbounded));
        Ok(range.filter(|code| others.iter().all(|set| set.contains(code))).take(limit).cloned().collect())
    }

    async fn count(&self, channel: Channel, register: Register, terms: &[Term]) -> Result<usize, ViewError> {
        Ok(match self.shelf(channel, register).sets(terms) {
            None => 0,
            Some((only, others)) if others.is_empty() => only.size(),
            Some((smallest, others)) => smallest.iter().filter(|code| others.iter().all(|set| set.contains(code))).count(),
        })
    }

    async fn keys(&self) -> Result<Vec<Key>, ViewError> {
        let mut keys = Vec::new();
        for channel in Channel::ALL {
            for register in Register::ALL {
                let codes = self.shelf(channel, register).documents.keys();
                keys.extend(codes.map(|code| Key { channel, register, code: code.clone() }));
            }
        }
        keys.sort_unstable();
        Ok(keys)
    }
}
