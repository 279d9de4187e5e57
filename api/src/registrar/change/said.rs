use chrono::{DateTime, Utc};
use domain::{
    acting::Role,
    entry::{Approve, Command, Correct, Draft, Pending, Repeal, Resume, Return, Review, Revise, Step, Submit, Suspend, Withdraw},
    envelope::Code,
    register::Content,
};
use serde_json::Value;

use super::{Refused, content::read};

/// What somebody asks for, whatever the register: contents are not read yet.
#[derive(Debug, Clone)]
pub enum Said {
    /// See [`Draft`].
    Draft(Value),
    /// See [`Revise`].
    Revise(Value),
    /// See [`Submit`].
    Submit,
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
    Resume,
    /// See [`Repeal`].
    Repeal(Repeal),
    /// See [`Correct`].
    Correct {
        /// What the entry says from now on.
        content: Value,
        /// What was not accurate.
        reason: String,
        /// Number of the document.
        document: Option<String>,
        /// When it comes into force.
        effective_from: Option<DateTime<Utc>>,
    },
}

impl Said {
    /// The verb, as in the contract.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Draft(_) => "draft",
            Self::Revise(_) => "revise",
            Self::Submit => "submit",
            Self::Review(_) => "review",
            Self::Approve(_) => "approve",
            Self::Return(_) => "return",
            Self::Withdraw(_) => "withdraw",
            Self::Suspend(_) => "suspend",
            Self::Resume => "resume",
            Self::Repeal(_) => "repeal",
            Self::Correct { .. } => "correct",
        }
    }

    /// The roles in which it can be asked for.
    pub fn roles(&self) -> &'static [Role] {
        match self {
            Self::Draft(_) | Self::Revise(_) | Self::Submit | Self::Withdraw(_) => &[Role::Drafter],
            Self::Review(_) => &[Role::Reviewer],
            Self::Return(_) => &[Role::Reviewer, Role::Approver],
            Self::Approve(_) | Self::Suspend(_) | Self::Resume | Self::Repeal(_) | Self::Correct { .. } => &[Role::Approver],
        }
    }

    /// The content that is given with it.
    pub fn content(&self) -> Option<&Value> {
        match self {
            Self::Draft(content) | Self::Revise(content) | Self::Correct { content, .. } => Some(content),
            _ => None,
        }
    }

    /// The command to an entry of a register.
    pub(super) fn into_command<C: Content>(self) -> Result<Command<C>, Refused> {
        Ok(match self {
            Self::Draft(content) => Draft::of(read(content)?).into(),
            Self::Revise(content) => Revise { content: read(content)? }.into(),
            // What is found beside a content is looked up when it is known that it may be asked for.
            Self::Submit => Submit::default().into(),
            Self::Review(review) => review.into(),
            Self::Approve(approve) => approve.into(),
            Self::Return(back) => back.into(),
            Self::Withdraw(withdraw) => withdraw.into(),
            Self::Suspend(suspend) => suspend.into(),
            Self::Resume => Resume.into(),
            Self::Repeal(repeal) => repeal.into(),
            Self::Correct { content, reason, document, effective_from } => {
                Correct { content: read(content)?, reason, document, effective_from, beside: Vec::new() }.into()
            }
        })
    }
}

/// The roles in which a draft is returned, the one whose turn it is first.
pub(super) fn returning<C>(pending: Option<&Pending<C>>) -> [Role; 2] {
    let turn = match pending {
        Some(Pending { step: Step::Reviewed, .. }) => Role::Approver,
        // Said once more, it is said in the role in which it was said before.
        Some(Pending { step: Step::Returned, returned: Some(said), .. }) => said.by.role,
        _ => Role::Reviewer,
    };
    if turn == Role::Approver { [Role::Approver, Role::Reviewer] } else { [Role::Reviewer, Role::Approver] }
}

/// Whether what is to be published moves the entry from one agency to another: then the approver acts for the city (Art. 5(1)).
pub(super) fn moves<C: Content>(published: Option<&C>, content: Option<&C>) -> bool {
    let of = |content: &C| content.agency().map(Code::as_str).map(str::to_owned);
    matches!((published, content), (Some(now), Some(then)) if of(now) != of(then))
}
