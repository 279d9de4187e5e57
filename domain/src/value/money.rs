use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text;

/// An amount of money in fen (1/100 yuan), with the unit that it is charged for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// Fen: 1,050 is 10.50 yuan.
    pub fen: u64,
    /// What it is charged for, e.g. `本`, `人次`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
}

impl Money {
    /// Reads one amount: `10元/本`, `￥10.50`, `120 元每人次`. `None` for anything else, such as a scale of charges.
    ///
    /// ```
    /// use domain::value::Money;
    /// assert_eq!(Money::parse("10.5元/本"), Some(Money { fen: 1_050, per: Some("本".into()) }));
    /// assert_eq!(Money::parse("按面积分档计收"), None);
    /// ```
    pub fn parse(written: &str) -> Option<Self> {
        let folded = text::fold(written);
        let rest = folded.trim_start_matches(['¥', '￥']);
        let marked = rest.len() != folded.len();
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (yuan, cents) = rest[..end].split_once('.').unwrap_or((&rest[..end], ""));
        if yuan.is_empty() || cents.len() > 2 || cents.contains('.') {
            return None;
        }
        let yuan: u64 = yuan.parse().ok().filter(|n| *n <= 1_000_000_000_000)?;
        let cents: u64 = if cents.is_empty() { 0 } else { format!("{cents:0<2}").parse().ok()? };
        let unit = &rest[end..];
        let per = match unit.strip_prefix('元') {
            None if marked && unit.is_empty() => None,
            None => return None,
            Some("" | "整") => None,
            Some(after) => Some(after.strip_prefix('/').or_else(|| after.strip_prefix('每'))?),
        };
        if per.is_some_and(|p| p.is_empty() || p.chars().count() > 8) {
            return None;
        }
        Some(Self { fen: yuan * 100 + cents, per: per.map(str::to_owned) })
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02}元", self.fen / 100, self.fen % 100)?;
        self.per.as_ref().map_or(Ok(()), |per| write!(f, "/{per}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_amount_is_read_and_a_scale_is_not() {
        assert_eq!(Money::parse("￥１０"), Some(Money { fen: 1_000, per: None }));
        assert_eq!(Money::parse("120元每人次").unwrap().to_string(), "120.00元/人次");
        for scale in ["10", "10元起", "10-20元", "1.234元", "元", "", "10元/"] {
            assert_eq!(Money::parse(scale), None, "{scale}");
        }
    }
}
