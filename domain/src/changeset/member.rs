use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    envelope::{Code, EntryName},
    register::Register,
    value::Hash,
};

/// Most members of a set: with their hashes they fit into one event. A list of more lines is split by whoever issues it.
pub const MAX_MEMBERS: usize = 5_000;

/// Largest list of members in bytes of JSON. An append of an event store is at most 1 MiB with everything around it.
pub const MAX_SET_BYTES: usize = 900 * 1024;

/// What a set does with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// 新增: a new entry.
    New,
    /// 变更: the next revision of an entry.
    Changed,
    /// 取消: an entry is repealed when the set is approved.
    Gone,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::New, Self::Changed, Self::Gone];

    /// The Chinese word.
    pub fn zh(self) -> &'static str {
        match self {
            Self::New => "新增",
            Self::Changed => "变更",
            Self::Gone => "取消",
        }
    }
}

/// A change of one entry within a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The register of the entry.
    pub register: Register,
    /// Its code.
    pub code: Code,
    /// What becomes of it.
    pub kind: Kind,
    /// Hash of the whole content that it is to have; of what is gone there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<Hash>,
    /// Number of the published revision that it follows or ends; 0 for a new entry.
    pub follows: u32,
    /// Why it is repealed; only of what is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Member {
    /// The entry that it changes.
    pub fn entry(&self) -> EntryName {
        EntryName::new(self.register, self.code.clone())
    }
}

/// Where a set comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// What it is called, e.g. the title of the list.
    pub title: String,
    /// The list of which it is a newer edition, as [`crate::entry::Source::list_key`] identifies it; absent: it comes from no list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_key: Option<String>,
    /// The edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Names of the files, without their folders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The abolished material because of which guides are revised (Art. 5(2)); absent: it comes of something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<Code>,
    /// Whether these are the guides of which a later revision is announced: those of the same material that have none are a set of their own,
    /// which can be approved for an earlier day; absent: no.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub upcoming: bool,
}

impl Origin {
    /// Whether another set comes from the same list, or of the same material.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.list_key == other.list_key && self.material == other.material && self.upcoming == other.upcoming
    }
}

/// How many members there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// 新增.
    pub new: usize,
    /// 变更.
    pub changed: usize,
    /// 取消.
    pub gone: usize,
}

impl Counts {
    /// Of some members.
    pub fn of<'m>(members: impl IntoIterator<Item = &'m Member>) -> Self {
        let mut counts = Self::default();
        for member in members {
            match member.kind {
                Kind::New => counts.new += 1,
                Kind::Changed => counts.changed += 1,
                Kind::Gone => counts.gone += 1,
            }
        }
        counts
    }

    /// All of them.
    pub fn total(self) -> usize {
        self.new + self.changed + self.gone
    }
}

/// Brings members into their order: by the word of the register, then by code.
pub fn in_order(members: &mut [Member]) {
    members.sort_by(|a, b| (a.register.word(), &a.code).cmp(&(b.register.word(), &b.code)));
}

/// The hash of a set: that of its members in their order (RFC 8785). Whoever reviews and approves names it, and with it every content.
pub fn set_hash(members: &[Member]) -> Result<Hash, serde_json::Error> {
    let mut members = members.to_vec();
    in_order(&mut members);
    Hash::of_content(&members)
}
