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

/// The kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// A must-have is missing.
    Incomplete,
    /// The content is larger than an event may be.
    TooLarge,
    /// The entry was repealed; its code is never used again.
    Repealed,
    /// The entry was repealed already, with other particulars.
    AlreadyRepealed,
    /// There is no such entry.
    NotFound,
    /// A newer edition of the list is kept already.
    OlderEdition,
    /// It would come into force before the revision that it follows.
    EffectiveTooEarly,
}

impl RefusalKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Incomplete,
        Self::TooLarge,
        Self::Repealed,
        Self::AlreadyRepealed,
        Self::NotFound,
        Self::OlderEdition,
        Self::EffectiveTooEarly,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Incomplete => "CONTENT_INCOMPLETE",
            Self::TooLarge => "CONTENT_TOO_LARGE",
            Self::Repealed => "ENTRY_REPEALED",
            Self::AlreadyRepealed => "ALREADY_REPEALED",
            Self::NotFound => "ENTRY_NOT_FOUND",
            Self::OlderEdition => "OLDER_EDITION",
            Self::EffectiveTooEarly => "EFFECTIVE_TOO_EARLY",
        }
    }

    /// The rule behind it, in the rulebook or the design of the register.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Incomplete => "Art. 5(1)",
            Self::OlderEdition | Self::EffectiveTooEarly | Self::Repealed | Self::AlreadyRepealed => "Art. 10(2)",
            Self::TooLarge | Self::NotFound => "register",
        }
    }
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
