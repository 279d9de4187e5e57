//! Whoever keeps the node is warned before a deadline is missed, and told when it was: of each case once.

use std::{num::NonZeroU16, time::Duration};

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::calendar::{Span, china};
use projections::{Alarm, AlarmKind, DeadlineCase, DeadlineError, Deadlines, Subject};

use crate::clock::Clock;

/// How long before its end a deadline is warned of, unless it is set otherwise. What is served in a second is never near its end; a working day
/// that is given to correct something is, four hours before it is over.
pub const LEAD: Span = Span::Hours(NonZeroU16::new(4).expect("four is not zero"));

/// How often it is looked.
const LOOK: Duration = Duration::from_secs(30);

/// Cases that are told one by one in one look; beyond that their number is told.
const MOST_TOLD: usize = 20;

/// Looks after deadlines until the future is dropped.
pub async fn watch(deadlines: &Deadlines, clock: &Clock, lead: Span) {
    let mut told = None;
    loop {
        if let Err(error) = look(deadlines, clock(), lead, &mut told).await {
            tracing::warn!(%error, "deadlines cannot be looked after");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Looks once. `told`: the year without a notice that was told of last.
async fn look(deadlines: &Deadlines, now: DateTime<Utc>, lead: Span, told: &mut Option<i32>) -> Result<(), DeadlineError> {
    let ends = deadlines.ends(now, lead).await?;
    let year = ends.err().map(|unknown| unknown.year);
    if year.is_some() && year != *told {
        let year = year.unwrap_or_default();
        tracing::warn!(
            year,
            "提醒的提前量涉及尚无节假日通知的年份，改按自然日计 / the lead of warnings runs into a year without a notice on holidays: it is counted in calendar days"
        );
    }
    *told = year;
    let until = ends.map_or_else(|unknown| at_least(now, lead).max(china::first_moment(unknown.day)), |ends| ends.at);
    let (near, overdue): (Vec<_>, Vec<_>) =
        deadlines.alarms(now, until).await?.into_iter().partition(|alarm| alarm.kind == AlarmKind::Near);
    for Alarm { case, .. } in near.iter().take(MOST_TOLD) {
        let (rule, about, reason) = (case.rule.code.as_str(), about(case), case.judgement.en());
        tracing::warn!(rule, about, reason, "时限将至 / a deadline comes near its end");
    }
    for Alarm { case, .. } in overdue.iter().take(MOST_TOLD) {
        let (rule, about, reason) = (case.rule.code.as_str(), about(case), case.judgement.en());
        tracing::error!(rule, about, reason, "逾期 / a deadline was missed");
    }
    let more = near.len().saturating_sub(MOST_TOLD) + overdue.len().saturating_sub(MOST_TOLD);
    if more > 0 {
        tracing::warn!(more, "其余请见 tongyuan deadlines / more deadlines are near their end or missed: see `tongyuan deadlines`");
    }
    Ok(())
}

/// What a lead comes to where the calendar says nothing: so many calendar days, which are no more than as many working days.
fn at_least(now: DateTime<Utc>, lead: Span) -> DateTime<Utc> {
    match lead {
        Span::WorkingDays(days) | Span::CalendarDays(days) => china::end_of(china::date_of(now) + Days::new(days.get().into())),
        Span::Hours(hours) => now + TimeDelta::hours(hours.get().into()),
    }
}

/// What a case is about, by codes alone.
fn about(case: &DeadlineCase) -> String {
    match &case.subject {
        Subject::Entry(name) => name.to_string(),
        Subject::Agency(agency) => agency.as_ref().map_or_else(|| "city".to_owned(), ToString::to_string),
    }
}
