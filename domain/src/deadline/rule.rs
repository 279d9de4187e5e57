use chrono::{DateTime, Datelike, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{CalendarAt, Due, Span, UnknownDue, china},
    envelope::Code,
};

/// A deadline of the rulebook, as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Its code, e.g. `ART-10-2`.
    pub code: Code,
    /// The article, as `Art. 10(2)`.
    pub article: String,
    /// What it asks for, in Chinese.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// What begins it.
    pub trigger: Trigger,
    /// 力争: a shorter time that is to be striven for. To miss it is no breach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aim: Option<Span>,
    /// When it ends.
    pub limit: Limit,
    /// What fulfils it: all of these acts, at the moment of the last of them.
    pub acts: Vec<Act>,
}

/// What begins a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Trigger {
    /// Something that happens.
    On(Occasion),
    /// A month, each year: its first moment in China.
    Yearly {
        /// The month, 1 to 12.
        month: u32,
    },
}

/// Something that begins a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Occasion {
    /// 完成审批程序: a revision of an entry was approved (Art. 10(2)).
    RevisionApproved,
    /// 信息形成或者变更: information was formed or changed (Art. 8(2)).
    InformationChanged,
    /// 发现信息不准确: somebody told that what is public is not right (Art. 7).
    InaccuracyReported,
    /// 政策文件公开: a policy document was published (Art. 17).
    PolicyPublished,
    /// 规范性文件印发: a normative document was issued (Art. 29).
    NormativeDocumentIssued,
    /// 收到公开申请: a request for disclosure was received (Art. 35).
    RequestReceived,
    /// 转办: a request was handed on to who handles it too (Art. 35(2)).
    RequestHandedOn,
    /// 重大突发事件: a major emergency (Art. 21).
    EmergencyOccurred,
    /// 决算批准: final accounts were approved (Art. 6(5)).
    FinalAccountsApproved,
}

/// What somebody does to fulfil a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Act {
    /// 线上展示: the website serves it, by its receipt.
    ShownOnline,
    /// 窗口展示: the counters serve it, by their receipt.
    ShownAtCounter,
    /// 公开.
    Published,
    /// 更正.
    Corrected,
    /// 自查: of what is withheld or given on request.
    SelfChecked,
    /// 解读材料发布.
    InterpretationPublished,
    /// 文件链接到解读: the policy document leads to its interpretation.
    LinkedToInterpretation,
    /// 解读链接到文件: the interpretation leads to the policy document.
    LinkedToPolicy,
    /// 报送政府公报.
    SentToGazette,
    /// 转办.
    HandedOn,
    /// 提出拟答复意见.
    OpinionGiven,
    /// 告知补正.
    SupplementAsked,
    /// 发布权威信息.
    InformationReleased,
    /// 举行新闻发布会.
    PressConferenceHeld,
}

/// When a deadline ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Limit {
    /// So long after its trigger.
    Within(Span),
    /// With a day of the year, 24:00 in China: the first such day that does not lie before its trigger.
    DayOfYear {
        /// The month, 1 to 12.
        month: u32,
        /// The day. Where a month of that year has it not, its last one.
        day: u32,
    },
}

impl Trigger {
    /// The moment at which it begins in a year, if it does each year.
    pub fn in_year(self, year: i32) -> Option<DateTime<Utc>> {
        match self {
            Self::On(_) => None,
            Self::Yearly { month } => NaiveDate::from_ymd_opt(year, month, 1).map(china::first_moment),
        }
    }
}

impl Limit {
    /// When it ends that something triggered at a moment.
    pub fn due(self, trigger: DateTime<Utc>, calendar: &CalendarAt) -> Result<Due, UnknownDue> {
        match self {
            Self::Within(span) => calendar.due(trigger, span),
            Self::DayOfYear { month, day } => {
                let from = china::date_of(trigger);
                let in_year = |year| day_of(year, month, day).filter(|date| *date >= from);
                // A month that is none is refused when the rule is laid down.
                Ok(Due::with(in_year(from.year()).or_else(|| in_year(from.year() + 1)).unwrap_or(NaiveDate::MAX)))
            }
        }
    }
}

/// A day of a year, or the last one of its month.
fn day_of(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    (1..=day.min(31)).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
}

impl Act {
    /// The Chinese word.
    pub fn zh(self) -> &'static str {
        match self {
            Self::ShownOnline => "线上展示",
            Self::ShownAtCounter => "窗口展示",
            Self::Published => "公开",
            Self::Corrected => "更正",
            Self::SelfChecked => "自查",
            Self::InterpretationPublished => "解读发布",
            Self::LinkedToInterpretation => "文件链接到解读",
            Self::LinkedToPolicy => "解读链接到文件",
            Self::SentToGazette => "报送政府公报",
            Self::HandedOn => "转办",
            Self::OpinionGiven => "提出拟答复意见",
            Self::SupplementAsked => "告知补正",
            Self::InformationReleased => "发布权威信息",
            Self::PressConferenceHeld => "举行新闻发布会",
        }
    }

    /// The English words.
    pub fn en(self) -> &'static str {
        match self {
            Self::ShownOnline => "shown online",
            Self::ShownAtCounter => "shown at the counter",
            Self::Published => "published",
            Self::Corrected => "corrected",
            Self::SelfChecked => "self-checked",
            Self::InterpretationPublished => "interpretation published",
            Self::LinkedToInterpretation => "linked to the interpretation",
            Self::LinkedToPolicy => "linked to the policy document",
            Self::SentToGazette => "sent to the gazette",
            Self::HandedOn => "handed on",
            Self::OpinionGiven => "opinion given",
            Self::SupplementAsked => "supplement asked for",
            Self::InformationReleased => "information released",
            Self::PressConferenceHeld => "press conference held",
        }
    }
}
