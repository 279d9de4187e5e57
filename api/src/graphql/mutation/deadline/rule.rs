use std::num::NonZeroU16;

use async_graphql::{Context, InputObject, Object};
use chrono::{DateTime, Utc};
use domain::calendar::Span;
use uuid::Uuid;

use super::{
    super::super::error::{code_in, wrong_input},
    DeadlinePayload, answer, started,
};
use crate::registrar::deadline::{Change, RuleChange, change_rule};

/// A rule of deadlines that changes. One of `workingDays`, `calendarDays`, `hours` and `end` is given.
#[derive(InputObject, Debug)]
pub struct LayDownRuleInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// Code of the rule, e.g. `ART-7`.
    pub code: String,
    /// Number of the document by which it was decided.
    pub document_number: String,
    /// From when on; without it at once. Not in the past: what was due is judged by the rule then.
    #[graphql(validator(custom = "crate::graphql::scalars::no_leap_second"))]
    pub effective_from: Option<DateTime<Utc>>,
    /// So many working days are given.
    pub working_days: Option<NonZeroU16>,
    /// So many days are given.
    pub calendar_days: Option<NonZeroU16>,
    /// So many hours are given.
    pub hours: Option<NonZeroU16>,
    /// It holds no more.
    #[graphql(default)]
    pub end: bool,
}

impl LayDownRuleInput {
    fn change(&self) -> async_graphql::Result<Change> {
        let spans = [self.working_days.map(Span::WorkingDays), self.calendar_days.map(Span::CalendarDays), self.hours.map(Span::Hours)];
        let within = spans.into_iter().flatten().map(Change::Within);
        let mut given = within.chain(self.end.then_some(Change::End));
        match (given.next(), given.next()) {
            (Some(change), None) => Ok(change),
            _ => Err(wrong_input(
                "input",
                "workingDays、calendarDays、hours、end 须给出且只给出一项 / one of workingDays, calendarDays, hours and end is given",
            )),
        }
    }
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "LayDownRuleVerb")]
impl Verb {
    /// Changes how long a rule of deadlines gives, or ends it, from then on. By an administrator or an approver for the city.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn lay_down_rule(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: LayDownRuleInput,
    ) -> async_graphql::Result<DeadlinePayload> {
        let rule = code_in("input.code", &input.code);
        let (caller, desk, now) = started(context, "layDownRule", rule.as_ref().ok())?;
        let change = input.change()?;
        let ask = RuleChange { code: rule?, change, effective_from: input.effective_from, document: input.document_number };
        let id = input.command_id;
        let changing = async move { change_rule(&desk, &caller, id, ask, now).await.map(|became| (became, None)) };
        answer(context, (id, "register"), changing).await
    }
}
