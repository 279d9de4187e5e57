//! Reports that something public is not right 不准确: who finds it tells, and who answers for the entry corrects it without delay 及时更正, or
//! finds nothing to correct and says why (Art. 7).
//!
//! A report is a stream of its own and no event of the entry: it changes nothing of what is public, and whoever works on a draft is not
//! overtaken by it. That it was corrected is not written here either; the next revision of the entry says so.

mod decide;
mod event;
mod path;
mod refusal;

use std::sync::Arc;

pub use event::{Dismissed, Event, Reported, Reporter, field, said};
pub use path::leads_somewhere;
pub use refusal::{Refusal, RefusalKind};

use crate::{
    decider::{Circumstances, Decider},
    envelope::{Code, EntryName},
    value::Hash,
};

/// A report, as a thing with a history.
#[derive(Debug)]
pub struct Inaccuracy;

/// What may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// See [`Report`].
    Report(Report),
    /// See [`Dismiss`].
    Dismiss(Dismiss),
}

/// Tells that what is public of an entry is not right. By a person in an office, also for a citizen who told them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The entry.
    pub entry: EntryName,
    /// Number of the revision that was in force, or is to come first.
    pub revision: u32,
    /// The field, as a path in the content; `None`: the entry as a whole.
    pub path: Option<String>,
    /// Hash of what the field said, or of the whole: by it a correction is known. Looked up by whoever gives the command.
    pub said: Hash,
    /// What is not right, without personal data.
    pub words: String,
}

/// Finds that there is nothing to correct. By the openness office or the approver of who answers for the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dismiss {
    /// Why.
    pub reason: String,
    /// Who answers for the entry; `None`: the city. Looked up by whoever gives the command.
    pub agency: Option<Code>,
}

/// What happened to a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// What was reported.
    pub reported: Option<Arc<Reported>>,
    /// How it was found to be unfounded, if it was.
    pub dismissed: Option<Arc<Dismissed>>,
}

impl Decider for Inaccuracy {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Report(command) => decide::report(state, command, circumstances),
            Command::Dismiss(command) => decide::dismiss(state, command, circumstances),
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Reported(reported) => state.reported = Some(reported.clone()),
            Event::Dismissed(dismissed) => state.dismissed = Some(dismissed.clone()),
        }
        state
    }
}

impl From<Report> for Command {
    fn from(command: Report) -> Self {
        Self::Report(command)
    }
}

impl From<Dismiss> for Command {
    fn from(command: Dismiss) -> Self {
        Self::Dismiss(command)
    }
}
