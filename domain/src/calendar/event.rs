use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Notice;

/// What can have happened to the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A notice became known.
    Announced(Announced),
}

/// A notice became known to the register. It counts from the moment of the event, not from that of the notice: until then nobody here knew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Announced {
    /// The whole notice.
    pub notice: Arc<Notice>,
}

impl Event {
    /// The verb in the stored kind, e.g. `announced`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Announced(_) => "announced",
        }
    }
}
