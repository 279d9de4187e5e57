use super::ground;
use crate::{
    acting::Role,
    calendar::ahead::{past, too_late},
    changeset::{Approve, Approved, Event, Refusal, RefusalKind, State, Step},
    decider::Circumstances,
};

pub(super) fn decide(state: &State, command: Approve, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
    let Approve { hash, document, effective_from } = command;
    let acting = ground::in_role(circumstances, &[Role::Approver])?;
    ground::there(state, acting)?;
    ground::answers_for(acting, state)?;
    // Of two approvers at the same time the second finds it done.
    let so = state.approval.as_ref().is_some_and(|approval| {
        state.hash == Some(hash) && approval.document == document && effective_from.is_none_or(|at| at == approval.effective_from)
    });
    if so {
        return Ok(Vec::new());
    }
    ground::open(state)?;
    let reviewer = match (state.step, &state.reviewer) {
        (Step::Reviewed, Some(reviewer)) => reviewer,
        (Step::Returned, _) => return Err(ground::not_submitted()),
        _ => return Err(not_reviewed()),
    };
    ground::same_set(hash, state)?;
    ground::is_not_drafter(acting, state)?;
    ground::is_not_reviewer(acting, state)?;
    ground::words("documentNumber", &document)?;
    let now = circumstances.now;
    let effective_from = effective_from.unwrap_or(now);
    if effective_from < now {
        let (zh, en) = past(effective_from, now);
        return Err(Refusal::new(RefusalKind::EffectiveInPast, Some("effectiveFrom"), zh, en));
    }
    if let Some((zh, en)) = too_late(effective_from, now) {
        return Err(Refusal::new(RefusalKind::EffectiveTooLate, Some("effectiveFrom"), zh, en));
    }
    Ok(vec![Event::Approved(Approved {
        hash,
        document,
        effective_from,
        drafters: state.drafters.iter().cloned().collect(),
        reviewer: reviewer.clone(),
        by: acting.clone(),
    })])
}

fn not_reviewed() -> Refusal {
    Refusal::new(
        RefusalKind::NotReviewed,
        None,
        "变更集尚未经政务公开工作机构审查，不能审签",
        "the openness office has not reviewed the change set yet: it cannot be approved",
    )
}
