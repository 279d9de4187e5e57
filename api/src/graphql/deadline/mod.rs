//! Deadlines as far as whoever asks may know of them.

mod list;
mod rule;

use async_graphql::{Context, Enum, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::envelope::Code;
use journal::SharedJournal;
use projections::{DeadlineCase, Subject};

use super::{
    entry::{self, Entry, Viewer},
    enums,
    scalars::Position,
};

pub use list::{DeadlineFilter, deadlines, of_entry};
pub use rule::{DeadlineRule, rules};

/// Where a deadline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::deadline::Status")]
pub enum DeadlineStatus {
    /// 未到期: not everything is done, and there is time.
    Due,
    /// 按时完成.
    FulfilledInTime,
    /// 逾期完成.
    FulfilledLate,
    /// 逾期: not everything is done, and the time is over.
    Overdue,
    /// 未知: it touches a year of which no notice on holidays is known, and it depends on it; or nothing proves whether it was done in time: it was found done when
    /// the time was over, or a clock was wrong.
    Unknown,
    /// 中止: the time does not run, because what is to be shown cannot be shown now: its entry or its item is suspended, or its item is not in force.
    Waiting,
    /// 终止: not everything was done, and there is nothing left to show: it was repealed, its item was, or a later revision took its place.
    Ended,
}

/// What somebody does to fulfil a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::deadline::Act")]
pub enum DeadlineAct {
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

/// A report that something public is not right (Art. 7).
#[derive(SimpleObject, Debug, Clone)]
pub struct InaccuracyReport {
    /// Its code.
    code: String,
    /// The field, as a path in the content; null: the entry as a whole.
    path: Option<String>,
    /// What is not right.
    words: String,
    /// Why it was found that there is nothing to correct, if it was.
    dismissed: Option<String>,
}

/// A deadline of the rulebook in a case.
#[derive(Debug)]
pub struct Deadline(DeadlineCase);

impl From<DeadlineCase> for Deadline {
    fn from(case: DeadlineCase) -> Self {
        Self(case)
    }
}

/// A deadline of the rulebook in a case: judged by the rule that held when it was triggered, and the working calendar as it is known.
#[Object]
impl Deadline {
    /// Code of the rule, e.g. `ART-10-2`.
    async fn rule(&self) -> &str {
        self.0.rule.code.as_str()
    }

    /// The article, e.g. `Art. 10(2)`.
    async fn article(&self) -> &str {
        &self.0.rule.article
    }

    /// What it asks for, in Chinese.
    async fn name(&self) -> &str {
        &self.0.rule.name
    }

    /// The same in English.
    async fn name_en(&self) -> &str {
        &self.0.rule.name_en
    }

    /// Register of the entry that it is about; null: it is about an agency as a whole.
    async fn register(&self) -> Option<enums::Register> {
        let Subject::Entry(name) = &self.0.subject else { return None };
        Some(name.register.into())
    }

    /// Code of that entry.
    async fn code(&self) -> Option<&str> {
        let Subject::Entry(name) = &self.0.subject else { return None };
        Some(name.code.as_str())
    }

    /// That entry with its history, as it is now.
    #[graphql(complexity = "10 + child_complexity")]
    async fn entry(&self, context: &Context<'_>) -> async_graphql::Result<Option<Entry>> {
        let Subject::Entry(name) = &self.0.subject else { return Ok(None) };
        let journal = context.data::<SharedJournal>()?;
        entry::load_all(journal.as_ref(), &Viewer::of(context)?, name.register, name.code.clone()).await
    }

    /// Code of the agency that answers for it; null: the city.
    async fn agency(&self) -> Option<&str> {
        self.0.agency.as_ref().map(Code::as_str)
    }

    /// When it was triggered.
    async fn trigger(&self) -> DateTime<Utc> {
        self.0.trigger
    }

    /// Where the event stands in the log with which it began; null: it begins with the year.
    async fn begun(&self) -> Option<Position> {
        self.0.begun.map(Position)
    }

    /// From when on the time runs: the trigger, or the moment from which what is to be shown could be shown. Null: it does not run, and it is not known when it will.
    async fn start_at(&self) -> Option<DateTime<Utc>> {
        self.0.judgement.start
    }

    /// The first moment at which it is over: of one in days the midnight after its last day, in China. Null: it is not known, or the time does not run.
    async fn due_at(&self) -> Option<DateTime<Utc>> {
        self.0.judgement.ends().map(|due| due.at)
    }

    /// The same of a shorter time that is to be striven for 力争, if the rule has one.
    async fn aim_at(&self) -> Option<DateTime<Utc>> {
        self.0.judgement.aim.map(|due| due.at)
    }

    /// Where it stands.
    async fn status(&self) -> DeadlineStatus {
        self.0.judgement.status.into()
    }

    /// Why it stands where it stands, in Chinese.
    async fn reason(&self) -> String {
        self.0.judgement.zh()
    }

    /// The same in English.
    async fn reason_en(&self) -> String {
        self.0.judgement.en()
    }

    /// What is not done yet.
    async fn missing(&self) -> Vec<DeadlineAct> {
        self.0.judgement.missing.iter().copied().map(DeadlineAct::from).collect()
    }

    /// When all was done; null: it is not, or a clock that was wrong does not say when.
    async fn fulfilled_at(&self) -> Option<DateTime<Utc>> {
        self.0.judgement.fulfilled_at
    }

    /// Number of the revision that it is about.
    async fn revision(&self) -> Option<u32> {
        self.0.revision
    }

    /// The report that it is about.
    async fn report(&self) -> Option<InaccuracyReport> {
        let report = self.0.report.as_ref()?;
        Some(InaccuracyReport {
            code: report.code.to_string(),
            path: report.path.clone(),
            words: report.words.clone(),
            dismissed: report.dismissed.clone(),
        })
    }
}
