//! The one lifecycle of every entry: commands, events, state, refusals; one verb, one file.
//!
//! ```text
//! adopt ────────────────────────────────────────────────┐
//! draft ──submit→ submitted ──review→ reviewed ──approve→ published ──repeal──→ repealed
//!   ↑ revise          └──────return──────┘                 │ suspend · resume
//!   └ withdraw                                             ├ correct: published at once, the review is owed
//!                                                          └ transfer: a reform changes who answers for it
//! ```
//! A draft on a published entry leaves what is published as it is. Which verb leads where from where is written out in
//! `docs/lifecycle.md`, which is made of the table that the tests go through.

mod command;
mod decide;
mod event;
mod evolve;
mod holds;
mod reforms;
mod refusal;
mod refusal_kind;
mod source;
mod stands;
mod state;
mod undone;
mod with_item;

use std::marker::PhantomData;

pub use command::{Adopt, Approve, Command, Correct, Draft, Repeal, Resume, Return, Review, Revise, Submit, Suspend, Transfer, Withdraw};
pub use event::{
    Adopted, Approved, Corrected, Drafted, Event, Publication, Repealed, Resumed, Returned, Reviewed, Submitted, Suspended, Transferred,
    Withdrawn,
};
pub use reforms::Reform;
pub use refusal::Refusal;
pub use refusal_kind::RefusalKind;
pub use source::{Source, is_older_edition};
pub use state::{Debt, Pending, Published, RepealNotice, Said, Stage, State, Step, SuspensionNotice};
pub use with_item::item_of;

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
