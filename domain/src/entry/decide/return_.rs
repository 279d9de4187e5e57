use super::{content, ground, persons};
use crate::{
    acting::{Capacity, Role},
    decider::Circumstances,
    entry::{Event, Refusal, RefusalKind, Return, Returned, State, Step},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Return, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Return { reason } = command;
    let acting = persons::in_role(circumstances, &[Role::Reviewer, Role::Approver])?;
    persons::within_draft(acting, state)?;
    let pending = ground::pending(state)?;
    if acting.role == Role::Approver {
        persons::may_answer_for(circumstances, acting, state.last_content(), Some(pending.content.as_ref()))?;
    }
    content::reason(&reason)?;
    let with = match pending.step {
        Step::Draft => return Err(ground::not_submitted()),
        Step::Returned => {
            let said = pending.returned.as_ref().is_some_and(|said| said.reason == reason && said.by == *acting);
            return if said { Ok(Vec::new()) } else { Err(ground::not_submitted()) };
        }
        Step::Submitted => Role::Reviewer,
        Step::Reviewed => Role::Approver,
    };
    // A member goes back with its set, whichever of the two has it: a review of the set may not have reached it, or it was reviewed singly.
    let with_its_set = matches!(circumstances.capacity, Capacity::OfSet(_));
    if acting.role != with && !with_its_set {
        return Err(Refusal::new(
            RefusalKind::RoleRequired,
            None,
            format!("草稿现由{}办理，须由其退回", with.zh()),
            format!("the draft is with the {}, who returns it", with.en()),
        ));
    }
    Ok(vec![Event::Returned(Returned { reason, by: acting.clone() })])
}
