use crate::scenario::RefusalCode;

/// The kinds of refusals. Those that mean what they mean for an entry have the same code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// There is no such set.
    NotFound,
    /// It came to its end.
    Closed,
    /// It is with the openness office or the approver and cannot be changed.
    UnderReview,
    /// It was not submitted, or was returned.
    NotSubmitted,
    /// It was not reviewed.
    NotReviewed,
    /// What is named is not what the set says now.
    SetChanged,
    /// It has no members, or one of them is not whole.
    Incomplete,
    /// It has more members than a set may have.
    TooLarge,
    /// Who acts has not the role for it.
    RoleRequired,
    /// Who acts does so for another agency.
    OutsideAgency,
    /// Drafter, reviewer and approver are three persons, and two of them would be one.
    SamePerson,
    /// It would come into force before it is approved.
    EffectiveInPast,
}

impl RefusalKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::NotFound,
        Self::Closed,
        Self::UnderReview,
        Self::NotSubmitted,
        Self::NotReviewed,
        Self::SetChanged,
        Self::Incomplete,
        Self::TooLarge,
        Self::RoleRequired,
        Self::OutsideAgency,
        Self::SamePerson,
        Self::EffectiveInPast,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "CHANGE_SET_NOT_FOUND",
            Self::Closed => "CHANGE_SET_CLOSED",
            Self::UnderReview => "UNDER_REVIEW",
            Self::NotSubmitted => "NOT_SUBMITTED",
            Self::NotReviewed => "NOT_REVIEWED",
            Self::SetChanged => "CHANGE_SET_CHANGED",
            Self::Incomplete => "CHANGE_SET_INCOMPLETE",
            Self::TooLarge => "CHANGE_SET_TOO_LARGE",
            Self::RoleRequired => "ROLE_REQUIRED",
            Self::OutsideAgency => "OUTSIDE_AGENCY",
            Self::SamePerson => "SAME_PERSON",
            Self::EffectiveInPast => "EFFECTIVE_IN_PAST",
        }
    }

    /// The rule behind it, in the rulebook or the design of the register.
    pub fn rule(self) -> &'static str {
        match self {
            Self::NotFound | Self::TooLarge => "register",
            Self::Incomplete => "Art. 5(1)",
            Self::EffectiveInPast => "Art. 10(2)",
            Self::Closed => "Art. 7",
            Self::UnderReview
            | Self::NotSubmitted
            | Self::NotReviewed
            | Self::SetChanged
            | Self::RoleRequired
            | Self::OutsideAgency
            | Self::SamePerson => "Art. 8(1)",
        }
    }
}

/// Why a command to a change set was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub kind: RefusalKind,
    /// The field concerned, as a path in the command.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_a_code_of_its_own_and_a_rule() {
        let codes: BTreeSet<_> = RefusalKind::ALL.map(RefusalKind::code).into();
        assert_eq!(codes.len(), RefusalKind::ALL.len());
        assert!(RefusalKind::ALL.iter().all(|kind| kind.rule().starts_with("Art.") || kind.rule() == "register"));
    }
}
