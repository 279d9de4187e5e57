use std::sync::Arc;

use chrono::{SubsecRound, Utc};

use crate::clock::Clock;

/// The clock of the machine, to the microsecond: what RFC 3339 texts of ours carry and every store keeps.
#[expect(clippy::disallowed_methods, reason = "the composition root is where time comes in")]
pub fn system_clock() -> Clock {
    Arc::new(|| Utc::now().trunc_subsecs(6))
}
