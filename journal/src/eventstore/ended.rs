//! The way out of a subscription that has ended in order.
//!
//! The client asks an ended subscription again and again, without ever yielding: no limit of time can end that, because the
//! task does not come back to where limits are looked at. All that it does meanwhile is to warn, each time, of a message that
//! it does not know. So these warnings are counted, and the one that is too many unwinds the task. A message of a kind that
//! only a newer server sends is warned of in the same words, once for each, and is passed over.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
};

/// So many unknown messages without a known one between them are an end.
const LIMIT: usize = 1_000;

/// What a task that was ended so is unwound with.
pub(super) struct Ended;

/// Counts what the client warns of, in place of a log, while it reads a subscription.
#[derive(Clone, Default)]
pub(super) struct Guard {
    warnings: Arc<AtomicUsize>,
}

impl Guard {
    /// A known message came.
    pub(super) fn known(&self) {
        self.warnings.store(0, Ordering::Relaxed);
    }
}

impl Subscriber for Guard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN && metadata.target() == "kurrentdb::commands"
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::WARN)
    }

    fn event(&self, _: &Event<'_>) {
        if self.warnings.fetch_add(1, Ordering::Relaxed) == LIMIT {
            // Not a panic: nothing is wrong here, and nobody has to read of it.
            std::panic::resume_unwind(Box::new(Ended));
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
