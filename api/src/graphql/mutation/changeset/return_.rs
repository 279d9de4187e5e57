use async_graphql::{Context, Object};
use domain::changeset::Return;

use super::{ChangeSetReasonInput, ask, payload::ChangeSetPayload};

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ReturnChangeSetVerb")]
impl Verb {
    /// Sends all changes of a set back 退回 (Art. 8(1)): the reviewer one that was proposed, the approver one that was reviewed.
    #[graphql(complexity = "5000 + child_complexity")]
    async fn return_change_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ChangeSetReasonInput,
    ) -> async_graphql::Result<ChangeSetPayload> {
        let ChangeSetReasonInput { command_id, code, expected_version, reason } = input;
        ask(context, (command_id, code, expected_version), Return { reason }.into()).await
    }
}
