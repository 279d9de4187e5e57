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
            for key in material.revisions().into_iter().flat_map(|(_, content)| content.keys()) {
                self.names.entry(key).or_default().insert(code.clone());
            }
        }
        self
    }

    /// The materials that are, were or will be published under a name, be it one of their other names, as lists find them.
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
    /// What the revisions before it say, and from when on, in that order: until its moment one of them holds.
    pub before: Vec<(DateTime<Utc>, Arc<C>)>,
    /// When its first revision came or comes into force.
    pub from: DateTime<Utc>,
    /// Since when, or from when on, everybody is shown it for good; `None`: what is published last reaches no channel (Art. 8(1)). Of a moment
    /// see [`Stands::shown_at`].
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
        Self { content, latest_from: from, before: Vec::new(), from, shown_from, until: None, suspended_until: None }
    }

    /// The same entry when it says something else from a moment on.
    #[must_use]
    pub fn revised(mut self, content: Arc<C>, from: DateTime<Utc>) -> Self {
        let shown_from = is_shown(content.as_ref()).then(|| self.shown_from.unwrap_or(from));
        self.before.push((self.latest_from, self.content));
        self.before.retain(|(began, _)| *began < from);
        Self { content, latest_from: from, shown_from, ..self }
    }

    /// Since when everybody is shown what holds at a moment or, where that is nothing, from when on they are; `None`: nothing of it will be shown.
    pub fn shown_at(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (mut since, mut next) = (None, self.shown_from.filter(|from| *from > at));
        let all = self.before.iter().map(|(from, content)| (*from, content)).chain([(self.latest_from, &self.content)]);
        for (from, content) in all {
            let shown = is_shown(content.as_ref());
            if from <= at {
                since = shown.then(|| since.unwrap_or(from));
            } else if shown {
                next = Some(next.map_or(from, |next: DateTime<Utc>| next.min(from)));
            }
        }
        since.or(next)
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

    /// What it says at a moment: in the revision that holds then, or in its first one if that is still to come.
    pub fn says_at(&self, at: DateTime<Utc>) -> &Arc<C> {
        if self.latest_from <= at {
            return &self.content;
        }
        let held = self.before.iter().rev().find(|(from, _)| *from <= at).or(self.before.first());
        held.map_or(&self.content, |(_, content)| content)
    }

    /// All that it says, each from when on: the revisions that hold at some moment, in that order.
    pub fn revisions(&self) -> Vec<(DateTime<Utc>, &Arc<C>)> {
        let mut holding: Vec<(DateTime<Utc>, &Arc<C>)> = Vec::new();
        for (from, content) in self.before.iter().map(|(from, content)| (*from, content)).chain([(self.latest_from, &self.content)]) {
            // Of two of one moment the later one holds.
            while holding.last().is_some_and(|(before, _)| *before >= from) {
                holding.pop();
            }
            holding.push((from, content));
        }
        holding
    }

    /// What it says, if it has not ceased at a moment and is not out of sight: what others may build on. It may be upcoming.
    pub fn standing(&self, at: DateTime<Utc>) -> Option<&C> {
        (!self.has_ceased(at) && !self.is_suspended(at)).then_some(self.content.as_ref())
    }
}

/// The time in which a proof is abolished, be it announced only.
#[derive(Debug, Clone, PartialEq)]
pub struct Abolition<'a> {
    /// What it says at the moment that was asked for, or first if it is announced.
    pub material: &'a Arc<Material>,
    /// Why.
    pub why: &'a Abolished,
    /// Since when, or from when on.
    pub since: DateTime<Utc>,
    /// From when on it may be asked for again, if that is decided.
    pub until: Option<DateTime<Utc>>,
    /// What the names are compared by under which it is abolished: those that it bears in this time, and those that it bore until then, because by
    /// them it is asked for. None of them is free again because a later revision has another one.
    keys: BTreeSet<String>,
}

impl Abolition<'_> {
    /// Whether the proof is abolished by a moment.
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.since <= at && self.until.is_none_or(|until| at < until)
    }

    /// Whether a name is one under which the proof is abolished.
    pub fn bears(&self, name: &str) -> bool {
        self.keys.contains(&Material::key(name))
    }

    /// What the names are compared by under which it is abolished.
    pub fn keys(&self) -> &BTreeSet<String> {
        &self.keys
    }
}

impl Stands<Material> {
    /// The time in which it is abolished, if a moment is in it, or else the next one that is announced: until then it may be asked for. One that was
    /// abolished stays so, also where it was suspended or repealed afterwards (Art. 5(2)).
    pub fn abolition(&self, at: DateTime<Utc>) -> Option<Abolition<'_>> {
        let (mut abolition, mut before): (Option<Abolition<'_>>, Option<&Arc<Material>>) = (None, None);
        for (from, material) in self.revisions() {
            match (&mut abolition, &material.abolished) {
                (None, None) => {}
                (None, Some(why)) => {
                    let keys = before.into_iter().chain([material]).flat_map(|material| material.keys()).collect();
                    abolition = Some(Abolition { material, why, since: from, until: None, keys });
                }
                (Some(of), Some(why)) => {
                    if from <= at {
                        (of.material, of.why) = (material, why);
                    }
                    of.keys.extend(material.keys());
                }
                (Some(_), None) if from <= at => abolition = None,
                (Some(of), None) => {
                    of.until = Some(from);
                    break;
                }
            }
            before = Some(material);
        }
        abolition
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
