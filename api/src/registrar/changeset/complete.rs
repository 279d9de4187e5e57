use std::{collections::HashSet, time::Duration};

use chrono::TimeDelta;
use domain::envelope::Code;

use super::{MemberRefused, carry::settle, load_set};
use crate::{
    clock::Clock,
    registrar::change::{ChangeError, Desk},
};

/// How long whoever decided is left to carry it to the members before somebody else does it.
const LEFT_ALONE: TimeDelta = TimeDelta::seconds(30);

/// Most members that are named in the log.
const MOST_NAMED: usize = 100;

/// How often it is looked.
const LOOK: Duration = Duration::from_secs(10);

/// Carries what was approved or withdrawn of sets to the members that it did not reach, because whoever did it was cut off: else a list
/// that was approved as one would be half in force for good. Any node may do it, several at once, since what is asked of each member
/// follows from the event of the set; it is done in the name of who decided.
#[derive(Debug, Default)]
pub struct Completer {
    /// Sets that came to their end here: what a member refuses it refuses for good.
    done: HashSet<Code>,
}

/// A set that was completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completed {
    /// Its code.
    pub code: Code,
    /// The members that refuse what was decided, for good: each is told in the log.
    pub refused: Vec<MemberRefused>,
}

impl Completer {
    /// Looks until the future is dropped.
    pub async fn run(mut self, desk: &Desk, clock: &Clock) {
        loop {
            if let Err(error) = self.complete(desk, clock).await {
                tracing::warn!(%error, "change sets that were cut off cannot be completed yet");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Completes the sets that were cut off; says which. Those that were decided a moment ago are left to whoever decided.
    pub async fn complete(&mut self, desk: &Desk, clock: &Clock) -> Result<Vec<Completed>, ChangeError> {
        let mut completed = Vec::new();
        for code in desk.work.unfinished_sets().await? {
            if self.done.contains(&code) {
                continue;
            }
            let loaded = load_set(desk.journal.as_ref(), &code).await?;
            let Some(last) = loaded.history.last() else { continue };
            if clock() - last.metadata.at < LEFT_ALONE {
                continue;
            }
            let Some(outcome) = settle(desk.journal.as_ref(), &loaded, clock).await.map_err(ChangeError::Transact)? else { continue };
            if outcome.unknown {
                // It is not known whether all of it was kept: it is asked again.
                continue;
            }
            if outcome.position.is_some() || !outcome.refused.is_empty() {
                let refused = outcome.refused.len();
                tracing::warn!(%code, refused, "what was decided of a change set had not reached all of its members: completed");
                for MemberRefused { entry, refused, .. } in outcome.refused.iter().take(MOST_NAMED) {
                    tracing::warn!(%code, member = %entry, refusal = refused.code, reason = refused.en, "a member of a change set refuses what was decided of the set");
                }
            }
            self.done.insert(code.clone());
            completed.push(Completed { code, refused: outcome.refused });
        }
        Ok(completed)
    }
}
