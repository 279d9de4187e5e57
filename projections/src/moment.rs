use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// When an entry is shown: changes of state in order of time, and an end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timeline {
    /// From each moment on it is shown or not; before the first it is not.
    pub steps: Vec<(DateTime<Utc>, bool)>,
    /// From this moment on it is not shown any more.
    pub until: Option<DateTime<Utc>>,
}

impl Timeline {
    /// Whether it is shown at a moment. A moment is in force from its first instant: the end is excluded.
    pub fn shows_at(&self, now: DateTime<Utc>) -> bool {
        let ended = self.until.is_some_and(|until| until <= now);
        let step = self.steps.iter().rev().find(|(from, _)| *from <= now);
        !ended && step.is_some_and(|(_, shown)| *shown)
    }

    /// The same with nothing shown from a moment on; `until`: the moment from which it is shown again. What was shown before is
    /// left out: a suspension is decided for at once, and views are asked about what comes after.
    #[must_use]
    pub fn suspended(self, from: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Self {
        let holds = |at: DateTime<Utc>| self.steps.iter().rev().find(|(from, _)| *from <= at).is_some_and(|(_, shown)| *shown);
        let resumed = until.map(|until| (until, holds(until)));
        let later = self.steps.iter().copied().filter(|(at, _)| until.is_some_and(|until| *at > until));
        Self { steps: [(from, false)].into_iter().chain(resumed).chain(later).collect(), until: self.until }
    }

    /// Whether anything changes after a moment.
    pub fn changes_after(&self, moment: DateTime<Utc>) -> bool {
        self.until.is_some_and(|until| until > moment) || self.steps.iter().any(|(from, _)| *from > moment)
    }

    /// The next instant after a moment at which anything changes.
    pub fn next_change(&self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.steps.iter().map(|(from, _)| *from).chain(self.until).filter(|at| *at > moment).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_moment_belongs_to_what_begins_in_it() {
        let timeline = Timeline { steps: vec![(at(10), true), (at(20), false), (at(30), true)], until: Some(at(40)) };
        let shown: Vec<_> = [9, 10, 19, 20, 29, 30, 39, 40, 41].map(|s| timeline.shows_at(at(s))).to_vec();
        assert_eq!(shown, [false, true, true, false, false, true, true, false, false]);
        assert_eq!(timeline.next_change(at(20)), Some(at(30)));
        assert_eq!(timeline.next_change(at(40)), None);
        assert!(timeline.changes_after(at(39)) && !timeline.changes_after(at(40)));
    }

    #[test]
    fn a_suspension_hides_what_begins_in_it_and_gives_way_to_what_holds_then() {
        let timeline = || Timeline { steps: vec![(at(10), true), (at(20), false), (at(30), true)], until: Some(at(40)) };
        let shown = |timeline: Timeline, from| (from..45).filter(|s| timeline.shows_at(at(*s))).collect::<Vec<_>>();
        for (from, until) in [(5, 8), (12, 15), (12, 20), (12, 30), (15, 32), (25, 28), (30, 40), (5, 60), (33, 34)] {
            let expected: Vec<_> = shown(timeline(), from).into_iter().filter(|s| *s >= until).collect();
            assert_eq!(shown(timeline().suspended(at(from), Some(at(until))), from), expected, "{from} to {until}");
        }
        assert_eq!(shown(timeline().suspended(at(15), None), 15), [0_i64; 0]);
    }
}
