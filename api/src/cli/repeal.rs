use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use clap::Args;
use domain::{
    codec::Registered,
    entry::{Refusal, Repeal},
    envelope::{ActorId, Code},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
};
use journal::{Journal, SharedJournal};
use projections::Work;
use serde_json::json;

use super::{
    Done, Failed, Output, Settings,
    args::{RegisterArg, moment},
    words::china,
};
use crate::{
    app::{self, system_clock},
    registrar::{Acted, act, change::no_successor, changeset::owed, command_id},
};

/// What `--help` says at its end.
pub const HELP: &str = "Examples:\n  tongyuan repeal item 1199010040310893XY3990805001000 --reason 奖励项目取消 --document 某政发〔2025〕8号 --data ./demo\n  \
    tongyuan repeal item CODE CODE --reason 已合并 --replaced-by CODE --effective-from 2026-01-01 --data ./data\n\n\
    An entry that was drafted or approved here is not repealed this way: that takes its approver.";

/// Arguments of `repeal`.
#[derive(Debug, Args)]
pub struct RepealArgs {
    /// The register
    pub register: RegisterArg,
    /// Codes of the entries, as `import` proposes them
    #[arg(required = true, value_name = "CODE")]
    pub codes: Vec<String>,
    /// Why, as it is told to whoever looks the entry up
    #[arg(long, value_name = "WORDS")]
    pub reason: String,
    /// Document by which it was decided, e.g. 某政发〔2025〕8号
    #[arg(long, value_name = "NUMBER")]
    pub document: Option<String>,
    /// When it ceases: a date, from its first moment in China, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub effective_from: Option<DateTime<Utc>>,
    /// Code of the entry of the same register that takes its place
    #[arg(long, value_name = "CODE")]
    pub replaced_by: Option<Code>,
    /// Id of whoever repeals, as recorded with every event
    #[arg(long, default_value = "import", value_name = "ID")]
    pub actor: ActorId,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Takes entries of adopted lists off their register. One that cannot be repealed stops no other, and fails the command.
pub async fn run(settings: &Settings, verb: &RepealArgs, output: &Output) -> Done {
    // What is mistyped is told before anything is done.
    let codes = verb.codes.iter().map(|code| code.parse()).collect::<Result<BTreeSet<Code>, _>>()?;
    let journal = app::open_journal(&settings.place).await?;
    match Register::from(verb.register) {
        Register::Agency => repeal::<Agency>(journal, codes, verb, output).await,
        Register::Item => repeal::<Item>(journal, codes, verb, output).await,
        Register::Guide => repeal::<Guide>(journal, codes, verb, output).await,
        Register::Material => repeal::<Material>(journal, codes, verb, output).await,
        Register::Openness => repeal::<CatalogueEntry>(journal, codes, verb, output).await,
    }
}

async fn repeal<C: Registered>(journal: SharedJournal, codes: BTreeSet<Code>, verb: &RepealArgs, output: &Output) -> Done {
    if let Some(successor) = &verb.replaced_by {
        takes_over::<C>(journal.as_ref(), successor, &codes).await?;
    }
    let mut told = Vec::with_capacity(codes.len());
    let mut refused = 0;
    let work = Work::new(journal.clone());
    for code in codes {
        let state = journal::load::<C>(journal.as_ref(), &code).await?.state;
        if let Some(waits) = owed::<C>((journal.as_ref(), &work), None, &code, &state).await? {
            refused += 1;
            if verb.json {
                let refusal = json!({ "code": waits.code, "zh": waits.zh, "en": waits.en });
                told.push(json!({ "code": code, "outcome": "refused", "refusal": refusal }));
            } else {
                output.line(not_repealed(&code, &waits.zh, &waits.en));
            }
            continue;
        }
        let acted = one::<C>(journal.as_ref(), &code, verb).await?;
        refused += usize::from(matches!(acted, Acted::Refused(_)));
        if verb.json {
            told.push(json!({ "code": code, "outcome": outcome(&acted), "refusal": refusal(&acted).map(in_json) }));
        } else {
            output.line(words(&code, &acted, verb.effective_from));
        }
    }
    if verb.json {
        output.json(&json!({ "register": C::REGISTER.word(), "entries": told }))?;
    }
    if refused > 0 {
        return Err(Failed(format!("{refused}条未取消，原因见上 / {refused} not repealed, for the reasons above")));
    }
    Ok(())
}

async fn one<C: Registered>(journal: &dyn Journal, code: &Code, verb: &RepealArgs) -> Result<Acted, Failed> {
    let loaded = journal::load::<C>(journal, code).await?;
    let version = loaded.version.map_or_else(|| "none".to_owned(), |version| version.0.to_string());
    let id = command_id(&["repeal", C::REGISTER.word(), code.as_str(), &version, &verb.reason]);
    let command = Repeal {
        effective_from: verb.effective_from,
        reason: verb.reason.clone(),
        document: verb.document.clone(),
        replaced_by: verb.replaced_by.clone(),
        reform: None,
    };
    Ok(act::<C>(journal, code, command.into(), id, &verb.actor, system_clock()()).await?)
}

/// What takes the place of others is there, and is not repealed along with them.
async fn takes_over<C: Registered>(journal: &dyn Journal, successor: &Code, repealed: &BTreeSet<Code>) -> Done {
    for code in repealed {
        if let Some(refused) = no_successor::<C>(journal, code, successor).await? {
            return Err(Failed(format!("--replaced-by {successor}：{}；未作改动 / {}; nothing was changed", refused.zh, refused.en)));
        }
    }
    Ok(())
}

fn outcome(acted: &Acted) -> &'static str {
    match acted {
        Acted::Refused(_) => "refused",
        Acted::Unchanged | Acted::Collected(_) => "unchanged",
        Acted::Adopted | Acted::Revised | Acted::Repealed | Acted::Done => "repealed",
    }
}

fn refusal(acted: &Acted) -> Option<&Refusal> {
    if let Acted::Refused(refusal) = acted { Some(refusal) } else { None }
}

fn in_json(refusal: &Refusal) -> serde_json::Value {
    json!({ "code": refusal.code(), "zh": refusal.zh, "en": refusal.en })
}

fn words(code: &Code, acted: &Acted, from: Option<DateTime<Utc>>) -> String {
    match acted {
        Acted::Refused(refusal) => not_repealed(code, &refusal.zh, &refusal.en),
        Acted::Unchanged => format!("已是取消状态 repealed before: {code}"),
        _ => match from {
            Some(from) => format!("已取消 repealed {code}，自{}起 from then on", china(from)),
            None => format!("已取消 repealed {code}"),
        },
    }
}

fn not_repealed(code: &Code, zh: &str, en: &str) -> String {
    format!("未取消 refused {code}: {zh} / {en}")
}
