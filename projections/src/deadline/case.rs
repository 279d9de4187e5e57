//! A case as it is told, and how cases are asked for.

use std::{fmt, str::FromStr, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    deadline::{Judgement, Occasion, Rule, Status, Trigger},
    envelope::{Code, EntryName, InvalidPosition, Position},
};

use super::filed::Key;

/// What a deadline is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An entry.
    Entry(EntryName),
    /// An agency, or the city.
    Agency(Option<Code>),
}

/// A report that a deadline is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTold {
    /// Its code.
    pub code: Code,
    /// The field, as a path in the content.
    pub path: Option<String>,
    /// What is not right.
    pub words: String,
    /// Why it was found to be unfounded, if it was.
    pub dismissed: Option<String>,
}

/// A deadline in a case, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineCase {
    /// Its place among all: a cursor.
    pub place: CasePlace,
    /// The rule that held when it was triggered.
    pub rule: Arc<Rule>,
    /// What it is about.
    pub subject: Subject,
    /// Who answers for that; `None`: the city.
    pub agency: Option<Code>,
    /// When it was triggered.
    pub trigger: DateTime<Utc>,
    /// Number of the revision, if it is about one.
    pub revision: Option<u32>,
    /// The report, if it is about one.
    pub report: Option<ReportTold>,
    /// The place of the event with which it began; `None`: of no event, but of the year.
    pub begun: Option<Position>,
    /// What the rule says of it.
    pub judgement: Judgement,
}

/// What of a case may be told to somebody is decided by this.
#[derive(Debug, Clone, Copy)]
pub struct About<'c> {
    /// The rule.
    pub rule: &'c Rule,
    /// Who answers for it: by what comes into force last or is drafted, and by what is in force. The inner `None`: the city.
    pub agencies: [Option<Option<&'c Code>>; 2],
    /// Whether everybody may know of the entry, and then who answers for what of it they may know; the inner `None`: the city.
    pub public: Option<Option<&'c Code>>,
}

/// As what somebody may know of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knows {
    /// They may not.
    Nothing,
    /// As everybody: of nothing but what is public of the entry.
    Public,
    /// As whoever takes part in its changes.
    Within,
}

/// Whether a rule is about what everybody may know of, where the entry is public: that an approved change was shown (Art. 10(2)).
pub fn is_of_public(rule: &Rule) -> bool {
    rule.trigger == Trigger::On(Occasion::RevisionApproved)
}

impl From<bool> for Knows {
    fn from(within: bool) -> Self {
        if within { Self::Within } else { Self::Nothing }
    }
}

/// Which cases are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeadlineQuery {
    /// Those that stand so; none: all.
    pub status: Vec<Status>,
    /// Those of this rule.
    pub rule: Option<Code>,
    /// Those for which this agency answers.
    pub agency: Option<Code>,
    /// Those of this entry.
    pub entry: Option<EntryName>,
    /// Those that are due by this moment. Of one that is unknown that is not known.
    pub due_by: Option<DateTime<Utc>>,
}

/// A page of cases, what is due first first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeadlinePage {
    /// The cases.
    pub cases: Vec<DeadlineCase>,
    /// Whether more follow.
    pub more: bool,
    /// How many there are in all.
    pub total: usize,
}

/// Figures of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleFigures {
    /// When the next deadline that is not over ends, if there is one.
    pub nearest: Option<DateTime<Utc>>,
    /// How many are not fulfilled and have time.
    pub due: usize,
    /// How many are not fulfilled and over.
    pub overdue: usize,
    /// Of how many it is not known because a year has no notice.
    pub unknown: usize,
    /// Whether everybody may know of each of its cases. The numbers of other rules tell what is drafted, withheld and reported.
    pub public: bool,
}

/// The place of a case among all, as a token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CasePlace(pub(super) Key);

impl fmt::Display for CasePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Key { due, number, rule } = &self.0;
        write!(f, "d:{:016x}{number:016x}:{rule}", due.timestamp_micros())
    }
}

impl FromStr for CasePlace {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let (numbers, rule) = text.strip_prefix("d:").and_then(|text| text.split_once(':')).ok_or(InvalidPosition)?;
        let plain = numbers.len() == 32 && numbers.bytes().all(|b| b.is_ascii_hexdigit());
        let number = |text: &str| u64::from_str_radix(text, 16).map_err(|_| InvalidPosition);
        let (due, number) = if plain { (number(&numbers[..16])?, number(&numbers[16..])?) } else { return Err(InvalidPosition) };
        // The end of time has more digits than a token keeps.
        let due = DateTime::from_timestamp_micros(due.cast_signed()).ok_or(InvalidPosition)?;
        let due = if due.timestamp_micros() == DateTime::<Utc>::MAX_UTC.timestamp_micros() { DateTime::<Utc>::MAX_UTC } else { due };
        Ok(Self(Key { due, number, rule: rule.parse().map_err(|_| InvalidPosition)? }))
    }
}
