use std::{fmt, num::NonZeroU16};

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CalendarAt, china};

/// How long a deadline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Span {
    /// 工作日. The day of the trigger does not count; it ends with the last of them.
    WorkingDays(NonZeroU16),
    /// 日. The day of the trigger does not count; it ends with the last of them, whatever day that is.
    CalendarDays(NonZeroU16),
    /// 小时, by the clock.
    Hours(NonZeroU16),
}

/// When a deadline ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due {
    /// The date in China on which it ends.
    pub last_day: NaiveDate,
    /// The first moment at which it is over. Of a deadline in days that is 24:00 of its last day in China, the midnight with which the next day begins.
    pub at: DateTime<Utc>,
}

/// It cannot be known when a deadline ends: it touches a year of which no notice was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownDue {
    /// The year.
    pub year: i32,
    /// The first day of it that would have to be known.
    pub day: NaiveDate,
    /// The moment as of which it was asked.
    pub known_at: DateTime<Utc>,
}

impl UnknownDue {
    /// Why, in Chinese.
    pub fn zh(&self) -> String {
        let Self { year, day, known_at } = self;
        format!("截至{}尚不知道{year}年节假日安排的通知，{day}是否为工作日无从判断", china::date_of(*known_at))
    }

    /// Why, in English.
    pub fn en(&self) -> String {
        let Self { year, day, known_at } = self;
        format!(
            "as of {} no notice on the holidays of {year} was known, so it cannot be said whether {day} is a working day",
            china::date_of(*known_at)
        )
    }
}

impl fmt::Display for UnknownDue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.zh(), self.en())
    }
}

impl std::error::Error for UnknownDue {}

impl Due {
    /// The end of a day.
    pub fn with(last_day: NaiveDate) -> Self {
        Self { last_day, at: china::end_of(last_day) }
    }

    /// Whether what was done at a moment was done in time.
    pub fn is_met_at(&self, done: DateTime<Utc>) -> bool {
        done < self.at
    }
}

/// The moment by the clocks of China; of the end of a day as `2026-10-08 24:00`.
impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at == china::end_of(self.last_day) { write!(f, "{} 24:00", self.last_day) } else { f.write_str(&china::spoken(self.at)) }
    }
}

impl CalendarAt {
    /// When a deadline ends that something triggered at a moment.
    pub fn due(&self, trigger: DateTime<Utc>, span: Span) -> Result<Due, UnknownDue> {
        let day = china::date_of(trigger);
        Ok(match span {
            Span::WorkingDays(days) => Due::with(self.working_day_after(day, days)?),
            Span::CalendarDays(days) => Due::with(day.checked_add_days(Days::new(days.get().into())).unwrap_or(NaiveDate::MAX)),
            Span::Hours(hours) => {
                let at = trigger.checked_add_signed(TimeDelta::hours(hours.get().into())).unwrap_or(DateTime::<Utc>::MAX_UTC);
                // A deadline that ends at midnight ends with the day before.
                let last = at.checked_sub_signed(TimeDelta::nanoseconds(1)).unwrap_or(at);
                Due { last_day: china::date_of(last), at }
            }
        })
    }

    /// The n-th working day after a day, which does not count itself.
    pub fn working_day_after(&self, day: NaiveDate, days: NonZeroU16) -> Result<NaiveDate, UnknownDue> {
        let mut left = days.get();
        for day in day.iter_days().skip(1) {
            match self.kind(day).is_worked() {
                Some(true) if left == 1 => return Ok(day),
                Some(true) => left -= 1,
                Some(false) => {}
                None => return Err(self.unknown(day)),
            }
        }
        // Time has an end, and no notice reaches there.
        Err(self.unknown(NaiveDate::MAX))
    }

    fn unknown(&self, day: NaiveDate) -> UnknownDue {
        UnknownDue { year: day.year(), day, known_at: self.at() }
    }
}
