use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text;

/// Level at which a power is exercised 行使层级.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    /// 1 国家级
    National,
    /// 2 省级 (自治区级, 直辖市级)
    Province,
    /// 3 市级 (地州市级)
    City,
    /// 4 县级 (县市区级)
    County,
    /// 5 镇(乡、街道)级
    Township,
    /// 6 村(社区)级
    Village,
}

impl Level {
    /// All six, from the top.
    pub const ALL: [Self; 6] = [Self::National, Self::Province, Self::City, Self::County, Self::Township, Self::Village];

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Self::National => "国家级",
            Self::Province => "省级",
            Self::City => "市级",
            Self::County => "县级",
            Self::Township => "镇(乡、街道)级",
            Self::Village => "村(社区)级",
        }
    }

    /// By the national code, `1` to `6`.
    pub fn from_code(code: &str) -> Option<Self> {
        let place: usize = code.parse().ok()?;
        Self::ALL.get(place.checked_sub(1)?).copied()
    }

    /// Reads a level at the beginning of a text and gives what follows it: lists write level and authority in one cell,
    /// `地州市级；负责…`.
    pub fn split(written: &str) -> Option<(Self, &str)> {
        const NAMES: [(&str, Level); 34] = [
            ("国家级", Level::National),
            ("自治区本级", Level::Province),
            ("自治区级", Level::Province),
            ("直辖市级", Level::Province),
            ("省本级", Level::Province),
            ("省级", Level::Province),
            ("地（州、市）级", Level::City),
            ("地(州、市)级", Level::City),
            ("州、市（地）级", Level::City),
            ("州市级", Level::City),
            ("地州市级", Level::City),
            ("地市级", Level::City),
            ("地级市", Level::City),
            ("设区的市级", Level::City),
            ("设区市级", Level::City),
            ("市州级", Level::City),
            ("市本级", Level::City),
            ("市级", Level::City),
            ("县（市、区）级", Level::County),
            ("县(市、区)级", Level::County),
            ("县市区级", Level::County),
            ("县市级", Level::County),
            ("区县级", Level::County),
            ("县区级", Level::County),
            ("区（市、县）级", Level::County),
            ("县级", Level::County),
            ("区级", Level::County),
            ("乡镇（街道）级", Level::Township),
            ("乡镇级", Level::Township),
            ("镇街级", Level::Township),
            ("镇(乡、街道)级", Level::Township),
            ("镇级", Level::Township),
            ("村级", Level::Village),
            ("村(社区)级", Level::Village),
        ];
        let start = written.trim_start();
        // Line breaks inside the cell may cut the word: `地州\n市级`.
        for (name, level) in NAMES {
            let mut rest = start;
            let whole = name.chars().all(|wanted| {
                rest = rest.trim_start();
                match rest.strip_prefix(wanted) {
                    Some(after) => {
                        rest = after;
                        true
                    }
                    None => false,
                }
            });
            if whole {
                let after = rest.trim_start_matches(|c: char| c.is_whitespace() || "；;。，,：:、".contains(c));
                return Some((level, after));
            }
        }
        None
    }

    /// Reads a level that is written alone.
    pub fn from_name(written: &str) -> Option<Self> {
        let squashed = text::squash(written);
        match squashed.as_str() {
            "国家" | "中央" => Some(Self::National),
            "省" | "自治区" => Some(Self::Province),
            "市" | "地市" | "设区市" | "州" => Some(Self::City),
            "县" | "区" | "区县" | "县区" | "县（市、区）" | "县(市、区)" => Some(Self::County),
            "乡" | "镇" | "乡镇" | "街道" | "乡镇（街道）" | "镇（街道）" | "乡镇街道" => Some(Self::Township),
            "村" | "社区" | "村（社区）" => Some(Self::Village),
            whole => Self::split(whole).and_then(|(level, rest)| rest.is_empty().then_some(level)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_read_with_what_follows_it() {
        assert_eq!(Level::split("地州\n市级；负责对外劳务"), Some((Level::City, "负责对外劳务")));
        assert_eq!(Level::split("自治区级"), Some((Level::Province, "")));
        assert_eq!(Level::split("负责市本级"), None);
    }

    #[test]
    fn a_level_alone_is_nothing_but_a_level() {
        assert_eq!(Level::from_name(" 县市区级 "), Some(Level::County));
        assert_eq!(Level::from_name("市"), Some(Level::City));
        assert_eq!(Level::from_name("市级负责"), None);
        assert_eq!(Level::from_code("3"), Some(Level::City));
        assert_eq!(Level::from_code("7"), None);
        assert_eq!(Level::from_code("0"), None);
    }
}
