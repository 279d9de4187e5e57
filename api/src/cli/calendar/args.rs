use std::{num::NonZeroU16, path::PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use domain::envelope::ActorId;

use super::super::args::moment;

/// Arguments of `calendar`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tongyuan calendar due --from 2026-09-30 --working-days 1 --data ./demo\n  \
    tongyuan calendar show 2026 --data ./demo\n\n\
    The notices of 2007 to 2026 ship with the program; later ones are imported. See docs/calendar.md.")]
pub struct CalendarArgs {
    /// What to do
    #[command(subcommand)]
    pub verb: CalendarVerb,
}

/// The commands of `calendar`.
#[derive(Debug, Subcommand)]
pub enum CalendarVerb {
    /// Take over notices: files of years in the form of holiday-cn, or folders of them
    #[command(after_help = "Examples:\n  tongyuan calendar import holidays/2027.json --data ./data\n  \
        tongyuan calendar import holidays/ --data ./data --json\n\n\
        Every file is accounted for: files = announced + unchanged + not announced + ignored + refused + held back.\n\
        One that is refused holds all others back: nothing is half done. The same again changes nothing.\n\
        The folder of --data is created with a register if it does not exist or is empty and a notice was read.")]
    Import(ImportArgs),
    /// Tell when a deadline of working days ends
    #[command(after_help = "Examples:\n  tongyuan calendar due --from 2026-09-30 --working-days 1\n  \
        tongyuan calendar due --from 2026-02-27T17:30:00+08:00 --working-days 7 --known-at 2026-02-01 --data ./demo --json\n\n\
        The day of --from does not count. The deadline ends with the last working day, 24:00 in China; `due` is that moment.\n\
        Where it touches a year without a notice, `due` is null and the year is told. It works without a register too.")]
    Due(DueArgs),
    /// Show what the notices say of a year
    #[command(after_help = "Examples:\n  tongyuan calendar show 2026 --data ./demo\n  \
        tongyuan calendar show 2020 --known-at 2020-01-20 --json")]
    Show(ShowArgs),
}

/// Arguments of `calendar import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Files or folders
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Id of whoever imports, as recorded with every event
    #[arg(long, default_value = "import", value_name = "ID")]
    pub actor: ActorId,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `calendar due`.
#[derive(Debug, Args)]
pub struct DueArgs {
    /// When it begins: a date in China, or RFC 3339
    #[arg(long, value_name = "DATE|TIME", value_parser = moment)]
    pub from: DateTime<Utc>,
    /// How many working days it has
    #[arg(long, value_name = "NUMBER", value_parser = days)]
    pub working_days: NonZeroU16,
    /// As it was known at this moment: a date, at its first moment in China, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub known_at: Option<DateTime<Utc>>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `calendar show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The year
    #[arg(value_name = "YEAR", value_parser = year)]
    pub year: i32,
    /// As it was known at this moment: a date, at its first moment in China, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub known_at: Option<DateTime<Utc>>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// A number of working days as it is typed.
fn days(typed: &str) -> Result<NonZeroU16, String> {
    typed.parse().map_err(|_| "应为1至65535的整数 / a whole number from 1 to 65535 is expected, e.g. 7".to_owned())
}

/// A year as it is typed.
fn year(typed: &str) -> Result<i32, String> {
    let year = typed.parse().ok().filter(|year| (1..=9999).contains(year));
    year.ok_or_else(|| "应为年份 / a year is expected, e.g. 2026".to_owned())
}
