//! Values in the words of people, and times by the clocks of China.

use chrono::{DateTime, Utc};
use domain::calendar;
pub use exchange::spoken::{below, brief, spoken};
use serde_json::Value;

/// A moment by the clocks of China, and that it is; seconds where there are any.
pub fn china(at: DateTime<Utc>) -> String {
    format!("{} 北京时间", calendar::china::spoken(at))
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
