//! The code lists of the openness catalogue 政务公开事项目录 (Art. 5(3)).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text;

/// Where information is published 公开渠道和载体. Not to be confused with a channel, on which the register itself is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Carrier {
    /// 政府网站
    Website,
    /// 政府公报
    Gazette,
    /// 两微一端: accounts and applications of the agency
    SocialMedia,
    /// 发布会/听证会
    Conference,
    /// 广播电视
    Broadcast,
    /// 纸质媒体
    Print,
    /// 公开查阅点
    ReadingPoint,
    /// 政务服务中心
    ServiceCentre,
    /// 便民服务站
    ServiceStation,
    /// 入户/现场
    OnSite,
    /// 社区/企事业单位/村公示栏（电子屏）
    NoticeBoard,
    /// 精准推送
    Push,
    /// 其他
    Other,
}

impl Carrier {
    /// All thirteen, in the order of the catalogue.
    pub const ALL: [Self; 13] = [
        Self::Website,
        Self::Gazette,
        Self::SocialMedia,
        Self::Conference,
        Self::Broadcast,
        Self::Print,
        Self::ReadingPoint,
        Self::ServiceCentre,
        Self::ServiceStation,
        Self::OnSite,
        Self::NoticeBoard,
        Self::Push,
        Self::Other,
    ];

    /// Other words for them in catalogues.
    const OTHER_WORDS: [(&'static str, Self); 8] = [
        ("政府门户网站", Self::Website),
        ("政务新媒体", Self::SocialMedia),
        ("发布会", Self::Conference),
        ("听证会", Self::Conference),
        ("政府信息公开查阅点", Self::ReadingPoint),
        ("便民服务中心", Self::ServiceStation),
        ("社区/企事业单位/村公示栏", Self::NoticeBoard),
        ("其它", Self::Other),
    ];

    /// The carrier that a text begins with, whatever signs stand within its name, and what follows.
    ///
    /// ```
    /// use domain::value::Carrier;
    /// assert_eq!(Carrier::split("政府网站（县政府）"), Some((Carrier::Website, "（县政府）")));
    /// assert_eq!(Carrier::split("入户 / 现场"), Some((Carrier::OnSite, "")));
    /// assert_eq!(Carrier::split("宣传册"), None);
    /// ```
    pub fn split(written: &str) -> Option<(Self, &str)> {
        let words = Self::ALL.iter().map(|carrier| (carrier.zh(), *carrier)).chain(Self::OTHER_WORDS);
        let found = words.filter_map(|(word, carrier)| Some((carrier, after_word(written, word)?)));
        found.min_by_key(|(_, rest)| rest.len())
    }
}

/// What follows a word, where the signs and the spaces within it may be others or missing.
fn after_word<'a>(written: &'a str, word: &str) -> Option<&'a str> {
    let is_sign = |c: char| c.is_whitespace() || "/／、（）()\\".contains(c);
    let mut rest = written;
    for wanted in word.chars().filter(|c| !is_sign(*c)) {
        rest = rest.strip_prefix(wanted).or_else(|| rest.trim_start_matches(is_sign).strip_prefix(wanted))?;
    }
    Some(if word.ends_with('）') { rest.trim_start().trim_start_matches(['）', ')']) } else { rest })
}

/// Whom information is meant for 公开对象.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reach {
    /// 全社会
    Everyone,
    /// 特定群体
    Groups,
}

/// How information is made public 公开方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Manner {
    /// 主动
    Active,
    /// 依申请
    OnRequest,
}

impl Manner {
    /// By its words: `主动公开`, `依申请`.
    pub fn from_name(written: &str) -> Option<Self> {
        let squashed = text::squash(written);
        match squashed.strip_suffix("公开").unwrap_or(&squashed) {
            "主动" => Some(Self::Active),
            "依申请" => Some(Self::OnRequest),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriers_are_known_by_their_words_whatever_the_signs_in_them() {
        for carrier in Carrier::ALL {
            assert_eq!(Carrier::split(carrier.zh()), Some((carrier, "")));
        }
        for (written, carrier, rest) in [
            ("社区/企事业单位、村公示栏(电子屏)", Carrier::NoticeBoard, ""),
            ("社区、企事业单位、村公示栏", Carrier::NoticeBoard, ""),
            ("发布会听证会", Carrier::Conference, ""),
            ("发布会", Carrier::Conference, ""),
            ("其他：宣传册", Carrier::Other, "：宣传册"),
            ("便民服务中心", Carrier::ServiceStation, ""),
        ] {
            assert_eq!(Carrier::split(written), Some((carrier, rest)), "{written}");
        }
        assert_eq!(Carrier::split("宣传册、政府网站"), None);
    }

    #[test]
    fn a_manner_is_known_with_and_without_the_word_for_publishing() {
        assert_eq!(Manner::from_name("主动公开"), Some(Manner::Active));
        assert_eq!(Manner::from_name("依申请"), Some(Manner::OnRequest));
        assert_eq!(Manner::from_name("不予公开"), None);
    }
}
