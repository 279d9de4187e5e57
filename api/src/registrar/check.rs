//! What the checks find in a register as it stands: in what is published, and in drafts.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    codec::RegisterEvent,
    decider::Decider,
    entry::{Entry, Event, Published, State},
    envelope::Code,
    register::{Agency, Beside, CatalogueEntry, Content, Guide, Item, Material, Register},
    value::Finding,
};
use journal::{SharedJournal, StoreError};
use projections::{Happened, Unreadable};

/// Events that are read at once.
const PAGE: usize = 1_000;

/// Why a register cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The journal cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An event of it cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Box<Unreadable>),
}

/// A content that was checked, with what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The register.
    pub register: Register,
    /// Code of the entry.
    pub code: Code,
    /// Its name.
    pub name: String,
    /// Code of the agency that answers for it.
    pub agency: Option<Code>,
    /// Whether it is a draft, and not what is published.
    pub is_draft: bool,
    /// What was found; nothing if it is sound.
    pub findings: Vec<Finding>,
}

type States<C> = BTreeMap<Code, State<C>>;

#[derive(Default)]
struct Known {
    agencies: States<Agency>,
    items: States<Item>,
    guides: States<Guide>,
    materials: States<Material>,
    catalogue: States<CatalogueEntry>,
}

/// Checks what a register holds at a moment: of every entry that is not repealed, what is published last, and its draft.
pub async fn check(journal: &SharedJournal, now: DateTime<Utc>, progress: &(dyn Fn(u64) + Sync)) -> Result<Vec<Checked>, CheckError> {
    let mut known = Known::default();
    let (mut after, mut read) = (None, 0);
    loop {
        let page = journal.read_all(after, PAGE).await?;
        for recorded in &page.events {
            after = Some(recorded.position);
            read += 1;
            let Some(happened) = Happened::read(recorded)? else { continue };
            match &happened.event {
                RegisterEvent::Agency(event) => note(&mut known.agencies, happened.code, event),
                RegisterEvent::Item(event) => note(&mut known.items, happened.code, event),
                RegisterEvent::Guide(event) => note(&mut known.guides, happened.code, event),
                RegisterEvent::Material(event) => note(&mut known.materials, happened.code, event),
                RegisterEvent::CatalogueEntry(event) => note(&mut known.catalogue, happened.code, event),
            }
        }
        progress(read);
        if page.end || page.events.is_empty() {
            break;
        }
    }
    let Known { agencies, items, guides, materials, catalogue } = &known;
    let beside = Beside {
        items: those(items, |item| item.standing_at(now)),
        guides: those(guides, |guide| guide.standing_at(now)),
        materials: those(materials, |material| material.latest_in_force_at(now)),
    };
    let mut all = checked(agencies, now, &beside);
    all.extend(checked(items, now, &beside));
    all.extend(checked(materials, now, &beside));
    all.extend(checked(guides, now, &beside));
    all.extend(checked(catalogue, now, &beside));
    Ok(all)
}

fn note<C: Content>(states: &mut States<C>, code: Code, event: &Event<C>) {
    let state = states.entry(code).or_default();
    *state = Entry::<C>::evolve(std::mem::take(state), event);
}

/// The revision that counts of every entry that has one.
fn those<C>(states: &States<C>, counts: impl Fn(&State<C>) -> Option<&Published<C>>) -> BTreeMap<Code, Arc<C>> {
    states.iter().filter_map(|(code, state)| Some((code.clone(), counts(state)?.content.clone()))).collect()
}

fn checked<C: Content>(states: &States<C>, now: DateTime<Utc>, beside: &Beside) -> Vec<Checked> {
    let mut all = Vec::new();
    for (code, state) in states {
        if state.repeal.as_ref().is_some_and(|repeal| repeal.effective_from <= now) {
            continue;
        }
        let published = state.latest.iter().map(|latest| (&latest.content, false));
        let drafted = state.pending.iter().map(|pending| (&pending.content, true));
        for (content, is_draft) in published.chain(drafted) {
            let mut findings = content.check();
            findings.extend(content.check_beside(beside));
            all.push(Checked {
                register: C::REGISTER,
                code: code.clone(),
                name: content.name().to_owned(),
                agency: content.agency().cloned(),
                is_draft,
                findings,
            });
        }
    }
    all
}
