use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use domain::{
    codec::Registered,
    envelope::Code,
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
};
use projections::history::{Audience, Told, tell};
use serde_json::Value;

use super::{
    Done, Failed, Output, Settings,
    args::HistoryArgs,
    words::{brief, china},
};
use crate::app;

/// Tells every event of an entry.
pub async fn run(settings: &Settings, verb: &HistoryArgs, output: &Output) -> Done {
    let code: Code = verb.code.parse()?;
    let told = match Register::from(verb.register) {
        Register::Agency => told::<Agency>(settings, &code).await?,
        Register::Item => told::<Item>(settings, &code).await?,
        Register::Guide => told::<Guide>(settings, &code).await?,
        Register::Material => told::<Material>(settings, &code).await?,
        Register::Openness => told::<CatalogueEntry>(settings, &code).await?,
    };
    if told.is_empty() {
        let register = Register::from(verb.register);
        return Err(Failed(format!("没有{}“{code}” / there is no {register} {code}", register.zh())));
    }
    if verb.json {
        return output.json(&told);
    }
    output.line(table(&told).to_string());
    Ok(())
}

async fn told<C: Registered>(settings: &Settings, code: &Code) -> Result<Vec<Told>, Failed> {
    let journal = app::open_journal_to_read(&settings.place).await?;
    let loaded = journal::load::<C>(journal.as_ref(), code).await?;
    Ok(tell(&loaded.history, Audience::Keeper))
}

fn table(told: &[Told]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["时间 at", "经办 actor", "事项 what", "依据 basis", "变更 changes"]);
    for event in told {
        let basis: Vec<_> = [event.document.clone(), event.reason.clone()].into_iter().flatten().collect();
        let changes: Vec<_> = event
            .changes
            .iter()
            .map(|c| format!("{}: {} → {}", c.label, short(&c.path, c.before.as_ref()), short(&c.path, c.after.as_ref())))
            .collect();
        let mut what = event.summary.clone();
        if let Some(from) = event.effective_from {
            what = format!("{what}\n自{}起实施", china(from));
        }
        table.add_row([china(event.at), event.actor.as_str().to_owned(), what, basis.join("\n"), changes.join("\n")]);
    }
    table
}

/// A value in few words; the whole of it is in `--json`.
fn short(path: &str, value: Option<&Value>) -> String {
    let text = match value {
        None => return "（无）".to_owned(),
        Some(value) => brief(path, value),
    };
    let line = text.replace('\n', " ");
    if line.chars().count() <= 40 { line } else { format!("{}…", line.chars().take(39).collect::<String>()) }
}
