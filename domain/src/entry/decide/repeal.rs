use super::{adopt::kept_here, content, ground::published, persons};
use crate::{
    acting::{Capacity, Role},
    decider::Circumstances,
    entry::{Event, Refusal, RefusalKind, Repeal, Repealed, State},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Repeal, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Repeal { effective_from, reason, document, replaced_by, reform } = command;
    // A newer list that leaves an entry out repeals it too, without a person.
    let by_list = circumstances.capacity == Capacity::Import;
    let acting = if by_list { None } else { Some(persons::in_role(circumstances, &[Role::Approver])?) };
    let latest = published(state)?;
    if let Some(acting) = acting {
        persons::may_answer_for(circumstances, acting, state.answered_by_at(circumstances.now), None)?;
    }
    content::reason(&reason)?;
    let at = effective_from.unwrap_or(circumstances.now);
    if let Some(repeal) = &state.repeal {
        // Without a moment of its own the command asks for what is so already.
        let same_moment = effective_from.is_none_or(|at| at == repeal.effective_from);
        if same_moment && repeal.reason == reason && repeal.document == document && repeal.replaced_by == replaced_by {
            return Ok(Vec::new());
        }
        return Err(Refusal::new(
            RefusalKind::AlreadyRepealed,
            None,
            format!("该条目已取消，自{}起；原因：{}", repeal.effective_from, repeal.reason),
            format!("the entry was repealed already, from {}: {}", repeal.effective_from, repeal.reason),
        ));
    }
    if by_list && reform.is_none() && state.is_kept_here() {
        return Err(kept_here());
    }
    if at < latest.effective_from {
        return Err(Refusal::new(
            RefusalKind::EffectiveTooEarly,
            Some("effectiveFrom"),
            format!("取消时间{at}早于最新版本的实施时间{}", latest.effective_from),
            format!("it would cease at {at}, before its latest revision takes effect ({})", latest.effective_from),
        ));
    }
    Ok(vec![Event::Repealed(Repealed { effective_from: at, reason, document, replaced_by, reform })])
}
