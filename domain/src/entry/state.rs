use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Source;
use crate::{envelope::Code, value::Hash};

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stage {
    /// Nothing has happened under this code.
    Absent,
    /// It has a published revision, in force or upcoming.
    Published,
    /// It was taken off its list, or will be at a time that is announced.
    Repealed,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Absent, Self::Published, Self::Repealed];
}

/// A published revision as the lifecycle needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Published<C> {
    /// Number, from 1.
    pub revision: u32,
    /// What it says.
    pub content: Arc<C>,
    /// Hash of the whole content.
    pub content_hash: Hash,
    /// When it comes into force.
    pub effective_from: DateTime<Utc>,
    /// Where it was read, if it was adopted.
    pub source: Arc<Source>,
}

/// A repeal that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepealNotice {
    /// When the entry ceases.
    pub effective_from: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// Document by which it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Entry that takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Code>,
}

/// What the history of an entry amounts to.
#[derive(Debug, Clone, PartialEq)]
pub struct State<C> {
    /// The latest published revision, in force or upcoming.
    pub latest: Option<Published<C>>,
    /// The repeal, once decided.
    pub repeal: Option<RepealNotice>,
}

impl<C> Default for State<C> {
    fn default() -> Self {
        Self { latest: None, repeal: None }
    }
}

impl<C> State<C> {
    /// Where the entry stands.
    pub fn stage(&self) -> Stage {
        match (&self.latest, &self.repeal) {
            (_, Some(_)) => Stage::Repealed,
            (Some(_), None) => Stage::Published,
            (None, None) => Stage::Absent,
        }
    }
}
