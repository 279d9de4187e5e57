use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use domain::{
    register::{CATALOGUE_CHECKS, CONTENT_CHECKS, GUIDE_CHECKS, ITEM_CHECKS, Register},
    value::Severity,
};
use exchange::table;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{Done, Failed, Output, Settings, args::RegisterArg};
use crate::{
    app::{self, system_clock},
    registrar::{Checked, check},
};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Only this register
    pub register: Option<RegisterArg>,
    /// Only entries of this agency
    #[arg(long, value_name = "CODE")]
    pub agency: Option<String>,
    /// Write every finding with its entry and field, as CSV or XLSX by its ending
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Fail if there is an error among the findings
    #[arg(long)]
    pub strict: bool,
    /// Print one JSON object with every finding
    #[arg(long)]
    pub json: bool,
}

/// Entries and findings of one check.
#[derive(Default)]
struct Count {
    findings: usize,
    entries: usize,
    example: String,
}

/// Tells what the checks find in the register.
pub async fn run(settings: &Settings, verb: &CheckArgs, output: &Output) -> Done {
    let journal = app::open_journal_to_read(&settings.place).await?;
    let bar = if output.interactive && !verb.json { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} 读取事件 events {pos}") {
        bar.set_style(style);
    }
    let mut all = check(&journal, system_clock()(), &|read| bar.set_position(read)).await?;
    bar.finish_and_clear();
    let register = verb.register.map(Register::from);
    all.retain(|one| register.is_none_or(|register| one.register == register));
    all.retain(|one| verb.agency.as_deref().is_none_or(|agency| one.agency.as_ref().is_some_and(|of| of.as_str() == agency)));
    let counts = counts(&all);
    if verb.json {
        output.json(&in_json(&all, &counts))?;
    } else {
        tell(&all, &counts, output);
    }
    if let Some(report) = &verb.report {
        table::write(report, &[rows(&all)])?;
        if !verb.json {
            output.line(format!("报告 report: {}", report.display()));
        }
    }
    let errors = counts.iter().filter(|((severity, _), _)| *severity == Severity::Error).map(|(_, count)| count.findings).sum::<usize>();
    if verb.strict && errors > 0 {
        return Err(Failed(format!("有{errors}处错误 / {errors} findings are errors")));
    }
    Ok(())
}

/// By severity and code.
fn counts(all: &[Checked]) -> BTreeMap<(Severity, String), Count> {
    let mut counts: BTreeMap<_, Count> = BTreeMap::new();
    for one in all {
        let mut met = Vec::new();
        for finding in &one.findings {
            let count = counts.entry((finding.severity, finding.code.clone())).or_default();
            count.findings += 1;
            if !met.contains(&&finding.code) {
                met.push(&finding.code);
                count.entries += 1;
            }
            if count.example.is_empty() {
                count.example = format!("{} {} {}", one.register, one.code, finding.path);
            }
        }
    }
    counts
}

fn severity_zh(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "错误 error",
        Severity::Warning => "警告 warning",
        Severity::Info => "提示 info",
    }
}

fn tell(all: &[Checked], counts: &BTreeMap<(Severity, String), Count>, output: &Output) {
    let sound = all.iter().filter(|one| one.findings.is_empty()).count();
    output.line(format!("检查 checked {}，无发现 sound {sound}", all.len()));
    if counts.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["", "检查 check", "应当 what holds", "条目 entries", "处 findings", "例 example"]);
    for ((severity, code), count) in counts.iter().rev() {
        let mut checks = GUIDE_CHECKS.iter().chain(ITEM_CHECKS).chain(CATALOGUE_CHECKS).chain(CONTENT_CHECKS);
        let holds = checks.find(|check| check.code == *code).map_or("", |check| check.zh);
        let (entries, findings) = (count.entries.to_string(), count.findings.to_string());
        table.add_row([severity_zh(*severity), code, holds, &entries, &findings, &count.example]);
    }
    for column in [3, 4] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    output.line(table.to_string());
}

fn in_json(all: &[Checked], counts: &BTreeMap<(Severity, String), Count>) -> Value {
    let counts: Vec<_> = counts
        .iter()
        .map(
            |((severity, code), count)| json!({ "code": code, "severity": severity, "findings": count.findings, "entries": count.entries }),
        )
        .collect();
    let entries: Vec<_> = all
        .iter()
        .filter(|one| !one.findings.is_empty())
        .map(|one| {
            json!({ "register": one.register, "code": one.code, "name": one.name, "agency": one.agency, "draft": one.is_draft, "findings": one.findings })
        })
        .collect();
    json!({ "checked": all.len(), "checks": counts, "entries": entries })
}

fn rows(all: &[Checked]) -> table::Table {
    let header = [
        "登记册 register",
        "编码 code",
        "名称 name",
        "机构 agency",
        "状态 state",
        "程度 severity",
        "检查 check",
        "字段 field",
        "说明",
        "in English",
    ];
    let mut rows = Vec::new();
    for one in all {
        for finding in &one.findings {
            rows.push(vec![
                format!("{} {}", one.register.zh(), one.register),
                one.code.to_string(),
                one.name.clone(),
                one.agency.as_ref().map(ToString::to_string).unwrap_or_default(),
                if one.is_draft { "草稿 draft" } else { "已公布 published" }.to_owned(),
                severity_zh(finding.severity).to_owned(),
                finding.code.clone(),
                finding.path.clone(),
                finding.zh.clone(),
                finding.en.clone(),
            ]);
        }
    }
    table::Table { name: "发现 findings".to_owned(), header: header.map(str::to_owned).to_vec(), rows }
}
