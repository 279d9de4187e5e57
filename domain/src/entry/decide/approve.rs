use super::{content, ground, persons, stays};
use crate::{
    acting::{Acting, Role},
    decider::Circumstances,
    entry::{Approve, Approved, Event, Refusal, RefusalKind, State, Step},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Approve, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let acting = persons::in_role(circumstances, &[Role::Approver])?;
    if is_so(state, &command, acting) {
        return Ok(Vec::new());
    }
    persons::within_draft(acting, state)?;
    let pending = ground::pending(state)?;
    persons::may_answer_for(circumstances, acting, state.last_content(), Some(pending.content.as_ref()))?;
    let reviewer = match (pending.step, &pending.reviewer) {
        (Step::Reviewed, Some(reviewer)) => reviewer,
        (Step::Draft | Step::Returned, _) => return Err(ground::not_submitted()),
        (Step::Submitted | Step::Reviewed, _) => return Err(not_reviewed()),
    };
    ground::same_content(command.content_hash, pending.content_hash)?;
    persons::is_not_drafter(acting, &pending.drafters)?;
    persons::is_not_reviewer(acting, reviewer)?;
    ground::up_to_date(state, pending)?;
    content::document(&command.document)?;
    let effective_from = command.effective_from.unwrap_or(circumstances.now);
    ground::not_in_past("effectiveFrom", effective_from, circumstances.decided_at())?;
    ground::not_too_late("effectiveFrom", effective_from, circumstances.decided_at())?;
    ground::after_latest(state, effective_from)?;
    stays::comes_back_by_law(state, pending.content.as_ref(), effective_from)?;
    stays::is_public(state, pending.content.as_ref(), effective_from)?;
    content::no_error(&command.beside)?;
    Ok(vec![Event::Approved(Approved {
        revision: state.revisions + 1,
        content: pending.content.clone(),
        content_hash: pending.content_hash,
        effective_from,
        document: command.document,
        drafters: pending.drafters.iter().cloned().collect(),
        reviewer: reviewer.clone(),
        by: acting.clone(),
    })])
}

/// Whether the last publication was by this very approval: of two approvers at the same time the second finds it done.
fn is_so<C: Content>(state: &State<C>, command: &Approve, acting: &Acting) -> bool {
    state.pending.is_none()
        && state.latest.as_ref().is_some_and(|latest| {
            latest
                .decided_by
                .as_ref()
                .is_some_and(|by| by == acting || persons::answers_for(acting, Some(latest.content.as_ref()), None).is_ok())
                && latest.revision == state.revisions
                && latest.content_hash == command.content_hash
                && latest.document.as_ref() == Some(&command.document)
                && command.effective_from.is_none_or(|at| at == latest.effective_from)
        })
}

fn not_reviewed() -> Refusal {
    Refusal::new(
        RefusalKind::NotReviewed,
        None,
        "草稿尚未经政务公开工作机构审查，不能审签",
        "the openness office has not reviewed the draft yet: it cannot be approved",
    )
}
