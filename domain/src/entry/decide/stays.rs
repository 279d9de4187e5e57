//! What the law has published stays published: the list of abolished proofs (Art. 5(2)). Three persons may bring a proof back by a law that they name;
//! one alone does not, nor does a list.

use chrono::{DateTime, Utc};

use crate::{
    entry::{Refusal, RefusalKind, State, refusal::in_content},
    register::{Content, is_shown},
};

impl<C: Content> State<C> {
    /// Why the entry cannot cease at a moment, or be out of sight from then on, if it cannot: what is in force then, or is announced for later,
    /// [stays public](Content::stays_public).
    pub fn stays_public_from(&self, from: DateTime<Utc>) -> Option<Refusal> {
        stays(self, from, None).err()
    }
}

/// Nothing that stays public is in force from a moment until another.
pub(super) fn stays<C: Content>(state: &State<C>, from: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Result<(), Refusal> {
    let later = state.timeline.iter().filter(|kept| kept.effective_from > from && until.is_none_or(|until| kept.effective_from < until));
    let Some(kept) = state.in_force_at(from).into_iter().chain(later).find(|kept| kept.content.stays_public()) else { return Ok(()) };
    let name = kept.content.name();
    Err(Refusal::new(
        RefusalKind::AbolishedStays,
        None,
        format!(
            "“{name}”是已取消的证明材料，须持续向社会公开，不能暂停或取消该条目；如依法须重新要求提供，请起草变更、写明法律依据并送审（Art. 5(2)）"
        ),
        format!(
            "{name:?} is an abolished proof and stays on the public list, so it is neither suspended nor repealed; where a law has it asked for \
             again, draft that with the law and submit it (Art. 5(2))"
        ),
    ))
}

/// A content that stays public is published where everybody sees it from a moment on.
pub(super) fn is_public<C: Content>(state: &State<C>, content: &C, from: DateTime<Utc>) -> Result<(), Refusal> {
    if !content.stays_public() {
        return Ok(());
    }
    let refused = |field: Option<&str>, zh: &str, en: &str| Err(Refusal::new(RefusalKind::AbolishedStays, field, zh, en));
    if !is_shown(content) {
        return refused(
            Some(&in_content("openness.attribute")),
            "取消的证明材料须向社会公开，公开属性应为主动公开（Art. 5(2)）",
            "an abolished proof is published, so that its attribute is active (Art. 5(2))",
        );
    }
    if state.repeal.is_some() {
        return refused(
            None,
            "该条目已定将取消，不能在此条目上取消证明材料：取消的证明材料须持续向社会公开（Art. 5(2)）",
            "the entry is about to cease, and an abolished proof stays on the public list: it cannot be abolished here (Art. 5(2))",
        );
    }
    if state.is_suspended_at(from) {
        return refused(
            None,
            "该条目已暂停，取消的证明材料须向社会公开；请先恢复（Art. 5(2)）",
            "the entry is suspended, and an abolished proof is published: resume it first (Art. 5(2))",
        );
    }
    Ok(())
}

/// Nothing of what stays public is taken back by one person, or by a list.
pub(super) fn not_taken_back<C: Content>(before: Option<&C>, content: &C) -> Result<(), Refusal> {
    let Some(field) = before.and_then(|before| before.taken_back(content)) else { return Ok(()) };
    Err(Refusal::new(
        RefusalKind::AbolishedStays,
        Some(&in_content(field)),
        "已取消的证明材料须持续以原名公开；如须重新要求提供或去掉名称，请起草变更并送审（Art. 5(2)）",
        "an abolished proof stays on the public list under all of its names: draft and submit what brings it back or takes a name away (Art. 5(2))",
    ))
}

/// One person alone abolishes nothing: that a proof is abolished is decided by three, and mends nothing that is not accurate (Art. 5(2), Art. 7).
/// What is abolished already is corrected.
pub(super) fn not_abolished_by_one<C: Content>(before: Option<&C>, content: &C) -> Result<(), Refusal> {
    if !content.stays_public() || before.is_some_and(Content::stays_public) {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::NotUrgent,
        Some(&in_content("abolished")),
        "取消证明材料是须经起草、审查、审签的决定，不是对不准确信息的更正；请起草变更并送审（Art. 5(2)、Art. 7）",
        "to abolish a proof is a decision that is drafted, reviewed and approved, and mends nothing that is not accurate: draft and submit it \
         (Art. 5(2), Art. 7)",
    ))
}

/// What stays public by a moment is brought back by a law that the content names, and rests on one from then on.
pub(super) fn comes_back_by_law<C: Content>(state: &State<C>, content: &C, by: DateTime<Utc>) -> Result<(), Refusal> {
    let comes_back = !content.stays_public() && state.timeline.iter().any(|kept| kept.effective_from <= by && kept.content.stays_public());
    if !comes_back || content.rests_on_law() {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::AbolishedStays,
        Some(&in_content("legalBases")),
        "已取消的证明材料，没有法律依据不得重新要求提供；请写明法律依据（Art. 5(2)）",
        "an abolished proof is not asked for again without a law: name the law on which that rests (Art. 5(2))",
    ))
}
