use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use domain::{
    codec::RegisterEvent,
    entry::{Event, Source, is_older_edition},
    envelope::{Code, StreamName},
    register::{Content, Register},
    value::Hash,
};
use exchange::Place;
use journal::SharedJournal;
use projections::Happened;

use super::{ImportError, RepealProposal, Told, claims, run::place_of};

/// Events read at a time.
const PAGE: usize = 1_000;

/// The entries that the register keeps, from before an import and from it, with the lists that they came from.
#[derive(Debug, Default)]
pub struct Known {
    entries: BTreeMap<StreamName, Kept>,
    /// The newest edition of each list, before this run and in it.
    editions: BTreeMap<String, String>,
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
}

/// The agency that a content is of.
fn agency_of<C: Content>(content: &C) -> Option<Code> {
    content.refers_to().into_iter().find(|(register, _)| *register == Register::Agency).map(|(_, code)| code.clone())
}

impl Known {
    /// Reads a register.
    pub async fn read(journal: &SharedJournal) -> Result<Self, ImportError> {
        let mut known = Self::default();
        let mut after = None;
        loop {
            let page = journal.read_all(after, PAGE).await?;
            for recorded in &page.events {
                let happened = Happened::read(recorded)?;
                match happened.event {
                    RegisterEvent::Agency(event) => known.note(recorded.stream.clone(), &event),
                    RegisterEvent::Item(event) => known.note(recorded.stream.clone(), &event),
                    RegisterEvent::Guide(event) => known.note(recorded.stream.clone(), &event),
                    RegisterEvent::Material(event) => known.note(recorded.stream.clone(), &event),
                    RegisterEvent::CatalogueEntry(event) => known.note(recorded.stream.clone(), &event),
                }
                after = Some(recorded.position);
            }
            if page.end || page.events.is_empty() {
                return Ok(known);
            }
        }
    }

    fn note<C: Content>(&mut self, stream: StreamName, event: &Event<C>) {
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
                };
                self.entries.insert(stream, kept);
            }
            Event::Repealed(_) => {
                if let Some(kept) = self.entries.get_mut(&stream) {
                    kept.repealed = true;
                }
            }
            // Of what was approved here the list that it once came from is still known.
            Event::Approved(_) | Event::Corrected(_) => {
                let Some(publication) = event.publication() else { return };
                let kept = self.entries.entry(stream).or_default();
                publication.content.name().clone_into(&mut kept.name);
                kept.agency = agency_of(publication.content.as_ref());
                kept.content = Some(publication.content_hash);
            }
            Event::Drafted(_)
            | Event::Redrafted(_)
            | Event::Submitted(_)
            | Event::Reviewed(_)
            | Event::Returned(_)
            | Event::Withdrawn(_)
            | Event::Suspended(_)
            | Event::Resumed(_) => {}
        }
    }

    /// Whether there is such an entry.
    pub(super) fn holds(&self, register: Register, code: &Code) -> bool {
        self.entries.contains_key(&StreamName::new(register, code.clone()))
    }

    /// Notes what a run adopted or revised.
    pub(super) fn note_kept(&mut self, register: Register, code: &Code, told: &Told) {
        let Told { name, agency, source } = told;
        let kept = Kept { name: name.clone(), agency: agency.clone(), source: Arc::clone(source), content: None, repealed: false };
        self.entries.insert(StreamName::new(register, code.clone()), kept);
    }

    /// Where the line stands by which another list has a local code, if one has it.
    pub(super) fn taken(&self, at: &(Register, Code), list_key: &str, agency: Option<&Code>, content: Option<Hash>) -> Option<Place> {
        let kept = self.entries.get(&StreamName::new(at.0, at.1.clone()))?;
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

    /// The items, guides and lines of a catalogue that were last changed by an older edition and that this one does not hold. Without any
    /// edition the later import counts as newer. All files of an edition are to be imported together: what a part does not hold
    /// is proposed as well.
    pub(super) fn missing(&self, list_key: &str, edition: Option<&str>, seen: &HashSet<(Register, Code)>) -> Vec<RepealProposal> {
        let newer = |kept: &Kept| match (kept.source.edition.as_deref(), edition) {
            (Some(kept), Some(edition)) => is_older_edition(kept, edition),
            (None, None | Some(_)) => true,
            (Some(_), None) => false,
        };
        let of_rows = |register| matches!(register, Register::Item | Register::Guide | Register::Openness);
        let all = self.entries.iter().filter(|(stream, kept)| {
            of_rows(stream.register)
                && !kept.repealed
                && kept.source.list_key.as_deref() == Some(list_key)
                && newer(kept)
                && !seen.contains(&(stream.register, stream.code.clone()))
        });
        all.map(|(stream, kept)| RepealProposal {
            list_key: list_key.to_owned(),
            register: stream.register,
            code: stream.code.clone(),
            name: kept.name.clone(),
            list: kept.source.list.clone(),
            edition: kept.source.edition.clone(),
        })
        .collect()
    }
}
