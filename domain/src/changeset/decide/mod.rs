//! One verb, one file; what several verbs ask is in `ground`.

mod approve;
mod ground;
mod propose;
mod return_;
mod review;
mod withdraw;

use super::{Command, Event, Refusal, State};
use crate::decider::Circumstances;

pub(super) fn decide(state: &State, command: Command, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Propose(command) => propose::decide(state, *command, circumstances),
        Command::Review(command) => review::decide(state, command, circumstances),
        Command::Approve(command) => approve::decide(state, command, circumstances),
        Command::Return(command) => return_::decide(state, command, circumstances),
        Command::Withdraw(command) => withdraw::decide(state, command, circumstances),
    }
}
