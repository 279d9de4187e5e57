use std::sync::Arc;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Member, Origin, State};
use crate::{
    acting::{Acting, OfSet, PersonId},
    envelope::Code,
    value::Hash,
};

/// What can have happened to a change set. None of it is public: what an approval publishes is told by the entries.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Changes were put together and submitted.
    Proposed(Proposed),
    /// They were reviewed.
    Reviewed(Reviewed),
    /// They were approved.
    Approved(Approved),
    /// They were sent back.
    Returned(Returned),
    /// They were given up.
    Withdrawn(Withdrawn),
}

/// Changes were put together and submitted (Art. 7, Art. 8(1)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proposed {
    /// Where they come from.
    #[serde(flatten)]
    pub origin: Origin,
    /// The agency that answers for all of them; absent: the city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<Code>,
    /// The changes, in order of register and code.
    pub members: Arc<Vec<Member>>,
    /// Hash of the set.
    pub hash: Hash,
    /// Who proposed.
    pub by: Acting,
}

/// The openness office passed all changes (Art. 8(1)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reviewed {
    /// Hash of the set.
    pub hash: Hash,
    /// Who reviewed.
    pub by: Acting,
}

/// All changes were approved (Art. 8(1)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Approved {
    /// Hash of the set.
    pub hash: Hash,
    /// Number of the document.
    #[serde(rename = "documentNumber")]
    pub document: String,
    /// When all of it comes into force.
    pub effective_from: DateTime<Utc>,
    /// The persons who proposed it, in order of their ids.
    pub drafters: Vec<PersonId>,
    /// The person who reviewed it.
    pub reviewer: PersonId,
    /// Who approved.
    pub by: Acting,
}

/// All changes were sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Returned {
    /// What is to be changed.
    pub reason: String,
    /// Who returned them.
    pub by: Acting,
}

/// All changes were given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Withdrawn {
    /// Why.
    pub reason: String,
    /// Who withdrew them.
    pub by: Acting,
}

impl Event {
    /// The verb in the stored kind, e.g. `proposed`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Proposed(_) => "proposed",
            Self::Reviewed(_) => "reviewed",
            Self::Approved(_) => "approved",
            Self::Returned(_) => "returned",
            Self::Withdrawn(_) => "withdrawn",
        }
    }

    /// Who did it.
    pub fn by(&self) -> &Acting {
        match self {
            Self::Proposed(Proposed { by, .. })
            | Self::Reviewed(Reviewed { by, .. })
            | Self::Approved(Approved { by, .. })
            | Self::Returned(Returned { by, .. })
            | Self::Withdrawn(Withdrawn { by, .. }) => by,
        }
    }

    /// In which capacity it is carried to the members of the set, which was decided at a moment. Whenever that is done: it was decided then, and
    /// is judged by then.
    pub fn carried(&self, set: &State, decided_at: DateTime<Utc>) -> OfSet {
        OfSet::decided(self.by().clone(), set.agency.is_none(), decided_at)
    }
}
