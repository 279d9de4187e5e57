//! What every register has in common: an event of an entry changes the entry's own document.

use chrono::{DateTime, Utc};
use domain::{
    entry::{Event, Publication, RepealNotice, Repealed, Resumed, Suspended, SuspensionNotice},
    register::{OnChannel, on_channel},
    value::{Channel, Hash, text},
};

use super::working::{Side, Working};
use crate::{
    document::{EntryView, RevisionView, Viewed},
    happened::Happened,
    term::Indexed,
    withheld::Withheld,
};

/// What each channel shows of a content, by the order of [`Channel::ALL`], if that is known.
pub(super) type Cut<'c, C> = Option<&'c [OnChannel<C>; Channel::ALL.len()]>;

/// Brings the view of an entry to its state after an event of the entry.
pub(super) fn apply<C: Viewed + Indexed>(happened: &Happened, event: &Event<C>, cut: Cut<'_, C>, side: Side, working: &mut Working) {
    let (recorded_at, horizon) = (working.recorded_at(happened), working.horizon());
    let withheld = working.withheld(|| happened.entry());
    let begin = || EntryView::empty(happened.code.clone(), recorded_at, happened.position);
    let Some(view) = working.change::<C>(&happened.code, side, begin) else { return };
    // Clocks may go back between two events; what was known to be past stays past.
    view.recorded_at = view.recorded_at.max(recorded_at);
    view.position = happened.position;
    if let Some(publication) = event.publication() {
        publish(view, &publication, cut, happened, (side, withheld.as_ref()));
    }
    match event {
        Event::Suspended(Suspended { effective_from, until, reason, .. }) => {
            let notice = SuspensionNotice { effective_from: *effective_from, until: *until, reason: reason.clone() };
            view.suspension = suspended(view.suspension.take(), notice, horizon);
        }
        Event::Resumed(Resumed { effective_from, .. }) => view.suspension = resumed(view.suspension.take(), *effective_from, horizon),
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

/// The suspension that counts after a further one was decided: the last, unless the view is asked about an earlier moment.
fn suspended(before: Option<SuspensionNotice>, notice: SuspensionNotice, horizon: Option<DateTime<Utc>>) -> Option<SuspensionNotice> {
    match horizon {
        Some(horizon) if notice.effective_from > horizon => before,
        _ => Some(notice),
    }
}

/// What is left of a suspension that was ended: nothing, unless the view is asked about a moment at which it held.
fn resumed(before: Option<SuspensionNotice>, at: DateTime<Utc>, horizon: Option<DateTime<Utc>>) -> Option<SuspensionNotice> {
    let before = before.filter(|_| horizon.is_some_and(|horizon| horizon < at))?;
    let until = Some(before.until.map_or(at, |until| until.min(at)));
    Some(SuspensionNotice { until, ..before })
}

fn publish<C: Viewed + Indexed>(
    view: &mut EntryView<C>,
    publication: &Publication<'_, C>,
    cut: Cut<'_, C>,
    happened: &Happened,
    (side, withheld): (Side, Option<&Withheld>),
) {
    let shown = match cut {
        Some(cut) => Some(cut[side.channel() as usize].clone()),
        None => on_channel(publication.content, publication.content_hash, side.channel()),
    };
    let shown = shown.map(|shown| (shown.content, shown.shared_hash));
    // The hash stays that of what was shown: receipts and evidence name it.
    let shown = match withheld {
        None => shown.map(|(content, hash)| (content, hash, Vec::new())),
        Some(withheld) => shown.and_then(|(content, hash)| {
            let (content, since) = withheld.cut(content, publication.effective_from)?;
            Some((content, hash, since))
        }),
    };
    // Of what reaches no channel only the time is kept. Its hash would let anyone check a guess at it, and its source says where
    // to look.
    let open = shown.is_some();
    let (content, content_hash, withheld_since) =
        shown.map_or((None, Hash::of_bytes(b""), Vec::new()), |(content, hash, since)| (Some(content), hash, since));
    let revision = RevisionView {
        number: publication.revision,
        content,
        content_hash,
        effective_from: publication.effective_from,
        approved_at: happened.metadata.decided(),
        document_number: publication.document.filter(|_| open).map(str::to_owned),
        source: publication.source.filter(|_| open).cloned(),
        withheld_since,
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
