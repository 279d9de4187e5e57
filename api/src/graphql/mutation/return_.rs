use async_graphql::{Context, Object};
use domain::entry::Return;

use super::{head::ask, payload::EntryPayload, reason::ReasonInput};
use crate::registrar::change::Said;

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ReturnVerb")]
impl Verb {
    /// Sends a draft back to who drafted it 退回 (Art. 8(1)): a reviewer one that was submitted, the approver one that was reviewed.
    #[graphql(name = "return", complexity = "1000 + child_complexity")]
    async fn return_(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ReasonInput,
    ) -> async_graphql::Result<EntryPayload> {
        let head = input.head();
        ask(context, head, Said::Return(Return { reason: input.reason_alone()? })).await
    }
}
