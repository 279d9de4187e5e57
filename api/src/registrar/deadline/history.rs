//! How the rules of deadlines came to be: since when each holds, by which document, by whom, and what is to come.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    deadline::{DeadlineRules, Event, Rule, Ruled, Rules},
    envelope::{ActorId, Code},
};
use journal::{Journal, LoadError, load_of};

/// A step in the history of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleStep {
    /// The rule from then on; `None`: it holds no more.
    pub rule: Option<Rule>,
    /// From when on it holds; `None`: since ever, by the rulebook that ships with the program.
    pub since: Option<DateTime<Utc>>,
    /// Number of the document that laid it down.
    pub document: Option<String>,
    /// When it was recorded.
    pub changed_at: Option<DateTime<Utc>>,
    /// The account by which it was.
    pub changed_by: Option<ActorId>,
}

/// A rule with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleHistory {
    /// Its code.
    pub code: Code,
    /// All steps in the order in which they hold, also those that another one from the same moment on took the place of.
    pub steps: Vec<RuleStep>,
    /// Place of the step that holds at the moment of the question; `None`: none does yet.
    pub holds: Option<usize>,
}

impl RuleHistory {
    /// The step that holds.
    pub fn step(&self) -> Option<&RuleStep> {
        self.holds.and_then(|at| self.steps.get(at))
    }

    /// The rule that holds.
    pub fn rule(&self) -> Option<&Rule> {
        self.step().and_then(|step| step.rule.as_ref())
    }

    /// What is to come.
    pub fn upcoming(&self) -> &[RuleStep] {
        &self.steps[self.holds.map_or(0, |at| at + 1)..]
    }
}

/// Every rule that there is or was, by code, as it was known at a moment.
pub async fn rule_histories(journal: &dyn Journal, at: DateTime<Utc>) -> Result<Vec<RuleHistory>, LoadError> {
    let loaded = load_of::<DeadlineRules>(journal, &Code::of_country()).await?;
    let known: Vec<_> = loaded.history.iter().filter(|past| past.metadata.at <= at).collect();
    let laid_down = |event: &Event| {
        let Event::Ruled(ruled) = event;
        ruled.clone()
    };
    let events: Vec<_> = known.iter().map(|past| (laid_down(&past.event), past)).collect();
    // The same thing may be laid down twice: each step is known by where it is kept.
    let recorded: HashMap<*const Ruled, _> = events.iter().map(|(ruled, past)| (Arc::as_ptr(ruled), &past.metadata)).collect();
    let all = Rules::new(events.iter().map(|(ruled, past)| (past.metadata.at, ruled.clone())));
    let told = |code: &Code| {
        let history = all.history(code);
        let holds = history.iter().rposition(|ruled| ruled.effective_from <= at);
        let steps = history.into_iter().map(|ruled| {
            let by = recorded.get(&Arc::as_ptr(ruled));
            let of_register = !ruled.is_of_rulebook();
            RuleStep {
                rule: ruled.rule.clone(),
                since: of_register.then_some(ruled.effective_from),
                document: of_register.then(|| ruled.document.clone()),
                changed_at: by.map(|metadata| metadata.at),
                changed_by: by.map(|metadata| metadata.actor.clone()),
            }
        });
        RuleHistory { code: code.clone(), steps: steps.collect(), holds }
    };
    Ok(all.codes().into_iter().map(told).collect())
}
