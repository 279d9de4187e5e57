use std::sync::Arc;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Source;
use crate::{envelope::Code, value::Hash};

/// What can have happened to an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<C> {
    /// A line of a list was taken over.
    Adopted(Adopted<C>),
    /// The entry was taken off its list.
    Repealed(Repealed),
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
}

impl<C> Event<C> {
    /// The verb in the stored kind, e.g. `adopted`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Adopted(_) => "adopted",
            Self::Repealed(_) => "repealed",
        }
    }
}
