use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    acting::{Acting, PersonId, Role},
    envelope::{Code, EntryName},
    register::Register,
    value::Hash,
};

/// What can have happened to a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Something public was said to be not right.
    Reported(Arc<Reported>),
    /// It was found that there is nothing to correct.
    Dismissed(Arc<Dismissed>),
}

/// Who reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reporter {
    /// The person behind the account.
    pub person: PersonId,
    /// Their part in changes, if they reported in one; absent: at a counter or a service desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// Something public was said to be not right (Art. 7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reported {
    /// Register of the entry.
    pub register: Register,
    /// Code of the entry.
    pub code: Code,
    /// Number of the revision that was public.
    pub revision: u32,
    /// The field, as a path in the content; absent: the entry as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Hash of what the field said (RFC 8785), or of the whole content.
    pub said: Hash,
    /// What is not right.
    pub words: String,
    /// Who reported it.
    pub by: Reporter,
}

/// It was found that there is nothing to correct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dismissed {
    /// Why.
    pub reason: String,
    /// Who found so.
    pub by: Acting,
}

impl Reported {
    /// The entry.
    pub fn entry(&self) -> EntryName {
        EntryName::new(self.register, self.code.clone())
    }
}

/// Hash of what a content says in a field, or of all that it says: by it a correction is known. Of a path only the field of the content
/// counts that it begins with, because places in lists move.
pub fn said<C: Serialize>(content: &C, path: Option<&str>) -> Result<Hash, serde_json::Error> {
    let Some(path) = path else { return Hash::of_content(content) };
    let content = serde_json::to_value(content)?;
    Hash::of_content(content.get(field(path)).unwrap_or(&serde_json::Value::Null))
}

/// The field of a content that a path begins with: `fees` of `fees[0].standard`.
pub fn field(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

impl Event {
    /// The verb in the stored kind, e.g. `reported`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Reported(_) => "reported",
            Self::Dismissed(_) => "dismissed",
        }
    }
}
