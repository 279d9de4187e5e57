use chrono::{DateTime, Utc};

use super::Source;
use crate::envelope::Code;

/// What may be asked of an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Command<C> {
    /// See [`Adopt`].
    Adopt(Box<Adopt<C>>),
    /// See [`Repeal`].
    Repeal(Repeal),
}

/// Takes over a line of a list that is already in force 承接既有清单. On an entry that exists it is a newer edition: a changed
/// content becomes a revision, an equal one changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Adopt<C> {
    /// What the line says.
    pub content: C,
    /// Where it was read.
    pub source: Source,
    /// When it came or comes into force; `None`: with the adoption.
    pub effective_from: Option<DateTime<Utc>>,
}

/// Takes an entry off its list 取消.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeal {
    /// When it ceases; `None`: at once.
    pub effective_from: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
    /// Document by which it was decided.
    pub document: Option<String>,
    /// Entry of the same register that takes its place.
    pub replaced_by: Option<Code>,
}

impl<C> From<Adopt<C>> for Command<C> {
    fn from(adopt: Adopt<C>) -> Self {
        Self::Adopt(Box::new(adopt))
    }
}

impl<C> From<Repeal> for Command<C> {
    fn from(repeal: Repeal) -> Self {
        Self::Repeal(repeal)
    }
}
