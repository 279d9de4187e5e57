//! Why something asked for was refused: data, of one shape for every stream whose commands name their parts.
//!
//! Two rooms have none of this: receipts refuse nothing, and a refusal of the calendar names one of several notices by its place, so that
//! the others can be asked again.

use std::fmt::{Debug, Display, Formatter, Result};

use crate::scenario::RefusalCode;

/// The kinds of refusals of a stream.
pub trait Kind: Copy + Debug + Eq {
    /// The stable code. Where kinds of several streams mean the same they have the same.
    fn code(self) -> &'static str;

    /// The article behind it, or `register`.
    fn rule(self) -> &'static str;

    /// The article behind it where it is about a field of the command: a must-have of a content is asked for by another article than the document of
    /// what is decided.
    fn rule_of(self, _field: Option<&str>) -> &'static str {
        self.rule()
    }

    /// The part of the command that it is about, where a refusal names none more exactly; `None`: it is about who acts.
    fn part(self) -> Option<&'static str>;
}

/// Why a command was refused: what kind it is of, the part that it is about, and words in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal<K> {
    /// What kind of refusal it is.
    pub kind: K,
    /// The part of the command that it is about: a field of it (`reason`), or of the content that it gives or passes on
    /// (`content.fees[0].standard`); `None`: it is about who acts.
    pub field: Option<String>,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl<K: Kind> Refusal<K> {
    /// A refusal. Without a field it is about [the part](Kind::part) that all of its kind are about.
    pub fn new(kind: K, field: Option<&str>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, field: field.or(kind.part()).map(str::to_owned), zh: zh.into(), en: en.into() }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The article behind it, or `register`.
    pub fn rule(&self) -> &'static str {
        self.kind.rule_of(self.field.as_deref())
    }
}

impl<K: Kind> RefusalCode for Refusal<K> {
    fn code(&self) -> &str {
        self.code()
    }

    fn words(&self) -> Option<(&str, &str)> {
        Some((&self.zh, &self.en))
    }
}

impl<K: Kind> Display for Refusal<K> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}: {} / {}", self.code(), self.zh, self.en)
    }
}
