use async_graphql::{Enum, SimpleObject};
use domain::{codec::Registered, envelope::Code};
use journal::{Loaded, transact::ExpectedVersion};
use projections::history::{Audience, tell};

use super::super::{
    entry::{Change, Entry, Viewer, of_loaded},
    scalars::Position,
};
use crate::registrar::{
    change::{Became, Changed, Refused},
    sight::{Sight, sight},
};

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum CommandStatus {
    /// It was carried out.
    Applied,
    /// The same command was carried out before, or it was so already.
    Unchanged,
    /// A rule forbids it: see the refusal.
    Refused,
    /// Somebody was faster: see the conflict, look again, and give a new command.
    Conflict,
    /// It may have been carried out or not: send the same command id again to find out. It is carried out once.
    Unknown,
}

/// What became of a command, and the entry as it is now.
#[derive(SimpleObject, Debug)]
pub struct EntryPayload {
    /// What became of it.
    status: CommandStatus,
    /// The entry as it is now, as far as whoever asked may know of it.
    entry: Option<Entry>,
    /// Why it was refused.
    refusal: Option<Refusal>,
    /// What happened meanwhile.
    conflict: Option<Conflict>,
    /// Where it was written. A request that names it in the header Tongyuan-Position is answered from there on. Of a command that was
    /// carried out before it is the place of the first time.
    position: Option<Position>,
}

/// Why a command was refused.
#[derive(SimpleObject, Debug)]
pub struct Refusal {
    /// Stable code.
    code: String,
    /// What is wrong and what to do, in Chinese.
    message: String,
    /// The same in English.
    message_en: String,
    /// The part of the input that it is about, as a path as it was written: `input.code`, `input.content.fees[0].standard`. Of the draft that was to go
    /// on it is `draft.content.fees[0].standard`, of the members of a set `members`, and of a member a path in it. Null: it is about who asks.
    field: Option<String>,
    /// The article behind it, e.g. `Art. 8(1)`, or `register` where it is none.
    rule: Option<String>,
}

/// The entry was not at the version that was expected.
#[derive(SimpleObject, Debug)]
pub struct Conflict {
    /// The version at which it is: what a command has to expect now. Null: there is no such entry.
    actual_version: Option<u64>,
    /// What happened since the version that was expected, oldest first.
    changes: Vec<Change>,
    /// What is wrong and what to do, in Chinese.
    message: &'static str,
    /// The same in English.
    message_en: &'static str,
}

/// What is said where somebody was faster.
pub const CONFLICT: (&str, &str) = (
    "在您查看之后内容已有变化，本次未作改动；请查看其间的变化，按现在的版本号重新办理",
    "it changed since you looked, and nothing was done: see what happened meanwhile, and give the command anew with the version as it is now",
);

impl EntryPayload {
    /// The answer to a command of which nobody can say what became of it.
    pub fn unknown() -> Self {
        Self { status: CommandStatus::Unknown, entry: None, refusal: None, conflict: None, position: None }
    }

    /// The answer to a command.
    pub fn of<C: Registered>(viewer: &Viewer, (code, expected, part): (Code, ExpectedVersion, Part), changed: Changed<C>) -> Self {
        let Changed { became, loaded } = changed;
        let entry = of_loaded(viewer, code, &loaded);
        let with = |status| Self { status, ..Self::unknown() };
        let payload = match became {
            Became::Applied(position) => Self { position: Some(Position(position)), ..with(CommandStatus::Applied) },
            Became::Unchanged(position) => Self { position: position.map(Position), ..with(CommandStatus::Unchanged) },
            Became::Refused(refused) => Self { refusal: Some(Refusal::of(refused, part)), ..with(CommandStatus::Refused) },
            Became::Conflict => Self { conflict: Some(Conflict::of(viewer, expected, &loaded)), ..with(CommandStatus::Conflict) },
            Became::Unknown => with(CommandStatus::Unknown),
        };
        Self { entry, ..payload }
    }
}

impl Conflict {
    fn of<C: Registered>(viewer: &Viewer, expected: ExpectedVersion, loaded: &Loaded<C>) -> Self {
        let seen = match sight(viewer.caller.as_deref(), &loaded.state, &loaded.history, viewer.now) {
            Sight::Whole => loaded.version,
            // A conflict is told to those who may change the entry, and they see all of it.
            Sight::Public | Sight::Nothing => None,
        };
        let (message, message_en) = CONFLICT;
        let Some(actual) = seen else { return Self { actual_version: None, changes: Vec::new(), message, message_en } };
        let later = |version| match expected {
            ExpectedVersion::Exact(expected) => version > expected,
            ExpectedVersion::Any | ExpectedVersion::NoStream => true,
        };
        let told = tell(&loaded.history, Audience::Keeper, viewer.now);
        let changes = told.iter().filter(|told| later(told.version)).map(Change::from).collect();
        Self { actual_version: Some(actual.0), changes, message, message_en }
    }
}

/// How a part of a command is written by whoever gives it.
pub type Part = fn(&str) -> String;

/// In the input.
pub fn of_input(part: &str) -> String {
    format!("input.{part}")
}

/// The same where no content is given: then it is that of the draft which is to go on.
pub fn of_draft(part: &str) -> String {
    if part == "content" || part.starts_with("content.") { format!("draft.{part}") } else { of_input(part) }
}

/// The same of a set: what is wrong with its members is told of each.
pub fn of_set(part: &str) -> String {
    if part == "members" { part.to_owned() } else { of_input(part) }
}

/// In the member that is told beside it.
pub fn of_member(part: &str) -> String {
    part.to_owned()
}

impl Refusal {
    /// A refusal, with the part that it is about as it was written.
    pub fn of(refused: Refused, part: Part) -> Self {
        let Refused { code, rule, field, zh, en } = refused;
        Self { code: code.to_owned(), message: zh, message_en: en, field: field.as_deref().map(part), rule: Some(rule.to_owned()) }
    }
}
