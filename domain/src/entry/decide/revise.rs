use std::sync::Arc;

use super::{
    content::{can_be_given, hash},
    ground, persons,
};
use crate::{
    acting::Role,
    decider::Circumstances,
    entry::{Drafted, Event, Refusal, RefusalKind, Revise, State, Step},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Revise<C>, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Revise { content } = command;
    let acting = persons::in_role(circumstances, &[Role::Drafter])?;
    persons::within_draft(acting, state)?;
    let pending = ground::pending(state)?;
    if state.latest.is_none() {
        // An entry that is not published yet belongs to the agency that it names, and nobody drafts for another.
        persons::within(acting, content.agency())?;
    }
    can_be_given(&content)?;
    if matches!(pending.step, Step::Submitted | Step::Reviewed) {
        return Err(Refusal::new(
            RefusalKind::UnderReview,
            None,
            "草稿已送审，不能修改；请先由审查人或审签人退回",
            "the draft was submitted and cannot be changed: it has to be returned first",
        ));
    }
    if *pending.content == content && pending.based_on == state.revisions {
        return Ok(Vec::new());
    }
    let content_hash = hash(&content)?;
    let (content, based_on, by) = (Arc::new(content), state.revisions, acting.clone());
    Ok(vec![Event::Redrafted(Drafted { content, content_hash, based_on, source: None, by })])
}
