use std::sync::Arc;

use async_graphql::{Context, SimpleObject};
use chrono::{DateTime, Utc};
use domain::{
    calendar::Span,
    deadline::{Limit, Rule},
};

use super::{super::scope::RequestView, DeadlineAct, list::unavailable};
use crate::registrar::{
    change::Desk,
    deadline::{RuleHistory, RuleStep, rule_histories},
};

/// A rule of deadlines. One of the four limits is told.
#[derive(SimpleObject, Debug, Clone)]
pub struct DeadlineRule {
    /// Its code, e.g. `ART-10-2`.
    code: String,
    /// The article, e.g. `Art. 10(2)`.
    article: String,
    /// What it asks for, in Chinese.
    name: String,
    /// The same in English.
    name_en: String,
    /// So many working days after its trigger.
    working_days: Option<u16>,
    /// So many days after its trigger.
    calendar_days: Option<u16>,
    /// So many hours after its trigger.
    hours: Option<u16>,
    /// With this day of the year, as `11-30`.
    day_of_year: Option<String>,
    /// What fulfils it: all of these acts.
    acts: Vec<DeadlineAct>,
    /// Since when it holds as it does; null: since ever, by the rulebook.
    since: Option<DateTime<Utc>>,
    /// Number of the document by which it does; null: the rulebook.
    document_number: Option<String>,
    /// When that was recorded.
    changed_at: Option<DateTime<Utc>>,
    /// The id of the account by which it was.
    changed_by: Option<String>,
    /// All that was laid down of it until now, in the order in which it held, the rulebook first.
    history: Vec<DeadlineRuleStep>,
    /// What is laid down for a moment to come.
    upcoming: Vec<DeadlineRuleStep>,
}

/// A step in the history of a rule. One of the four limits is told, or none: it holds no more.
#[derive(SimpleObject, Debug, Clone)]
pub struct DeadlineRuleStep {
    /// From when on; null: since ever, by the rulebook.
    since: Option<DateTime<Utc>>,
    /// So many working days after its trigger.
    working_days: Option<u16>,
    /// So many days after its trigger.
    calendar_days: Option<u16>,
    /// So many hours after its trigger.
    hours: Option<u16>,
    /// With this day of the year, as `11-30`.
    day_of_year: Option<String>,
    /// Whether the rule holds no more from then on.
    ended: bool,
    /// Number of the document; null: the rulebook.
    document_number: Option<String>,
    /// When it was recorded.
    changed_at: Option<DateTime<Utc>>,
    /// The id of the account by which it was.
    changed_by: Option<String>,
}

impl From<&RuleStep> for DeadlineRuleStep {
    fn from(step: &RuleStep) -> Self {
        let RuleStep { rule, since, document, changed_at, changed_by } = step.clone();
        let (working_days, calendar_days, hours, day_of_year) = rule.as_ref().map(limits).unwrap_or_default();
        let changed_by = changed_by.map(|actor| actor.as_str().to_owned());
        Self {
            since,
            working_days,
            calendar_days,
            hours,
            day_of_year,
            ended: rule.is_none(),
            document_number: document,
            changed_at,
            changed_by,
        }
    }
}

/// The four limits, of which one is told.
fn limits(rule: &Rule) -> (Option<u16>, Option<u16>, Option<u16>, Option<String>) {
    match rule.limit {
        Limit::Within(Span::WorkingDays(number)) => (Some(number.get()), None, None, None),
        Limit::Within(Span::CalendarDays(number)) => (None, Some(number.get()), None, None),
        Limit::Within(Span::Hours(number)) => (None, None, Some(number.get()), None),
        Limit::DayOfYear { month, day } => (None, None, None, Some(format!("{month:02}-{day:02}"))),
    }
}

impl DeadlineRule {
    /// A rule that holds, with its history.
    fn of(told: &RuleHistory) -> Option<Self> {
        let rule = told.rule()?.clone();
        let now = DeadlineRuleStep::from(told.step()?);
        let (working_days, calendar_days, hours, day_of_year) = limits(&rule);
        let upcoming = told.upcoming();
        let Rule { code, article, name, name_en, acts, .. } = rule;
        Some(Self {
            code: code.to_string(),
            article,
            name,
            name_en,
            working_days,
            calendar_days,
            hours,
            day_of_year,
            acts: acts.into_iter().map(DeadlineAct::from).collect(),
            since: now.since,
            document_number: now.document_number,
            changed_at: now.changed_at,
            changed_by: now.changed_by,
            history: told.steps[..told.steps.len() - upcoming.len()].iter().map(DeadlineRuleStep::from).collect(),
            upcoming: upcoming.iter().map(DeadlineRuleStep::from).collect(),
        })
    }
}

/// The rules that hold at the moment of the request, in order of their codes.
pub async fn rules(context: &Context<'_>) -> async_graphql::Result<Vec<DeadlineRule>> {
    let (desk, now) = (context.data::<Arc<Desk>>()?, context.data::<RequestView>()?.now);
    let rules = rule_histories(desk.journal.as_ref(), now).await.map_err(|error| unavailable(&error))?;
    Ok(rules.iter().filter_map(DeadlineRule::of).collect())
}
