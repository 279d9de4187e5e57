//! What surrounds an event: its stream, its place, who did it and when.

mod position;

use std::{fmt, str::FromStr, sync::Arc};

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use position::{InvalidPosition, Position};

use crate::{register::Register, value::Channel};

/// The code under which an entry is kept and addressed: 1 to 64 characters of `A-Z a-z 0-9 . _ -`, not beginning with a sign.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Code(Arc<str>);

/// A text that cannot be a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} / {}", Self::ZH, Self::EN)]
pub struct InvalidCode;

impl InvalidCode {
    /// What a code has to be, in Chinese.
    pub const ZH: &'static str = "编码应为1至64个字母、数字或 . _ - ，以字母或数字开头";

    /// The same in English.
    pub const EN: &'static str = "a code has 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-', and begins with a letter or digit";
}

impl Code {
    /// The code `cn` of what there is one of for the whole country.
    pub fn of_country() -> Self {
        Self("cn".into())
    }

    /// The code `city` of what there is one of for the city, beside those of its agencies.
    pub fn of_city() -> Self {
        Self("city".into())
    }

    /// The code of what there is one of for each channel: its word.
    pub fn of_channel(channel: Channel) -> Self {
        Self(channel.word().into())
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, shared.
    pub fn shared(&self) -> Arc<str> {
        self.0.clone()
    }
}

impl FromStr for Code {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
            && text.as_bytes()[0].is_ascii_alphanumeric();
        if fits { Ok(Self(text.into())) } else { Err(InvalidCode) }
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of an entry: its register and its code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryName {
    /// The register of the entry.
    pub register: Register,
    /// Its code.
    pub code: Code,
}

impl EntryName {
    /// The name of an entry.
    pub fn new(register: Register, code: Code) -> Self {
        Self { register, code }
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.register.word(), self.code)
    }
}

/// What a stream is the history of. Everything that is kept is one of these; whoever reads the whole log takes out what is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamKind {
    /// An entry of a register.
    Entry(Register),
    /// A change set 变更集: many changes that go through review and approval as one.
    ChangeSet,
    /// The working calendar 工作日历: what notices say of the days of a year.
    Calendar,
    /// The rules of deadlines 时限.
    Deadline,
    /// A report that something public is not right 不准确 (Art. 7).
    Inaccuracy,
    /// The yearly self-checks 自查 of one agency (Art. 8(3)).
    SelfCheck,
    /// The receipts 回执 of a channel.
    Receipt,
}

impl StreamKind {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        let others = [Self::ChangeSet, Self::Calendar, Self::Deadline, Self::Inaccuracy, Self::Receipt, Self::SelfCheck];
        Register::ALL.into_iter().map(Self::Entry).chain(others)
    }

    /// The word that stream names and stored kinds begin with.
    pub fn word(self) -> &'static str {
        match self {
            Self::Entry(register) => register.word(),
            Self::ChangeSet => "changeset",
            Self::Calendar => "calendar",
            Self::Deadline => "deadline",
            Self::Inaccuracy => "inaccuracy",
            Self::SelfCheck => "selfcheck",
            Self::Receipt => "receipt",
        }
    }

    /// By its word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::all().find(|kind| kind.word() == word)
    }
}

/// The name of a stream: `item-11440000006939756B2440101007000`, `changeset-CS…`, `calendar-cn`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamName {
    /// What it is the history of.
    pub kind: StreamKind,
    /// The code of that.
    pub code: Code,
}

impl StreamName {
    /// The stream of an entry.
    pub fn new(register: Register, code: Code) -> Self {
        Self { kind: StreamKind::Entry(register), code }
    }

    /// The stream of a change set.
    pub fn of_change_set(code: Code) -> Self {
        Self { kind: StreamKind::ChangeSet, code }
    }

    /// The stream of the working calendar.
    pub fn of_calendar(code: Code) -> Self {
        Self { kind: StreamKind::Calendar, code }
    }

    /// The stream of the rules of deadlines.
    pub fn of_deadlines(code: Code) -> Self {
        Self { kind: StreamKind::Deadline, code }
    }

    /// The stream of a report of something that is not right.
    pub fn of_inaccuracy(code: Code) -> Self {
        Self { kind: StreamKind::Inaccuracy, code }
    }

    /// The stream of the self-checks of an agency.
    pub fn of_self_checks(code: Code) -> Self {
        Self { kind: StreamKind::SelfCheck, code }
    }

    /// The stream of the receipts of a channel.
    pub fn of_receipts(code: Code) -> Self {
        Self { kind: StreamKind::Receipt, code }
    }

    /// The entry that it is the history of, if it is of one.
    pub fn entry(&self) -> Option<EntryName> {
        match self.kind {
            StreamKind::Entry(register) => Some(EntryName::new(register, self.code.clone())),
            StreamKind::ChangeSet
            | StreamKind::Calendar
            | StreamKind::Deadline
            | StreamKind::Inaccuracy
            | StreamKind::Receipt
            | StreamKind::SelfCheck => None,
        }
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kind.word(), self.code)
    }
}

/// A text that names no stream of the register.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a stream of this register: {0:?}")]
pub struct InvalidStreamName(pub String);

impl FromStr for StreamName {
    type Err = InvalidStreamName;

    fn from_str(text: &str) -> Result<Self, InvalidStreamName> {
        let invalid = || InvalidStreamName(text.to_owned());
        let (word, code) = text.split_once('-').ok_or_else(invalid)?;
        let kind = StreamKind::from_word(word).ok_or_else(invalid)?;
        Ok(Self { kind, code: code.parse().map_err(|_| invalid())? })
    }
}

/// The number of an event within its stream, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamVersion(pub u64);

impl StreamVersion {
    /// The first event of a stream.
    pub const FIRST: Self = Self(0);

    /// The version after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Who did something: an id in a directory that can be erased; never a personal name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ActorId(Box<str>);

/// A text that cannot be the id of an actor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "经办人标识应为1至64个字母、数字或 . _ - @ : ，不得用姓名 / the id of an actor has 1 to 64 of A-Z, a-z, 0-9 and . _ - @ :, and is no personal name"
)]
pub struct InvalidActor;

impl ActorId {
    /// An id of this program's own, such as `demo`. What comes from outside is parsed and checked.
    pub fn new(id: &'static str) -> Self {
        Self(id.into())
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ActorId {
    type Err = InvalidActor;

    fn from_str(text: &str) -> Result<Self, InvalidActor> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@' | b':'));
        if fits { Ok(Self(text.into())) } else { Err(InvalidActor) }
    }
}

/// What is kept beside the payload of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Schema number of the payload under its kind.
    pub schema: u32,
    /// Id of the command that led to the event.
    pub command: Uuid,
    /// Who gave the command.
    pub actor: ActorId,
    /// When it was recorded, by the clock of the register.
    pub at: DateTime<Utc>,
    /// When it was decided, where that was before: with the change set of which the entry is a member, or with the reform of which it is a part. Absent also in what versions before this
    /// was kept recorded under the moment of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
}

impl Metadata {
    /// When it was decided: what the law reckons from (Art. 10(2)). What was known when goes by [`Metadata::at`].
    pub fn decided(&self) -> DateTime<Utc> {
        self.decided_at.unwrap_or(self.at)
    }
}

/// The id of the n-th event of a command: fixed before the first attempt to append it, so that a retry is recognised.
pub fn event_id(command: Uuid, index: usize) -> Uuid {
    Uuid::new_v5(&command, &u64::try_from(index).unwrap_or(u64::MAX).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_fit_into_addresses_and_stream_names() {
        for good in ["11440000006939756B2440101007000", "TYXY2AQNX1H7JLCU", "a.b_c-d"] {
            assert_eq!(good.parse::<Code>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a b", "编码", "a/b", &"x".repeat(65)] {
            assert!(bad.parse::<Code>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_stream_name_is_read_back() {
        let name = StreamName::new(Register::Guide, "a-b".parse().unwrap());
        assert_eq!(name.to_string(), "guide-a-b");
        assert_eq!("guide-a-b".parse(), Ok(name.clone()));
        assert_eq!(name.entry(), Some(EntryName::new(Register::Guide, "a-b".parse().unwrap())));
        let set = StreamName::of_change_set("a-b".parse().unwrap());
        assert_eq!((set.to_string().as_str(), set.entry()), ("changeset-a-b", None));
        assert_eq!("changeset-a-b".parse(), Ok(set));
        assert_eq!("calendar-cn".parse(), Ok(StreamName::of_calendar(Code::of_country())));
        for bad in ["$system-x", "changeset", "changeset-", "changesets-a"] {
            assert!(bad.parse::<StreamName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn every_kind_of_stream_has_a_word_of_its_own() {
        let words: std::collections::BTreeSet<_> = StreamKind::all().map(StreamKind::word).collect();
        assert_eq!(words.len(), StreamKind::all().count());
        assert!(StreamKind::all().all(|kind| StreamKind::from_word(kind.word()) == Some(kind) && !kind.word().contains('-')));
    }

    #[test]
    fn an_actor_is_an_id_and_no_name() {
        assert_eq!("u-17@city".parse::<ActorId>().unwrap().as_str(), "u-17@city");
        for bad in ["", "张三", "a b", "<script>", &"x".repeat(65)] {
            assert_eq!(bad.parse::<ActorId>(), Err(InvalidActor), "{bad}");
        }
    }

    #[test]
    fn event_ids_follow_from_the_command() {
        let command = Uuid::from_u128(7);
        assert_eq!(event_id(command, 0), event_id(command, 0));
        assert_ne!(event_id(command, 0), event_id(command, 1));
    }
}
