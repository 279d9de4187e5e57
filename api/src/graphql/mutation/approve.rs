use async_graphql::{Context, InputObject, Object};
use chrono::{DateTime, Utc};
use domain::entry::Approve;
use uuid::Uuid;

use super::{
    super::{enums, scalars::Hash},
    head::{Head, ask},
    payload::EntryPayload,
};
use crate::registrar::change::Said;

/// An approval.
#[derive(InputObject, Debug)]
pub struct ApproveInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// The register.
    pub register: enums::Register,
    /// Code of the entry.
    pub code: String,
    /// Version of the entry that was looked at: its `streamVersion`.
    pub expected_version: u64,
    /// Hash of the whole content that is approved: `draft.contentHash`. A draft that says something else is not published by it.
    pub content_hash: Hash,
    /// Number of the document.
    pub document_number: String,
    /// When it comes into force; without it at once. It is shown as upcoming until then (Art. 10(2)).
    #[graphql(validator(custom = "crate::graphql::scalars::no_leap_second"))]
    pub effective_from: Option<DateTime<Utc>>,
}

impl ApproveInput {
    pub(super) fn head(&self) -> Head {
        Head { id: self.command_id, register: self.register, code: Some(self.code.clone()), expected: Some(self.expected_version) }
    }
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ApproveVerb")]
impl Verb {
    /// Publishes a reviewed draft 审签 (Art. 8(1)). By the approver of the very agency, who neither drafted nor reviewed it.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn approve(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ApproveInput,
    ) -> async_graphql::Result<EntryPayload> {
        let head = input.head();
        let ApproveInput { content_hash, document_number, effective_from, .. } = input;
        let approve = Approve { content_hash: content_hash.0, document: document_number, effective_from, beside: Vec::new() };
        ask(context, head, Said::Approve(approve)).await
    }
}
