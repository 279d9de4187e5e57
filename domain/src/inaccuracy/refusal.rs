use crate::refusal::Kind;

/// The kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// The words are missing or too long.
    Incomplete,
    /// The words hold what a person is found by.
    PersonalData,
    /// There is another report under this code.
    AlreadyReported,
    /// There is no such report.
    NotFound,
    /// It was found to be unfounded already, for another reason.
    AlreadyDismissed,
    /// It takes another role.
    RoleRequired,
    /// Another agency answers for the entry.
    OutsideAgency,
}

impl RefusalKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Incomplete,
        Self::PersonalData,
        Self::AlreadyReported,
        Self::NotFound,
        Self::AlreadyDismissed,
        Self::RoleRequired,
        Self::OutsideAgency,
    ];
}

impl Kind for RefusalKind {
    fn code(self) -> &'static str {
        match self {
            Self::Incomplete => "REPORT_INCOMPLETE",
            Self::PersonalData => "PERSONAL_DATA",
            Self::AlreadyReported => "REPORT_EXISTS",
            Self::NotFound => "REPORT_NOT_FOUND",
            Self::AlreadyDismissed => "ALREADY_DISMISSED",
            Self::RoleRequired => "ROLE_REQUIRED",
            Self::OutsideAgency => "OUTSIDE_AGENCY",
        }
    }

    fn rule(self) -> &'static str {
        match self {
            Self::RoleRequired | Self::OutsideAgency | Self::AlreadyDismissed => "Art. 7",
            _ => "register",
        }
    }

    fn part(self) -> Option<&'static str> {
        match self {
            Self::RoleRequired => None,
            Self::Incomplete | Self::PersonalData => Some("words"),
            Self::AlreadyReported => Some("commandId"),
            Self::NotFound | Self::AlreadyDismissed | Self::OutsideAgency => Some("report"),
        }
    }
}

/// Why a report was not taken, or not dismissed.
pub type Refusal = crate::refusal::Refusal<RefusalKind>;
