use super::{Adopted, Event, Published, RepealNotice, Repealed, State};
use crate::register::Content;

pub(super) fn evolve<C: Content>(mut state: State<C>, event: &Event<C>) -> State<C> {
    match event {
        Event::Adopted(Adopted { revision, content, content_hash, effective_from, source }) => {
            state.latest = Some(Published {
                revision: *revision,
                content: content.clone(),
                content_hash: *content_hash,
                effective_from: *effective_from,
                source: source.clone(),
            });
        }
        Event::Repealed(Repealed { effective_from, reason, document, replaced_by }) => {
            state.repeal = Some(RepealNotice {
                effective_from: *effective_from,
                reason: reason.clone(),
                document: document.clone(),
                replaced_by: replaced_by.clone(),
            });
        }
    }
    state
}
