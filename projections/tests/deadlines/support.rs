//! A register, told what happens by the clocks of China, and asked for its deadlines.

use std::{collections::BTreeMap, num::NonZeroU16, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    calendar::{Announce, Extent, NamedDay, Notice, Span, WorkingCalendar},
    deadline::{DeadlineRules, LayDown, Limit, Rule, Status, rulebook},
    envelope::EntryName,
    inaccuracy::{Dismiss, Inaccuracy, Report, said},
    receipt::{Receipts, Record, Showing, Witness},
    register::{Item, Register},
    selfcheck::{SelfCheck, SelfChecks},
    value::{Channel, Hash, LegalBasis, Openness, OpennessAttribute},
};
use projections::{DeadlineCase, DeadlineQuery, Deadlines, Subject};

use super::common::{Told, code, item};

/// A moment by the clocks of China.
pub fn at(text: &str) -> DateTime<Utc> {
    format!("{text}+08:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

/// Somebody who does what is done beside changes of entries.
pub fn in_office() -> Capacity {
    Capacity::Office(PersonId::new("p-clerk"))
}

pub fn reviewer(agency: Option<&str>) -> Capacity {
    let scope = agency.map_or(Scope::City, |agency| Scope::Agency(code(agency)));
    Capacity::Person(Acting { person: PersonId::new("p-reviewer"), role: Role::Reviewer, scope })
}

/// A notice of the State Council that makes days of a year off, or worked; a whole year has the holidays that none is without.
pub fn notice(year: i32, extent: Extent, days: &[(&str, bool)], paper: &str) -> Notice {
    let always = ["01-01", "02-06", "02-07", "02-08", "05-01", "10-01"].map(|day| format!("{year}-{day}"));
    let always = always.iter().filter(|_| extent == Extent::Year).map(|day| (day.as_str(), true));
    let named = always.chain(days.iter().copied());
    let days: BTreeMap<_, _> = named.map(|(date, off)| (date.parse::<NaiveDate>().unwrap(), off)).collect();
    let days = days.into_iter().map(|(date, off)| NamedDay { date, name: "假日".into(), off }).collect();
    Notice { year, extent, document: None, papers: vec![paper.into()], published: None, days }
}

/// The rule of a code with another number of working days.
pub fn rule_of(rule: &str, days: u16) -> Rule {
    let rule = rulebook().into_iter().find(|known| known.code.as_str() == rule).unwrap();
    Rule { limit: Limit::Within(Span::WorkingDays(NonZeroU16::new(days).unwrap())), ..rule }
}

/// An item that is not published whole.
pub fn withheld(name: &str, agency: &str, attribute: OpennessAttribute) -> Item {
    let openness = Openness { attribute, withheld: vec![], reason: Some("涉密".into()), basis: vec![LegalBasis::as_written("某法")] };
    Item { openness, agency: code(agency), ..item(name) }
}

pub struct City {
    pub told: Told,
    pub deadlines: Deadlines,
}

impl City {
    pub fn new() -> Self {
        let told = Told::new();
        Self { deadlines: Deadlines::new(told.journal.clone()), told }
    }

    pub async fn announce(&mut self, now: &str, notice: Notice) {
        self.told.on::<WorkingCalendar>("cn", at(now), Capacity::Import, Announce { notices: vec![notice] }).await;
    }

    pub async fn lay_down(&mut self, now: &str, rule: &str, days: u16) {
        let command = LayDown { code: code(rule), rule: Some(rule_of(rule, days)), effective_from: None, document: "文".into() };
        self.told.on::<DeadlineRules>("cn", at(now), Capacity::Import, command).await;
    }

    /// Reports what is not right of an item as it is now.
    pub async fn report(&mut self, report: &str, now: &str, entry: &str, path: Option<&str>) {
        let Some(latest) = self.told.state::<Item>(entry).await.latest else { return };
        let said = said(latest.content.as_ref(), path).unwrap();
        let entry = EntryName::new(Register::Item, code(entry));
        let command = Report { entry, revision: latest.revision, path: path.map(Into::into), said, words: "不对".into() };
        self.told.on::<Inaccuracy>(report, at(now), in_office(), command).await;
    }

    pub async fn dismiss(&mut self, report: &str, now: &str) {
        let command = Dismiss { reason: "并无不准确".into(), agency: Some(code("A1")) };
        self.told.on::<Inaccuracy>(report, at(now), reviewer(Some("A1")), command).await;
    }

    pub async fn self_check(&mut self, agency: Option<&str>, now: &str, year: i32) {
        let command = SelfCheck { agency: agency.map(code), year, entries: 1, findings: "无变化".into() };
        self.told.on::<SelfChecks>(agency.unwrap_or("city"), at(now), reviewer(agency), command).await;
    }

    /// The register has receipts since a moment: of something that is no part of the test.
    pub async fn keeps_receipts(&mut self, since: &str) {
        self.serve(Channel::Online, ("I0", 1), since, since).await;
    }

    /// A channel serves a revision of an item since a moment; that is written down at another.
    pub async fn serve(&mut self, channel: Channel, shown: (&str, u32), served: &str, written: &str) {
        self.serve_as(Witness::Commit, channel, shown, served, written).await;
    }

    /// The same, seen as it came or only found.
    pub async fn serve_as(&mut self, witness: Witness, channel: Channel, (entry, revision): (&str, u32), served: &str, written: &str) {
        let showing = Showing {
            entry: EntryName::new(Register::Item, code(entry)),
            revision,
            content_hash: Hash::of_bytes(b"shown"),
            published_at: at(served),
            served_at: at(served),
            witness,
            sight: None,
        };
        let calendar = Arc::new(domain::calendar::Calendar::shipped().known_at(at(served)));
        let record = Record { channel, showings: vec![showing], calendar, rules: Arc::new(domain::deadline::Rules::of_rulebook()) };
        self.told.on::<Receipts>(channel.word(), at(written), Capacity::Import, record).await;
    }

    /// The cases of a rule as they stand.
    pub async fn of(&self, rule: &str, now: &str) -> Vec<DeadlineCase> {
        self.known(rule, now, None).await
    }

    /// The same as they were known to stand.
    pub async fn known(&self, rule: &str, now: &str, known_at: Option<&str>) -> Vec<DeadlineCase> {
        let query = DeadlineQuery { rule: Some(code(rule)), ..DeadlineQuery::default() };
        let moments = (at(now), known_at.map(at));
        self.deadlines.page(&query, |_| true, moments, (None, usize::MAX)).await.unwrap().cases
    }

    /// The one case of a rule: where it stands, and when it is due by the clocks of China.
    pub async fn one(&self, rule: &str, now: &str) -> (Status, String) {
        let cases = self.of(rule, now).await;
        assert_eq!(cases.len(), 1, "{cases:?}");
        stands(&cases[0])
    }
}

pub fn stands(case: &DeadlineCase) -> (Status, String) {
    (case.judgement.status, case.judgement.due.map_or_else(|unknown| unknown.year.to_string(), |due| due.to_string()))
}

/// What a case is about.
pub fn about(case: &DeadlineCase) -> String {
    match &case.subject {
        Subject::Entry(name) => name.code.to_string(),
        Subject::Agency(agency) => agency.as_ref().map_or_else(|| "city".to_owned(), ToString::to_string),
    }
}

/// An index that reads everything at once.
pub fn anew(city: &City) -> Deadlines {
    Deadlines::new(Arc::clone(&city.told.journal) as journal::SharedJournal)
}
