use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    changeset::{self, ChangeSet, Origin},
    codec::{RegisterEvent, Streamed, decode_metadata},
    entry::{Event, Source, is_older_edition},
    envelope::{Code, EntryName, StreamKind},
    register::{Abolition, Content, Register},
    value::Hash,
};
use exchange::Place;
use journal::{Recorded, SharedJournal};
use projections::{Happened, Unreadable};

use super::{ImportError, RepealProposal, Told, claims, materials::Materials, run::place_of};

/// Events read at a time.
const PAGE: usize = 1_000;

/// Agencies that are followed from one to the next.
const MAX_SUCCESSORS: usize = 32;

/// The entries that the register keeps, from before an import and from it, with the lists that they came from.
#[derive(Debug, Default)]
pub struct Known {
    entries: BTreeMap<EntryName, Kept>,
    /// The newest edition of each list, before this run and in it.
    editions: BTreeMap<String, String>,
    /// The agencies that took on from those that ceased, and since when.
    successors: BTreeMap<Code, (DateTime<Utc>, Code)>,
    /// Where drafts on their way were read.
    drafted: BTreeMap<EntryName, Arc<Source>>,
    /// What the materials say, and which of them are abolished under what names (Art. 5(2)).
    materials: Materials,
}

/// The lists of change sets. An edition that was approved as a set is kept as if it had been adopted.
#[derive(Default)]
struct Sets(BTreeMap<Code, Origin>);

impl Sets {
    fn note(&mut self, recorded: &Recorded, known: &mut Known) -> Result<(), ImportError> {
        if recorded.stream.kind != StreamKind::ChangeSet {
            return Ok(());
        }
        let code = &recorded.stream.code;
        let read =
            decode_metadata(&recorded.metadata).and_then(|metadata| ChangeSet::read(&recorded.kind, metadata.schema, &recorded.payload));
        let event = read.map_err(|source| {
            Box::new(Unreadable { stream: recorded.stream.to_string(), version: recorded.version, position: recorded.position, source })
        })?;
        match event {
            Some(changeset::Event::Proposed(proposed)) => drop(self.0.insert(code.clone(), proposed.origin)),
            Some(changeset::Event::Approved(_)) => {
                if let Some(Origin { list_key: Some(key), edition, .. }) = self.0.get(code) {
                    known.note_edition(key, edition.as_deref());
                }
            }
            _ => {}
        }
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Kept {
    name: String,
    /// Where its latest revision was read.
    source: Arc<Source>,
    agency: Option<Code>,
    /// Of its latest revision; unknown for what came in with this run.
    content: Option<Hash>,
    repealed: bool,
    /// A reform handed it over to another agency (Art. 5(1)): its old list may leave it out.
    handed_over: bool,
}

/// The agency that a content is of.
fn agency_of<C: Content>(content: &C) -> Option<Code> {
    content.refers_to().into_iter().find(|(register, _)| *register == Register::Agency).map(|(_, code)| code.clone())
}

impl Known {
    /// Reads a register.
    pub async fn read(journal: &SharedJournal) -> Result<Self, ImportError> {
        let mut known = Self::default();
        let (mut after, mut sets) = (None, Sets::default());
        loop {
            let page = journal.read_all(after, PAGE).await?;
            for recorded in &page.events {
                after = Some(recorded.position);
                sets.note(recorded, &mut known)?;
                let Some(happened) = Happened::read(recorded)? else { continue };
                let entry = happened.entry();
                match happened.event {
                    RegisterEvent::Agency(event) => known.note(entry, &event),
                    RegisterEvent::Item(event) => known.note(entry, &event),
                    RegisterEvent::Guide(event) => known.note(entry, &event),
                    RegisterEvent::Material(event) => {
                        known.materials.note(&entry.code, &event);
                        known.note(entry, &event);
                    }
                    RegisterEvent::CatalogueEntry(event) => known.note(entry, &event),
                }
            }
            if page.end || page.events.is_empty() {
                known.materials.find_names();
                return Ok(known);
            }
        }
    }

    fn note<C: Content>(&mut self, entry: EntryName, event: &Event<C>) {
        match event {
            Event::Adopted(adopted) => {
                if let Some(key) = &adopted.source.list_key {
                    self.note_edition(key, adopted.source.edition.as_deref());
                }
                let kept = Kept {
                    name: adopted.content.name().to_owned(),
                    agency: agency_of(adopted.content.as_ref()),
                    source: Arc::clone(&adopted.source),
                    content: Some(adopted.content_hash),
                    repealed: false,
                    handed_over: self.entries.get(&entry).is_some_and(|kept| kept.handed_over),
                };
                self.entries.insert(entry, kept);
            }
            Event::Repealed(repealed) => {
                if let (Register::Agency, Some(successor)) = (C::REGISTER, &repealed.replaced_by) {
                    self.successors.insert(entry.code.clone(), (repealed.effective_from, successor.clone()));
                }
                if let Some(kept) = self.entries.get_mut(&entry) {
                    kept.repealed = true;
                }
            }
            Event::Drafted(drafted) => {
                self.drafted.remove(&entry);
                if let Some(source) = &drafted.source {
                    self.drafted.insert(entry, source.clone());
                }
            }
            // Of what was approved here the list that it once came from is still known; a draft that came from one makes it a line of that.
            Event::Approved(_) | Event::Corrected(_) => {
                let Some(publication) = event.publication() else { return };
                let source = if matches!(event, Event::Approved(_)) { self.drafted.remove(&entry) } else { None };
                let kept = self.entries.entry(entry).or_default();
                if let Some(source) = source {
                    kept.source = source;
                }
                publication.content.name().clone_into(&mut kept.name);
                kept.agency = agency_of(publication.content.as_ref());
                kept.content = Some(publication.content_hash);
            }
            // Whose line it is on its list is as before, and the next edition of that list rightly leaves it out.
            Event::Transferred(_) => {
                if let Some(kept) = self.entries.get_mut(&entry) {
                    kept.handed_over = true;
                }
            }
            Event::Redrafted(_)
            | Event::Submitted(_)
            | Event::Reviewed(_)
            | Event::Returned(_)
            | Event::Withdrawn(_)
            | Event::Suspended(_)
            | Event::Resumed(_) => {}
        }
    }

    /// The proof that is abolished at a moment, or is announced to be, under a name, be it one of its other names.
    pub(super) fn abolished(&self, name: &str, now: DateTime<Utc>) -> Option<(&Code, Abolition<'_>)> {
        self.materials.abolished(name, now)
    }

    /// The agency that a line of a list is of by now, where the one that it names was merged into another (Art. 5(1)).
    pub(super) fn successor(&self, agency: &Code, now: DateTime<Utc>) -> Option<&Code> {
        let next = |at: &Code| self.successors.get(at).filter(|(from, _)| *from <= now).map(|(_, successor)| successor);
        std::iter::successors(next(agency), |at| next(at)).take(MAX_SUCCESSORS).last()
    }

    /// Whether there is such an entry.
    pub(super) fn holds(&self, register: Register, code: &Code) -> bool {
        self.entries.contains_key(&EntryName::new(register, code.clone()))
    }

    /// Notes what a run adopted or revised.
    pub(super) fn note_kept(&mut self, register: Register, code: &Code, told: &Told) {
        let Told { name, agency, source } = told;
        let entry = EntryName::new(register, code.clone());
        let handed_over = self.entries.get(&entry).is_some_and(|kept| kept.handed_over);
        let kept =
            Kept { name: name.clone(), agency: agency.clone(), source: Arc::clone(source), content: None, repealed: false, handed_over };
        self.entries.insert(entry, kept);
    }

    /// Where the line stands by which another list has a local code, if one has it.
    pub(super) fn taken(&self, at: &(Register, Code), list_key: &str, agency: Option<&Code>, content: Option<Hash>) -> Option<Place> {
        let kept = self.entries.get(&EntryName::new(at.0, at.1.clone()))?;
        // What came from no list is its agency's.
        let ours = match kept.source.list_key.as_deref() {
            Some(key) => claims::same_owner((key, list_key), (kept.agency.as_ref(), agency)),
            None => kept.agency.as_ref() == agency,
        };
        let same = kept.content.is_some() && kept.content == content;
        (!ours && !same).then(|| place_of(&kept.source))
    }

    /// Notes that an edition of a list is kept.
    pub(super) fn note_edition(&mut self, list_key: &str, edition: Option<&str>) {
        let Some(edition) = edition else { return };
        let newest = self.editions.entry(list_key.to_owned()).or_default();
        if is_older_edition(newest, edition) {
            edition.clone_into(newest);
        }
    }

    /// Whether the register keeps a newer edition of a list than this one.
    pub(super) fn is_superseded(&self, list_key: &str, edition: Option<&str>) -> bool {
        edition.is_some_and(|edition| self.editions.get(list_key).is_some_and(|newest| is_older_edition(edition, newest)))
    }

    /// The items, guides and lines of a catalogue that were last changed by an older edition and that this one does not hold. An edition
    /// counts as newer than none; where neither is known, nothing is gone, as nobody can tell which of the two is the newer. All files of an
    /// edition are to be imported together: what a part does not hold is proposed as well.
    pub(super) fn missing(&self, list_key: &str, edition: Option<&str>, seen: &HashSet<(Register, Code)>) -> Vec<RepealProposal> {
        let newer = |kept: &Kept| match (kept.source.edition.as_deref(), edition) {
            (Some(kept), Some(edition)) => is_older_edition(kept, edition),
            (None, Some(_)) => true,
            (None | Some(_), None) => false,
        };
        // Exports without a division share their key: each speaks of the agencies that it holds.
        let agencies: Option<HashSet<&Code>> = (list_key == claims::OF_MANY).then(|| {
            let seen = seen.iter().filter_map(|(register, code)| self.entries.get(&EntryName::new(*register, code.clone())));
            seen.filter_map(|kept| kept.agency.as_ref()).collect()
        });
        let speaks_of = |kept: &Kept| agencies.as_ref().is_none_or(|all| kept.agency.as_ref().is_some_and(|agency| all.contains(agency)));
        let of_rows = |register| matches!(register, Register::Item | Register::Guide | Register::Openness);
        let all = self.entries.iter().filter(|(entry, kept)| {
            of_rows(entry.register)
                && !kept.repealed
                && !kept.handed_over
                && kept.source.list_key.as_deref() == Some(list_key)
                && newer(kept)
                && speaks_of(kept)
                && !seen.contains(&(entry.register, entry.code.clone()))
        });
        all.map(|(entry, kept)| RepealProposal {
            list_key: list_key.to_owned(),
            register: entry.register,
            code: entry.code.clone(),
            name: kept.name.clone(),
            list: kept.source.list.clone(),
            edition: kept.source.edition.clone(),
            change_set: None,
            why: None,
        })
        .collect()
    }
}
