use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    content::{self, can_be_given, can_be_published, hash},
    follow, ground, persons, stays,
};
use crate::{
    acting::{Acting, Role},
    decider::Circumstances,
    entry::{Correct, Corrected, Event, Refusal, RefusalKind, State, refusal::in_content},
    envelope::Code,
    register::{Content, is_shown},
    value::Hash,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Correct<C>, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Correct { content, reason, document, effective_from: asked, beside } = command;
    let acting = persons::in_role(circumstances, &[Role::Approver])?;
    ground::published(state)?;
    let content_hash = hash(&content)?;
    if is_so(state, (content_hash, asked, &reason), acting) {
        return Ok(Vec::new());
    }
    let effective_from = asked.unwrap_or(circumstances.now);
    let answered_by = state.answered_by_at(effective_from).map(Content::agency);
    stays_with_agency(acting, answered_by, content.agency())?;
    persons::answers_for::<C>(acting, state.answered_by_at(effective_from), None)?;
    // What is to cease later is still shown until then, and has to be accurate.
    ground::not_ceased(state, effective_from)?;
    can_be_given(&content)?;
    content::reason(&reason)?;
    document.as_deref().map_or(Ok(()), content::document)?;
    if state.in_force_at(effective_from).is_some_and(|kept| *kept.content == content) {
        return Ok(Vec::new());
    }
    ground::not_in_past("effectiveFrom", effective_from, circumstances.now)?;
    ground::not_too_late("effectiveFrom", effective_from, circumstances.now)?;
    urgent(state, effective_from, circumstances.now)?;
    of_what_is_public(state.in_force_at(effective_from).map(|kept| kept.content.as_ref()), &content)?;
    stays::not_taken_back(state.in_force_at(effective_from).map(|kept| kept.content.as_ref()), &content)?;
    stays::not_abolished_by_one(state.in_force_at(effective_from).map(|kept| kept.content.as_ref()), &content)?;
    stays::comes_back_by_law(state, &content, effective_from)?;
    stays::is_public(state, &content, effective_from)?;
    let content = Arc::new(content);
    can_be_published(&content, content_hash, beside)?;
    let revision = state.revisions + 1;
    let then = follow::made_of(state, (content.as_ref(), effective_from), revision + 1)?;
    let corrected = Corrected { revision, content, content_hash, effective_from, reason, document, by: acting.clone() };
    Ok(std::iter::once(Event::Corrected(corrected)).chain(then).collect())
}

/// One person alone moves no entry: neither gives an agency away what is not its own to give, nor takes the city at once what an agency answers for. That has a
/// document and three persons, or is a reform (Art. 5(1)). Whoever has nothing to do with the entry is told that, and not this.
#[expect(clippy::option_option, reason = "nothing published, the city, an agency")]
fn stays_with_agency(acting: &Acting, before: Option<Option<&Code>>, then: Option<&Code>) -> Result<(), Refusal> {
    let Some(before) = before.filter(|before| *before != then && acting.scope.covers(*before)) else { return Ok(()) };
    let named = |agency: Option<&Code>, of_city: &str| agency.map_or_else(|| of_city.to_owned(), ToString::to_string);
    let [zh, en] = ["市级", "the city"].map(|of_city| (named(before, of_city), named(then, of_city)));
    Err(Refusal::new(
        RefusalKind::AgencyMoved,
        Some(&in_content("agency")),
        format!("更正不能改变实施主体（由{}改为{}）；请起草并送审，由市级审签，或按机构改革划转（Art. 5(1)）", zh.0, zh.1),
        format!(
            "a correction moves no entry to another agency (from {} to {}): draft and submit it, and the city approves it, or hand it over by a reform (Art. 5(1))",
            en.0, en.1
        ),
    ))
}

/// Whether the last thing decided was this very correction; what reforms make of it comes after it.
fn is_so<C>(state: &State<C>, (content_hash, asked, reason): (Hash, Option<DateTime<Utc>>, &str), acting: &Acting) -> bool {
    state.corrections.last().is_some_and(|last| {
        state.timeline.iter().all(|kept| kept.revision <= last.revision || kept.reform.is_some())
            && last.content_hash == content_hash
            && asked.is_none_or(|at| at == last.effective_from)
            && last.said.reason == reason
            && last.said.by == *acting
    })
}

/// One person alone publishes only what cannot wait (Art. 7): it holds at once, or with the upcoming revision that is not accurate.
/// At any other moment before that one it would be a change of its own, and there is time to review it.
fn urgent<C>(state: &State<C>, effective_from: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
    let corrects_one = || state.timeline.iter().any(|published| published.effective_from == effective_from);
    if effective_from <= now || corrects_one() {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::NotUrgent,
        Some("effectiveFrom"),
        "更正须立即生效；以后实施的变更请起草并送审",
        "a correction holds at once: draft and submit what is to hold later",
    ))
}

/// What is public and not accurate is corrected at once (Art. 7). What nobody is shown can wait, and that more is shown than the openness office
/// had passed is for the openness office to decide (Art. 8(1)).
fn of_what_is_public<C: Content>(before: Option<&C>, content: &C) -> Result<(), Refusal> {
    let refused = |field: &str, zh: &str, en: &str| Err(Refusal::new(RefusalKind::NotUrgent, Some(field), zh, en));
    let Some(before) = before else {
        return refused(
            "effectiveFrom",
            "该时间没有已实施的版本，无可更正；请起草并送审",
            "nothing is in force then that could be corrected: draft and submit it",
        );
    };
    if !is_shown(before) {
        return refused(
            &in_content("openness"),
            "现行版本不向社会公开，更正只用于已公开的信息；请起草并送审（Art. 7）",
            "what is in force is not public, and a correction is of public information: draft and submit it (Art. 7)",
        );
    }
    match content.openness().opens(before.openness()) {
        None => Ok(()),
        Some(path) => refused(
            &in_content(path),
            "更正后公开的内容多于现行版本；扩大公开范围须经政务公开工作机构审查，请起草并送审（Art. 7、Art. 8(1)）",
            "more would be shown than is in force: what is opened is reviewed by the openness office first, so draft and submit it (Art. 7, Art. 8(1))",
        ),
    }
}
