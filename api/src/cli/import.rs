//! Lists are read and taken over, or proposed as change sets.

mod sets;

pub use sets::DraftArgs;

use std::{path::PathBuf, sync::Arc, time::Instant};

use domain::{
    calendar::china,
    register::Register,
    value::{Region, names_somebody, personal_words},
};
use exchange::{FileError, Progress, ReadOptions, Reading, read_paths, table};
use indicatif::{ProgressBar, ProgressStyle};
use journal::{SharedJournal, StoreError};
use serde_json::{Value, json};

use super::{Done, Failed, Output, Settings, args::ImportArgs, user};
use crate::{
    app::{self, ImportTurn, system_clock},
    registrar::{
        DryRun,
        change::Desk,
        import::{Account, Importer, RowReport, import_as_drafts, tables},
    },
};

/// Outcomes of rows, in the order in which they are told.
const OUTCOMES: [(&str, &str); 5] =
    [("adopted", "新增"), ("revised", "修订"), ("unchanged", "未变"), ("rejected", "退回"), ("ignored", "略过")];

/// The same where change sets are proposed.
const DRAFTED: [(&str, &str); 5] = [("new", "新增"), ("changed", "变更"), ("unchanged", "未变"), ("rejected", "退回"), ("ignored", "略过")];

fn outcomes(verb: &ImportArgs) -> [(&'static str, &'static str); 5] {
    if verb.drafts.as_drafts { DRAFTED } else { OUTCOMES }
}

/// Takes over lists.
pub async fn run(settings: &Settings, verb: &ImportArgs, output: &Output) -> Done {
    if let Some(report) = &verb.report {
        table::check_writable(report)?;
    }
    let options = options(verb)?;
    let ahead = ahead(verb);
    if let Some((zh, en)) = &ahead {
        output.note(format!("{zh} / {en}"));
    }
    let drafter = match &verb.drafts.drafter {
        Some(name) => Some(user::caller(settings, name, verb.drafts.password_stdin)?),
        None => None,
    };
    // Before the lists are read: whoever is second is told at once. A folder that is not there yet is locked once it is.
    let turn = if verb.dry_run || !settings.place.is_there() { None } else { Some(app::take_turn(&settings.place)?) };
    let journal = existing(settings, verb).await?;
    let begun = Instant::now();
    let bar = bar(verb, output);
    let (readings, files) = read(verb.paths.clone(), options, bar.clone()).await?;
    let rows: u64 = readings.iter().map(|reading| reading.rows.len() as u64).sum();
    if rows == 0 {
        bar.finish_and_clear();
        return nothing_read(&files, verb, output);
    }
    let (journal, _turn) = match journal {
        Some(journal) => (journal, turn),
        None => begin(settings, verb, turn, output).await?,
    };
    bar.reset();
    bar.set_length(rows);
    bar.set_prefix("写入");
    let account = if let Some(caller) = drafter {
        let desk = Desk::new(journal.clone());
        import_as_drafts(&desk, (&caller, system_clock()), readings, &|done| then_members(&bar, done)).await
    } else {
        let importer = Importer::new(journal.clone(), system_clock(), verb.actor.clone(), verb.effective_from);
        importer.import(readings, &|done| bar.inc(done)).await
    };
    bar.finish_and_clear();
    let mut account = account?;
    if verb.dry_run {
        sets::only_tried(&mut account);
    }
    let seconds = begun.elapsed().as_secs_f64();
    if verb.json {
        let mut summary = summary(&account, &files, verb, seconds);
        summary["warnings"] = ahead.iter().map(|(zh, en)| json!({ "code": "DATE_AHEAD", "zh": zh, "en": en })).collect();
        // Where views have to be to show all of it. That it cannot be asked for now makes no failure of what is done.
        let head = if verb.dry_run { None } else { journal.head().await.ok().flatten() };
        summary["position"] = json!(head);
        output.json(&summary)?;
    } else {
        tell(&account, &files, verb, seconds, output);
    }
    if let Some(report) = &verb.report {
        table::write(report, &tables(&account, &files))?;
    }
    sets::in_order(&account)?;
    let failed: Vec<_> = files.iter().filter(|file| !file.skipped).collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failed(format!(
            "{0}个文件不能读取，已在上面列出；请处理后再次导入 / {0} files could not be read, they are told above: mend them and import again",
            failed.len()
        )))
    }
}

/// What is told of a date of the document that lies ahead: it was mistyped, or the list is not issued yet.
fn ahead(verb: &ImportArgs) -> Option<(String, String)> {
    let today = china::date_of(system_clock()());
    let date = verb.date.filter(|date| *date > today)?;
    Some((
        format!("--date {date} 晚于今天（{today}）：文件尚未印发，或日期有误；请核对"),
        format!("--date {date} is after today ({today}): the document is not issued yet, or the date is mistyped: check it"),
    ))
}

fn options(verb: &ImportArgs) -> Result<ReadOptions, Failed> {
    // Kept with every line, and told in public histories.
    for (field, given) in [("--document", &verb.document), ("--publisher", &verb.publisher)] {
        if given.as_deref().is_some_and(names_somebody) {
            let (zh, en) = personal_words(field, field);
            return Err(Failed(format!("{zh} / {en}")));
        }
    }
    let map = verb.maps.iter().map(|written| ReadOptions::parse_map(written)).collect::<Result<_, _>>()?;
    let region = match &verb.region {
        Some(code) => Some(
            Region::new(code, None)
                .ok_or_else(|| Failed(format!("区划代码{code}应为6、9或12位数字 / a division code has 6, 9 or 12 digits: {code}")))?,
        ),
        None => None,
    };
    Ok(ReadOptions {
        region,
        publisher: verb.publisher.clone(),
        document: verb.document.clone(),
        date: verb.date,
        edition: verb.edition.clone(),
        scheme: verb.scheme.map(Into::into),
        map,
    })
}

/// The journal to import into, if it is there. A dry run reads it and writes nothing.
async fn existing(settings: &Settings, verb: &ImportArgs) -> Result<Option<SharedJournal>, Failed> {
    let place = &settings.place;
    let opened = if verb.dry_run { app::open_journal_to_read(place).await } else { app::open_journal(place).await };
    match opened {
        Ok(journal) if verb.dry_run => Ok(Some(Arc::new(DryRun::new(journal)))),
        Ok(journal) => Ok(Some(journal)),
        Err(StoreError::Missing(_)) if verb.dry_run || app::may_begin(place) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Begins a register, once it is known that there is something to keep.
async fn begin(
    settings: &Settings,
    verb: &ImportArgs,
    turn: Option<ImportTurn>,
    output: &Output,
) -> Result<(SharedJournal, Option<ImportTurn>), Failed> {
    if verb.dry_run {
        return Ok((Arc::new(DryRun::new(app::open_journal_or_nothing(&settings.place).await?)), None));
    }
    let turn = if let Some(turn) = turn {
        turn
    } else {
        app::create_folder(&settings.place)?;
        app::take_turn(&settings.place)?
    };
    let (journal, created) = app::open_or_begin(&settings.place).await?;
    if created {
        output.note(format!("新建登记册 began a new register: {}", settings.place));
    }
    Ok((journal, Some(turn)))
}

/// A run that read no row: said as such, and a failure, because somebody meant to import something.
fn nothing_read(files: &[FileError], verb: &ImportArgs, output: &Output) -> Done {
    let account = Account::default();
    if verb.json {
        output.json(&summary(&account, files, verb, 0.0))?;
    } else {
        for file in files {
            output.line(file.to_string());
        }
    }
    if let Some(report) = &verb.report {
        table::write(report, &tables(&account, files))?;
    }
    Err(Failed(
        "没有读到任何清单行；请核对路径与文件内容 / no row of any list was read; check the paths and what the files hold".to_owned(),
    ))
}

/// Beyond the rows come the members that are drafted.
fn then_members(bar: &ProgressBar, done: u64) {
    if bar.length().is_some_and(|length| bar.position() + done > length) {
        bar.set_prefix("起草");
        bar.inc_length(done);
    }
    bar.inc(done);
}

fn bar(verb: &ImportArgs, output: &Output) -> ProgressBar {
    let bar = if output.interactive && !verb.quiet { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:40} {pos}/{len} {per_sec} 剩余 {eta}") {
        bar.set_style(style);
    }
    bar.set_prefix("读取");
    bar
}

/// Progress of reading, on the bar.
struct OnBar(ProgressBar);

impl Progress for OnBar {
    fn expect(&self, rows: u64) {
        self.0.inc_length(rows);
    }

    fn advance(&self, rows: u64) {
        self.0.inc(rows);
    }
}

async fn read(paths: Vec<PathBuf>, options: ReadOptions, bar: ProgressBar) -> Result<(Vec<Reading>, Vec<FileError>), Failed> {
    let answers = tokio::task::spawn_blocking(move || read_paths(&paths, &options, &OnBar(bar))).await?;
    let (mut readings, mut files) = (Vec::new(), Vec::new());
    for answer in answers {
        match answer {
            Ok(of_file) => readings.extend(of_file),
            Err(error) => files.push(error),
        }
    }
    Ok((readings, files))
}

fn summary(account: &Account, files: &[FileError], verb: &ImportArgs, seconds: f64) -> Value {
    let mut summary = json!({
        "read": account.rows.len(),
        "lists": account.lists.len(),
        "files": {
            "skipped": files.iter().filter(|f| f.skipped).map(told).collect::<Vec<_>>(),
            "failed": files.iter().filter(|f| !f.skipped).map(told).collect::<Vec<_>>(),
        },
        "entries": account.entries.iter().map(|(register, tally)| (register.word(), tally)).collect::<std::collections::BTreeMap<_, _>>(),
        "findings": account.findings(),
        "repealProposals": account.repeals,
        "refusedAlong": account.refused_along.iter().map(along).collect::<Vec<_>>(),
        "changeSets": account.sets,
        "dryRun": verb.dry_run,
        "seconds": seconds,
    });
    for (outcome, _) in outcomes(verb) {
        summary[outcome] = account.number(outcome).into();
    }
    summary
}

/// An entry that came along and was refused.
fn along(row: &RowReport) -> Value {
    json!({ "register": row.register.map(Register::word), "code": row.code, "name": row.name, "why": row.why })
}

fn told(file: &FileError) -> Value {
    json!({ "path": file.path, "code": file.code, "zh": file.zh, "en": file.en })
}

fn tell(account: &Account, files: &[FileError], verb: &ImportArgs, seconds: f64, output: &Output) {
    let counts: Vec<_> = outcomes(verb).iter().map(|(outcome, zh)| format!("{zh} {outcome} {}", account.number(outcome))).collect();
    let dry = if verb.dry_run { "（试运行，未写入 dry run, nothing written）" } else { "" };
    output.line(format!("读取 read {} 行 rows = {}{dry}", account.rows.len(), counts.join(" + ")));
    for register in Register::ALL {
        if let Some(tally) = account.entries.get(&register) {
            let refused = if tally.refused > 0 { format!(", refused {}", tally.refused) } else { String::new() };
            let (first, second) = if verb.drafts.as_drafts {
                (format!("new {}", tally.new), format!("changed {}", tally.changed))
            } else {
                (format!("adopted {}", tally.adopted), format!("revised {}", tally.revised))
            };
            output.line(format!("  {} {register}: {first}, {second}, unchanged {}{refused}", register.zh(), tally.unchanged));
        }
    }
    let reasons = reasons(account);
    if !reasons.is_empty() {
        output.line("退回与略过 rejected and ignored:");
        for ((outcome, code), (number, example)) in reasons {
            output.line(format!("  {outcome} {code}: {number}  e.g. {example}"));
        }
    }
    for (code, number) in account.findings() {
        output.line(format!("发现 finding {code}: {number}"));
    }
    for file in files {
        output.line(format!("{}: {file}", if file.skipped { "略过文件 skipped" } else { "无法读取 failed" }));
    }
    sets::tell(account, output);
    sets::tell_refused(account, output);
    let repeals: Vec<_> = account.repeals.iter().filter(|proposal| proposal.change_set.is_none() && proposal.why.is_none()).collect();
    if !repeals.is_empty() {
        output.line(format!("新版清单中没有、建议取消 not in the newer edition, proposed for repeal: {}", repeals.len()));
        for proposal in repeals.iter().take(10) {
            output.line(format!("  {} {} {}", proposal.register, proposal.code, proposal.name));
        }
    }
    if let Some(report) = &verb.report {
        output.line(format!("报告 report: {}", report.display()));
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = account.rows.len() as f64 / seconds.max(0.001);
    output.line(format!("{seconds:.2} s, {rate:.0} rows/s"));
}

/// Rows that are no entries, by outcome and reason, each with an example.
fn reasons(account: &Account) -> std::collections::BTreeMap<(&str, String), (u64, String)> {
    let mut reasons = std::collections::BTreeMap::new();
    for row in &account.rows {
        let Some((code, zh, _)) = &row.why else { continue };
        let sheet = row.place.sheet.as_deref().map(|sheet| format!("[{sheet}]")).unwrap_or_default();
        let example = format!("{}{sheet} 第{}行：{zh}", row.place.file, row.place.row);
        reasons.entry((row.outcome, code.clone())).or_insert((0, example)).0 += 1;
    }
    reasons
}
