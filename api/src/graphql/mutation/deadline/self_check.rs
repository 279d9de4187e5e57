use async_graphql::{Context, InputObject, Object};
use uuid::Uuid;

use super::{DeadlinePayload, answer, code_in, started};
use crate::registrar::deadline::{SelfCheck, self_check};

/// A self-check of an agency.
#[derive(InputObject, Debug)]
pub struct SelfCheckInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// Code of the agency; without it what the city answers for.
    pub agency: Option<String>,
    /// The year of which the check is.
    pub year: i32,
    /// What was found, and what will be opened, in at most 4000 characters.
    pub findings: String,
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "SelfCheckVerb")]
impl Verb {
    /// Records that an agency looked at all that it withholds or gives on request only 自查 (Art. 8(3)), once for each year, from its November on.
    /// By its openness office or its approver.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn self_check(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: SelfCheckInput,
    ) -> async_graphql::Result<DeadlinePayload> {
        let agency = input.agency.as_deref().map(|agency| code_in("input.agency", agency)).transpose();
        let (caller, desk, now) = started(context, "selfCheck", agency.as_ref().ok().and_then(Option::as_ref))?;
        let ask = SelfCheck { id: input.command_id, agency: agency?, year: input.year, findings: input.findings };
        let checking = async move { self_check(&desk, &caller, ask, now).await.map(|became| (became, None)) };
        answer(context, (input.command_id, "Art. 8(3)"), checking).await
    }
}
