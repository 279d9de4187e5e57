use async_graphql::{Context, InputObject, Object};
use domain::changeset::Review;
use uuid::Uuid;

use super::{super::super::scalars::Hash, ask, payload::ChangeSetPayload};

/// A review of a change set.
#[derive(InputObject, Debug)]
pub struct ReviewChangeSetInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// Code of the set.
    pub code: String,
    /// Version of the set that was looked at: its `streamVersion`.
    pub expected_version: u64,
    /// Hash of the set that was looked at: its `hash`.
    pub hash: Hash,
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ReviewChangeSetVerb")]
impl Verb {
    /// Passes all changes of a set 审查 (Art. 8(1)). By a reviewer of the openness office, who did not propose it.
    #[graphql(complexity = "5000 + child_complexity")]
    async fn review_change_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ReviewChangeSetInput,
    ) -> async_graphql::Result<ChangeSetPayload> {
        let ReviewChangeSetInput { command_id, code, expected_version, hash } = input;
        ask(context, (command_id, code, expected_version), Review { hash: hash.0 }.into()).await
    }
}
