//! What follows from abolishing a proof (Art. 5(2)): every guide that still asks for it, and a draft of each that does not any more.

mod ask;
mod parts;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    acting::Role,
    changeset::Origin,
    codec::RegisterEvent,
    decider::Decider,
    entry::{Entry, State},
    envelope::Code,
    register::{Guide, Material, MaterialRequirement},
};
use journal::{LoadError, SharedJournal, StoreError, load};
use projections::{Happened, Unreadable};
use uuid::Uuid;

use super::{
    change::{ChangeError, Desk},
    changeset::{Occasion, Raised, raise},
};
use crate::{auth::Caller, clock::Clock};

pub use ask::{Ask, ask};
use parts::parts;

/// Events read at a time.
const PAGE: usize = 1_000;

/// Why nothing can be told.
#[derive(Debug, thiserror::Error)]
pub enum AbolishedError {
    /// The journal cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An event cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Box<Unreadable>),
    /// An entry cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The set cannot be proposed.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// There is no such material.
    #[error("没有材料{0}，请核对编码 / there is no material {0}: check its code")]
    NotFound(Code),
    /// It may still be asked for, and nothing else is announced.
    #[error("材料{0}“{1}”未取消；请先起草并审签其取消 / material {0}, {1:?}, is not abolished: have its abolition approved first")]
    NotAbolished(Code, String),
}

/// A guide that asks for a material.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Its code.
    pub code: Code,
    /// What it says last.
    pub guide: Arc<Guide>,
    /// Places in its list of materials, from 0.
    pub places: Vec<usize>,
    /// Somebody drafts a change of it already.
    pub is_drafted: bool,
    /// When what it says last comes into force, where that is announced: nothing that follows it can hold before then.
    pub upcoming: Option<DateTime<Utc>>,
    /// Until when it asks, where what it says last does not any more. There is nothing to draft then; a correction takes it out sooner.
    pub until: Option<DateTime<Utc>>,
}

impl Asking {
    /// The guide without the material.
    fn without(&self) -> Guide {
        let mut guide = Guide::clone(&self.guide);
        let mut place = 0;
        guide.materials.retain(|_| {
            place += 1;
            !self.places.contains(&(place - 1))
        });
        guide
    }
}

/// A material that is abolished, or announced to be, and the guides that ask for it, whoever answers for them.
#[derive(Debug, Clone)]
pub struct Abolished {
    /// Its code.
    pub code: Code,
    /// What it says now, or from its day on.
    pub material: Arc<Material>,
    /// Since when it is abolished, or from when on.
    pub since: DateTime<Utc>,
    /// From when on it may be asked for again, if that is decided.
    pub until: Option<DateTime<Utc>>,
    /// Whether it is abolished by now; else it may be asked for until its day.
    pub is_in_force: bool,
    /// The guides, by code.
    pub guides: Vec<Asking>,
}

/// Finds the guides that ask for a material that is abolished, by its code or without one by any of the names under which it is, also where its
/// abolition is only announced. It reads the whole journal.
pub async fn asking(
    journal: &SharedJournal,
    material: &Code,
    now: DateTime<Utc>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Abolished, AbolishedError> {
    let state = load::<Material>(journal.as_ref(), material).await?.state;
    let not_found = || AbolishedError::NotFound(material.clone());
    let stands = state.stands().ok_or_else(not_found)?;
    let Some(abolition) = stands.abolition(now) else {
        let latest = state.standing_at(now).ok_or_else(not_found)?;
        return Err(AbolishedError::NotAbolished(material.clone(), latest.content.name.clone()));
    };
    let keys = abolition.keys();
    let mut guides: BTreeMap<Code, State<Guide>> = BTreeMap::new();
    let (mut after, mut read) = (None, 0);
    loop {
        let page = journal.read_all(after, PAGE).await?;
        for recorded in &page.events {
            after = Some(recorded.position);
            read += 1;
            let Some(happened) = Happened::read(recorded)? else { continue };
            if let RegisterEvent::Guide(event) = &happened.event {
                let state = guides.entry(happened.code).or_default();
                *state = Entry::<Guide>::evolve(std::mem::take(state), event);
            }
        }
        progress(read);
        if page.end || page.events.is_empty() {
            break;
        }
    }
    let guides = guides.into_iter().filter_map(|(code, state)| {
        // One that ceases later is still shown until then; one that ceased asks for nothing.
        let ceased = state.repeal.as_ref().is_some_and(|repeal| repeal.effective_from <= now);
        let latest = state.latest.as_ref().filter(|_| !ceased)?;
        // One that gives no code means what the catalogue has under that name, as a submission finds it.
        let is_it = |(place, asked): (usize, &MaterialRequirement)| {
            let by_name = || keys.contains(&Material::key(&asked.name));
            asked.material.as_ref().map_or_else(by_name, |code| code == material).then_some(place)
        };
        let places_in = |guide: &Guide| guide.materials.iter().enumerate().filter_map(is_it).collect::<Vec<_>>();
        let asking = |guide: &Arc<Guide>, until| {
            let places = places_in(guide);
            (!places.is_empty()).then(|| Asking {
                code: code.clone(),
                guide: guide.clone(),
                places,
                is_drafted: state.pending.is_some(),
                upcoming: None,
                until,
            })
        };
        let (upcoming, in_force) =
            (Some(latest.effective_from).filter(|from| *from > now), state.in_force_at(now).map(|kept| kept.revision));
        asking(&latest.content, None).map(|asking| Asking { upcoming, ..asking }).or_else(|| {
            // What a citizen is told today or will be, until an announced revision does not ask any more.
            let told: Vec<_> = state.holding().skip_while(|kept| Some(kept.revision) != in_force && kept.effective_from <= now).collect();
            let last = told.iter().rposition(|kept| !places_in(&kept.content).is_empty())?;
            asking(&told[last].content, Some(told.get(last + 1)?.effective_from))
        })
    });
    let (since, until, is_in_force) = (abolition.since, abolition.until, abolition.holds(now));
    let content = abolition.material.clone();
    Ok(Abolished { code: material.clone(), material: content, since, until, is_in_force, guides: guides.collect() })
}

/// The revisions of guides of an agency, and what became of them.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The agency.
    pub agency: Code,
    /// Of guides that have an announced later revision: the first moment for which all of them can be approved. They are a set of their own, so
    /// that the others, which are `None`, are not held up.
    pub upcoming: Option<DateTime<Utc>>,
    /// The set.
    pub raised: Raised,
}

/// Proposes the revisions of all guides for which a caller drafts, those of each agency as one change set, and as a further one where later revisions
/// are announced; or finds that they are proposed already. What cannot be drafted is told with its reason, among it what somebody drafts already.
pub async fn prepare(
    desk: &Desk,
    (caller, clock): (&Caller, &Clock),
    abolished: &Abolished,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Prepared>, AbolishedError> {
    let to_revise = abolished.guides.iter().filter(|asking| asking.until.is_none());
    let agencies: BTreeSet<&Code> = to_revise.map(|asking| &asking.guide.agency).collect();
    let mut prepared = Vec::new();
    for agency in agencies.into_iter().filter(|agency| caller.leave(Role::Drafter, Some(agency)).is_some()) {
        for part in parts(desk, caller, abolished, agency).await?.into_iter().filter(|part| !part.guides.is_empty()) {
            let raised =
                raise(desk, (caller, clock), abolished.occasion(agency, part.is_upcoming, None), part.revisions(), progress).await?;
            prepared.push(Prepared { agency: agency.clone(), upcoming: part.first_moment(), raised });
        }
    }
    Ok(prepared)
}

impl Abolished {
    /// Where the revisions of the guides of an agency come from.
    fn occasion(&self, agency: &Code, upcoming: bool, command: Option<Uuid>) -> Occasion {
        let of_them = if upcoming { "（另有待生效版本的指南）" } else { "" };
        let title = format!("取消“{}”后的办事指南调整{of_them}", self.material.name);
        let origin = Origin { title, material: Some(self.code.clone()), upcoming, ..Origin::default() };
        Occasion { origin, agency: Some(agency.clone()), command }
    }
}
