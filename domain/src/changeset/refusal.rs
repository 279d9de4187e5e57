use crate::refusal::Kind;

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
    /// A reason or the number of a document holds what a person is found by.
    PersonalData,
    /// A text holds a sign that is not shown as what it is.
    Invalid,
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
    /// It would come into force so late that it was mistyped.
    EffectiveTooLate,
}

impl RefusalKind {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::NotFound,
        Self::Closed,
        Self::UnderReview,
        Self::NotSubmitted,
        Self::NotReviewed,
        Self::SetChanged,
        Self::Incomplete,
        Self::PersonalData,
        Self::Invalid,
        Self::TooLarge,
        Self::RoleRequired,
        Self::OutsideAgency,
        Self::SamePerson,
        Self::EffectiveInPast,
        Self::EffectiveTooLate,
    ];
}

impl Kind for RefusalKind {
    fn code(self) -> &'static str {
        match self {
            Self::NotFound => "CHANGE_SET_NOT_FOUND",
            Self::Closed => "CHANGE_SET_CLOSED",
            Self::UnderReview => "UNDER_REVIEW",
            Self::NotSubmitted => "NOT_SUBMITTED",
            Self::NotReviewed => "NOT_REVIEWED",
            Self::SetChanged => "CHANGE_SET_CHANGED",
            Self::Incomplete => "CHANGE_SET_INCOMPLETE",
            Self::PersonalData => "PERSONAL_DATA",
            Self::Invalid => "CONTENT_INVALID",
            Self::TooLarge => "CHANGE_SET_TOO_LARGE",
            Self::RoleRequired => "ROLE_REQUIRED",
            Self::OutsideAgency => "OUTSIDE_AGENCY",
            Self::SamePerson => "SAME_PERSON",
            Self::EffectiveInPast => "EFFECTIVE_IN_PAST",
            Self::EffectiveTooLate => "EFFECTIVE_TOO_LATE",
        }
    }

    fn rule(self) -> &'static str {
        match self {
            Self::NotFound | Self::PersonalData | Self::Invalid | Self::TooLarge => "register",
            Self::Incomplete => "Art. 5(1)",
            Self::EffectiveInPast | Self::EffectiveTooLate => "Art. 10(2)",
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

    fn rule_of(self, field: Option<&str>) -> &'static str {
        match (self, field) {
            // A decision names its document and gives its reason (Art. 7); what a content has to have is Art. 5(1).
            (Self::Incomplete, Some("documentNumber" | "reason")) => "Art. 7",
            _ => self.rule(),
        }
    }

    fn part(self) -> Option<&'static str> {
        match self {
            Self::RoleRequired | Self::SamePerson => None,
            Self::Incomplete | Self::Invalid | Self::TooLarge => Some("members"),
            Self::PersonalData => Some("reason"),
            Self::SetChanged => Some("hash"),
            Self::EffectiveInPast | Self::EffectiveTooLate => Some("effectiveFrom"),
            Self::NotFound | Self::Closed | Self::UnderReview | Self::NotSubmitted | Self::NotReviewed | Self::OutsideAgency => {
                Some("code")
            }
        }
    }
}

/// Why a command to a change set was refused.
pub type Refusal = crate::refusal::Refusal<RefusalKind>;

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
