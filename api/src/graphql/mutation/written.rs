use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::envelope::Position;
use tokio::time::Instant;
use uuid::Uuid;

use crate::registrar::change::Became;

/// Time that the changes of one request are waited for, from when it came in: well before the request as a whole has taken too long, so
/// that what may have been kept is told as such.
pub const CHANGES: Duration = Duration::from_secs(12);

/// What a request has written, and how long it may wait for that. Where it was written is told with the answer, so that the next request can
/// ask for what it wrote.
#[derive(Debug)]
pub struct Written {
    until: Instant,
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    last: Option<Position>,
    begun: Vec<Uuid>,
    unknown: Vec<Uuid>,
}

impl Default for Written {
    /// Of a request that came in now.
    fn default() -> Self {
        Self { until: Instant::now() + CHANGES, noted: Mutex::default() }
    }
}

impl Written {
    /// Until when its changes are waited for.
    pub fn until(&self) -> Instant {
        self.until
    }

    /// Notes a place.
    pub fn note(&self, position: Position) {
        let mut noted = self.noted();
        noted.last = noted.last.max(Some(position));
    }

    /// Notes what became of a command.
    pub fn became(&self, command: Uuid, became: &Became) {
        match became {
            Became::Applied(position) | Became::Unchanged(Some(position)) => self.note(*position),
            Became::Unknown => self.unknown(command),
            Became::Unchanged(None) | Became::Refused(_) | Became::Conflict => {}
        }
    }

    /// Notes that a command may be kept from now on.
    pub fn begin(&self, command: Uuid) {
        self.noted().begun.push(command);
    }

    /// Notes that nobody can say what became of a command.
    pub fn unknown(&self, command: Uuid) {
        self.noted().unknown.push(command);
    }

    /// The last place; `None`: nothing was written.
    pub fn last(&self) -> Option<Position> {
        self.noted().last
    }

    /// The commands that may have been kept, in their order: what is unknown of them if the request has no answer.
    pub fn begun(&self) -> Vec<Uuid> {
        self.noted().begun.clone()
    }

    /// The commands of which nobody can say what became of them.
    pub fn unknowns(&self) -> Vec<Uuid> {
        self.noted().unknown.clone()
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
