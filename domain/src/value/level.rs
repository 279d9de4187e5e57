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

/// Names of levels, alone or at the beginning of a text; brackets stand for either width.
const NAMES: [(&str, Level); 69] = [
    ("国家级", Level::National),
    ("中央级", Level::National),
    ("自治区本级", Level::Province),
    ("自治区级", Level::Province),
    ("直辖市级", Level::Province),
    ("省（自治区、直辖市）级", Level::Province),
    ("省（区、市）级", Level::Province),
    ("省本级", Level::Province),
    ("省级", Level::Province),
    ("地（州、市）级", Level::City),
    ("地（市、州）级", Level::City),
    ("州、市（地）级", Level::City),
    ("州市级", Level::City),
    ("地州市级", Level::City),
    ("地市级", Level::City),
    ("地级市", Level::City),
    ("设区的市级", Level::City),
    ("设区市级", Level::City),
    ("市州级", Level::City),
    ("市（州）级", Level::City),
    ("市（地）级", Level::City),
    ("市（地、州）级", Level::City),
    ("市（州、地）级", Level::City),
    ("州（市）级", Level::City),
    ("盟市级", Level::City),
    ("盟（市）级", Level::City),
    ("市本级", Level::City),
    ("市级", Level::City),
    ("县（市、区）级", Level::County),
    ("县（区、市）级", Level::County),
    ("县（区）级", Level::County),
    ("县（市）级", Level::County),
    ("县（市、区、旗）级", Level::County),
    ("旗县级", Level::County),
    ("旗县区级", Level::County),
    ("区（县）级", Level::County),
    ("区（县、市）级", Level::County),
    ("区（市、县）级", Level::County),
    ("区（市）县级", Level::County),
    ("县市区级", Level::County),
    ("市县区级", Level::County),
    ("县市级", Level::County),
    ("区县级", Level::County),
    ("县区级", Level::County),
    ("县级市", Level::County),
    ("县本级", Level::County),
    ("县级", Level::County),
    ("区级", Level::County),
    ("乡镇（街道）级", Level::Township),
    ("镇（乡、街道）级", Level::Township),
    ("镇（街道）级", Level::Township),
    ("街道（乡镇）级", Level::Township),
    ("街道（乡、镇）级", Level::Township),
    ("乡（镇、街道）级", Level::Township),
    ("乡（镇）级", Level::Township),
    ("乡镇街道级", Level::Township),
    ("街道（乡镇）", Level::Township),
    ("乡镇（街道）", Level::Township),
    ("镇（街道）", Level::Township),
    ("乡（镇）", Level::Township),
    ("街道级", Level::Township),
    ("乡镇级", Level::Township),
    ("镇街级", Level::Township),
    ("乡级", Level::Township),
    ("镇级", Level::Township),
    ("村（社区）级", Level::Village),
    ("社区（村）级", Level::Village),
    ("社区级", Level::Village),
    ("村级", Level::Village),
];
/// Names without 级, of which several may share one.
const SHORT: [(&str, Level); 8] = [
    ("国家", Level::National),
    ("自治区", Level::Province),
    ("省", Level::Province),
    ("州", Level::City),
    ("市", Level::City),
    ("县", Level::County),
    ("区", Level::County),
    ("乡镇", Level::Township),
];

/// What follows a name. Line breaks inside the cell may cut the word: `地州\n市级`.
fn after_name<'a>(written: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = written;
    for wanted in name.chars() {
        rest = rest.trim_start();
        rest = rest.strip_prefix(|c: char| c == wanted || matches!((c, wanted), ('(', '（') | (')', '）')))?;
    }
    Some(rest)
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
    /// `地州市级；负责…`. Where several are named, the first, and what follows begins with the others: `省、市级` is a province
    /// and `市级`; see [`Self::several`].
    pub fn split(written: &str) -> Option<(Self, &str)> {
        let (level, rest) = Self::named(written)?;
        Some((level, rest.trim_start_matches(|c: char| c.is_whitespace() || "；;。，,：:、/／".contains(c))))
    }

    /// All levels that a text names and nothing else: `省、市、县级`. Empty if it says anything besides.
    ///
    /// ```
    /// use domain::value::Level;
    /// assert_eq!(Level::several("省、市、县级"), [Level::Province, Level::City, Level::County]);
    /// assert_eq!(Level::several("市级负责"), []);
    /// ```
    pub fn several(written: &str) -> Vec<Self> {
        let mut out = Vec::new();
        let squashed = text::squash(written);
        let mut rest = squashed.as_str();
        while !rest.is_empty() {
            let Some((level, after)) = Self::split(rest) else { return Vec::new() };
            if !out.contains(&level) {
                out.push(level);
            }
            rest = after.trim_start_matches(['和', '及', '与']);
        }
        out
    }

    /// A level in one of its names, the longest that fits, or `省、` before others of which the last ends in 级.
    fn named(written: &str) -> Option<(Self, &str)> {
        let whole = NAMES.iter().filter_map(|(name, level)| Some((*level, after_name(written, name)?))).min_by_key(|(_, rest)| rest.len());
        whole.or_else(|| {
            // 省、市、县级: the word 级 stands once, after the last.
            SHORT.iter().find_map(|(name, level)| {
                let rest = after_name(written, name)?;
                let next = rest.trim_start().strip_prefix(['、', '/', '／', '和', '及'])?;
                Self::named(next).map(|_| (*level, rest))
            })
        })
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
            // 省、市、县级 is no one level.
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

    #[test]
    fn brackets_in_a_name_and_names_of_other_places_are_one_level() {
        for (written, level) in [
            ("区（县）级", Level::County),
            ("区(县)级", Level::County),
            ("街道（乡镇）", Level::Township),
            ("街道（乡镇）级", Level::Township),
            ("市（州）级", Level::City),
            ("省（区、市）级", Level::Province),
            ("镇(乡、街道)级", Level::Township),
            ("村(社区)级", Level::Village),
        ] {
            assert_eq!(Level::from_name(written), Some(level), "{written}");
            assert_eq!(Level::several(written), [level], "{written}");
        }
    }

    #[test]
    fn of_several_levels_the_first_is_read_and_none_is_swallowed() {
        use Level::{City, County, Province};
        assert_eq!(Level::split("省、市、县级；负责甲"), Some((Province, "市、县级；负责甲")));
        assert_eq!(Level::split("省级、市级"), Some((Province, "市级")));
        assert_eq!(Level::split("市级、县级负责"), Some((City, "县级负责")));
        assert_eq!(Level::split("市县级"), None);
        assert_eq!(Level::split("市、区各部门负责"), None);
        assert_eq!(Level::from_name("省、市、县级"), None);
        assert_eq!(Level::several("省、市、县级"), [Province, City, County]);
        assert_eq!(Level::several("省级/市级"), [Province, City]);
        assert_eq!(Level::several("市级和县级"), [City, County]);
    }
}
