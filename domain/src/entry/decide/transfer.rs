use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    content::{self, can_be_kept, hash},
    ground, persons,
};
use crate::{
    acting::{Acting, Role},
    calendar::china::spoken,
    decider::Circumstances,
    entry::{Event, Published, Refusal, RefusalKind, State, Transfer, Transferred},
    register::{Content, Reformed},
};

/// One revision for what is in force on the day of the reform, and one for each that is published for later: else what is upcoming
/// would bring the entry back.
pub(super) fn decide<C: Content>(state: &State<C>, command: &Transfer, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let by = decided_by(circumstances)?;
    ground::published(state)?;
    // What ceases later is in force until then, and somebody has to answer for it.
    if state.repeal.as_ref().is_some_and(|repeal| repeal.effective_from <= command.effective_from) {
        ground::not_repealed(state)?;
    }
    content::document(&command.document)?;
    let mut events = Vec::new();
    for (from, kept) in touched(state, command.effective_from) {
        let content = match kept.content.reformed(&command.handover) {
            Reformed::To(content) => content,
            Reformed::AlreadySo => continue,
            Reformed::NotConcerned => return Err(not_concerned(kept, from)),
        };
        can_be_kept(&content)?;
        let content_hash = hash(&content)?;
        events.push(Event::Transferred(Transferred {
            revision: state.revisions + u32::try_from(events.len()).unwrap_or(u32::MAX).saturating_add(1),
            content: Arc::new(content),
            content_hash,
            effective_from: from,
            document: command.document.clone(),
            reform: command.reform,
            handover: command.handover.clone(),
            by: by.cloned(),
        }));
    }
    if !events.is_empty() {
        let begun = command.begun_at.map_or(circumstances.now, |at| at.min(circumstances.now));
        ground::not_in_past("effectiveFrom", command.effective_from, begun)?;
        ground::not_too_late("effectiveFrom", command.effective_from, begun)?;
    }
    Ok(events)
}

/// The city decides it by its document. Its approver may give it, and the command line of the register, but no agency: neither gives
/// away what is not its own to give, nor takes what is another's (Art. 5(1)).
fn decided_by(circumstances: &Circumstances) -> Result<Option<&Acting>, Refusal> {
    if circumstances.capacity.takes_over() {
        return Ok(None);
    }
    let acting = persons::in_role(circumstances, &[Role::Approver])?;
    persons::for_the_city(acting)?;
    Ok(Some(acting))
}

/// The revision in force at a moment, from then on, and those that come into force later, each from its own; of two of one moment the
/// one that holds.
fn touched<C>(state: &State<C>, at: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, &Published<C>)> {
    let later = state.timeline.partition_point(|kept| kept.effective_from <= at);
    let (past, later) = state.timeline.split_at(later);
    let holds = |place: &usize| later.get(place + 1).is_none_or(|next| next.effective_from != later[*place].effective_from);
    let later = (0..later.len()).filter(holds).map(|place| (later[place].effective_from, &later[place])).collect::<Vec<_>>();
    past.last().map(|kept| (at, kept)).into_iter().chain(later)
}

fn not_concerned<C: Content>(kept: &Published<C>, from: DateTime<Utc>) -> Refusal {
    let (zh, en) = match kept.content.agency() {
        Some(agency) => (format!("属于机构{agency}"), format!("is of agency {agency}")),
        None => ("不属于移交的机构".to_owned(), "is not of the agency that hands over".to_owned()),
    };
    Refusal::new(
        RefusalKind::NotOfAgency,
        None,
        format!("该条目自北京时间{}起{zh}（第{}版），不能从原机构划出；请核对方案", spoken(from), kept.revision),
        format!(
            "from {} China time on the entry {en} (revision {}), so it cannot be handed over: check the plan",
            spoken(from),
            kept.revision
        ),
    )
}
