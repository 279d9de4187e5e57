//! How a member stands: whether its entry still is what the set says of it.

use domain::{
    changeset::{self, Kind, Member},
    entry::{State, Step},
    register::Content,
};

/// How a member stands. A set is reviewed and approved only while all of its members stand; what somebody changed singly meanwhile is
/// told, and is not approved as part of the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its draft says what the set says, and is at this step.
    Drafted(Step),
    /// Of what is to be repealed: it is in force in the revision that the set ends, and nobody drafts on it.
    InForce,
    /// It was published, or repealed, as the set says.
    Done,
    /// Its draft says what the set says, and is at another step than the set: somebody passed it on, or sent it back, by itself.
    Elsewhere,
    /// It was published, or repealed, by itself, and the set that says so is still on its way.
    DoneSingly,
    /// There is no draft: it was withdrawn, or never written.
    NoDraft,
    /// The draft says something else.
    OtherContent,
    /// Something else was published since.
    Outdated,
    /// Of what is to be repealed: somebody drafts a change of it.
    BeingDrafted,
    /// The entry was repealed.
    Repealed,
}

impl Standing {
    /// What is wrong and what to do, in both languages; `None`: it stands, or is done.
    pub fn words(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Drafted(_) | Self::InForce | Self::Done => None,
            Self::Elsewhere => Some((
                "其草稿所处环节与变更集不符（曾单独审查、退回或重新起草）；请退回或撤回变更集后重新提出",
                "its draft is at another step than the set (it was reviewed, returned or written anew by itself): return or withdraw the set and propose it again",
            )),
            Self::DoneSingly => Some((
                "其变更已单独发布或取消；请退回变更集，重新提出时不再列入",
                "it was published or repealed by itself: return the set and propose it again without it",
            )),
            Self::NoDraft => Some((
                "其草稿不存在（已撤回或尚未写成）；请重新提出变更集",
                "its draft is not there (it was withdrawn, or never written): propose the set again",
            )),
            Self::OtherContent => Some((
                "其草稿已另行修改，与变更集不符；请退回或撤回变更集后重新提出",
                "its draft was changed by itself and is not what the set says: return or withdraw the set and propose it again",
            )),
            Self::Outdated => Some((
                "提出之后另有版本发布；请退回或撤回变更集后重新提出",
                "something else was published since: return or withdraw the set and propose it again",
            )),
            Self::BeingDrafted => Some((
                "拟取消的条目正有他人起草变更；请待其办结或撤回",
                "somebody drafts a change of what is to be repealed: let them finish or withdraw it first",
            )),
            Self::Repealed => Some((
                "该条目已另行取消；请退回或撤回变更集后重新提出",
                "the entry was repealed by itself: return or withdraw the set and propose it again",
            )),
        }
    }

    /// The stable word for it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Drafted(_) | Self::InForce => "STANDS",
            Self::Done => "DONE",
            Self::Elsewhere => "MEMBER_ELSEWHERE",
            Self::DoneSingly => "DONE_SINGLY",
            Self::NoDraft => "NO_DRAFT",
            Self::OtherContent => "CONTENT_CHANGED",
            Self::Outdated => "DRAFT_OUTDATED",
            Self::BeingDrafted => "DRAFT_EXISTS",
            Self::Repealed => "ENTRY_REPEALED",
        }
    }

    /// The same for what needs the draft at a step: whatever is left of it keeps the set from that.
    pub(super) fn needed_at(self, step: Step) -> Self {
        match self {
            Self::Drafted(at) if at != step => Self::Elsewhere,
            Self::Done => Self::DoneSingly,
            other => other,
        }
    }

    /// The same for a set at its step. `owes_review`: the review of the set has not reached the member yet; whoever asks for the approval carries it there
    /// first.
    pub(super) fn within(self, set: changeset::Step, owes_review: bool) -> Self {
        match (set, self) {
            (changeset::Step::Reviewed, Self::Drafted(Step::Submitted)) if owes_review => self,
            (changeset::Step::Proposed, _) => self.needed_at(Step::Submitted),
            (changeset::Step::Reviewed, _) => self.needed_at(Step::Reviewed),
            _ => self,
        }
    }
}

/// How a member stands, by the state of its entry.
pub(super) fn standing<C: Content>(state: &State<C>, member: &Member) -> Standing {
    let follows = state.revisions == member.follows;
    if member.kind == Kind::Gone {
        return match (&state.repeal, &state.pending) {
            (Some(repeal), _) if follows && Some(&repeal.reason) == member.reason.as_ref() => Standing::Done,
            (Some(_), _) => Standing::Repealed,
            (None, _) if !follows => Standing::Outdated,
            (None, Some(_)) => Standing::BeingDrafted,
            (None, None) => Standing::InForce,
        };
    }
    let Some(pending) = &state.pending else {
        let latest = state.latest.as_ref();
        let done = state.revisions > member.follows && latest.is_some_and(|latest| Some(latest.content_hash) == member.content_hash);
        return match (done, &state.repeal) {
            (true, _) => Standing::Done,
            (false, Some(_)) => Standing::Repealed,
            (false, None) if !follows => Standing::Outdated,
            (false, None) => Standing::NoDraft,
        };
    };
    if Some(pending.content_hash) != member.content_hash {
        return Standing::OtherContent;
    }
    if !follows || pending.based_on != member.follows {
        return Standing::Outdated;
    }
    Standing::Drafted(pending.step)
}
