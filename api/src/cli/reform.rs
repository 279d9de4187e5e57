use std::{path::PathBuf, time::Instant};

use chrono::{DateTime, Utc};
use clap::Args;
use domain::{calendar::china, envelope::ActorId};
use exchange::read_plan;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{Done, Failed, Output, Settings, args::moment, words};
use crate::{
    app::{self, system_clock},
    registrar::{
        Acted,
        reform::{Act, Authority, Defect, Done as StepDone, Outcome, Reformer, Tally, Way, What},
    },
};

/// Steps that are told in words; all of them are in `--json`.
const TOLD: usize = 10;

/// What `--help` says at its end.
pub const HELP: &str = "Examples:\n  tongyuan reform --plan plan.csv --effective 2027-01-01 --document 某政发〔2026〕9号 --dry-run --data ./data\n  \
    tongyuan reform --plan plan.xlsx --effective 2027-01-01 --document 某政发〔2026〕9号 --data ./data\n\n\
    A plan, in which the first agency goes into the second whole and one item goes to a new one:\n  \
    原机构,事项,承接机构,承接机构名称,层级\n  市工商局,,市市场监管局,,\n  市质监局,计量检定,,市数据局,市级\n\n\
    A plan with one defect is refused whole, and every defect is told with its row. The same command again completes what was\n\
    interrupted and changes nothing else. See docs/reform.md.";

/// Arguments of `reform`.
#[derive(Debug, Args)]
pub struct ReformArgs {
    /// The plan: a CSV table or a workbook with the columns 原机构, 承接机构, 承接机构名称, 层级, 行政区划, 事项, 保留原机构, 说明
    #[arg(long, value_name = "FILE")]
    pub plan: PathBuf,
    /// Day of the reform: a date, from its first moment in China, or RFC 3339; it lies ahead
    #[arg(long, value_name = "DATE", value_parser = moment)]
    pub effective: DateTime<Utc>,
    /// Document of the city by which it was decided, e.g. 某政发〔2026〕9号
    #[arg(long, value_name = "NUMBER")]
    pub document: String,
    /// Check everything, tell what would become of it, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Id of whoever carries it out, as recorded with every event
    #[arg(long, default_value = "reform", value_name = "ID")]
    pub actor: ActorId,
    /// Print one JSON object with every step
    #[arg(long)]
    pub json: bool,
    /// No progress bar
    #[arg(long)]
    pub quiet: bool,
}

/// Carries out an institutional reform as one act (Art. 5(1)). A wrong plan changes nothing; an act that was interrupted is completed
/// by the same command.
pub async fn run(settings: &Settings, verb: &ReformArgs, output: &Output) -> Done {
    let plan = read_plan(&verb.plan)?;
    let _turn = if verb.dry_run || !settings.place.is_there() { None } else { Some(app::take_turn(&settings.place)?) };
    let journal = if verb.dry_run { app::open_journal_to_read(&settings.place).await? } else { app::open_journal(&settings.place).await? };
    let act = Act::new(None, plan, verb.document.clone(), verb.effective);
    let begun = Instant::now();
    let bar = bar(verb, output);
    let progress = |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let reformer = Reformer::new(journal, system_clock(), Authority::Register(verb.actor.clone()));
    let outcome = reformer.reform(&act, verb.dry_run, &progress).await;
    bar.finish_and_clear();
    match outcome? {
        Outcome::Carried { done, defects, others, begun_at } => {
            if verb.json {
                output.json(&in_json(&act, (&done, &defects, begun_at), verb, begun.elapsed().as_secs_f64()))?;
            } else {
                tell(&act, &done, verb, output);
                tell_begun(begun_at, &done, verb, output);
                tell_defects(&defects, output);
                if !others.is_empty() {
                    output.note(format!(
                        "注意：同一文号下另有{}个方案办理过 note: {0} other plans were carried out under this document",
                        others.len()
                    ));
                }
            }
            failed(&done, &defects)
        }
        Outcome::Wrong(defects) => wrong(&act, &defects, verb, output),
        // The id follows from the act, so it stands for no other.
        Outcome::IdUsed => Err(Failed("改革标识已用于另一方案 / the id of the reform stands for another one".to_owned())),
    }
}

fn bar(verb: &ReformArgs, output: &Output) -> ProgressBar {
    let bar = if output.interactive && !verb.quiet { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("划转 {bar:40} {pos}/{len} {per_sec} 剩余 {eta}") {
        bar.set_style(style);
    }
    bar
}

fn failed(done: &[StepDone], defects: &[Defect]) -> Done {
    let refused = done.iter().filter(|done| done.refusal().is_some()).count() + defects.len();
    if refused == 0 {
        return Ok(());
    }
    Err(Failed(format!("{refused}条未能划转，原因见上 / {refused} entries could not be moved, for the reasons above")))
}

fn wrong(act: &Act, defects: &[Defect], verb: &ReformArgs, output: &Output) -> Done {
    if verb.json {
        output.json(&json!({ "reform": act.id, "outcome": "wrong", "defects": defects, "dryRun": verb.dry_run }))?;
    } else {
        tell_defects(defects, output);
    }
    Err(Failed(format!(
        "{0}：方案有{1}处问题，未作改动 / {0}: the plan has {1} defects, nothing was changed",
        verb.plan.display(),
        defects.len()
    )))
}

fn tell_defects(defects: &[Defect], output: &Output) {
    for defect in defects {
        let place = defect.row.map(|row| format!("第{row}行 row {row}: ")).unwrap_or_default();
        output.line(format!("{place}{}: {} / {}", defect.code, defect.zh, defect.en));
    }
}

/// Says of an act that was begun before whether it had been cut off.
fn tell_begun(begun_at: Option<DateTime<Utc>>, done: &[StepDone], verb: &ReformArgs, output: &Output) {
    let Some(begun) = begun_at.map(china::spoken) else { return };
    let left = total(done).changed;
    let (zh, en) = match (left, verb.dry_run) {
        (0, _) => ("此前已全部办理".to_owned(), "all of it was done before".to_owned()),
        (left, true) => (
            format!("尚有{left}条未办理，曾中断；不带 --dry-run 再次办理即可补全"),
            format!("{left} are not done, it was cut off: the same without --dry-run completes it"),
        ),
        (left, false) => (format!("曾中断，其余{left}条现已补办"), format!("it was cut off, and the {left} that were left are done now")),
    };
    output.line(format!("该方案于北京时间{begun}开始办理，{zh} / the act was begun at {begun} China time, and {en}"));
}

fn outcome(acted: &Acted) -> &'static str {
    match acted {
        Acted::Unchanged => "unchanged",
        Acted::Refused(_) => "refused",
        Acted::Adopted | Acted::Revised | Acted::Repealed | Acted::Collected(_) | Acted::Done => "changed",
    }
}

fn word(what: &What) -> (&'static str, &'static str) {
    match what {
        What::Found(_) => ("新设", "found"),
        What::Names { .. } => ("更名或并入", "name"),
        What::Move => ("划转", "move"),
        What::End => ("撤销", "end"),
    }
}

fn total(done: &[StepDone]) -> Tally {
    let mut tally = Tally::default();
    for done in done {
        tally.count(&done.acted);
    }
    tally
}

fn in_json(
    act: &Act,
    (done, defects, begun_at): (&[StepDone], &[Defect], Option<DateTime<Utc>>),
    verb: &ReformArgs,
    seconds: f64,
) -> Value {
    let counts: Vec<_> = StepDone::tallies(done)
        .into_iter()
        .map(|(Way { from, to, register, .. }, tally)| json!({ "from": from, "to": to, "register": register.word(), "tally": tally }))
        .collect();
    let steps: Vec<_> = done
        .iter()
        .map(|StepDone { step, acted }| {
            let refusal = if let Acted::Refused(r) = acted { Some(json!({ "code": r.code(), "zh": r.zh, "en": r.en })) } else { None };
            json!({
                "row": step.row, "what": word(&step.what).1, "register": step.entry.register.word(), "code": step.entry.code,
                "name": step.name, "from": step.from, "to": step.to, "outcome": outcome(acted), "refusal": refusal,
            })
        })
        .collect();
    json!({
        "reform": act.id, "outcome": "carried", "effectiveFrom": act.effective_from, "document": act.document, "total": total(done),
        "begunAt": begun_at, "counts": counts, "steps": steps, "defects": defects, "dryRun": verb.dry_run, "seconds": seconds,
    })
}

fn tell(act: &Act, done: &[StepDone], verb: &ReformArgs, output: &Output) {
    let dry = if verb.dry_run { "（试运行，未写入 dry run, nothing written）" } else { "" };
    let Tally { changed, unchanged, refused } = total(done);
    output.line(format!(
        "机构改革 reform {}，自{}起 from then on{dry}：变更 changed {changed} + 不变 unchanged {unchanged} + 未办 refused {refused}",
        act.document,
        words::china(act.effective_from)
    ));
    for (Way { from, to, register, .. }, tally) in StepDone::tallies(done) {
        let way = from.map_or_else(|| to.to_string(), |from| format!("{from} → {to}"));
        output.line(format!(
            "  {way} {} {register}: changed {}, unchanged {}, refused {}",
            register.zh(),
            tally.changed,
            tally.unchanged,
            tally.refused
        ));
    }
    for StepDone { step, acted } in done.iter().take(TOLD) {
        let (zh, en) = word(&step.what);
        output.line(format!("  {zh} {en} {} {} {}: {}", step.entry.register, step.entry.code, step.name, outcome(acted)));
    }
    if done.len() > TOLD {
        output.line(format!("  …共{}条，--json 列出全部 / {0} in all, --json lists them", done.len()));
    }
    for done in done {
        if let Some(refusal) = done.refusal() {
            output.line(format!("未办 refused {} {}: {refusal}", done.step.entry.register, done.step.entry.code));
        }
    }
}
