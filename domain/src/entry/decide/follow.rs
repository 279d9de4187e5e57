//! What is published before the day of a reform is not undone on that day: what the reform makes of it is made anew (Art. 5(1), Art. 7).

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::content::{can_be_kept, hash};
use crate::{
    calendar::china::spoken,
    entry::{Event, Refusal, RefusalKind, State, Transferred, reforms::Reform},
    register::{Content, Reformed},
};

/// The revisions that announced reforms make of a content which holds from a moment on; the first has the number `revision`. What was
/// decided for itself for a later moment stays as it is, and so does whatever follows from that. Nobody gives the reforms anew: they are
/// by whoever gave them.
pub(super) fn made_of<C: Content>(state: &State<C>, (content, from): (&C, DateTime<Utc>), revision: u32) -> Result<Vec<Event<C>>, Refusal> {
    let (mut said, mut events) = (content.clone(), Vec::new());
    for revisions in state.made_of_it_after(from) {
        let mut applied: Vec<&Reform> = Vec::new();
        for reform in revisions.iter().filter_map(|kept| kept.reform.as_deref()) {
            if applied.iter().any(|known| known.id == reform.id && known.handover == reform.handover) {
                continue;
            }
            applied.push(reform);
            if let Reformed::To(then) = said.reformed(&reform.handover) {
                said = then;
            }
        }
        let (Some(reform), Some(holds)) = (applied.last(), revisions.last()) else { continue };
        if said.agency() != holds.content.agency() {
            return Err(not_of_reform(&said, reform));
        }
        if *holds.content == said {
            continue;
        }
        can_be_kept(&said)?;
        events.push(Event::Transferred(Transferred {
            revision: revision + u32::try_from(events.len()).unwrap_or(u32::MAX),
            content_hash: hash(&said)?,
            content: Arc::new(said.clone()),
            effective_from: holds.effective_from,
            document: reform.document.clone(),
            reform: reform.id,
            handover: reform.handover.clone(),
            by: reform.by.clone(),
        }));
    }
    Ok(events)
}

fn not_of_reform<C: Content>(content: &C, reform: &Reform) -> Refusal {
    let (day, document) = (spoken(reform.effective_from), &reform.document);
    let (zh, en) = match content.agency() {
        Some(agency) => (format!("属于机构{agency}"), format!("is of agency {agency}")),
        None => ("不属于移交的机构".to_owned(), "is not of the agency that hands over".to_owned()),
    };
    Refusal::new(
        RefusalKind::NotOfAgency,
        None,
        format!("该条目将于北京时间{day}按“{document}”划转，而所给内容{zh}，届时不能一并划转；请先更正届时实施的版本"),
        format!(
            "{document:?} hands the entry over at {day} China time, and the content given {en}, so it cannot follow: correct first what holds from then on"
        ),
    )
}
