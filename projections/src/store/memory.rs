use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arc_swap::ArcSwap;
use async_trait::async_trait;
use domain::{
    envelope::{Code, Position},
    register::Register,
    value::Channel,
};
use foldhash::{HashMap, HashMapExt, fast::RandomState};
use journal::Journal;
use rayon::prelude::*;
use rpds::HashTrieMapSync;

use super::{
    notes::{Notes, NotingError},
    port::{Batch, Change, Snapshot, ViewError, ViewStore},
    posting::{Channels, Posting},
};
use crate::{
    begun::Noted,
    document::{Both, Document, Key},
    term::{Index, Term},
};

/// Views in memory: persistent maps, so that a snapshot is a pointer and a commit copies only what it changes.
#[derive(Debug, Default)]
pub struct MemoryViews {
    current: ArcSwap<Generation>,
    /// Held while a batch is applied: one writer at a time, readers never wait for it. In it is what commits have begun.
    writing: Mutex<Notes>,
}

/// Changes from which on a commit takes all cores: a replay waits for its commits, and for the last of them the other cores have nothing else to do.
const MANY: usize = 256;

/// The views at one checkpoint.
#[derive(Debug, Clone, Default)]
struct Generation {
    position: Option<Position>,
    events: u64,
    shelves: [Shelf; Register::ALL.len()],
}

/// The documents of one register, with what they are found by.
#[derive(Debug, Clone)]
struct Shelf {
    documents: HashTrieMapSync<Code, Both, RandomState>,
    postings: Postings,
}

type Postings = HashTrieMapSync<Term, Posting, RandomState>;

impl Default for Shelf {
    fn default() -> Self {
        Self {
            documents: HashTrieMapSync::new_with_hasher_and_ptr_kind(RandomState::default()),
            postings: HashTrieMapSync::new_with_hasher_and_ptr_kind(RandomState::default()),
        }
    }
}

/// What a batch changes in the postings of a shelf: by term the codes, in order, and the channels on which they now have it.
type Entered = HashMap<Term, Vec<(Code, Channels)>>;

impl Shelf {
    /// Puts the documents of entries, and enters them under their terms.
    fn fill(&mut self, mut changes: Vec<Change>) {
        let many = changes.len() >= MANY;
        changes.sort_unstable_by(|a, b| a.entry.code.cmp(&b.entry.code));
        let differences = |change: &Change| differences(self.documents.get(&change.entry.code), &change.both);
        let differences: Vec<_> =
            if many { changes.par_iter().map(differences).collect() } else { changes.iter().map(differences).collect() };
        let (codes, documents): (Vec<_>, Vec<_>) = changes.into_iter().map(|Change { entry, both }| (entry.code, both)).unzip();
        let Self { documents: put, postings } = self;
        let put = || {
            for (code, both) in codes.iter().zip(documents) {
                put.insert_mut(code.clone(), both);
            }
        };
        let enter = || {
            let mut entered = Entered::new();
            for (code, differences) in codes.iter().zip(differences) {
                for (term, channels) in differences {
                    entered.entry(term).or_default().push((code.clone(), channels));
                }
            }
            enter(entered, postings, many);
        };
        if many {
            rayon::join(put, enter);
        } else {
            put();
            enter();
        }
    }

    fn document(&self, channel: Channel, code: &Code) -> Option<&Document> {
        self.documents.get(code)?.on(channel)
    }

    /// The smallest of the sets to be intersected, and the others. `None` if one of them is empty.
    fn sets(&self, channel: Channel, terms: &[Term]) -> Option<(&Posting, Vec<&Posting>)> {
        let all = [Term::fixed(Index::All, "")];
        let terms: BTreeSet<_> = if terms.is_empty() { all.iter().collect() } else { terms.iter().collect() };
        let mut sets = terms.into_iter().map(|term| self.postings.get(term)).collect::<Option<Vec<_>>>()?;
        sets.sort_by_key(|set| set.count(channel));
        let mut sets = sets.into_iter();
        Some((sets.next()?, sets.collect()))
    }
}

/// In which terms what the channels hold of an entry differs from what they held, with the channels that now have them.
fn differences(before: Option<&Both>, now: &Both) -> Vec<(Term, Channels)> {
    let (before, mut differences) = (before.map(terms).unwrap_or_default(), terms(now));
    if before.is_empty() {
        return differences;
    }
    let gone = |(term, _): &(Term, Channels)| differences.binary_search_by(|(kept, _)| kept.cmp(term)).is_err();
    let gone: Vec<_> = before.iter().filter(|of| gone(of)).map(|(term, _)| (term.clone(), Channels::default())).collect();
    differences.retain(|(term, channels)| {
        let known = before.binary_search_by(|(known, _)| known.cmp(term));
        !known.is_ok_and(|at| before[at].1 == *channels)
    });
    differences.extend(gone);
    differences
}

/// Enters codes under their terms.
fn enter(entered: Entered, postings: &mut Postings, many: bool) {
    let set = |(term, changes): (Term, Vec<(Code, Channels)>)| {
        let mut posting = postings.get(&term).cloned().unwrap_or_default();
        posting.set(changes);
        (term, posting)
    };
    let set: Vec<_> = if many { entered.into_par_iter().map(set).collect() } else { entered.into_iter().map(set).collect() };
    for (term, posting) in set {
        if posting.is_empty() {
            postings.remove_mut(&term);
        } else {
            postings.insert_mut(term, posting);
        }
    }
}

/// The terms of what the channels hold, in order, with the channels that have them.
fn terms(both: &Both) -> Vec<(Term, Channels)> {
    let documents = match both {
        Both::Same(document) => return document.terms().into_iter().map(|term| (term, Channels::BOTH)).collect(),
        Both::Each(documents) => documents,
    };
    let mut terms: Vec<(Term, Channels)> = Vec::new();
    for (channel, document) in Channel::ALL.into_iter().zip(documents) {
        let of_channel = document.iter().flat_map(Document::terms);
        terms.extend(of_channel.map(|term| (term, Channels::only(channel))));
    }
    terms.sort_by(|(a, _), (b, _)| a.cmp(b));
    terms.dedup_by(|(later, channels), (term, all)| {
        let same = later == term;
        if same {
            *all = all.with(*channels);
        }
        same
    });
    terms
}

impl MemoryViews {
    /// Views that note in a file what they begin to show, until a receipt says so. What an earlier process left there waits in these, as far as it is true
    /// of the journal.
    pub async fn noting(file: &Path, journal: &dyn Journal) -> Result<Self, NotingError> {
        let notes = Notes::open(file)?.held_against(journal).await?;
        Ok(Self { current: ArcSwap::default(), writing: Mutex::new(notes) })
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        // A poisoned lock means that a commit panicked before it published anything: the published generation is whole.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generation {
    fn shelf(&self, register: Register) -> &Shelf {
        &self.shelves[register as usize]
    }
}

#[async_trait]
impl ViewStore for MemoryViews {
    async fn commit(&self, batch: Batch) -> Result<(), ViewError> {
        let mut notes = self.notes();
        let current = self.current.load_full();
        if current.position != batch.base || Some(batch.checkpoint) <= current.position {
            return Err(ViewError::Moved { base: batch.base, actual: current.position });
        }
        let mut next = Generation::clone(&current);
        let mut by_register: [Vec<Change>; Register::ALL.len()] = Default::default();
        let many = batch.changes.len() >= MANY;
        for change in batch.changes {
            by_register[change.entry.register as usize].push(change);
        }
        let filled = next.shelves.iter_mut().zip(by_register).filter(|(_, changes)| !changes.is_empty());
        if many {
            rayon::scope(|scope| filled.for_each(|(shelf, changes)| scope.spawn(|_| shelf.fill(changes))));
        } else {
            filled.for_each(|(shelf, changes)| shelf.fill(changes));
        }
        next.position = Some(batch.checkpoint);
        next.events += batch.events;
        self.current.store(Arc::new(next));
        if !batch.begun.is_empty() {
            notes.push(batch.checkpoint, batch.begun);
        }
        Ok(())
    }

    async fn begun(&self) -> Result<Option<Noted>, ViewError> {
        Ok(self.notes().next())
    }

    async fn forget(&self, up_to: Position) -> Result<(), ViewError> {
        self.notes().forget(up_to);
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

    fn events(&self) -> u64 {
        self.events
    }

    fn at_hand(&self, channel: Channel, register: Register, code: &Code) -> Option<Option<Document>> {
        Some(self.shelf(register).document(channel, code).cloned())
    }

    async fn get_many(&self, channel: Channel, register: Register, codes: &[Code]) -> Result<Vec<Option<Document>>, ViewError> {
        let all = self.shelf(register);
        Ok(codes.iter().map(|code| all.document(channel, code).cloned()).collect())
    }

    async fn find(
        &self,
        channel: Channel,
        register: Register,
        terms: &[Term],
        after: Option<&Code>,
        limit: usize,
    ) -> Result<Vec<Code>, ViewError> {
        let Some((smallest, others)) = self.shelf(register).sets(channel, terms) else { return Ok(Vec::new()) };
        let in_all = |code: &&Code| others.iter().all(|set| set.contains(code, channel));
        Ok(smallest.after(after, channel).filter(in_all).take(limit).cloned().collect())
    }

    async fn count(&self, channel: Channel, register: Register, terms: &[Term]) -> Result<usize, ViewError> {
        Ok(match self.shelf(register).sets(channel, terms) {
            None => 0,
            Some((only, others)) if others.is_empty() => only.count(channel),
            Some((smallest, others)) => {
                smallest.after(None, channel).filter(|code| others.iter().all(|set| set.contains(code, channel))).count()
            }
        })
    }

    async fn keys(&self) -> Result<Vec<Key>, ViewError> {
        let mut keys = Vec::new();
        for channel in Channel::ALL {
            for register in Register::ALL {
                let held = self.shelf(register).documents.iter().filter(|(_, both)| both.on(channel).is_some());
                keys.extend(held.map(|(code, _)| Key { channel, register, code: code.clone() }));
            }
        }
        keys.sort_unstable();
        Ok(keys)
    }
}
