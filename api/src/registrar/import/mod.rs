//! Takes over lists: each proposal becomes a revision or changes nothing, and every row is accounted for.

mod account;
mod alike;
mod claims;
mod drafts;
mod known;
mod materials;
mod proposal;
mod report;
mod run;
mod turns;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{
    calendar::china::spoken,
    envelope::{ActorId, Code},
    register::Register,
    value::Finding,
};
use exchange::{Proposal, ProposedCode, ProposedContent, Reading, RowOutcome};
use futures::{StreamExt, stream};
use journal::{SharedJournal, StoreError};
use projections::Unreadable;

pub use account::{Account, RepealProposal, RowFate, RowReport, SetReport, Tally, Told};
pub use drafts::import_as_drafts;
pub use known::Known;
pub use report::tables;

use super::{
    Acted, RegistrarError,
    change::ChangeError,
    check::{CheckError, agencies_stand, check_beside},
};
use crate::clock::Clock;
use claims::Claims;
use proposal::{Adopter, Collected};
use run::{List, Seen, lists, named, place_of, said_along, said_twice};
use turns::{There, shared_turns};

/// Proposals that are under way at once; the journal commits those that wait for it together.
const AT_ONCE: usize = 128;

/// How lists are taken over.
pub struct Importer {
    journal: SharedJournal,
    clock: Clock,
    actor: ActorId,
    effective_from: Option<DateTime<Utc>>,
    collected: Option<Collected>,
}

/// Why an import stopped. What was kept until then stays; the same import again completes it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The register cannot be read.
    #[error("不能读取登记册 / the register cannot be read")]
    Journal(#[from] StoreError),
    /// An event of the register cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Box<Unreadable>),
    /// A proposal could not be kept.
    #[error(
        "导入在 {place} 中断；已保存的保留，再次导入即可补全 / \
         import stopped at {place}; what was kept stays, and the same import again completes it"
    )]
    Stopped {
        /// File, sheet and row.
        place: String,
        /// Why.
        #[source]
        source: RegistrarError,
    },
    /// What was taken over could not be checked.
    #[error("已全部导入，但核对未完成 / everything was taken over, but checking it did not end")]
    Check(#[from] CheckError),
    /// Whoever is to propose change sets drafts for nobody; the same again would end as this.
    #[error(
        "该账号不是任何机构的承办人，不能提出变更集，未作改动；请用承办人的账号，或先授权 tongyuan user grant NAME --grant drafter@机构编码 / \
         the account drafts for no agency and cannot propose change sets, nothing was done: use the account of a drafter, or grant it \
         with tongyuan user grant NAME --grant drafter@AGENCY"
    )]
    NotDrafter,
    /// A change set could not be proposed.
    #[error("变更集未能提出；再次导入即可补全 / a change set was not proposed: the same import again completes it")]
    Set(#[from] ChangeError),
}

impl Importer {
    /// An importer that records what it does as done by an actor.
    pub fn new(journal: SharedJournal, clock: Clock, actor: ActorId, effective_from: Option<DateTime<Utc>>) -> Self {
        Self { journal, clock, actor, effective_from, collected: None }
    }

    /// Takes over readings, older editions before newer ones as they come. `progress` hears of every row that is done.
    pub async fn import(&self, readings: Vec<Reading>, progress: &(dyn Fn(u64) + Sync)) -> Result<Account, ImportError> {
        let mut known = Known::read(&self.journal).await?;
        let mut account = Account::default();
        let mut seen: HashMap<String, Seen> = HashMap::new();
        let mut run = Run { along: said_along(&readings), ..Run::default() };
        let lists = lists(readings);
        if self.collected.is_some() {
            // Nothing of an older edition is adopted before the newer one is read.
            for list in &lists {
                known.note_edition(&list.key, list.edition.as_deref());
            }
        }
        for list in lists {
            let (key, edition) = (list.key.clone(), list.edition.clone());
            let superseded = known.is_superseded(&key, edition.as_deref());
            known.note_edition(&key, edition.as_deref());
            let holds = self.one_list(list, (&mut known, superseded), &mut run, &mut account, progress).await?;
            seen.entry(key).or_default().note(edition, holds);
        }
        // An older edition says nothing of what a newer one may hold.
        let newest: Vec<_> = seen.iter().filter(|(key, seen)| !known.is_superseded(key, seen.edition.as_deref())).collect();
        for (key, seen) in &newest {
            let missing = known.missing(key, seen.edition.as_deref(), &seen.entries);
            // What stands on another list of the same run is not gone, whichever of them it first came from.
            let elsewhere = |gone: &RepealProposal| {
                let entry = (gone.register, gone.code.clone());
                newest.iter().any(|(other, seen)| other != key && seen.entries.contains(&entry))
            };
            account.repeals.extend(missing.into_iter().filter(|gone| !elsewhere(gone)));
        }
        account.repeals.sort_by(|a, b| (&a.list_key, a.register, &a.code).cmp(&(&b.list_key, b.register, &b.code)));
        if self.collected.is_none() {
            self.look_beside(&mut account, run.agencies).await?;
        }
        Ok(account)
    }

    /// Adds to the rows what is found of their entries beside others, when all are in: an item may stand below its guide, or in another file.
    /// Members of change sets are checked when their set is proposed.
    async fn look_beside(&self, account: &mut Account, agencies: HashSet<Code>) -> Result<(), ImportError> {
        let kept: HashSet<_> = account.rows.iter().filter_map(RowReport::kept).filter(|(register, _)| looks_beside(*register)).collect();
        let of_items_alone = kept.iter().all(|(register, _)| *register == Register::Item);
        // A list of items says the same few agencies in every row: where they all stand, the register need not be read for it.
        if kept.is_empty()
            || of_items_alone && agencies_stand(self.journal.as_ref(), &agencies, (self.clock)()).await.map_err(CheckError::from)?
        {
            return Ok(());
        }
        let found = check_beside(&self.journal, (self.clock)(), &kept).await?;
        for row in &mut account.rows {
            row.findings.extend(row.kept().and_then(|entry| found.get(&entry)).into_iter().flatten().cloned());
        }
        Ok(())
    }

    /// One edition of one list, from however many sheets and files. Its answer is the entries that it holds.
    async fn one_list(
        &self,
        mut list: List,
        (known, superseded): (&mut Known, bool),
        run: &mut Run,
        account: &mut Account,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<HashSet<(Register, Code)>, ImportError> {
        let mut twice = said_twice(&list.key, &list.readings);
        run.claims.settle(&mut list, known, &mut twice);
        let named = named(&list.readings);
        let stopped = |source| ImportError::Stopped { place: list.key.clone(), source };
        let turns = shared_turns(run.there(self, known), &list.readings).await.map_err(stopped)?;
        let mut holds = HashSet::new();
        for (i, reading) in list.readings.into_iter().enumerate() {
            let Reading { info, along, rows, findings } = reading;
            account.lists.push((info, findings));
            self.along(&list.key, known, along, run, account).await?;
            let adopter = self.adopter(&list.key, known, superseded, run);
            let mut acted = Vec::new();
            let mut fates = stream::iter(rows.into_iter().enumerate())
                .map(|(j, row)| {
                    let (adopter, turn, twice) = (&adopter, turns.get(&(i, j)).copied(), twice.get(&(i, j)).cloned());
                    async move {
                        let (place, mut findings) = (row.place, row.findings);
                        let fate = match (row.outcome, twice) {
                            (RowOutcome::Proposed(_), Some(fate)) => fate,
                            (RowOutcome::Proposed(proposal), None) => {
                                let told = Told::of(&proposal, adopter.list_key);
                                let kept = adopter.adopt(*proposal, turn).await?;
                                findings.extend(kept.noticed.as_deref().cloned());
                                RowFate::Acted(Box::new((kept, told)))
                            }
                            (RowOutcome::Rejected(why), _) => RowFate::Rejected(why),
                            (RowOutcome::Ignored(why), _) => RowFate::Ignored(why),
                        };
                        Ok::<_, ImportError>((place, fate, findings))
                    }
                })
                .buffered(AT_ONCE);
            while let Some(fate) = fates.next().await {
                let (place, fate, findings) = fate?;
                if let RowFate::Acted(row) = &fate {
                    account.entries(row.0.register).count(&row.0.acted);
                    acted.push(row.clone());
                }
                account.row(RowReport::new(place, fate, findings));
                progress(1);
            }
            drop(fates);
            for row in acted {
                let (kept, told) = *row;
                note(&kept, &told, known, run);
                if let (Register::Item, Some(agency)) = (kept.register, told.agency) {
                    let agency = run.moved.get(&(Register::Agency, agency.clone())).cloned().unwrap_or(agency);
                    run.agencies.insert(known.successor(&agency, (self.clock)()).cloned().unwrap_or(agency));
                }
                holds.insert((kept.register, kept.code));
            }
        }
        holds.extend(named.into_iter().map(|(register, code)| {
            let moved = run.moved.get(&(register, code.clone())).cloned();
            (register, moved.unwrap_or(code))
        }));
        Ok(holds)
    }

    /// What comes in with a reading: what is referred to before what refers to it; within a register the order does not matter.
    async fn along(
        &self,
        list_key: &str,
        known: &mut Known,
        along: Vec<Proposal>,
        run: &mut Run,
        account: &mut Account,
    ) -> Result<(), ImportError> {
        let mut by_register: BTreeMap<_, Vec<Proposal>> = BTreeMap::new();
        for proposal in along {
            let register = proposal.content.register();
            let Some(code) = proposal.code.code(register, 0) else { continue };
            if proposal.is_mention && proposal.code.code(register, 0).is_some_and(|code| known.holds(register, &code)) {
                continue;
            }
            let now = (self.clock)();
            if let Some((abolished, finding)) = abolished(&proposal, known, now) {
                if run.along.remove(&(register, code.clone())).is_some() {
                    account.entries(register).count(&Acted::Unchanged);
                    if let Some((_, findings)) = account.lists.last_mut() {
                        findings.push(finding);
                    }
                }
                if *abolished != code {
                    run.moved.insert((register, code), abolished.clone());
                }
                continue;
            }
            // Of several descriptions in one run the last one counts, and it counts once.
            if let Some(last) = run.along.remove(&(register, code)) {
                by_register.entry(Register::ALL.iter().position(|r| *r == register)).or_default().push(last);
            }
        }
        for (_, proposals) in by_register {
            let adopter = Adopter { along: true, ..self.adopter(list_key, known, false, run) };
            let told: Vec<_> = proposals.iter().map(|p| Told::of(p, list_key)).collect();
            let results: Vec<_> = stream::iter(proposals).map(|p| adopter.adopt(p, None)).buffered(AT_ONCE).collect().await;
            for (result, told) in results.into_iter().zip(told) {
                let kept = result?;
                account.entries(kept.register).count(&kept.acted);
                note(&kept, &told, known, run);
                if let (Some(noticed), Some((_, findings))) = (&kept.noticed, account.lists.last_mut()) {
                    findings.push(noticed.as_ref().clone());
                }
                if kept.code != kept.proposed {
                    run.moved.insert((kept.register, kept.proposed.clone()), kept.code.clone());
                }
                let place = place_of(&told.source);
                match kept.acted {
                    Acted::Refused(_) => {
                        account.refused_along.push(RowReport::new(place, RowFate::Acted(Box::new((kept, told))), Vec::new()));
                    }
                    Acted::Collected(_) => account.along.push(RowReport::new(place, RowFate::Acted(Box::new((kept, told))), Vec::new())),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn adopter<'a>(&'a self, list_key: &'a str, known: &'a Known, superseded: bool, run: &'a Run) -> Adopter<'a> {
        Adopter {
            there: run.there(self, known),
            now: &self.clock,
            actor: &self.actor,
            effective_from: self.effective_from,
            list_key,
            superseded,
            moved: &run.moved,
            collected: self.collected.as_ref(),
            along: false,
        }
    }
}

/// What a run knows beyond one list.
#[derive(Default)]
struct Run {
    /// What comes along in this run and has not been decided yet, in its last description.
    along: HashMap<(Register, Code), Proposal>,
    /// Entries that got another code than that of turn 0.
    moved: HashMap<(Register, Code), Code>,
    /// Entries that were decided in this run.
    acted: HashSet<(Register, Code)>,
    /// Whose the codes are that were met.
    claims: Claims,
    /// The agencies of the items that stand in rows.
    agencies: HashSet<Code>,
}

/// The abolished proof that a material of a list is, and what is told of it. The guides of the list ask for it, and for no second one of that name
/// (Art. 5(2)).
fn abolished<'a>(proposal: &Proposal, known: &'a Known, now: DateTime<Utc>) -> Option<(&'a Code, Finding)> {
    let ProposedContent::Material(material) = &proposal.content else { return None };
    if !matches!(proposal.code, ProposedCode::Assigned(_)) {
        return None;
    }
    let (code, abolition) = known.abolished(&material.name, now)?;
    Some((code, is_abolished(&material.name, code, (!abolition.holds(now)).then_some(abolition.since))))
}

/// `from`: its day, where that is still to come.
fn is_abolished(name: &str, code: &Code, from: Option<DateTime<Utc>>) -> Finding {
    let (zh, en) = match from.map(spoken) {
        None => (format!("该证明材料已取消（{code}）"), format!("which was abolished ({code})")),
        Some(from) => {
            (format!("该证明材料将于北京时间{from}取消（{code}）"), format!("which is abolished from {from} China time on ({code})"))
        }
    };
    Finding::warning(
        "MATERIAL_IS_ABOLISHED",
        "materials",
        format!("清单仍要求“{name}”，{zh}；未另立材料，办事指南已指向该条，请修订办事指南（Art. 5(2)）"),
        format!(
            "the list still asks for {name:?}, {en}: no second material is made, its guides refer to that one, and are to be revised (Art. 5(2))"
        ),
    )
}

/// Whether the contents of a register are checked beside others.
fn looks_beside(register: Register) -> bool {
    matches!(register, Register::Item | Register::Guide | Register::Openness)
}

/// Notes an entry that was decided.
fn note(kept: &proposal::Kept, told: &Told, known: &mut Known, run: &mut Run) {
    if matches!(kept.acted, Acted::Adopted | Acted::Revised) {
        known.note_kept(kept.register, &kept.code, told);
    }
    run.acted.insert((kept.register, kept.code.clone()));
}

impl Run {
    fn there<'a>(&'a self, importer: &'a Importer, known: &'a Known) -> There<'a> {
        let at = importer.effective_from.unwrap_or_else(|| (importer.clock)());
        There { journal: importer.journal.as_ref(), known, acted: &self.acted, at }
    }
}
