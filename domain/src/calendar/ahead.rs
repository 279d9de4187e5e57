//! For which moments something may be decided, and what is said of others.

use chrono::{DateTime, Months, Utc};

use super::china::spoken;

/// Years ahead for which something may be decided. Plans are made for five; what is later is a slip of the hand.
const MOST_YEARS: u32 = 10;

/// Why a moment is too late to be decided for now, in Chinese and English, if it is.
pub fn too_late(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<(String, String)> {
    let last = now.checked_add_months(Months::new(12 * MOST_YEARS)).filter(|last| at > *last)?;
    let (at, last) = (spoken(at), spoken(last));
    Some((
        format!("时间{at}（北京时间）超过{MOST_YEARS}年以后（最晚{last}），似为误填；请核对年份"),
        format!("{at} China time is more than {MOST_YEARS} years ahead (at the latest {last}) and seems mistyped: check the year"),
    ))
}

/// Whether a moment is a leap second, `23:59:60`. Clocks of computers show none: whoever gives one means the second before or after it, and by what it would be kept
/// and compared it is neither. So it is no moment here, as a 61st minute is none.
///
/// ```
/// use domain::calendar::ahead::is_leap_second;
/// let at = |text: &str| text.parse().unwrap();
/// assert!(is_leap_second(at("2026-06-30T23:59:60Z")) && is_leap_second(at("2026-07-01T07:59:60.5+08:00")));
/// assert!(!is_leap_second(at("2026-06-30T23:59:59.999999Z")) && !is_leap_second(at("2026-07-01T00:00:00Z")));
/// ```
pub fn is_leap_second(at: DateTime<Utc>) -> bool {
    at.timestamp_subsec_nanos() >= 1_000_000_000
}

/// What is said of a moment that is past, in Chinese and English.
pub fn past(at: DateTime<Utc>, now: DateTime<Utc>) -> (String, String) {
    let (at, now) = (spoken(at), spoken(now));
    (
        format!("时间{at}已过（现在是北京时间{now}），请给出以后的时间"),
        format!("{at} is past (it is {now} China time); give a time that is not"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::assert_each_in_its_language;

    #[test]
    fn moments_that_are_refused_are_told_by_the_clocks_of_china() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (zh, en) = too_late(at("2206-12-31T16:00:00Z"), at("2026-09-01T16:30:00Z")).unwrap();
        assert_each_in_its_language(&zh, &en);
        for told in ["2207-01-01 00:00", "2036-09-02 00:30"] {
            assert!(zh.contains(told) && en.contains(told), "{told} in {zh} {en}");
        }
        assert!(zh.contains("北京时间") && en.contains("China time"));
        let (zh, en) = past(at("2026-08-31T16:00:00Z"), at("2026-09-01T16:30:07Z"));
        assert_eq!(zh, "时间2026-09-01 00:00已过（现在是北京时间2026-09-02 00:30:07），请给出以后的时间");
        assert_eq!(en, "2026-09-01 00:00 is past (it is 2026-09-02 00:30:07 China time); give a time that is not");
    }
}
