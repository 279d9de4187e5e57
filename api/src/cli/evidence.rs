use std::{path::PathBuf, time::Duration};

use chrono::{DateTime, Utc};
use clap::Args;
use domain::{envelope::Code, register::Register};
use exchange::evidence::{bundle, refuse_existing};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{
    Done, Output, Settings,
    args::{RegisterArg, moment},
    words::china,
};
use crate::{
    app::{self, system_clock},
    registrar::{
        evidence::{Asked, collect},
        replay::Times,
    },
};

/// What `--help` says at its end.
pub const HELP: &str = "Examples:\n  tongyuan evidence 1199010040310455XD399013100100101 --out evidence.zip --data ./demo\n  \
    tongyuan evidence 1199010040310236XL3990714001000 --register item --public --json --data ./demo\n\n\
    The ZIP has the events as they are kept, what both channels show of each revision, receipts, calendar, a report and sums; its README says how\n\
    to check it without this program. Without --public it holds what is not public: drafts, notes for the clerk, withheld fields.\n\
    The same --known-at gives the same bytes. See docs/audit.md.";

/// Arguments of `evidence`.
#[derive(Debug, Args)]
pub struct EvidenceArgs {
    /// Code of the entry
    pub code: Code,
    /// Its register, where several have the code
    #[arg(long)]
    pub register: Option<RegisterArg>,
    /// As it had been recorded by this moment: a date, at its first moment in China, or RFC 3339 [default: now, with all that is known]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub known_at: Option<DateTime<Utc>>,
    /// The file to write, one that does not exist [default: evidence-REGISTER-CODE.zip]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only what the public may know: no drafts, no clerk notes, nothing that is withheld by now, no events as they are kept
    #[arg(long)]
    pub public: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// No progress
    #[arg(long)]
    pub quiet: bool,
}

/// Writes the evidence of an entry.
pub async fn run(settings: &Settings, verb: &EvidenceArgs, output: &Output) -> Done {
    let now = system_clock()();
    let known_at = Times::asked(None, verb.known_at, now)?.known_at;
    if let Some(out) = &verb.out {
        refuse_existing(out)?;
    }
    let journal = app::open_journal_to_read(&settings.place).await?;
    let bar = if output.interactive && !verb.json && !verb.quiet { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} 收集证据 collecting {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    let asked =
        Asked { register: verb.register.map(Register::from), code: verb.code.clone(), known_at, public: verb.public.then_some(now) };
    let evidence = collect(journal, &asked).await?;
    let bundle = bundle(&evidence)?;
    let out = verb.out.clone().unwrap_or_else(|| PathBuf::from(format!("evidence-{}-{}.zip", evidence.register, evidence.code)));
    bundle.write(&out)?;
    bar.finish_and_clear();
    let (events, revisions, receipts) = (evidence.events.len(), evidence.revisions.len(), evidence.receipts.len());
    if verb.json {
        return output.json(&json!({
            "register": evidence.register.word(), "code": evidence.code, "knownAt": known_at, "public": verb.public, "out": out,
            "events": events, "revisions": revisions, "receipts": receipts, "files": bundle.names, "chain": bundle.chain,
            "lastEvent": bundle.last_event,
            "sha256": bundle.hash,
        }));
    }
    output.line(format!("{}：{} {} {}", out.display(), evidence.register.zh(), evidence.code, evidence.name));
    output
        .line(format!("  {}所知 known then：事件 events {events}，版本 revisions {revisions}，回执 receipts {receipts}", china(known_at)));
    if let Some(chain) = &bundle.chain {
        output.line(format!("  链末 chain {chain}"));
    }
    output.line(format!("  压缩包 ZIP {}", bundle.hash));
    if !verb.public {
        output.note("内含不公开的内容，只提供给有权查阅的人 / it holds what is not public: for those who may see that");
    }
    Ok(())
}
