use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    sync::Arc,
};

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::{Day, DayKind, Extent, Notice, day::is_weekend, facts};

/// A notice, and since when it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Since when: for a fact that ships with the program the first moment of the day on which the notice was published, for an event the
    /// moment at which it was recorded.
    pub known_from: DateTime<Utc>,
    /// Whether the register recorded it; else it ships with the program.
    pub recorded: bool,
    /// The notice.
    pub notice: Arc<Notice>,
}

/// All notices that are known, each with the moment since when: what was known at an earlier moment stays answerable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar(Vec<Announcement>);

impl Calendar {
    /// What ships with the program, and what a register recorded: each notice with the moment of its event.
    pub fn new(recorded: impl IntoIterator<Item = (DateTime<Utc>, Arc<Notice>)>) -> Self {
        let shipped = facts::shipped().map(|(known_from, notice)| Announcement { known_from, recorded: false, notice });
        let recorded = recorded.into_iter().map(|(known_from, notice)| Announcement { known_from, recorded: true, notice });
        let mut all: Vec<_> = shipped.chain(recorded).collect();
        // Stable: of the same moment, what was recorded goes after what ships, and in the order of the log.
        all.sort_by_key(|announcement| announcement.known_from);
        Self(all)
    }

    /// What ships with the program.
    pub fn shipped() -> Self {
        Self::new([])
    }

    /// How many notices were known at a moment: as long as it is the same, the same is due.
    pub fn number_known_at(&self, at: DateTime<Utc>) -> usize {
        self.0.partition_point(|announcement| announcement.known_from <= at)
    }

    /// The calendar as it was known at a moment. What becomes known later does not change the answer.
    pub fn known_at(&self, at: DateTime<Utc>) -> CalendarAt {
        let known = self.0.partition_point(|announcement| announcement.known_from <= at);
        CalendarAt::of(at, self.0[..known].to_vec())
    }
}

/// A day as a notice names it.
#[derive(Debug, Clone)]
struct Named {
    off: bool,
    name: Arc<str>,
    /// Place of the notice among those that were known, so that of two notices the later one counts.
    by: usize,
}

/// The calendar as it was known at one moment.
#[derive(Debug, Clone)]
pub struct CalendarAt {
    at: DateTime<Utc>,
    known: Vec<Announcement>,
    /// Years that a notice arranged.
    years: BTreeSet<i32>,
    named: BTreeMap<NaiveDate, Named>,
}

impl CalendarAt {
    fn of(at: DateTime<Utc>, known: Vec<Announcement>) -> Self {
        // A year is arranged by its own notices only, so that one that arranges it anew leaves the neighbours alone.
        let mut of_year: BTreeMap<i32, BTreeMap<NaiveDate, Named>> = BTreeMap::new();
        let mut years = BTreeSet::new();
        for (by, Announcement { notice, .. }) in known.iter().enumerate() {
            let days = of_year.entry(notice.year).or_default();
            if notice.extent == Extent::Year {
                years.insert(notice.year);
                days.clear();
            }
            days.extend(notice.days.iter().map(|day| (day.date, Named { off: day.off, name: day.name.as_str().into(), by })));
        }
        let mut named: BTreeMap<NaiveDate, Named> = BTreeMap::new();
        for (date, day) in of_year.into_values().flatten() {
            let later = named.get(&date).is_none_or(|other| other.by < day.by);
            if later {
                named.insert(date, day);
            }
        }
        Self { at, known, years, named }
    }

    /// The moment as of which it is known.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// What a date is.
    pub fn kind(&self, date: NaiveDate) -> DayKind {
        match self.named.get(&date) {
            Some(named) if named.off => DayKind::Holiday,
            Some(_) if is_weekend(date) => DayKind::MakeUp,
            None if !self.knows(date.year()) => DayKind::Unknown,
            None if is_weekend(date) => DayKind::Weekend,
            Some(_) | None => DayKind::Working,
        }
    }

    /// A date with what it is and the holiday that it belongs to.
    pub fn day(&self, date: NaiveDate) -> Day {
        Day { date, kind: self.kind(date), name: self.named.get(&date).map(|named| named.name.clone()) }
    }

    /// The days of a year, in order.
    pub fn days(&self, year: i32) -> Vec<Day> {
        let Some(first) = NaiveDate::from_ymd_opt(year, 1, 1) else { return Vec::new() };
        first.iter_days().take_while(|date| date.year() == year).map(|date| self.day(date)).collect()
    }

    /// The days of a year that notices name, in order.
    pub fn named(&self, year: i32) -> Vec<Day> {
        let (Some(first), Some(last)) = (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31)) else {
            return Vec::new();
        };
        self.named.range(first..=last).map(|(date, _)| self.day(*date)).collect()
    }

    /// Whether a notice arranged the year, so that each of its days is known.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// Whether a notice says anything of a day of the year.
    pub fn says_anything_of(&self, year: i32) -> bool {
        self.knows(year) || !self.named(year).is_empty()
    }

    /// The announcements of which the year is made, in the order in which they became known: those of the year, and those of its neighbours that
    /// name days of it.
    pub fn announcements(&self, year: i32) -> impl Iterator<Item = &Announcement> {
        self.announcements_of(year..=year)
    }

    /// The same of several years, each announcement once.
    pub fn announcements_of(&self, years: RangeInclusive<i32>) -> impl Iterator<Item = &Announcement> {
        self.known.iter().filter(move |announcement| {
            let notice = &announcement.notice;
            years.contains(&notice.year) || notice.days.iter().any(|day| years.contains(&day.date.year()))
        })
    }
}
