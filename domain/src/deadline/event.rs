use std::sync::Arc;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rule;
use crate::envelope::Code;

/// What can have happened to the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A rule was laid down, changed or ended.
    Ruled(Arc<Ruled>),
}

/// A rule was laid down, changed or ended. What was triggered before it holds is judged by the rule before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ruled {
    /// Code of the rule.
    pub code: Code,
    /// The rule; absent: it holds no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// From when on it holds.
    pub effective_from: DateTime<Utc>,
    /// Number of the document by which it was decided.
    #[serde(rename = "documentNumber")]
    pub document: String,
}

impl Ruled {
    /// A rule of the rulebook, which holds since ever.
    pub(super) fn of_rulebook(rule: Rule) -> Self {
        Self { code: rule.code.clone(), rule: Some(rule), effective_from: DateTime::<Utc>::MIN_UTC, document: "rulebook".to_owned() }
    }

    /// Whether it ships with the program, and no document of the register laid it down.
    pub fn is_of_rulebook(&self) -> bool {
        self.effective_from == DateTime::<Utc>::MIN_UTC
    }
}

impl Event {
    /// The verb in the stored kind, e.g. `ruled`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Ruled(_) => "ruled",
        }
    }
}
