//! Deadlines 时限: rules as data, each with its article, and what they come to in a case.
//!
//! A rule says what begins it, how long it is, and which acts fulfil it. What a case comes to is a pure function of the rule, the moment of the
//! trigger, what was done, the calendar as it is known, and the moment of the question. A rule is changed by an event, from then on: what was
//! triggered before is judged by the rule before.

mod decide;
mod event;
mod judge;
mod refusal;
mod rule;
mod rules;
pub mod sight;
mod table;

use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use event::{Event, Ruled};
pub use judge::{Done, Judgement, Status};
pub use refusal::{Refusal, RefusalKind};
pub use rule::{Act, Limit, Occasion, Rule, Trigger};
pub use rules::{Judged, Rules};
pub use table::rulebook;

use crate::{
    decider::{Circumstances, Decider},
    envelope::Code,
};

/// The rules of a register, as a thing with a history.
#[derive(Debug)]
pub struct DeadlineRules;

/// Lays a rule down, changes or ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayDown {
    /// Code of the rule.
    pub code: Code,
    /// The rule; `None`: it holds no more.
    pub rule: Option<Rule>,
    /// From when on; `None`: at once.
    pub effective_from: Option<DateTime<Utc>>,
    /// Number of the document by which it was decided.
    pub document: String,
}

/// What was laid down, in the order in which it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// All of it.
    pub ruled: Vec<Arc<Ruled>>,
}

impl Decider for DeadlineRules {
    type State = State;
    type Command = LayDown;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: LayDown, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
        decide::lay_down(state, command, circumstances)
    }

    fn evolve(mut state: State, event: &Event) -> State {
        let Event::Ruled(ruled) = event;
        state.ruled.push(ruled.clone());
        state
    }
}
