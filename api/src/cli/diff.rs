use chrono::{DateTime, Utc};
use clap::Args;
use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use domain::{
    acting::{Role, Scope},
    envelope::Code,
    register::Register,
    value::Channel,
};
use serde_json::{Value, json};

use super::{
    Done, Output, Settings,
    args::{ChannelArg, RegisterArg, moment},
    replay::reading,
    words::{china, short},
};
use crate::{
    app::{self, system_clock},
    registrar::{
        diff::{Between, Cause, Difference, Kind, between},
        replay::began,
        stood::Announced,
    },
};

/// Entries that are told in words; all of them are in `--json`.
const TOLD: usize = 200;

/// Fields of an entry that are told in words.
const FIELDS: usize = 8;

/// What `--help` says at its end.
pub const HELP: &str = "Examples:\n  tongyuan diff 2026-03-03 2026-04-01 --data ./demo\n  \
    tongyuan diff 2026-03-03T09:30:00+08:00 2026-04-01 --channel counter --register guide --json --data ./demo\n  \
    tongyuan diff 2026-03-03 2026-04-01 --public --data ./demo\n\n\
    Each moment is asked as it was known at itself: what the channel showed then. A date is its first moment in China. A second moment that lies\n\
    ahead tells what will take effect by then, as far as it is known.";

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The first moment: a date, from its first moment in China, or RFC 3339
    #[arg(value_name = "T1", value_parser = moment)]
    pub from: DateTime<Utc>,
    /// The second moment
    #[arg(value_name = "T2", value_parser = moment)]
    pub to: DateTime<Utc>,
    /// The channel
    #[arg(long, default_value = "online")]
    pub channel: ChannelArg,
    /// Only this register
    #[arg(long)]
    pub register: Option<RegisterArg>,
    /// Only what this agency answers for
    #[arg(long, value_name = "CODE")]
    pub agency: Option<Code>,
    /// Only what everybody may know: what is shown online, without what is withheld by now, with causes as `history --public` tells them
    #[arg(long)]
    pub public: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// No progress
    #[arg(long)]
    pub quiet: bool,
}

/// Tells what changed between two moments.
pub async fn run(settings: &Settings, verb: &DiffArgs, output: &Output) -> Done {
    let journal = app::open_journal_to_read(&settings.place).await?;
    let channel = Channel::from(verb.channel);
    let DiffArgs { from, to, .. } = *verb;
    let public = verb.public.then(|| system_clock()());
    let asked = Between { from, to, channel, register: verb.register.map(Register::from), agency: verb.agency.clone(), public };
    let begun = began(journal.as_ref()).await?;
    let bar = reading(output.interactive && !verb.json && !verb.quiet);
    let spinner = bar.clone();
    let found = between(journal, &asked, &move |read| spinner.set_position(read)).await?;
    bar.finish_and_clear();
    if verb.json {
        let mut counts = serde_json::Map::new();
        for kind in Kind::ALL {
            counts.insert(kind.key().to_owned(), count(&found, kind).into());
        }
        counts.insert("takingEffect".to_owned(), taking_effect(&found).into());
        return output.json(&json!({ "from": asked.from, "to": asked.to, "channel": channel, "counts": counts, "entries": found }));
    }
    if let Some(begun) = begun.filter(|begun| from < *begun) {
        let begun = china(begun);
        output.note(format!("前一时刻早于登记册的首个事件（{begun}），那时尚无所知 / the first moment is before the first event, of {begun}: nothing was known then"));
    }
    output.line(format!("{} {channel}：{} → {}", channel.zh(), china(asked.from), china(asked.to)));
    if found.is_empty() {
        output.line("没有变化 nothing changed");
        return Ok(());
    }
    for register in Register::ALL {
        let of_register: Vec<_> = found.iter().take(TOLD).filter(|found| found.register == register).collect();
        if !of_register.is_empty() {
            output.line(format!("{} {register}", register.zh()));
            output.line(table(&of_register).to_string());
        }
    }
    if found.len() > TOLD {
        output.line(format!("另有 and {} more; --json", found.len() - TOLD));
    }
    let counts: Vec<_> = Kind::ALL.into_iter().map(|kind| format!("{} {} {}", kind.zh(), kind.en(), count(&found, kind))).collect();
    output.line(format!("{}；其中到期生效 of them taking effect {}", counts.join("，"), taking_effect(&found)));
    Ok(())
}

fn count(found: &[Difference], kind: Kind) -> usize {
    found.iter().filter(|found| found.kind == kind).count()
}

fn taking_effect(found: &[Difference]) -> usize {
    found.iter().filter(|found| found.taking_effect).count()
}

fn table(found: &[&Difference]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["变化 change", "条目 entry", "机构 agency", "字段 fields", "缘由 cause"]);
    for found in found {
        let mut change = format!("{}\n{}", found.kind.zh(), found.kind.en());
        if found.taking_effect {
            change.push_str("\n到期生效\ntaking effect");
        }
        let number = |revision: Option<u32>| revision.map_or_else(|| "—".to_owned(), |number| format!("第{number}版"));
        let shown = match (found.revision_before, found.revision_after) {
            (before, after) if before == after => number(after),
            (before, after) => format!("{} → {}", number(before), number(after)),
        };
        let entry = format!("{}\n{}\n{shown}", found.code, found.name);
        let agency: Vec<_> = [found.agency.as_ref().map(ToString::to_string), found.agency_name.clone()].into_iter().flatten().collect();
        let causes: Vec<_> = found.causes.iter().map(|cause| told(cause, found)).collect();
        table.add_row([change, entry, agency.join("\n"), fields(found), causes.join("\n")]);
    }
    table
}

fn fields(found: &Difference) -> String {
    let value = |path: &str, value: Option<&Value>| short(path, value);
    let mut lines: Vec<_> = found
        .changes
        .iter()
        .take(FIELDS)
        .map(|c| format!("{}: {} → {}", c.label, value(&c.path, c.before.as_ref()), value(&c.path, c.after.as_ref())))
        .collect();
    if found.changes.len() > FIELDS {
        lines.push(format!("另有 and {} more", found.changes.len() - FIELDS));
    }
    lines.extend(found.announced.iter().map(|announced| match announced {
        Announced::Revision { revision, shown_from, .. } => {
            let seen = shown_from.map(|seen| format!("，{}起展示 shown", china(seen))).unwrap_or_default();
            format!("第{}版，{}起实施 upcoming{seen}", revision.number, china(revision.effective_from))
        }
        Announced::Repeal { repeal } => format!("{}起取消 to be repealed", china(repeal.effective_from)),
    }));
    lines.extend(found.no_longer_announced.iter().map(|announced| match announced {
        Announced::Revision { revision, .. } => {
            format!("不再预告第{}版（{}起实施）no longer upcoming", revision.number, china(revision.effective_from))
        }
        Announced::Repeal { repeal } => format!("不再预告{}起取消 no longer to be repealed", china(repeal.effective_from)),
    }));
    lines.join("\n")
}

fn told(cause: &Cause, found: &Difference) -> String {
    let who = match (&cause.role, &cause.acts_for) {
        (Some(role), Some(Scope::Agency(agency))) => format!("{}（{}，{agency}）", cause.actor.as_str(), Role::zh(*role)),
        (Some(role), _) => format!("{}（{}）", cause.actor.as_str(), Role::zh(*role)),
        (None, _) => cause.actor.as_str().to_owned(),
    };
    let mut words = vec![format!("{} {}", china(cause.at), cause.verb), who];
    words.extend(cause.decided_at.map(china).filter(|decided| *decided != china(cause.at)).map(|decided| format!("{decided}决定 decided")));
    if cause.stream != format!("{}-{}", found.register, found.code) {
        words.push(cause.stream.clone());
    }
    words.extend(cause.document.clone());
    words.extend(cause.reason.clone());
    words.join("，")
}
