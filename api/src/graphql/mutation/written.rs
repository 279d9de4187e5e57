use std::sync::{Mutex, PoisonError};

use domain::envelope::Position;

/// Where a request has written to: it is told with the answer, so that the next request can ask for what it wrote.
#[derive(Debug, Default)]
pub struct Written(Mutex<Option<Position>>);

impl Written {
    /// Notes a place.
    pub fn note(&self, position: Position) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (*last).max(Some(position));
    }

    /// The last place; `None`: nothing was written.
    pub fn last(&self) -> Option<Position> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
