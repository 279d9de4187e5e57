use super::{content, ground, persons, stays};
use crate::{
    acting::Role,
    decider::Circumstances,
    entry::{Event, Refusal, RefusalKind, State, Suspend, Suspended},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Suspend, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Suspend { reason, until } = command;
    let acting = persons::in_role(circumstances, &[Role::Approver])?;
    ground::published(state)?;
    persons::answers_for(acting, state.answered_by_at(circumstances.now), None)?;
    ground::not_ceased(state, circumstances.now)?;
    content::reason(&reason)?;
    if let Some(until) = until {
        ground::later("until", until, circumstances.now)?;
        ground::not_too_late("until", until, circumstances.now)?;
    }
    if let Some(kept) = state.suspension.as_ref().filter(|kept| kept.holds_at(circumstances.now)) {
        if kept.reason == reason && kept.until == until {
            return Ok(Vec::new());
        }
        return Err(Refusal::new(
            RefusalKind::AlreadySuspended,
            None,
            format!("该条目已暂停（“{}”）；如需更改请先恢复", kept.reason),
            format!("the entry is suspended already ({:?}): resume it first to change that", kept.reason),
        ));
    }
    stays::stays(state, circumstances.now, until)?;
    Ok(vec![Event::Suspended(Suspended { effective_from: circumstances.now, until, reason, by: acting.clone() })])
}
