//! The port: what every store of events promises. The suite in `journal::contract` holds each of them to it.

use std::{collections::HashSet, sync::Arc};

use async_trait::async_trait;
use domain::envelope::{Position, StreamName, StreamVersion};
use uuid::Uuid;

/// Largest append in bytes, by [`NewEvent::size`]: the default limit of an EventStoreDB server, which counts less of an event than that.
pub const MAX_APPEND_BYTES: usize = 1024 * 1024;

/// What an event counts for beside its parts: id, flags, the word for its content type, lengths. More than any server adds.
const EVENT_BYTES: usize = 128;

/// Most events that one append may hold.
pub const MAX_APPEND_EVENTS: usize = 1_000;

/// An event before it is kept. Its id is fixed before the first attempt, so that a retry is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Unique in the journal.
    pub id: Uuid,
    /// Stored kind, e.g. `item.adopted`.
    pub kind: String,
    /// JSON, see [`domain::envelope::Metadata`].
    pub metadata: Vec<u8>,
    /// JSON, see [`domain::codec`].
    pub payload: Vec<u8>,
}

impl NewEvent {
    /// What it counts for in [`MAX_APPEND_BYTES`]: at least what a server counts, which keeps the kind in two bytes a character.
    pub fn size(&self) -> usize {
        size_of(&self.kind, &self.metadata, &self.payload)
    }
}

/// What an event of these parts counts for in [`MAX_APPEND_BYTES`].
pub(crate) fn size_of(kind: &str, metadata: &[u8], payload: &[u8]) -> usize {
    EVENT_BYTES + 2 * kind.len() + metadata.len() + payload.len()
}

/// Refuses an append that breaks a bound of the port: empty, too many events, too large, the same id twice. Every store asks
/// this first, so that what one of them keeps every other could.
pub fn check_bounds(events: &[NewEvent]) -> Result<(), AppendError> {
    let refuse = |reason: String| Err(AppendError::Invalid(reason));
    if events.is_empty() {
        return refuse("没有事件 / it has no events".to_owned());
    }
    if events.len() > MAX_APPEND_EVENTS {
        return refuse(format!("事件{0}个，最多{MAX_APPEND_EVENTS}个 / it has {0} events, {MAX_APPEND_EVENTS} at most", events.len()));
    }
    let size: usize = events.iter().map(NewEvent::size).sum();
    if size > MAX_APPEND_BYTES {
        return refuse(format!("内容{size}字节，最多{MAX_APPEND_BYTES}字节 / it has {size} bytes, {MAX_APPEND_BYTES} at most"));
    }
    let mut ids = HashSet::with_capacity(events.len());
    match events.iter().find(|event| !ids.insert(event.id)) {
        Some(twice) => refuse(format!("事件标识重复 / it has the event id {} twice", twice.id)),
        None => Ok(()),
    }
}

/// An event as it is kept: byte for byte what was appended, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Place in the log of all events.
    pub position: Position,
    /// Stream.
    pub stream: StreamName,
    /// Number within the stream.
    pub version: StreamVersion,
    /// Id.
    pub id: Uuid,
    /// Stored kind.
    pub kind: String,
    /// Metadata as appended.
    pub metadata: Vec<u8>,
    /// Payload as appended.
    pub payload: Vec<u8>,
}

/// What the writer believes about the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// It has no events.
    NoStream,
    /// Its last event is this one.
    Version(StreamVersion),
}

impl Expected {
    /// Whether a stream whose last event is `actual` is where the writer believes it to be.
    pub fn holds(self, actual: Option<StreamVersion>) -> bool {
        match self {
            Self::NoStream => actual.is_none(),
            Self::Version(version) => actual == Some(version),
        }
    }

    /// The version that the first appended event gets.
    pub fn first(self) -> StreamVersion {
        match self {
            Self::NoStream => StreamVersion::FIRST,
            Self::Version(StreamVersion(version)) => StreamVersion(version.saturating_add(1)),
        }
    }
}

impl From<Option<StreamVersion>> for Expected {
    fn from(last: Option<StreamVersion>) -> Self {
        last.map_or(Self::NoStream, Self::Version)
    }
}

/// An append that is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Number of the last appended event within its stream.
    pub version: StreamVersion,
    /// Place of the last appended event. `None` where the store recognised a repeated append and does not say where the first
    /// one went; never to be stored as a checkpoint then.
    pub position: Option<Position>,
}

/// Why an append is not known to be durable. What was not executed and what is unknown are never mixed up.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The stream is not where the writer believed it to be; nothing was written.
    #[error("{stream} 已被他人改动 / stream {stream} was expected at {expected:?} and is at {actual:?}")]
    Conflict {
        /// The stream.
        stream: StreamName,
        /// What the writer believed.
        expected: Expected,
        /// Number of its last event; `None` if it has none.
        actual: Option<StreamVersion>,
    },
    /// The append breaks a bound of the port or repeats an id that another event has; nothing was written, and it never will be.
    #[error("写入被拒绝 / the append was refused: {0}")]
    Invalid(String),
    /// Nothing was written; the same append may be tried again.
    #[error("写入没有执行 / the append was not executed: {0}")]
    NotExecuted(#[source] StoreError),
    /// It may have been written or not. To be retried identically: same ids, same expectation.
    #[error("写入结果不明 / the append has an unknown outcome: {0}")]
    Unknown(#[source] StoreError),
}

/// A failure of a store, in Chinese and English for whoever runs it: what, where, and what to do.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The journal does not exist; `init` creates one.
    #[error(
        "{0} 处没有日志；请核对 --data 或 --journal，或用 tongyuan init 新建、用 tongyuan demo 建立示例 / \
         there is no journal at {0}: check --data or --journal, or create one with `tongyuan init` or `tongyuan demo`"
    )]
    Missing(String),
    /// There is a journal where one was to be created.
    #[error(
        "{0} 处已有日志，未作改动；请直接使用，或用 --data、--journal 另选 / \
         there is a journal at {0} already, nothing was changed: use it, or choose another with --data or --journal"
    )]
    Exists(String),
    /// The file is no journal, or a damaged one.
    #[error(
        "{path} 不是同源的日志，或已损坏；请核对 --data，或从备份恢复 / \
         {path} is not a journal of Tongyuan, or it is damaged: check --data, or restore a backup ({reason})"
    )]
    NotAJournal {
        /// The file.
        path: String,
        /// Why it is not believed.
        reason: String,
    },
    /// The journal was written by a newer version.
    #[error(
        "日志 {path} 的格式为 {found}，本版本最高只能读 {known}；请改用新版同源 / \
         journal {path} has format {found}, this version reads up to {known}: use a newer Tongyuan"
    )]
    Newer {
        /// The file.
        path: String,
        /// Its format.
        found: i64,
        /// The highest known one.
        known: i64,
    },
    /// The place where it is kept cannot be written.
    #[error(
        "日志 {0} 不能写入；请检查文件和所在文件夹的属主与权限，以及磁盘是否以只读方式挂载 / \
         journal {0} cannot be written: check the owner and mode of the file and its folder, and that the disk is not mounted read-only"
    )]
    ReadOnly(String),
    /// The process opened the journal to read it, and does not change it.
    #[error(
        "本进程对日志只读，{0} 未作改动；请交给可写入的节点 / \
         this process only reads the journal, nothing was written to {0}: give it to a node that takes changes"
    )]
    ToReadOnly(String),
    /// No space is left.
    #[error(
        "日志 {0} 所在磁盘已满；请腾出空间后重试，已确认的内容没有丢失 / \
         no space is left for journal {0}: free some and try again; nothing that was acknowledged is lost"
    )]
    Full(String),
    /// Another process writes without pause.
    #[error("另一个进程正在写入 {0}；请稍后重试 / another process holds {0} for writing: try again shortly")]
    Busy(String),
    /// The folder that it is to lie in cannot be used.
    #[error("文件夹 {path} 不能使用；请核对 --data / folder {path} cannot be used: check --data ({reason})")]
    Folder {
        /// The folder.
        path: String,
        /// Why, in the words of the system.
        reason: String,
    },
    /// Anything else.
    #[error("日志不能使用，原因见后；请排除后重试 / the journal cannot be used, mend the reason and try again: {0}")]
    Other(String),
}

/// A part of the log, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The events.
    pub events: Vec<Recorded>,
    /// Whether the log went no further when it was read.
    pub end: bool,
}

/// Where events are kept.
///
/// Promises, each with a clause in the contract suite but for durability, which no process can show of itself: of a file it is
/// shown by killing writers (`journal/tests/files/kill.rs`, `api/tests/crash`), of a cluster it is the servers':
/// * versions of a stream are contiguous from 0; an append is of one stream and is there whole or not at all;
/// * of n writers with the same expectation exactly one wins, the others are told of a conflict;
/// * an append that returned is durable: it survives `kill -9` and a power cut;
/// * a repeated append (same ids, same expectation) writes nothing and is answered as the first;
/// * an event id is kept once: an append that brings one again in another place is refused;
/// * a reader that has seen position p never later finds a new event at or below p;
/// * payload and metadata come back byte for byte.
///
/// Retrying is the caller's: see [`crate::transact()`].
#[async_trait]
pub trait Journal: Send + Sync {
    /// Appends events to one stream and returns when they are durable.
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError>;

    /// Events of a stream from a version on, in order, at most `limit`; fewer only if the stream went no further.
    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError>;

    /// Events of all streams after a position (from the beginning: `None`), in order, at most `limit`; fewer only at the end.
    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError>;

    /// Place of the last event; `None` for an empty journal.
    async fn head(&self) -> Result<Option<Position>, StoreError>;

    /// Returns once there may be events after a position, at once if there are. May return early; the caller reads and sees.
    /// Appends by other processes are noticed too, within 50 ms where the store has to ask.
    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError>;
}

/// A journal as it is passed around.
pub type SharedJournal = Arc<dyn Journal>;

#[cfg(test)]
mod tests {
    use super::StoreError;

    #[test]
    fn every_failure_says_what_and_where_in_both_languages() {
        let path = || "/d/journal.db".to_owned();
        for error in [
            StoreError::Missing(path()),
            StoreError::Exists(path()),
            StoreError::NotAJournal { path: path(), reason: "r".to_owned() },
            StoreError::Newer { path: path(), found: 7, known: 1 },
            StoreError::ReadOnly(path()),
            StoreError::ToReadOnly(path()),
            StoreError::Full(path()),
            StoreError::Busy(path()),
            StoreError::Folder { path: path(), reason: "r".to_owned() },
            StoreError::Other(path()),
        ] {
            let words = error.to_string();
            let (zh, en) = words.split_once(" / ").unwrap_or_else(|| panic!("in both languages: {words}"));
            assert!(zh.contains(|c: char| ('一'..='龥').contains(&c)) && zh.contains('；'), "what to do: {words}");
            assert!(en.is_ascii() && en.contains("/d/journal.db") && en.contains([':', ',']), "{words}");
        }
    }
}
