//! Which agencies withhold something, or give it on request only, and when they checked it (Art. 8(3)).

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, Utc};
use domain::{calendar::china, envelope::Code};

use super::entry::Withheld;

/// One agency, or the city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Checks {
    /// Its number, in the order in which agencies came to withhold something.
    pub(super) number: u32,
    /// How many more or fewer entries are withheld from a moment on.
    changes: BTreeMap<DateTime<Utc>, i64>,
    /// When it checked, by year.
    pub(super) checked: BTreeMap<i32, DateTime<Utc>>,
}

/// All agencies.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Agencies {
    all: BTreeMap<Option<Code>, Checks>,
    of_entry: HashMap<u32, Withheld>,
}

impl Agencies {
    fn of(&mut self, agency: Option<Code>) -> &mut Checks {
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.entry(agency).or_insert_with(|| Checks { number, changes: BTreeMap::new(), checked: BTreeMap::new() })
    }

    /// Notes what of an entry is withheld, in place of what was noted before.
    pub(super) fn withhold(&mut self, row: u32, withheld: Withheld) {
        if let Some(before) = self.of_entry.remove(&row) {
            self.add(&before, -1);
        }
        if !withheld.is_empty() {
            self.add(&withheld, 1);
            self.of_entry.insert(row, withheld);
        }
    }

    fn add(&mut self, withheld: &Withheld, number: i64) {
        for (agency, from, to) in withheld {
            let changes = &mut self.of(agency.clone()).changes;
            let ends = to.map(|to| (to, -number));
            for (at, number) in [(*from, number)].into_iter().chain(ends) {
                let change = changes.entry(at).or_default();
                *change += number;
                if *change == 0 {
                    changes.remove(&at);
                }
            }
        }
    }

    /// Notes that an agency checked itself.
    pub(super) fn check(&mut self, agency: Option<Code>, year: i32, at: DateTime<Utc>) {
        self.of(agency).checked.entry(year).or_insert(at);
    }

    /// All agencies, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Option<Code>, &Checks)> {
        self.all.iter()
    }
}

impl Checks {
    /// How many entries were withheld at a moment.
    pub(super) fn number_at(&self, at: DateTime<Utc>) -> i64 {
        self.changes.range(..=at).map(|(_, change)| change).sum()
    }

    /// The years up to a moment in which something may have been withheld.
    pub(super) fn years(&self, until: DateTime<Utc>) -> impl Iterator<Item = i32> + use<> {
        let last = china::date_of(until).year();
        let first = self.changes.keys().next().map_or(last + 1, |first| china::date_of(*first).year());
        first..=last
    }
}
