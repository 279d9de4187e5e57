use super::{ground, persons};
use crate::{
    acting::Role,
    decider::Circumstances,
    entry::{Event, Refusal, Resumed, State},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let acting = persons::in_role(circumstances, &[Role::Approver])?;
    ground::published(state)?;
    persons::answers_for(acting, state.answered_by_at(circumstances.now), None)?;
    ground::not_ceased(state, circumstances.now)?;
    if !state.is_suspended_at(circumstances.now) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Resumed(Resumed { effective_from: circumstances.now, by: acting.clone() })])
}
