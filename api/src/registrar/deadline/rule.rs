//! A rule of deadlines is changed or ended, from now on or from a moment to come: what was triggered before is judged by the rule before.

use chrono::{DateTime, Utc};
use domain::{
    calendar::Span,
    deadline::{DeadlineRules, LayDown, Limit, Rule, Rules},
    decider::Circumstances,
    envelope::{ActorId, Code},
};
use journal::{Journal, load_of};
use uuid::Uuid;

use super::keep::keep;
use crate::{
    auth::Caller,
    registrar::{
        change::{Became, ChangeError, Desk, Refused},
        command_id,
    },
};

/// What becomes of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// So long is given from then on.
    Within(Span),
    /// It holds no more.
    End,
}

impl Change {
    /// The part of the command that says it.
    fn part(self) -> &'static str {
        match self {
            Self::Within(Span::WorkingDays(_)) => "workingDays",
            Self::Within(Span::CalendarDays(_)) => "calendarDays",
            Self::Within(Span::Hours(_)) => "hours",
            Self::End => "end",
        }
    }
}

/// A rule that somebody changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChange {
    /// Code of the rule.
    pub code: Code,
    /// What becomes of it.
    pub change: Change,
    /// From when on; `None`: at once.
    pub effective_from: Option<DateTime<Utc>>,
    /// Number of the document by which it was decided.
    pub document: String,
}

/// Changes a rule in the name of a caller, if they may.
pub async fn change_rule(desk: &Desk, caller: &Caller, id: Uuid, ask: RuleChange, now: DateTime<Utc>) -> Result<Became, ChangeError> {
    let Some(leave) = caller.leave_to_lay_down() else {
        tracing::warn!(account = caller.account().as_str(), code = %ask.code, "denied: a rule of deadlines");
        return Err(ChangeError::Forbidden);
    };
    lay_down(desk.journal.as_ref(), ask, leave.circumstances(now, id)).await
}

/// Changes a rule of the register at hand, as its command line does.
pub async fn change_rule_here(journal: &dyn Journal, ask: RuleChange, actor: &ActorId, now: DateTime<Utc>) -> Result<Became, ChangeError> {
    let version = load_of::<DeadlineRules>(journal, &Code::of_country()).await?.version;
    let version = version.map_or_else(|| "none".to_owned(), |version| version.0.to_string());
    // What is changed and changed back is another command each time: the version is part of the id.
    let id = command_id(&["deadline", &version, &format!("{ask:?}")]);
    lay_down(journal, ask, Circumstances::of_import(now, actor.clone(), id)).await
}

async fn lay_down(journal: &dyn Journal, ask: RuleChange, by: Circumstances) -> Result<Became, ChangeError> {
    let RuleChange { code, change, effective_from, document } = ask;
    let loaded = load_of::<DeadlineRules>(journal, &Code::of_country()).await?;
    // The same again follows the rule that there was then.
    let earlier = loaded.history.iter().take_while(|past| past.metadata.command != by.command);
    let rules = Rules::new(earlier.map(|past| {
        let domain::deadline::Event::Ruled(ruled) = &past.event;
        (past.metadata.at, ruled.clone())
    }));
    let rule = match change {
        Change::End => None,
        Change::Within(span) => {
            let known = rules.in_force(&code, effective_from.unwrap_or(by.now)).or_else(|| rules.last(&code));
            let Some(known) = known else { return Ok(Became::Refused(not_found(&code))) };
            if let Limit::DayOfYear { month, day } = known.limit {
                return Ok(Became::Refused(ends_with_a_day(&code, month, day, change.part())));
            }
            Some(Rule { limit: Limit::Within(span), ..known.clone() })
        }
    };
    let became = keep::<DeadlineRules>(journal, &Code::of_country(), LayDown { code, rule, effective_from, document }, by).await?;
    Ok(match became {
        // Of the rule as a whole only how long it gives was asked for.
        Became::Refused(refused) if refused.field.as_ref().is_some_and(|field| field.starts_with("rule.")) => {
            Became::Refused(Refused { field: Some(change.part().to_owned()), ..refused })
        }
        became => became,
    })
}

/// No time from its beginning on takes the place of a day of the year.
fn ends_with_a_day(code: &Code, month: u32, day: u32, part: &str) -> Refused {
    Refused {
        code: "RULE_ENDS_WITH_A_DAY",
        rule: "register",
        field: Some(part.to_owned()),
        zh: format!("规则{code}以每年{month}月{day}日为限，不能改为一段时间"),
        en: format!("rule {code} ends with a day of each year ({month:02}-{day:02}) and takes no span"),
    }
}

fn not_found(code: &Code) -> Refused {
    Refused {
        code: "RULE_NOT_FOUND",
        rule: "register",
        field: Some("code".to_owned()),
        zh: format!("没有编码为{code}的规则；请核对"),
        en: format!("there is no rule {code}: check its code"),
    }
}
