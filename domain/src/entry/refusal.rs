use super::RefusalKind;
use crate::register::Incomplete;

/// Why a command to an entry was refused.
pub type Refusal = crate::refusal::Refusal<RefusalKind>;

/// A path in a content as one in the command.
pub(super) fn in_content(path: &str) -> String {
    format!("content.{path}")
}

impl From<Incomplete> for Refusal {
    fn from(incomplete: Incomplete) -> Self {
        Self::new(RefusalKind::Incomplete, Some(&in_content(incomplete.path)), incomplete.zh, incomplete.en)
    }
}
