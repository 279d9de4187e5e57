use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where an adopted content was read: enough to find the line again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Title of the list, e.g. `某市统计局2025年权责清单`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Identifies the list across editions, files and sheets: what is missing from a newer edition is found by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_key: Option<String>,
    /// Edition of the list: the year in its title, or what the caller said. Later editions sort after earlier ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Name of the file, without its folders.
    pub file: String,
    /// Sheet of the workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Row of the sheet or line of the file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Document by which the list was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Date of that document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// What identifies the line where the register assigned its code (see `docs/import.md`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity: Vec<String>,
}

/// Whether an edition comes before another: as years, and by their words where they are none. Lists that were taken over before
/// editions had to be years may have any words; they come before every year.
pub fn is_older_edition(edition: &str, other: &str) -> bool {
    let order = |edition: &str| edition.parse::<u32>().unwrap_or(0);
    (order(edition), edition) < (order(other), other)
}

#[cfg(test)]
mod tests {
    use super::is_older_edition;

    #[test]
    fn editions_are_years_and_words_come_before_them() {
        for (older, newer) in [("2024", "2025"), ("999", "2025"), ("修订版", "1949"), ("a", "b")] {
            assert!(is_older_edition(older, newer) && !is_older_edition(newer, older), "{older} {newer}");
        }
        assert!(!is_older_edition("2025", "2025"));
    }
}
