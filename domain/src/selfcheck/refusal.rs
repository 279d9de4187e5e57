use crate::refusal::Kind;

/// The kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// The findings are missing or too long.
    Incomplete,
    /// The findings hold what a person is found by.
    PersonalData,
    /// The check of that year is recorded already.
    AlreadyChecked,
    /// Its November has not come, or it is of a year before the rule.
    NotItsTime,
    /// It takes another role.
    RoleRequired,
    /// It is another agency's.
    OutsideAgency,
}

impl RefusalKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Incomplete, Self::PersonalData, Self::AlreadyChecked, Self::NotItsTime, Self::RoleRequired, Self::OutsideAgency];
}

impl Kind for RefusalKind {
    fn code(self) -> &'static str {
        match self {
            Self::Incomplete => "SELF_CHECK_INCOMPLETE",
            Self::PersonalData => "PERSONAL_DATA",
            Self::AlreadyChecked => "ALREADY_CHECKED",
            Self::NotItsTime => "SELF_CHECK_NOT_ITS_TIME",
            Self::RoleRequired => "ROLE_REQUIRED",
            Self::OutsideAgency => "OUTSIDE_AGENCY",
        }
    }

    fn rule(self) -> &'static str {
        match self {
            Self::Incomplete | Self::PersonalData => "register",
            _ => "Art. 8(3)",
        }
    }

    fn part(self) -> Option<&'static str> {
        match self {
            Self::RoleRequired => None,
            Self::Incomplete | Self::PersonalData => Some("findings"),
            Self::AlreadyChecked | Self::NotItsTime => Some("year"),
            Self::OutsideAgency => Some("agency"),
        }
    }
}

/// Why a self-check was not recorded.
pub type Refusal = crate::refusal::Refusal<RefusalKind>;
