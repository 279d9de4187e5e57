//! A review, an approval, a return or a withdrawal of a set by a person.

use chrono::{DateTime, Utc};
use domain::{
    acting::{OfSet, Role},
    changeset::{ChangeSet, Command, Refusal, RefusalKind, State},
    decider::Decider,
    envelope::StreamVersion,
};
use journal::transact::{Budget, ExpectedVersion, OutcomeOf, RequestTo, TransactError, transact_on};

use super::{
    LoadedSet, SetAsk, SetChanged,
    carry::{asked, carried, carry, hindered, settle},
    load_set,
    member::{Asked, Carried, Carrying},
    refused::{by_members, first_for_all, with_first_day},
    sees,
};
use crate::{
    auth::{Caller, Leave},
    clock::Clock,
    registrar::change::{Became, ChangeError, Desk, Refused},
};

/// Carries out a command to a set in the name of a caller, if they may. `progress` hears of every member that is done.
pub async fn act(
    desk: &Desk,
    caller: &Caller,
    ask: SetAsk,
    clock: &Clock,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<SetChanged, ChangeError> {
    let now = clock();
    let roles = roles_of(&ask.command);
    let Some(elsewhere) = roles.iter().find_map(|role| caller.leave_anywhere(*role)) else {
        denied(caller, &ask);
        return Err(ChangeError::Forbidden);
    };
    let loaded = load_set(desk.journal.as_ref(), &ask.code).await?;
    if !sees(caller, &loaded) {
        denied(caller, &ask);
        let refusal = ChangeSet::decide(&State::default(), ask.command.clone(), &elsewhere.circumstances(now, ask.id)).err();
        let refused = refusal.ok_or(ChangeError::Forbidden)?.into();
        // Not even the version of a set is theirs to know.
        let nothing = LoadedSet { state: State::default(), version: None, history: Vec::new() };
        return Ok(SetChanged { code: ask.code, became: Became::Refused(refused), members: Vec::new(), loaded: nothing });
    }
    let leave = roles_in_turn(&loaded.state, roles).into_iter().find_map(|role| caller.leave(role, loaded.state.agency.as_ref()));
    let leave = leave.unwrap_or_else(|| {
        // They know of it and hold the role elsewhere; the domain tells them so.
        denied(caller, &ask);
        elsewhere
    });
    Acting { desk, leave, ask, now, clock, progress }.decide(loaded).await
}

/// The roles in which a command can be given.
pub fn roles_of(command: &Command) -> &'static [Role] {
    match command {
        Command::Propose(_) | Command::Withdraw(_) => &[Role::Drafter],
        Command::Review(_) => &[Role::Reviewer],
        Command::Approve(_) => &[Role::Approver],
        Command::Return(_) => &[Role::Reviewer, Role::Approver],
    }
}

/// The role whose turn it is first, where somebody holds two.
fn roles_in_turn(state: &State, roles: &[Role]) -> Vec<Role> {
    let by_approver = match (state.step, &state.returned) {
        (domain::changeset::Step::Reviewed, _) => true,
        (domain::changeset::Step::Returned, Some(said)) => said.by.role == Role::Approver,
        _ => false,
    };
    let mut roles = roles.to_vec();
    if by_approver {
        roles.reverse();
    }
    roles
}

fn denied(caller: &Caller, ask: &SetAsk) {
    tracing::warn!(account = caller.account().as_str(), verb = ask.command.verb(), code = %ask.code, "denied: a change of a set");
}

struct Acting<'a> {
    desk: &'a Desk,
    leave: Leave,
    ask: SetAsk,
    now: DateTime<Utc>,
    clock: &'a Clock,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl Acting<'_> {
    async fn decide(self, loaded: LoadedSet) -> Result<SetChanged, ChangeError> {
        if let Some(place) = loaded.history.iter().position(|past| past.metadata.command == self.ask.id) {
            return self.again(loaded, place).await;
        }
        if !expects(self.ask.expected, loaded.version) {
            return Ok(self.told(Became::Conflict, Vec::new(), loaded));
        }
        let circumstances = self.leave.circumstances(self.now, self.ask.id);
        let event = match ChangeSet::decide(&loaded.state, self.ask.command.clone(), &circumstances) {
            Err(refusal) => return Ok(self.told(Became::Refused(refusal.into()), Vec::new(), loaded)),
            Ok(events) => events.into_iter().next(),
        };
        let Some(event) = event else {
            // Already so. Whoever did it may have been cut off.
            let last = loaded.history.len().saturating_sub(1);
            return self.complete(loaded, last, true).await;
        };
        if let Some(asked) = asked(&event) {
            let by = Carried {
                actor: circumstances.actor.clone(),
                by: OfSet::asked(event.by().clone(), loaded.state.agency.is_none()),
                at: self.now,
                command: self.ask.id,
            };
            let journal = self.desk.journal.as_ref();
            let mut refused = hindered(self.desk, &loaded.state.members, (&asked, &by)).await?;
            if !refused.is_empty() && settle(journal, &loaded, self.clock).await.map_err(ChangeError::Transact)?.is_some() {
                refused = hindered(self.desk, &loaded.state.members, (&asked, &by)).await?;
            }
            if !refused.is_empty() {
                let why = self.with_first_day(by_members(&refused), (&loaded, &asked, &by), &refused).await?;
                return Ok(self.told(Became::Refused(why), refused, loaded));
            }
        }
        self.keep(loaded).await
    }

    /// The refusal of an approval that is only too early, with the first day for which all members can be approved; it is asked whether they can.
    async fn with_first_day(
        &self,
        why: Refused,
        (loaded, asked, by): (&LoadedSet, &Asked, &Carried),
        refused: &[super::MemberRefused],
    ) -> Result<Refused, ChangeError> {
        let (Some(first), Asked::Approve { document, .. }) = (first_for_all(refused), asked) else { return Ok(why) };
        let then = Asked::Approve { document: document.clone(), effective_from: first };
        let possible = hindered(self.desk, &loaded.state.members, (&then, by)).await?.is_empty();
        Ok(if possible { with_first_day(why, first) } else { why })
    }

    /// Keeps the event of the set, then carries it to the members.
    async fn keep(self, before: LoadedSet) -> Result<SetChanged, ChangeError> {
        let circumstances = self.leave.circumstances(self.now, self.ask.id);
        // What was looked at is what is decided on.
        let expected = before.version.map_or(ExpectedVersion::NoStream, ExpectedVersion::Exact);
        let request = RequestTo { code: self.ask.code.clone(), expected, command: self.ask.command.clone(), circumstances };
        let became = match transact_on::<ChangeSet>(self.desk.journal.as_ref(), request, Budget::default()).await {
            Ok(OutcomeOf::Applied(_) | OutcomeOf::Repeated(_)) => None,
            Ok(OutcomeOf::Unchanged { .. }) => Some(Became::Unchanged(None)),
            Ok(OutcomeOf::Refused(refusal)) => Some(Became::Refused(refusal.into())),
            Ok(OutcomeOf::Conflict { .. }) => Some(Became::Conflict),
            Ok(OutcomeOf::Unknown(error)) => {
                tracing::warn!(%error, code = %self.ask.code, "it is not known whether a change of a set was kept");
                Some(Became::Unknown)
            }
            Err(TransactError::Invalid(reason)) => {
                tracing::info!(reason, code = %self.ask.code, "a command id was used elsewhere");
                Some(Became::Refused(Refused::command_id_used()))
            }
            Err(error) => return Err(ChangeError::Transact(error)),
        };
        match (became, load_set(self.desk.journal.as_ref(), &self.ask.code).await) {
            // What may have been kept is not reported as failed because it cannot be read again.
            (Some(Became::Unknown), loaded) => Ok(self.told(Became::Unknown, Vec::new(), loaded.unwrap_or(before))),
            (Some(became), loaded) => Ok(self.told(became, Vec::new(), loaded?)),
            (None, Err(error)) => {
                tracing::warn!(%error, code = %self.ask.code, "a set cannot be read after a change of it");
                Ok(self.told(Became::Unknown, Vec::new(), before))
            }
            (None, Ok(loaded)) => {
                let place = loaded.history.iter().position(|past| past.metadata.command == self.ask.id);
                let place = place.unwrap_or(loaded.history.len().saturating_sub(1));
                self.complete(loaded, place, false).await
            }
        }
    }

    /// The same command again: by the same account, and what it leads to is what it led to. Then what was left undone is completed.
    async fn again(self, loaded: LoadedSet, place: usize) -> Result<SetChanged, ChangeError> {
        let past = &loaded.history[place];
        let circumstances = self.leave.circumstances(past.metadata.at, self.ask.id);
        let before = ChangeSet::fold(loaded.history[..place].iter().map(|past| &past.event));
        let decided = ChangeSet::decide(&before, self.ask.command.clone(), &circumstances);
        let same = past.metadata.actor == circumstances.actor && decided.is_ok_and(|events| events.first() == Some(&past.event));
        if !same {
            return Ok(self.told(Became::Refused(Refused::command_id_used()), Vec::new(), loaded));
        }
        self.complete(loaded, place, true).await
    }

    /// Carries an event of the set to the members, unless something else was decided since.
    async fn complete(self, loaded: LoadedSet, place: usize, again: bool) -> Result<SetChanged, ChangeError> {
        let Some(past) = loaded.history.get(place) else {
            return Ok(self.told(Became::Unchanged(None), Vec::new(), loaded));
        };
        let position = past.recorded.position;
        let is_last = place + 1 == loaded.history.len();
        let outcome = match asked(&past.event).filter(|_| is_last) {
            None => super::carry::Outcome::default(),
            Some(asked) => {
                let by = carried(past, &loaded.state);
                match carry(
                    self.desk.journal.as_ref(),
                    &loaded.state.members,
                    (&asked, Carrying { by: &by, clock: self.clock }),
                    self.progress,
                )
                .await
                {
                    Ok(outcome) => outcome,
                    Err(error) => {
                        tracing::warn!(%error, code = %self.ask.code, "what was decided of a set did not reach all of its members");
                        return Ok(self.told(Became::Unknown, Vec::new(), loaded));
                    }
                }
            }
        };
        let position = outcome.position.max(Some(position));
        let became = match (outcome.unknown, again, position) {
            (true, _, _) => Became::Unknown,
            (false, false, Some(position)) => Became::Applied(position),
            (false, _, position) => Became::Unchanged(position),
        };
        Ok(self.told(became, outcome.refused, loaded))
    }

    fn told(self, became: Became, members: Vec<super::MemberRefused>, loaded: LoadedSet) -> SetChanged {
        SetChanged { code: self.ask.code, became, members, loaded }
    }
}

fn expects(expected: ExpectedVersion, version: Option<StreamVersion>) -> bool {
    match expected {
        ExpectedVersion::Any => true,
        ExpectedVersion::NoStream => version.is_none(),
        ExpectedVersion::Exact(at) => version == Some(at),
    }
}

/// A set that nobody may know of is one that is not there.
pub(super) fn not_found() -> Refusal {
    Refusal::new(RefusalKind::NotFound, Some("code"), "没有这个变更集；请核对编码", "there is no such change set: check its code")
}
