use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{Abolished, Agency, Content, Guide, Item, Material, is_shown};
use crate::envelope::Code;

/// What is kept beside a content, as it was looked up: what the checks of [`super::Content::check_beside`] need to know of other
/// entries. A content alone cannot tell. A code that is missing is one under which nothing was published, as far as whoever looks may know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// The agencies that it refers to.
    pub agencies: BTreeMap<Code, Stands<Agency>>,
    /// The items.
    pub items: BTreeMap<Code, Stands<Item>>,
    /// The guides.
    pub guides: BTreeMap<Code, Stands<Guide>>,
    /// The materials.
    pub materials: BTreeMap<Code, Stands<Material>>,
    /// The codes of materials by what names are compared by, see [`Beside::by_names`].
    pub names: BTreeMap<String, BTreeSet<Code>>,
}

impl Beside {
    /// The same with its materials found by their names, see [`Beside::materials_named`].
    #[must_use]
    pub fn by_names(mut self) -> Self {
        self.names = BTreeMap::new();
        for (code, material) in &self.materials {
            for key in material.content.keys() {
                self.names.entry(key).or_default().insert(code.clone());
            }
        }
        self
    }

    /// The materials of a name, be it one of their other names, as lists find them.
    pub fn materials_named(&self, name: &str) -> impl Iterator<Item = (&Code, &Stands<Material>)> {
        self.names.get(&Material::key(name)).into_iter().flatten().filter_map(|code| self.materials.get_key_value(code))
    }
}

/// How an entry stands that another one refers to: what it says, from when and until when.
#[derive(Debug, Clone, PartialEq)]
pub struct Stands<C> {
    /// What it says in the revision that is published last, in force or upcoming.
    pub content: Arc<C>,
    /// When that revision comes into force.
    pub latest_from: DateTime<Utc>,
    /// When its first revision came or comes into force.
    pub from: DateTime<Utc>,
    /// Since when, or from when on, everybody is shown it; `None`: what is published last reaches no channel (Art. 8(1)).
    pub shown_from: Option<DateTime<Utc>>,
    /// When it ceases, if that is decided.
    pub until: Option<DateTime<Utc>>,
    /// When its suspension ends, if it is suspended; [`DateTime::MAX_UTC`]: when it is resumed.
    pub suspended_until: Option<DateTime<Utc>>,
}

impl<C: Content> Stands<C> {
    /// One that says something from a moment on, and nothing else is decided of it.
    pub fn since(content: Arc<C>, from: DateTime<Utc>) -> Self {
        let shown_from = is_shown(content.as_ref()).then_some(from);
        Self { content, latest_from: from, from, shown_from, until: None, suspended_until: None }
    }

    /// The same entry when it says something else from a moment on.
    #[must_use]
    pub fn revised(self, content: Arc<C>, from: DateTime<Utc>) -> Self {
        let shown_from = is_shown(content.as_ref()).then(|| self.shown_from.unwrap_or(from));
        Self { content, latest_from: from, shown_from, ..self }
    }
}

impl<C> Stands<C> {
    /// Whether it has ceased by a moment.
    pub fn has_ceased(&self, at: DateTime<Utc>) -> bool {
        self.until.is_some_and(|until| until <= at)
    }

    /// Whether it is out of sight at a moment.
    pub fn is_suspended(&self, at: DateTime<Utc>) -> bool {
        self.suspended_until.is_some_and(|until| until > at)
    }

    /// What it says, if it has not ceased at a moment and is not out of sight: what others may build on. It may be upcoming.
    pub fn standing(&self, at: DateTime<Utc>) -> Option<&C> {
        (!self.has_ceased(at) && !self.is_suspended(at)).then_some(self.content.as_ref())
    }
}

impl Stands<Material> {
    /// Why it is abolished, if it is by a moment: what is only announced to be may be asked for until then. One that was abolished stays so, also
    /// where it was suspended or repealed afterwards (Art. 5(2)).
    pub fn abolished_at(&self, at: DateTime<Utc>) -> Option<&Abolished> {
        self.content.abolished.as_ref().filter(|_| self.latest_from <= at)
    }
}

/// The moment for which a content is laid beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A draft: from when it is to hold is not decided yet, and it is looked at as of now.
    Drafted(DateTime<Utc>),
    /// What is decided on now, and is to hold from then on (Art. 10(2)).
    From(DateTime<Utc>),
    /// What is published, at a moment at which it holds.
    Held(DateTime<Utc>),
}

impl Moment {
    /// The moment itself.
    pub fn at(self) -> DateTime<Utc> {
        match self {
            Self::Drafted(at) | Self::From(at) | Self::Held(at) => at,
        }
    }
}
