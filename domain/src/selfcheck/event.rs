use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{acting::Acting, envelope::Code};

/// What can have happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An agency checked itself.
    Checked(Arc<SelfChecked>),
}

/// An agency looked at all that it withholds or gives on request only (Art. 8(3)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelfChecked {
    /// The agency; absent: what the city answers for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<Code>,
    /// The year of which the check is.
    pub year: i32,
    /// How many entries were looked at.
    pub entries: u32,
    /// What was found.
    pub findings: String,
    /// Who checked.
    pub by: Acting,
}

impl Event {
    /// The verb in the stored kind, e.g. `checked`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Checked(_) => "checked",
        }
    }
}
