//! What is looked up beside a content: before it is submitted, approved or corrected, and when its findings are told.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    entry::State,
    envelope::Code,
    register::{Agency, Beside, Content, Guide, Item, Material, Moment, Register, Stands},
    value::Finding,
};
use futures::{StreamExt, TryStreamExt, stream};
use journal::{Journal, LoadError, load};
use projections::Work;

/// Entries that are looked up at once.
const AT_ONCE: usize = 8;

/// Whose eyes look beside a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// Of whoever keeps it: of what the same agency answers for everything, of all else what is published.
    Keeper,
    /// Of everybody: what is published.
    Public,
}

/// Entries that were looked up, so that many contents that refer to one look it up once.
#[derive(Default)]
pub(in crate::registrar) struct Looked {
    pub(in crate::registrar) agencies: LookedUp<Agency>,
    pub(in crate::registrar) items: LookedUp<Item>,
    pub(in crate::registrar) guides: LookedUp<Guide>,
    pub(in crate::registrar) materials: LookedUp<Material>,
}

/// Those of one register.
pub(in crate::registrar) struct LookedUp<C>(Mutex<HashMap<Code, Arc<Seen<C>>>>);

impl<C> Default for LookedUp<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// An entry that others refer to.
struct Seen<C>(State<C>);

impl<C: Content> Seen<C> {
    /// How it stands at a moment for those who may know of everything, or for all others.
    fn stands(&self, own: bool, at: DateTime<Utc>) -> Option<Stands<C>> {
        if own { self.0.stands() } else { self.0.stands_for_all(at) }
    }

    /// What is submitted and not approved yet, where nothing is published.
    fn under_way(&self) -> Option<&Arc<C>> {
        self.0.under_way().filter(|_| self.0.latest.is_none())
    }
}

impl<C> LookedUp<C> {
    /// What an entry that was looked up is drafted to be.
    pub(in crate::registrar) fn draft(&self, code: &Code) -> Option<Arc<C>> {
        self.get(code)?.0.pending.as_ref().map(|pending| pending.content.clone())
    }

    fn get(&self, code: &Code) -> Option<Arc<Seen<C>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(code).cloned()
    }
}

impl<C: Registered> LookedUp<C> {
    async fn look(&self, journal: &dyn Journal, code: &Code) -> Result<Arc<Seen<C>>, LoadError> {
        if let Some(seen) = self.get(code) {
            return Ok(seen);
        }
        let seen = Arc::new(Seen(load::<C>(journal, code).await?.state));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(code.clone(), seen.clone());
        Ok(seen)
    }
}

/// The entries that the checks of a content have to know of. What others answer for is what they publish of it, without withheld fields:
/// whoever submits may not know of more.
pub(in crate::registrar) async fn beside<C: Content>(
    (journal, work): (&dyn Journal, &Work),
    content: &C,
    (looked, moment): (&Looked, Moment),
) -> Result<Beside, LoadError> {
    Looking { journal, work, own: content.agency(), moment, with_drafts: false }.beside(content, looked).await
}

/// What the checks find beside a content, as somebody sees it. What is `under_way`, submitted and not yet approved, is looked at with what
/// else is under way: the members of a change set come in together.
pub async fn findings_beside<C: Content>(
    eyes: Eyes,
    (journal, work): (&dyn Journal, &Work),
    (code, content): (&Code, &C),
    (moment, under_way): (Moment, bool),
) -> Result<Vec<Finding>, LoadError> {
    let own = content.agency().filter(|_| eyes == Eyes::Keeper);
    let looking = Looking { journal, work, own, moment, with_drafts: under_way };
    Ok(content.check_beside(code, &looking.beside(content, &Looked::default()).await?, moment))
}

struct Looking<'a> {
    journal: &'a dyn Journal,
    /// Where materials are found by their names.
    work: &'a Work,
    /// The agency of which everything may be known.
    own: Option<&'a Code>,
    /// For when.
    moment: Moment,
    /// Whether what is under way counts as published then.
    with_drafts: bool,
}

impl Looking<'_> {
    async fn beside<C: Content>(&self, content: &C, looked: &Looked) -> Result<Beside, LoadError> {
        let referred = content.checked_beside();
        let of = |register: Register| referred.iter().filter(move |(of, _)| *of == register).map(|(_, code)| (*code).clone()).collect();
        let mut materials: BTreeSet<Code> = of(Register::Material);
        materials.extend(self.work.materials_named(&content.asks_by_name()).await?);
        let beside = Beside {
            agencies: self.at(of(Register::Agency), &looked.agencies).await?,
            items: self.at(of(Register::Item), &looked.items).await?,
            guides: self.at(of(Register::Guide), &looked.guides).await?,
            materials: self.at(materials, &looked.materials).await?,
            ..Beside::default()
        };
        Ok(beside.by_names())
    }

    /// How some entries stand, as far as whoever looks may know of it.
    async fn at<D: Registered>(&self, codes: BTreeSet<Code>, looked: &LookedUp<D>) -> Result<BTreeMap<Code, Stands<D>>, LoadError> {
        let found = stream::iter(codes).map(|code| async move {
            let seen = looked.look(self.journal, &code).await?;
            let own = self.own.is_some() && seen.0.agency().flatten() == self.own;
            let drafted = || Some(Stands::since(seen.under_way().filter(|_| own && self.with_drafts)?.clone(), self.moment.at()));
            Ok::<_, LoadError>(seen.stands(own, self.moment.at()).or_else(drafted).map(|stands| (code, stands)))
        });
        Ok(found.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await?.into_iter().flatten().collect())
    }
}
