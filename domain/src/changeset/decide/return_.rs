use super::ground;
use crate::{
    acting::Role,
    changeset::{Event, Refusal, RefusalKind, Return, Returned, State, Step},
    decider::Circumstances,
};

pub(super) fn decide(state: &State, command: Return, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
    let Return { reason } = command;
    let acting = ground::in_role(circumstances, &[Role::Reviewer, Role::Approver])?;
    ground::there(state, acting)?;
    if acting.role == Role::Approver {
        ground::answers_for(acting, state)?;
    }
    ground::open(state)?;
    ground::words("reason", &reason)?;
    let with = match state.step {
        Step::Proposed => Role::Reviewer,
        Step::Reviewed => Role::Approver,
        _ => {
            let said = state.returned.as_ref().is_some_and(|said| said.reason == reason && said.by == *acting);
            return if said { Ok(Vec::new()) } else { Err(ground::not_submitted()) };
        }
    };
    if acting.role != with {
        return Err(Refusal::new(
            RefusalKind::RoleRequired,
            None,
            format!("变更集现由{}办理，须由其退回", with.zh()),
            format!("the change set is with the {}, who returns it", with.en()),
        ));
    }
    Ok(vec![Event::Returned(Returned { reason, by: acting.clone() })])
}
