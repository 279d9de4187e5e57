use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    envelope::{Code, EntryName},
    value::Channel,
};
use foldhash::HashMap;

use crate::{
    document::{Both, EntryView, Viewed},
    happened::Happened,
    withheld::{Withheld, Withholding},
};

/// The documents that a batch of events is projected into: as they are in the store, then as they become.
///
/// A document that only the working set holds is changed in place. One that readers may hold too is copied first.
#[derive(Debug, Default)]
pub struct Working {
    slots: HashMap<EntryName, Slot>,
    /// See [`Working::looking_at`].
    looking: Option<Looking>,
}

/// A moment that documents are to be asked about, and no other.
#[derive(Debug, Clone)]
pub struct Looking {
    /// The moment: they keep what was in force then, although it was superseded since.
    pub at: DateTime<Utc>,
    /// What they leave out of what was said then, because it is withheld since; nothing for those who may see all.
    pub without: Arc<Withholding>,
}

/// What is known of an entry.
#[derive(Debug, Default)]
struct Slot {
    both: Option<Both>,
    changed: bool,
}

/// Which of the documents of an entry are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    /// The one document that both channels hold.
    Same,
    /// That of one channel.
    One(Channel),
}

impl Side {
    /// The channel for which a content is cut out: what is the same on both is so on the first.
    pub(super) fn channel(self) -> Channel {
        match self {
            Self::Same => Channel::ALL[0],
            Self::One(channel) => channel,
        }
    }
}

impl Working {
    /// Documents that are to be asked about one moment, however much was recorded after it: they keep what was in force then, although
    /// it was superseded since. About an earlier moment they say nothing.
    pub fn looking_at(looking: Looking) -> Self {
        Self { looking: Some(looking), ..Self::default() }
    }

    /// The moment that the documents are asked about, if it is a certain one.
    pub(super) fn horizon(&self) -> Option<DateTime<Utc>> {
        self.looking.as_ref().map(|looking| looking.at)
    }

    /// What is left out of what an entry said.
    pub(super) fn withheld(&self, entry: impl FnOnce() -> EntryName) -> Option<Withheld> {
        self.looking.as_ref()?.without.of(&entry()).cloned()
    }

    /// When an event counts as recorded: what was superseded by then may be let go.
    pub(super) fn recorded_at(&self, happened: &Happened) -> DateTime<Utc> {
        let at = happened.metadata.at;
        self.horizon().map_or(at, |horizon| at.min(horizon))
    }

    /// Notes what the store holds of an entry, or that it holds nothing.
    pub fn load(&mut self, entry: EntryName, both: Option<Both>) {
        self.slots.insert(entry, Slot { both, changed: false });
    }

    /// What the changed entries have become.
    pub fn into_changes(self) -> impl Iterator<Item = (EntryName, Both)> {
        self.slots.into_iter().filter(|(_, slot)| slot.changed).filter_map(|(entry, slot)| Some((entry, slot.both?.joined())))
    }

    pub(super) fn knows(&self, entry: &EntryName) -> bool {
        self.slots.contains_key(entry)
    }

    /// Whether both channels hold the same of an entry.
    pub(super) fn is_same(&self, entry: &EntryName) -> bool {
        let both = self.slots.get(entry).and_then(|slot| slot.both.as_ref());
        !matches!(both, Some(Both::Each(_)))
    }

    /// From now on each channel has a document of its own.
    pub(super) fn part(&mut self, entry: &EntryName) {
        if let Some(slot) = self.slots.get_mut(entry)
            && let Some(Both::Same(document)) = &slot.both
        {
            slot.both = Some(Both::Each(Channel::ALL.map(|_| Some(document.clone()))));
        }
    }

    /// The view of an entry.
    pub(super) fn view<C: Viewed>(&self, code: &Code, side: Side) -> Option<&EntryView<C>> {
        let both = self.slots.get(&name::<C>(code))?.both.as_ref()?;
        both.on(side.channel()).and_then(C::view).map(Arc::as_ref)
    }

    /// The view of an entry, to be changed; begun if there is none.
    pub(super) fn change<C: Viewed>(&mut self, code: &Code, side: Side, begin: impl Fn() -> EntryView<C>) -> Option<&mut EntryView<C>> {
        let slot = self.slots.entry(name::<C>(code)).or_default();
        slot.changed = true;
        let begin = || C::document(Arc::new(begin()));
        let both = slot.both.get_or_insert_with(|| match side {
            Side::Same => Both::Same(begin()),
            Side::One(_) => Both::Each(Channel::ALL.map(|_| None)),
        });
        let document = match both {
            Both::Same(document) => document,
            Both::Each(documents) => documents[side.channel() as usize].get_or_insert_with(begin),
        };
        C::view_mut(document).map(Arc::make_mut)
    }
}

fn name<C: Viewed>(code: &Code) -> EntryName {
    EntryName::new(C::REGISTER, code.clone())
}
