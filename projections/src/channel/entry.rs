//! What every register has in common: an event of an entry changes the entry's own document.

use std::sync::Arc;

use domain::{
    entry::{Adopted, Event, RepealNotice, Repealed},
    register::on_channel,
    value::{Channel, text},
};

use super::{Loaded, Needs};
use crate::{
    document::{Document, EntryView, Key, RevisionView, Viewed},
    happened::Happened,
    term::Indexed,
};

/// The view of an entry after an event.
pub(super) fn apply<C: Viewed + Indexed>(
    happened: &Happened,
    event: &Event<C>,
    channel: Channel,
    loaded: &Loaded,
) -> Result<EntryView<C>, Needs> {
    let key = Key { channel, register: C::REGISTER, code: happened.code.clone() };
    let known = loaded.get(&key)?.and_then(C::view);
    let mut view = match known {
        Some(view) => view.as_ref().clone(),
        None => EntryView::empty(happened.code.clone(), happened.metadata.at, happened.position),
    };
    // Clocks may go back between two events; what was known to be past stays past.
    view.recorded_at = view.recorded_at.max(happened.metadata.at);
    view.position = happened.position;
    match event {
        Event::Adopted(adopted) => adopt(&mut view, adopted, happened, channel),
        Event::Repealed(Repealed { effective_from, reason, document, replaced_by }) => {
            view.repeal = Some(RepealNotice {
                effective_from: *effective_from,
                reason: reason.clone(),
                document: document.clone(),
                replaced_by: replaced_by.clone(),
            });
        }
    }
    Ok(view)
}

fn adopt<C: Viewed + Indexed>(view: &mut EntryView<C>, adopted: &Adopted<C>, happened: &Happened, channel: Channel) {
    let shown = on_channel(&adopted.content, adopted.content_hash, channel);
    let (content, content_hash) = shown.map_or((None, adopted.content_hash), |s| (Some(s.content), s.shared_hash));
    view.revisions.push(RevisionView {
        number: adopted.revision,
        content,
        content_hash,
        effective_from: adopted.effective_from,
        approved_at: happened.metadata.at,
        document_number: adopted.source.document.clone(),
        source: Some(Arc::new(adopted.source.clone())),
        gate: None,
    });
    // Revisions that were superseded when this one was recorded are history, and history is read from the log.
    let in_force = view.revisions.iter().rposition(|r| r.effective_from <= view.recorded_at).unwrap_or(0);
    view.revisions.drain(..in_force);
    view.words = words(view);
}

/// The names of all revisions of the view, and its code, folded for comparison.
fn words<C: Viewed + Indexed>(view: &EntryView<C>) -> String {
    let mut words = vec![text::fold(view.code.as_str())];
    for content in view.revisions.iter().filter_map(|r| r.content.as_ref()) {
        words.extend(content.words().into_iter().map(text::fold));
    }
    words.dedup();
    words.join("\n")
}

impl<C: Viewed> EntryView<C> {
    /// The view as a change of its document.
    pub(super) fn into_change(self, channel: Channel) -> (Key, Document) {
        let key = Key { channel, register: C::REGISTER, code: self.code.clone() };
        (key, C::document(self.into()))
    }
}
