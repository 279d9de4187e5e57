use chrono::{DateTime, Utc};

use super::{content::can_be_published, ground, persons, stays};
use crate::{
    acting::Role,
    decider::Circumstances,
    entry::{Event, Refusal, RefusalKind, State, Step, Submit, Submitted},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Submit, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let acting = persons::in_role(circumstances, &[Role::Drafter])?;
    persons::within_draft(acting, state)?;
    let pending = ground::pending(state)?;
    if matches!(pending.step, Step::Submitted | Step::Reviewed) {
        return Ok(Vec::new());
    }
    ground::up_to_date(state, pending)?;
    if state.latest.as_ref().is_some_and(|latest| latest.content == pending.content) {
        return Err(Refusal::new(
            RefusalKind::NothingChanged,
            None,
            "草稿与已发布的内容相同，无须送审；请修改或撤回",
            "the draft says what is published already: revise or withdraw it",
        ));
    }
    stays::comes_back_by_law(state, pending.content.as_ref(), DateTime::<Utc>::MAX_UTC)?;
    can_be_published(&pending.content, pending.content_hash, command.beside)?;
    Ok(vec![Event::Submitted(Submitted { content_hash: pending.content_hash, by: acting.clone() })])
}
