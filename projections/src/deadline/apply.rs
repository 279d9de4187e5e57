//! What an event of an entry begins, and what it fulfils.
//!
//! | | begins with | is fulfilled by |
//! |---|---|---|
//! | a revision was approved (Art. 10(2)) | whatever publishes a revision that reaches the channels; see [`super::set`] for what has not reached its entry yet | the receipts of both channels, of it or of what took its place; it rests or ends while there is nothing to show |
//! | information was formed or changed (Art. 8(2)) | the date of the document by which a list says it; else the first submission of a draft | its publication |
//! | an inaccuracy was reported (Art. 7) | the report | a revision that says something else where it was not right, the end of the entry, a dismissal |

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    calendar::china,
    codec::Registered,
    deadline::{Act, Done, Occasion},
    entry::{Adopted, Drafted, Event, Publication, Repealed},
    inaccuracy,
    register::Register,
};

use super::{
    entry::{self, kept, reaches},
    occurred::{Occurred, Occurrence},
    set,
};
use crate::happened::Happened;

pub(super) fn event<C: Registered>(occurred: &mut Occurred, row: u32, happened: &Happened, event: &Event<C>) {
    let now = happened.metadata.at;
    occurred.rows[row as usize].story.note(&happened.metadata, event);
    set::reached(occurred, row, now, event);
    if let Some(publication) = event.publication() {
        publish(occurred, row, happened, event, &publication);
    }
    match event {
        Event::Drafted(drafted) | Event::Redrafted(drafted) => draft(occurred, row, now, drafted, matches!(event, Event::Drafted(_))),
        Event::Submitted(_) => submit(occurred, row, happened),
        Event::Withdrawn(_) => give_up_draft(occurred, row, now),
        Event::Repealed(Repealed { effective_from, .. }) => {
            give_up_draft(occurred, row, now);
            let ceases = (*effective_from, now);
            occurred.rows[row as usize].repeal = Some(ceases);
            for report in std::mem::take(&mut occurred.rows[row as usize].reports) {
                occurred.act(report, Done { act: Act::Corrected, at: now.max(*effective_from) }, now);
            }
            note_withheld(occurred, row);
            occurred.look_again(row);
        }
        Event::Suspended(_) | Event::Resumed(_) => occurred.look_again(row),
        Event::Adopted(_) | Event::Approved(_) | Event::Corrected(_) | Event::Transferred(_) | Event::Reviewed(_) | Event::Returned(_) => {}
    }
}

fn publish<C: Registered>(occurred: &mut Occurred, row: u32, happened: &Happened, event: &Event<C>, publication: &Publication<'_, C>) {
    let now = happened.metadata.at;
    let kept = kept(publication, now);
    let shown = kept.reaches;
    occurred.rows[row as usize].publish(kept, publication.source.is_some());
    if C::REGISTER == Register::Guide {
        let item = publication.content.refers_to().into_iter().find(|(register, _)| *register == Register::Item);
        occurred.belongs_to(row, item.map(|(_, code)| code));
    }
    note_withheld(occurred, row);
    if shown {
        // The approval is that of the set of which it is a member, however late it was carried to the entry (Art. 10(2)).
        begin(occurred, row, happened, (Occasion::RevisionApproved, happened.metadata.decided()), Some(publication.revision));
    }
    occurred.look_again(row);
    correct(occurred, row, now, event, publication);
    match event {
        Event::Adopted(Adopted { source, .. }) => {
            if let Some(formed) = source.date.filter(|date| shown && counts(occurred, *date)) {
                let trigger = china::first_moment(formed).min(now);
                let number = begin(occurred, row, happened, (Occasion::InformationChanged, trigger), Some(publication.revision));
                occurred.act(number, Done { act: Act::Published, at: now }, now);
            }
        }
        Event::Approved(_) => {
            occurred.rows[row as usize].drafted = None;
            let Some(number) = occurred.rows[row as usize].forming.take() else { return };
            if shown {
                occurred.occurrences[number as usize].revision = Some(publication.revision);
                occurred.act(number, Done { act: Act::Published, at: now }, now);
            } else {
                occurred.give_up(number, now);
            }
        }
        // Published the moment it is decided.
        _ => {}
    }
}

/// What was reported is put right by a revision that says something else there. One that a reform makes says nothing else.
fn correct<C: Registered>(occurred: &mut Occurred, row: u32, now: DateTime<Utc>, event: &Event<C>, publication: &Publication<'_, C>) {
    if matches!(event, Event::Transferred(_)) || occurred.rows[row as usize].reports.is_empty() {
        return;
    }
    let says_else = |number: &u32| {
        let report = occurred.occurrences[*number as usize].report.as_ref();
        report.is_some_and(|report| {
            let says = inaccuracy::said(publication.content.as_ref(), report.path.as_deref());
            says.is_ok_and(|says| says != report.said)
        })
    };
    let (corrected, open): (Vec<u32>, Vec<u32>) = occurred.rows[row as usize].reports.iter().partition(|number| says_else(number));
    occurred.rows[row as usize].reports = open;
    for number in corrected {
        // Until it holds, what is not right is still shown.
        occurred.act(number, Done { act: Act::Corrected, at: now.max(publication.effective_from) }, now);
    }
}

fn draft<C: Registered>(occurred: &mut Occurred, row: u32, now: DateTime<Utc>, drafted: &Drafted<C>, new: bool) {
    let before = occurred.rows[row as usize].drafted.take().filter(|_| !new);
    let date = drafted.source.as_ref().map_or_else(|| before.and_then(|before| before.date), |source| source.date);
    let shown = reaches(&drafted.content, drafted.content_hash);
    let agency = drafted.content.agency().cloned();
    occurred.rows[row as usize].drafted = Some(entry::Drafted { agency, reaches: shown, date });
    // What is not to be public any more need not be published.
    if !shown {
        give_up_draft(occurred, row, now);
    }
}

fn submit(occurred: &mut Occurred, row: u32, happened: &Happened) {
    let entry = &occurred.rows[row as usize];
    let Some(drafted) = entry.drafted.as_ref().filter(|drafted| drafted.reaches && entry.forming.is_none()) else { return };
    let now = happened.metadata.decided();
    let of_document = drafted.date.filter(|date| counts(occurred, *date)).map(china::first_moment);
    let trigger = of_document.map_or(now, |formed| formed.min(now));
    let number = begin(occurred, row, happened, (Occasion::InformationChanged, trigger), None);
    occurred.rows[row as usize].forming = Some(number);
}

fn give_up_draft(occurred: &mut Occurred, row: u32, now: DateTime<Utc>) {
    if let Some(number) = occurred.rows[row as usize].forming.take() {
        occurred.give_up(number, now);
    }
}

/// Whether a document is of the time of this register: what earlier ones said was published elsewhere, in time or not.
fn counts(occurred: &Occurred, date: NaiveDate) -> bool {
    occurred.began.is_some_and(|began| date >= began)
}

fn note_withheld(occurred: &mut Occurred, row: u32) {
    let withheld = occurred.rows[row as usize].withheld();
    occurred.agencies.withhold(row, withheld);
}

fn begin(
    occurred: &mut Occurred,
    row: u32,
    happened: &Happened,
    (occasion, trigger): (Occasion, DateTime<Utc>),
    revision: Option<u32>,
) -> u32 {
    occurred.begin(Occurrence {
        occasion,
        row,
        place: happened.position,
        trigger,
        recorded_at: happened.metadata.at,
        revision,
        acts: Vec::new(),
        report: None,
        void_since: None,
    })
}
