use std::path::PathBuf;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use clap::{Args, ValueEnum};
use domain::{
    envelope::{Code, EntryName},
    register::Register,
};
use exchange::{export::write_catalogue, table};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{Done, Failed, Output, Settings, args::moment, there, words::china};
use crate::{
    app::{self, system_clock},
    registrar::export,
};

/// What `--help` says at its end.
pub const HELP: &str = "Examples:\n  tongyuan export catalogue --out 目录.xlsx --data ./demo\n  \
    tongyuan export catalogue --out catalogue.csv --agency 1199010040310674X6 --at 2026-01-01 --data ./demo\n\n\
    What is written reads the same when it is imported; whatever would not is named.";

/// What can go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportArg {
    /// 政务公开事项目录
    Catalogue,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What to write
    pub what: ExportArg,
    /// The file, CSV or XLSX by its ending
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// What was in force and known at this moment: a date, from its first moment in China, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub at: Option<DateTime<Utc>>,
    /// Only lines of this agency
    #[arg(long, value_name = "CODE")]
    pub agency: Option<Code>,
    /// Title above the table [default: 政务公开事项目录 and the year]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Writes what is public in the form in which it is published.
pub async fn run(settings: &Settings, verb: &ExportArgs, output: &Output) -> Done {
    table::check_writable(&verb.out)?;
    let at = verb.at.unwrap_or_else(|| system_clock()());
    let journal = app::open_journal_to_read(&settings.place).await?;
    let bar = if output.interactive && !verb.json { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} 读取事件 events {pos}") {
        bar.set_style(style);
    }
    let spinner = bar.clone();
    let ExportArg::Catalogue = verb.what;
    let lines = export::catalogue(journal.clone(), at, verb.agency.as_ref(), &move |read| spinner.set_position(read)).await?;
    bar.finish_and_clear();
    // Nothing of an agency that there is not is no list that somebody would publish.
    if let Some(agency) = verb.agency.as_ref().filter(|_| lines.is_empty())
        && !there::is(journal.as_ref(), &EntryName::new(Register::Agency, agency.clone())).await?
    {
        return Err(Failed(format!("登记册中没有机构{agency}；请核对编码 / the register has no agency {agency}: check the code")));
    }
    let written = lines.len();
    let title = verb.title.clone().unwrap_or_else(|| format!("政务公开事项目录（{}年）", (at + TimeDelta::hours(8)).year()));
    let differences = write_catalogue(&verb.out, &title, lines)?;
    if verb.json {
        let told: Vec<_> = differences.iter().map(|(code, fields)| json!({ "code": code, "fields": fields })).collect();
        return output.json(&json!({ "written": written, "at": at, "out": verb.out, "differences": told }));
    }
    let out = verb.out.display();
    output.line(format!("导出 written {written}，{}有效且公开的目录条目 lines in force and public, {out}", china(at)));
    for (code, fields) in &differences {
        let fields = fields.join(", ");
        output.line(format!(
            "  {code}：目录表格不能完整表达 {fields}，再次导入时会不同 / the form cannot say all of {fields}: imported again, it differs"
        ));
    }
    Ok(())
}
