//! What is done about deadlines beside changes of entries: one file, one verb.

mod dismiss;
mod report;
mod rule;
mod self_check;

use std::sync::Arc;

use async_graphql::{Context, MergedObject, SimpleObject};
use chrono::{DateTime, Utc};
use domain::envelope::Code;
use uuid::Uuid;

use super::{
    super::{
        entry::Viewer,
        error::{code_in, no_token},
        scalars::Position,
    },
    head::told,
    payload::{CommandStatus, Refusal, of_input},
    waited::{noted, waited},
};
use crate::{
    auth::Caller,
    registrar::change::{Became, ChangeError, Desk},
};

/// What is done about deadlines.
#[derive(MergedObject, Debug, Clone, Copy, Default)]
#[graphql(name = "DeadlineVerbs")]
pub struct Verbs(report::Verb, dismiss::Verb, self_check::Verb, rule::Verb);

/// What became of a command that is none to an entry.
#[derive(SimpleObject, Debug)]
pub struct DeadlinePayload {
    /// What became of it.
    status: CommandStatus,
    /// Of a report: its code, by which it is dismissed.
    report: Option<String>,
    /// Why it was refused.
    refusal: Option<Refusal>,
    /// Where it was written. A request that names it in the header Tongyuan-Position is answered from there on.
    position: Option<Position>,
}

/// Who asks, where, and when. `asked` is the verb, and `code` what it is about.
fn started(context: &Context<'_>, asked: &str, code: Option<&Code>) -> async_graphql::Result<(Arc<Caller>, Arc<Desk>, DateTime<Utc>)> {
    let viewer = Viewer::of(context)?;
    let caller = viewer.caller.ok_or_else(|| no_token(asked, None, code))?;
    Ok((caller, context.data::<Arc<Desk>>()?.clone(), viewer.now))
}

/// Carries out a command, waits for it and tells the answer; `rule`: the article that says who may, or `register`.
async fn answer(
    context: &Context<'_>,
    (command, rule): (Uuid, &'static str),
    changing: impl Future<Output = Result<(Became, Option<Code>), ChangeError>> + Send + 'static,
) -> async_graphql::Result<DeadlinePayload> {
    let (became, report) = match waited(context, command, changing).await? {
        Some(answered) => {
            let answered = answered.map_err(|error| told(&error, rule))?;
            noted(context, command, &answered.0);
            answered
        }
        None => (Became::Unknown, None),
    };
    let report = report.filter(|_| matches!(became, Became::Applied(_) | Became::Unchanged(_) | Became::Unknown));
    let with = |status, position: Option<_>| DeadlinePayload {
        status,
        report: report.as_ref().map(ToString::to_string),
        refusal: None,
        position: position.map(Position),
    };
    Ok(match became {
        Became::Applied(position) => with(CommandStatus::Applied, Some(position)),
        Became::Unchanged(position) => with(CommandStatus::Unchanged, position),
        Became::Refused(refused) => DeadlinePayload { refusal: Some(Refusal::of(refused, of_input)), ..with(CommandStatus::Refused, None) },
        Became::Conflict => with(CommandStatus::Conflict, None),
        Became::Unknown => with(CommandStatus::Unknown, None),
    })
}
