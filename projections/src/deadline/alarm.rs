//! What whoever keeps the node is told of deadlines: figures, and each case once when it comes near its end and once when it passed it.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{deadline::Status, envelope::Code};

use super::{
    ask::Standing,
    case::{DeadlineCase, DeadlineQuery, RuleFigures, is_of_public},
    filed::Key,
};

/// Why a case is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmKind {
    /// It comes near its end, and not everything is done.
    Near,
    /// It is over, and not everything is done.
    Overdue,
}

/// A case that is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Why.
    pub kind: AlarmKind,
    /// The case.
    pub case: DeadlineCase,
}

/// What was told.
#[derive(Debug, Default)]
pub(super) struct Raised(HashMap<(u64, Code), AlarmKind>);

impl Raised {
    /// Those of the cases that were not told so before. What is fulfilled, or has time again, is forgotten.
    pub(super) fn raise(&mut self, found: Vec<Alarm>) -> Vec<Alarm> {
        let of = |alarm: &Alarm| (alarm.case.place.0.number, alarm.case.rule.code.clone());
        let now: HashSet<_> = found.iter().map(of).collect();
        self.0.retain(|case, _| now.contains(case));
        let is_new = |alarm: &Alarm| self.0.insert(of(alarm), alarm.kind) < Some(alarm.kind);
        found.into_iter().filter(is_new).collect::<Vec<_>>()
    }
}

impl Standing<'_> {
    /// The cases that are not fulfilled and end by a moment.
    pub(super) fn near(&self, until: DateTime<Utc>) -> Vec<Alarm> {
        let query = DeadlineQuery { status: vec![Status::Due, Status::Overdue], due_by: Some(until), ..DeadlineQuery::default() };
        let page = self.page(&query, |_| true, None, usize::MAX);
        let kind = |case: &DeadlineCase| if case.judgement.status == Status::Overdue { AlarmKind::Overdue } else { AlarmKind::Near };
        page.cases.into_iter().map(|case| Alarm { kind: kind(&case), case }).collect()
    }

    /// Figures of each rule that holds.
    pub(super) fn figures(&self) -> BTreeMap<Code, RuleFigures> {
        let rules = self.filing.knowledge.in_force(self.now);
        let mut figures: BTreeMap<_, _> =
            rules.iter().map(|rule| (rule.code.clone(), RuleFigures { public: is_of_public(rule), ..RuleFigures::default() })).collect();
        let open = vec![Status::Due, Status::Overdue, Status::Unknown];
        self.each(
            &DeadlineQuery { status: open, ..DeadlineQuery::default() },
            |_| true,
            |key: &Key, filed, (case, _)| {
                // What a change set owes is nobody's to know but of those who see drafts, and is told them, and in the log.
                if case.is_of_set() {
                    return;
                }
                let of_rule = figures.entry(filed.rule.code.clone()).or_default();
                of_rule.public = is_of_public(&filed.rule);
                match filed.status(self.now) {
                    Status::Due => {
                        of_rule.due += 1;
                        let due = filed.clock.due.map_or(key.due, |due| due.at);
                        of_rule.nearest = Some(of_rule.nearest.map_or(due, |nearest| nearest.min(due)));
                    }
                    Status::Overdue => of_rule.overdue += 1,
                    Status::Unknown if filed.clock.due.is_err() => of_rule.unknown += 1,
                    _ => {}
                }
            },
        );
        figures
    }
}
