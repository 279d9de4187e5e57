//! One set at a time for what changes come from: a list, or a material that was abolished. The same again finds it.

use std::{collections::HashSet, sync::Arc};

use domain::{
    changeset::{Event, Member, Origin, Step, set_hash},
    envelope::{Code, EntryName, Position},
    value::Hash,
};
use journal::LoadError;
use uuid::Uuid;

use super::{
    super::{
        change::{Became, ChangeError, Desk, Refused},
        command_id,
    },
    Change, LoadedSet, MemberRefused, Proposal, load_set, members_of, propose,
    propose::come_home,
    refused_of, sees,
};
use crate::{auth::Caller, clock::Clock};

/// What became of changes that come from somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The set; `None`: there is nothing to change.
    pub code: Option<Code>,
    /// `PROPOSED`, `UNCHANGED`, `REFUSED` or `UNKNOWN`.
    pub status: &'static str,
    /// Why it was refused.
    pub why: Option<Refused>,
    /// What the set would hold, or holds.
    pub members: Vec<Member>,
    /// Changes that cannot be drafted and submitted, and were left out.
    pub refused: Vec<MemberRefused>,
    /// Where it was written, now or before; `None`: nowhere, or it is not known.
    pub position: Option<Position>,
}

/// Where changes come from.
pub struct Occasion {
    /// What is told of it in the set.
    pub origin: Origin,
    /// The agency that answers for the changes, where each agency has a set of its own from there; `None`: there is one set from there, as
    /// of a list.
    pub agency: Option<Code>,
    /// Id of the command by which they are proposed; `None`: it follows from what they are.
    pub command: Option<Uuid>,
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
    (caller, clock): (&Caller, &Clock),
    from: Occasion,
    changes: Vec<Change>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Raised, ChangeError> {
    let journal = desk.journal.as_ref();
    if let Some(before) = given(desk, &from).await? {
        return again(desk, (caller, clock), from, before, (changes, progress)).await;
    }
    let there = there(desk, &from).await?;
    let open = match &there.open {
        Some(code) => Some((code.clone(), load_set(journal, code).await?)),
        None => None,
    };
    if let Some((_, set)) = open.as_ref().filter(|(_, set)| sees(caller, set)) {
        come_home(desk, set, clock).await?;
    }
    let before: &[Member] = open.as_ref().map_or(&[][..], |(_, set)| set.state.members.as_slice());
    let members = members_of(desk, &changes).await?;
    let known: HashSet<EntryName> = members.iter().filter(|member| before.contains(member)).map(Member::entry).collect();
    let returned: &[Member] = if open.as_ref().is_some_and(|(_, set)| set.state.step == Step::Returned) { before } else { &[] };
    let (mut changes, mut members, mut refused) = (changes, members, Vec::new());
    // What was in order beside others may not be without them: a guide whose item is left out. Each round leaves something out, so there is a last one.
    loop {
        let mut found = refused_of(desk, caller, &changes, returned, clock()).await?;
        if returned.is_empty() {
            // What is a member of the open set already was found in order.
            found.retain(|refused| !known.contains(&refused.entry));
        }
        if found.is_empty() {
            break;
        }
        let left_out: HashSet<EntryName> = found.iter().map(|refused| refused.entry.clone()).collect();
        changes.retain(|change| !left_out.contains(&change.entry()));
        members.retain(|member| !left_out.contains(&member.entry()));
        refused.extend(found);
    }
    let hash = set_hash(&members).ok();
    let nothing_to_do = members.is_empty();
    let raised = |code, status| Raised { code, status, why: None, members, refused, position: None };
    let (code, id) = match &open {
        None if nothing_to_do => return Ok(raised(None, "UNCHANGED")),
        None => (None, from.command.unwrap_or_else(|| id(&from, hash, &[&there.closed.to_string()]))),
        Some((code, set)) if set.state.hash == hash && set.state.step != Step::Returned => {
            // Whoever proposed it may have been cut off: what is missing is drafted now, as it was decided then.
            let proposed = set.history.iter().rev().find(|past| matches!(past.event, Event::Proposed(_)));
            match proposed.filter(|past| past.metadata.actor == *caller.account() && set.state.step == Step::Proposed) {
                Some(past) => (Some(code.clone()), past.metadata.command),
                None => return Ok(raised(Some(code.clone()), "UNCHANGED")),
            }
        }
        Some((code, set)) if set.state.step == Step::Returned => {
            let version = set.version.map(|version| version.0.to_string()).unwrap_or_default();
            (Some(code.clone()), from.command.unwrap_or_else(|| id(&from, hash, &[code.as_str(), &version])))
        }
        Some((code, _)) => return Ok(Raised { why: Some(Refused::change_set_open(code)), ..raised(Some(code.clone()), "REFUSED") }),
    };
    let answer = propose(desk, caller, Proposal { id, code, origin: from.origin, changes }, clock, progress).await?;
    let mut raised = raised(Some(answer.code), "UNKNOWN");
    raised.refused.extend(answer.members);
    match answer.became {
        Became::Applied(position) => (raised.status, raised.position) = ("PROPOSED", Some(position)),
        Became::Unchanged(position) => (raised.status, raised.position) = ("UNCHANGED", position),
        Became::Refused(why) => {
            (raised.status, raised.code) = ("REFUSED", open.map(|(code, _)| code));
            raised.why = Some(why);
        }
        Became::Conflict | Became::Unknown => {}
    }
    Ok(raised)
}

/// A set that was proposed by the very command before, and the place of that among its events.
struct Given {
    code: Code,
    set: LoadedSet,
    place: usize,
}

/// The set from somewhere that is on its way, for whoever may know of it.
pub async fn open_of(desk: &Desk, caller: &Caller, from: &Occasion) -> Result<Option<domain::changeset::State>, LoadError> {
    let Some(code) = there(desk, from).await?.open else { return Ok(None) };
    let set = load_set(desk.journal.as_ref(), &code).await?;
    Ok(sees(caller, &set).then_some(set.state))
}

/// What was told of a command that has an id of its own; `None`: it was not given before.
pub async fn given_before(desk: &Desk, caller: &Caller, from: &Occasion) -> Result<Option<Raised>, ChangeError> {
    Ok(given(desk, from).await?.map(|given| given.told(caller)))
}

async fn given(desk: &Desk, from: &Occasion) -> Result<Option<Given>, LoadError> {
    let Some(id) = from.command else { return Ok(None) };
    for row in rows(desk, from).await? {
        let set = load_set(desk.journal.as_ref(), &row.code).await?;
        if let Some(place) = set.history.iter().position(|past| past.metadata.command == id) {
            return Ok(Some(Given { code: row.code.clone(), set, place }));
        }
    }
    Ok(None)
}

impl Given {
    /// The answer of the first time, to the account that had it.
    fn told(&self, caller: &Caller) -> Raised {
        let past = &self.set.history[self.place];
        let of_it = |status, why, code, position| Raised { code, status, why, members: Vec::new(), refused: Vec::new(), position };
        if past.metadata.actor != *caller.account() || !matches!(past.event, Event::Proposed(_)) {
            return of_it("REFUSED", Some(Refused::command_id_used()), None, None);
        }
        let told = of_it("UNCHANGED", None, Some(self.code.clone()), Some(past.recorded.position));
        Raised { members: self.set.state.members.to_vec(), ..told }
    }
}

/// The same command again: what a crash left undone is completed, as long as nothing else became of the set.
async fn again(
    desk: &Desk,
    (caller, clock): (&Caller, &Clock),
    from: Occasion,
    before: Given,
    (changes, progress): (Vec<Change>, &(dyn Fn(u64) + Sync)),
) -> Result<Raised, ChangeError> {
    let mut raised = before.told(caller);
    let Given { code, set, place } = before;
    if raised.status == "REFUSED" || set.state.step != Step::Proposed || place + 1 != set.history.len() {
        return Ok(raised);
    }
    // What was left out then, or is to be changed only since, is none of it.
    let proposed: HashSet<EntryName> =
        members_of(desk, &changes).await?.iter().filter(|member| set.state.members.contains(member)).map(Member::entry).collect();
    if proposed.len() < set.state.members.len() {
        return Ok(raised);
    }
    let changes = changes.into_iter().filter(|change| proposed.contains(&change.entry())).collect();
    let id = set.history[place].metadata.command;
    let answer = propose(desk, caller, Proposal { id, code: Some(code), origin: from.origin, changes }, clock, progress).await?;
    raised.refused.extend(answer.members);
    match answer.became {
        Became::Unchanged(position) => raised.position = position.max(raised.position),
        _ => raised.status = "UNKNOWN",
    }
    Ok(raised)
}

async fn rows(desk: &Desk, from: &Occasion) -> Result<Vec<Arc<projections::SetRow>>, LoadError> {
    let of_it = |row: &projections::SetRow| {
        let of_agency = from.agency.is_none() || from.agency == row.state.agency;
        of_agency && row.state.origin.is_same_as(&from.origin)
    };
    Ok(desk.work.sets(of_it, None::<Position>, usize::MAX).await?.0)
}

async fn there(desk: &Desk, from: &Occasion) -> Result<There, LoadError> {
    let rows = rows(desk, from).await?;
    let open = rows.iter().find(|row| row.state.step.is_open()).map(|row| row.code.clone());
    Ok(There { closed: rows.len() - usize::from(open.is_some()), open })
}

/// The id of a proposal: the same changes from the same place again are the same, and others, or those after a set that came to its end, not.
fn id(from: &Occasion, hash: Option<Hash>, more: &[&str]) -> Uuid {
    let text = hash.map(|hash| hash.to_string()).unwrap_or_default();
    let Origin { list_key, edition, material, .. } = &from.origin;
    let [material, agency] = [material, &from.agency].map(|code| code.as_ref().map(Code::as_str));
    let of = [list_key.as_deref(), edition.as_deref(), material, agency].map(Option::unwrap_or_default);
    let upcoming: &[&str] = if from.origin.upcoming { &["upcoming"] } else { &[] };
    command_id(&[&["changeset"], &of[..], &[text.as_str()], more, upcoming].concat())
}
