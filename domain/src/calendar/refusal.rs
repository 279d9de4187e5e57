use crate::scenario::RefusalCode;

/// The kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// A notice says no year, no paper or no day, a word of it is missing or too long, or the notice of a whole year lacks a holiday that every year has.
    Incomplete,
    /// It names a day far from its year.
    DayOutside,
    /// It names a day twice.
    DayTwice,
    /// Two notices say different things of the same papers.
    Contradiction,
    /// What is known of the year rests on all its papers, and on further ones.
    Older,
    /// There are more notices, or more days in one, than there can be.
    TooLarge,
}

impl RefusalKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Incomplete, Self::DayOutside, Self::DayTwice, Self::Contradiction, Self::Older, Self::TooLarge];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Incomplete => "NOTICE_INCOMPLETE",
            Self::DayOutside => "NOTICE_DAY_OUTSIDE",
            Self::DayTwice => "NOTICE_DAY_TWICE",
            Self::Contradiction => "NOTICE_CONTRADICTION",
            Self::Older => "NOTICE_OLDER",
            Self::TooLarge => "NOTICE_TOO_LARGE",
        }
    }
}

/// Why a notice was not taken. With it none of those beside it were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub kind: RefusalKind,
    /// Place of the notice in the command, from 0; `None`: all of them together.
    pub notice: Option<usize>,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(kind: RefusalKind, notice: Option<usize>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, notice, zh: zh.into(), en: en.into() }
    }
}

impl RefusalCode for Refusal {
    fn code(&self) -> &str {
        self.kind.code()
    }

    fn words(&self) -> Option<(&str, &str)> {
        Some((&self.zh, &self.en))
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} / {}", self.kind.code(), self.zh, self.en)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        let codes: BTreeSet<_> = RefusalKind::ALL.map(RefusalKind::code).into();
        assert_eq!(codes.len(), RefusalKind::ALL.len());
    }
}
