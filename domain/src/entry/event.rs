use std::sync::Arc;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Source;
use crate::{
    acting::{Acting, PersonId},
    envelope::Code,
    register::Handover,
    value::Hash,
};

/// What can have happened to an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<C> {
    /// A line of a list was taken over.
    Adopted(Adopted<C>),
    /// A change was begun.
    Drafted(Drafted<C>),
    /// A draft was changed.
    Redrafted(Drafted<C>),
    /// A draft was handed to the openness office.
    Submitted(Submitted),
    /// A draft, or a corrected revision, was reviewed.
    Reviewed(Reviewed),
    /// A draft was approved and with that published.
    Approved(Approved<C>),
    /// A draft was sent back.
    Returned(Returned),
    /// A draft was given up.
    Withdrawn(Withdrawn),
    /// The entry was taken out of sight for a time.
    Suspended(Suspended),
    /// A suspension was ended.
    Resumed(Resumed),
    /// The entry was taken off its list.
    Repealed(Repealed),
    /// A corrected content was published at once.
    Corrected(Corrected<C>),
    /// An institutional reform changed who answers for the entry.
    Transferred(Transferred<C>),
}

/// A line of a list that was in force was taken over; on an entry that existed it is a further revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Adopted<C> {
    /// Number of the revision, from 1.
    pub revision: u32,
    /// What it says. Shared, because views and caches hold the same one.
    pub content: Arc<C>,
    /// Hash of the whole content (RFC 8785).
    pub content_hash: Hash,
    /// When it comes into force.
    pub effective_from: DateTime<Utc>,
    /// Where it was read.
    pub source: Arc<Source>,
}

/// What an entry is to say was written down, first or again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Drafted<C> {
    /// What the entry is to say.
    pub content: Arc<C>,
    /// Hash of the whole content (RFC 8785).
    pub content_hash: Hash,
    /// Number of the latest published revision at that time, which the draft is to follow; 0 if there was none.
    pub based_on: u32,
    /// Where it was read, if it comes from a list; absent in a draft that was changed: it is still that line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Arc<Source>>,
    /// Who drafted.
    pub by: Acting,
}

/// A draft was handed to the openness office (Art. 8(1)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Submitted {
    /// Hash of the content that was submitted.
    pub content_hash: Hash,
    /// Who submitted it.
    pub by: Acting,
}

/// The openness office passed a content (Art. 8(1)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reviewed {
    /// Hash of the content that was reviewed.
    pub content_hash: Hash,
    /// Number of the corrected revision of which the review was owed (Art. 7); absent: the draft was reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// Who reviewed.
    pub by: Acting,
}

/// A draft was approved (Art. 8(1)). It holds the whole content, so that what is published follows from this event alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Approved<C> {
    /// Number of the revision, from 1.
    pub revision: u32,
    /// What it says.
    pub content: Arc<C>,
    /// Hash of the whole content, which the approval named.
    pub content_hash: Hash,
    /// When it comes into force.
    pub effective_from: DateTime<Utc>,
    /// Number of the document.
    #[serde(rename = "documentNumber")]
    pub document: String,
    /// The persons who drafted it, in order of their ids.
    pub drafters: Vec<PersonId>,
    /// The person who reviewed it.
    pub reviewer: PersonId,
    /// Who approved.
    pub by: Acting,
}

/// A draft was sent back (Art. 8(1)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Returned {
    /// What is to be changed.
    pub reason: String,
    /// Who returned it.
    pub by: Acting,
}

/// A draft was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Withdrawn {
    /// Why.
    pub reason: String,
    /// Who withdrew it.
    pub by: Acting,
}

/// The entry was taken out of sight for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suspended {
    /// From when.
    pub effective_from: DateTime<Utc>,
    /// Moment from which it is shown again by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
    /// Who suspended it.
    pub by: Acting,
}

/// A suspension was ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resumed {
    /// From when.
    pub effective_from: DateTime<Utc>,
    /// Who resumed it.
    pub by: Acting,
}

/// The entry was taken off its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repealed {
    /// When it ceases.
    pub effective_from: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// Document by which it was decided.
    #[serde(rename = "documentNumber", default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Entry of the same register that takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Code>,
    /// The reform that it is part of (Art. 5(1)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reform: Option<Uuid>,
    /// The approver who repealed it; absent: a newer list that leaves it out, the command line, or a program from before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Acting>,
}

/// A corrected content was published at once, and its review is owed (Art. 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Corrected<C> {
    /// Number of the revision.
    pub revision: u32,
    /// What it says.
    pub content: Arc<C>,
    /// Hash of the whole content (RFC 8785).
    pub content_hash: Hash,
    /// When it comes into force.
    pub effective_from: DateTime<Utc>,
    /// What was not accurate.
    pub reason: String,
    /// Number of the document.
    #[serde(rename = "documentNumber", default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Who corrected it.
    pub by: Acting,
}

/// A further revision of which only what the reform says is new (Art. 5(1)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Transferred<C> {
    /// Number of the revision.
    pub revision: u32,
    /// What it says.
    pub content: Arc<C>,
    /// Hash of the whole content (RFC 8785).
    pub content_hash: Hash,
    /// When it comes into force.
    pub effective_from: DateTime<Utc>,
    /// Number of the document of the city.
    #[serde(rename = "documentNumber")]
    pub document: String,
    /// The reform that it is part of.
    pub reform: Uuid,
    /// What changed.
    pub handover: Handover,
    /// The approver of the city who gave it; absent: the command line of the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Acting>,
}

/// What an event published, whatever the verb.
#[derive(Debug)]
pub struct Publication<'e, C> {
    /// Number of the revision.
    pub revision: u32,
    /// What it says.
    pub content: &'e Arc<C>,
    /// Hash of the whole content.
    pub content_hash: Hash,
    /// When it comes into force.
    pub effective_from: DateTime<Utc>,
    /// Document by which it was issued, approved or corrected.
    pub document: Option<&'e str>,
    /// Where it was read, if it was adopted.
    pub source: Option<&'e Arc<Source>>,
    /// The person who approved, corrected or transferred it, if there was one.
    pub by: Option<&'e Acting>,
}

impl<C> Event<C> {
    /// The verb in the stored kind, e.g. `adopted`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Adopted(_) => "adopted",
            Self::Drafted(_) => "drafted",
            // Not `revised`: histories call a further adoption so.
            Self::Redrafted(_) => "redrafted",
            Self::Submitted(_) => "submitted",
            Self::Reviewed(_) => "reviewed",
            Self::Approved(_) => "approved",
            Self::Returned(_) => "returned",
            Self::Withdrawn(_) => "withdrawn",
            Self::Suspended(_) => "suspended",
            Self::Resumed(_) => "resumed",
            Self::Repealed(_) => "repealed",
            Self::Corrected(_) => "corrected",
            Self::Transferred(_) => "transferred",
        }
    }

    /// The revision that it published, if it did. No other event makes any content public (Art. 7: 未经审核不得公开).
    pub fn publication(&self) -> Option<Publication<'_, C>> {
        match self {
            Self::Adopted(Adopted { revision, content, content_hash, effective_from, source }) => Some(Publication {
                revision: *revision,
                content,
                content_hash: *content_hash,
                effective_from: *effective_from,
                document: source.document.as_deref(),
                source: Some(source),
                by: None,
            }),
            Self::Approved(Approved { revision, content, content_hash, effective_from, document, by, .. }) => Some(Publication {
                revision: *revision,
                content,
                content_hash: *content_hash,
                effective_from: *effective_from,
                document: Some(document),
                source: None,
                by: Some(by),
            }),
            Self::Corrected(Corrected { revision, content, content_hash, effective_from, document, by, .. }) => Some(Publication {
                revision: *revision,
                content,
                content_hash: *content_hash,
                effective_from: *effective_from,
                document: document.as_deref(),
                source: None,
                by: Some(by),
            }),
            Self::Transferred(Transferred { revision, content, content_hash, effective_from, document, by, .. }) => Some(Publication {
                revision: *revision,
                content,
                content_hash: *content_hash,
                effective_from: *effective_from,
                document: Some(document),
                source: None,
                by: by.as_ref(),
            }),
            _ => None,
        }
    }

    /// Who acted in which role, as far as it was a person with one. Of a list that was imported there is none.
    pub fn by(&self) -> Option<&Acting> {
        match self {
            Self::Adopted(_) => None,
            Self::Drafted(Drafted { by, .. })
            | Self::Redrafted(Drafted { by, .. })
            | Self::Submitted(Submitted { by, .. })
            | Self::Reviewed(Reviewed { by, .. })
            | Self::Approved(Approved { by, .. })
            | Self::Returned(Returned { by, .. })
            | Self::Withdrawn(Withdrawn { by, .. })
            | Self::Suspended(Suspended { by, .. })
            | Self::Resumed(Resumed { by, .. })
            | Self::Corrected(Corrected { by, .. }) => Some(by),
            Self::Repealed(Repealed { by, .. }) | Self::Transferred(Transferred { by, .. }) => by.as_ref(),
        }
    }

    /// Whether it is work on a change that is not public: its draft, its review, its return. Nobody outside sees even that it
    /// happened (Art. 7).
    pub fn is_internal(&self) -> bool {
        match self {
            Self::Drafted(_) | Self::Redrafted(_) | Self::Submitted(_) | Self::Reviewed(_) | Self::Returned(_) | Self::Withdrawn(_) => true,
            Self::Adopted(_)
            | Self::Approved(_)
            | Self::Suspended(_)
            | Self::Resumed(_)
            | Self::Repealed(_)
            | Self::Corrected(_)
            | Self::Transferred(_) => false,
        }
    }
}
