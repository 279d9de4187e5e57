use super::{Approval, Counts, Event, Said, State, Step};

/// The state after an event. Total: what does not fit is taken as it comes, so that every history has a state.
pub(super) fn evolve(mut state: State, event: &Event) -> State {
    match event {
        Event::Proposed(proposed) => {
            state.step = Step::Proposed;
            state.origin = proposed.origin.clone();
            state.agency.clone_from(&proposed.agency);
            state.counts = Counts::of(proposed.members.iter());
            state.members = proposed.members.clone();
            state.hash = Some(proposed.hash);
            state.drafters.insert(proposed.by.person.clone());
            state.reviewer = None;
        }
        Event::Reviewed(reviewed) => {
            state.step = Step::Reviewed;
            state.reviewer = Some(reviewed.by.person.clone());
        }
        Event::Approved(approved) => {
            state.step = Step::Approved;
            state.approval =
                Some(Approval { document: approved.document.clone(), effective_from: approved.effective_from, by: approved.by.clone() });
        }
        Event::Returned(returned) => {
            state.step = Step::Returned;
            state.reviewer = None;
            state.returned = Some(Said { reason: returned.reason.clone(), by: returned.by.clone() });
        }
        Event::Withdrawn(withdrawn) => {
            state.step = Step::Withdrawn;
            state.withdrawn = Some(Said { reason: withdrawn.reason.clone(), by: withdrawn.by.clone() });
        }
    }
    state
}
