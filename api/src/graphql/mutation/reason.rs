use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    super::{enums, error::wrong_input},
    head::Head,
};

/// A step that needs a reason.
#[derive(InputObject, Debug)]
pub struct ReasonInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// The register.
    pub register: enums::Register,
    /// Code of the entry.
    pub code: String,
    /// Version of the entry that was looked at: its `streamVersion`.
    pub expected_version: u64,
    /// Why.
    pub reason: String,
    /// Of a suspension only: the moment from which the entry is shown again by itself. Without it somebody has to resume it.
    #[graphql(validator(custom = "crate::graphql::scalars::no_leap_second"))]
    pub until: Option<DateTime<Utc>>,
}

impl ReasonInput {
    pub(super) fn head(&self) -> Head {
        Head { id: self.command_id, register: self.register, code: Some(self.code.clone()), expected: Some(self.expected_version) }
    }
}

impl ReasonInput {
    /// The reason of what has no end of its own.
    pub(super) fn reason_alone(self) -> async_graphql::Result<String> {
        if self.until.is_some() {
            return Err(wrong_input("input.until", "只有暂停才有 until / only a suspension has an `until`"));
        }
        Ok(self.reason)
    }
}
