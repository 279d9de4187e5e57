use domain::{
    envelope::Code,
    register::{Agency, Guide, Item, Material, Register, label},
    value::Channel,
};
use projections::{Viewed, views_of};
use serde_json::{Value, json};

use super::{Done, Failed, Output, Settings, args::ShowArgs};
use crate::app::{self, system_clock};

/// Shows an entry as a channel shows it now.
pub async fn run(settings: &Settings, verb: &ShowArgs, output: &Output) -> Done {
    let code: Code = verb.code.parse()?;
    match Register::from(verb.register) {
        Register::Agency => show::<Agency>(settings, verb, &code, output).await,
        Register::Item => show::<Item>(settings, verb, &code, output).await,
        Register::Guide => show::<Guide>(settings, verb, &code, output).await,
        Register::Material => show::<Material>(settings, verb, &code, output).await,
    }
}

async fn show<C: Viewed>(settings: &Settings, verb: &ShowArgs, code: &Code, output: &Output) -> Done {
    let journal = app::open_journal_to_read(&settings.place).await?;
    let channel = Channel::from(verb.channel);
    // A guide is shown only while its item is: the answer is that of the views, never of one entry alone.
    let snapshot = views_of(journal, &|_| ()).await?.now().await?;
    let now = system_clock()();
    let documents = snapshot.get_many(channel, C::REGISTER, std::slice::from_ref(code)).await?;
    let view = documents.iter().flatten().find_map(C::view);
    let Some(shown) = view.and_then(|view| view.shown_at(now)) else {
        return Err(Failed(format!(
            "{channel}渠道目前不显示{}“{code}”；用 tongyuan history {} {code} 查看其历史 / not shown on {channel} at present; see its history",
            C::REGISTER.zh(),
            C::REGISTER.word()
        )));
    };
    let content = serde_json::to_value(shown.content.as_ref())?;
    let revision = json!({
        "number": shown.revision.number, "effectiveFrom": shown.revision.effective_from, "effectiveUntil": shown.effective_until,
        "contentHash": shown.revision.content_hash, "documentNumber": shown.revision.document_number,
    });
    if verb.json {
        return output
            .json(&json!({ "register": C::REGISTER, "code": code, "channel": channel, "revision": revision, "content": content }));
    }
    output.line(format!("{} {code}  [{channel}]", C::REGISTER.zh()));
    output.line(format!("  第{}版，自{}起，{}", shown.revision.number, shown.revision.effective_from, shown.revision.content_hash));
    let mut lines = Vec::new();
    tell(&content, 1, &mut lines);
    for line in lines {
        output.line(line);
    }
    Ok(())
}

/// A content as lines: the Chinese label of each field, lists with their numbers.
fn tell(value: &Value, depth: usize, lines: &mut Vec<String>) {
    let margin = "  ".repeat(depth);
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                one(&format!("{margin}{}：", label(name)), value, depth, lines);
            }
        }
        Value::Array(values) => {
            for (i, value) in values.iter().enumerate() {
                one(&format!("{margin}{}. ", i + 1), value, depth, lines);
            }
        }
        plain => lines.push(format!("{margin}{}", words(plain))),
    }
}

fn one(head: &str, value: &Value, depth: usize, lines: &mut Vec<String>) {
    if value.is_object() || value.is_array() {
        lines.push(head.trim_end().to_owned());
        tell(value, depth + 1, lines);
    } else {
        // Lines of a longer text stay under the first.
        let margin = format!("\n{}", "  ".repeat(depth + 1));
        lines.push(format!("{head}{}", words(value).replace('\n', &margin)));
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        other => other.to_string(),
    }
}
