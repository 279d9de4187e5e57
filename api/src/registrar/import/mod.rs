//! Takes over lists: each proposal becomes a revision or changes nothing, and every row is accounted for.

mod account;
mod known;
mod proposal;
mod report;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{
    envelope::{ActorId, Code},
    register::Register,
};
use exchange::{Proposal, Reading, RowOutcome};
use futures::{StreamExt, stream};
use journal::{SharedJournal, StoreError};
use projections::Unreadable;

pub use account::{Account, RepealProposal, RowFate, RowReport, Tally, Told};
pub use known::Known;
pub use report::tables;

use super::RegistrarError;
use crate::clock::Clock;
use proposal::Adopter;

/// Proposals that are under way at once; the journal commits those that wait for it together.
const AT_ONCE: usize = 128;

/// How lists are taken over.
pub struct Importer {
    journal: SharedJournal,
    clock: Clock,
    actor: ActorId,
    effective_from: Option<DateTime<Utc>>,
}

/// Why an import stopped. What was kept until then stays; the same import again completes it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The register cannot be read.
    #[error("the register cannot be read")]
    Journal(#[from] StoreError),
    /// An event of the register cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Box<Unreadable>),
    /// A proposal could not be kept.
    #[error("import stopped at {place}; what was kept stays, and the same import again completes it")]
    Stopped {
        /// File, sheet and row.
        place: String,
        /// Why.
        #[source]
        source: RegistrarError,
    },
}

impl Importer {
    /// An importer that records what it does as done by an actor.
    pub fn new(journal: SharedJournal, clock: Clock, actor: ActorId, effective_from: Option<DateTime<Utc>>) -> Self {
        Self { journal, clock, actor, effective_from }
    }

    /// Takes over readings in their order. `progress` hears of every row that is done.
    pub async fn import(&self, readings: Vec<Reading>, progress: &(dyn Fn(u64) + Sync)) -> Result<Account, ImportError> {
        let known = Known::read(&self.journal).await?;
        let mut account = Account::default();
        let mut seen: HashMap<String, Seen> = HashMap::new();
        let mut moved = HashMap::new();
        for reading in readings {
            let key = reading.info.key.clone();
            let seen = seen.entry(key).or_default();
            seen.editions.extend(reading.info.edition.clone());
            self.one_list(reading, &mut moved, seen, &mut account, progress).await?;
        }
        for (key, seen) in &seen {
            account.repeals.extend(known.missing(key, seen.editions.iter().max().map(String::as_str), &seen.entries));
        }
        account.repeals.sort_by(|a, b| (&a.list_key, a.register, &a.code).cmp(&(&b.list_key, b.register, &b.code)));
        Ok(account)
    }

    async fn one_list(
        &self,
        reading: Reading,
        moved: &mut HashMap<(Register, Code), Code>,
        seen: &mut Seen,
        account: &mut Account,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(), ImportError> {
        let Reading { info, along, rows, findings } = reading;
        account.lists.push((info.clone(), findings));
        // What is referred to comes before what refers to it; within a register the order does not matter.
        let mut by_register: BTreeMap<_, Vec<Proposal>> = BTreeMap::new();
        for proposal in along {
            let place = Register::ALL.iter().position(|r| *r == proposal.content.register());
            by_register.entry(place).or_default().push(proposal);
        }
        for (_, proposals) in by_register {
            let adopter = self.adopter(&info.key, moved);
            let results: Vec<_> = stream::iter(proposals).map(|p| adopter.adopt(p)).buffered(AT_ONCE).collect().await;
            for result in results {
                let kept = result?;
                if kept.code != kept.proposed {
                    moved.insert((kept.register, kept.proposed), kept.code.clone());
                }
                account.entries(kept.register).count(&kept.acted);
                seen.entries.insert((kept.register, kept.code));
            }
        }
        let adopter = self.adopter(&info.key, moved);
        let mut fates = stream::iter(rows)
            .map(|row| async {
                let (place, findings) = (row.place, row.findings);
                let fate = match row.outcome {
                    RowOutcome::Proposed(proposal) => {
                        let told = Told::of(&proposal);
                        RowFate::Acted(Box::new((adopter.adopt(*proposal).await?, told)))
                    }
                    RowOutcome::Rejected(why) => RowFate::Rejected(why),
                    RowOutcome::Ignored(why) => RowFate::Ignored(why),
                };
                Ok::<_, ImportError>((place, fate, findings))
            })
            .buffered(AT_ONCE);
        while let Some(fate) = fates.next().await {
            let (place, fate, findings) = fate?;
            if let RowFate::Acted(acted) = &fate {
                let (kept, _) = acted.as_ref();
                account.entries(kept.register).count(&kept.acted);
                seen.entries.insert((kept.register, kept.code.clone()));
            }
            account.row(RowReport::new(place, fate, findings));
            progress(1);
        }
        Ok(())
    }

    fn adopter<'a>(&'a self, list_key: &'a str, moved: &'a HashMap<(Register, Code), Code>) -> Adopter<'a> {
        Adopter {
            journal: self.journal.as_ref(),
            now: &self.clock,
            actor: &self.actor,
            effective_from: self.effective_from,
            list_key,
            moved,
        }
    }
}

/// What a run has met of one list.
#[derive(Debug, Default)]
struct Seen {
    editions: Vec<String>,
    entries: HashSet<(Register, Code)>,
}
