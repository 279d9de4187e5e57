use super::{ground, persons};
use crate::{
    acting::{Acting, Role},
    decider::Circumstances,
    entry::{Event, Refusal, RefusalKind, Review, Reviewed, State, Step},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Review, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Review { content_hash, revision } = command;
    let acting = persons::in_role(circumstances, &[Role::Reviewer])?;
    persons::within_draft(acting, state)?;
    let already = match revision {
        Some(number) => correction(state, number, command, acting)?,
        None => draft(state, command, acting)?,
    };
    if already {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Reviewed(Reviewed { content_hash, revision, by: acting.clone() })])
}

/// Whether the draft was reviewed already.
fn draft<C>(state: &State<C>, command: Review, acting: &Acting) -> Result<bool, Refusal> {
    let pending = ground::pending(state)?;
    if matches!(pending.step, Step::Draft | Step::Returned) {
        return Err(ground::not_submitted());
    }
    ground::same_content(command.content_hash, pending.content_hash)?;
    persons::is_not_drafter(acting, &pending.drafters)?;
    if pending.step == Step::Reviewed {
        return Ok(true);
    }
    ground::up_to_date(state, pending)?;
    Ok(false)
}

/// Whether the review that a correction owed was done already (Art. 7).
fn correction<C>(state: &State<C>, revision: u32, command: Review, acting: &Acting) -> Result<bool, Refusal> {
    let Some(debt) = state.corrections.iter().find(|debt| debt.revision == revision) else {
        return Err(Refusal::new(
            RefusalKind::NoReviewOwed,
            Some("revision"),
            format!("第{revision}版不是更正发布的，没有待补的审查"),
            format!("revision {revision} was not published by a correction: no review of it is owed"),
        ));
    };
    ground::same_content(command.content_hash, debt.content_hash)?;
    persons::is_not_corrector(acting, &debt.said.by.person)?;
    Ok(debt.reviewer.is_some())
}
