//! Carries what was decided of a set to its members. All of it follows from an event of the set, so it can be done again and by anybody:
//! the commands to the members have ids that follow from the command of the set.

use std::collections::{HashMap, HashSet};

use domain::{
    changeset::{Event, Kind, Member, State},
    entry::Refusal,
    envelope::{EntryName, Position},
};
use futures::{StreamExt, stream};
use journal::{Journal, LoadError, LoadedOf, PastOf, transact::TransactError};

use super::{
    super::change::Desk,
    MemberRefused,
    alongside::Alongside,
    change::Change,
    member::{Asked, Carried, Carrying, Given, Hindered, entries},
};
use crate::clock::Clock;

/// Members that are under way at once; the journal commits those that wait for it together.
pub(super) const AT_ONCE: usize = 128;

/// A set with its history.
pub type LoadedSet = LoadedOf<State, Event>;

/// What became of all members.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Place of the last event that was written to any of them.
    pub(super) position: Option<Position>,
    /// Those whose own lifecycle forbade it.
    pub(super) refused: Vec<MemberRefused>,
    /// Whether some of it may not be done.
    pub(super) unknown: bool,
}

impl Outcome {
    fn note(&mut self, entry: EntryName, given: Given) {
        match given {
            Given::Done(position) => self.position = self.position.max(position),
            Given::Refused(refusal) => self.refused.push(MemberRefused::by_rule(entry, refusal)),
            Given::Unknown => self.unknown = true,
        }
    }
}

/// In whose name an event of a set is carried to its members.
pub(super) fn carried(past: &PastOf<Event>, set: &State) -> Carried {
    let at = past.metadata.decided();
    Carried { actor: past.metadata.actor.clone(), by: past.event.carried(set, at), at, command: past.metadata.command }
}

/// What an event of a set asks of its members; `None`: drafts, for which it takes the contents.
pub(super) fn asked(event: &Event) -> Option<Asked> {
    Some(match event {
        Event::Proposed(_) => return None,
        Event::Reviewed(_) => Asked::Review,
        Event::Approved(approved) => Asked::Approve { document: approved.document.clone(), effective_from: approved.effective_from },
        Event::Returned(returned) => Asked::Return { reason: returned.reason.clone() },
        Event::Withdrawn(withdrawn) => Asked::Withdraw { reason: withdrawn.reason.clone() },
    })
}

/// Carries what an event asks to all members.
pub(super) async fn carry(
    journal: &dyn Journal,
    members: &[Member],
    (asked, of): (&Asked, Carrying<'_>),
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Outcome, TransactError> {
    let mut outcome = Outcome::default();
    // What is to go goes first: then a draft is left whenever anything is, and whoever completes it finds it by that.
    let (gone, drafted): (Vec<_>, Vec<_>) = members.iter().cloned().partition(|member| member.kind == Kind::Gone);
    for members in [gone, drafted] {
        let mut given = stream::iter(members)
            .map(|member| async move { (entries(member.register).give(journal, &member, asked, of).await, member) })
            .buffer_unordered(AT_ONCE);
        while let Some((given, member)) = given.next().await {
            outcome.note(member.entry(), given?);
            progress(1);
        }
    }
    in_order(&mut outcome.refused);
    Ok(outcome)
}

/// Completes what the last event of a set left undone; says what became of the members, if it asked anything of them.
pub(super) async fn settle(journal: &dyn Journal, loaded: &LoadedSet, clock: &Clock) -> Result<Option<Outcome>, TransactError> {
    let Some(past) = loaded.history.last() else { return Ok(None) };
    let Some(asked) = asked(&past.event) else { return Ok(None) };
    let by = carried(past, &loaded.state);
    carry(journal, &loaded.state.members, (&asked, Carrying { by: &by, clock }), &|_| ()).await.map(Some)
}

/// Drafts and submits all changes of a set that was proposed, and ends the drafts of those that were members of the set before and are
/// none any more.
pub(super) async fn carry_drafts(
    desk: &Desk,
    changes: &[Change],
    (before, of): (&[Member], Carrying<'_>),
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Outcome, TransactError> {
    let (journal, were) = (desk.journal.as_ref(), by_entry(before));
    let are: HashSet<EntryName> = changes.iter().map(Change::entry).collect();
    let left: Vec<_> = before.iter().filter(|member| !are.contains(&member.entry())).cloned().collect();
    let withdraw = Asked::Withdraw { reason: "变更集重新提出时不再列入".to_owned() };
    let mut outcome = carry(journal, &left, (&withdraw, of), &|_| ()).await?;
    let again: Vec<_> = changes.iter().map(|change| (change, were.get(&change.entry()).copied())).collect();
    let (set, again) = (&Alongside::of(&desk.work, changes), &again);
    let mut given = stream::iter(0..again.len())
        .map(|place| async move {
            let (change, before) = again[place];
            (change.inner().give(journal, before, (set, of)).await, change.entry())
        })
        .buffer_unordered(AT_ONCE);
    while let Some((given, entry)) = given.next().await {
        outcome.note(entry, given?);
        progress(1);
    }
    drop(given);
    in_order(&mut outcome.refused);
    Ok(outcome)
}

/// Why something cannot be asked of the members: all of them, not only the first.
pub(super) async fn hindered(desk: &Desk, members: &[Member], (asked, by): (&Asked, &Carried)) -> Result<Vec<MemberRefused>, LoadError> {
    let journal = desk.journal.as_ref();
    let (set, mut refused) = (&Alongside::of_drafts(&desk.work, members), Vec::new());
    let mut checked = stream::iter(members.iter().cloned())
        .map(|member| async move { (entries(member.register).hindered(journal, &member, asked, (set, by)).await, member) })
        .buffer_unordered(AT_ONCE);
    while let Some((hindered, member)) = checked.next().await {
        refused.extend(hindered?.map(|hindered| match hindered {
            Hindered::Refused(refusal) => MemberRefused::by_rule(member.entry(), refusal),
            Hindered::TooEarly(refusal, possible_from) => MemberRefused::too_early(member.entry(), refusal, possible_from),
            Hindered::NotStanding(standing) => MemberRefused::by_standing(member.entry(), standing),
        }));
    }
    drop(checked);
    in_order(&mut refused);
    Ok(refused)
}

/// The refusals of drafts, before any of them is written.
pub(super) async fn undraftable(
    desk: &Desk,
    changes: &[Change],
    (before, by): (&[Member], &Carried),
) -> Result<Vec<MemberRefused>, LoadError> {
    let (journal, were) = (desk.journal.as_ref(), by_entry(before));
    let again: Vec<_> = changes.iter().map(|change| (change, were.get(&change.entry()).copied())).collect();
    let (set, again, mut refused) = (&Alongside::of(&desk.work, changes), &again, Vec::new());
    let mut checked = stream::iter(0..again.len())
        .map(|place| async move {
            let (change, before) = again[place];
            (change.inner().refused(journal, before, (set, by)).await, change.entry())
        })
        .buffer_unordered(AT_ONCE);
    while let Some((refusal, entry)) = checked.next().await {
        refused.extend(refusal?.map(|refusal: Refusal| MemberRefused::by_rule(entry, refusal)));
    }
    drop(checked);
    in_order(&mut refused);
    Ok(refused)
}

fn by_entry(members: &[Member]) -> HashMap<EntryName, &Member> {
    members.iter().map(|member| (member.entry(), member)).collect()
}

fn in_order(refused: &mut [MemberRefused]) {
    refused.sort_by(|a, b| a.entry.cmp(&b.entry));
}
