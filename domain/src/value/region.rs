use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An administrative division: its code (GB/T 2260 six digits, or nine or twelve below the county) and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// Digits of the division, e.g. `440100`.
    pub code: String,
    /// Name as the source writes it, e.g. `广东省广州市`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Region {
    /// A region, if the code has 6, 9 or 12 digits.
    pub fn new(code: &str, name: Option<&str>) -> Option<Self> {
        let right = matches!(code.len(), 6 | 9 | 12) && code.bytes().all(|b| b.is_ascii_digit());
        right.then(|| Self { code: code.to_owned(), name: name.map(str::to_owned) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_code_has_six_nine_or_twelve_digits() {
        assert!(Region::new("440100", None).is_some());
        assert!(Region::new("440103001001", Some("x")).is_some());
        assert!(Region::new("4401", None).is_none());
        assert!(Region::new("44010A", None).is_none());
    }
}
