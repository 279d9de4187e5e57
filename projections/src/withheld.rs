//! What of an entry is withheld now, and so is not told of what it said earlier either (Art. 8(1)).

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    codec::{RegisterEvent, Registered},
    entry::{Event, Publication},
    envelope::{Code, EntryName},
    register::{Content, Register, on_channel, withheld_of},
    value::{Channel, OpennessAttribute},
};
use journal::{Journal, LoadError, Past, decode_recorded};
use serde_json::Value;

use crate::{
    begun::of_view,
    document::{Document, EntryView},
    store::{Snapshot, ViewError},
    term::{Index, Term},
};

/// What is withheld at a moment, by what is in force then and by what is published to follow it: whoever asks now is not told of an earlier
/// revision what the register does not tell of the entry any more, or has announced that it will not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withheld {
    /// What is in force since then reaches no channel: nothing is told of what was said up to it.
    whole: Option<DateTime<Utc>>,
    fields: BTreeSet<String>,
}

impl Withheld {
    /// By what is known of an entry, at a moment.
    pub fn at<C: Registered>(history: &[Past<C>], now: DateTime<Utc>) -> Self {
        Self::by(history.iter().filter_map(|past| published(&past.event)).collect(), now)
    }

    /// By what the views of the present hold of an entry: the same.
    pub fn of(document: &Document, now: DateTime<Utc>) -> Self {
        of_view!(document, view => Self::of_view(view, now))
    }

    fn of_view<C: Content>(view: &EntryView<C>, now: DateTime<Utc>) -> Self {
        let published = view.revisions.iter().map(|revision| (revision.effective_from, revision.content.as_deref().map(kept_back)));
        Self::by(published.collect(), now)
    }

    /// By what was published.
    fn by(mut published: Vec<Published>, now: DateTime<Utc>) -> Self {
        published.sort_by_key(|(from, _)| *from);
        let in_force = published.partition_point(|(from, _)| *from <= now).saturating_sub(1);
        let mut withheld = Self::default();
        for (place, (from, fields)) in published.into_iter().enumerate().skip(in_force) {
            match fields {
                None => withheld.whole = withheld.whole.or(Some(from).filter(|from| place == in_force && *from <= now)),
                Some(fields) => withheld.fields.extend(fields),
            }
        }
        withheld
    }

    /// Whether nothing at all is told of a content that holds from a moment on.
    pub fn hides(&self, from: DateTime<Utc>) -> bool {
        self.whole.is_some_and(|since| from <= since)
    }

    /// Takes out of a content that holds from a moment on, written as JSON, what is withheld by now; whether there was any of it.
    pub fn take_out(&self, content: &mut Value, from: DateTime<Utc>) -> bool {
        let Value::Object(fields) = content else { return false };
        let before = fields.len();
        let whole = self.hides(from);
        fields.retain(|name, _| !whole && !self.fields.contains(name));
        fields.len() < before
    }

    /// What is left of a content that a channel showed and that holds from a moment on, with the names of what is withheld since; `None` if
    /// nothing is, or if it cannot do without that.
    pub(crate) fn cut<C: Content>(&self, content: Arc<C>, from: DateTime<Utc>) -> Option<(Arc<C>, Vec<String>)> {
        if self.hides(from) {
            return None;
        }
        // Named whether there was anything in them or not: of what is withheld it is not told either that it was empty.
        let since: Vec<_> = self.fields.iter().filter(|name| !content.openness().withheld.contains(name)).cloned().collect();
        let mut value = serde_json::to_value(content.as_ref()).ok()?;
        let content = if self.take_out(&mut value, from) { Arc::new(serde_json::from_value(value).ok()?) } else { content };
        Some((content, since))
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// From when a revision holds, and the fields that it withholds; nothing: it reaches no channel.
type Published = (DateTime<Utc>, Option<Vec<String>>);

/// What an event published.
fn published<C: Registered>(event: &Event<C>) -> Option<Published> {
    let Publication { content, content_hash, effective_from, .. } = event.publication()?;
    let fields = match content.openness().attribute {
        OpennessAttribute::Active => Some(Vec::new()),
        OpennessAttribute::OnRequest | OpennessAttribute::NotDisclosed => None,
        OpennessAttribute::Partial => on_channel(content, content_hash, Channel::Online).map(|_| kept_back(content.as_ref())),
    };
    Some((effective_from, fields))
}

/// The fields that a content which reaches channels withholds.
fn kept_back<C: Content>(content: &C) -> Vec<String> {
    if content.openness().attribute == OpennessAttribute::Partial { withheld_of(content).cloned().collect() } else { Vec::new() }
}

/// Entries that are looked at in one step.
const STEP: usize = 512;

/// Events of the log that are read at a time.
const PAGE: usize = 1_000;

/// What is withheld at a moment, of every entry of which anything is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withholding(BTreeMap<EntryName, Withheld>);

impl Withholding {
    /// By the views of the present, at a moment: all of it.
    pub async fn at(present: &dyn Snapshot, now: DateTime<Utc>) -> Result<Self, ViewError> {
        let (mut withholding, terms) = (Self::default(), [Term::fixed(Index::Withheld, "")]);
        for register in Register::ALL {
            let mut after: Option<Code> = None;
            loop {
                // Openness is no matter of channels: what the one holds says it of both.
                let codes = present.find(Channel::Online, register, &terms, after.as_ref(), STEP).await?;
                withholding.add(&present.get_many(Channel::Online, register, &codes).await?, now);
                if codes.len() < STEP {
                    break;
                }
                after = codes.into_iter().next_back();
            }
        }
        Ok(withholding)
    }

    /// By the events of a journal, at a moment: the same, without views, of which a large register has more than a gigabyte.
    pub async fn by_log(journal: &dyn Journal, now: DateTime<Utc>) -> Result<Self, LoadError> {
        let (mut of, mut after) = (HashMap::<EntryName, Vec<Published>>::new(), None);
        loop {
            let page = journal.read_all(after, PAGE).await?;
            for recorded in &page.events {
                after = Some(recorded.position);
                let Some(entry) = recorded.stream.entry() else { continue };
                let (_, event) = decode_recorded(recorded).map_err(|source| LoadError::Codec {
                    stream: recorded.stream.clone(),
                    version: recorded.version,
                    source,
                })?;
                let published = match &event {
                    RegisterEvent::Agency(event) => published(event),
                    RegisterEvent::Item(event) => published(event),
                    RegisterEvent::Guide(event) => published(event),
                    RegisterEvent::Material(event) => published(event),
                    RegisterEvent::CatalogueEntry(event) => published(event),
                };
                if let Some(published) = published {
                    of.entry(entry).or_default().push(published);
                }
            }
            if page.end || page.events.is_empty() {
                break;
            }
        }
        let withheld = of.into_iter().map(|(entry, published)| (entry, Withheld::by(published, now)));
        Ok(Self(withheld.filter(|(_, withheld)| !withheld.is_nothing()).collect()))
    }

    /// The same of some entries alone.
    pub async fn of_entries(present: &dyn Snapshot, entries: &[(Register, Code)], now: DateTime<Utc>) -> Result<Self, ViewError> {
        let mut withholding = Self::default();
        withholding.add(&present.get_entries(Channel::Online, entries).await?, now);
        Ok(withholding)
    }

    /// What of an entry is withheld, if anything is.
    pub fn of(&self, entry: &EntryName) -> Option<&Withheld> {
        if self.0.is_empty() { None } else { self.0.get(entry) }
    }

    fn add(&mut self, documents: &[Option<Document>], now: DateTime<Utc>) {
        for document in documents.iter().flatten() {
            let withheld = Withheld::of(document, now);
            if !withheld.is_nothing() {
                self.0.insert(EntryName::new(document.register(), document.code().clone()), withheld);
            }
        }
    }
}
