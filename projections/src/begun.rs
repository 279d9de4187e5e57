//! What channels begin to show with a commit.

use chrono::{DateTime, Utc};
use domain::{
    envelope::{Code, EntryName, Position},
    receipt::{Showing, Witness},
    register::{Content, Register},
    value::{Channel, Hash},
};
use serde::{Deserialize, Serialize};

use crate::document::{Both, Document, EntryView};

/// A revision that a channel serves: it is in force, or announced with the moment from which it will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServedNow {
    /// Its number.
    pub revision: u32,
    /// Hash of what both channels show of it.
    pub content_hash: Hash,
    /// When it was approved or adopted.
    pub published_at: DateTime<Utc>,
}

/// Something that a commit begins on a channel. Kept with the views until it is written down, so that the moment outlives whoever saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Begun {
    /// The channel.
    pub channel: Channel,
    /// The register of the entry.
    pub register: Register,
    /// Its code.
    pub code: Code,
    /// When: of what is served the moment of the commit; of what is not yet the moment at which it will be, by what is known.
    pub at: DateTime<Utc>,
    /// What is served; nothing: look again at that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served: Option<ServedNow>,
}

/// What the commits up to a position have begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Checkpoint of the last of them.
    pub up_to: Position,
    /// What they began, in their order.
    pub begun: Vec<Begun>,
}

impl Begun {
    /// The entry.
    pub fn entry(&self) -> EntryName {
        EntryName::new(self.register, self.code.clone())
    }

    /// The same as something to be written down; nothing where nothing is served yet.
    pub fn showing(&self, witness: Witness) -> Option<Showing> {
        let ServedNow { revision, content_hash, published_at } = self.served?;
        Some(Showing { entry: self.entry(), revision, content_hash, published_at, served_at: self.at, witness, sight: None })
    }

    /// What a channel serves by a document at a moment, and when it will serve more of it than that.
    pub fn of_document(channel: Channel, document: &Document, now: DateTime<Utc>) -> impl Iterator<Item = Self> + use<> {
        let (register, code) = (document.register(), document.code().clone());
        let begun = move |at, served| Self { channel, register, code: code.clone(), at, served };
        let (served, later) = (document.served_at(now), document.serves_more_after(now));
        served
            .into_iter()
            .map(move |served| (now, Some(served)))
            .chain(later.map(|at| (at, None)))
            .map(move |(at, served)| begun(at, served))
    }

    /// What the documents of an entry serve from a commit on. What was served before is among it: whoever writes it down knows.
    pub(crate) fn of_both(both: &Both, now: DateTime<Utc>) -> impl Iterator<Item = Self> {
        let documents = Channel::ALL.into_iter().filter_map(|channel| Some((channel, both.on(channel)?)));
        documents.flat_map(move |(channel, document)| Self::of_document(channel, document, now))
    }
}

impl<C: Content> EntryView<C> {
    /// The revisions that are served at a moment: the one in force, and those that are announced with their day, beside it or where nothing is
    /// shown yet.
    fn served_at(&self, now: DateTime<Utc>) -> Vec<ServedNow> {
        let in_force = self.shown_at(now).map(|shown| shown.revision);
        let served = in_force.into_iter().chain(self.revisions_to_come(now));
        served.map(|r| ServedNow { revision: r.number, content_hash: r.content_hash, published_at: r.approved_at }).collect()
    }

    /// The first moment after another at which a revision is served that is not at that one: the item of a guide comes into force, a suspension ends.
    fn serves_more_after(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let before = self.served_at(now);
        if self.revisions.iter().filter(|r| r.content.is_some()).count() <= before.len() {
            return None;
        }
        let of_gates = self.revisions.iter().filter_map(|r| r.gate.as_ref()).flat_map(|gate| gate.timeline.steps.iter().map(|(at, _)| *at));
        let until = self.suspension.as_ref().and_then(|suspension| suspension.until);
        let mut moments: Vec<_> =
            self.revisions.iter().map(|r| r.effective_from).chain(of_gates).chain(until).filter(|at| *at > now).collect();
        moments.sort_unstable();
        moments.dedup();
        let is_new = |served: &ServedNow| !before.iter().any(|known| known.revision == served.revision);
        moments.into_iter().find(|at| self.served_at(*at).iter().any(is_new))
    }
}

macro_rules! of_view {
    ($document:expr, $view:ident => $what:expr) => {
        match $document {
            Document::Agency($view) => $what,
            Document::Item($view) => $what,
            Document::Guide($view) => $what,
            Document::Material($view) => $what,
            Document::CatalogueEntry($view) => $what,
        }
    };
}
pub(crate) use of_view;

impl Document {
    /// The revisions that are served at a moment: the one in force, and those that are announced with their day.
    pub fn served_at(&self, now: DateTime<Utc>) -> Vec<ServedNow> {
        of_view!(self, view => view.served_at(now))
    }

    /// Whether something of it is announced at a moment and nothing of it is shown.
    pub fn is_announced_at(&self, now: DateTime<Utc>) -> bool {
        of_view!(self, view => !view.announced_at(now).is_empty())
    }

    /// Whether it is, and an agency answers for what is announced.
    pub(crate) fn is_announced_of(&self, agency: &Code, now: DateTime<Utc>) -> bool {
        of_view!(self, view => view.announced_at(now).iter().any(|r| r.content.as_ref().is_some_and(|content| content.agency() == Some(agency))))
    }

    /// The first moment after another at which a revision is served that is not at that one, as far as is known.
    pub fn serves_more_after(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        of_view!(self, view => view.serves_more_after(now))
    }
}
