//! The working calendar of a register: what ships with the program, and what the register recorded.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    calendar::{Calendar, Event, Notice, WorkingCalendar},
    envelope::{Code, Position},
};
use journal::{Journal, LoadError, load_of};

/// The calendar as of the end of the journal.
pub async fn calendar(journal: &dyn Journal) -> Result<Calendar, LoadError> {
    Ok(Calendar::new(recorded(journal, |_| true).await?))
}

/// The calendar as of a position of the log: what was recorded behind it belongs to the next answer. Without a position there is what ships.
pub async fn calendar_up_to(journal: &dyn Journal, at: Option<Position>) -> Result<Calendar, LoadError> {
    Ok(Calendar::new(recorded(journal, |position| Some(position) <= at).await?))
}

/// The notices that were recorded, each with the moment from which it counts.
async fn recorded(journal: &dyn Journal, counts: impl Fn(Position) -> bool) -> Result<Vec<(DateTime<Utc>, Arc<Notice>)>, LoadError> {
    let loaded = load_of::<WorkingCalendar>(journal, &Code::of_country()).await?;
    let counted = loaded.history.into_iter().filter(|past| counts(past.recorded.position));
    Ok(counted
        .map(|past| {
            let Event::Announced(announced) = past.event;
            (past.metadata.at, announced.notice)
        })
        .collect())
}
