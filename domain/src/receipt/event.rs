use std::sync::Arc;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    envelope::{Code, EntryName},
    register::Register,
    value::{Channel, Hash},
};

/// What can have happened to the receipts of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A channel serves revisions.
    Served(Arc<Served>),
}

/// A channel serves revisions, each with its receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Served {
    /// The channel.
    pub channel: Channel,
    /// The receipts, at least one.
    pub receipts: Vec<Receipt>,
}

/// A receipt 回执: that a channel serves a revision, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The register of the entry.
    pub register: Register,
    /// Its code.
    pub code: Code,
    /// Number of the revision.
    pub revision: u32,
    /// Hash of what both channels show of it.
    pub content_hash: Hash,
    /// When it was approved, adopted, corrected or transferred: what the deadline begins with.
    pub published_at: DateTime<Utc>,
    /// From when on channels could show it, where that was later and it made a difference: the deadline begins with that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins_at: Option<DateTime<Utc>>,
    /// Since when the channel serves it: when the view that shows it was committed, whenever this was written down.
    pub served_at: DateTime<Utc>,
    /// How that moment is known.
    #[serde(default, skip_serializing_if = "Witness::is_commit")]
    pub witness: Witness,
    /// The moment at which it had to be served (Art. 10(2)), by the calendar as it was known when the receipt was written. If that said nothing of a
    /// day that it needs: the earliest moment that it may be. `None`: no rule said so when it was published, so it was neither in time nor late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// Whether it was served in time, as it was written down (see [`Receipt::proves`]).
    pub standing: Standing,
}

/// How it is known since when a channel serves a revision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Witness {
    /// 亲见: the commit was seen that began to show it.
    #[default]
    Commit,
    /// 查见: it was found shown, and no receipt of it. It may have been shown before, by a process that died before it wrote that down and left
    /// nothing; nobody can say, so the moment is that of the finding. Likewise where the moment that was seen cannot be, because a clock was wrong.
    Found,
}

impl Witness {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Commit, Self::Found];

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    fn is_commit(&self) -> bool {
        *self == Self::Commit
    }

    /// The Chinese word.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Commit => "亲见",
            Self::Found => "查见",
        }
    }
}

/// Whether a channel served a revision in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Standing {
    /// 按时.
    InTime,
    /// 逾期.
    Late,
    /// 未知: when it was due depends on a day of which no notice was known, and it was served no earlier than with the end of that day. Or `served_at`
    /// lies before `published_at`: the clock was behind, and nobody can say since when it was served. Or it was found when the time was over. Or no rule
    /// said when it was due.
    Unknown,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::InTime, Self::Late, Self::Unknown];

    /// The Chinese word.
    pub fn zh(self) -> &'static str {
        match self {
            Self::InTime => "按时",
            Self::Late => "逾期",
            Self::Unknown => "未知",
        }
    }
}

impl Receipt {
    /// Whether a clock was wrong so that its moment cannot be: it lies before the publication.
    pub fn is_doubted(&self) -> bool {
        self.served_at < self.published_at
    }

    /// What it proves: in time, late, or neither. One that was found late proves nothing, because it may have been shown before; nor does one of
    /// which the calendar or a clock does not say.
    pub fn proves(&self) -> Standing {
        match (self.standing, self.witness) {
            (Standing::Late, Witness::Found) => Standing::Unknown,
            // Whatever an older version wrote.
            (_, _) if self.is_doubted() => Standing::Unknown,
            (standing, _) => standing,
        }
    }

    /// The entry.
    pub fn entry(&self) -> EntryName {
        EntryName::new(self.register, self.code.clone())
    }
}

impl Event {
    /// The verb in the stored kind, e.g. `served`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Served(_) => "served",
        }
    }
}
