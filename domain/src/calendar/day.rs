use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DayKind {
    /// 工作日.
    Working,
    /// 周末: a Saturday or Sunday of which no notice says anything.
    Weekend,
    /// 放假: off because a notice says so, on whatever day of the week.
    Holiday,
    /// 调休上班: a Saturday or Sunday that is worked because a notice says so.
    MakeUp,
    /// No notice of its year is known: the week alone does not tell.
    Unknown,
}

impl DayKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Working, Self::Weekend, Self::Holiday, Self::MakeUp, Self::Unknown];

    /// Whether it is worked; `None`: nobody knows.
    pub fn is_worked(self) -> Option<bool> {
        match self {
            Self::Working | Self::MakeUp => Some(true),
            Self::Weekend | Self::Holiday => Some(false),
            Self::Unknown => None,
        }
    }

    /// The Chinese word.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Working => "工作日",
            Self::Weekend => "周末",
            Self::Holiday => "放假",
            Self::MakeUp => "调休上班",
            Self::Unknown => "未知",
        }
    }
}

/// A day as the calendar knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The date in China.
    pub date: NaiveDate,
    /// What it is.
    pub kind: DayKind,
    /// The holiday that it belongs to, if a notice names it.
    pub name: Option<Arc<str>>,
}

/// Whether a date is a Saturday or a Sunday.
pub(super) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
