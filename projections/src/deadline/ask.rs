//! Cases as they stand at a moment, for somebody who may know of some of them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    calendar::CalendarAt,
    deadline::sight::{Known, Sight},
    deadline::{Act, Done, Occasion, Rule, Status, Trigger},
    envelope::Code,
};

use super::{
    agency::Checks,
    case::{About, CasePlace, DeadlineCase, DeadlinePage, DeadlineQuery, Knows, ReportTold, Subject},
    filed::{Filed, Filing, Key, done_by},
    occurred::{Occurred, Occurrence},
};

/// Numbers of self-checks come after those of all that happens.
const SELF_CHECKS: u64 = 1 << 48;

/// The cases as they are, or were known to be.
pub(super) struct Standing<'i> {
    pub(super) occurred: &'i Occurred,
    pub(super) filing: &'i Filing,
    /// The calendar as of the moment of the question, for the words of a reason.
    pub(super) calendar: CalendarAt,
    /// The moment at which they are judged.
    pub(super) now: DateTime<Utc>,
    /// Until when something had to be recorded to count.
    pub(super) until: DateTime<Utc>,
    /// The moment at which it is asked, by which it is decided who may know of what.
    pub(super) asked_at: DateTime<Utc>,
}

/// A self-check that an agency owes or made.
pub(super) struct OfYear<'i> {
    agency: &'i Option<Code>,
    trigger: DateTime<Utc>,
    done: Option<Done>,
}

/// What a case is about.
pub(super) enum Case<'i> {
    Entry(&'i Occurrence),
    Agency(OfYear<'i>),
}

impl Case<'_> {
    /// Whether it is of a revision that a change set owes to its entry.
    pub(super) fn is_of_set(&self) -> bool {
        matches!(self, Self::Entry(occurrence) if occurrence.is_of_set())
    }
}

impl<'i> Standing<'i> {
    /// A page of the cases that are asked for and may be told.
    pub(super) fn page<K: Into<Knows>>(
        &self,
        query: &DeadlineQuery,
        sees: impl Fn(&About<'_>) -> K,
        after: Option<&Key>,
        first: usize,
    ) -> DeadlinePage {
        let mut page = DeadlinePage::default();
        self.each(query, sees, |key, filed, (case, agency)| {
            page.total += 1;
            if after.is_some_and(|after| key <= after) {
                return;
            }
            if page.cases.len() < first {
                page.cases.push(self.told(key, filed, case, agency));
            } else {
                page.more = true;
            }
        });
        page
    }

    /// Hears all cases that are asked for and may be told, in order, each with who is told to answer for it; `None`: the city.
    pub(super) fn each<K: Into<Knows>>(
        &self,
        query: &DeadlineQuery,
        sees: impl Fn(&About<'_>) -> K,
        mut hear: impl FnMut(&Key, &Filed, (&Case<'_>, Option<&Code>)),
    ) {
        let of_entry = query.entry.as_ref().map(|name| self.of_entry(name));
        let mut entries: Box<dyn Iterator<Item = (&Key, &Filed)>> = match &of_entry {
            Some(cases) => Box::new(cases.iter().map(|(key, filed)| (key, filed))),
            None if is_open(&query.status) => Box::new(self.open()),
            None => Box::new(self.filing.by_due.iter()),
        };
        let agencies = if query.entry.is_none() { self.of_agencies() } else { Vec::new() };
        let mut agencies = agencies.into_iter().peekable();
        let mut entries = entries.as_mut().peekable();
        loop {
            let agency_next = match (entries.peek(), agencies.peek()) {
                (Some((entry, _)), Some((agency, ..))) => agency < *entry,
                (Some(_), None) => false,
                (None, Some(_)) => true,
                (None, None) => return,
            };
            if agency_next {
                let Some((key, filed, of_year)) = agencies.next() else { return };
                self.look(query, &sees, (&key, &filed, Case::Agency(of_year)), &mut hear);
            } else {
                let Some((key, filed)) = entries.next() else { return };
                let Some(occurrence) = self.occurrence(key) else { continue };
                self.look(query, &sees, (key, filed, Case::Entry(occurrence)), &mut hear);
            }
        }
    }

    fn look<K: Into<Knows>>(
        &self,
        query: &DeadlineQuery,
        sees: &impl Fn(&About<'_>) -> K,
        (key, filed, case): (&Key, &Filed, Case<'_>),
        hear: &mut impl FnMut(&Key, &Filed, (&Case<'_>, Option<&Code>)),
    ) {
        let since = self.occurred.receipts_since.filter(|since| *since <= self.until);
        if since.is_none() && filed.is_of_no_account(None, self.now) {
            return;
        }
        let due_by = query.due_by.is_none_or(|by| key.due <= by);
        let status = query.status.is_empty() || query.status.contains(&filed.status(self.now));
        if !due_by || !status || query.rule.as_ref().is_some_and(|rule| *rule != filed.rule.code) {
            return;
        }
        let about = self.about(&filed.rule, &case);
        let agency = match sees(&about).into() {
            Knows::Nothing => return,
            // An undisclosed revision that is to come may be another agency's, and that is nobody's to know.
            Knows::Public => about.public.flatten(),
            Knows::Within => about.agencies[0].flatten(),
        };
        if query.agency.as_ref().is_none_or(|asked| agency == Some(asked)) {
            hear(key, filed, (&case, agency));
        }
    }

    /// The cases of entries that may be open, or of which it is not known when they are due, in order.
    fn open(&self) -> impl Iterator<Item = (&'i Key, &'i Filed)> {
        let is_unknown = |key: &Key| key.due == DateTime::<Utc>::MAX_UTC;
        let open = self.filing.open.iter().filter(move |key| !is_unknown(key)).filter_map(|key| self.filing.by_due.get_key_value(key));
        let mut unknown: Vec<_> = self.filing.by_due.iter().rev().take_while(|(key, _)| is_unknown(key)).collect();
        unknown.reverse();
        open.chain(unknown)
    }

    fn of_entry(&self, name: &domain::envelope::EntryName) -> Vec<(Key, Filed)> {
        let numbers = self.occurred.entry(name).map(|row| row.occurrences.as_slice()).unwrap_or_default();
        let mut cases = Vec::new();
        for number in numbers {
            cases.extend(self.filing.cases_of(*number).map(|(key, filed)| (key.clone(), filed.clone())));
        }
        cases.sort_by(|(a, _), (b, _)| a.cmp(b));
        cases
    }

    /// The self-checks of all agencies up to the moment, in order.
    fn of_agencies(&self) -> Vec<(Key, Filed, OfYear<'i>)> {
        let mut months: Vec<_> = self.filing.knowledge.all().filter_map(|rule| yearly(rule)).collect();
        months.sort_unstable();
        months.dedup();
        let mut cases = Vec::new();
        for (agency, checks) in self.occurred.agencies.all() {
            for (year, month) in checks.years(self.now).flat_map(|year| months.iter().map(move |month| (year, *month))) {
                let Some(trigger) = Trigger::Yearly { month }.in_year(year) else { continue };
                if trigger > self.now || checks.number_at(trigger) <= 0 {
                    continue;
                }
                let rules = self.filing.knowledge.in_force(trigger).iter().filter(|rule| yearly(rule) == Some(month));
                cases.extend(rules.map(|rule| self.of_year(rule, (agency, checks), (year, trigger))));
            }
        }
        cases.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        cases
    }

    fn of_year(
        &self,
        rule: &Arc<Rule>,
        (agency, checks): (&'i Option<Code>, &Checks),
        (year, trigger): (i32, DateTime<Utc>),
    ) -> (Key, Filed, OfYear<'i>) {
        let checked = checks.checked.get(&year).copied().filter(|at| *at <= self.until);
        let due = rule.limit.due(trigger, &self.filing.knowledge.calendar);
        let number = SELF_CHECKS | (u64::from(checks.number) << 16) | u64::try_from(year).unwrap_or(0);
        let done = checked.map(|at| Done { act: Act::SelfChecked, at });
        // Of a rule that asks for more than this the rest cannot be done here, and it is not proven.
        let proof = rule.proof(done.map(|done| (done, Known::Seen)).as_slice());
        let sight = Sight::always(trigger);
        let clock = sight.clock(proof.map(|proof| proof.at), |_| due);
        (Key::of(due, number, rule), Filed { rule: rule.clone(), sight, clock, proof }, OfYear { agency, trigger, done })
    }

    fn occurrence(&self, key: &Key) -> Option<&'i Occurrence> {
        usize::try_from(key.number).ok().and_then(|number| self.occurred.occurrences.get(number))
    }

    fn about<'c>(&'c self, rule: &'c Rule, case: &'c Case<'_>) -> About<'c> {
        match case {
            Case::Agency(of_year) => About { rule, agencies: [Some(of_year.agency.as_ref()), None], public: None },
            Case::Entry(occurrence) => {
                let row = &self.occurred.rows[occurrence.row as usize];
                let public = row.agency_in_public(self.asked_at).filter(|_| !occurrence.is_of_set());
                About { rule, agencies: [row.agency(), row.agency_in_force(self.asked_at)], public }
            }
        }
    }

    fn told(&self, key: &Key, filed: &Filed, case: &Case<'_>, agency: Option<&Code>) -> DeadlineCase {
        let (rule, place) = (filed.rule.clone(), CasePlace(key.clone()));
        match case {
            Case::Agency(OfYear { agency: of, trigger, done }) => DeadlineCase {
                judgement: rule.judge(*trigger, done.as_slice(), &self.calendar, self.now),
                place,
                rule,
                subject: Subject::Agency((*of).clone()),
                agency: agency.cloned(),
                trigger: *trigger,
                revision: None,
                report: None,
                begun: None,
            },
            Case::Entry(occurrence) => {
                let row = &self.occurred.rows[occurrence.row as usize];
                let (sight, acts) = done_by(self.occurred, occurrence, self.until);
                let done: Vec<_> = acts.iter().map(|acted| (acted.done, acted.by)).collect();
                // By what answered it something is known of it that was not known before.
                let answered = occurrence.acts.iter().any(|acted| acted.recorded_at <= self.until);
                let revision = occurrence.revision.filter(|_| answered || occurrence.occasion != Occasion::InformationChanged);
                let report = occurrence.report.as_deref().map(|told| ReportTold {
                    code: told.code.clone(),
                    path: told.path.clone(),
                    words: told.words.clone(),
                    dismissed: told.dismissed.as_ref().filter(|(_, at)| *at <= self.until).map(|(dismissed, _)| dismissed.reason.clone()),
                });
                DeadlineCase {
                    judgement: rule.judge_in_sight(&sight, &done, &self.calendar, self.now),
                    place,
                    rule,
                    subject: Subject::Entry(row.name.clone()),
                    agency: agency.cloned(),
                    trigger: occurrence.trigger,
                    revision,
                    report,
                    begun: Some(occurrence.place),
                }
            }
        }
    }
}

/// The month of a rule that begins each year.
fn yearly(rule: &Rule) -> Option<u32> {
    if let Trigger::Yearly { month } = rule.trigger { Some(month) } else { None }
}

/// Whether no case is asked for that is known to be fulfilled in time or late.
fn is_open(status: &[Status]) -> bool {
    !status.is_empty() && status.iter().all(|status| matches!(status, Status::Due | Status::Overdue | Status::Unknown | Status::Waiting))
}
