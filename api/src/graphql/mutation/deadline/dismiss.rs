use async_graphql::{Context, InputObject, Object};
use uuid::Uuid;

use super::{DeadlinePayload, answer, code_in, started};
use crate::registrar::deadline::{Dismissal, dismiss};

/// A report that is unfounded.
#[derive(InputObject, Debug)]
pub struct DismissInaccuracyInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// Code of the report.
    pub report: String,
    /// Why there is nothing to correct.
    pub reason: String,
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "DismissInaccuracyVerb")]
impl Verb {
    /// Finds that what was reported is right, or no matter of the entry, and says why (Art. 7). By the openness office or the approver of who
    /// answers for the entry.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn dismiss_inaccuracy(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: DismissInaccuracyInput,
    ) -> async_graphql::Result<DeadlinePayload> {
        let report = code_in("input.report", &input.report);
        let (caller, desk, now) = started(context, "dismissInaccuracy", report.as_ref().ok())?;
        let ask = Dismissal { id: input.command_id, report: report?, reason: input.reason };
        answer(context, (ask.id, "Art. 7"), async move { dismiss(&desk, &caller, ask, now).await.map(|became| (became, None)) }).await
    }
}
