//! The one lifecycle of every entry: commands, events, state, refusals; one verb, one file.
//!
//! ```text
//! adopt ──→ published ──repeal──→ repealed
//!   ↑___________│ a newer edition of the list
//! ```
//! The verbs of approval (draft, submit, review, approve …) join [`Command`] and [`Event`], each with a file in `decide/` and a
//! line in `evolve`; what is published stays what it is.

mod command;
mod decide;
mod event;
mod evolve;
mod refusal;
mod source;
mod state;

use std::marker::PhantomData;

pub use command::{Adopt, Command, Repeal};
pub use event::{Adopted, Event, Repealed};
pub use refusal::{Refusal, RefusalKind};
pub use source::Source;
pub use state::{Published, RepealNotice, Stage, State};

use crate::{
    decider::{Circumstances, Decider},
    register::Content,
};

/// An entry with a content of one register.
#[derive(Debug)]
pub struct Entry<C>(PhantomData<C>);

impl<C: Content> Decider for Entry<C> {
    type State = State<C>;
    type Command = Command<C>;
    type Event = Event<C>;
    type Refusal = Refusal;

    fn decide(state: &State<C>, command: Command<C>, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
        decide::decide(state, command, circumstances)
    }

    fn evolve(state: State<C>, event: &Event<C>) -> State<C> {
        evolve::evolve(state, event)
    }
}
