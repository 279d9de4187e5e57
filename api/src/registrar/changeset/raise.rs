//! One set at a time for what changes come from: a list, or a material that was abolished. The same again finds it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::{
    changeset::{Event, Member, Origin, Step, set_hash},
    envelope::{Code, EntryName, Position},
    value::Hash,
};
use journal::LoadError;
use uuid::Uuid;

use super::{
    super::{
        change::{Became, ChangeError, Desk},
        command_id,
    },
    Change, MemberRefused, Proposal, load_set, members_of, propose, refused_of,
};
use crate::auth::Caller;

/// What became of changes that come from somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The set; `None`: there is nothing to change.
    pub code: Option<Code>,
    /// `PROPOSED`, `UNCHANGED`, `REFUSED` or `UNKNOWN`.
    pub status: &'static str,
    /// Why it was refused: a code and words in both languages.
    pub why: Option<(String, String, String)>,
    /// What the set would hold, or holds.
    pub members: Vec<Member>,
    /// Changes that cannot be drafted and submitted, and were left out.
    pub refused: Vec<MemberRefused>,
}

/// Where changes come from.
pub struct Occasion {
    /// What is told of it in the set.
    pub origin: Origin,
    /// The agency that answers for the changes, where each agency has a set of its own from there; `None`: there is one set from there, as
    /// of a list.
    pub agency: Option<Code>,
}

/// The sets of an origin that there are.
struct There {
    open: Option<Code>,
    closed: usize,
}

/// Proposes changes as a set in the name of a drafter, or finds that they are proposed already. What the lifecycle refuses is left out and
/// told. From one place one set is on its way at a time, because two would each undo the other.
pub async fn raise(
    desk: &Desk,
    (caller, now): (&Caller, DateTime<Utc>),
    from: Occasion,
    changes: Vec<Change>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Raised, ChangeError> {
    let journal = desk.journal.as_ref();
    let there = there(desk, &from).await?;
    let open = match &there.open {
        Some(code) => Some((code.clone(), load_set(journal, code).await?)),
        None => None,
    };
    let before: &[Member] = open.as_ref().map_or(&[][..], |(_, set)| set.state.members.as_slice());
    let members = members_of(desk, &changes).await?;
    let known: HashSet<EntryName> = members.iter().filter(|member| before.contains(member)).map(Member::entry).collect();
    let returned: &[Member] = if open.as_ref().is_some_and(|(_, set)| set.state.step == Step::Returned) { before } else { &[] };
    let mut refused = refused_of(desk, caller, &changes, returned, now).await?;
    // What is a member of the open set already was found in order.
    refused.retain(|refused| !known.contains(&refused.entry));
    let left_out: HashSet<EntryName> = refused.iter().map(|refused| refused.entry.clone()).collect();
    let changes: Vec<_> = changes.into_iter().filter(|change| !left_out.contains(&change.entry())).collect();
    let members: Vec<_> = members.into_iter().filter(|member| !left_out.contains(&member.entry())).collect();
    let hash = set_hash(&members).ok();
    let nothing_to_do = members.is_empty();
    let raised = |code, status| Raised { code, status, why: None, members, refused };
    let (code, id) = match &open {
        None if nothing_to_do => return Ok(raised(None, "UNCHANGED")),
        None => (None, id(&from, hash, &[&there.closed.to_string()])),
        Some((code, set)) if set.state.hash == hash && set.state.step == Step::Returned => {
            return Ok(raised(Some(code.clone()), "UNCHANGED"));
        }
        Some((code, set)) if set.state.hash == hash => {
            // Whoever proposed it may have been cut off: what is missing is drafted now, as it was decided then.
            let proposed = set.history.iter().rev().find(|past| matches!(past.event, Event::Proposed(_)));
            match proposed.filter(|past| past.metadata.actor == *caller.account() && set.state.step == Step::Proposed) {
                Some(past) => (Some(code.clone()), past.metadata.command),
                None => return Ok(raised(Some(code.clone()), "UNCHANGED")),
            }
        }
        Some((code, set)) if set.state.step == Step::Returned => {
            let version = set.version.map(|version| version.0.to_string()).unwrap_or_default();
            (Some(code.clone()), id(&from, hash, &[code.as_str(), &version]))
        }
        Some((code, _)) => return Ok(Raised { why: Some(is_open(code)), ..raised(Some(code.clone()), "REFUSED") }),
    };
    let answer = propose(desk, caller, Proposal { id, code, origin: from.origin, changes }, now, progress).await?;
    let mut raised = raised(Some(answer.code), "UNKNOWN");
    raised.refused.extend(answer.members);
    match answer.became {
        Became::Applied(_) => raised.status = "PROPOSED",
        Became::Unchanged(_) => raised.status = "UNCHANGED",
        Became::Refused(why) => {
            (raised.status, raised.code) = ("REFUSED", open.map(|(code, _)| code));
            raised.why = Some((why.code.to_owned(), why.zh, why.en));
        }
        Became::Conflict | Became::Unknown => {}
    }
    Ok(raised)
}

async fn there(desk: &Desk, from: &Occasion) -> Result<There, LoadError> {
    let of_it = |row: &projections::SetRow| {
        let of_agency = from.agency.is_none() || from.agency == row.state.agency;
        of_agency && row.state.origin.is_same_as(&from.origin)
    };
    let (rows, _, _) = desk.work.sets(of_it, None::<Position>, usize::MAX).await?;
    let open = rows.iter().find(|row| row.state.step.is_open()).map(|row| row.code.clone());
    Ok(There { closed: rows.len() - usize::from(open.is_some()), open })
}

/// The id of a proposal: the same changes from the same place again are the same, and others, or those after a set that came to its end, not.
fn id(from: &Occasion, hash: Option<Hash>, more: &[&str]) -> Uuid {
    let text = hash.map(|hash| hash.to_string()).unwrap_or_default();
    let Origin { list_key, edition, material, .. } = &from.origin;
    let [material, agency] = [material, &from.agency].map(|code| code.as_ref().map(Code::as_str));
    let of = [list_key.as_deref(), edition.as_deref(), material, agency].map(Option::unwrap_or_default);
    command_id(&[&["changeset"], &of[..], &[text.as_str()], more].concat())
}

/// Two sets of one origin would each undo the other.
fn is_open(code: &Code) -> (String, String, String) {
    (
        "CHANGE_SET_OPEN".to_owned(),
        format!("该清单或事由已有变更集{code}在办，内容与本次不同；请先撤回该变更集，或由审查人、审签人退回后再提出"),
        format!("change set {code} from there is on its way and says something else: withdraw it, or have it returned, and propose again"),
    )
}
