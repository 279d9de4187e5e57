use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{TimeLimit, TimeUnit, text};

/// How soon, where no time is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Pace {
    /// 实时公开
    RealTime,
    /// 及时公开
    Prompt,
    /// 长期公开
    Lasting,
}

/// From when the time runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Since {
    /// 信息形成或者变更之日 (Art. 8(2)).
    FormedOrChanged,
    /// 决定、批准、印发之日.
    Decided,
    /// Another day, which the text names.
    Other,
}

/// Until when information is to be published 公开时限. The text is always kept; what it means, where that can be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DisclosureLimit {
    /// As written: `信息形成或者变更之日起20个工作日内`.
    pub text: String,
    /// Within which time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<TimeLimit>,
    /// From when that time runs; none where the text does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// How soon, where the text says it in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
}

const PACES: [(&str, Pace); 6] = [
    ("实时", Pace::RealTime),
    ("即时", Pace::RealTime),
    ("立即", Pace::RealTime),
    ("及时", Pace::Prompt),
    ("长期", Pace::Lasting),
    ("常年", Pace::Lasting),
];

/// Characters of the traditional script that copies of catalogues hold.
const SIMPLE: [(char, char); 8] =
    [('變', '变'), ('個', '个'), ('內', '内'), ('開', '开'), ('實', '实'), ('時', '时'), ('為', '为'), ('長', '长')];

impl DisclosureLimit {
    /// Reads a cell; `None` for one that says nothing.
    ///
    /// ```
    /// use domain::value::{DisclosureLimit, Pace, Since, TimeLimit};
    /// let limit = DisclosureLimit::read("信息形成或者变更之日起20个工作日内").unwrap();
    /// assert_eq!((limit.within, limit.since), (Some(TimeLimit::working_days(20)), Some(Since::FormedOrChanged)));
    /// assert_eq!(DisclosureLimit::read("实时公开").unwrap().pace, Some(Pace::RealTime));
    /// assert_eq!(DisclosureLimit::read("无"), None);
    /// ```
    pub fn read(written: &str) -> Option<Self> {
        let kept = text::name(text::something(written)?);
        let plain: String = text::fold(&kept).chars().map(simple).collect();
        let mut limit = Self { text: kept, within: None, since: None, pace: None };
        let pace = PACES.iter().find_map(|(word, pace)| Some((*pace, after_publishing(plain.strip_prefix(word)?))));
        if let Some((pace, "")) = pace {
            limit.pace = Some(pace);
        } else if let Some((within, since)) = time(pace.map_or(plain.as_str(), |(_, rest)| rest)) {
            // 即办 is what the rules for cases call it: here it is a word for how soon.
            let at_once = within.unit == TimeUnit::Immediate;
            limit.pace = if at_once { Some(Pace::RealTime) } else { pace.map(|(pace, _)| pace) };
            limit.within = (!at_once).then_some(within);
            limit.since = since;
        }
        Some(limit)
    }

    /// Whether anything but its text could be told.
    pub fn is_read(&self) -> bool {
        self.within.is_some() || self.pace.is_some()
    }
}

fn simple(c: char) -> char {
    SIMPLE.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to)
}

/// What follows `公开` and its kin.
fn after_publishing(rest: &str) -> &str {
    let rest = rest.trim_start_matches("主动").trim_start_matches("予以").trim_start_matches("向社会");
    rest.strip_prefix("公开").unwrap_or(rest).trim_matches(|c: char| "。，,；;".contains(c))
}

/// A time with the day from which it runs. `None` if the text says anything else.
fn time(plain: &str) -> Option<(TimeLimit, Option<Since>)> {
    let (since, rest) = match plain.split_once("之日起") {
        Some((day, rest)) => (Some(since(day.trim_start_matches(['自', '从', '在', '于']))), rest),
        None => (None, plain),
    };
    let rest = rest.trim_start_matches([',', '，', '、']);
    let (limit, note) = TimeLimit::parse_with_note(rest).ok()??;
    let says_no_more = note.is_none_or(|note| note.split('；').all(|part| after_publishing(part).is_empty() || part.contains("从其规定")));
    says_no_more.then_some((limit, since))
}

fn since(day: &str) -> Since {
    if day.contains("形成") || day.contains("变更") || day.contains("制作") {
        Since::FormedOrChanged
    } else if ["决定", "批准", "印发", "作出", "审批", "批复"].iter().any(|word| day.contains(word)) {
        Since::Decided
    } else {
        Since::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str) -> (Option<TimeLimit>, Option<Since>, Option<Pace>) {
        let limit = DisclosureLimit::read(written).unwrap();
        assert_eq!(limit.text, text::name(written), "the text is kept");
        (limit.within, limit.since, limit.pace)
    }

    #[test]
    fn limits_are_read_as_catalogues_write_them() {
        let days = |n| Some(TimeLimit::working_days(n));
        let formed = Some(Since::FormedOrChanged);
        for (written, wanted) in [
            ("信息形成或者变更之日起20个工作日内", (days(20), formed, None)),
            ("自信息形成或者变更之日起20个工作日内予以公开", (days(20), formed, None)),
            ("信息形成或變更之日起3個工作日內", (days(3), formed, None)),
            ("信息形成或者变更\n之日起7个工\n作日内公开；法律、法规另有规定的，从其规定", (days(7), formed, None)),
            ("自作出行政决定之日起7个工作日内", (days(7), Some(Since::Decided), None)),
            ("收到之日起5日内", (Some(TimeLimit { amount: 5, unit: TimeUnit::CalendarDay }), Some(Since::Other), None)),
            ("20个工作日内", (days(20), None, None)),
            ("实时公开", (None, None, Some(Pace::RealTime))),
            ("及时", (None, None, Some(Pace::Prompt))),
            ("及时公开，信息形成或变更之日起20个工作日内", (days(20), formed, Some(Pace::Prompt))),
            ("長期公開", (None, None, Some(Pace::Lasting))),
        ] {
            assert_eq!(read(written), wanted, "{written}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_kept_as_its_text_alone() {
        for written in
            ["按有关规定", "每季度一次", "信息形成之日起3-5个工作日内", "批准后20个工作日内，重大的10个工作日内", "及时公开并更新"]
        {
            assert_eq!(read(written), (None, None, None), "{written}");
        }
        for nothing in ["", " / ", "无"] {
            assert_eq!(DisclosureLimit::read(nothing), None);
        }
    }

    proptest::proptest! {
        /// Reading what was read says the same.
        #[test]
        fn reading_twice_is_reading_once(written in "([自从]|信息形成或者变更|决定|之日起|[0-9]{1,3}|个|工作日|日|内|公开|予以|实时|及时|[，。\n ]){0,8}") {
            if let Some(once) = DisclosureLimit::read(&written) {
                proptest::prop_assert_eq!(DisclosureLimit::read(&once.text), Some(once));
            }
        }
    }
}
