use clap::Args;
use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use domain::{calendar::china::spoken, envelope::Code};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{Done, Failed, Output, Settings, user};
use crate::{
    app::{self, system_clock},
    auth::local::Name,
    registrar::{
        abolished::{Abolished, Asking, Prepared, asking, prepare},
        change::Desk,
    },
};

/// Guides that are told in words; all of them are in `--json`.
const TOLD: usize = 50;

/// What `--help` says at its end.
pub const HELP: &str = "Examples:\n  tongyuan abolished LLCL-042 --data ./demo\n  tongyuan abolished LLCL-042 --drafter li --data ./demo\n\n\
    Without --drafter nothing is written. The revisions leave the proof out; those of each agency go through review and approval as one set, and as a\n\
    further one those of guides that have an announced later revision: nothing holds before that.";

/// Arguments of `abolished`.
#[derive(Debug, Args)]
pub struct AbolishedArgs {
    /// Code of the material
    pub material: Code,
    /// Account of this machine in whose name the revisions are drafted and proposed, those of each agency as one change set; the password is asked for
    #[arg(long, value_name = "NAME")]
    pub drafter: Option<Name>,
    /// Read that password from the first line of standard input instead of asking for it
    #[arg(long, requires = "drafter")]
    pub password_stdin: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// No progress
    #[arg(long)]
    pub quiet: bool,
}

/// Lists the guides that ask for a proof that is abolished, or announced to be, and prepares their revisions (Art. 5(2)).
pub async fn run(settings: &Settings, verb: &AbolishedArgs, output: &Output) -> Done {
    let drafter = match &verb.drafter {
        Some(name) => Some(user::caller(settings, name, verb.password_stdin)?),
        None => None,
    };
    let journal = match &drafter {
        Some(_) => app::open_journal(&settings.place).await?,
        None => app::open_journal_to_read(&settings.place).await?,
    };
    let bar = if output.interactive && !verb.json && !verb.quiet { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} 读取事件 events {pos}") {
        bar.set_style(style);
    }
    let clock = system_clock();
    let abolished = asking(&journal, &verb.material, clock(), &|read| bar.set_position(read)).await?;
    let raised = match drafter {
        Some(caller) => prepare(&Desk::new(journal), (&caller, &clock), &abolished, &|done| bar.inc(done)).await?,
        None => Vec::new(),
    };
    bar.finish_and_clear();
    if verb.json {
        output.json(&in_json(&abolished, &raised))?;
    } else {
        tell(&abolished, output);
        for prepared in &raised {
            tell_set(prepared, output);
        }
        if verb.drafter.is_some() && raised.is_empty() && abolished.guides.iter().any(|asking| asking.until.is_none()) {
            output.line("该账号不是这些指南所属机构的起草人 / the account drafts for none of the agencies of these guides");
        }
    }
    if raised.iter().any(|prepared| matches!(prepared.raised.status, "REFUSED" | "UNKNOWN")) {
        return Err(Failed(
            "有变更集未能提出，原因已在上面列出；结果不明的请重做一次 / a change set was not proposed, why is told above; where it is not known, do \
             the same again"
                .to_owned(),
        ));
    }
    Ok(())
}

fn tell(abolished: &Abolished, output: &Output) {
    let Abolished { code, material, since, until, is_in_force, guides } = abolished;
    let reason = material.abolished.as_ref().map(|abolished| abolished.reason.as_str()).unwrap_or_default();
    let (name, from) = (&material.name, spoken(*since));
    output.line(if *is_in_force {
        format!("已取消的材料 abolished material {code} {name}（自北京时间 since {from} China time）：{reason}")
    } else {
        format!("将取消的材料，此前仍可要求提供 material to be abolished, asked for until then: {code} {name}（自北京时间 from {from} China time）：{reason}")
    });
    if let Some(until) = until.map(spoken) {
        output.line(format!("自北京时间{until}起依法重新要求提供 / it may be asked for again by law from {until} China time on"));
    }
    if guides.is_empty() {
        return output.line("没有办事指南再要求提供 / no guide asks for it any more");
    }
    output.line(format!("仍要求提供的办事指南 guides that ask for it: {}", guides.len()));
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["编码 code", "名称 name", "机构 agency", "材料序号 material no.", "草稿 draft", "说明 note"]);
    for asking in guides.iter().take(TOLD) {
        let places: Vec<_> = asking.places.iter().map(|place| (place + 1).to_string()).collect();
        let drafted = if asking.is_drafted { "有 yes" } else { "" };
        table.add_row([asking.code.as_str(), &asking.guide.name, asking.guide.agency.as_str(), &places.join("、"), drafted, &note(asking)]);
    }
    output.line(table.to_string());
    if guides.len() > TOLD {
        output.line(format!("另有 and {} more; --json", guides.len() - TOLD));
    }
}

/// What is to be known of a guide before its revision is decided.
fn note(asking: &Asking) -> String {
    match (asking.until, asking.upcoming) {
        (Some(until), _) => {
            format!("已公布的版本自北京时间{}起不再要求；更正可提前删去 asks until then, a correction takes it out sooner", spoken(until))
        }
        (None, Some(from)) => {
            format!("另有版本自北京时间{}起施行，修订不能更早，另列变更集 a later revision is announced, in a set of its own", spoken(from))
        }
        (None, None) => String::new(),
    }
}

fn tell_set(Prepared { agency, upcoming, raised }: &Prepared, output: &Output) {
    let words = match raised.status {
        "PROPOSED" => "已提出送审 proposed",
        "UNCHANGED" => "未变 unchanged",
        "REFUSED" => "未提出 refused",
        _ => "结果不明 unknown",
    };
    let code = raised.code.as_ref().map_or_else(|| "（无变更 nothing to change）".to_owned(), ToString::to_string);
    output.line(format!("机构 agency {agency} 变更集 change set {code} {words}：修订 revisions {}", raised.members.len()));
    if let Some(first) = upcoming {
        let first = spoken(*first);
        output.line(format!(
            "  这些指南另有已公布、尚未生效的版本，单列一个变更集，最早可自北京时间{first}起施行 / later revisions of these guides are announced: they are a \
             set of their own, which can be approved for {first} China time or later"
        ));
    }
    if let Some(why) = &raised.why {
        output.line(format!("  {}: {} / {}", why.code, why.zh, why.en));
    }
    for refused in raised.refused.iter().take(TOLD) {
        let why = &refused.refused;
        output.line(format!("  未列入 left out {} {}: {} / {}", refused.entry.code, why.code, why.zh, why.en));
    }
}

fn in_json(abolished: &Abolished, raised: &[Prepared]) -> Value {
    let guides = abolished.guides.iter().map(|asking| {
        let places: Vec<_> = asking.places.iter().map(|place| place + 1).collect();
        json!({
            "code": asking.code, "name": asking.guide.name, "agency": asking.guide.agency, "materialNumbers": places,
            "drafted": asking.is_drafted, "upcomingFrom": asking.upcoming, "asksUntil": asking.until,
        })
    });
    let sets = raised.iter().map(|Prepared { agency, upcoming, raised }| {
        let refused = raised.refused.iter().map(|refused| {
            let why = &refused.refused;
            json!({ "register": refused.entry.register.word(), "code": refused.entry.code, "reason": why.code, "message": why.zh, "messageEn": why.en })
        });
        let why = raised.why.as_ref().map(|why| json!({ "reason": why.code, "message": why.zh, "messageEn": why.en }));
        json!({
            "agency": agency, "code": raised.code, "status": raised.status, "revisions": raised.members.len(), "why": why,
            "leftOut": refused.collect::<Vec<_>>(), "upcoming": upcoming.is_some(), "possibleFrom": upcoming,
        })
    });
    let reason = abolished.material.abolished.as_ref().map(|abolished| &abolished.reason);
    json!({
        "code": abolished.code, "name": abolished.material.name, "reason": reason, "abolished": abolished.is_in_force,
        "abolishedFrom": abolished.since, "abolishedUntil": abolished.until, "guides": guides.collect::<Vec<_>>(), "changeSets": sets.collect::<Vec<_>>(),
    })
}
