use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};

use super::{Done, Judgement, Rule, Ruled, rulebook};
use crate::{calendar::CalendarAt, envelope::Code};

/// What was laid down, and since when it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LaidDown {
    known_from: DateTime<Utc>,
    ruled: Arc<Ruled>,
}

/// All rules with all that was ever laid down of them: what was due then is judged by the rule then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules(Vec<LaidDown>);

/// What the rules come to in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged<'r> {
    /// The rule that held when the case was triggered.
    pub rule: &'r Rule,
    /// What it says.
    pub judgement: Judgement,
}

impl Rules {
    /// The rules of the rulebook, and what a register laid down: each with the moment of its event.
    pub fn new(recorded: impl IntoIterator<Item = (DateTime<Utc>, Arc<Ruled>)>) -> Self {
        let from = DateTime::<Utc>::MIN_UTC;
        let shipped = rulebook().into_iter().map(|rule| LaidDown { known_from: from, ruled: Ruled::of_rulebook(rule).into() });
        let mut all: Vec<_> = shipped.chain(recorded.into_iter().map(|(known_from, ruled)| LaidDown { known_from, ruled })).collect();
        all.sort_by_key(|laid_down| laid_down.known_from);
        Self(all)
    }

    /// Those of the rulebook.
    pub fn of_rulebook() -> Self {
        Self::new([])
    }

    /// The rules as they were known at a moment.
    #[must_use]
    pub fn known_at(&self, at: DateTime<Utc>) -> Self {
        Self(self.0.iter().filter(|laid_down| laid_down.known_from <= at).cloned().collect())
    }

    /// The rule that holds at a moment under a code; `None`: there is none, or it holds no more.
    pub fn in_force(&self, code: &Code, at: DateTime<Utc>) -> Option<&Rule> {
        let of_code = self.0.iter().map(|laid_down| &laid_down.ruled).filter(|ruled| ruled.code == *code && ruled.effective_from <= at);
        // The last of the greatest: of two from the same moment on the one that was laid down later.
        of_code.max_by_key(|ruled| ruled.effective_from)?.rule.as_ref()
    }

    /// All that was laid down under a code, in the order in which it holds: first the rulebook, last what is to come. Of two from the same moment on the one
    /// that was laid down later holds, and comes later.
    pub fn history(&self, code: &Code) -> Vec<&Arc<Ruled>> {
        let mut of_code: Vec<_> = self.0.iter().map(|laid_down| &laid_down.ruled).filter(|ruled| ruled.code == *code).collect();
        of_code.sort_by_key(|ruled| ruled.effective_from);
        of_code
    }

    /// The codes under which anything was laid down.
    pub fn codes(&self) -> BTreeSet<&Code> {
        self.0.iter().map(|laid_down| &laid_down.ruled.code).collect()
    }

    /// How many of them were known at a moment: as long as it is the same, the same is judged.
    pub fn number_known_at(&self, at: DateTime<Utc>) -> usize {
        self.0.iter().filter(|laid_down| laid_down.known_from <= at).count()
    }

    /// The moments from which anything that was laid down holds, in order, each once.
    pub fn moments(&self) -> BTreeSet<DateTime<Utc>> {
        self.0.iter().map(|laid_down| laid_down.ruled.effective_from).collect()
    }

    /// The rule that was laid down last under a code, also one that holds no more: what it is about does not change when it ends.
    pub fn last(&self, code: &Code) -> Option<&Rule> {
        self.0.iter().rev().filter(|laid_down| laid_down.ruled.code == *code).find_map(|laid_down| laid_down.ruled.rule.as_ref())
    }

    /// Whether anything was ever laid down under a code.
    pub(super) fn knows(&self, code: &Code) -> bool {
        self.0.iter().any(|laid_down| laid_down.ruled.code == *code)
    }

    /// The rules that hold at a moment, in order of their codes.
    pub fn all_in_force(&self, at: DateTime<Utc>) -> Vec<&Rule> {
        self.codes().into_iter().filter_map(|code| self.in_force(code, at)).collect()
    }

    /// Judges a case by the rule that held when it was triggered; `None`: none did.
    pub fn judge(
        &self,
        code: &Code,
        trigger: DateTime<Utc>,
        done: &[Done],
        calendar: &CalendarAt,
        now: DateTime<Utc>,
    ) -> Option<Judged<'_>> {
        let rule = self.in_force(code, trigger)?;
        Some(Judged { rule, judgement: rule.judge(trigger, done, calendar, now) })
    }
}
