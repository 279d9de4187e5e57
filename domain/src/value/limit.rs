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
    /// More than 9,999 units.
    #[error("a time limit has at most 9,999 units")]
    Range,
}

impl TimeLimit {
    /// At once.
    pub const IMMEDIATE: Self = Self { amount: 0, unit: TimeUnit::Immediate };

    /// So many working days.
    pub fn working_days(amount: u32) -> Self {
        Self { amount, unit: TimeUnit::WorkingDay }
    }

    /// Reads `20(工作日)`, `20个工作日`, `45（自然日）`, `7天`, `2小时`, `即办`, `当场办结`. `Ok(None)` where the source says that
    /// there is none (`无`, empty).
    ///
    /// ```
    /// use domain::value::{TimeLimit, LimitError};
    /// assert_eq!(TimeLimit::parse("20(工作日)"), Ok(Some(TimeLimit::working_days(20))));
    /// assert_eq!(TimeLimit::parse("即时办结"), Ok(Some(TimeLimit::IMMEDIATE)));
    /// assert_eq!(TimeLimit::parse("3个月"), Err(LimitError::Unit));
    /// ```
    pub fn parse(written: &str) -> Result<Option<Self>, LimitError> {
        let folded = text::fold(written);
        let Some(folded) = text::something(&folded) else { return Ok(None) };
        let immediate = ["即办", "即时", "当场", "立即", "当即", "马上"];
        if immediate.iter().any(|word| folded.starts_with(word)) {
            return Ok(Some(Self::IMMEDIATE));
        }
        let digits = folded.find(|c: char| !c.is_ascii_digit()).unwrap_or(folded.len());
        if digits == 0 {
            return Err(LimitError::Number);
        }
        let amount = folded[..digits].parse().ok().filter(|n| *n <= 9_999).ok_or(LimitError::Range)?;
        let unit = folded[digits..].trim_start_matches('个').trim_matches(['(', ')', '。', '内', '以']);
        let unit = match unit {
            "工作日" | "工作天" => TimeUnit::WorkingDay,
            "自然日" | "日历日" | "日历天" | "自然天" | "日" | "天" => TimeUnit::CalendarDay,
            "小时" | "时" => TimeUnit::Hour,
            _ => return Err(LimitError::Unit),
        };
        Ok(Some(if amount == 0 { Self::IMMEDIATE } else { Self { amount, unit } }))
    }

    /// Whether this limit is certainly no longer than another; `None` where the units cannot be compared without a calendar.
    pub fn at_most(self, other: Self) -> Option<bool> {
        use TimeUnit::{CalendarDay, Hour, Immediate, WorkingDay};
        match (self.unit, other.unit) {
            (Immediate, _) => Some(true),
            (_, Immediate) => Some(false),
            (a, b) if a == b => Some(self.amount <= other.amount),
            // n working days take at least n calendar days and hours do not outlast days of the same number.
            (WorkingDay, CalendarDay) if self.amount > other.amount => Some(false),
            (CalendarDay, WorkingDay) if self.amount <= other.amount => Some(true),
            (Hour, CalendarDay | WorkingDay) if self.amount <= other.amount * 24 => Some(true),
            (WorkingDay | CalendarDay, Hour) if self.amount * 24 > other.amount => Some(false),
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
    fn units_are_compared_only_where_no_calendar_is_needed() {
        let days = |amount| TimeLimit { amount, unit: TimeUnit::CalendarDay };
        assert_eq!(TimeLimit::working_days(5).at_most(TimeLimit::working_days(5)), Some(true));
        assert_eq!(TimeLimit::working_days(10).at_most(days(9)), Some(false));
        assert_eq!(TimeLimit::working_days(10).at_most(days(12)), None);
        assert_eq!(days(10).at_most(TimeLimit::working_days(10)), Some(true));
        assert_eq!(TimeLimit::IMMEDIATE.at_most(days(1)), Some(true));
    }
}
