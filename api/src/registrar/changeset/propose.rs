//! Changes are put together, checked, and submitted as one.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{
    acting::{OfSet, Role},
    changeset::{ChangeSet, Event, Member, Propose, State, Step},
    decider::Decider,
    envelope::Code,
};
use futures::{StreamExt, TryStreamExt, stream};
use journal::{
    LoadError,
    transact::{Budget, ExpectedVersion, OutcomeOf, RequestTo, TransactError, transact_on},
};

use super::{
    Change, LoadedSet, MemberRefused, Proposal, SetChanged,
    act::not_found,
    carry::{AT_ONCE, carried, carry_drafts, settle, undraftable},
    code_of, load_set,
    member::{Carried, Carrying},
    refused::by_members,
    sees,
};
use crate::{
    auth::{Caller, Leave},
    clock::Clock,
    registrar::change::{Became, ChangeError, Desk, Refused},
};

/// Proposes changes in the name of a caller, if they may: drafts and submits all of them, or none. `progress` hears of every member that is
/// done. A set counts as one of the drafts that a person may have on their way, however many members it has.
pub async fn propose(
    desk: &Desk,
    caller: &Caller,
    proposal: Proposal,
    clock: &Clock,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<SetChanged, ChangeError> {
    let now = clock();
    let Some(elsewhere) = caller.leave_anywhere(Role::Drafter) else {
        tracing::warn!(account = caller.account().as_str(), "a change set was proposed by somebody who drafts for nobody");
        return Err(ChangeError::Forbidden);
    };
    let journal = desk.journal.as_ref();
    let code = proposal.code.clone().or_else(|| code_of(proposal.id)).ok_or(ChangeError::Forbidden)?;
    let loaded = load_set(journal, &code).await?;
    let refused =
        |refused: Refused, loaded| Ok(SetChanged { code: code.clone(), became: Became::Refused(refused), members: Vec::new(), loaded });
    if loaded.version.is_some() != proposal.code.is_some() && !given_before(&loaded, proposal.id)
        || loaded.version.is_some() && !sees(caller, &loaded)
    {
        let nothing = LoadedSet { state: State::default(), version: None, history: Vec::new() };
        return refused(not_found().into(), nothing);
    }
    if let Some(place) = loaded.history.iter().position(|past| past.metadata.command == proposal.id) {
        return again((desk, clock), caller, (&proposal, code), loaded, (place, progress)).await;
    }
    let (members, agency) = looked(desk, &proposal).await?;
    let leave = caller.leave(Role::Drafter, agency.as_ref()).unwrap_or(elsewhere);
    let circumstances = leave.circumstances(now, proposal.id);
    let command = Propose { origin: proposal.origin.clone(), agency: agency.clone(), members };
    match ChangeSet::decide(&loaded.state, command.clone().into(), &circumstances) {
        Err(refusal) => return refused(refusal.into(), loaded),
        Ok(events) if events.is_empty() => {
            let place = loaded.history.len().saturating_sub(1);
            return again((desk, clock), caller, (&proposal, code), loaded, (place, progress)).await;
        }
        Ok(_) => {}
    }
    if !loaded.state.step.is_open() && desk.work.drafts_of(caller.person()).await? >= desk.most_open_drafts {
        return refused(Refused::too_many_drafts(desk.most_open_drafts), loaded);
    }
    come_home(desk, &loaded, clock).await?;
    let by = by(&leave, &proposal, now, agency.is_none());
    let members = undraftable(desk, &proposal.changes, (&loaded.state.members, &by)).await?;
    if !members.is_empty() {
        return Ok(SetChanged { code, became: Became::Refused(by_members(&members)), members, loaded });
    }
    let expected = loaded.version.map_or(ExpectedVersion::NoStream, ExpectedVersion::Exact);
    let request = RequestTo { code: code.clone(), expected, command: command.into(), circumstances };
    let became = match transact_on::<ChangeSet>(journal, request, Budget::default()).await {
        Ok(OutcomeOf::Applied(_) | OutcomeOf::Repeated(_)) => None,
        Ok(OutcomeOf::Unchanged { .. }) => Some(Became::Unchanged(None)),
        Ok(OutcomeOf::Refused(refusal)) => Some(Became::Refused(refusal.into())),
        Ok(OutcomeOf::Conflict { .. }) => Some(Became::Conflict),
        Ok(OutcomeOf::Unknown(error)) => {
            tracing::warn!(%error, %code, "it is not known whether a change set was kept");
            Some(Became::Unknown)
        }
        Err(TransactError::Invalid(reason)) => {
            tracing::info!(reason, %code, "a command id was used elsewhere");
            Some(Became::Refused(Refused::command_id_used()))
        }
        Err(error) => return Err(ChangeError::Transact(error)),
    };
    let kept = load_set(journal, &code).await;
    match (became, kept) {
        (Some(became), kept) => Ok(SetChanged { code, became, members: Vec::new(), loaded: kept.unwrap_or(loaded) }),
        (None, Err(error)) => {
            tracing::warn!(%error, %code, "a change set cannot be read after it was kept");
            Ok(SetChanged { code, became: Became::Unknown, members: Vec::new(), loaded })
        }
        (None, Ok(kept)) => complete((desk, clock), (&proposal, code), kept, false, progress).await,
    }
}

/// Brings back the members of a set that was returned: a return that was cut off left some of them where they were.
pub(super) async fn come_home(desk: &Desk, set: &LoadedSet, clock: &Clock) -> Result<(), ChangeError> {
    if set.state.step == Step::Returned {
        settle(desk.journal.as_ref(), set, clock).await.map_err(ChangeError::Transact)?;
    }
    Ok(())
}

/// The members that changes would be, in their order.
pub async fn members_of(desk: &Desk, changes: &[Change]) -> Result<Vec<Member>, LoadError> {
    Ok(looked_at(desk, changes).await?.0)
}

/// The changes that cannot be drafted and submitted, told before anything is proposed. `before`: the members of the set that is proposed
/// again. Somebody who drafts for nobody is told so when they propose.
pub async fn refused_of(
    desk: &Desk,
    caller: &Caller,
    changes: &[Change],
    before: &[Member],
    now: DateTime<Utc>,
) -> Result<Vec<MemberRefused>, LoadError> {
    let (_, agency) = looked_at(desk, changes).await?;
    let leave = caller.leave(Role::Drafter, agency.as_ref());
    let Some(leave) = leave else { return Ok(Vec::new()) };
    let circumstances = leave.circumstances(now, uuid::Uuid::nil());
    let by = Carried {
        actor: circumstances.actor,
        by: OfSet::asked(leave.acting().clone(), agency.is_none()),
        at: now,
        command: circumstances.command,
    };
    undraftable(desk, changes, (before, &by)).await
}

fn given_before(loaded: &LoadedSet, id: uuid::Uuid) -> bool {
    loaded.history.iter().any(|past| past.metadata.command == id)
}

fn by(leave: &Leave, proposal: &Proposal, now: DateTime<Utc>, of_city: bool) -> Carried {
    let circumstances = leave.circumstances(now, proposal.id);
    Carried { actor: circumstances.actor, by: OfSet::asked(leave.acting().clone(), of_city), at: now, command: proposal.id }
}

/// The members, and who answers for all of them.
async fn looked(desk: &Desk, proposal: &Proposal) -> Result<(Vec<Member>, Option<Code>), LoadError> {
    looked_at(desk, &proposal.changes).await
}

async fn looked_at(desk: &Desk, changes: &[Change]) -> Result<(Vec<Member>, Option<Code>), LoadError> {
    let journal = desk.journal.as_ref();
    let looked = stream::iter(0..changes.len()).map(|place| changes[place].inner().look(journal));
    let looked: Vec<_> = looked.buffered(AT_ONCE).try_collect().await?;
    let agencies: BTreeSet<_> = looked.iter().flat_map(|looked| looked.agencies.clone()).collect();
    let only = if agencies.len() == 1 { agencies.into_iter().next().flatten() } else { None };
    Ok((looked.into_iter().map(|looked| looked.member).collect(), only))
}

/// The same proposal again: what a crash left undone is completed. The same changes lead to the same hash, also where some of them are
/// drafted already.
async fn again(
    (desk, clock): (&Desk, &Clock),
    caller: &Caller,
    (proposal, code): (&Proposal, Code),
    loaded: LoadedSet,
    (place, progress): (usize, &(dyn Fn(u64) + Sync)),
) -> Result<SetChanged, ChangeError> {
    let is_last = place + 1 == loaded.history.len();
    let same_account = loaded.history.get(place).is_some_and(|past| past.metadata.actor == *caller.account());
    let (members, _) = if is_last && loaded.state.step == Step::Proposed { looked(desk, proposal).await? } else { (Vec::new(), None) };
    let same = members.is_empty() || domain::changeset::set_hash(&members).ok() == loaded.state.hash;
    let same_origin = loaded.history.get(place).is_some_and(|past| match &past.event {
        Event::Proposed(proposed) => proposed.origin.is_same_as(&proposal.origin),
        _ => false,
    });
    let given = given_before(&loaded, proposal.id);
    if given && (!same_account || !same_origin || !same) {
        return Ok(SetChanged { code, became: Became::Refused(Refused::command_id_used()), members: Vec::new(), loaded });
    }
    if members.is_empty() {
        let position = loaded.history.get(place).map(|past| past.recorded.position);
        return Ok(SetChanged { code, became: Became::Unchanged(position), members: Vec::new(), loaded });
    }
    complete((desk, clock), (proposal, code), loaded, true, progress).await
}

/// Drafts and submits the members of a set that was proposed last.
async fn complete(
    (desk, clock): (&Desk, &Clock),
    (proposal, code): (&Proposal, Code),
    loaded: LoadedSet,
    again: bool,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<SetChanged, ChangeError> {
    let Some((last, earlier)) = loaded.history.split_last() else {
        return Ok(SetChanged { code, became: Became::Unchanged(None), members: Vec::new(), loaded });
    };
    let before = ChangeSet::fold(earlier.iter().map(|past| &past.event));
    let by = carried(last, &loaded.state);
    let position = last.recorded.position;
    let (became, members): (Became, Vec<MemberRefused>) =
        match carry_drafts(desk, &proposal.changes, (&before.members, Carrying { by: &by, clock }), progress).await {
            Ok(outcome) if outcome.unknown => (Became::Unknown, outcome.refused),
            Ok(outcome) => {
                let position = outcome.position.map_or(position, |written| written.max(position));
                (if again { Became::Unchanged(Some(position)) } else { Became::Applied(position) }, outcome.refused)
            }
            Err(error) => {
                tracing::warn!(%error, %code, "not all members of a change set were drafted");
                (Became::Unknown, Vec::new())
            }
        };
    Ok(SetChanged { code, became, members, loaded })
}
