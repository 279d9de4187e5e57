//! What is on its way: drafts by the step at which they stand, and reviews that urgent corrections owe.
//!
//! An index in memory, of which a row follows from the events of one entry alone: it is made from the whole stream whenever an event
//! of the entry is met, so that one that followed and one that was built anew are the same. No channel answers from it. Beside it stand the
//! change sets: a draft that goes its way as a member of one is not listed singly; and the names of catalogue materials, beside which a draft
//! is laid that asks for one by its name.

mod named;
mod sets;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use domain::{
    acting::PersonId,
    changeset::ChangeSet,
    codec::Registered,
    entry::{Event, State, Step},
    envelope::{Code, EntryName, Position, StreamKind},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
    value::Hash,
};
use journal::{LoadError, Past, SharedJournal, load, load_of};
use tokio::sync::{Mutex, MutexGuard};

use named::Named;
pub use sets::SetRow;
use sets::Sets;

/// Events that are read at a time.
const PAGE: usize = 1_000;

/// Time before a journal that could not be read is asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// What is on its way of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Who answers for it; `None`: the city.
    pub agency: Option<Code>,
    /// Whether its draft moves it to another agency, which the city approves (Art. 5(1)).
    pub moves: bool,
    /// Where its draft stands, if there is one.
    pub step: Option<Step>,
    /// Hash of what the draft says.
    pub content_hash: Option<Hash>,
    /// Who wrote, changed or submitted the draft.
    pub drafters: BTreeSet<PersonId>,
    /// Who reviewed it.
    pub reviewer: Option<PersonId>,
    /// Who made the corrections of which the review is owed, oldest first.
    pub corrected_by: Vec<PersonId>,
    /// Place of the last event by which it came to stand there.
    pub since: Position,
}

/// A page of what is on its way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The entries with the places of their last events, those that have waited longest first.
    pub entries: Vec<(Position, EntryName)>,
    /// Whether more follow.
    pub more: bool,
    /// How many there are in all.
    pub total: usize,
}

/// The index. It reads the journal when it is asked, from where it came to last time, and beside that whenever it is told to.
pub struct Work {
    journal: SharedJournal,
    index: Mutex<Index>,
}

#[derive(Debug, Default)]
struct Index {
    reached: Option<Position>,
    rows: BTreeMap<Position, (EntryName, Open)>,
    places: HashMap<EntryName, Position>,
    sets: Sets,
    named: Named,
}

impl Work {
    /// An index that has read nothing yet.
    pub fn new(journal: SharedJournal) -> Self {
        Self { journal, index: Mutex::default() }
    }

    /// Reads to the end of the journal; says how far it came.
    pub async fn catch_up(&self) -> Result<Option<Position>, LoadError> {
        Ok(self.current().await?.reached)
    }

    /// Follows the journal until the future is dropped, so that whoever asks waits for little. What cannot be read is tried again.
    pub async fn follow(&self) {
        loop {
            let followed = match self.catch_up().await {
                Ok(reached) => self.journal.wait(reached).await.map_err(LoadError::from),
                Err(error) => Err(error),
            };
            if let Err(error) = followed {
                tracing::warn!(%error, "what is on its way cannot be read");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    /// A page of what is on its way singly and fits, after a place.
    pub async fn waiting(&self, fits: impl Fn(&Open) -> bool, after: Option<Position>, first: usize) -> Result<Waiting, LoadError> {
        let index = self.current().await?;
        let mut waiting = Waiting::default();
        for (place, (entry, _)) in index.rows.iter().filter(|(_, (entry, open))| !index.is_carried(entry, open) && fits(open)) {
            waiting.total += 1;
            if Some(*place) <= after {
                continue;
            }
            if waiting.entries.len() < first {
                waiting.entries.push((*place, entry.clone()));
            } else {
                waiting.more = true;
            }
        }
        Ok(waiting)
    }

    /// A page of the change sets that fit, the newest first, after a place; whether more follow; and how many there are.
    pub async fn sets(
        &self,
        fits: impl Fn(&SetRow) -> bool,
        after: Option<Position>,
        first: usize,
    ) -> Result<(Vec<Arc<SetRow>>, bool, usize), LoadError> {
        Ok(self.current().await?.sets.page(fits, after, first))
    }

    /// Change sets that came to their end, by an approval or a withdrawal, and may not have reached all of their members.
    pub async fn unfinished_sets(&self) -> Result<BTreeSet<Code>, LoadError> {
        let index = self.current().await?;
        Ok(index.sets.unfinished(|entry| {
            let (_, open) = index.rows.get(index.places.get(entry)?)?;
            Some((open.content_hash?, open.since))
        }))
    }

    /// The change set that came to its end and may not have reached an entry, its member.
    pub async fn ended_set_of(&self, entry: &EntryName) -> Result<Option<Code>, LoadError> {
        let index = self.current().await?;
        let says = index.places.get(entry).and_then(|place| index.rows.get(place));
        let says = says.and_then(|(_, open)| Some((open.content_hash?, open.since)));
        Ok(index.sets.ended(entry, says).cloned())
    }

    /// The change set, with the openness office or the approver, that carries the draft of an entry.
    pub async fn passing_set_of(&self, entry: &EntryName) -> Result<Option<Code>, LoadError> {
        let index = self.current().await?;
        let says = index.places.get(entry).and_then(|place| index.rows.get(place)).and_then(|(_, open)| open.content_hash);
        Ok(index.sets.passing(entry, says).cloned())
    }

    /// How many drafts a person has on their way. A change set is one, however many members it has; one that was approved or withdrawn is none, also
    /// before that has reached all of them.
    pub async fn drafts_of(&self, person: &PersonId) -> Result<usize, LoadError> {
        let index = self.current().await?;
        let singly = index.rows.values().filter(|(entry, open)| person.is_any(&open.drafters) && !index.is_member(entry, open));
        Ok(singly.count() + index.sets.of_person(person))
    }

    /// The materials that were ever published under one of some names. None is looked for where no name is given.
    pub async fn materials_named(&self, names: &[&str]) -> Result<BTreeSet<Code>, LoadError> {
        if names.is_empty() { Ok(BTreeSet::new()) } else { Ok(self.current().await?.named.of(names)) }
    }

    /// Everything, in order: to compare.
    pub async fn rows(&self) -> Result<Vec<(EntryName, Open)>, LoadError> {
        Ok(self.current().await?.rows.values().cloned().collect())
    }

    /// The index as of the end of the journal.
    async fn current(&self) -> Result<MutexGuard<'_, Index>, LoadError> {
        let mut index = self.index.lock().await;
        loop {
            let page = self.journal.read_all(index.reached, PAGE).await?;
            let touched: BTreeSet<_> = page.events.iter().filter(|r| moves_work(&r.kind)).filter_map(|r| r.stream.entry()).collect();
            let sets = page.events.iter().filter(|r| r.stream.kind == StreamKind::ChangeSet).map(|r| r.stream.code.clone());
            for recorded in &page.events {
                index.named.note(recorded)?;
            }
            for code in sets.collect::<BTreeSet<_>>() {
                let set = load_of::<ChangeSet>(self.journal.as_ref(), &code).await?;
                if let (Some(first), Some(last)) = (set.history.first(), set.history.last()) {
                    index.sets.put(&code, (first.recorded.position, last.recorded.position), set.state);
                }
            }
            for repealed in page.events.iter().filter(|r| r.kind.ends_with(".repealed")).filter_map(|r| r.stream.entry()) {
                index.sets.note_repealed(&repealed);
            }
            for entry in touched {
                let open = match entry.register {
                    Register::Agency => self.open::<Agency>(&entry.code).await?,
                    Register::Item => self.open::<Item>(&entry.code).await?,
                    Register::Guide => self.open::<Guide>(&entry.code).await?,
                    Register::Material => self.open::<Material>(&entry.code).await?,
                    Register::Openness => self.open::<CatalogueEntry>(&entry.code).await?,
                };
                index.put(entry, open);
            }
            if let Some(last) = page.events.last() {
                index.reached = Some(last.position);
            }
            if page.end || page.events.is_empty() {
                return Ok(index);
            }
        }
    }

    async fn open<C: Registered>(&self, code: &Code) -> Result<Option<Open>, LoadError> {
        let loaded = load::<C>(self.journal.as_ref(), code).await?;
        Ok(Open::of(&loaded.state, &loaded.history))
    }
}

impl Index {
    /// Whether what is on its way of an entry waits for nobody singly: its draft goes its way within a change set, or was decided with one that has
    /// not reached it yet. A review that is owed waits in any case.
    fn is_carried(&self, entry: &EntryName, open: &Open) -> bool {
        open.corrected_by.is_empty() && self.is_member(entry, open)
    }

    /// Whether the draft of an entry is that of a member of a change set, of one that is on its way or of one that was decided.
    fn is_member(&self, entry: &EntryName, open: &Open) -> bool {
        let says = open.content_hash.map(|hash| (hash, open.since));
        self.sets.carries(entry, open.content_hash) || self.sets.decided(entry, says).is_some()
    }

    fn put(&mut self, entry: EntryName, open: Option<Open>) {
        self.sets.note_draft(&entry, open.as_ref().and_then(|open| open.content_hash));
        if let Some(place) = self.places.remove(&entry) {
            self.rows.remove(&place);
        }
        if let Some(open) = open {
            self.places.insert(entry.clone(), open.since);
            self.rows.insert(open.since, (entry, open));
        }
    }
}

/// Whether an event of this kind may put something on its way, further, or to its end. Most events of a register are lines of lists,
/// of which nothing has to be read.
fn moves_work(kind: &str) -> bool {
    !matches!(kind.split_once('.'), Some((_, "adopted" | "suspended" | "resumed")))
}

impl Open {
    /// What is on its way of an entry; `None`: nothing.
    fn of<C: Registered>(state: &State<C>, history: &[Past<C>]) -> Option<Self> {
        let agency = state.agency()?.cloned();
        let pending = state.pending.as_ref();
        let corrected_by: Vec<_> = state.debts().map(|debt| debt.said.by.person.clone()).collect();
        if pending.is_none() && corrected_by.is_empty() {
            return None;
        }
        // A reform hands a draft over with its entry; it has waited from before.
        let moved =
            |past: &&Past<C>| !matches!(past.event, Event::Adopted(_) | Event::Suspended(_) | Event::Resumed(_) | Event::Transferred(_));
        let since = history.iter().rev().find(moved)?.recorded.position;
        Some(Self {
            moves: state.latest.is_some() && pending.is_some_and(|pending| pending.content.agency() != agency.as_ref()),
            agency,
            step: state.step(),
            content_hash: pending.map(|pending| pending.content_hash),
            drafters: pending.map(|pending| pending.drafters.clone()).unwrap_or_default(),
            reviewer: pending.and_then(|pending| pending.reviewer.clone()),
            corrected_by,
            since,
        })
    }
}
