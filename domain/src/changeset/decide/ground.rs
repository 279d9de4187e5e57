//! Who may act on a set, and what has to be there before a verb is asked about its own rules.

use crate::{
    acting::{Acting, Capacity, Role},
    changeset::{Refusal, RefusalKind, State, Step},
    decider::Circumstances,
    envelope::Code,
    value::{Hash, names_somebody, personal_words, text},
};

/// Longest reason or title, in characters.
const MAX_WORDS_CHARS: usize = 2_000;

/// The person who acts, in one of these roles.
pub(super) fn in_role<'c>(circumstances: &'c Circumstances, roles: &[Role]) -> Result<&'c Acting, Refusal> {
    if let Capacity::Person(acting) = &circumstances.capacity
        && roles.contains(&acting.role)
    {
        return Ok(acting);
    }
    let words = |word: fn(Role) -> &'static str, between| roles.iter().map(|role| word(*role)).collect::<Vec<_>>().join(between);
    Err(Refusal::new(
        RefusalKind::RoleRequired,
        None,
        format!("须由{}办理", words(Role::zh, "或")),
        format!("it takes a {}", words(Role::en, " or a ")),
    ))
}

/// The set is there, and within the scope of who acts.
pub(super) fn there(state: &State, acting: &Acting) -> Result<(), Refusal> {
    if state.step == Step::Absent {
        return Err(Refusal::new(
            RefusalKind::NotFound,
            Some("code"),
            "没有这个变更集；请核对编码",
            "there is no such change set: check its code",
        ));
    }
    within(acting, state.agency.as_ref())
}

/// Who acts covers what the members belong to.
pub(super) fn within(acting: &Acting, agency: Option<&Code>) -> Result<(), Refusal> {
    if acting.scope.covers(agency) { Ok(()) } else { Err(outside(agency)) }
}

/// Who acts answers for the set: for its very agency, or for the city where no single agency does.
pub(super) fn answers_for(acting: &Acting, state: &State) -> Result<(), Refusal> {
    let of_city = acting.scope == crate::acting::Scope::City;
    if of_city == state.agency.is_none() && acting.scope.covers(state.agency.as_ref()) {
        Ok(())
    } else {
        Err(outside(state.agency.as_ref()))
    }
}

fn outside(agency: Option<&Code>) -> Refusal {
    let (zh, en) = match agency {
        Some(agency) => (
            format!("变更集由机构{agency}负责，须由该机构的人员办理"),
            format!("agency {agency} answers for the set: one of its own has to act"),
        ),
        None => (
            "变更集涉及多个机构或市级统一管理的条目，须由市级人员办理".to_owned(),
            "the set is of several agencies, or of what the city answers for: somebody who acts for the city has to".to_owned(),
        ),
    };
    Refusal::new(RefusalKind::OutsideAgency, None, zh, en)
}

/// The set did not come to its end.
pub(super) fn open(state: &State) -> Result<(), Refusal> {
    match state.step {
        Step::Approved => Err(Refusal::new(
            RefusalKind::Closed,
            None,
            "变更集已审签发布，不能再办理",
            "the change set was approved, nothing more is done with it",
        )),
        Step::Withdrawn => {
            Err(Refusal::new(RefusalKind::Closed, None, "变更集已撤回，请重新提出", "the change set was withdrawn: propose a new one"))
        }
        Step::Absent | Step::Proposed | Step::Returned | Step::Reviewed => Ok(()),
    }
}

/// The set is still with who proposed it.
pub(super) fn not_submitted() -> Refusal {
    Refusal::new(RefusalKind::NotSubmitted, None, "变更集已退回，尚未重新送审", "the change set was returned and not submitted again")
}

/// What somebody looked at is what the set says.
pub(super) fn same_set(named: Hash, state: &State) -> Result<(), Refusal> {
    if state.hash == Some(named) {
        return Ok(());
    }
    let now = state.hash.map(|hash| hash.to_string()).unwrap_or_default();
    Err(Refusal::new(
        RefusalKind::SetChanged,
        Some("hash"),
        format!("所指变更集（{named}）不是现有的（{now}）；请重新阅看后办理"),
        format!("the set named ({named}) is not what it says now ({now}); look at it again"),
    ))
}

/// Who acts did not propose the set.
pub(super) fn is_not_drafter(acting: &Acting, state: &State) -> Result<(), Refusal> {
    if acting.person.is_any(&state.drafters) { Err(same("承办人", "proposed it")) } else { Ok(()) }
}

/// Who acts did not review the set.
pub(super) fn is_not_reviewer(acting: &Acting, state: &State) -> Result<(), Refusal> {
    if acting.person.is_any(&state.reviewer) { Err(same("审查人", "reviewed it")) } else { Ok(()) }
}

fn same(zh: &str, en: &str) -> Refusal {
    Refusal::new(
        RefusalKind::SamePerson,
        None,
        format!("承办、审查、审签须为三人；办理人就是{zh}，请由他人办理（同一人的不同账号仍为一人）"),
        format!("drafter, reviewer and approver are three persons: this one {en}, under whatever account; somebody else has to act"),
    )
}

/// Words are given, and are no treatise.
pub(super) fn words(field: &str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        let (zh, en) = (format!("缺少{}，请补充", zh_of(field)), format!("{field} is missing, please give it"));
        return Err(Refusal::new(RefusalKind::Incomplete, Some(field), zh, en));
    }
    if let Some(sign) = text::unprintable(text) {
        let (zh, en) = text::unprintable_words(field, sign);
        return Err(Refusal::new(RefusalKind::Invalid, Some(field), zh, en));
    }
    // What is public of a set are its reasons and its document; its title is what the list is called.
    if field != "title" && names_somebody(text) {
        let (zh, en) = personal_words(zh_of(field), field);
        return Err(Refusal::new(RefusalKind::PersonalData, Some(field), zh, en));
    }
    let length = text.chars().count();
    if length > MAX_WORDS_CHARS {
        return Err(Refusal::new(
            RefusalKind::TooLarge,
            Some(field),
            format!("{}共{length}个字符，最多{MAX_WORDS_CHARS}个；请精简", zh_of(field)),
            format!("{field} has {length} characters, {MAX_WORDS_CHARS} at most; shorten it"),
        ));
    }
    Ok(())
}

/// What a field is called in Chinese.
fn zh_of(field: &str) -> &str {
    match field {
        "documentNumber" => "文号",
        "reason" => "原因",
        "title" => "标题",
        other => other,
    }
}
