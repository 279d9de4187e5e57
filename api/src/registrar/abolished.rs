//! What follows from abolishing a proof (Art. 5(2)): every guide that still asks for it, and a draft of each that does not any more.

mod ask;

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
    changeset::{Change, Occasion, Raised, raise},
};
use crate::{auth::Caller, clock::Clock};

pub use ask::{Ask, ask};

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
        let guide = state.latest.as_ref().filter(|_| !ceased)?.content.clone();
        // One that gives no code means what the catalogue has under that name, as a submission finds it.
        let is_it = |(place, asked): (usize, &MaterialRequirement)| {
            let by_name = || keys.contains(&Material::key(&asked.name));
            asked.material.as_ref().map_or_else(by_name, |code| code == material).then_some(place)
        };
        let places: Vec<_> = guide.materials.iter().enumerate().filter_map(is_it).collect();
        (!places.is_empty()).then(|| Asking { code, guide, places, is_drafted: state.pending.is_some() })
    });
    let (since, until, is_in_force) = (abolition.since, abolition.until, abolition.holds(now));
    let content = abolition.material.clone();
    Ok(Abolished { code: material.clone(), material: content, since, until, is_in_force, guides: guides.collect() })
}

/// Proposes the revisions of all guides for which a caller drafts, those of each agency as one change set, or finds that they are proposed
/// already. What cannot be drafted is told with its reason, among it what somebody drafts already.
pub async fn prepare(
    desk: &Desk,
    (caller, clock): (&Caller, &Clock),
    abolished: &Abolished,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<BTreeMap<Code, Raised>, AbolishedError> {
    let agencies: BTreeSet<&Code> = abolished.guides.iter().map(|asking| &asking.guide.agency).collect();
    let mut raised = BTreeMap::new();
    for agency in agencies.into_iter().filter(|agency| caller.leave(Role::Drafter, Some(agency)).is_some()) {
        let (occasion, changes) = (abolished.occasion(agency, None), abolished.revisions(agency));
        raised.insert(agency.clone(), raise(desk, (caller, clock), occasion, changes, progress).await?);
    }
    Ok(raised)
}

impl Abolished {
    /// The revisions of the guides of an agency.
    fn revisions(&self, agency: &Code) -> Vec<Change> {
        let own = self.guides.iter().filter(|asking| asking.guide.agency == *agency);
        own.map(|asking| Change::to(asking.code.clone(), asking.without(), None)).collect()
    }

    /// Where they come from.
    fn occasion(&self, agency: &Code, command: Option<Uuid>) -> Occasion {
        let title = format!("取消“{}”后的办事指南调整", self.material.name);
        let origin = Origin { title, material: Some(self.code.clone()), ..Origin::default() };
        Occasion { origin, agency: Some(agency.clone()), command }
    }
}
