use std::collections::{BTreeMap, HashSet};

use domain::{
    codec::RegisterEvent,
    entry::{Event, Source},
    envelope::{Code, StreamName},
    register::{Content, Register},
};
use journal::SharedJournal;
use projections::Happened;

use super::{ImportError, RepealProposal};

/// Events read at a time.
const PAGE: usize = 1_000;

/// The entries that the register kept before an import, with the lists that they came from.
#[derive(Debug, Default)]
pub struct Known {
    entries: BTreeMap<StreamName, Kept>,
    /// The newest edition of each list, before this run and in it.
    editions: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Kept {
    name: String,
    list_key: Option<String>,
    edition: Option<String>,
    list: Option<String>,
    repealed: bool,
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
                let Source { list_key, edition, list, .. } = Source::clone(&adopted.source);
                let name = adopted.content.name().to_owned();
                if let Some(key) = &list_key {
                    self.note_edition(key, edition.as_deref());
                }
                self.entries.insert(stream, Kept { name, list_key, edition, list, repealed: false });
            }
            Event::Repealed(_) => {
                if let Some(kept) = self.entries.get_mut(&stream) {
                    kept.repealed = true;
                }
            }
            // Of what was approved here the list that it once came from is still known.
            Event::Approved(_) | Event::Corrected(_) => {
                let Some(publication) = event.publication() else { return };
                let none = Kept { name: String::new(), list_key: None, edition: None, list: None, repealed: false };
                publication.content.name().clone_into(&mut self.entries.entry(stream).or_insert(none).name);
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

    /// Whether there was such an entry.
    pub(super) fn holds(&self, register: Register, code: &Code) -> bool {
        self.entries.contains_key(&StreamName::new(register, code.clone()))
    }

    /// Notes that an edition of a list is kept.
    pub(super) fn note_edition(&mut self, list_key: &str, edition: Option<&str>) {
        let Some(edition) = edition else { return };
        let newest = self.editions.entry(list_key.to_owned()).or_default();
        if newest.as_str() < edition {
            edition.clone_into(newest);
        }
    }

    /// Whether the register keeps a newer edition of a list than this one.
    pub(super) fn is_superseded(&self, list_key: &str, edition: Option<&str>) -> bool {
        edition.is_some_and(|edition| self.editions.get(list_key).is_some_and(|newest| edition < newest.as_str()))
    }

    /// The items and guides of a list that were last changed by an older edition and that this one does not hold. Without any
    /// edition the later import counts as newer. All files of an edition are to be imported together: what a part does not hold
    /// is proposed as well.
    pub(super) fn missing(&self, list_key: &str, edition: Option<&str>, seen: &HashSet<(Register, Code)>) -> Vec<RepealProposal> {
        let newer = |kept: &Kept| match (kept.edition.as_deref(), edition) {
            (Some(kept), Some(edition)) => kept < edition,
            (None, None | Some(_)) => true,
            (Some(_), None) => false,
        };
        let of_rows = |register| matches!(register, Register::Item | Register::Guide);
        let all = self.entries.iter().filter(|(stream, kept)| {
            of_rows(stream.register)
                && !kept.repealed
                && kept.list_key.as_deref() == Some(list_key)
                && newer(kept)
                && !seen.contains(&(stream.register, stream.code.clone()))
        });
        all.map(|(stream, kept)| RepealProposal {
            list_key: list_key.to_owned(),
            register: stream.register,
            code: stream.code.clone(),
            name: kept.name.clone(),
            list: kept.list.clone(),
            edition: kept.edition.clone(),
        })
        .collect()
    }
}
