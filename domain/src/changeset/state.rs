use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Counts, Member, Origin};
use crate::{
    acting::{Acting, PersonId},
    envelope::Code,
    value::Hash,
};

/// Where a change set stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Step {
    /// There is none.
    #[default]
    Absent,
    /// With the openness office.
    Proposed,
    /// Sent back to who proposed it.
    Returned,
    /// With the approver.
    Reviewed,
    /// Published; at its end.
    Approved,
    /// Given up; at its end.
    Withdrawn,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Absent, Self::Proposed, Self::Returned, Self::Reviewed, Self::Approved, Self::Withdrawn];

    /// Whether it is on its way.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Returned | Self::Reviewed)
    }
}

/// A reason and who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The reason.
    pub reason: String,
    /// Who gave it.
    pub by: Acting,
}

/// By which document it was approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Number of the document.
    pub document: String,
    /// When all of it comes into force.
    pub effective_from: DateTime<Utc>,
    /// Who approved.
    pub by: Acting,
}

/// What the history of a change set amounts to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// Where it stands.
    pub step: Step,
    /// Where it comes from.
    pub origin: Origin,
    /// The agency that answers for it; `None`: the city.
    pub agency: Option<Code>,
    /// The changes, in order of register and code.
    pub members: Arc<Vec<Member>>,
    /// How many there are of each kind.
    pub counts: Counts,
    /// Hash of the set; `None` where there is none.
    pub hash: Option<Hash>,
    /// Whoever proposed it, in any round. None of them reviews or approves it.
    pub drafters: BTreeSet<PersonId>,
    /// Who reviewed it.
    pub reviewer: Option<PersonId>,
    /// The last return.
    pub returned: Option<Said>,
    /// The withdrawal.
    pub withdrawn: Option<Said>,
    /// The approval.
    pub approval: Option<Approval>,
}
