use chrono::{DateTime, Utc};

use super::{Member, Origin};
use crate::{envelope::Code, value::Hash};

/// What may be asked of a change set.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// See [`Propose`].
    Propose(Box<Propose>),
    /// See [`Review`].
    Review(Review),
    /// See [`Approve`].
    Approve(Approve),
    /// See [`Return`].
    Return(Return),
    /// See [`Withdraw`].
    Withdraw(Withdraw),
}

/// Puts changes together and hands them to the openness office 送审; again, after they were returned. By a drafter.
#[derive(Debug, Clone, PartialEq)]
pub struct Propose {
    /// Where they come from.
    pub origin: Origin,
    /// Who answers for all of them: the agency of every member, or the city (`None`) where they are of several, are the city's, or move
    /// entries between agencies (Art. 5(1)).
    pub agency: Option<Code>,
    /// The changes.
    pub members: Vec<Member>,
}

/// The openness office passes all changes 审查 (Art. 8(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// Hash of the set that was looked at.
    pub hash: Hash,
}

/// The approver publishes all changes 审签 (Art. 8(1)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approve {
    /// Hash of the set that is approved.
    pub hash: Hash,
    /// Number of the document.
    pub document: String,
    /// When all of it comes into force; `None`: at once.
    pub effective_from: Option<DateTime<Utc>>,
}

/// Sends all changes back 退回: the reviewer a set that was proposed, the approver one that was reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// What is to be changed.
    pub reason: String,
}

/// Ends a set 撤回, and with it the drafts of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdraw {
    /// Why.
    pub reason: String,
}

impl Command {
    /// The verb.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Propose(_) => "propose",
            Self::Review(_) => "review",
            Self::Approve(_) => "approve",
            Self::Return(_) => "return",
            Self::Withdraw(_) => "withdraw",
        }
    }
}

impl From<Propose> for Command {
    fn from(command: Propose) -> Self {
        Self::Propose(Box::new(command))
    }
}

macro_rules! into_command {
    ($($verb:ident),*) => {$(
        impl From<$verb> for Command {
            fn from(command: $verb) -> Self {
                Self::$verb(command)
            }
        }
    )*};
}

into_command!(Review, Approve, Return, Withdraw);
