//! An entry as a channel showed it at a moment: what is written down of it, and compared.

use chrono::{DateTime, Utc};
use domain::{
    entry::{RepealNotice, Source},
    envelope::Code,
    register::{Content, Register},
    value::Hash,
};
use projections::{Document, EntryView, RevisionView, Upcoming};
use serde::Serialize;
use serde_json::Value;

/// An entry as it was shown. In canonical JSON it is the same bytes whatever store its events are kept in: no place in a log is part of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stood {
    /// Its register.
    pub register: Register,
    /// Its code.
    pub code: Code,
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// The agency that answers for it.
    #[serde(skip)]
    pub agency: Option<Code>,
    /// The revision in force.
    pub revision: Revision,
    /// What the channel showed of it.
    pub content: Value,
    /// What was published and not yet in force, in order of time.
    pub upcoming: Vec<Announced>,
}

/// An entry that was announced with its day and of which nothing was shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotYet {
    /// Its register.
    pub register: Register,
    /// Its code.
    pub code: Code,
    /// What was published of it, in order of time.
    pub upcoming: Vec<Announced>,
}

/// A revision.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    /// Number, from 1.
    pub number: u32,
    /// Hash of what both channels show of it.
    pub content_hash: Hash,
    /// From when it holds.
    pub effective_from: DateTime<Utc>,
    /// Until when, if that was known.
    pub effective_until: Option<DateTime<Utc>>,
    /// When it was approved or adopted.
    pub approved_at: DateTime<Utc>,
    /// Document by which it was approved or issued.
    pub document_number: Option<String>,
    /// Where it was read, if it was adopted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Names of the fields that were shown then and are left out because they are withheld since; the hash is that of what was shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub withheld_since: Vec<String>,
}

/// What was published and not yet in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Announced {
    /// A revision.
    Revision {
        /// Which.
        revision: Box<Revision>,
        /// From when on it will be shown, where that is later than it holds: until then the entry or its item is out of sight.
        #[serde(rename = "shownFrom", skip_serializing_if = "Option::is_none")]
        shown_from: Option<DateTime<Utc>>,
        /// What it says.
        content: Value,
    },
    /// The end of the entry.
    Repeal {
        /// When, why and by which document.
        repeal: RepealNotice,
    },
}

impl Announced {
    /// Number of the revision, if it is one.
    pub fn revision(&self) -> Option<u32> {
        match self {
            Self::Revision { revision, .. } => Some(revision.number),
            Self::Repeal { .. } => None,
        }
    }

    /// What the revision says, if it is one.
    pub fn content(&self) -> Option<&Value> {
        match self {
            Self::Revision { content, .. } => Some(content),
            Self::Repeal { .. } => None,
        }
    }

    /// From when it holds.
    pub fn effective_from(&self) -> DateTime<Utc> {
        match self {
            Self::Revision { revision, .. } => revision.effective_from,
            Self::Repeal { repeal } => repeal.effective_from,
        }
    }
}

/// What a document showed at a moment; `None`: nothing.
pub fn stood(document: &Document, at: DateTime<Utc>) -> Result<Option<Stood>, serde_json::Error> {
    match document {
        Document::Agency(view) => of_view(view, at),
        Document::Item(view) => of_view(view, at),
        Document::Guide(view) => of_view(view, at),
        Document::Material(view) => of_view(view, at),
        Document::CatalogueEntry(view) => of_view(view, at),
    }
}

/// What was announced by a document of an entry of which nothing was shown; `None`: nothing, or something was shown.
pub fn not_yet(document: &Document, at: DateTime<Utc>) -> Result<Option<NotYet>, serde_json::Error> {
    if !document.is_announced_at(at) {
        return Ok(None);
    }
    Ok(Some(NotYet { register: document.register(), code: document.code().clone(), upcoming: ahead(document, at)? }))
}

/// What was announced of a document at a moment, also where nothing of it was shown yet. Of what is not shown and will not be nobody is told when it ceases.
pub fn ahead(document: &Document, at: DateTime<Utc>) -> Result<Vec<Announced>, serde_json::Error> {
    if !document.is_shown_at(at) && !document.is_announced_at(at) {
        return Ok(Vec::new());
    }
    match document {
        Document::Agency(view) => ahead_of(view, at),
        Document::Item(view) => ahead_of(view, at),
        Document::Guide(view) => ahead_of(view, at),
        Document::Material(view) => ahead_of(view, at),
        Document::CatalogueEntry(view) => ahead_of(view, at),
    }
}

fn ahead_of<C: Content>(view: &EntryView<C>, at: DateTime<Utc>) -> Result<Vec<Announced>, serde_json::Error> {
    view.upcoming_at(at).iter().map(|upcoming| announced(view, upcoming)).collect()
}

/// How an entry is called at a moment, and who answers for it, whether anything of it is shown or not: by what holds, or by what will first.
pub fn called(document: &Document, at: DateTime<Utc>) -> Option<(String, Option<Code>)> {
    match document {
        Document::Agency(view) => called_in(view, at),
        Document::Item(view) => called_in(view, at),
        Document::Guide(view) => called_in(view, at),
        Document::Material(view) => called_in(view, at),
        Document::CatalogueEntry(view) => called_in(view, at),
    }
}

fn called_in<C: Content>(view: &EntryView<C>, at: DateTime<Utc>) -> Option<(String, Option<Code>)> {
    let (held, to_come): (Vec<_>, Vec<_>) = view.revisions.iter().partition(|revision| revision.effective_from <= at);
    let content = held.into_iter().rev().chain(to_come).find_map(|revision| revision.content.as_deref())?;
    Some((content.name().to_owned(), content.agency().cloned()))
}

fn of_view<C: Content>(view: &EntryView<C>, at: DateTime<Utc>) -> Result<Option<Stood>, serde_json::Error> {
    let Some(shown) = view.shown_at(at) else { return Ok(None) };
    let upcoming = ahead_of(view, at)?;
    Ok(Some(Stood {
        register: C::REGISTER,
        code: view.code.clone(),
        name: shown.content.name().to_owned(),
        agency: shown.content.agency().cloned(),
        revision: Revision { effective_until: shown.effective_until, ..revision(shown.revision) },
        content: serde_json::to_value(shown.content.as_ref())?,
        upcoming,
    }))
}

fn announced<C: Content>(view: &EntryView<C>, upcoming: &Upcoming<'_, C>) -> Result<Announced, serde_json::Error> {
    Ok(match upcoming {
        Upcoming::Revision(upcoming) => Announced::Revision {
            revision: Box::new(revision(upcoming)),
            shown_from: view.seen_later(upcoming),
            content: serde_json::to_value(upcoming.content.as_deref())?,
        },
        Upcoming::Repeal(repeal) => Announced::Repeal { repeal: (*repeal).clone() },
    })
}

fn revision<C>(view: &RevisionView<C>) -> Revision {
    Revision {
        number: view.number,
        content_hash: view.content_hash,
        effective_from: view.effective_from,
        effective_until: None,
        approved_at: view.approved_at,
        document_number: view.document_number.clone(),
        source: view.source.as_deref().cloned(),
        withheld_since: view.withheld_since.clone(),
    }
}
