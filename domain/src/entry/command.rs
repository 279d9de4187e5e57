use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Source;
use crate::{
    envelope::Code,
    register::Handover,
    value::{Finding, Hash},
};

/// What may be asked of an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Command<C> {
    /// See [`Adopt`].
    Adopt(Box<Adopt<C>>),
    /// See [`Draft`].
    Draft(Box<Draft<C>>),
    /// See [`Revise`].
    Revise(Box<Revise<C>>),
    /// See [`Submit`].
    Submit(Submit),
    /// See [`Review`].
    Review(Review),
    /// See [`Approve`].
    Approve(Approve),
    /// See [`Return`].
    Return(Return),
    /// See [`Withdraw`].
    Withdraw(Withdraw),
    /// See [`Suspend`].
    Suspend(Suspend),
    /// See [`Resume`].
    Resume(Resume),
    /// See [`Repeal`].
    Repeal(Repeal),
    /// See [`Correct`].
    Correct(Box<Correct<C>>),
    /// See [`Transfer`].
    Transfer(Box<Transfer>),
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

/// Begins a change 承办: a new entry, or the next revision of one that is published (Art. 7). Nothing of it is public.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft<C> {
    /// What the entry is to say.
    pub content: C,
    /// Where it was read, if it comes from a list. Once it is published, lines of newer editions find the entry by it.
    pub source: Option<Source>,
}

impl<C> Draft<C> {
    /// A draft that somebody wrote.
    pub fn of(content: C) -> Self {
        Self { content, source: None }
    }
}

/// Changes a draft that was not submitted yet, or was returned.
#[derive(Debug, Clone, PartialEq)]
pub struct Revise<C> {
    /// What the entry is to say.
    pub content: C,
}

/// Hands a draft to the openness office 送审 (Art. 8(1)).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submit {
    /// What was found when its content was laid beside the entries that it refers to (`Content::check_beside`). They are looked up
    /// by whoever gives the command; an error among them stops the submission as one in the content itself does.
    pub beside: Vec<Finding>,
}

/// The openness office passes a draft 审查 (Art. 8(1)), or pays the review that an urgent correction owes (Art. 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// Hash of the content that was looked at.
    pub content_hash: Hash,
    /// Number of the revision of which the review is owed; `None`: the draft is reviewed.
    pub revision: Option<u32>,
}

/// The approver of the agency publishes a reviewed draft 审签 (Art. 8(1)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approve {
    /// Hash of the content that is approved. A draft that says something else is not published by it.
    pub content_hash: Hash,
    /// Number of the document.
    pub document: String,
    /// When it comes into force; `None`: at once. It is shown as upcoming until then (Art. 10(2)).
    pub effective_from: Option<DateTime<Utc>>,
    /// What was found when its content was laid beside the entries that it refers to, as they stand when it comes into force, as of a
    /// [`Submit`]: what they became since it was submitted, or will be by then, may not be published with it.
    pub beside: Vec<Finding>,
}

/// Sends a draft back to who drafted it 退回 (Art. 8(1)): the reviewer one that was submitted, the approver one that was reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// What is to be changed.
    pub reason: String,
}

/// Ends a draft 撤回. What is published stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdraw {
    /// Why.
    pub reason: String,
}

/// Takes a published entry out of sight for a time 暂停, at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspend {
    /// Why.
    pub reason: String,
    /// Moment from which it is shown again by itself; `None`: when it is resumed.
    pub until: Option<DateTime<Utc>>,
}

/// Ends a suspension 恢复, at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resume;

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
    /// The reform that it is part of, which repeals agencies that were approved here as well (Art. 5(1)).
    pub reform: Option<Uuid>,
}

/// Publishes a corrected content at once 更正 (Art. 7): what is shown is not accurate and cannot wait. One approver does it, and
/// the openness office reviews it afterwards; until then the review is owed.
#[derive(Debug, Clone, PartialEq)]
pub struct Correct<C> {
    /// What the entry says from now on.
    pub content: C,
    /// What was not accurate.
    pub reason: String,
    /// Number of the document, if there is one.
    pub document: Option<String>,
    /// When it comes into force; `None`: at once. A later moment only where it corrects a revision that is upcoming.
    pub effective_from: Option<DateTime<Utc>>,
    /// What was found when its content was laid beside the entries that it refers to, as of a [`Submit`]: nobody reviews it first, so an
    /// error among them stops the correction.
    pub beside: Vec<Finding>,
}

/// Carries out what an institutional reform decides about the entry 划转 (Art. 5(1)): who answers for it, or the names of an agency,
/// and nothing else. The document of the city decides it, so it passes no review of its own; see `docs/adr/0018`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// What changes.
    pub handover: Handover,
    /// Day of the reform. It is shown as upcoming until then (Art. 10(2)).
    pub effective_from: DateTime<Utc>,
    /// Number of the document of the city.
    pub document: String,
    /// The reform that it is part of: the same id in every entry that it changes.
    pub reform: Uuid,
    /// When the reform was begun, if that was before now: what a crash interrupted is completed after the day as well. The day may
    /// not have been past then.
    pub begun_at: Option<DateTime<Utc>>,
}

impl<C> Command<C> {
    /// The verb, as in the contract.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Adopt(_) => "adopt",
            Self::Draft(_) => "draft",
            Self::Revise(_) => "revise",
            Self::Submit(_) => "submit",
            Self::Review(_) => "review",
            Self::Approve(_) => "approve",
            Self::Return(_) => "return",
            Self::Withdraw(_) => "withdraw",
            Self::Suspend(_) => "suspend",
            Self::Resume(_) => "resume",
            Self::Repeal(_) => "repeal",
            Self::Correct(_) => "correct",
            Self::Transfer(_) => "transfer",
        }
    }
}

macro_rules! with_content {
    ($($verb:ident),*) => {$(
        impl<C> From<$verb<C>> for Command<C> {
            fn from(command: $verb<C>) -> Self {
                Self::$verb(Box::new(command))
            }
        }
    )*};
}

macro_rules! without_content {
    ($($verb:ident),*) => {$(
        impl<C> From<$verb> for Command<C> {
            fn from(command: $verb) -> Self {
                Self::$verb(command)
            }
        }
    )*};
}

with_content!(Adopt, Draft, Revise, Correct);
without_content!(Submit, Review, Approve, Return, Withdraw, Suspend, Resume, Repeal);

impl<C> From<Transfer> for Command<C> {
    fn from(command: Transfer) -> Self {
        Self::Transfer(Box::new(command))
    }
}
