//! What has to be there, or must not be, before a verb is asked about its own rules.

use chrono::{DateTime, Utc};

use crate::{
    calendar::{
        ahead::{self, too_late},
        china::spoken,
    },
    entry::{Pending, Published, Refusal, RefusalKind, State},
    value::Hash,
};

/// The entry is published.
pub(super) fn published<C>(state: &State<C>) -> Result<&Published<C>, Refusal> {
    state.latest.as_ref().ok_or_else(|| Refusal::new(RefusalKind::NotFound, None, "没有这个条目", "there is no such entry"))
}

/// The entry was not repealed.
pub(super) fn not_repealed<C>(state: &State<C>) -> Result<(), Refusal> {
    let Some(repeal) = &state.repeal else { return Ok(()) };
    Err(Refusal::new(
        RefusalKind::Repealed,
        None,
        format!("该条目已定取消，自北京时间{}起（“{}”），编码不再使用；重新列入请用新编码", spoken(repeal.effective_from), repeal.reason),
        format!(
            "it was decided that the entry ceases from {} China time on ({:?}); its code is never used again, list it under a new one",
            spoken(repeal.effective_from),
            repeal.reason
        ),
    ))
}

/// The entry has not ceased: what is only announced to cease is shown until then, and can be wrong or impossible until then.
pub(super) fn not_ceased<C>(state: &State<C>, at: DateTime<Utc>) -> Result<(), Refusal> {
    if state.repeal.as_ref().is_some_and(|repeal| repeal.effective_from <= at) { not_repealed(state) } else { Ok(()) }
}

/// There is a draft.
pub(super) fn pending<C>(state: &State<C>) -> Result<&Pending<C>, Refusal> {
    if state.pending.is_none() {
        not_repealed(state)?;
    }
    state.pending.as_ref().ok_or_else(no_draft)
}

pub(super) fn no_draft() -> Refusal {
    Refusal::new(RefusalKind::NoDraft, None, "没有待办的草稿，请先起草", "there is no draft; begin one")
}

/// The draft is still on its way to the openness office.
pub(super) fn not_submitted() -> Refusal {
    Refusal::new(RefusalKind::NotSubmitted, None, "草稿尚未送审", "the draft was not submitted")
}

/// What somebody looked at is what would be published.
pub(super) fn same_content(named: Hash, content_hash: Hash) -> Result<(), Refusal> {
    if named == content_hash {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::ContentChanged,
        Some("contentHash"),
        format!("所指内容（{named}）不是现有内容（{content_hash}）；请重新阅看后办理"),
        format!("the content named ({named}) is not what it says now ({content_hash}); look at it again"),
    ))
}

/// Nothing was published since the draft was written: it would undo what it does not know of.
pub(super) fn up_to_date<C>(state: &State<C>, pending: &Pending<C>) -> Result<(), Refusal> {
    if pending.based_on == state.revisions {
        return Ok(());
    }
    let (base, now) = (pending.based_on, state.revisions);
    Err(Refusal::new(
        RefusalKind::DraftOutdated,
        None,
        format!("草稿基于第{base}版，现已发布第{now}版；请据此修改草稿后再办理"),
        format!("the draft follows revision {base}, and revision {now} was published since: revise it by that one"),
    ))
}

/// A revision follows the one that comes into force last.
pub(super) fn after_latest<C>(state: &State<C>, effective_from: DateTime<Utc>) -> Result<(), Refusal> {
    follows(state.latest.as_ref(), effective_from)
}

/// The same of what an announced reform follows: what it makes of the one before is made anew (Art. 5(1)).
pub(super) fn after_last_decided<C>(state: &State<C>, effective_from: DateTime<Utc>) -> Result<(), Refusal> {
    follows(state.last_decided(), effective_from)
}

fn follows<C>(before: Option<&Published<C>>, effective_from: DateTime<Utc>) -> Result<(), Refusal> {
    match before {
        Some(before) if effective_from < before.effective_from => Err(Refusal::new(
            RefusalKind::EffectiveTooEarly,
            Some("effectiveFrom"),
            format!("实施时间北京时间{}早于现有版本的{}，请给出更晚的实施时间", spoken(effective_from), spoken(before.effective_from)),
            format!(
                "it would take effect at {} China time, before the revision it follows ({}); give a later time",
                spoken(effective_from),
                spoken(before.effective_from)
            ),
        )),
        _ => Ok(()),
    }
}

/// Nothing is decided for a time that is past: nobody could have seen it (Art. 10(2)). What was decided of a change set may reach a member
/// when its time has come already.
pub(super) fn not_in_past(field: &str, at: DateTime<Utc>, decided_at: DateTime<Utc>) -> Result<(), Refusal> {
    if at >= decided_at { Ok(()) } else { Err(past(field, at, decided_at)) }
}

/// What ends does so later.
pub(super) fn later(field: &str, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
    if at > now { Ok(()) } else { Err(past(field, at, now)) }
}

/// Nothing is announced for a time that nobody meant: with a mistyped year no revision could follow it.
pub(super) fn not_too_late(field: &str, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
    too_late(at, now).map_or(Ok(()), |(zh, en)| Err(Refusal::new(RefusalKind::EffectiveTooLate, Some(field), zh, en)))
}

fn past(field: &str, at: DateTime<Utc>, now: DateTime<Utc>) -> Refusal {
    let (zh, en) = ahead::past(at, now);
    Refusal::new(RefusalKind::EffectiveInPast, Some(field), zh, en)
}
