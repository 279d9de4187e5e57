//! What proves what became of an entry, in one ZIP that a third party checks without this program: the events as they are kept, what the channels
//! were given to show, receipts, the calendar that deadlines were reckoned by, a report for people, and sums over all of it.
//!
//! The same evidence gives the same bytes. Nothing is compressed, so that they do not depend on a compressor.

mod calendar;
mod chain;
mod files;
mod pack;
mod report;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    calendar::{Announcement, Day, UnknownDue},
    deadline::sight::Hidden,
    deadline::{Rule, Status},
    diff::FieldChange,
    envelope::Code,
    receipt::{Standing, Witness},
    register::Register,
    value::{Channel, Hash},
};
pub use pack::{Bundle, bundle, refuse_existing};

/// Why evidence cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The file cannot be written.
    #[error("{path} 不能写入；请核对路径与权限 / {path} cannot be written: check the path and its mode")]
    Write {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is something under its name already.
    #[error("{0} 已存在，未作改动；请另选文件名 / {0} is there already, nothing was changed: name another file")]
    Exists(std::path::PathBuf),
    /// The archive cannot be made.
    #[error("压缩包不能生成 / the ZIP cannot be made")]
    Zip(#[from] zip::result::ZipError),
    /// Something has no JSON form.
    #[error("证据不能写成JSON / the evidence cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The report cannot be made.
    #[error("报告不能生成 / the report cannot be made")]
    Report(#[from] askama::Error),
}

/// All of it, collected.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The register of the entry.
    pub register: Register,
    /// Its code.
    pub code: Code,
    /// Its name, as it was published last.
    pub name: String,
    /// Everything that had been recorded by this moment is in it, and nothing else.
    pub known_at: DateTime<Utc>,
    /// Whether what is not public is left out.
    pub public: bool,
    /// The events of the entry as they are kept; none where what is not public is left out.
    pub events: Vec<Kept>,
    /// What happened, told.
    pub steps: Vec<Step>,
    /// The revisions that were published, in order.
    pub revisions: Vec<Revision>,
    /// That channels served them.
    pub receipts: Vec<Receipt>,
    /// What the deadlines depend on.
    pub calendar: CalendarFacts,
}

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its stream.
    pub stream: String,
    /// Number within the stream.
    pub version: u64,
    /// Its id.
    pub id: String,
    /// Stored kind.
    pub kind: String,
    /// Metadata, to the byte.
    pub metadata: String,
    /// Payload, to the byte.
    pub payload: String,
}

/// Something that happened, told.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Number among what is told, from 0.
    pub version: u64,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// When it was decided, where that was before: with the change set of which the entry is a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
    /// Who did it: an id.
    pub actor: String,
    /// In which role, in Chinese.
    pub role: Option<&'static str>,
    /// The verb.
    pub kind: &'static str,
    /// In one Chinese sentence.
    pub summary: String,
    /// The same in English.
    pub summary_en: String,
    /// From when it holds.
    pub effective_from: Option<DateTime<Utc>>,
    /// Number of the revision that it made.
    pub revision: Option<u32>,
    /// Document by which it was decided.
    pub document: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Field by field.
    pub changes: Vec<FieldChange>,
}

/// A revision that was published.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Number, from 1.
    pub number: u32,
    /// Number of its event within the stream; `None` where what is not public is left out.
    pub version: Option<u64>,
    /// From when it holds.
    pub effective_from: DateTime<Utc>,
    /// When it was approved or adopted.
    pub approved_at: DateTime<Utc>,
    /// Document by which it was.
    pub document: Option<String>,
    /// Hash of what both channels show of it.
    pub content_hash: Option<Hash>,
    /// What each channel shows of it in canonical JSON (RFC 8785), by the order of [`Channel::ALL`]; `None`: nothing, or it is left out.
    pub shown: [Option<Vec<u8>>; Channel::ALL.len()],
    /// Fields that only the counter shows.
    pub counter_only: Vec<String>,
}

/// A receipt 回执: that a channel serves a revision, and since when.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The event that says so; left out where what is not public is.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub kept: Option<KeptAt>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// The channel.
    pub channel: Channel,
    /// Number of the revision.
    pub revision: u32,
    /// Hash of what both channels show of it.
    pub content_hash: Hash,
    /// What the deadline begins with.
    pub published_at: DateTime<Utc>,
    /// What it begins with instead, where channels could show it only later and it was not in time by the publication.
    pub begins_at: Option<DateTime<Utc>>,
    /// Since when the channel serves it.
    pub served_at: DateTime<Utc>,
    /// How that moment is known.
    pub witness: Witness,
    /// When it had to be served, or the earliest moment that it may have been, by the calendar as it was known when the receipt was written. `None`: no rule
    /// was in force when it was published.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether that was in time.
    pub standing: Standing,
}

/// Where a receipt is kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeptAt {
    /// Id of the event. It may tell of other entries too.
    pub event: String,
    /// Its stream.
    pub stream: String,
    /// Its number within that.
    pub version: u64,
}

/// What the deadlines of the revisions depend on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CalendarFacts {
    /// Since when the register has receipts of anything, if it has any.
    pub receipts_since: Option<DateTime<Utc>>,
    /// The notices of the years that they touch, in the order in which they became known.
    pub notices: Vec<Announcement>,
    /// The deadlines, in the order of the revisions.
    pub deadlines: Vec<DeadlineOf>,
}

/// A deadline of a revision.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadlineOf {
    /// Number of the revision.
    pub revision: u32,
    /// What began it.
    pub trigger: DateTime<Utc>,
    /// When channels could show it: from each moment on they could, or why not. What proves that of an item is the evidence of the item.
    pub sight: Vec<(DateTime<Utc>, Option<Hidden>)>,
    /// From when on the time ran; `None`: it did not, and it was not known when it would.
    pub start: Option<DateTime<Utc>>,
    /// The rule that held then.
    pub rule: Rule,
    /// When it ended, if that was known.
    pub due: Option<(NaiveDate, DateTime<Utc>)>,
    /// Why it was not known.
    pub unknown: Option<UnknownDue>,
    /// Each day from the start to its end.
    pub days: Vec<Day>,
    /// Where it stood.
    pub status: Status,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}
