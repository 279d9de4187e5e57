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
}
