//! What the register holds on the day of a reform, as if the reform had not been begun.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::{
    codec::RegisterEvent,
    entry::Event,
    envelope::{Code, EntryName},
    register::{Agency, Content, Register},
    value::text,
};
use journal::SharedJournal;
use projections::Happened;
use uuid::Uuid;

use super::{Act, ReformError};

/// Events read at a time.
const PAGE: usize = 1_000;

/// What the register holds.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Now.
    pub(super) now: Holdings,
    /// When the act was begun, if it was.
    pub(super) begun: Option<Begun>,
    /// Whether its id stands for another act.
    pub(super) id_used: bool,
    /// Other acts under the same document.
    pub(super) others: Vec<Uuid>,
}

/// Entries, as if the reform had not been begun.
#[derive(Debug, Default, Clone)]
pub(super) struct Holdings {
    pub(super) entries: BTreeMap<EntryName, Kept>,
}

/// An act that was begun before.
#[derive(Debug)]
pub(super) struct Begun {
    /// When.
    pub(super) at: DateTime<Utc>,
    /// What the register held then: by that its plan is understood, whatever became of what it names since.
    then: Holdings,
}

/// An entry.
#[derive(Debug, Default, Clone)]
pub(super) struct Kept {
    /// What its published revisions say, by the time from which they hold.
    facts: Vec<(DateTime<Utc>, Facts)>,
    /// When it ceases or ceased.
    ceases: Option<DateTime<Utc>>,
    /// The last command that published something of it beside reforms.
    decided: Option<Uuid>,
}

/// What a reform has to know of a content.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) name: String,
    /// Names that an agency bore before.
    pub(super) former: Vec<String>,
    /// The agency that the reform would replace in it.
    pub(super) agency: Option<Code>,
    /// The items and guides that it belongs to: an item to the one it stands under, a guide to its item, a line of the openness
    /// catalogue to what it is attached to.
    pub(super) belongs_to: Vec<EntryName>,
}

impl Facts {
    fn of<C: Content>(content: &C, former: Vec<String>) -> Self {
        let refers = content.refers_to();
        // An agency is answered for by nobody, and stands below another one.
        let above = || refers.iter().find(|(register, _)| *register == Register::Agency).map(|(_, code)| (*code).clone());
        let agency = content.agency().cloned().or_else(above);
        let of = refers.iter().copied().chain(content.checked_beside()).filter(|(of, _)| matches!(of, Register::Item | Register::Guide));
        let belongs_to: BTreeSet<_> = of.map(|(register, code)| EntryName::new(register, code.clone())).collect();
        Self { name: content.name().to_owned(), former, agency, belongs_to: belongs_to.into_iter().collect() }
    }
}

impl Kept {
    /// What it says at a moment.
    pub(super) fn at(&self, at: DateTime<Utc>) -> Option<&Facts> {
        let after = self.facts.partition_point(|(from, _)| *from <= at);
        self.facts[..after].last().map(|(_, facts)| facts)
    }

    /// What it says at a moment, or what it will say first.
    pub(super) fn at_or_first(&self, at: DateTime<Utc>) -> Option<&Facts> {
        self.at(at).or(self.facts.first().map(|(_, facts)| facts))
    }

    /// Whether it has ceased by a moment.
    pub(super) fn has_ceased(&self, at: DateTime<Utc>) -> bool {
        self.ceases.is_some_and(|ceases| ceases <= at)
    }
}

impl Survey {
    /// Reads a register without what the act itself has written.
    pub(super) async fn read(journal: &SharedJournal, act: &Act) -> Result<Self, ReformError> {
        let mut survey = Self::default();
        let mut after = None;
        loop {
            let page = journal.read_all(after, PAGE).await?;
            for recorded in &page.events {
                after = Some(recorded.position);
                let Some(happened) = Happened::read(recorded)? else { continue };
                let entry = happened.entry();
                let command = happened.metadata.command;
                if act.gave(&entry, command) {
                    let Survey { now, begun, .. } = &mut survey;
                    if begun.is_none() {
                        *begun = Some(Begun { at: happened.metadata.decided(), then: now.clone() });
                    }
                    continue;
                }
                let of = (act, entry, command);
                match &happened.event {
                    RegisterEvent::Agency(event) => survey.note(of, event, |agency: &Agency| agency.former_names.clone()),
                    RegisterEvent::Item(event) => survey.note(of, event, |_| Vec::new()),
                    RegisterEvent::Guide(event) => survey.note(of, event, |_| Vec::new()),
                    RegisterEvent::Material(event) => survey.note(of, event, |_| Vec::new()),
                    RegisterEvent::CatalogueEntry(event) => survey.note(of, event, |_| Vec::new()),
                }
            }
            if page.end || page.events.is_empty() {
                return Ok(survey);
            }
        }
    }

    /// By what the plan is understood: what the register held when the act was begun, if it was.
    pub(super) fn planned_on(&self) -> &Holdings {
        self.begun.as_ref().map_or(&self.now, |begun| &begun.then)
    }

    /// When the act was begun, if it was.
    pub(super) fn begun_at(&self) -> Option<DateTime<Utc>> {
        self.begun.as_ref().map(|begun| begun.at)
    }

    fn note<C: Content>(&mut self, (act, entry, command): (&Act, EntryName, Uuid), event: &Event<C>, former: impl Fn(&C) -> Vec<String>) {
        match event {
            Event::Transferred(of) => {
                let decided = self.now.entries.get(&entry).and_then(|kept| kept.decided);
                if decided != Some(command) {
                    self.note_act(act, of.reform, Some(&of.document));
                } else if of.reform == act.id {
                    // Somebody published something before the day, and what the act makes of it was made anew.
                    return;
                }
            }
            Event::Repealed(of) => {
                if let Some(reform) = of.reform {
                    self.note_act(act, reform, of.document.as_ref());
                }
                self.now.entries.entry(entry).or_default().ceases = Some(of.effective_from);
                return;
            }
            _ => {}
        }
        if let Some(publication) = event.publication() {
            let kept = self.now.entries.entry(entry).or_default();
            if !matches!(event, Event::Transferred(_)) {
                kept.decided = Some(command);
            }
            let facts = &mut kept.facts;
            let place = facts.partition_point(|(from, _)| *from <= publication.effective_from);
            let content = publication.content.as_ref();
            facts.insert(place, (publication.effective_from, Facts::of(content, former(content))));
        }
    }

    fn note_act(&mut self, act: &Act, reform: Uuid, document: Option<&String>) {
        self.id_used |= reform == act.id;
        if reform != act.id && document == Some(&act.document) && !self.others.contains(&reform) {
            self.others.push(reform);
        }
    }
}

impl Holdings {
    /// An entry.
    pub(super) fn entry(&self, register: Register, code: &Code) -> Option<&Kept> {
        self.entries.get(&EntryName::new(register, code.clone()))
    }

    /// The entries of a register that are there at a moment, by what they say then.
    pub(super) fn there(&self, register: Register, at: DateTime<Utc>) -> impl Iterator<Item = (&Code, &Facts)> {
        let of = self.entries.iter().filter(move |(entry, kept)| entry.register == register && !kept.has_ceased(at));
        of.filter_map(move |(entry, kept)| Some((&entry.code, kept.at_or_first(at)?)))
    }
}

/// Codes by folded name.
pub(super) fn by_name<'s>(entries: impl Iterator<Item = (&'s Code, &'s Facts)>) -> HashMap<String, Vec<Code>> {
    let mut names: HashMap<String, Vec<Code>> = HashMap::new();
    for (code, facts) in entries {
        names.entry(text::fold(&facts.name)).or_default().push(code.clone());
    }
    names
}
