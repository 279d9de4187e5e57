use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    content::{can_be_given, hash},
    follow::made_of,
    ground::{after_last_decided, not_repealed, not_too_late},
    stays,
};
use crate::{
    calendar::china::spoken,
    decider::Circumstances,
    entry::{Adopt, Adopted, Event, Refusal, RefusalKind, State, is_older_edition},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Adopt<C>, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Adopt { content, source, effective_from } = command;
    let source = Arc::new(source);
    if !circumstances.capacity.takes_over() {
        return Err(for_lists_only());
    }
    let at = effective_from.unwrap_or(circumstances.now);
    let content = state.followed_at(content, at);
    content.complete()?;
    not_too_late("effectiveFrom", at, circumstances.now)?;
    not_ceasing(state, at)?;
    let content_hash = hash(&content)?;
    let Some(latest) = &state.latest else {
        if state.is_kept_here() {
            return Err(kept_here());
        }
        can_be_given(&content)?;
        return Ok(vec![Event::Adopted(Adopted { revision: 1, content: Arc::new(content), content_hash, effective_from: at, source })]);
    };
    if *latest.content == state.followed(content.clone()) {
        // Already so, even if an older or newer edition says it again. Contents are compared and not their hashes: the hash of
        // an event in an old form is that of the old form.
        return Ok(Vec::new());
    }
    if effective_from.is_none() && state.in_force_at(circumstances.now).is_some_and(|kept| *kept.content == content) {
        // Already so until what is announced comes into force: the list says what holds now, and takes nothing of that back.
        return Ok(Vec::new());
    }
    if state.is_kept_here() {
        return Err(kept_here());
    }
    if let (Some(kept), Some(offered)) = (&latest.source.edition, &source.edition)
        && is_older_edition(offered, kept)
    {
        return Err(Refusal::new(
            RefusalKind::OlderEdition,
            Some("source.edition"),
            format!("登记册已有{kept}版，不能以{offered}版覆盖"),
            format!("the register already keeps edition {kept}; edition {offered} cannot replace it"),
        ));
    }
    // What is so already is not refused: it may have come before there was this limit.
    can_be_given(&content)?;
    after_last_decided(state, at)?;
    stays::not_taken_back(state.last_content(), &content)?;
    stays::is_public(state, &content, at)?;
    let revision = state.revisions + 1;
    let then = made_of(state, (&content, at), revision + 1)?;
    let adopted = Adopted { revision, content: Arc::new(content), content_hash, effective_from: at, source };
    Ok(std::iter::once(Event::Adopted(adopted)).chain(then).collect())
}

/// The entry was not repealed, nor is that announced: what was decided is not taken back by a list, which may not know of it (Art. 10(2)).
fn not_ceasing<C: Content>(state: &State<C>, at: DateTime<Utc>) -> Result<(), Refusal> {
    let Some(repeal) = state.repeal.as_ref().filter(|repeal| repeal.effective_from > at) else { return not_repealed(state) };
    let (from, reason) = (spoken(repeal.effective_from), &repeal.reason);
    Err(Refusal::new(
        RefusalKind::Repealed,
        None,
        format!(
            "该条目已定于北京时间{from}取消（“{reason}”），清单不能在此之前改动；如仍须列入，请在该时间以后再导入，将另立条目（Art. 10(2)）"
        ),
        format!(
            "the entry ceases from {from} China time on ({reason:?}), which a list does not change: where it is to stay listed, import the list again \
             after that, and it becomes a new entry (Art. 10(2))"
        ),
    ))
}

/// A list says what was so elsewhere; what was decided here since is not undone by it without anybody looking (Art. 7).
pub(super) fn kept_here() -> Refusal {
    Refusal::new(
        RefusalKind::KeptHere,
        None,
        "该条目已在本登记册起草或审签，不由导入的清单改动；请起草变更并送审",
        "the entry is drafted or was approved here, a list that is imported does not change it: draft the change and submit it",
    )
}

/// Adoption passes by review and approval, and so is nobody's to choose.
fn for_lists_only() -> Refusal {
    Refusal::new(
        RefusalKind::RoleRequired,
        None,
        "承接既有清单只能由导入办理；请起草变更并送审",
        "adoption is for the import of lists in force: draft the change and submit it",
    )
}
