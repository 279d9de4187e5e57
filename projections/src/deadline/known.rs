//! The rules and the calendar as they were known at a moment, and what is due by them.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    calendar::{Calendar, CalendarAt, Due, Span, UnknownDue, china},
    deadline::{Limit, Rule, Rules},
};

use super::occurred::Occurred;

/// What a deadline of so many working days comes to, by the date in China of its trigger.
type InWorkingDays = HashMap<(u16, NaiveDate), Result<Due, UnknownDue>>;

/// What was known at a moment.
pub(super) struct Knowledge {
    pub(super) calendar: CalendarAt,
    /// The rules that hold from each moment on, in order.
    rules: Vec<(DateTime<Utc>, Vec<Arc<Rule>>)>,
    /// How many notices and rules were known: while it is the same, the same is due.
    stamp: (usize, usize),
    reckoned: InWorkingDays,
}

/// All that is known, of which moments are made.
pub(super) struct Source {
    calendar: Calendar,
    rules: Rules,
}

impl Source {
    pub(super) fn of(occurred: &Occurred) -> Self {
        Self { calendar: Calendar::new(occurred.notices.iter().cloned()), rules: Rules::new(occurred.ruled.iter().cloned()) }
    }

    /// How much was known at a moment.
    pub(super) fn stamp(&self, at: DateTime<Utc>) -> (usize, usize) {
        (self.calendar.number_known_at(at), self.rules.number_known_at(at))
    }

    pub(super) fn calendar_at(&self, at: DateTime<Utc>) -> CalendarAt {
        self.calendar.known_at(at)
    }

    pub(super) fn known_at(&self, at: DateTime<Utc>) -> Knowledge {
        let known = self.rules.known_at(at);
        let in_force = |from| known.all_in_force(from).into_iter().cloned().map(Arc::new).collect();
        let rules = known.moments().into_iter().map(|from| (from, in_force(from))).collect();
        Knowledge { calendar: self.calendar.known_at(at), rules, stamp: self.stamp(at), reckoned: HashMap::new() }
    }
}

impl Knowledge {
    pub(super) fn stamp(&self) -> (usize, usize) {
        self.stamp
    }

    /// The rules that hold at a moment.
    pub(super) fn in_force(&self, at: DateTime<Utc>) -> &[Arc<Rule>] {
        let after = self.rules.partition_point(|(from, _)| *from <= at);
        self.rules[..after].last().map_or(&[], |(_, rules)| rules)
    }

    /// Every rule that ever holds.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter().flat_map(|(_, rules)| rules)
    }

    /// When a case of a rule is due. Most of a day are due together, and reckoned once.
    pub(super) fn due(&mut self, rule: &Rule, trigger: DateTime<Utc>) -> Result<Due, UnknownDue> {
        let Limit::Within(Span::WorkingDays(days)) = rule.limit else { return rule.limit.due(trigger, &self.calendar) };
        let key = (days.get(), china::date_of(trigger));
        *self.reckoned.entry(key).or_insert_with(|| rule.limit.due(trigger, &self.calendar))
    }
}
