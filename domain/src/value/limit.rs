use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text;

/// Unit of a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TimeUnit {
    /// 工作日
    WorkingDay,
    /// 自然日
    CalendarDay,
    /// 小时
    Hour,
    /// 即办, 当场办结: the amount is 0.
    Immediate,
}

impl TimeUnit {
    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Self::WorkingDay => "工作日",
            Self::CalendarDay => "自然日",
            Self::Hour => "小时",
            Self::Immediate => "即办",
        }
    }
}

/// A statutory or promised limit 法定/承诺办结时限.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimeLimit {
    /// How many units; 0 for an immediate one.
    pub amount: u32,
    /// The unit.
    pub unit: TimeUnit,
}

/// Why a text is no time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// No number where one is needed.
    #[error("a time limit begins with a number, e.g. 20(工作日), or says 即办")]
    Number,
    /// A unit that is none of ours (months and years depend on the day they begin).
    #[error("the unit of a time limit is 工作日, 自然日 or 小时")]
    Unit,
    /// A range such as `3-5个工作日`.
    #[error("a time limit is one number, not a range")]
    Several,
    /// Words beside the limit, such as `（不含公示）`.
    #[error("the time limit says more than a number and a unit")]
    Note,
    /// More than 9,999 units.
    #[error("a time limit has at most 9,999 units")]
    Range,
}

const IMMEDIATE: [&str; 7] = ["即办", "即时", "即刻", "当场", "立即", "当即", "马上"];
/// Units as lists write them; longer ones first.
const UNITS: [(&str, TimeUnit); 10] = [
    ("工作日", TimeUnit::WorkingDay),
    ("工作天", TimeUnit::WorkingDay),
    ("自然日", TimeUnit::CalendarDay),
    ("日历日", TimeUnit::CalendarDay),
    ("日历天", TimeUnit::CalendarDay),
    ("自然天", TimeUnit::CalendarDay),
    ("小时", TimeUnit::Hour),
    ("日", TimeUnit::CalendarDay),
    ("天", TimeUnit::CalendarDay),
    ("时", TimeUnit::Hour),
];

/// Signs between the two ends of a range.
const RANGE: [char; 8] = ['-', '~', '至', '到', '—', '–', '、', '或'];

/// What may stand before a limit, `自受理之日起`, `不超过`, taken off: the words that say since when, and the rest.
fn after_opening(text: &str) -> (&str, &str) {
    let since = text.find("之日起").map(|i| i + "之日起".len()).filter(|_| text.starts_with(['自', '从']));
    let since = since.or_else(|| ["受理后", "受理起"].iter().find(|word| text.starts_with(**word)).map(|word| word.len()));
    let (before, mut rest) = text.split_at(since.unwrap_or(0));
    // From the acceptance on is what a limit means anyway.
    let before = if matches!(before, "自受理之日起" | "从受理之日起" | "自受理申请之日起" | "受理后" | "受理起") {
        ""
    } else {
        before
    };
    rest = rest.trim_start_matches([',', '，', ':']);
    for word in ["最长", "不超过", "不多于", "承诺", "法定", "在"] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    (before, rest)
}

/// Words that say more than the limit, without the signs around them. `None` if nothing is left.
fn note(words: &[&str]) -> Option<String> {
    let words = words.iter().map(|part| {
        let part = part.trim_matches(|c: char| "。，,；;:：".contains(c));
        // 办结, 完成 after a limit say no more than that it is one.
        let part = ["办结", "办理", "完成", "办完"].iter().find_map(|word| part.strip_prefix(word)).unwrap_or(part);
        part.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).filter(|inner| !inner.contains(['(', ')'])).unwrap_or(part)
    });
    let words: Vec<&str> = words.filter(|part| !part.is_empty()).collect();
    (!words.is_empty()).then(|| words.join("；"))
}

/// A number at the start, in digits or in Chinese up to 9,999, and what follows it. An `Err` if it is too great for any limit.
fn numeral(text: &str) -> Option<(Result<u64, LimitError>, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if digits > 0 {
        return Some((text[..digits].parse().map_err(|_| LimitError::Range), &text[digits..]));
    }
    let place = |c: char| {
        "〇一二三四五六七八九".chars().position(|d| d == c).or(match c {
            '零' => Some(0),
            '两' => Some(2),
            _ => None,
        })
    };
    let (mut sum, mut last, mut end) = (0_u64, None, 0);
    for c in text.chars() {
        if let Some(digit) = place(c) {
            last = Some(digit as u64);
        } else {
            let unit = match c {
                '十' => 10,
                '百' => 100,
                '千' => 1_000,
                _ => break,
            };
            sum += last.take().unwrap_or(1) * unit;
        }
        end += c.len_utf8();
    }
    (end > 0).then_some((Ok(sum + last.unwrap_or(0)), &text[end..]))
}

/// Days without work beside Saturdays and Sundays in a year, at most. The law knows 13 holidays since 2025, a year moved up to 7 weekend days onto
/// working ones and took as many off, and an epidemic once added 3: 23 in all. The rest is so that no notice to come makes a limit wrong.
const MOST_DAYS_OFF: u32 = 30;

/// Days of whole weeks that lie in one year together with [`MOST_DAYS_OFF`].
const DAYS_BESIDE: u32 = 365 - MOST_DAYS_OFF;

impl TimeLimit {
    /// At once.
    pub const IMMEDIATE: Self = Self { amount: 0, unit: TimeUnit::Immediate };

    /// So many working days.
    pub fn working_days(amount: u32) -> Self {
        Self { amount, unit: TimeUnit::WorkingDay }
    }

    /// Reads `20(工作日)`, `二十个工作日`, `不超过45（自然日）`, `自受理之日起7天内`, `2小时`, `即办`, `当日`. `Ok(None)` where the source
    /// says that there is none (`无`, empty). A limit that says more is an error, so that no caller loses it unawares; see
    /// [`Self::parse_with_note`].
    ///
    /// ```
    /// use domain::value::{TimeLimit, LimitError};
    /// assert_eq!(TimeLimit::parse("20(工作日)"), Ok(Some(TimeLimit::working_days(20))));
    /// assert_eq!(TimeLimit::parse("即时办结"), Ok(Some(TimeLimit::IMMEDIATE)));
    /// assert_eq!(TimeLimit::parse("3个月"), Err(LimitError::Unit));
    /// assert_eq!(TimeLimit::parse("3-5个工作日"), Err(LimitError::Several));
    /// ```
    pub fn parse(written: &str) -> Result<Option<Self>, LimitError> {
        match Self::parse_with_note(written)? {
            Some((_, Some(_))) => Err(LimitError::Note),
            found => Ok(found.map(|(limit, _)| limit)),
        }
    }

    /// The limit, and the words that say more than it: `（不含公示）`, `自公示之日起`, and what stands for less than a limit in
    /// days, such as `当日`.
    ///
    /// ```
    /// use domain::value::TimeLimit;
    /// let read = TimeLimit::parse_with_note("7个工作日（不含公示）");
    /// assert_eq!(read, Ok(Some((TimeLimit::working_days(7), Some("不含公示".into())))));
    /// ```
    pub fn parse_with_note(written: &str) -> Result<Option<(Self, Option<String>)>, LimitError> {
        let folded = text::fold(written);
        let Some(folded) = text::something(&folded) else { return Ok(None) };
        let (before, said) = after_opening(folded);
        if let Some(word) = IMMEDIATE.iter().find(|word| said.starts_with(**word)) {
            let rest = said[word.len()..].trim_start_matches(['办', '理', '结', '完', '件']);
            return Ok(Some((Self::IMMEDIATE, note(&[before, rest]))));
        }
        // 当日, 当天办结: at once for who comes, though not while one waits.
        if let Some(rest) = ["当日", "当天"].iter().find_map(|word| said.strip_prefix(word)) {
            return Ok(Some((Self::IMMEDIATE, note(&[before, &said[..said.len() - rest.len()], rest]))));
        }
        let (amount, rest) = numeral(said).ok_or(LimitError::Number)?;
        let amount = u32::try_from(amount?).ok().filter(|n| *n <= 9_999).ok_or(LimitError::Range)?;
        let rest = rest.trim_start_matches('个');
        if let Some(further) = rest.strip_prefix(RANGE) {
            return Err(if numeral(further).is_some() { LimitError::Several } else { LimitError::Unit });
        }
        // `20(工作日)`: the unit stands in brackets.
        let bare = rest.strip_prefix('(').unwrap_or(rest);
        let (unit, after) =
            UNITS.iter().find_map(|(word, unit)| bare.strip_prefix(word).map(|after| (*unit, after))).ok_or(LimitError::Unit)?;
        let after = if bare.len() < rest.len() { after.strip_prefix(')').unwrap_or(after) } else { after };
        if after.strip_prefix(RANGE).is_some_and(|further| numeral(further).is_some()) {
            return Err(LimitError::Several);
        }
        let after = after.strip_prefix("以内").or_else(|| after.strip_prefix('内')).unwrap_or(after);
        // 小时工, 时限: the unit was the beginning of another word.
        if unit == TimeUnit::Hour && after.starts_with(['限', '间', '工']) {
            return Err(LimitError::Unit);
        }
        let limit = if amount == 0 { Self::IMMEDIATE } else { Self { amount, unit } };
        Ok(Some((limit, note(&[before, after]))))
    }

    /// The hours of so many days.
    fn hours(self) -> u32 {
        self.amount.saturating_mul(24)
    }

    /// The most calendar days that so many working days can take, whatever the calendar of the years will be: seven for every five begun,
    /// and [`MOST_DAYS_OFF`] for each year begun that they lie in.
    fn most_calendar_days(self) -> u32 {
        let weeks = self.amount.div_ceil(5).saturating_mul(7);
        weeks.saturating_add(MOST_DAYS_OFF.saturating_mul(weeks / DAYS_BESIDE + 1))
    }

    /// The fewest calendar days that it takes.
    fn least_days(self) -> u32 {
        match self.unit {
            TimeUnit::WorkingDay | TimeUnit::CalendarDay => self.amount,
            TimeUnit::Hour => self.amount / 24,
            TimeUnit::Immediate => 0,
        }
    }

    /// The fewest calendar days that limits of several units take one after the other.
    pub fn least_together(limits: &[Self]) -> Self {
        Self { amount: limits.iter().fold(0, |sum: u32, limit| sum.saturating_add(limit.least_days())), unit: TimeUnit::CalendarDay }
    }

    /// Whether this limit is certainly no longer than another; `None` where the units cannot be compared without a calendar.
    pub fn at_most(self, other: Self) -> Option<bool> {
        use TimeUnit::{CalendarDay, Hour, Immediate, WorkingDay};
        match (self.unit, other.unit) {
            (Immediate, _) => Some(true),
            (_, Immediate) => Some(false),
            (a, b) if a == b => Some(self.amount <= other.amount),
            // n working days take at least n calendar days, and a day has 24 hours.
            (WorkingDay, CalendarDay) if self.amount > other.amount => Some(false),
            (WorkingDay, CalendarDay) if self.most_calendar_days() <= other.amount => Some(true),
            (CalendarDay, WorkingDay) if self.amount <= other.amount => Some(true),
            (CalendarDay, WorkingDay) if self.amount > other.most_calendar_days() => Some(false),
            (Hour, CalendarDay | WorkingDay) if self.amount <= other.hours() => Some(true),
            (Hour, CalendarDay) if self.amount > other.hours() => Some(false),
            // The rest of the day from which the days are counted goes before them.
            (Hour, WorkingDay) if self.amount > other.most_calendar_days().saturating_add(1).saturating_mul(24) => Some(false),
            (WorkingDay | CalendarDay, Hour) if self.hours() > other.amount => Some(false),
            _ => None,
        }
    }
}

impl std::fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.unit {
            TimeUnit::Immediate => f.write_str("即办"),
            unit => write!(f, "{}个{}", self.amount, unit.zh()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_portals_write_them() {
        let limit = |amount, unit| Ok(Some(TimeLimit { amount, unit }));
        assert_eq!(TimeLimit::parse("45（自然日）"), limit(45, TimeUnit::CalendarDay));
        assert_eq!(TimeLimit::parse(" 20 个工作日内 "), limit(20, TimeUnit::WorkingDay));
        assert_eq!(TimeLimit::parse("２小时"), limit(2, TimeUnit::Hour));
        assert_eq!(TimeLimit::parse("0(工作日)"), Ok(Some(TimeLimit::IMMEDIATE)));
        assert_eq!(TimeLimit::parse("无"), Ok(None));
        assert_eq!(TimeLimit::parse("按规定"), Err(LimitError::Number));
        assert_eq!(TimeLimit::parse("99999999999(工作日)"), Err(LimitError::Range));
    }

    #[test]
    fn limits_in_words_and_with_an_opening_are_read() {
        let days = TimeLimit::working_days;
        for (written, wanted) in [
            ("五个工作日", days(5)),
            ("十五个工作日", days(15)),
            ("二十个工作日", days(20)),
            ("三十五个工作日", days(35)),
            ("一百二十个工作日", days(120)),
            ("两个工作日", days(2)),
            ("不超过10个工作日", days(10)),
            ("20个工作日以内办结", days(20)),
            ("自受理之日起20个工作日内", days(20)),
            ("二十日", TimeLimit { amount: 20, unit: TimeUnit::CalendarDay }),
            ("即办件", TimeLimit::IMMEDIATE),
        ] {
            assert_eq!(TimeLimit::parse_with_note(written), Ok(Some((wanted, None))), "{written}");
        }
        for (written, error) in [
            ("20", LimitError::Unit),
            ("1个月", LimitError::Unit),
            ("3-5个工作日", LimitError::Several),
            ("三至五个工作日", LimitError::Several),
            ("3个工作日-5个工作日", LimitError::Several),
            ("工作日", LimitError::Number),
        ] {
            let read = TimeLimit::parse(written);
            assert_eq!(read, Err(error), "{written}");
        }
    }

    #[test]
    fn what_a_limit_says_besides_is_kept() {
        for (written, wanted, note) in [
            ("7个工作日（不含公示）", TimeLimit::working_days(7), "不含公示"),
            ("自公示之日起20个工作日内", TimeLimit::working_days(20), "自公示之日起"),
            ("自公示之日起20个工作日内办结（不含听证）", TimeLimit::working_days(20), "自公示之日起；不含听证"),
            ("当日", TimeLimit::IMMEDIATE, "当日"),
            ("当天办结", TimeLimit::IMMEDIATE, "当天"),
            ("即办，材料齐全的", TimeLimit::IMMEDIATE, "材料齐全的"),
            ("20(工作日)，可延长10个工作日", TimeLimit::working_days(20), "可延长10个工作日"),
        ] {
            assert_eq!(TimeLimit::parse_with_note(written), Ok(Some((wanted, Some(note.into())))), "{written}");
            assert_eq!(TimeLimit::parse(written), Err(LimitError::Note), "{written}");
        }
    }

    #[test]
    fn units_are_compared_only_where_no_calendar_is_needed() {
        let days = |amount| TimeLimit { amount, unit: TimeUnit::CalendarDay };
        assert_eq!(TimeLimit::working_days(5).at_most(TimeLimit::working_days(5)), Some(true));
        assert_eq!(TimeLimit::working_days(10).at_most(days(9)), Some(false));
        assert_eq!(TimeLimit::working_days(10).at_most(days(12)), None);
        assert_eq!(days(10).at_most(TimeLimit::working_days(10)), Some(true));
        assert_eq!(TimeLimit::IMMEDIATE.at_most(days(1)), Some(true));
        let hours = |amount| TimeLimit { amount, unit: TimeUnit::Hour };
        assert_eq!((hours(240).at_most(days(10)), hours(300).at_most(days(10))), (Some(true), Some(false)));
        assert_eq!(hours(300).at_most(TimeLimit::working_days(10)), None, "ten working days last longer than ten days, or not");
        assert_eq!(days(u32::MAX).at_most(hours(1)), Some(false));
    }

    #[test]
    fn working_days_take_no_more_calendar_days_than_any_calendar_can_make_of_them() {
        let days = |amount| TimeLimit { amount, unit: TimeUnit::CalendarDay };
        let hours = |amount| TimeLimit { amount, unit: TimeUnit::Hour };
        let working = TimeLimit::working_days;
        assert_eq!(days(60).at_most(working(20)), Some(false), "four weeks and all holidays of a year are 58 days");
        assert_eq!((days(58).at_most(working(20)), days(21).at_most(working(20))), (None, None));
        assert_eq!((working(20).at_most(days(58)), working(20).at_most(days(57))), (Some(true), None));
        // Nine days of the Spring Festival of 2026 before one working day.
        assert_eq!(days(10).at_most(working(1)), None);
        assert_eq!((hours(9_999).at_most(working(20)), hours(24 * 59).at_most(working(20))), (Some(false), None));
        // Beyond a year the holidays of the next one are counted too.
        assert_eq!(days(400).at_most(working(250)), None);
        assert_eq!(days(u32::MAX).at_most(working(u32::MAX)), Some(true));
        assert_eq!(TimeLimit::least_together(&[working(3), days(4), hours(49), TimeLimit::IMMEDIATE]), days(9));
    }
}
