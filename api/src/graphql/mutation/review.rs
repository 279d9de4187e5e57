use async_graphql::{Context, InputObject, Object};
use domain::entry::Review;
use uuid::Uuid;

use super::{
    super::{enums, scalars::Hash},
    head::{Head, ask},
    payload::EntryPayload,
};
use crate::registrar::change::Said;

/// A review.
#[derive(InputObject, Debug)]
pub struct ReviewInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// The register.
    pub register: enums::Register,
    /// Code of the entry.
    pub code: String,
    /// Version of the entry that was looked at: its `streamVersion`.
    pub expected_version: u64,
    /// Hash of the whole content that was looked at: `draft.contentHash`, or that of the review that is owed.
    pub content_hash: Hash,
    /// Number of the corrected revision of which the review is owed; without it the draft is reviewed.
    pub revision: Option<u32>,
}

impl ReviewInput {
    pub(super) fn head(&self) -> Head {
        Head { id: self.command_id, register: self.register, code: Some(self.code.clone()), expected: Some(self.expected_version) }
    }
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ReviewVerb")]
impl Verb {
    /// The openness office passes a draft 审查 (Art. 8(1)), or pays the review that an urgent correction owes (Art. 7). By a reviewer who
    /// did not draft it.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn review(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ReviewInput,
    ) -> async_graphql::Result<EntryPayload> {
        let said = Review { content_hash: input.content_hash.0, revision: input.revision };
        ask(context, input.head(), Said::Review(said)).await
    }
}
