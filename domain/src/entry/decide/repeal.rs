use super::{
    adopt::kept_here,
    content,
    ground::{not_in_past, not_too_late, published},
    persons, stays,
};
use crate::{
    acting::Role,
    calendar::china::spoken,
    decider::Circumstances,
    entry::{Event, Refusal, RefusalKind, Repeal, Repealed, State},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Repeal, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Repeal { effective_from, reason, document, replaced_by, reform } = command;
    // A newer list that leaves an entry out repeals it too, without a person.
    let by_list = circumstances.capacity.takes_over();
    let acting = if by_list { None } else { Some(persons::in_role(circumstances, &[Role::Approver])?.clone()) };
    published(state)?;
    let at = effective_from.unwrap_or(circumstances.now);
    if let Some(acting) = &acting {
        persons::may_answer_for(circumstances, acting, state.answered_by_at(at), None)?;
    }
    content::reason(&reason)?;
    if acting.is_some() {
        document.as_deref().map_or(Ok(()), content::document)?;
    }
    if let Some(repeal) = &state.repeal {
        // Without a moment of its own the command asks for what is so already.
        let same_moment = effective_from.is_none_or(|at| at == repeal.effective_from);
        if same_moment && repeal.reason == reason && repeal.document == document && repeal.replaced_by == replaced_by {
            return Ok(Vec::new());
        }
        return Err(Refusal::new(
            RefusalKind::AlreadyRepealed,
            None,
            format!("该条目已定取消，自北京时间{}起；原因：“{}”", spoken(repeal.effective_from), repeal.reason),
            format!("the repeal of the entry was decided already, from {} China time: {:?}", spoken(repeal.effective_from), repeal.reason),
        ));
    }
    if by_list && reform.is_none() && state.is_kept_here() {
        return Err(kept_here());
    }
    stays::stays(state, at, None)?;
    // A list says what ceased elsewhere, and a reform that was begun before its day is completed after it.
    if acting.is_some() && reform.is_none() {
        not_in_past("effectiveFrom", at, circumstances.decided_at())?;
    }
    not_too_late("effectiveFrom", at, circumstances.decided_at())?;
    // Whoever ends it sooner undoes what is announced, and what a reform makes of it later goes with it. A list undoes nothing.
    let undoes = acting.is_some() && reform.is_none();
    if let Some(last) = state.last_decided().filter(|last| !undoes && at < last.effective_from) {
        return Err(Refusal::new(
            RefusalKind::EffectiveTooEarly,
            Some("effectiveFrom"),
            format!("取消时间北京时间{}早于最新版本的实施时间{}", spoken(at), spoken(last.effective_from)),
            format!(
                "it would cease at {} China time, before its latest revision takes effect ({})",
                spoken(at),
                spoken(last.effective_from)
            ),
        ));
    }
    Ok(vec![Event::Repealed(Repealed { effective_from: at, reason, document, replaced_by, reform, by: acting })])
}
