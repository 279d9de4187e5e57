//! The clocks of China: one zone, eight hours ahead, without summer time since 1992.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

/// Hours that the clocks of China are ahead of UTC.
const AHEAD: TimeDelta = TimeDelta::hours(8);

/// The date on which a moment falls in China.
pub fn date_of(at: DateTime<Utc>) -> NaiveDate {
    at.checked_add_signed(AHEAD).unwrap_or(DateTime::<Utc>::MAX_UTC).date_naive()
}

/// The first moment of a date in China: the midnight with which it begins.
pub fn first_moment(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc().checked_sub_signed(AHEAD).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// The end of a date in China, 24:00: the midnight with which the next one begins.
pub fn end_of(date: NaiveDate) -> DateTime<Utc> {
    date.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, first_moment)
}

/// A moment by the clocks of China, in words; seconds where there are any.
pub fn spoken(at: DateTime<Utc>) -> String {
    let there = at.checked_add_signed(AHEAD).unwrap_or(at);
    there.format(if there.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_china_begins_at_four_in_the_afternoon_of_greenwich() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(date_of(at("2025-12-31T15:59:59.999999Z")), day("2025-12-31"));
        assert_eq!(date_of(at("2025-12-31T16:00:00Z")), day("2026-01-01"));
        assert_eq!(first_moment(day("2026-01-01")), at("2025-12-31T16:00:00Z"));
        assert_eq!(end_of(day("2024-02-29")), at("2024-02-29T16:00:00Z"));
        assert_eq!(spoken(at("2025-12-31T16:00:00Z")), "2026-01-01 00:00");
        assert_eq!(spoken(at("2025-12-31T16:00:07.5Z")), "2026-01-01 00:00:07");
    }

    #[test]
    fn the_ends_of_time_have_dates_too() {
        assert_eq!(date_of(DateTime::<Utc>::MAX_UTC), DateTime::<Utc>::MAX_UTC.date_naive());
        assert_eq!(first_moment(NaiveDate::MIN), DateTime::<Utc>::MIN_UTC);
        assert_eq!(end_of(NaiveDate::MAX), DateTime::<Utc>::MAX_UTC);
    }
}
