//! Values as they are typed.

use std::num::NonZeroU16;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    calendar::{Span, ahead::is_leap_second, china},
    register::Register,
};

/// A moment as it is typed: `2025-01-01` is its first moment by the clocks of China.
pub fn moment(typed: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(date) = typed.parse::<NaiveDate>() {
        return Ok(china::first_moment(date));
    }
    let moment = DateTime::parse_from_rfc3339(typed);
    moment.ok().map(|at| at.to_utc()).filter(|at| !is_leap_second(*at)).ok_or_else(|| {
        "应为日期或带时区的时间 / a date or a time with its zone is expected, e.g. 2025-01-01 or 2025-01-01T08:00:00+08:00".to_owned()
    })
}

/// A time as it is typed: `2 working days` or `2-working-days`, `20 days`, `3 hours`.
pub fn span(typed: &str) -> Result<Span, String> {
    let words = || "应为时长 / a time is expected, e.g. \"2 working days\", \"20 days\" or \"3 hours\"".to_owned();
    let spoken = typed.replace('-', " ");
    let (number, unit) = spoken.trim().split_once(' ').ok_or_else(words)?;
    let number: NonZeroU16 = number.parse().map_err(|_| words())?;
    match unit.trim() {
        "working day" | "working days" => Ok(Span::WorkingDays(number)),
        "day" | "days" => Ok(Span::CalendarDays(number)),
        "hour" | "hours" => Ok(Span::Hours(number)),
        _ => Err(words()),
    }
}

/// A date as it is typed.
pub fn date(typed: &str) -> Result<NaiveDate, String> {
    typed.parse().map_err(|_| "应为日期 / a date is expected, e.g. 2025-01-01".to_owned())
}

/// A code as it is typed after a register that may be left out: the word of a register alone is a code that was forgotten.
pub fn code_after_register(typed: &str) -> Result<String, String> {
    match Register::from_word(typed) {
        Some(_) => Err(format!("{typed} 是登记册，其后应有编码 / {typed} is a register, and a code is expected after it")),
        None => Ok(typed.to_owned()),
    }
}

/// An edition as it is typed: a year.
pub fn edition(typed: &str) -> Result<String, String> {
    let year = typed.parse::<u16>().ok().filter(|year| (1949..=2100).contains(year));
    year.map(|year| year.to_string()).ok_or_else(|| "应为1949至2100之间的年份 / a year from 1949 to 2100 is expected, e.g. 2025".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_date_or_has_its_zone_and_is_no_leap_second() {
        for good in ["2026-07-01", "2026-06-30T16:00:00Z", "2026-07-01T00:00:00+08:00"] {
            assert_eq!(moment(good).map(china::spoken).as_deref(), Ok("2026-07-01 00:00"), "{good}");
        }
        for bad in ["2026-06-30T23:59:60Z", "2026-07-01T07:59:60+08:00", "2026-07-01T07:60:00+08:00", "2026-07-01T00:00:00", "now"] {
            assert!(moment(bad).unwrap_err().contains("应为日期或带时区的时间 / a date or a time with its zone is expected"), "{bad}");
        }
    }
}
