use async_graphql::{Context, Object};
use domain::entry::Suspend;

use super::{head::ask, payload::EntryPayload, reason::ReasonInput};
use crate::registrar::change::Said;

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "SuspendVerb")]
impl Verb {
    /// Takes a published entry out of sight for a time 暂停, at once. By the approver.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn suspend(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ReasonInput,
    ) -> async_graphql::Result<EntryPayload> {
        let head = input.head();
        ask(context, head, Said::Suspend(Suspend { reason: input.reason, until: input.until })).await
    }
}
