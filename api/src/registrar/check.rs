//! What the checks find in a register as it stands: in what is published, and in drafts.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{
    codec::RegisterEvent,
    decider::Decider,
    entry::{Entry, Event, Published, State},
    envelope::Code,
    register::{Agency, Beside, CatalogueEntry, Content, Guide, Item, Material, Moment, Register, Stands},
    value::Finding,
};
use journal::{Journal, LoadError, SharedJournal, StoreError, load};
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
    /// An entry of it cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
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
    let known = Known::read(journal, progress).await?;
    let Known { agencies, items, guides, materials, catalogue } = &known;
    let beside = known.beside(now);
    let mut all = checked(agencies, now, &beside);
    all.extend(checked(items, now, &beside));
    all.extend(checked(materials, now, &beside));
    all.extend(checked(guides, now, &beside));
    all.extend(checked(catalogue, now, &beside));
    Ok(all)
}

/// What some entries are found to lack beside those that they refer to, in what is published last of each; nothing of those that are sound.
pub async fn check_beside(
    journal: &SharedJournal,
    now: DateTime<Utc>,
    entries: &HashSet<(Register, Code)>,
) -> Result<HashMap<(Register, Code), Vec<Finding>>, CheckError> {
    let known = Known::read(journal, &|_| ()).await?;
    let beside = known.beside(now);
    let mut found = HashMap::new();
    for (register, code) in entries {
        let findings = match register {
            Register::Agency => of_latest(&known.agencies, code, &beside, now),
            Register::Item => of_latest(&known.items, code, &beside, now),
            Register::Guide => of_latest(&known.guides, code, &beside, now),
            Register::Material => of_latest(&known.materials, code, &beside, now),
            Register::Openness => of_latest(&known.catalogue, code, &beside, now),
        };
        if !findings.is_empty() {
            found.insert((*register, code.clone()), findings);
        }
    }
    Ok(found)
}

/// Whether some agencies are in force and shown at a moment, so that nothing is to be found of an item beside them.
pub async fn agencies_stand(journal: &dyn Journal, agencies: &HashSet<Code>, now: DateTime<Utc>) -> Result<bool, LoadError> {
    for code in agencies {
        let stands = load::<Agency>(journal, code).await?.state.stands();
        let sound = stands.is_some_and(|agency| agency.standing(now).is_some() && agency.shown_at(now).is_some_and(|from| from <= now));
        if !sound {
            return Ok(false);
        }
    }
    Ok(true)
}

fn of_latest<C: Content>(states: &States<C>, code: &Code, beside: &Settled, now: DateTime<Utc>) -> Vec<Finding> {
    let latest = states.get(code).and_then(|state| state.latest.as_ref());
    latest.map(|latest| latest.content.check_beside(code, &beside.published, held(latest, now))).unwrap_or_default()
}

/// When what is published last holds: now, or from the day on for which it is announced.
fn held<C>(latest: &Published<C>, now: DateTime<Utc>) -> Moment {
    Moment::Held(latest.effective_from.max(now))
}

/// What contents are laid beside.
struct Settled {
    /// What is published.
    published: Beside,
    /// The same with what is submitted and not yet approved where nothing is published: the members of a change set come in together.
    with_drafts: Beside,
}

impl Known {
    async fn read(journal: &SharedJournal, progress: &(dyn Fn(u64) + Sync)) -> Result<Self, CheckError> {
        let mut known = Self::default();
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
                return Ok(known);
            }
        }
    }

    fn beside(&self, now: DateTime<Utc>) -> Settled {
        let published = Beside {
            agencies: stands(&self.agencies),
            items: stands(&self.items),
            guides: stands(&self.guides),
            materials: stands(&self.materials),
            ..Beside::default()
        }
        .by_names();
        let mut with_drafts = published.clone();
        under_way(&self.agencies, &mut with_drafts.agencies, now);
        under_way(&self.items, &mut with_drafts.items, now);
        under_way(&self.guides, &mut with_drafts.guides, now);
        under_way(&self.materials, &mut with_drafts.materials, now);
        Settled { published, with_drafts: with_drafts.by_names() }
    }
}

fn under_way<C: Content>(states: &States<C>, known: &mut BTreeMap<Code, Stands<C>>, now: DateTime<Utc>) {
    for (code, content) in states.iter().filter_map(|(code, state)| Some((code, state.under_way()?))) {
        known.entry(code.clone()).or_insert_with(|| Stands::since(content.clone(), now));
    }
}

fn note<C: Content>(states: &mut States<C>, code: Code, event: &Event<C>) {
    let state = states.entry(code).or_default();
    *state = Entry::<C>::evolve(std::mem::take(state), event);
}

/// How every entry stands that was published.
fn stands<C: Content>(states: &States<C>) -> BTreeMap<Code, Stands<C>> {
    states.iter().filter_map(|(code, state)| Some((code.clone(), state.stands()?))).collect()
}

fn checked<C: Content>(states: &States<C>, now: DateTime<Utc>, beside: &Settled) -> Vec<Checked> {
    let mut all = Vec::new();
    for (code, state) in states {
        if state.repeal.as_ref().is_some_and(|repeal| repeal.effective_from <= now) {
            continue;
        }
        let drafts = if state.under_way().is_some() { &beside.with_drafts } else { &beside.published };
        let published = state.latest.iter().map(|latest| (&latest.content, held(latest, now), &beside.published));
        let drafted = state.pending.iter().map(|pending| (&pending.content, Moment::Drafted(now), drafts));
        for (content, moment, beside) in published.chain(drafted) {
            let mut findings = content.check();
            findings.extend(content.check_beside(code, beside, moment));
            let is_draft = matches!(moment, Moment::Drafted(_));
            if !is_draft {
                findings.extend(state.corrections_undone(now));
            }
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
