use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use domain::{
    calendar::ahead::too_late,
    calendar::china,
    codec::Registered,
    entry::{Adopt, Command, Refusal, Repeal, Source, Transfer},
    envelope::Code,
    register::{Agency, CatalogueEntry, Guide, Handover, Item, Material, Register},
    value::text,
};
use exchange::PlanRow;
use futures::{StreamExt, stream};
use journal::{Journal, SharedJournal};
use projections::Work;
use serde::Serialize;
use uuid::Uuid;

use super::{
    super::{Acted, DryRun, RegistrarError, act::act_in, changeset::owed_of},
    Act, Authority, Defect, LEAD, ReformError, Step, What,
    resolve::{Resolved, resolve},
    survey::Survey,
};
use crate::clock::Clock;

/// Steps that are under way at once; the journal commits those that wait for it together.
const AT_ONCE: usize = 128;

/// Longest number of a document, in characters, as the domain has it.
const MAX_DOCUMENT_CHARS: usize = 200;

/// Carries out reforms.
pub struct Reformer {
    journal: SharedJournal,
    clock: Clock,
    authority: Authority,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// The step.
    pub step: Step,
    /// What became of it.
    pub acted: Acted,
}

/// Which way entries went, in the order of the act.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// What was done: 0 founded, 1 named, 2 moved, 3 ended.
    pub phase: usize,
    /// The agency that handed over.
    pub from: Option<Code>,
    /// The agency that takes on, or that it was done to.
    pub to: Code,
    /// The register.
    pub register: Register,
}

/// How many entries of a register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// They were changed now.
    pub changed: usize,
    /// They were so already.
    pub unchanged: usize,
    /// A rule forbids it.
    pub refused: usize,
}

/// What became of a reform.
#[derive(Debug)]
pub enum Outcome {
    /// It was carried out, completed, or was so already.
    Carried {
        /// What became of each step, in the order of the act.
        done: Vec<Done>,
        /// Rows of an act that was begun before which cannot be carried out any more.
        defects: Vec<Defect>,
        /// Other acts under the same document.
        others: Vec<Uuid>,
        /// When it was begun, if it was before.
        begun_at: Option<DateTime<Utc>>,
    },
    /// The plan is wrong; nothing was changed.
    Wrong(Vec<Defect>),
    /// The id stands for another act; nothing was changed.
    IdUsed,
}

impl Done {
    /// The refusal, if it was refused.
    pub fn refusal(&self) -> Option<&Refusal> {
        if let Acted::Refused(refusal) = &self.acted { Some(refusal) } else { None }
    }

    /// The same as a defect of its row.
    pub fn defect(&self) -> Option<Defect> {
        let refusal = self.refusal()?;
        Some(self.step.defect(refusal.code(), &refusal.zh, &refusal.en))
    }

    /// Counts by what is done, who hands over, who takes on and register.
    pub fn tallies(all: &[Self]) -> BTreeMap<Way, Tally> {
        let mut tallies: BTreeMap<_, Tally> = BTreeMap::new();
        for Done { step, acted } in all {
            let key = Way { phase: step.what.phase(), from: step.from.clone(), to: step.to.clone(), register: step.entry.register };
            tallies.entry(key).or_default().count(acted);
        }
        tallies
    }
}

impl Step {
    /// A refusal of its entry as a defect of its row.
    fn defect(&self, code: &'static str, zh: &str, en: &str) -> Defect {
        let Self { row, entry, name, .. } = self;
        Defect::of_row(
            *row,
            code,
            format!("{}{}（“{name}”）：{zh}", entry.register.zh(), entry.code),
            format!("{} {} ({name:?}): {en}", entry.register, entry.code),
        )
    }
}

impl Tally {
    /// Counts an outcome.
    pub fn count(&mut self, acted: &Acted) {
        match acted {
            Acted::Unchanged => self.unchanged += 1,
            Acted::Refused(_) => self.refused += 1,
            Acted::Adopted | Acted::Revised | Acted::Repealed | Acted::Collected(_) | Acted::Done => self.changed += 1,
        }
    }
}

impl Reformer {
    /// One over a journal, by an authority.
    pub fn new(journal: SharedJournal, clock: Clock, authority: Authority) -> Self {
        Self { journal, clock, authority }
    }

    /// Checks an act and carries it out, or says what would become of it. `progress` hears how many steps are done, and of how many:
    /// each is done twice, once over a journal that keeps nothing.
    pub async fn reform(&self, act: &Act, dry_run: bool, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Outcome, ReformError> {
        let survey = Survey::read(&self.journal, act).await?;
        if survey.id_used {
            return Ok(Outcome::IdUsed);
        }
        let now = (self.clock)();
        let begun_at = survey.begun_at();
        let wrong = wrong_act(act, begun_at, now);
        let Resolved { steps, mut defects } = resolve(&survey, act);
        if !wrong.is_empty() {
            // What cannot be taken as a text is not looked up as well.
            let texts: Vec<_> = wrong.iter().filter(|defect| defect.code == "TEXT_INVALID").map(|defect| defect.row).collect();
            defects.retain(|defect| !texts.contains(&defect.row));
            // By a day that is past, what is in force now is not there yet: that is no defect of its row.
            let day_is_wrong = wrong.iter().any(|defect| defect.code.starts_with("EFFECTIVE_"));
            defects.retain(|defect| !(day_is_wrong && defect.code == "AGENCY_NOT_YET"));
            // By a wrong day or document the lifecycle would refuse each entry anew.
            defects.extend(wrong);
            defects.sort();
            return Ok(Outcome::Wrong(defects));
        }
        let (all, count) = (steps.len() as u64, AtomicU64::new(0));
        let total = if dry_run { all } else { all * 2 };
        let tick = || progress(count.fetch_add(1, Ordering::Relaxed) + 1, total);
        let over_nothing: SharedJournal = Arc::new(DryRun::new(self.journal.clone()));
        let done = self.carry_out(&over_nothing, act, begun_at, steps.clone(), &tick).await?;
        // What was begun is completed as far as it can be: to leave it half done because of one entry would be worse.
        if begun_at.is_none() {
            defects.extend(done.iter().filter_map(Done::defect));
            defects.extend(self.waiting(&done).await?);
        }
        defects.sort();
        if !defects.is_empty() && begun_at.is_none() {
            return Ok(Outcome::Wrong(defects));
        }
        let others = survey.others;
        if dry_run {
            return Ok(Outcome::Carried { done, defects, others, begun_at });
        }
        let done = self.carry_out(&self.journal, act, begun_at, steps, &tick).await?;
        Ok(Outcome::Carried { done, defects, others, begun_at })
    }

    /// The entries that wait until what was decided of them as members of a change set is carried out: handed over before, their drafts would follow a
    /// revision that is no longer the last, and would never come in.
    async fn waiting(&self, done: &[Done]) -> Result<Vec<Defect>, ReformError> {
        let (journal, work) = (self.journal.as_ref(), Work::new(self.journal.clone()));
        let mut defects = Vec::new();
        for Done { step, .. } in done {
            let stopped = |source| ReformError::Stopped { entry: step.entry.to_string(), source: RegistrarError::Load(source) };
            let owed = owed_of((journal, &work), &step.entry).await.map_err(stopped)?;
            defects.extend(owed.map(|refused| step.defect(refused.code, &refused.zh, &refused.en)));
        }
        Ok(defects)
    }

    /// Phase by phase; within a phase the order does not matter.
    async fn carry_out(
        &self,
        journal: &SharedJournal,
        act: &Act,
        begun_at: Option<DateTime<Utc>>,
        steps: Vec<Step>,
        tick: &(dyn Fn() + Sync),
    ) -> Result<Vec<Done>, ReformError> {
        let mut done = Vec::with_capacity(steps.len());
        let mut steps = steps.into_iter().peekable();
        while let Some(phase) = steps.peek().map(|step| step.what.phase()) {
            let of_phase: Vec<_> = std::iter::from_fn(|| steps.next_if(|step| step.what.phase() == phase)).collect();
            let mut running = stream::iter(of_phase)
                .map(|step| async move {
                    let acted = self.step(journal.as_ref(), act, begun_at, &step).await;
                    tick();
                    acted.map(|acted| Done { acted, step: step.clone() }).map_err(|source| (step, source))
                })
                .buffered(AT_ONCE);
            while let Some(result) = running.next().await {
                done.push(result.map_err(|(step, source)| ReformError::Stopped { entry: step.entry.to_string(), source })?);
            }
        }
        Ok(done)
    }

    async fn step(&self, journal: &dyn Journal, act: &Act, begun_at: Option<DateTime<Utc>>, step: &Step) -> Result<Acted, RegistrarError> {
        match step.entry.register {
            Register::Agency => self.one::<Agency>(journal, act, begun_at, step, found(act, step)).await,
            Register::Item => self.one::<Item>(journal, act, begun_at, step, None).await,
            Register::Guide => self.one::<Guide>(journal, act, begun_at, step, None).await,
            Register::Material => self.one::<Material>(journal, act, begun_at, step, None).await,
            Register::Openness => self.one::<CatalogueEntry>(journal, act, begun_at, step, None).await,
        }
    }

    async fn one<C: Registered>(
        &self,
        journal: &dyn Journal,
        act: &Act,
        begun_at: Option<DateTime<Utc>>,
        step: &Step,
        founding: Option<Adopt<C>>,
    ) -> Result<Acted, RegistrarError> {
        let (id, now) = (act.command(&step.entry, &step.what), (self.clock)());
        let transfer =
            |handover| Transfer { handover, effective_from: act.effective_from, document: act.document.clone(), reform: act.id, begun_at };
        let decided = self.decided::<C>(journal, begun_at, step).await?;
        let mut circumstances = self.authority.circumstances((now, decided), id);
        let command: Command<C> = match (&step.what, founding) {
            (_, Some(adopt)) => {
                circumstances = self.authority.takes_over((now, decided), id);
                adopt.into()
            }
            (What::Names { name, former }, None) => transfer(Handover::Names { name: name.clone(), former: former.clone() }).into(),
            (What::End, None) => Repeal {
                effective_from: Some(act.effective_from),
                reason: format!("机构改革，由{}承接", step.to),
                document: Some(act.document.clone()),
                replaced_by: Some(step.to.clone()),
                reform: Some(act.id),
            }
            .into(),
            (What::Move | What::Found(_), None) => {
                let from = step.from.clone().unwrap_or_else(|| step.to.clone());
                transfer(Handover::Agency { from, to: step.to.clone() }).into()
            }
        };
        act_in(journal, &step.entry.code, command, circumstances).await
    }

    /// When it was decided what becomes of an entry: with the act, if that was begun before, but not before what it is done to was decided.
    async fn decided<C: Registered>(
        &self,
        journal: &dyn Journal,
        begun_at: Option<DateTime<Utc>>,
        step: &Step,
    ) -> Result<Option<DateTime<Utc>>, RegistrarError> {
        let Some(begun) = begun_at else { return Ok(None) };
        let history = journal::load::<C>(journal, &step.entry.code).await?.history;
        Ok(history.iter().map(|past| past.metadata.decided()).chain([begun]).max())
    }
}

/// The taking over of an agency that the document establishes. Lists that name it later find it as they find agencies of lists.
fn found(act: &Act, step: &Step) -> Option<Adopt<Agency>> {
    let What::Found(agency) = &step.what else { return None };
    let source = Source {
        file: "reform".to_owned(),
        row: Some(step.row),
        document: Some(act.document.clone()),
        identity: vec!["agency".to_owned(), text::fold(&agency.name)],
        ..Source::default()
    };
    Some(Adopt { content: Agency::clone(agency), source, effective_from: Some(act.effective_from) })
}

/// What is wrong with an act beside its plan.
fn wrong_act(act: &Act, begun_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Vec<Defect> {
    let mut defects = Vec::new();
    let length = act.document.chars().count();
    if act.document.trim().is_empty() {
        defects.push(Defect::of_act("DOCUMENT_MISSING", "缺少文号，请填写", "the number of the document is missing: give it"));
    } else if length > MAX_DOCUMENT_CHARS {
        defects.push(Defect::of_act(
            "DOCUMENT_TOO_LONG",
            format!("文号有{length}个字符，最多{MAX_DOCUMENT_CHARS}个"),
            format!("the number of the document has {length} characters, {MAX_DOCUMENT_CHARS} at most"),
        ));
    }
    if let Some(sign) = text::unprintable(&act.document) {
        let (zh, en) = text::unprintable_words("documentNumber", sign);
        defects.push(Defect::of_act("DOCUMENT_INVALID", zh, en));
    }
    for row in &act.plan {
        let PlanRow { from, to, name, region, item, .. } = row;
        let texts =
            [("from", Some(from)), ("to", to.as_ref()), ("name", name.as_ref()), ("region", region.as_ref()), ("item", item.as_ref())];
        for (field, given) in texts {
            if let Some(sign) = given.and_then(|given| text::unprintable(given)) {
                let (zh, en) = text::unprintable_words(field, sign);
                defects.push(Defect::of_row(row.row, "TEXT_INVALID", zh, en));
            }
        }
    }
    if begun_at.is_none() && act.effective_from < now + LEAD {
        let (at, minutes) = (china::spoken(act.effective_from), LEAD.num_minutes());
        defects.push(Defect::of_act(
            "EFFECTIVE_TOO_SOON",
            format!("实施时间北京时间{at}已过或不足{minutes}分钟；请给出以后的日期，使全部条目同时生效"),
            format!("{at} China time is past or less than {minutes} minutes ahead: give a later day, so that all of it comes into force together"),
        ));
    }
    // Of one that was begun the day was right then, and it is completed by that.
    if begun_at.is_none()
        && let Some((zh, en)) = too_late(act.effective_from, now)
    {
        defects.push(Defect::of_act("EFFECTIVE_TOO_LATE", zh, en));
    }
    defects
}
