//! Whether there is what a list of deadlines is bounded by: what was mistyped must not be answered as if nothing were due.

use chrono::{DateTime, Utc};
use domain::{
    deadline::rulebook,
    envelope::{Code, EntryName},
    register::Register,
};
use projections::{About, DeadlineError, DeadlineQuery, Deadlines, Knows};

/// A bound under which whoever asks may know of nothing. Of what is not there and of what is not for them they are told the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absent {
    /// No such rule.
    Rule(Code),
    /// No such agency.
    Agency(Code),
    /// No such entry.
    Entry(EntryName),
}

impl Absent {
    /// The stable code: where it refuses a command too, it is the same.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rule(_) => "RULE_NOT_FOUND",
            Self::Agency(_) => "AGENCY_NOT_FOUND",
            Self::Entry(_) => "ENTRY_NOT_FOUND",
        }
    }

    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Rule(code) => format!("没有编码为{code}的规则；请核对编码"),
            Self::Agency(code) => format!("没有机构{code}；请核对编码"),
            Self::Entry(name) => format!("登记册中没有{}{}；请核对编码", name.register.zh(), name.code),
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        match self {
            Self::Rule(code) => format!("there is no rule {code}: check its code"),
            Self::Agency(code) => format!("there is no agency {code}: check its code"),
            Self::Entry(name) => format!("the register has no {} {}: check the code", name.register, name.code),
        }
    }
}

/// The entries that a question names: an agency, an entry.
pub fn named(query: &DeadlineQuery) -> impl Iterator<Item = EntryName> {
    let agency = query.agency.clone().map(|code| EntryName::new(Register::Agency, code));
    agency.into_iter().chain(query.entry.clone())
}

/// What of the bounds of a question is not there, where the question found nothing. `known`: those of the entries that it [names](named) of which whoever
/// asks may know. One of which they are told a deadline is known by that, also where the register has it in no list.
pub async fn absent<K: Into<Knows>>(
    deadlines: &Deadlines,
    query: &DeadlineQuery,
    (sees, now): (impl Fn(&About<'_>) -> K, DateTime<Utc>),
    known: &[EntryName],
) -> Result<Option<Absent>, DeadlineError> {
    if let Some(rule) = &query.rule {
        let is_it = |code: &Code| code == rule;
        // One that was ended is known all the same: what was triggered before is judged by it.
        if !rulebook().iter().any(|rule| is_it(&rule.code)) && !deadlines.rules(now).await?.iter().any(|rule| is_it(&rule.code)) {
            return Ok(Some(Absent::Rule(rule.clone())));
        }
    }
    let agency = query.agency.as_ref().filter(|code| !known.iter().any(|name| name.register == Register::Agency && name.code == **code));
    if let Some(agency) = agency {
        let of_agency = DeadlineQuery { agency: Some(agency.clone()), ..DeadlineQuery::default() };
        if deadlines.page(&of_agency, &sees, (now, None), (None, 0)).await?.total == 0 {
            return Ok(Some(Absent::Agency(agency.clone())));
        }
    }
    if let Some(entry) = query.entry.as_ref().filter(|entry| !known.contains(entry)) {
        let of_entry = DeadlineQuery { entry: Some(entry.clone()), ..DeadlineQuery::default() };
        if deadlines.page(&of_entry, &sees, (now, None), (None, 0)).await?.total == 0 {
            return Ok(Some(Absent::Entry(entry.clone())));
        }
    }
    Ok(None)
}
