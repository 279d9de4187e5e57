//! The life of a change set 变更集: many changes of entries that go through review and approval as one (Art. 5(1), Art. 7, Art. 8(1)).
//!
//! ```text
//! propose ──→ proposed ──review→ reviewed ──approve→ approved
//!    ↑            └──────return──────┘ → returned ──propose again→ proposed
//!    └ withdraw, from wherever it is open
//! ```
//! A set holds no contents. Each member is a change of an entry in the entry's own stream, bound by the hash of its content, and the
//! hash of the set binds them all. What an entry may become is decided by its own lifecycle and by nothing here.

mod command;
mod decide;
mod event;
mod evolve;
mod member;
mod refusal;
mod state;

pub use command::{Approve, Command, Propose, Return, Review, Withdraw};
pub use event::{Approved, Event, Proposed, Returned, Reviewed, Withdrawn};
pub use member::{Counts, Kind, MAX_MEMBERS, MAX_SET_BYTES, Member, Origin, in_order, set_hash};
pub use refusal::{Refusal, RefusalKind};
pub use state::{Approval, Said, State, Step};

use crate::decider::{Circumstances, Decider};

/// A change set.
#[derive(Debug)]
pub struct ChangeSet;

impl Decider for ChangeSet {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command, circumstances)
    }

    fn evolve(state: State, event: &Event) -> State {
        evolve::evolve(state, event)
    }
}
