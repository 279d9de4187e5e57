use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;
use domain::value::Channel;
use exchange::export::Folder;
use indicatif::{ProgressBar, ProgressStyle};
use projections::Withholding;
use serde_json::json;

use super::{Done, Output, Settings, args::moment, words::china};
use crate::{
    app::{self, system_clock},
    registrar::replay::{self, Times},
};

/// What `--help` says at its end.
pub const HELP: &str = "Examples:\n  tongyuan replay --valid-at 2026-03-03T09:30:00+08:00 --known-at 2026-04-01 --out ./replay --data ./demo\n  \
    tongyuan replay --out ./today --json --data ./demo\n\n\
    A date is its first moment in China: --known-at 2026-04-01 is what was known when 31 March ended. The same two times give the same bytes,\n\
    whatever store the journal is in. The folder is there whole or not at all. See docs/audit.md.";

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// What was or will be in force at this moment: a date, from its first moment in China, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub valid_at: Option<DateTime<Utc>>,
    /// As it had been recorded by this moment [default: now, with all that is known]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub known_at: Option<DateTime<Utc>>,
    /// The folder to write: one that does not exist, or an empty one
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Only what everybody may know: without the counter and its notes for the clerk, and without what is withheld by now
    #[arg(long)]
    pub public: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// No progress
    #[arg(long)]
    pub quiet: bool,
}

/// Writes the whole register as it stood.
pub async fn run(settings: &Settings, verb: &ReplayArgs, output: &Output) -> Done {
    let now = system_clock()();
    let times = Times::asked(verb.valid_at, verb.known_at, now)?;
    let journal = app::open_journal_to_read(&settings.place).await?;
    let begun = replay::began(journal.as_ref()).await?;
    let mut folder = Folder::begin(&verb.out)?;
    let bar = reading(output.interactive && !verb.json && !verb.quiet);
    let spinner = bar.clone();
    // What is handed on holds nothing that is withheld by now.
    let without = if verb.public { Withholding::by_log(journal.as_ref(), now).await? } else { Withholding::default() };
    let views = times.views(journal, without.into(), &move |read| spinner.set_position(read)).await?;
    if let Ok(style) = ProgressStyle::with_template("写出条目 entries {bar:40} {pos}/{len} 剩余 {eta}") {
        bar.set_style(style);
    }
    let channels = if verb.public { &Channel::ALL[..1] } else { &Channel::ALL[..] };
    let writing = bar.clone();
    let progress = move |done: usize, all: usize| {
        writing.set_length(all as u64);
        writing.set_position(done as u64);
    };
    let manifest = replay::write(views.as_ref(), times, channels, &mut folder, &progress).await?;
    folder.finish()?;
    bar.finish_and_clear();
    if verb.json {
        let mut told = serde_json::to_value(&manifest)?;
        told["out"] = json!(verb.out);
        return output.json(&told);
    }
    if let Some(begun) = begun.filter(|begun| times.known_at < *begun) {
        let begun = china(begun);
        output.note(format!("登记册的首个事件记于{begun}，此前尚无所知，故各文件为空 / the first event was recorded at {begun}: before it nothing was known, so the files are empty"));
    }
    let (valid, known) = (china(manifest.valid_at), china(manifest.known_at));
    let events = manifest.events.map(|events| format!("; events {events}")).unwrap_or_default();
    output.line(format!("{}：{valid}有效，{known}所知 valid then, known then{events}", verb.out.display()));
    for channel in channels {
        let of_channel = manifest.files.iter().filter(|file| file.channel == *channel && file.entries > 0);
        let counts: Vec<_> = of_channel.map(|file| format!("{} {} {}", file.register.zh(), file.register, file.entries)).collect();
        let counts = if counts.is_empty() { "无 nothing".to_owned() } else { counts.join("，") };
        output.line(format!("  {} {channel}：{counts}", channel.zh()));
    }
    output.line(format!("  根哈希 root {}", manifest.root));
    Ok(())
}

/// A bar for the reading of a log, whose length nobody knows before its end.
pub(super) fn reading(shown: bool) -> ProgressBar {
    let bar = if shown { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} 读取事件 events {pos} {per_sec}") {
        bar.set_style(style);
    }
    bar
}
