use std::sync::Arc;

use async_graphql::{Context, SimpleObject};
use domain::{
    calendar::Span,
    deadline::{Limit, Rule},
};

use super::{super::scope::RequestView, DeadlineAct, list::unavailable};
use crate::registrar::change::Desk;

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
}

impl From<Rule> for DeadlineRule {
    fn from(rule: Rule) -> Self {
        let Rule { code, article, name, name_en, limit, acts, .. } = rule;
        let (mut working_days, mut calendar_days, mut hours, mut day_of_year) = (None, None, None, None);
        match limit {
            Limit::Within(Span::WorkingDays(number)) => working_days = Some(number.get()),
            Limit::Within(Span::CalendarDays(number)) => calendar_days = Some(number.get()),
            Limit::Within(Span::Hours(number)) => hours = Some(number.get()),
            Limit::DayOfYear { month, day } => day_of_year = Some(format!("{month:02}-{day:02}")),
        }
        let acts = acts.into_iter().map(DeadlineAct::from).collect();
        Self { code: code.to_string(), article, name, name_en, working_days, calendar_days, hours, day_of_year, acts }
    }
}

/// The rules that hold at the moment of the request, in order of their codes.
pub async fn rules(context: &Context<'_>) -> async_graphql::Result<Vec<DeadlineRule>> {
    let (desk, now) = (context.data::<Arc<Desk>>()?, context.data::<RequestView>()?.now);
    let rules = desk.deadlines.rules(now).await.map_err(|error| unavailable(&error))?;
    Ok(rules.into_iter().map(DeadlineRule::from).collect())
}
