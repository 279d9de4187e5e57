use async_graphql::{Context, InputObject, Object};
use chrono::{DateTime, Utc};
use domain::entry::Repeal;
use uuid::Uuid;

use super::{
    super::{enums, error::code_in},
    head::{Head, ask},
    payload::EntryPayload,
};
use crate::registrar::change::Said;

/// A repeal.
#[derive(InputObject, Debug)]
pub struct RepealInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// The register.
    pub register: enums::Register,
    /// Code of the entry.
    pub code: String,
    /// Version of the entry that was looked at: its `streamVersion`.
    pub expected_version: u64,
    /// When it ceases; without it at once.
    #[graphql(validator(custom = "crate::graphql::scalars::no_leap_second"))]
    pub effective_from: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
    /// Number of the document by which it was decided.
    pub document_number: Option<String>,
    /// Code of the entry of the same register that takes its place.
    pub replaced_by: Option<String>,
}

impl RepealInput {
    pub(super) fn head(&self) -> Head {
        Head { id: self.command_id, register: self.register, code: Some(self.code.clone()), expected: Some(self.expected_version) }
    }
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "RepealVerb")]
impl Verb {
    /// Takes an entry off its list 取消; its code is never used again. By the approver.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn repeal(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: RepealInput,
    ) -> async_graphql::Result<EntryPayload> {
        let head = input.head();
        let RepealInput { effective_from, reason, document_number: document, replaced_by, .. } = input;
        let replaced_by = replaced_by.map(|code| code_in("input.replacedBy", &code)).transpose()?;
        ask(context, head, Said::Repeal(Repeal { effective_from, reason, document, replaced_by, reform: None })).await
    }
}
