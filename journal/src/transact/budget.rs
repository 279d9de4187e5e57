use std::time::Duration;

/// How long a command is tried. Pauses double from the first to the longest; none of them is random, so that a run can be
/// repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Retries after failures of the store, all in all.
    pub retries: u32,
    /// Pause before the first retry.
    pub pause: Duration,
    /// Longest pause.
    pub longest: Duration,
    /// How often the command is decided again because another writer was faster.
    pub conflicts: u32,
}

impl Default for Budget {
    /// About three seconds of pauses: long enough for a restart of a store or a change of its leader, short enough for someone
    /// who waits for an answer.
    fn default() -> Self {
        Self { retries: 8, pause: Duration::from_millis(20), longest: Duration::from_secs(1), conflicts: 16 }
    }
}

/// What is left of a budget.
pub(super) struct Left {
    budget: Budget,
    retries: u32,
    conflicts: u32,
}

impl From<Budget> for Left {
    fn from(budget: Budget) -> Self {
        Self { budget, retries: 0, conflicts: 0 }
    }
}

impl Left {
    /// Waits before the next retry; `false` if there is none left.
    pub(super) async fn retry(&mut self) -> bool {
        if self.retries == self.budget.retries {
            return false;
        }
        let doubled = self.budget.pause.saturating_mul(1_u32.checked_shl(self.retries).unwrap_or(u32::MAX));
        self.retries += 1;
        tokio::time::sleep(doubled.min(self.budget.longest)).await;
        true
    }

    /// Takes one more conflict; `false` if that was one too many.
    pub(super) fn conflict(&mut self) -> bool {
        self.conflicts += 1;
        self.conflicts <= self.budget.conflicts
    }
}
