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
    /// The field concerned, as a path in the content or the input.
    field: Option<String>,
    /// The article behind it, or `register`.
    rule: Option<String>,
}

/// The entry was not at the version that was expected.
#[derive(SimpleObject, Debug)]
pub struct Conflict {
    /// The version at which it is: what a command has to expect now. Null: there is no such entry.
    actual_version: Option<u64>,
    /// What happened since the version that was expected, oldest first.
    changes: Vec<Change>,
}

impl EntryPayload {
    /// The answer to a command.
    pub fn of<C: Registered>(viewer: &Viewer, code: Code, expected: ExpectedVersion, changed: Changed<C>) -> Self {
        let Changed { became, loaded } = changed;
        let entry = of_loaded(viewer, code, &loaded);
        let with = |status| Self { status, entry: None, refusal: None, conflict: None, position: None };
        let payload = match became {
            Became::Applied(position) => Self { position: Some(Position(position)), ..with(CommandStatus::Applied) },
            Became::Unchanged(position) => Self { position: position.map(Position), ..with(CommandStatus::Unchanged) },
            Became::Refused(refused) => Self { refusal: Some(refused.into()), ..with(CommandStatus::Refused) },
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
        let Some(actual) = seen else { return Self { actual_version: None, changes: Vec::new() } };
        let later = |version| match expected {
            ExpectedVersion::Exact(expected) => version > expected,
            ExpectedVersion::Any | ExpectedVersion::NoStream => true,
        };
        let told = tell(&loaded.history, Audience::Keeper);
        Self { actual_version: Some(actual.0), changes: told.iter().filter(|told| later(told.version)).map(Change::from).collect() }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let Refused { code, rule, field, zh, en } = refused;
        Self { code: code.to_owned(), message: zh, message_en: en, field, rule: Some(rule.to_owned()) }
    }
}
