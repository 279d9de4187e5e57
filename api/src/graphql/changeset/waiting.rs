use async_graphql::{Enum, SimpleObject};
use domain::{
    acting::Role,
    changeset::{State, Step},
};
use futures::{StreamExt, stream};
use journal::{Journal, LoadError};

use super::{
    super::{
        entry::Viewer,
        error::{Failure, failure},
    },
    waits_for,
};
use crate::{
    auth::Caller,
    registrar::changeset::{LoadedSet, tell_member},
};

/// Members that are read at once.
const AT_ONCE: usize = 32;

/// For what a change set waits of whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Wait {
    /// They may review it.
    Review,
    /// They may approve it.
    Approval,
    /// They may propose it again, or withdraw it.
    Proposal,
    /// They may return it and nothing else: not all of its members stand.
    Return,
    /// It is somebody else's turn.
    Others,
    /// It would be their turn, and they proposed or reviewed it.
    SamePerson,
    /// Nothing: it came to its end.
    Ended,
}

/// Why a change set waits for whoever asks, or why it does not.
#[derive(Debug, Clone, SimpleObject)]
pub struct ChangeSetWaiting {
    /// For what it waits of whoever asks.
    pub wait: Wait,
    /// The first member that keeps it from review and approval: register and code.
    pub member: Option<String>,
    /// Why, in Chinese.
    pub message: String,
    /// Why, in English.
    pub message_en: String,
}

impl ChangeSetWaiting {
    fn new(wait: Wait, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { wait, member: None, message: zh.into(), message_en: en.into() }
    }
}

/// Why a set waits for whoever asks, or why it does not.
pub(super) async fn of(journal: &dyn Journal, viewer: &Viewer, set: &LoadedSet) -> async_graphql::Result<ChangeSetWaiting> {
    let mut waiting = of_person(viewer.caller.as_deref(), &set.state);
    if matches!(set.state.step, Step::Proposed | Step::Reviewed) {
        let fallen = first_fallen(journal, set).await.map_err(|error| {
            tracing::error!(%error, "the members of a change set cannot be read");
            failure(Failure::Unavailable, "变更集暂时无法读取，请稍后再试 / the change set cannot be read at present; try again shortly")
        })?;
        if let Some((member, (zh, en))) = fallen {
            if matches!(waiting.wait, Wait::Review | Wait::Approval) {
                waiting = ChangeSetWaiting::new(
                    Wait::Return,
                    "有成员现状不符，变更集不能审查或审签，只能退回",
                    "a member does not stand: the set can be returned, and neither reviewed nor approved",
                );
            }
            waiting.message = format!("{}；{member}：{zh}", waiting.message);
            waiting.message_en = format!("{}; {member}: {en}", waiting.message_en);
            waiting.member = Some(member);
        }
    }
    Ok(waiting)
}

/// The first member that does not stand, and what is wrong with it.
async fn first_fallen(journal: &dyn Journal, set: &LoadedSet) -> Result<Option<(String, (&'static str, &'static str))>, LoadError> {
    let mut told = stream::iter(set.state.members.iter().cloned())
        .map(|member| async move { (tell_member(journal, set, &member).await, member) })
        .buffered(AT_ONCE);
    while let Some((told, member)) = told.next().await {
        if let Some(words) = told?.standing.words() {
            return Ok(Some((format!("{} {}", member.register, member.code), words)));
        }
    }
    Ok(None)
}

/// What a person may do with a set, whatever became of its members.
fn of_person(caller: Option<&Caller>, state: &State) -> ChangeSetWaiting {
    let mine = caller.is_some_and(|caller| waits_for(caller, state));
    let holds = |role| caller.is_some_and(|caller| caller.acting(role, state.agency.as_ref()).is_some());
    let drafted = caller.is_some_and(|caller| caller.person().is_any(&state.drafters));
    let reviewed = caller.is_some_and(|caller| caller.person().is_any(&state.reviewer));
    match (state.step, mine) {
        (Step::Proposed, true) => ChangeSetWaiting::new(Wait::Review, "已送审，待您审查", "it was proposed, and waits for your review"),
        (Step::Reviewed, true) => ChangeSetWaiting::new(Wait::Approval, "已审查，待您审签", "it was reviewed, and waits for your approval"),
        (Step::Returned, true) => {
            ChangeSetWaiting::new(Wait::Proposal, "已退回，待您重新提出或撤回", "it was returned: propose it again or withdraw it")
        }
        (Step::Proposed, false) if holds(Role::Reviewer) && drafted => {
            ChangeSetWaiting::new(Wait::SamePerson, "您是承办人，须由他人审查", "you proposed it: somebody else has to review it")
        }
        (Step::Reviewed, false) if holds(Role::Approver) && (drafted || reviewed) => ChangeSetWaiting::new(
            Wait::SamePerson,
            "您已承办或审查，须由他人审签",
            "you proposed or reviewed it: somebody else has to approve it",
        ),
        (Step::Proposed, false) => {
            ChangeSetWaiting::new(Wait::Others, "待政务公开工作机构审查人审查", "it waits for a reviewer of the openness office")
        }
        (Step::Reviewed, false) => match &state.agency {
            Some(agency) => ChangeSetWaiting::new(
                Wait::Others,
                format!("待机构{agency}的审签人审签"),
                format!("it waits for an approver of the agency {agency}"),
            ),
            None => ChangeSetWaiting::new(Wait::Others, "待市级审签人审签", "it waits for an approver of the city"),
        },
        (Step::Returned, false) => ChangeSetWaiting::new(
            Wait::Others,
            "已退回，待承办人重新提出或撤回",
            "it was returned: its drafters propose it again or withdraw it",
        ),
        (Step::Approved, _) => ChangeSetWaiting::new(Wait::Ended, "已审签发布", "it was approved"),
        (Step::Withdrawn | Step::Absent, _) => ChangeSetWaiting::new(Wait::Ended, "已撤回", "it was withdrawn"),
    }
}
