mod both;
mod shown;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    entry::{RepealNotice, Source, SuspensionNotice},
    envelope::{Code, Position},
    register::{Agency, CatalogueEntry, Content, Guide, Item, Material, Register},
    value::{Channel, Hash, OpennessAttribute},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::moment::Timeline;
pub use both::Both;
pub use shown::{Shown, Upcoming};

/// The key of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The channel that shows it.
    pub channel: Channel,
    /// The register.
    pub register: Register,
    /// The code of the entry.
    pub code: Code,
}

/// What a channel holds of one entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// An agency.
    Agency(Arc<EntryView<Agency>>),
    /// An item.
    Item(Arc<EntryView<Item>>),
    /// A guide.
    Guide(Arc<EntryView<Guide>>),
    /// A material.
    Material(Arc<EntryView<Material>>),
    /// A line of the openness catalogue.
    CatalogueEntry(Arc<EntryView<CatalogueEntry>>),
}

/// The revisions of an entry that a channel shows now or will show, and when it ceases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound = "C: Content")]
pub struct EntryView<C> {
    /// Code of the entry.
    pub code: Code,
    /// The revision in force when the last event was recorded, and the upcoming ones, by the time from which they hold.
    pub revisions: Vec<RevisionView<C>>,
    /// The repeal, once decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeal: Option<RepealNotice>,
    /// The suspension, until it is ended. While it holds nothing is shown: what cannot be done now must not be found as if it
    /// could (see `docs/adr/0013`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<SuspensionNotice>,
    /// Of an item: the codes of its guides, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guides: Vec<Code>,
    /// The latest time at which an event of it was recorded; what lies after it depends on the clock.
    pub recorded_at: DateTime<Utc>,
    /// Place of the last event that changed it.
    pub position: Position,
    /// Names under which it is looked for, folded, one a line.
    pub words: String,
}

/// A revision as a channel shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound = "C: Content")]
pub struct RevisionView<C> {
    /// Number, from 1.
    pub number: u32,
    /// What it says; `None` for one that reaches no channel (Art. 8(1)): while it holds, nothing is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Arc<C>>,
    /// Hash of what both channels show of it; of nothing where that is nothing.
    pub content_hash: Hash,
    /// From when it holds.
    pub effective_from: DateTime<Utc>,
    /// When it was approved or adopted.
    pub approved_at: DateTime<Utc>,
    /// Document by which it was approved or issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// Where it was read, if it was adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Arc<Source>>,
    /// Of a moment that is past: names of the fields that were shown then and are withheld since, so that they are not told any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld_since: Vec<String>,
    /// Of a guide: when its item is shown. A guide is shown only while its item is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Arc<Gate>>,
}

/// When the item of a guide is shown, and why it ceases.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gate {
    /// When the item is shown.
    pub timeline: Timeline,
    /// The repeal of the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeal: Option<RepealNotice>,
}

impl<C: Content> EntryView<C> {
    /// The view of an entry of which nothing is shown yet.
    pub(crate) fn empty(code: Code, recorded_at: DateTime<Utc>, position: Position) -> Self {
        Self {
            code,
            revisions: Vec::new(),
            repeal: None,
            suspension: None,
            guides: Vec::new(),
            recorded_at,
            position,
            words: String::new(),
        }
    }

    /// When the entry by itself is shown.
    pub fn timeline(&self) -> Timeline {
        let timeline = Timeline {
            steps: self.revisions.iter().map(|r| (r.effective_from, r.content.is_some())).collect(),
            until: self.repeal.as_ref().map(|repeal| repeal.effective_from),
        };
        match &self.suspension {
            Some(suspension) => timeline.suspended(suspension.effective_from, suspension.until),
            None => timeline,
        }
    }

    /// What is shown at a moment.
    pub fn shown_at(&self, now: DateTime<Utc>) -> Option<Shown<'_, C>> {
        let place = self.revisions.iter().rposition(|r| r.effective_from <= now)?;
        let revision = &self.revisions[place];
        let effective_until = self.end_of(place);
        if self.hides_at(revision, now) || effective_until.is_some_and(|end| end <= now) {
            return None;
        }
        Some(Shown { content: revision.content.as_ref()?, revision, effective_until })
    }

    /// What is published at a moment and will be shown later, in order of time, and when the entry ceases. Empty once it has.
    pub fn upcoming_at(&self, now: DateTime<Utc>) -> Vec<Upcoming<'_, C>> {
        let end = self.repeal.as_ref().map(|repeal| repeal.effective_from);
        if end.is_some_and(|end| end <= now) {
            return Vec::new();
        }
        // What nobody will see, as far as is decided, is not announced: see `seen_from`.
        let to_come = |place: usize, r: &RevisionView<C>| r.effective_from > now && self.seen_from(place).is_some();
        let revisions = self.revisions.iter().enumerate().filter(|(place, r)| to_come(*place, r)).map(|(_, r)| r);
        // The repeal of an item ends a guide if it falls into the time of the revision that belongs to the item.
        let of_items = self.revisions.iter().enumerate().filter_map(|(place, revision)| {
            let repeal = revision.gate.as_ref()?.repeal.as_ref()?;
            let holds = repeal.effective_from > now && self.end_of(place) == Some(repeal.effective_from);
            holds.then_some(repeal)
        });
        let repeal = self.repeal.iter().chain(of_items).min_by_key(|repeal| repeal.effective_from);
        let mut upcoming: Vec<_> = revisions.map(Upcoming::Revision).chain(repeal.map(Upcoming::Repeal)).collect();
        upcoming.sort_by_key(Upcoming::effective_from);
        upcoming
    }

    /// The moment at which a revision ceases: by the next one, by the repeal of the entry, or by that of its item.
    fn end_of(&self, place: usize) -> Option<DateTime<Utc>> {
        let next = self.revisions.get(place + 1).map(|r| r.effective_from);
        let own = self.repeal.as_ref().map(|repeal| repeal.effective_from);
        let of_item = self.revisions[place].gate.as_ref().and_then(|gate| gate.timeline.until);
        next.into_iter().chain(own).chain(of_item).min()
    }

    /// The next instant after a moment at which anything of it is shown otherwise, is announced no longer, or ceases.
    pub fn next_change(&self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let gates = self.revisions.iter().filter_map(|revision| revision.gate.as_ref());
        let of_items = gates.filter_map(|gate| gate.timeline.next_change(moment));
        // A suspension leaves out of the timeline what begins under it, and that is announced until then if it will be seen.
        let begins = self.revisions.iter().map(|revision| revision.effective_from).filter(|at| *at > moment);
        self.timeline().next_change(moment).into_iter().chain(of_items).chain(begins).min()
    }

    /// Whether there is or will be a moment at which it is shown or announced, as far as is known.
    pub(crate) fn may_be_shown(&self) -> bool {
        // A suspension without an end holds until somebody ends it, and then the entry is looked at again.
        let out_of_sight = self.suspension.as_ref().is_some_and(|suspension| suspension.until.is_none());
        let shown = |(place, revision): (usize, &RevisionView<C>)| {
            let opened = revision.gate.as_ref().is_none_or(|gate| gate.timeline.steps.iter().any(|(_, shown)| *shown));
            let lasts = self.end_of(place).is_none_or(|end| end > self.recorded_at && end > revision.effective_from);
            revision.content.is_some() && opened && lasts
        };
        !out_of_sight && self.revisions.iter().enumerate().any(shown)
    }

    /// Whether any of its revisions withholds something or reaches no channel.
    pub(crate) fn withholds(&self) -> bool {
        let open = |content: &Arc<C>| content.openness().attribute != OpennessAttribute::Partial;
        self.revisions.iter().any(|revision| !revision.content.as_ref().is_some_and(open))
    }

    /// Whether a revision that reaches channels begins after all that was recorded.
    fn begins_later(&self) -> bool {
        self.revisions.iter().any(|revision| revision.content.is_some() && revision.effective_from > self.recorded_at)
    }

    /// Whether what is shown depends on the clock, or its terms are those of more than one revision.
    pub(crate) fn is_temporal(&self) -> bool {
        let gates = self.revisions.iter().filter_map(|r| r.gate.as_ref());
        self.revisions.len() > 1
            || self.begins_later()
            || self.timeline().changes_after(self.recorded_at)
            || gates.into_iter().any(|gate| gate.timeline.changes_after(self.recorded_at))
    }
}

impl Document {
    /// Its register.
    pub fn register(&self) -> Register {
        match self {
            Self::Agency(_) => Register::Agency,
            Self::Item(_) => Register::Item,
            Self::Guide(_) => Register::Guide,
            Self::Material(_) => Register::Material,
            Self::CatalogueEntry(_) => Register::Openness,
        }
    }

    /// Whether this is the very same document, not only an equal one.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Agency(a), Self::Agency(b)) => Arc::ptr_eq(a, b),
            (Self::Item(a), Self::Item(b)) => Arc::ptr_eq(a, b),
            (Self::Guide(a), Self::Guide(b)) => Arc::ptr_eq(a, b),
            (Self::Material(a), Self::Material(b)) => Arc::ptr_eq(a, b),
            (Self::CatalogueEntry(a), Self::CatalogueEntry(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// The code of its entry.
    pub fn code(&self) -> &Code {
        match self {
            Self::Agency(view) => &view.code,
            Self::Item(view) => &view.code,
            Self::Guide(view) => &view.code,
            Self::Material(view) => &view.code,
            Self::CatalogueEntry(view) => &view.code,
        }
    }

    /// Whether anything is shown of it at a moment.
    pub fn is_shown_at(&self, now: DateTime<Utc>) -> bool {
        match self {
            Self::Agency(view) => view.shown_at(now).is_some(),
            Self::Item(view) => view.shown_at(now).is_some(),
            Self::Guide(view) => view.shown_at(now).is_some(),
            Self::Material(view) => view.shown_at(now).is_some(),
            Self::CatalogueEntry(view) => view.shown_at(now).is_some(),
        }
    }

    /// The next instant after a moment at which anything of it is shown otherwise.
    pub fn next_change(&self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Agency(view) => view.next_change(moment),
            Self::Item(view) => view.next_change(moment),
            Self::Guide(view) => view.next_change(moment),
            Self::Material(view) => view.next_change(moment),
            Self::CatalogueEntry(view) => view.next_change(moment),
        }
    }

    /// Names under which it is looked for, folded, one a line.
    pub fn words(&self) -> &str {
        match self {
            Self::Agency(view) => &view.words,
            Self::Item(view) => &view.words,
            Self::Guide(view) => &view.words,
            Self::Material(view) => &view.words,
            Self::CatalogueEntry(view) => &view.words,
        }
    }

    /// The entry that whoever reads this one reads next: a guide is told with its item.
    pub fn leads_to(&self) -> Option<(Register, &Code)> {
        match self {
            Self::Guide(view) => {
                let last = view.revisions.iter().rev().find_map(|revision| revision.content.as_ref())?;
                Some((Register::Item, &last.item))
            }
            Self::Agency(_) | Self::Item(_) | Self::Material(_) | Self::CatalogueEntry(_) => None,
        }
    }

    /// The bytes in which stores keep the document and rebuilt views are compared.
    pub fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        match self {
            Self::Agency(view) => serde_json::to_vec(view),
            Self::Item(view) => serde_json::to_vec(view),
            Self::Guide(view) => serde_json::to_vec(view),
            Self::Material(view) => serde_json::to_vec(view),
            Self::CatalogueEntry(view) => serde_json::to_vec(view),
        }
    }

    /// Reads what [`Document::encode`] wrote.
    pub fn decode(register: Register, bytes: &[u8]) -> Result<Self, serde_json::Error> {
        Ok(match register {
            Register::Agency => Self::Agency(read(bytes)?),
            Register::Item => Self::Item(read(bytes)?),
            Register::Guide => Self::Guide(read(bytes)?),
            Register::Material => Self::Material(read(bytes)?),
            Register::Openness => Self::CatalogueEntry(read(bytes)?),
        })
    }
}

/// Looking once whether all of it is UTF-8 takes less than looking at each text. What is not has its error from the parser.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    }
}

/// A register's content as the type of its documents.
pub trait Viewed: Content {
    /// The document of a view.
    fn document(view: Arc<EntryView<Self>>) -> Document;

    /// The view in a document of this register.
    fn view(document: &Document) -> Option<&Arc<EntryView<Self>>>;

    /// The same, to be changed.
    fn view_mut(document: &mut Document) -> Option<&mut Arc<EntryView<Self>>>;
}

macro_rules! viewed {
    ($($content:ident),*) => {$(
        impl Viewed for $content {
            fn document(view: Arc<EntryView<Self>>) -> Document {
                Document::$content(view)
            }

            fn view(document: &Document) -> Option<&Arc<EntryView<Self>>> {
                match document {
                    Document::$content(view) => Some(view),
                    _ => None,
                }
            }

            fn view_mut(document: &mut Document) -> Option<&mut Arc<EntryView<Self>>> {
                match document {
                    Document::$content(view) => Some(view),
                    _ => None,
                }
            }
        }
    )*};
}

viewed!(Agency, Item, Guide, Material, CatalogueEntry);
