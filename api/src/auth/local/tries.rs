use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use std::time::Duration;

use moka::sync::Cache;

/// Wrong passwords that a name may have within the window.
const TRIES: u32 = 8;

/// How long a name is closed after them, from the first on.
pub(super) const WINDOW: Duration = Duration::from_secs(300);

/// Names that are counted at a time. Whoever tries so many is slowed down by the cost of each.
const NAMES: u64 = 20_000;

/// Counts wrong passwords by the name that they were tried for, whether there is such an account or not: what is closed tells nothing.
#[derive(Debug)]
pub(super) struct Tries(Cache<String, Arc<AtomicU32>>);

impl Default for Tries {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(NAMES).time_to_live(WINDOW).build())
    }
}

impl Tries {
    /// Counts a try before it is made, so that many at once are not one. Says whether it may be made.
    pub(super) fn begin(&self, name: &str) -> bool {
        self.0.get_with_by_ref(name, Arc::default).fetch_add(1, Ordering::Relaxed) < TRIES
    }

    /// The password was right.
    pub(super) fn succeeded(&self, name: &str) {
        self.0.invalidate(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_closed_after_some_wrong_passwords_and_others_are_not() {
        let tries = Tries::default();
        assert!((0..TRIES).all(|_| tries.begin("a")));
        assert!(!tries.begin("a") && tries.begin("b"));
        tries.succeeded("b");
        assert!((0..TRIES).all(|_| tries.begin("b")) && !tries.begin("b"));
    }
}
