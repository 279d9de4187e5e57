//! What every register has in common: an event of an entry changes the entry's own document.

use domain::{
    entry::{Event, Publication, RepealNotice, Repealed, Suspended, SuspensionNotice},
    register::on_channel,
    value::{Hash, text},
};

use super::working::{Side, Working};
use crate::{
    document::{EntryView, RevisionView, Viewed},
    happened::Happened,
    term::Indexed,
};

/// Brings the view of an entry to its state after an event of the entry.
pub(super) fn apply<C: Viewed + Indexed>(happened: &Happened, event: &Event<C>, side: Side, working: &mut Working) {
    let begin = || EntryView::empty(happened.code.clone(), happened.metadata.at, happened.position);
    let Some(view) = working.change::<C>(&happened.code, side, begin) else { return };
    // Clocks may go back between two events; what was known to be past stays past.
    view.recorded_at = view.recorded_at.max(happened.metadata.at);
    view.position = happened.position;
    if let Some(publication) = event.publication() {
        publish(view, &publication, happened, side);
    }
    match event {
        Event::Suspended(Suspended { effective_from, until, reason, .. }) => {
            view.suspension = Some(SuspensionNotice { effective_from: *effective_from, until: *until, reason: reason.clone() });
        }
        Event::Resumed(_) => view.suspension = None,
        Event::Repealed(Repealed { effective_from, reason, document, replaced_by, .. }) => {
            view.repeal = Some(RepealNotice {
                effective_from: *effective_from,
                reason: reason.clone(),
                document: document.clone(),
                replaced_by: replaced_by.clone(),
            });
        }
        // Published above, or nothing that a channel shows.
        Event::Adopted(_)
        | Event::Approved(_)
        | Event::Corrected(_)
        | Event::Transferred(_)
        | Event::Drafted(_)
        | Event::Redrafted(_)
        | Event::Submitted(_)
        | Event::Reviewed(_)
        | Event::Returned(_)
        | Event::Withdrawn(_) => {}
    }
}

fn publish<C: Viewed + Indexed>(view: &mut EntryView<C>, publication: &Publication<'_, C>, happened: &Happened, side: Side) {
    let shown = on_channel(publication.content, publication.content_hash, side.channel());
    // Of what reaches no channel only the time is kept. Its hash would let anyone check a guess at it, and its source says where
    // to look.
    let open = shown.is_some();
    let (content, content_hash) = shown.map_or((None, Hash::of_bytes(b"")), |s| (Some(s.content), s.shared_hash));
    let revision = RevisionView {
        number: publication.revision,
        content,
        content_hash,
        effective_from: publication.effective_from,
        approved_at: happened.metadata.at,
        document_number: publication.document.filter(|_| open).map(str::to_owned),
        source: publication.source.filter(|_| open).cloned(),
        gate: None,
    };
    // A correction of what is in force comes before what is upcoming; of two of one moment the later holds.
    let place = view.revisions.partition_point(|r| r.effective_from <= revision.effective_from);
    view.revisions.insert(place, revision);
    // Revisions that were superseded when this one was recorded are history, and history is read from the log.
    let in_force = view.revisions.iter().rposition(|r| r.effective_from <= view.recorded_at).unwrap_or(0);
    view.revisions.drain(..in_force);
    view.words = words(view);
}

/// The names of all revisions of the view, and its code, folded for comparison.
fn words<C: Viewed + Indexed>(view: &EntryView<C>) -> String {
    let mut lines = String::with_capacity(view.code.as_str().len() + 48);
    text::fold_into(view.code.as_str(), &mut lines);
    let mut before = 0;
    for content in view.revisions.iter().filter_map(|r| r.content.as_ref()) {
        content.words(&mut |word| {
            let start = lines.len() + 1;
            lines.push('\n');
            text::fold_into(word, &mut lines);
            // The same name again, as of the next revision, says nothing new.
            if lines[before..start - 1] == lines[start..] {
                lines.truncate(start - 1);
            } else {
                before = start;
            }
        });
    }
    lines
}
