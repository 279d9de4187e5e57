//! The working calendar 工作日历: what each day is, by the notices of the State Council, and when deadlines end by it.
//!
//! A notice arranges a year; a later one may change it. What was known when is kept: facts that ship with the program count from the day on
//! which the notice was published, events from the moment at which they were recorded. A year without a notice is unknown: the week alone
//! tells nothing, because holidays take working days and make-up days take weekends.
//!
//! A notice of one year names days of late December of the year before. Until it is known such a day is what the notice of its own year, or the
//! week, says; from then on it is what the later notice says.

pub mod ahead;
pub mod china;
mod day;
mod decide;
mod due;
mod event;
mod facts;
mod known;
mod notice;
mod refusal;
mod year;

use std::sync::Arc;

pub use day::{Day, DayKind};
pub use due::{Due, Span, UnknownDue};
pub use event::{Announced, Event};
pub use known::{Announcement, Calendar, CalendarAt};
pub use notice::{Extent, NamedDay, Notice};
pub use refusal::{Refusal, RefusalKind};

use crate::decider::{Circumstances, Decider};

/// What the register was told of the calendar, as a thing with a history.
#[derive(Debug)]
pub struct WorkingCalendar;

/// Makes notices known: all of them, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announce {
    /// The notices, in any order.
    pub notices: Vec<Notice>,
}

/// The notices that were made known, in the order in which they were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// All of them.
    pub notices: Vec<Arc<Notice>>,
}

impl Decider for WorkingCalendar {
    type State = State;
    type Command = Announce;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Announce, _: &Circumstances) -> Result<Vec<Event>, Refusal> {
        decide::announce(state, command)
    }

    fn evolve(mut state: State, event: &Event) -> State {
        let Event::Announced(announced) = event;
        state.notices.push(announced.notice.clone());
        state
    }
}
