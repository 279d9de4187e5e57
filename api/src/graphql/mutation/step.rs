use async_graphql::InputObject;
use uuid::Uuid;

use super::{super::enums, head::Head};

/// A step that needs nothing more.
#[derive(InputObject, Debug)]
pub struct StepInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// The register.
    pub register: enums::Register,
    /// Code of the entry.
    pub code: String,
    /// Version of the entry that was looked at: its `streamVersion`.
    pub expected_version: u64,
}

impl StepInput {
    pub(super) fn head(&self) -> Head {
        Head { id: self.command_id, register: self.register, code: Some(self.code.clone()), expected: Some(self.expected_version) }
    }
}
