use async_graphql::{Context, InputObject, Json, Object};
use serde_json::Value;
use uuid::Uuid;

use super::{
    super::enums,
    head::{Head, ask},
    payload::EntryPayload,
};
use crate::registrar::change::Said;

/// A change that is begun.
#[derive(InputObject, Debug)]
pub struct DraftInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// The register.
    pub register: enums::Register,
    /// Code of the entry. Without one it is a new entry, for which the register assigns a code that follows from the command id. A new
    /// entry with a code of its own has one that begins with the code of its agency.
    pub code: Option<String>,
    /// Version of the entry that was looked at, if one was.
    pub expected_version: Option<u64>,
    /// What the entry is to say: all of it, in the form that `contentSchema` tells.
    pub content: Json<Value>,
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "DraftVerb")]
impl Verb {
    /// Begins a change 承办: a new entry, or the next revision of one that is published (Art. 7). Nothing of it is public. By a drafter.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn draft(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: DraftInput,
    ) -> async_graphql::Result<EntryPayload> {
        let DraftInput { command_id, register, code, expected_version, content } = input;
        let head = Head { id: command_id, register, code, expected: expected_version };
        ask(context, head, Said::Draft(content.0)).await
    }
}
