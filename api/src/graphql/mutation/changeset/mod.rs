//! What is done with change sets: one file, one verb.

mod approve;
mod payload;
mod return_;
mod review;
mod withdraw;
mod without_material;

use std::sync::Arc;

use async_graphql::{Context, InputObject, MergedObject};
use domain::{
    changeset::Command,
    envelope::{Code, StreamVersion},
};
use journal::transact::ExpectedVersion;
use uuid::Uuid;

use super::{
    super::{
        changeset::caller_of,
        entry::Viewer,
        error::{Failure, code_in, failure},
    },
    head::told_of,
    payload::{Part, of_set},
    waited::{noted, waited},
};
use crate::{
    auth::Caller,
    clock::Clock,
    registrar::{
        change::Desk,
        changeset::{SetAsk, SetChanged, act, roles_of},
    },
};
use payload::ChangeSetPayload;

/// What is done with change sets.
#[derive(MergedObject, Debug, Clone, Copy, Default)]
pub struct Verbs(review::Verb, approve::Verb, return_::Verb, withdraw::Verb, without_material::Verb);

/// A step of a change set that needs a reason.
#[derive(InputObject, Debug)]
pub struct ChangeSetReasonInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// Code of the set.
    pub code: String,
    /// Version of the set that was looked at: its `streamVersion`.
    pub expected_version: u64,
    /// Why.
    pub reason: String,
}

/// Asks for something to be done with a set and tells what became of it.
async fn ask(
    context: &Context<'_>,
    (id, code, expected): (Uuid, String, u64),
    command: Command,
) -> async_graphql::Result<ChangeSetPayload> {
    let code = code_in("input.code", &code);
    let (viewer, caller, desk) = started(context, command.verb(), code.as_ref().ok())?;
    let expected = ExpectedVersion::Exact(StreamVersion(expected));
    let roles = roles_of(&command);
    let ask = SetAsk { id, code: code?, expected, command };
    let clock = clock(context, &viewer);
    let changing = async move { act(&desk, &caller, ask, &clock, &|_| ()).await.map_err(|error| told_of(&error, roles)) };
    carried_out(context, id, (&viewer, expected, of_set), changing).await
}

/// Who asks, and where changes are made. `asked` is the verb, and `code` what it is about.
fn started(context: &Context<'_>, asked: &str, code: Option<&Code>) -> async_graphql::Result<(Viewer, Arc<Caller>, Arc<Desk>)> {
    let viewer = Viewer::of(context)?;
    let caller = caller_of(&viewer, asked, code)?;
    Ok((viewer, caller, context.data::<Arc<Desk>>()?.clone()))
}

/// The clock by which it is recorded when members follow; without one all of it happens in the moment of the request.
fn clock(context: &Context<'_>, viewer: &Viewer) -> Clock {
    let now = viewer.now;
    context.data_opt::<Clock>().cloned().unwrap_or_else(|| Arc::new(move || now))
}

/// Carries something out and waits for it: see [`waited`]. Whoever asked and goes away does not leave members behind.
async fn carried_out(
    context: &Context<'_>,
    command: Uuid,
    (viewer, expected, part): (&Viewer, ExpectedVersion, Part),
    changing: impl Future<Output = async_graphql::Result<SetChanged>> + Send + 'static,
) -> async_graphql::Result<ChangeSetPayload> {
    let Some(changed) = waited(context, command, changing).await? else { return Ok(ChangeSetPayload::unknown()) };
    let changed = changed?;
    noted(context, command, &changed.became);
    Ok(ChangeSetPayload::of(viewer, (expected, part), changed))
}

/// What is told where the register cannot be read, before anything was written.
fn unreadable(error: &dyn std::error::Error) -> async_graphql::Error {
    tracing::error!(%error, "what a set would hold cannot be read");
    failure(
        Failure::Unavailable,
        "登记册暂时无法读取，未作改动；请稍后再试 / the register cannot be read at present, nothing was done: try again shortly",
    )
}
