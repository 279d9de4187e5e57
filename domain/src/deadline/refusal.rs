use crate::refusal::Kind;

/// The kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// A word is missing or too long, it names no act, or a date that there is not.
    Incomplete,
    /// The number of the document holds what a person is found by.
    PersonalData,
    /// The rule has another code than the one that it is laid down under.
    OtherCode,
    /// What is to be striven for is not shorter than the limit, or not told in the same unit.
    AimNotShorter,
    /// It would hold before it is laid down, and change what was due.
    EffectiveInPast,
    /// There is no such rule to end.
    NotFound,
}

impl RefusalKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Incomplete, Self::PersonalData, Self::OtherCode, Self::AimNotShorter, Self::EffectiveInPast, Self::NotFound];
}

impl Kind for RefusalKind {
    fn code(self) -> &'static str {
        match self {
            Self::Incomplete => "RULE_INCOMPLETE",
            Self::PersonalData => "PERSONAL_DATA",
            Self::OtherCode => "RULE_OTHER_CODE",
            Self::AimNotShorter => "RULE_AIM_NOT_SHORTER",
            Self::EffectiveInPast => "EFFECTIVE_IN_PAST",
            Self::NotFound => "RULE_NOT_FOUND",
        }
    }

    fn rule(self) -> &'static str {
        "register"
    }

    fn part(self) -> Option<&'static str> {
        Some(match self {
            Self::Incomplete | Self::PersonalData => "documentNumber",
            Self::OtherCode => "rule.code",
            Self::AimNotShorter => "rule.aim",
            Self::EffectiveInPast => "effectiveFrom",
            Self::NotFound => "code",
        })
    }
}

/// Why a rule was not laid down.
pub type Refusal = crate::refusal::Refusal<RefusalKind>;

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
