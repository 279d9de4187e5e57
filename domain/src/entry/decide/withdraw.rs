use super::{content, ground, persons};
use crate::{
    acting::Role,
    decider::Circumstances,
    entry::{Event, Refusal, State, Withdraw, Withdrawn},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Withdraw, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Withdraw { reason } = command;
    let acting = persons::in_role(circumstances, &[Role::Drafter])?;
    persons::within_draft(acting, state)?;
    let said = state.withdrawn.as_ref().is_some_and(|said| said.reason == reason && said.by == *acting);
    if said {
        return Ok(Vec::new());
    }
    ground::pending(state)?;
    content::reason(&reason)?;
    Ok(vec![Event::Withdrawn(Withdrawn { reason, by: acting.clone() })])
}
