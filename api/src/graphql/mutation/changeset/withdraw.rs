use async_graphql::{Context, Object};
use domain::changeset::Withdraw;

use super::{ChangeSetReasonInput, ask, payload::ChangeSetPayload};

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "WithdrawChangeSetVerb")]
impl Verb {
    /// Ends a set 撤回, and the drafts of its members that are still what it says. By a drafter.
    #[graphql(complexity = "5000 + child_complexity")]
    async fn withdraw_change_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ChangeSetReasonInput,
    ) -> async_graphql::Result<ChangeSetPayload> {
        let ChangeSetReasonInput { command_id, code, expected_version, reason } = input;
        ask(context, (command_id, code, expected_version), Withdraw { reason }.into()).await
    }
}
