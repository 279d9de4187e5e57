use async_graphql::{Context, Object};

use super::{head::ask, payload::EntryPayload, step::StepInput};
use crate::registrar::change::Said;

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ResumeVerb")]
impl Verb {
    /// Ends a suspension 恢复, at once. By the approver.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn resume(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: StepInput,
    ) -> async_graphql::Result<EntryPayload> {
        ask(context, input.head(), Said::Resume).await
    }
}
