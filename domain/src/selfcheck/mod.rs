//! Self-checks 自查: each November an agency looks at all that it withholds or gives on request only, and opens what may be opened (Art. 8(3)).
//!
//! The checks of one agency are a stream; those of what the city answers for are one too. What is opened is a revision of its entry, on the
//! way of every other change; here stands that it was looked at, when, by whom, and what was found.

mod decide;
mod event;
mod refusal;

use std::{collections::BTreeMap, sync::Arc};

pub use event::{Event, SelfChecked};
pub use refusal::{Refusal, RefusalKind};

use crate::{
    decider::{Circumstances, Decider},
    envelope::Code,
};

/// The self-checks of an agency, as a thing with a history.
#[derive(Debug)]
pub struct SelfChecks;

/// Tells that an agency checked itself. By the openness office or the approver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfCheck {
    /// The agency; `None`: what the city answers for.
    pub agency: Option<Code>,
    /// The year of which the check is.
    pub year: i32,
    /// How many entries were withheld or on request, and looked at. Counted by whoever gives the command.
    pub entries: u32,
    /// What was found, and what will be opened.
    pub findings: String,
}

/// The checks that were made, by year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// All of them.
    pub checked: BTreeMap<i32, Arc<SelfChecked>>,
}

impl Decider for SelfChecks {
    type State = State;
    type Command = SelfCheck;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: SelfCheck, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
        decide::self_check(state, command, circumstances)
    }

    fn evolve(mut state: State, event: &Event) -> State {
        let Event::Checked(checked) = event;
        state.checked.entry(checked.year).or_insert_with(|| checked.clone());
        state
    }
}
