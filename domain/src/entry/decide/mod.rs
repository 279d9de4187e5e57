//! One verb, one file; what several verbs ask is in `content`, `persons` and `ground`.

mod adopt;
mod approve;
mod content;
mod correct;
mod draft;
mod follow;
mod ground;
mod persons;
mod repeal;
mod resume;
mod return_;
mod review;
mod revise;
mod stays;
mod submit;
mod suspend;
mod transfer;
mod withdraw;

use super::{Command, Event, Refusal, State};
use crate::{decider::Circumstances, register::Content};

pub(super) fn decide<C: Content>(state: &State<C>, command: Command<C>, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    match command {
        Command::Adopt(command) => adopt::decide(state, *command, circumstances),
        Command::Draft(command) => draft::decide(state, *command, circumstances),
        Command::Revise(command) => revise::decide(state, *command, circumstances),
        Command::Submit(command) => submit::decide(state, command, circumstances),
        Command::Review(command) => review::decide(state, command, circumstances),
        Command::Approve(command) => approve::decide(state, command, circumstances),
        Command::Return(command) => return_::decide(state, command, circumstances),
        Command::Withdraw(command) => withdraw::decide(state, command, circumstances),
        Command::Suspend(command) => suspend::decide(state, command, circumstances),
        Command::Resume(_) => resume::decide(state, circumstances),
        Command::Repeal(command) => repeal::decide(state, command, circumstances),
        Command::Correct(command) => correct::decide(state, *command, circumstances),
        Command::Transfer(command) => transfer::decide(state, &command, circumstances),
    }
}
