use std::sync::Arc;

use super::{
    Corrected, Debt, Drafted, Event, Pending, Publication, Published, RepealNotice, Repealed, Returned, Reviewed, Said, State, Step,
    Submitted, Suspended, SuspensionNotice, Withdrawn, reforms::Reform,
};
use crate::register::Content;

/// Total: it holds no rules, so any history has a state.
pub(super) fn evolve<C: Content>(mut state: State<C>, event: &Event<C>) -> State<C> {
    let reform = if let Event::Transferred(transferred) = event { Some(state.note_reform(transferred)) } else { None };
    if let Some(publication) = event.publication() {
        publish(&mut state, &publication, reform);
    }
    match event {
        Event::Adopted(_) | Event::Transferred(_) => {}
        Event::Approved(_) => {
            let source = state.pending.take().and_then(|pending| pending.source);
            // A draft that comes from a list makes the entry a line of that edition.
            if let (Some(latest), Some(source)) = (&mut state.latest, source) {
                latest.source = source;
            }
        }
        Event::Drafted(drafted) => {
            state.pending = Some(drafting(drafted, None));
            state.withdrawn = None;
        }
        Event::Redrafted(drafted) => state.pending = Some(drafting(drafted, state.pending.take())),
        Event::Submitted(Submitted { by, .. }) => to_step(&mut state, Step::Submitted, |pending| {
            pending.drafters.insert(by.person.clone());
        }),
        Event::Reviewed(Reviewed { revision: None, by, .. }) => to_step(&mut state, Step::Reviewed, |pending| {
            pending.reviewer = Some(by.person.clone());
        }),
        Event::Reviewed(Reviewed { revision: Some(number), by, .. }) => {
            for debt in state.corrections.iter_mut().filter(|debt| debt.revision == *number) {
                debt.reviewer = Some(by.person.clone());
            }
        }
        Event::Returned(Returned { reason, by }) => to_step(&mut state, Step::Returned, |pending| {
            pending.reviewer = None;
            pending.returned = Some(Said { reason: reason.clone(), by: by.clone() });
        }),
        Event::Withdrawn(Withdrawn { reason, by }) => {
            state.pending = None;
            state.withdrawn = Some(Said { reason: reason.clone(), by: by.clone() });
        }
        Event::Suspended(Suspended { effective_from, until, reason, .. }) => {
            state.suspension = Some(SuspensionNotice { effective_from: *effective_from, until: *until, reason: reason.clone() });
        }
        Event::Resumed(_) => state.suspension = None,
        Event::Repealed(Repealed { effective_from, reason, document, replaced_by, .. }) => {
            // A draft has nothing to follow any more.
            state.pending = None;
            state.repeal = Some(RepealNotice {
                effective_from: *effective_from,
                reason: reason.clone(),
                document: document.clone(),
                replaced_by: replaced_by.clone(),
            });
        }
        Event::Corrected(Corrected { revision, content_hash, effective_from, reason, by, .. }) => {
            let said = Said { reason: reason.clone(), by: by.clone() };
            let debt = Debt { revision: *revision, content_hash: *content_hash, effective_from: *effective_from, said, reviewer: None };
            state.corrections.push(debt);
        }
    }
    state
}

fn publish<C: Content>(state: &mut State<C>, publication: &Publication<'_, C>, reform: Option<Arc<Reform>>) {
    state.revisions = publication.revision;
    let source = publication.source.or(state.latest.as_ref().map(|latest| &latest.source)).cloned();
    let place = state.timeline.partition_point(|kept| kept.effective_from <= publication.effective_from);
    // Who decided what a reform hands over decided it before.
    let before = || state.timeline[..place].iter().rev().find(|kept| kept.reform.is_none());
    let decided_by = if reform.is_some() { before().and_then(|before| before.decided_by.clone()) } else { publication.by.cloned() };
    let published = Published {
        revision: publication.revision,
        content: publication.content.clone(),
        content_hash: publication.content_hash,
        effective_from: publication.effective_from,
        document: publication.document.map(str::to_owned),
        source: source.unwrap_or_else(|| Arc::new(super::Source::default())),
        decided_by,
        reform,
    };
    state.timeline.insert(place, published.clone());
    let earlier = state.latest.as_ref().is_some_and(|latest| latest.effective_from > published.effective_from);
    // What is upcoming still comes last when what is in force is corrected, or handed over before.
    if publication.source.is_some() || !earlier {
        state.latest = Some(published);
    }
}

fn drafting<C>(drafted: &Drafted<C>, before: Option<Pending<C>>) -> Pending<C> {
    let (mut drafters, returned, source) = before.map(|pending| (pending.drafters, pending.returned, pending.source)).unwrap_or_default();
    drafters.insert(drafted.by.person.clone());
    Pending {
        content: drafted.content.clone(),
        content_hash: drafted.content_hash,
        based_on: drafted.based_on,
        source: drafted.source.clone().or(source),
        step: Step::Draft,
        drafters,
        reviewer: None,
        returned,
    }
}

fn to_step<C>(state: &mut State<C>, step: Step, note: impl FnOnce(&mut Pending<C>)) {
    if let Some(pending) = &mut state.pending {
        pending.step = step;
        note(pending);
    }
}
