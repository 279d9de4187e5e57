use async_graphql::{Context, InputObject, Json, Object};
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{
    super::enums,
    head::{Head, ask},
    payload::EntryPayload,
};
use crate::registrar::change::Said;

/// An urgent correction.
#[derive(InputObject, Debug)]
pub struct CorrectInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// The register.
    pub register: enums::Register,
    /// Code of the entry.
    pub code: String,
    /// Version of the entry that was looked at: its `streamVersion`.
    pub expected_version: u64,
    /// What the entry says from now on: all of it, in the form that `contentSchema` tells.
    pub content: Json<Value>,
    /// What was not accurate.
    pub reason: String,
    /// Number of the document, if there is one.
    pub document_number: Option<String>,
    /// When it comes into force; without it at once. A later moment only where it corrects a revision that is upcoming.
    #[graphql(validator(custom = "crate::graphql::scalars::no_leap_second"))]
    pub effective_from: Option<DateTime<Utc>>,
}

impl CorrectInput {
    pub(super) fn head(&self) -> Head {
        Head { id: self.command_id, register: self.register, code: Some(self.code.clone()), expected: Some(self.expected_version) }
    }
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "CorrectVerb")]
impl Verb {
    /// Publishes a corrected content at once 更正 (Art. 7): what is shown is not accurate and cannot wait. The review of it is owed
    /// afterwards. By the approver.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn correct(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: CorrectInput,
    ) -> async_graphql::Result<EntryPayload> {
        let head = input.head();
        let CorrectInput { content, reason, document_number: document, effective_from, .. } = input;
        ask(context, head, Said::Correct { content: content.0, reason, document, effective_from }).await
    }
}
