//! Who may do it: role, agency, and three different persons (Art. 7, Art. 8(1)). Role and agency are looked at before anything
//! else, so that who may not act learns nothing of drafts.

use crate::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    decider::Circumstances,
    entry::{Refusal, RefusalKind, State, refusal::in_content},
    envelope::Code,
    register::Content,
};

/// The person who acts, in one of these roles.
pub(super) fn in_role<'c>(circumstances: &'c Circumstances, roles: &[Role]) -> Result<&'c Acting, Refusal> {
    circumstances.capacity.acting().filter(|acting| roles.contains(&acting.role)).ok_or_else(|| {
        let words = |word: fn(Role) -> &'static str, between| roles.iter().map(|role| word(*role)).collect::<Vec<_>>().join(between);
        Refusal::new(
            RefusalKind::RoleRequired,
            None,
            format!("须由{}办理", words(Role::zh, "或")),
            format!("it takes a {}", words(Role::en, " or a ")),
        )
    })
}

/// It is within the scope of who acts.
pub(super) fn within(acting: &Acting, agency: Option<&Code>) -> Result<(), Refusal> {
    if acting.scope.covers(agency) { Ok(()) } else { Err(outside(agency)) }
}

/// The work on a draft is within the scope of who acts. Of an entry that is not published nobody else learns that it is drafted.
pub(super) fn within_draft<C: Content>(acting: &Acting, state: &State<C>) -> Result<(), Refusal> {
    match state.agency() {
        Some(agency) if !acting.scope.covers(agency) && state.latest.is_none() => Err(super::ground::no_draft()),
        Some(agency) => within(acting, agency),
        None => Ok(()),
    }
}

/// Who acts answers for the entry: for its very agency, or for the city where no single agency does. A content that moves the
/// entry from one agency to another is approved for the city (Art. 5(1)): neither gives away what is not its own to give, nor
/// takes what is another's.
///
/// `published` is what is in force when the command holds: until the day of a reform the agency that hands over answers.
///
/// The city also answers for each member of a change set that is of several agencies: their approvers could only publish a part of it,
/// and what is issued is one document of the city.
pub(super) fn may_answer_for<C: Content>(
    circumstances: &Circumstances,
    acting: &Acting,
    published: Option<&C>,
    content: Option<&C>,
) -> Result<(), Refusal> {
    if matches!(&circumstances.capacity, Capacity::OfSet(of) if of.is_of_city()) && acting.scope == Scope::City {
        return Ok(());
    }
    answers_for(acting, published, content)
}

/// The same for whoever acts on the entry alone.
pub(super) fn answers_for<C: Content>(acting: &Acting, published: Option<&C>, content: Option<&C>) -> Result<(), Refusal> {
    let published = published.map(Content::agency);
    let then = content.map(Content::agency);
    let agency = match (published, then) {
        (Some(now), Some(then)) if now != then => {
            return if acting.scope == Scope::City { Ok(()) } else { Err(moves()) };
        }
        (now, then) => then.or(now).flatten(),
    };
    if acting.scope.is_of(agency) { Ok(()) } else { Err(outside(agency)) }
}

/// Who acts does so for the city.
pub(super) fn for_the_city(acting: &Acting) -> Result<(), Refusal> {
    if acting.scope == Scope::City { Ok(()) } else { Err(outside(None)) }
}

/// Who acts is none of those who drafted.
pub(super) fn is_not_drafter<'p>(acting: &Acting, drafters: impl IntoIterator<Item = &'p PersonId>) -> Result<(), Refusal> {
    if acting.person.is_any(drafters) {
        return Err(same("承办人", "drafted it"));
    }
    Ok(())
}

/// Who acts did not review.
pub(super) fn is_not_reviewer(acting: &Acting, reviewer: &PersonId) -> Result<(), Refusal> {
    if acting.person.is(reviewer) { Err(same("审查人", "reviewed it")) } else { Ok(()) }
}

/// Who acts did not publish it.
pub(super) fn is_not_corrector(acting: &Acting, corrector: &PersonId) -> Result<(), Refusal> {
    if acting.person.is(corrector) { Err(same("更正人", "corrected it")) } else { Ok(()) }
}

fn same(zh: &str, en: &str) -> Refusal {
    Refusal::new(
        RefusalKind::SamePerson,
        None,
        format!("承办、审查、审签须为三人；办理人就是{zh}，请由他人办理（同一人的不同账号仍为一人）"),
        format!("drafter, reviewer and approver are three persons: this one {en}, under whatever account; somebody else has to act"),
    )
}

/// What is drafted moves the entry, and that is for the city to approve.
fn moves() -> Refusal {
    Refusal::new(
        RefusalKind::OutsideAgency,
        Some(&in_content("agency")),
        "该变更改变实施主体，须由市级审签人办理（Art. 5(1)）",
        "what is drafted moves the entry to another agency: an approver of the city has to act (Art. 5(1))",
    )
}

fn outside(agency: Option<&Code>) -> Refusal {
    let (zh, en) = match agency {
        Some(agency) => (format!("须由机构{agency}的人员办理"), format!("agency {agency} answers for it: one of its own has to act")),
        None => (
            "该条目由市级统一管理，须由市级人员办理".to_owned(),
            "the city answers for it: somebody who acts for the city has to".to_owned(),
        ),
    };
    Refusal::new(RefusalKind::OutsideAgency, None, zh, en)
}
