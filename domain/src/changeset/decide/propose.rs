use std::{collections::BTreeSet, sync::Arc};

use super::ground;
use crate::{
    acting::Role,
    changeset::{
        Event, Kind, MAX_MEMBERS, MAX_SET_BYTES, Member, Propose, Proposed, Refusal, RefusalKind, State, Step, in_order, set_hash,
    },
    decider::Circumstances,
};

pub(super) fn decide(state: &State, command: Propose, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
    let Propose { origin, agency, mut members } = command;
    let acting = ground::in_role(circumstances, &[Role::Drafter])?;
    if state.step != Step::Absent {
        ground::there(state, acting)?;
    }
    ground::within(acting, agency.as_ref())?;
    ground::open(state)?;
    ground::words("title", &origin.title)?;
    in_order(&mut members);
    whole(&members)?;
    let hash = set_hash(&members).map_err(|error| unwritable(&error))?;
    if matches!(state.step, Step::Proposed | Step::Reviewed) {
        let same = state.hash == Some(hash) && state.step == Step::Proposed && state.drafters.contains(&acting.person);
        return if same { Ok(Vec::new()) } else { Err(under_review()) };
    }
    Ok(vec![Event::Proposed(Proposed { origin, agency, members: Arc::new(members), hash, by: acting.clone() })])
}

fn under_review() -> Refusal {
    Refusal::new(
        RefusalKind::UnderReview,
        None,
        "变更集正在审查或审签，不能修改；请先撤回，或由审查人、审签人退回",
        "the change set is under review and cannot be changed: withdraw it, or have it returned first",
    )
}

/// There are members, not too many, each entry once, and each of them says what it has to.
fn whole(members: &[Member]) -> Result<(), Refusal> {
    let incomplete = |member: &Member, zh: &str, en: &str| {
        let (register, code) = (member.register, &member.code);
        let (zh, en) = (format!("{}{code}：{zh}", register.zh()), format!("{register} {code}: {en}"));
        Err(Refusal::new(RefusalKind::Incomplete, Some("members"), zh, en))
    };
    if members.is_empty() {
        let (zh, en) = ("变更集没有任何变更，无须提出", "the change set has no members, there is nothing to propose");
        return Err(Refusal::new(RefusalKind::Incomplete, Some("members"), zh, en));
    }
    if members.len() > MAX_MEMBERS {
        return Err(too_large(
            format!("变更集有{}项变更，最多{MAX_MEMBERS}项；请按清单拆分", members.len()),
            format!("the set has {} members, {MAX_MEMBERS} at most: split it by lists", members.len()),
        ));
    }
    let mut seen = BTreeSet::new();
    for member in members {
        if !seen.insert((member.register, &member.code)) {
            return incomplete(member, "出现两次，每个条目只能有一项变更", "it stands in the set twice, an entry is changed once");
        }
        let has_content = member.content_hash.is_some() && member.reason.is_none();
        let fits = match member.kind {
            Kind::New => has_content && member.follows == 0,
            Kind::Changed => has_content && member.follows > 0,
            Kind::Gone => member.content_hash.is_none() && member.follows > 0,
        };
        if !fits {
            return incomplete(member, "变更的种类与内容、版次不符", "its kind does not fit its content and the revision it follows");
        }
        if member.kind == Kind::Gone {
            ground::words("reason", member.reason.as_deref().unwrap_or_default())?;
        }
    }
    let size = serde_json::to_vec(members).map_err(|error| unwritable(&error))?.len();
    if size > MAX_SET_BYTES {
        return Err(too_large(
            format!("变更集共{size}字节，最多{MAX_SET_BYTES}字节；请按清单拆分，或精简取消原因"),
            format!("the set has {size} bytes, {MAX_SET_BYTES} at most: split it by lists, or shorten reasons"),
        ));
    }
    Ok(())
}

fn too_large(zh: String, en: String) -> Refusal {
    Refusal::new(RefusalKind::TooLarge, Some("members"), zh, en)
}

/// Members that have no JSON form; none of ours is of that kind, but the type of the encoder allows for it.
fn unwritable(error: &serde_json::Error) -> Refusal {
    Refusal::new(
        RefusalKind::Incomplete,
        Some("members"),
        "变更集不能写成JSON；请核对各项内容",
        format!("the set cannot be written: {error}"),
    )
}
