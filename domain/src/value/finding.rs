use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Info,
    /// Shown to whoever keeps the entry; publication goes on.
    Warning,
    /// Stops a submission. An adopted list keeps it, marked.
    Error,
}

/// What a check found: a stable code, the field, and the words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Stable code, e.g. `CREDIT_CODE_CHECK_DIGIT`.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// Path of the field in the content, e.g. `legalBases[2]`.
    pub path: String,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Finding {
    /// A finding of the given weight.
    pub fn new(severity: Severity, code: &str, path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: code.to_owned(), severity, path: path.into(), zh: zh.into(), en: en.into() }
    }

    /// A finding that is shown and stops nothing.
    pub fn warning(code: &str, path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, path, zh, en)
    }

    /// A finding that stops a submission.
    pub fn error(code: &str, path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, path, zh, en)
    }

    /// Whether it is about one of some fields of a content, or about a part of one.
    pub fn is_of_any(&self, fields: &[String]) -> bool {
        fields.iter().any(|field| self.path.split(['.', '[']).next() == Some(field))
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} [{}] {} / {}", self.code, self.path, self.zh, self.en)
    }
}
