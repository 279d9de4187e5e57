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
pub struct Known(BTreeMap<StreamName, Kept>);

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
                let Source { list_key, edition, list, .. } = adopted.source.clone();
                let name = adopted.content.name().to_owned();
                self.0.insert(stream, Kept { name, list_key, edition, list, repealed: false });
            }
            Event::Repealed(_) => {
                if let Some(kept) = self.0.get_mut(&stream) {
                    kept.repealed = true;
                }
            }
        }
    }

    /// The items and guides of a list that a newer edition does not hold. Without any edition the later import counts as newer;
    /// the same edition again proposes nothing: it may be a part, or a correction.
    pub(super) fn missing(&self, list_key: &str, edition: Option<&str>, seen: &HashSet<(Register, Code)>) -> Vec<RepealProposal> {
        let newer = |kept: &Kept| match (kept.edition.as_deref(), edition) {
            (Some(kept), Some(edition)) => kept < edition,
            (None, None | Some(_)) => true,
            (Some(_), None) => false,
        };
        let of_rows = |register| matches!(register, Register::Item | Register::Guide);
        let all = self.0.iter().filter(|(stream, kept)| {
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
