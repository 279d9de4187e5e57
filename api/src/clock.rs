//! The time, as a value. Who reads it from the machine is the composition root, see [`crate::app::system_clock`].

use std::sync::Arc;

use chrono::{DateTime, Utc};

/// Tells the time. Passed as a value, so that tests decide what time it is.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
