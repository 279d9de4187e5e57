use async_graphql::{Context, InputObject, Json, Object};
use serde_json::Value;
use uuid::Uuid;

use super::{
    super::enums,
    head::{Head, ask},
    payload::EntryPayload,
};
use crate::registrar::change::Said;

/// A draft that is changed.
#[derive(InputObject, Debug)]
pub struct ReviseInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// The register.
    pub register: enums::Register,
    /// Code of the entry.
    pub code: String,
    /// Version of the entry that was looked at: its `streamVersion`.
    pub expected_version: u64,
    /// What the entry is to say: all of it, in the form that `contentSchema` tells.
    pub content: Json<Value>,
}

impl ReviseInput {
    pub(super) fn head(&self) -> Head {
        Head { id: self.command_id, register: self.register, code: Some(self.code.clone()), expected: Some(self.expected_version) }
    }
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ReviseVerb")]
impl Verb {
    /// Changes a draft that was not submitted yet, or was returned. By a drafter.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn revise(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ReviseInput,
    ) -> async_graphql::Result<EntryPayload> {
        ask(context, input.head(), Said::Revise(input.content.0)).await
    }
}
