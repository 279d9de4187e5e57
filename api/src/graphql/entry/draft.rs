//! What is on its way: only for those who take part in it, and for auditors (Art. 7).

use async_graphql::{Json, SimpleObject};
use chrono::{DateTime, Utc};
use domain::{
    entry::{Debt, Pending},
    register::Content,
};
use serde_json::Value;

use super::super::{enums, scalars::Hash};

/// A draft on its way to publication. Nobody outside sees that there is one.
#[derive(SimpleObject, Debug, Clone)]
pub struct Draft {
    /// Where it stands, and with that whose turn it is.
    pub step: enums::DraftStep,
    /// What the entry is to say: the whole content, as it is given to `draft` and `revise`.
    pub content: Json<Value>,
    /// Hash of the whole content: what `review` and `approve` name.
    pub content_hash: Hash,
    /// Number of the published revision that it is to follow; 0 if there was none. If more was published since, it has to be revised.
    pub based_on: u32,
    /// The persons who wrote, changed or submitted it, by their ids in the directory. None of them reviews or approves it.
    pub drafters: Vec<String>,
    /// The person who reviewed it.
    pub reviewer: Option<String>,
    /// What is to be changed, if it was returned.
    pub returned: Option<String>,
}

/// An urgent correction of which the review is owed (Art. 7).
#[derive(SimpleObject, Debug, Clone)]
pub struct ReviewOwed {
    /// Number of the corrected revision: what `review` names as `revision`.
    pub revision: u32,
    /// Hash of its whole content: what `review` names as `contentHash`.
    pub content_hash: Hash,
    /// From when it holds.
    pub effective_from: DateTime<Utc>,
    /// What was not accurate.
    pub reason: String,
}

impl Draft {
    /// A draft, as those who may know of it are told.
    pub fn of<C: Content>(pending: &Pending<C>) -> Self {
        Self {
            step: pending.step.into(),
            content: Json(serde_json::to_value(pending.content.as_ref()).unwrap_or_default()),
            content_hash: Hash(pending.content_hash),
            based_on: pending.based_on,
            drafters: pending.drafters.iter().map(|person| person.as_str().to_owned()).collect(),
            reviewer: pending.reviewer.as_ref().map(|person| person.as_str().to_owned()),
            returned: pending.returned.as_ref().map(|said| said.reason.clone()),
        }
    }
}

impl From<&Debt> for ReviewOwed {
    fn from(debt: &Debt) -> Self {
        Self {
            revision: debt.revision,
            content_hash: Hash(debt.content_hash),
            effective_from: debt.effective_from,
            reason: debt.said.reason.clone(),
        }
    }
}
