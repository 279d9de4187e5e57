//! The register comes to know of notices on holidays: those of one import together, or none of them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    calendar::{Announce, Event, Notice, Refusal, WorkingCalendar},
    decider::{Circumstances, Decider},
    envelope::{ActorId, Code},
};
use journal::{
    Journal, load_of,
    transact::{Budget, ExpectedVersion, OutcomeOf, RequestTo, transact_on},
};
use uuid::Uuid;

use super::{RegistrarError, command_id};

/// What would become of notices, or became of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Announced {
    /// Some were not taken, and for that none was: each with its place in what was given.
    Refused(Vec<(usize, Refusal)>),
    /// Those that were not known before are known now; for each that was given, whether it was one of them.
    Known(Vec<bool>),
}

/// What would become of notices if they were announced to a register as it is.
pub async fn foresee(journal: &dyn Journal, notices: &[Notice], now: DateTime<Utc>) -> Result<Announced, RegistrarError> {
    let state = load_of::<WorkingCalendar>(journal, &Code::of_country()).await?.state;
    let circumstances = Circumstances::of_import(now, ActorId::new("nobody"), Uuid::nil());
    let mut left: Vec<_> = notices.iter().cloned().enumerate().collect();
    let mut refused = Vec::new();
    // All refusals are told at once: what was refused is put aside, and the rest is asked again.
    loop {
        let command = Announce { notices: left.iter().map(|(_, notice)| notice.clone()).collect() };
        match WorkingCalendar::decide(&state, command, &circumstances) {
            Ok(events) if refused.is_empty() => return Ok(Announced::Known(which(notices, &events))),
            Ok(_) => break,
            Err(refusal) => match refusal.notice {
                Some(at) if at < left.len() => refused.push((left.remove(at).0, refusal)),
                _ => {
                    refused.extend(left.iter().map(|(place, _)| (*place, refusal.clone())));
                    break;
                }
            },
        }
    }
    refused.sort_by_key(|(place, _)| *place);
    Ok(Announced::Refused(refused))
}

/// Announces notices to a register.
pub async fn announce(
    journal: &dyn Journal,
    notices: Vec<Notice>,
    actor: &ActorId,
    now: DateTime<Utc>,
) -> Result<Announced, RegistrarError> {
    let foreseen = foresee(journal, &notices, now).await?;
    if !matches!(&foreseen, Announced::Known(known) if known.contains(&true)) {
        return Ok(foreseen);
    }
    let version = load_of::<WorkingCalendar>(journal, &Code::of_country()).await?.version;
    let version = version.map_or_else(|| "none".to_owned(), |version| version.0.to_string());
    let said = serde_json::to_string(&notices).map_err(domain::codec::CodecError::Write).map_err(journal::transact::TransactError::from)?;
    // What is mended and then mended back is another command each time: the version is part of the id.
    let id = command_id(&["calendar", &version, &said]);
    let circumstances = Circumstances::of_import(now, actor.clone(), id);
    let command = Announce { notices: notices.clone() };
    let request = RequestTo { code: Code::of_country(), expected: ExpectedVersion::Any, command, circumstances };
    match transact_on::<WorkingCalendar>(journal, request, Budget::default()).await? {
        OutcomeOf::Applied(applied) | OutcomeOf::Repeated(applied) => Ok(Announced::Known(which(&notices, &applied.events))),
        OutcomeOf::Unchanged { .. } => Ok(Announced::Known(vec![false; notices.len()])),
        // Somebody announced something else meanwhile.
        OutcomeOf::Refused(_) => foresee(journal, &notices, now).await,
        OutcomeOf::Conflict { .. } => Err(RegistrarError::Conflict),
        OutcomeOf::Unknown(error) => Err(RegistrarError::Unknown(error)),
    }
}

/// Which notices events are of; of two that are the same the first.
fn which(notices: &[Notice], events: &[Event]) -> Vec<bool> {
    let mut announced: Vec<Arc<Notice>> = events.iter().map(|Event::Announced(announced)| announced.notice.clone()).collect();
    let is_of = |notice: &Notice| {
        let mut notice = notice.clone();
        notice.days.sort();
        let found = announced.iter().position(|other| **other == notice);
        found.map(|at| announced.remove(at)).is_some()
    };
    notices.iter().map(is_of).collect()
}
