use super::ground;
use crate::{
    acting::Role,
    changeset::{Event, Refusal, State, Withdraw, Withdrawn},
    decider::Circumstances,
};

pub(super) fn decide(state: &State, command: Withdraw, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
    let Withdraw { reason } = command;
    let acting = ground::in_role(circumstances, &[Role::Drafter])?;
    ground::there(state, acting)?;
    if state.withdrawn.as_ref().is_some_and(|said| said.reason == reason && said.by == *acting) {
        return Ok(Vec::new());
    }
    ground::open(state)?;
    ground::words("reason", &reason)?;
    Ok(vec![Event::Withdrawn(Withdrawn { reason, by: acting.clone() })])
}
