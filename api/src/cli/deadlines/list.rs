use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use domain::{
    deadline::Status,
    envelope::{Code, EntryName},
};
use projections::{About, DeadlineCase, DeadlinePage, DeadlineQuery, Deadlines, Subject};
use serde_json::{Value, json};

use super::{
    super::{there, words::china},
    Done, Failed, Output, Settings,
    args::DeadlinesArgs,
};
use crate::{
    app::{self, system_clock},
    registrar::{
        deadline::{Absent, absent, named},
        replay,
    },
};

/// Deadlines that are told in words; all of them are in `--json`.
const TOLD: usize = 100;

/// Lists deadlines.
pub async fn run(settings: &Settings, verb: &DeadlinesArgs, output: &Output) -> Done {
    let journal = app::open_journal_to_read(&settings.place).await?;
    let now = system_clock()();
    let from = replay::known_at(verb.known_at, now)?;
    let entry = verb.register.zip(verb.code.clone()).map(|(register, code)| EntryName::new(register.into(), code));
    let deadlines = Deadlines::new(journal.clone());
    let due_by = match verb.within {
        None => None,
        Some(span) => Some(deadlines.ends(from, span).await?.map_err(|unknown| Failed(unknown.to_string()))?.at),
    };
    let status = match (verb.all, &verb.status[..]) {
        (true, _) => Vec::new(),
        (false, []) => vec![Status::Due, Status::Overdue, Status::Unknown, Status::Waiting],
        (false, asked) => asked.iter().copied().map(Status::from).collect(),
    };
    let query = DeadlineQuery { status, rule: verb.rule.clone(), agency: verb.agency.clone(), entry, due_by };
    let first = if verb.json { usize::MAX } else { TOLD };
    // Whoever has the file sees all of it.
    let page = deadlines.page(&query, |_| true, (now, verb.known_at), (None, first)).await?;
    if page.total == 0 {
        let mut known = Vec::new();
        for name in named(&query) {
            if there::is(journal.as_ref(), &name).await? {
                known.push(name);
            }
        }
        if let Some(missing) = absent(&deadlines, &query, (|_: &About<'_>| true, now), &known).await? {
            return Err(Failed(told_absent(&missing)));
        }
    }
    if verb.json {
        let cases: Vec<_> = page.cases.iter().map(in_json).collect();
        output.json(&json!({ "total": page.total, "knownAt": from, "deadlines": cases }))?;
    } else {
        tell(&page, output);
    }
    if !verb.strict || !(query.status.is_empty() || query.status.contains(&Status::Overdue)) {
        return Ok(());
    }
    // Those that were not told in words count too.
    let query = DeadlineQuery { status: vec![Status::Overdue], ..query };
    let overdue = deadlines.page(&query, |_| true, (now, verb.known_at), (None, 0)).await?.total;
    if overdue > 0 {
        return Err(Failed(format!("有{overdue}项逾期 / {overdue} deadlines are overdue")));
    }
    Ok(())
}

fn told_absent(missing: &Absent) -> String {
    let (code, zh, en) = (missing.code(), missing.zh(), missing.en());
    match missing {
        Absent::Rule(_) => format!("{code}: {zh}，见 tongyuan deadlines rules / {en}, see `tongyuan deadlines rules`"),
        Absent::Agency(_) | Absent::Entry(_) => format!("{code}: {zh} / {en}"),
    }
}

fn tell(page: &DeadlinePage, output: &Output) {
    output.line(format!("时限 deadlines {}", page.total));
    if page.cases.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["状态 status", "截止 due", "规则 rule", "对象 about", "机构 agency", "说明 reason"]);
    for case in &page.cases {
        let due = case.judgement.ends().map_or_else(|| "未知 unknown".to_owned(), |due| due.to_string());
        let status = format!("{} {}", case.judgement.status.zh(), word(case.judgement.status));
        table.add_row([
            status,
            due,
            case.rule.code.to_string(),
            about(case),
            agency(case),
            format!("{}\n{}", case.judgement.zh(), case.judgement.en()),
        ]);
    }
    output.line(table.to_string());
    if page.more {
        let (first, total) = (page.cases.len(), page.total);
        output.line(format!("以上为{total}项中的前{first}项，全部见 --json / the first {first} of {total}, see --json for all"));
    }
}

fn about(case: &DeadlineCase) -> String {
    match &case.subject {
        Subject::Entry(name) => match case.revision {
            Some(revision) => format!("{} {} #{revision}", name.register, name.code),
            None => format!("{} {}", name.register, name.code),
        },
        Subject::Agency(_) => format!("{}年自查 self-check", china(case.trigger).chars().take(4).collect::<String>()),
    }
}

fn agency(case: &DeadlineCase) -> String {
    case.agency.as_ref().map_or_else(|| "市级 city".to_owned(), Code::to_string)
}

fn in_json(case: &DeadlineCase) -> Value {
    let DeadlineCase { rule, subject, agency, trigger, revision, report, judgement, .. } = case;
    let (register, code) = match subject {
        Subject::Entry(name) => (Some(name.register.word()), Some(&name.code)),
        Subject::Agency(_) => (None, None),
    };
    let report = report
        .as_ref()
        .map(|report| json!({ "code": report.code, "path": report.path, "words": report.words, "dismissed": report.dismissed }));
    json!({
        "rule": rule.code, "article": rule.article, "name": rule.name, "nameEn": rule.name_en, "register": register, "code": code,
        "agency": agency, "revision": revision, "trigger": trigger, "start": judgement.start, "due": judgement.ends().map(|due| due.at),
        "status": judgement.status, "reason": judgement.zh(), "reasonEn": judgement.en(), "missing": judgement.missing,
        "fulfilledAt": judgement.fulfilled_at, "report": report,
    })
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Due => "due",
        Status::Overdue => "overdue",
        Status::Unknown => "unknown",
        Status::FulfilledInTime => "in time",
        Status::FulfilledLate => "late",
        Status::Waiting => "waiting",
        Status::Ended => "ended",
    }
}
