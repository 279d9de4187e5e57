use async_graphql::{Context, InputObject, Object};
use chrono::{DateTime, Utc};
use domain::changeset::Approve;
use uuid::Uuid;

use super::{super::super::scalars::Hash, ask, payload::ChangeSetPayload};

/// An approval of a change set.
#[derive(InputObject, Debug)]
pub struct ApproveChangeSetInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// Code of the set.
    pub code: String,
    /// Version of the set that was looked at: its `streamVersion`.
    pub expected_version: u64,
    /// Hash of the set that is approved: its `hash`. Nothing else is published by it.
    pub hash: Hash,
    /// Number of the document.
    pub document_number: String,
    /// When all of it comes into force; without it at once. It is shown as upcoming until then (Art. 10(2)).
    #[graphql(validator(custom = "crate::graphql::scalars::no_leap_second"))]
    pub effective_from: Option<DateTime<Utc>>,
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ApproveChangeSetVerb")]
impl Verb {
    /// Publishes all changes of a reviewed set 审签 (Art. 8(1)): what is new and changed becomes a revision, what is gone is repealed. By
    /// the approver of the very agency, or of the city where it answers for the set, who neither proposed nor reviewed it.
    #[graphql(complexity = "5000 + child_complexity")]
    async fn approve_change_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ApproveChangeSetInput,
    ) -> async_graphql::Result<ChangeSetPayload> {
        let ApproveChangeSetInput { command_id, code, expected_version, hash, document_number: document, effective_from } = input;
        ask(context, (command_id, code, expected_version), Approve { hash: hash.0, document, effective_from }.into()).await
    }
}
