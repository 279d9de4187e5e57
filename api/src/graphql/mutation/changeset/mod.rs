//! What is done with change sets: one file, one verb.

mod approve;
mod payload;
mod return_;
mod review;
mod withdraw;

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
        error::{Failure, failure},
    },
    Written,
    head::told,
};
use crate::registrar::{
    change::{Became, Desk},
    changeset::{SetAsk, act},
};
use payload::ChangeSetPayload;

/// What is done with change sets.
#[derive(MergedObject, Debug, Clone, Copy, Default)]
pub struct Verbs(review::Verb, approve::Verb, return_::Verb, withdraw::Verb);

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
    let viewer = Viewer::of(context)?;
    let caller = caller_of(&viewer)?;
    let code = code.parse::<Code>().map_err(|error| failure(Failure::BadRequest, error.to_string()))?;
    let ask = SetAsk { id, code, expected: ExpectedVersion::Exact(StreamVersion(expected)), command };
    let (desk, now) = (context.data::<Arc<Desk>>()?.clone(), viewer.now);
    // On its own task: whoever asked and goes away does not leave members behind.
    let running = tokio::spawn(async move { act(&desk, &caller, ask, now, &|_| ()).await });
    let changed = running.await.map_err(|error| {
        tracing::error!(%error, "a change of a set broke off");
        let words = "变更集可能只办了一部分；请以同一标识重试 / the set may be done in part: try again with the same command id";
        failure(Failure::Unavailable, words)
    })?;
    let changed = changed.map_err(|error| told(&error))?;
    if let (Became::Applied(position) | Became::Unchanged(Some(position)), Some(written)) =
        (&changed.became, context.data_opt::<Arc<Written>>())
    {
        written.note(*position);
    }
    Ok(ChangeSetPayload::of(&viewer, changed))
}
