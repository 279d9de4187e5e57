use async_graphql::{Context, InputObject, Object};
use domain::envelope::EntryName;
use uuid::Uuid;

use super::{super::super::enums, DeadlinePayload, answer, code_in, started};
use crate::registrar::deadline::{Report, report};

/// Something public that is not right.
#[derive(InputObject, Debug)]
pub struct ReportInaccuracyInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// The register.
    pub register: enums::Register,
    /// Code of the entry.
    pub code: String,
    /// The field, as a path in the content, e.g. `fees[0].standard`; without it the entry as a whole.
    pub path: Option<String>,
    /// What is not right, in at most 1000 characters. Nothing of persons: no numbers of mobiles or identities, no addresses of mail.
    pub words: String,
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ReportInaccuracyVerb")]
impl Verb {
    /// Reports that something public is not right 不准确 (Art. 7). By a clerk, also for a citizen who told them, or by whoever takes a part in
    /// changes. A correction or another revision answers it, or who answers for the entry dismisses it.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn report_inaccuracy(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ReportInaccuracyInput,
    ) -> async_graphql::Result<DeadlinePayload> {
        let of_entry = code_in("input.code", &input.code);
        let (caller, desk, now) = started(context, "reportInaccuracy", of_entry.as_ref().ok())?;
        let entry = EntryName::new(input.register.into(), of_entry?);
        let ask = Report { id: input.command_id, entry, path: input.path, words: input.words };
        let reporting = async move { report(&desk, &caller, ask, now).await.map(|reported| (reported.became, Some(reported.code))) };
        answer(context, (input.command_id, "Art. 7"), reporting).await
    }
}
