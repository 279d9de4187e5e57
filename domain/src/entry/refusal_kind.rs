use crate::refusal::Kind;

/// The kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// A must-have is missing.
    Incomplete,
    /// A reason or the number of a document holds what a person is found by.
    PersonalData,
    /// A text holds a sign that is not shown as what it is, or a content is not of its form.
    Invalid,
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
    /// It would come into force before it is approved.
    EffectiveInPast,
    /// It would come into force, or end, so late that it was mistyped.
    EffectiveTooLate,
    /// Who acts has not the role for it.
    RoleRequired,
    /// Who acts does so for another agency.
    OutsideAgency,
    /// Drafter, reviewer and approver are three persons, and two of them would be one.
    SamePerson,
    /// The entry is kept here; a list that is imported does not change it.
    KeptHere,
    /// There is no draft.
    NoDraft,
    /// There is a draft already.
    DraftExists,
    /// The draft was not submitted.
    NotSubmitted,
    /// The draft is with the openness office or the approver and cannot be changed.
    UnderReview,
    /// The draft was not reviewed.
    NotReviewed,
    /// What is named is not what the draft or the revision says now.
    ContentChanged,
    /// Something was published after the draft was written.
    DraftOutdated,
    /// The draft says what is published.
    NothingChanged,
    /// The openness attribute misses what it needs.
    OpennessIncomplete,
    /// A check found an error.
    ChecksFailed,
    /// The entry is suspended already, with other particulars.
    AlreadySuspended,
    /// No review of this revision is owed.
    NoReviewOwed,
    /// A correction that could wait for a review.
    NotUrgent,
    /// A reform hands over what another agency answers for.
    NotOfAgency,
    /// A correction would move the entry to another agency.
    AgencyMoved,
    /// An abolished proof would leave the public list, or could be asked for again.
    AbolishedStays,
}

impl RefusalKind {
    /// All of them.
    pub const ALL: [Self; 31] = [
        Self::Incomplete,
        Self::PersonalData,
        Self::Invalid,
        Self::TooLarge,
        Self::Repealed,
        Self::AlreadyRepealed,
        Self::NotFound,
        Self::OlderEdition,
        Self::EffectiveTooEarly,
        Self::EffectiveInPast,
        Self::EffectiveTooLate,
        Self::RoleRequired,
        Self::OutsideAgency,
        Self::SamePerson,
        Self::KeptHere,
        Self::NoDraft,
        Self::DraftExists,
        Self::NotSubmitted,
        Self::UnderReview,
        Self::NotReviewed,
        Self::ContentChanged,
        Self::DraftOutdated,
        Self::NothingChanged,
        Self::OpennessIncomplete,
        Self::ChecksFailed,
        Self::AlreadySuspended,
        Self::NoReviewOwed,
        Self::NotUrgent,
        Self::NotOfAgency,
        Self::AgencyMoved,
        Self::AbolishedStays,
    ];
}

impl Kind for RefusalKind {
    fn code(self) -> &'static str {
        match self {
            Self::Incomplete => "CONTENT_INCOMPLETE",
            Self::PersonalData => "PERSONAL_DATA",
            Self::Invalid => "CONTENT_INVALID",
            Self::TooLarge => "CONTENT_TOO_LARGE",
            Self::Repealed => "ENTRY_REPEALED",
            Self::AlreadyRepealed => "ALREADY_REPEALED",
            Self::NotFound => "ENTRY_NOT_FOUND",
            Self::OlderEdition => "OLDER_EDITION",
            Self::EffectiveTooEarly => "EFFECTIVE_TOO_EARLY",
            Self::EffectiveInPast => "EFFECTIVE_IN_PAST",
            Self::EffectiveTooLate => "EFFECTIVE_TOO_LATE",
            Self::RoleRequired => "ROLE_REQUIRED",
            Self::OutsideAgency => "OUTSIDE_AGENCY",
            Self::SamePerson => "SAME_PERSON",
            Self::KeptHere => "KEPT_HERE",
            Self::NoDraft => "NO_DRAFT",
            Self::DraftExists => "DRAFT_EXISTS",
            Self::NotSubmitted => "NOT_SUBMITTED",
            Self::UnderReview => "UNDER_REVIEW",
            Self::NotReviewed => "NOT_REVIEWED",
            Self::ContentChanged => "CONTENT_CHANGED",
            Self::DraftOutdated => "DRAFT_OUTDATED",
            Self::NothingChanged => "NOTHING_CHANGED",
            Self::OpennessIncomplete => "OPENNESS_INCOMPLETE",
            Self::ChecksFailed => "CHECKS_FAILED",
            Self::AlreadySuspended => "ALREADY_SUSPENDED",
            Self::NoReviewOwed => "NO_REVIEW_OWED",
            Self::NotUrgent => "NOT_URGENT",
            Self::NotOfAgency => "NOT_OF_AGENCY",
            Self::AgencyMoved => "AGENCY_MOVED",
            Self::AbolishedStays => "ABOLISHED_STAYS",
        }
    }

    fn rule(self) -> &'static str {
        match self {
            Self::Incomplete | Self::ChecksFailed | Self::NotOfAgency | Self::AgencyMoved => "Art. 5(1)",
            Self::OlderEdition
            | Self::EffectiveTooEarly
            | Self::EffectiveInPast
            | Self::EffectiveTooLate
            | Self::Repealed
            | Self::AlreadyRepealed
            | Self::AlreadySuspended => "Art. 10(2)",
            Self::KeptHere | Self::NoDraft | Self::DraftExists | Self::NothingChanged | Self::NoReviewOwed | Self::NotUrgent => "Art. 7",
            Self::RoleRequired
            | Self::OutsideAgency
            | Self::SamePerson
            | Self::NotSubmitted
            | Self::UnderReview
            | Self::NotReviewed
            | Self::ContentChanged
            | Self::DraftOutdated
            | Self::OpennessIncomplete => "Art. 8(1)",
            Self::AbolishedStays => "Art. 5(2)",
            Self::PersonalData | Self::Invalid | Self::TooLarge | Self::NotFound => "register",
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
            Self::Incomplete | Self::Invalid | Self::TooLarge | Self::NothingChanged | Self::ChecksFailed => Some("content"),
            Self::OpennessIncomplete => Some("content.openness"),
            Self::AgencyMoved => Some("content.agency"),
            Self::ContentChanged => Some("contentHash"),
            Self::EffectiveTooEarly | Self::EffectiveInPast | Self::EffectiveTooLate | Self::NotUrgent => Some("effectiveFrom"),
            Self::PersonalData => Some("reason"),
            Self::NoReviewOwed => Some("revision"),
            Self::Repealed
            | Self::AlreadyRepealed
            | Self::NotFound
            | Self::OlderEdition
            | Self::OutsideAgency
            | Self::KeptHere
            | Self::NoDraft
            | Self::DraftExists
            | Self::NotSubmitted
            | Self::UnderReview
            | Self::NotReviewed
            | Self::DraftOutdated
            | Self::AlreadySuspended
            | Self::NotOfAgency
            | Self::AbolishedStays => Some("code"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_is_about_a_part_of_the_command_or_about_who_acts_by_an_article() {
        let of_persons: Vec<_> = RefusalKind::ALL.into_iter().filter(|kind| kind.part().is_none()).collect();
        assert_eq!(of_persons, [RefusalKind::RoleRequired, RefusalKind::SamePerson]);
        assert!(of_persons.iter().all(|kind| kind.rule().starts_with("Art.")));
    }

    #[test]
    fn every_kind_has_a_code_of_its_own_and_a_rule() {
        let codes: BTreeSet<_> = RefusalKind::ALL.map(RefusalKind::code).into();
        assert_eq!(codes.len(), RefusalKind::ALL.len());
        assert!(RefusalKind::ALL.iter().all(|kind| kind.rule().starts_with("Art.") || kind.rule() == "register"));
    }
}
