use super::ground;
use crate::{
    acting::Role,
    changeset::{Event, Refusal, Review, Reviewed, State, Step},
    decider::Circumstances,
};

pub(super) fn decide(state: &State, command: Review, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
    let Review { hash } = command;
    let acting = ground::in_role(circumstances, &[Role::Reviewer])?;
    ground::there(state, acting)?;
    ground::open(state)?;
    if state.step == Step::Returned {
        return Err(ground::not_submitted());
    }
    ground::same_set(hash, state)?;
    ground::is_not_drafter(acting, state)?;
    if state.step == Step::Reviewed {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Reviewed(Reviewed { hash, by: acting.clone() })])
}
