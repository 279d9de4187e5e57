use async_graphql::{Context, Object};
use domain::entry::Withdraw;

use super::{head::ask, payload::EntryPayload, reason::ReasonInput};
use crate::registrar::change::Said;

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "WithdrawVerb")]
impl Verb {
    /// Ends a draft 撤回. What is published stays as it is. By a drafter.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn withdraw(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ReasonInput,
    ) -> async_graphql::Result<EntryPayload> {
        let head = input.head();
        ask(context, head, Said::Withdraw(Withdraw { reason: input.reason_alone()? })).await
    }
}
