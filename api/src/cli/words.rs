//! Values in the words of people, and times by the clocks of China.

use chrono::{DateTime, FixedOffset, Timelike, Utc};
pub use exchange::spoken::{below, brief, spoken};
use serde_json::Value;

/// A moment by the clocks of China, and that it is; seconds where there are any.
pub fn china(at: DateTime<Utc>) -> String {
    let form = if at.second() == 0 { "%Y-%m-%d %H:%M 北京时间" } else { "%Y-%m-%d %H:%M:%S 北京时间" };
    FixedOffset::east_opt(8 * 3_600).map_or_else(|| at.to_string(), |zone| at.with_timezone(&zone).format(form).to_string())
}

/// A value in few words; the whole of it is in `--json`.
pub fn short(path: &str, value: Option<&Value>) -> String {
    let text = match value {
        None => return "（无）".to_owned(),
        Some(value) => brief(path, value),
    };
    let line = text.replace('\n', " ");
    if line.chars().count() <= 40 { line } else { format!("{}…", line.chars().take(39).collect::<String>()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_by_the_clocks_of_china_and_says_so() {
        let told = |text: &str| china(text.parse().unwrap());
        assert_eq!(told("2025-12-31T16:00:00Z"), "2026-01-01 00:00 北京时间");
        assert_eq!(told("2025-12-31T16:00:07.5Z"), "2026-01-01 00:00:07 北京时间");
    }
}
