use async_graphql::{Context, Object};

use super::{head::ask, payload::EntryPayload, step::StepInput};
use crate::registrar::change::Said;

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "SubmitVerb")]
impl Verb {
    /// Hands a draft to the openness office 送审 (Art. 8(1)), if no check finds an error. By a drafter.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn submit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: StepInput,
    ) -> async_graphql::Result<EntryPayload> {
        ask(context, input.head(), Said::Submit).await
    }
}
