use super::RefusalKind;
use crate::{register::Incomplete, scenario::RefusalCode};

/// Why a command was refused: a stable code, the rule, the field, and words in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub kind: RefusalKind,
    /// The field concerned, as a path in the content or the command.
    pub field: Option<String>,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(kind: RefusalKind, field: Option<&str>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, field: field.map(str::to_owned), zh: zh.into(), en: en.into() }
    }
}

impl From<Incomplete> for Refusal {
    fn from(incomplete: Incomplete) -> Self {
        Self::new(RefusalKind::Incomplete, Some(incomplete.path), incomplete.zh, incomplete.en)
    }
}

impl RefusalCode for Refusal {
    fn code(&self) -> &str {
        self.kind.code()
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} / {}", self.kind.code(), self.zh, self.en)
    }
}
