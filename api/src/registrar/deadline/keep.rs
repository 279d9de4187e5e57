//! The way of a command to what is no entry: decided, kept, and the same again answered as the first time.

use domain::{codec::Streamed, decider::Circumstances, envelope::Code};
use journal::{
    Journal, LoadedOf, load_of,
    transact::{Budget, ExpectedVersion, OutcomeOf, RequestTo, TransactError, transact_on},
};

use crate::registrar::change::{Became, ChangeError, Refused};

/// Carries out a command to whatever has a stream, as it is.
pub(super) async fn keep<D>(journal: &dyn Journal, code: &Code, command: D::Command, by: Circumstances) -> Result<Became, ChangeError>
where
    D: Streamed<Event: PartialEq, Refusal: Into<Refused>>,
{
    let request = RequestTo { code: code.clone(), expected: ExpectedVersion::Any, command: command.clone(), circumstances: by.clone() };
    Ok(match transact_on::<D>(journal, request, Budget::default()).await {
        Ok(OutcomeOf::Applied(applied)) => Became::Applied(applied.position),
        Ok(OutcomeOf::Repeated(applied)) if is_same::<D>(&load_of::<D>(journal, code).await?, command, by) => {
            Became::Unchanged(Some(applied.position))
        }
        Ok(OutcomeOf::Repeated(_)) => Became::Refused(Refused::command_id_used()),
        Ok(OutcomeOf::Unchanged { .. }) => {
            let loaded = load_of::<D>(journal, code).await?;
            Became::Unchanged(loaded.history.last().map(|past| past.recorded.position))
        }
        Ok(OutcomeOf::Refused(refusal)) => Became::Refused(refusal.into()),
        Ok(OutcomeOf::Conflict { .. }) => Became::Conflict,
        Ok(OutcomeOf::Unknown(error)) => {
            tracing::warn!(%error, %code, "it is not known whether a change was kept");
            Became::Unknown
        }
        Err(TransactError::Invalid(reason)) => {
            tracing::info!(reason, %code, "a command id was used elsewhere");
            Became::Refused(Refused::command_id_used())
        }
        Err(error) => return Err(ChangeError::Transact(error)),
    })
}

/// Whether a command that was given before is this very one: by the same account, and leading to what it led to.
fn is_same<D: Streamed<Event: PartialEq>>(loaded: &LoadedOf<D::State, D::Event>, command: D::Command, by: Circumstances) -> bool {
    let Some(first) = loaded.history.iter().position(|past| past.metadata.command == by.command) else { return false };
    let before = D::fold(loaded.history[..first].iter().map(|past| &past.event));
    let led_to: Vec<_> = loaded.history[first..].iter().filter(|past| past.metadata.command == by.command).collect();
    let (at, actor) = (led_to[0].metadata.at, &led_to[0].metadata.actor);
    let same_actor = *actor == by.actor;
    let decided = D::decide(&before, command, &Circumstances { now: at, ..by });
    same_actor
        && decided.is_ok_and(|events| events.len() == led_to.len() && events.iter().zip(led_to).all(|(event, past)| *event == past.event))
}
