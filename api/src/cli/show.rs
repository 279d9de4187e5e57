use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    envelope::{Code, StreamName, StreamVersion},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register, label},
    value::Channel,
};
use journal::{Journal, StoreError};
use projections::{Document, Snapshot, Viewed, views_of};
use serde_json::{Value, json};

use super::{
    Done, Failed, Output, Settings,
    args::ShowArgs,
    words::{below, china, spoken},
};
use crate::app::{self, system_clock};

/// Shows an entry as a channel shows it now.
pub async fn run(settings: &Settings, verb: &ShowArgs, output: &Output) -> Done {
    let code: Code = verb.code.parse()?;
    let journal = app::open_journal_to_read(&settings.place).await?;
    let having = match verb.register {
        Some(register) => vec![Register::from(register)],
        None => registers_of(journal.as_ref(), &code).await?,
    };
    // A guide is shown only while its item is: the answer is that of the views, never of one entry alone.
    let snapshot = views_of(journal, &|_| ()).await?.now().await?;
    let at = At { snapshot, channel: Channel::from(verb.channel), now: system_clock()() };
    match one(&having, &shown_of(&at, &having, &code).await?, &code)? {
        Register::Agency => show::<Agency>(&at, verb, &code, output).await,
        Register::Item => show::<Item>(&at, verb, &code, output).await,
        Register::Guide => show::<Guide>(&at, verb, &code, output).await,
        Register::Material => show::<Material>(&at, verb, &code, output).await,
        Register::Openness => show::<CatalogueEntry>(&at, verb, &code, output).await,
    }
}

/// What is looked at.
struct At {
    snapshot: Arc<dyn Snapshot>,
    channel: Channel,
    now: DateTime<Utc>,
}

/// The registers in which anything ever happened to an entry of the code.
async fn registers_of(journal: &dyn Journal, code: &Code) -> Result<Vec<Register>, StoreError> {
    let mut having = Vec::new();
    for register in Register::ALL {
        let stream = StreamName::new(register, code.clone());
        if !journal.read_stream(&stream, StreamVersion::FIRST, 1).await?.is_empty() {
            having.push(register);
        }
    }
    Ok(having)
}

/// Of which of the registers the channel shows the entry of the code.
async fn shown_of(at: &At, having: &[Register], code: &Code) -> Result<Vec<Register>, projections::ViewError> {
    let mut shown = Vec::new();
    for register in having {
        let documents = at.snapshot.get_many(at.channel, *register, std::slice::from_ref(code)).await?;
        if documents.iter().flatten().any(|document| document.is_shown_at(at.now)) {
            shown.push(*register);
        }
    }
    Ok(shown)
}

/// The one register that is meant: the only one that has the code, or of several the only one of which the channel shows it.
fn one(having: &[Register], shown: &[Register], code: &Code) -> Result<Register, Failed> {
    match (having, shown) {
        ([], _) => Err(Failed(format!("没有编码为“{code}”的条目；请核对编码 / there is no entry with the code {code}: check it"))),
        ([only], _) | (_, [only]) => Ok(*only),
        (several, _) => {
            let words: Vec<_> = several.iter().map(|register| register.word()).collect();
            let words = words.join(", ");
            Err(Failed(format!(
                "{code} 在多个登记册中：{words}；请指明，如 tongyuan show {first} {code} / \
                 {code} is in several registers, {words}: name one, e.g. tongyuan show {first} {code}",
                first = several[0],
            )))
        }
    }
}

async fn show<C: Viewed>(at: &At, verb: &ShowArgs, code: &Code, output: &Output) -> Done {
    let At { snapshot, channel, now } = at;
    let (channel, now) = (*channel, *now);
    let documents = snapshot.get_many(channel, C::REGISTER, std::slice::from_ref(code)).await?;
    let view = documents.iter().flatten().find_map(C::view);
    let Some((view, shown)) = view.and_then(|view| Some((view, view.shown_at(now)?))) else {
        return Err(Failed(format!(
            "{zh}渠道目前不显示{}“{code}”；用 tongyuan history {register} {code} 查看其历史 / \
             {register} {code} is not shown on {channel} at present; see tongyuan history {register} {code}",
            C::REGISTER.zh(),
            zh = channel.zh(),
            register = C::REGISTER,
        )));
    };
    let content = serde_json::to_value(shown.content.as_ref())?;
    let revision = shown.revision;
    if verb.json {
        let revision = json!({
            "number": revision.number, "effectiveFrom": revision.effective_from, "effectiveUntil": shown.effective_until,
            "contentHash": revision.content_hash, "documentNumber": revision.document_number,
        });
        return output
            .json(&json!({ "register": C::REGISTER, "code": code, "channel": channel, "revision": revision, "content": content }));
    }
    output.line(format!("{} {code}  [{} {channel}]", C::REGISTER.zh(), channel.zh()));
    let until = shown.effective_until.map(|end| format!("，至{}止", china(end))).unwrap_or_default();
    let document = revision.document_number.as_ref().map(|number| format!("，{number}")).unwrap_or_default();
    let from = china(revision.effective_from);
    output.line(format!("  第{}版，自{from}起{until}{document}，{}", revision.number, revision.content_hash));
    let mut people = People { own: C::REGISTER, names: HashMap::new(), situations: situations(&content), lines: Vec::new() };
    let mut referred = people.references("", &content);
    referred.extend(view.guides.iter().map(|guide| (Register::Guide, guide.clone())));
    people.names = names(snapshot.as_ref(), channel, &referred, now).await?;
    people.tell("", &content, 1);
    // What a channel does not show at present is not told of either.
    let guides: Vec<_> = view.guides.iter().filter(|guide| people.names.contains_key(&(Register::Guide, (*guide).clone()))).collect();
    if !guides.is_empty() {
        people.lines.push(format!("  {}：", Register::Guide.zh()));
        for (i, guide) in guides.into_iter().enumerate() {
            let words = people.named(Register::Guide, guide.as_str());
            people.lines.push(format!("    {}. {words}", i + 1));
        }
    }
    for line in people.lines {
        output.line(line);
    }
    Ok(())
}

/// Entries with the names under which a channel shows them at a moment.
type Names = HashMap<(Register, Code), String>;

async fn names(
    snapshot: &dyn Snapshot,
    channel: Channel,
    referred: &[(Register, Code)],
    now: DateTime<Utc>,
) -> Result<Names, projections::ViewError> {
    let mut names = Names::new();
    for register in Register::ALL {
        let codes: Vec<_> = referred.iter().filter(|(of, _)| *of == register).map(|(_, code)| code.clone()).collect();
        let documents = snapshot.get_many(channel, register, &codes).await?;
        names.extend(codes.into_iter().zip(documents).filter_map(|(code, document)| Some(((register, code), name(&document?, now)?))));
    }
    Ok(names)
}

fn name(document: &Document, now: DateTime<Utc>) -> Option<String> {
    Some(match document {
        Document::Agency(view) => view.shown_at(now)?.content.name.clone(),
        Document::Item(view) => view.shown_at(now)?.content.name.clone(),
        Document::Guide(view) => view.shown_at(now)?.content.name.clone(),
        Document::Material(view) => view.shown_at(now)?.content.name.clone(),
        Document::CatalogueEntry(view) => view.shown_at(now)?.content.name.clone(),
    })
}

/// A content as lines for people: the Chinese label of each field, lists with their numbers, codes with their names.
struct People {
    /// The register of the entry.
    own: Register,
    names: Names,
    /// Names of the situations of a guide, to which its materials refer by code.
    situations: HashMap<String, String>,
    lines: Vec<String>,
}

fn situations(content: &Value) -> HashMap<String, String> {
    let all = content.get("situations").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|situation| Some((situation["code"].as_str()?.to_owned(), situation["name"].as_str()?.to_owned()))).collect()
}

impl People {
    /// The register that the code in a field refers to.
    fn refers(&self, path: &str) -> Option<Register> {
        match path.rsplit('.').next()? {
            "agency" => Some(Register::Agency),
            "item" => Some(Register::Item),
            "parent" => Some(self.own),
            "material" => Some(Register::Material),
            "guide" => Some(Register::Guide),
            _ => None,
        }
    }

    /// All that a content refers to.
    fn references(&self, path: &str, value: &Value) -> Vec<(Register, Code)> {
        match value {
            Value::Object(fields) => fields.iter().flat_map(|(name, value)| self.references(&below(path, name), value)).collect(),
            Value::Array(values) => values.iter().flat_map(|value| self.references(path, value)).collect(),
            Value::String(text) => self.refers(path).zip(text.parse().ok()).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// `编码 名称`.
    fn named(&self, register: Register, code: &str) -> String {
        let name = code.parse().ok().and_then(|code| self.names.get(&(register, code)));
        name.map_or_else(|| format!("{code}（该渠道目前不显示）"), |name| format!("{code} {name}"))
    }

    fn situation(&self, code: &str) -> Option<String> {
        self.situations.get(code).map(|name| format!("{code} {name}"))
    }

    fn tell(&mut self, path: &str, value: &Value, depth: usize) {
        let margin = "  ".repeat(depth);
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.one(&format!("{margin}{}：", label(name)), &below(path, name), value, depth);
                }
            }
            Value::Array(values) => {
                for (i, value) in values.iter().enumerate() {
                    self.one(&format!("{margin}{}. ", i + 1), path, value, depth);
                }
            }
            _ => {}
        }
    }

    fn one(&mut self, head: &str, path: &str, value: &Value, depth: usize) {
        let reference = self.refers(path).zip(value.as_str()).map(|(register, code)| self.named(register, code));
        let situation = value.as_str().filter(|_| path == "materials.situations").and_then(|code| self.situation(code));
        if let Some(words) = reference.or(situation).or_else(|| spoken(path, value)) {
            // Lines of a longer text stay under the first.
            let margin = format!("\n{}", "  ".repeat(depth + 1));
            self.lines.push(format!("{head}{}", words.replace('\n', &margin)));
        } else {
            self.lines.push(head.trim_end().to_owned());
            self.tell(path, value, depth + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_registers_the_one_that_is_shown_is_meant_or_it_says_which_there_are() {
        use Register::{Agency, Guide, Item};
        let code: Code = "A1".parse().unwrap();
        let chosen = |having: &[Register], shown: &[Register]| one(having, shown, &code).map_err(|failed| failed.0);
        assert_eq!(chosen(&[Item], &[]), Ok(Item), "what became of it is said of that one");
        assert_eq!(chosen(&[Agency, Item, Guide], &[Guide]), Ok(Guide));
        for shown in [&[][..], &[Agency, Item]] {
            let said = chosen(&[Agency, Item], shown).unwrap_err();
            assert!(said.contains("agency, item") && said.contains("tongyuan show agency A1") && said.contains(" / "), "{said}");
        }
        assert!(chosen(&[], &[]).unwrap_err().contains("there is no entry with the code A1"));
    }
}
