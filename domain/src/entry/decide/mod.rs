//! One verb, one file.

mod adopt;
mod repeal;

use super::{Command, Event, Refusal, State};
use crate::{decider::Circumstances, register::Content};

pub(super) fn decide<C: Content>(state: &State<C>, command: Command<C>, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    match command {
        Command::Adopt(command) => adopt::decide(state, *command, circumstances),
        Command::Repeal(command) => repeal::decide(state, command, circumstances),
    }
}
