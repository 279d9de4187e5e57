use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use domain::{
    acting::Role,
    codec::Registered,
    envelope::Code,
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
};
use journal::Journal;
use projections::history::{Audience, Told, tell, tell_with_item};

use super::{
    Done, Failed, Output, Settings,
    args::HistoryArgs,
    words::{china, short},
};
use crate::{
    app::{self, system_clock},
    registrar::{sight, with_item},
};

/// Tells every event of an entry, or what the public may know of them.
pub async fn run(settings: &Settings, verb: &HistoryArgs, output: &Output) -> Done {
    let code: Code = verb.code.parse()?;
    let journal = app::open_journal_to_read(&settings.place).await?;
    let named = verb.register.map(Register::from);
    let mut found = Vec::new();
    for register in Register::ALL.into_iter().filter(|register| named.is_none_or(|only| only == *register)) {
        let told = match register {
            Register::Agency => told::<Agency>(journal.as_ref(), &code, verb.public).await?,
            Register::Item => told::<Item>(journal.as_ref(), &code, verb.public).await?,
            Register::Guide => told::<Guide>(journal.as_ref(), &code, verb.public).await?,
            Register::Material => told::<Material>(journal.as_ref(), &code, verb.public).await?,
            Register::Openness => told::<CatalogueEntry>(journal.as_ref(), &code, verb.public).await?,
        };
        if !told.is_empty() {
            found.push((register, told));
        }
    }
    let told = one(found, named, &code)?;
    if verb.json {
        return output.json(&told);
    }
    output.line(table(&told).to_string());
    Ok(())
}

/// What is told of the one register that has the code. One in which nothing may be told of it counts for none.
fn one(mut found: Vec<(Register, Vec<Told>)>, named: Option<Register>, code: &Code) -> Result<Vec<Told>, Failed> {
    if found.len() > 1 {
        let words: Vec<_> = found.iter().map(|(register, _)| register.word()).collect();
        let words = words.join(", ");
        return Err(Failed(format!(
            "{code} 在多个登记册中：{words}；请指明，如 tongyuan history {first} {code} / \
             {code} is in several registers, {words}: name one, e.g. tongyuan history {first} {code}",
            first = found[0].0,
        )));
    }
    found.pop().map(|(_, told)| told).ok_or_else(|| {
        Failed(match named {
            Some(register) => format!("没有{}“{code}” / there is no {register} {code}", register.zh()),
            None => format!("没有编码为“{code}”的条目；请核对编码 / there is no entry with the code {code}: check it"),
        })
    })
}

/// What is told: nothing of an entry that there is not, and nothing to the public of one of which nothing is public.
async fn told<C: Registered>(journal: &dyn Journal, code: &Code, public: bool) -> Result<Vec<Told>, Failed> {
    let loaded = journal::load::<C>(journal, code).await?;
    let now = system_clock()();
    // As a query without a token is answered, or all of it.
    let told =
        if public { sight::told(None, &loaded, now) } else { Some((Audience::Keeper, tell(&loaded.history, Audience::Keeper, now))) };
    let Some((of_guide, mut told)) = told else { return Ok(Vec::new()) };
    if let Some(code) = with_item::item_of_state(&loaded.state, of_guide, now).filter(|_| !told.is_empty()) {
        let item = journal::load::<Item>(journal, &code).await?;
        let audience = if public { with_item::audience(None, &item, of_guide, now) } else { Some(Audience::Keeper) };
        let own = loaded.state.repeal.as_ref();
        if let Some(gone) = audience.and_then(|audience| with_item::gone_with((&code, &item), own, audience, now)) {
            tell_with_item(&mut told, &gone.item, gone.told);
        }
    }
    Ok(told)
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
        let mut what = format!("{}\n{}", event.summary, event.summary_en);
        if let Some(from) = event.effective_from {
            what = format!("{what}\n自{}起实施", china(from));
        }
        let who: Vec<_> = [Some(event.actor.as_str()), event.role.map(Role::zh)].into_iter().flatten().collect();
        let at = china(event.at);
        let decided = event.decided_at.map(china).filter(|decided| *decided != at);
        let at = decided.map_or_else(|| at.clone(), |decided| format!("{at}\n{decided}决定 decided"));
        table.add_row([at, who.join("\n"), what, basis.join("\n"), changes.join("\n")]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_registers_it_says_which() {
        let code: Code = "A1".parse().unwrap();
        let in_all = |registers: &[Register]| registers.iter().map(|register| (*register, Vec::new())).collect();
        let said = one(in_all(&[Register::Agency, Register::Item]), None, &code).unwrap_err().0;
        assert!(said.contains("agency, item") && said.contains("tongyuan history agency A1") && said.contains(" / "), "{said}");
        assert!(one(in_all(&[Register::Item]), None, &code).is_ok());
        assert!(one(in_all(&[]), None, &code).unwrap_err().0.contains("there is no entry with the code A1"));
        assert!(one(in_all(&[]), Some(Register::Item), &code).unwrap_err().0.contains("there is no item A1"));
    }
}
