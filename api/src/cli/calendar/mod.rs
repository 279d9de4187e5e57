//! The working calendar.

mod args;
mod due;
mod import;
mod show;

pub use args::CalendarArgs;
use args::CalendarVerb;
use chrono::{DateTime, Utc};
use domain::calendar::{Calendar, CalendarAt};

use super::{Done, Failed, Output, Settings};
use crate::{
    app::{self, system_clock},
    registrar::replay,
};

/// Does what is asked.
pub async fn run(settings: &Settings, verb: CalendarVerb, output: &Output) -> Done {
    match verb {
        CalendarVerb::Import(verb) => import::run(settings, &verb, output).await,
        CalendarVerb::Due(verb) => due::run(settings, &verb, output).await,
        CalendarVerb::Show(verb) => show::run(settings, &verb, output).await,
    }
}

/// The calendar as it was known at a moment that is past, or is now: what ships with the program, and what the register recorded, where there is one.
async fn known_at(settings: &Settings, at: Option<DateTime<Utc>>) -> Result<CalendarAt, Failed> {
    let at = replay::known_at(at, system_clock()())?;
    let journal = app::open_journal_or_nothing(&settings.place).await?;
    let calendar: Calendar = projections::calendar(journal.as_ref()).await?;
    Ok(calendar.known_at(at))
}
