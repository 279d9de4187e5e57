use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use domain::{
    calendar::Span,
    deadline::{Limit, Rule},
};
use serde_json::{Value, json};

use super::{
    super::words,
    Done, Failed, Output, Settings,
    args::{RuleArgs, RulesArgs},
};
use crate::{
    app::{self, system_clock},
    registrar::{
        change::Became,
        deadline::{Change, RuleChange, RuleHistory, RuleStep, change_rule_here, rule_histories},
    },
};

/// Lists the rules that hold, and how they came to.
pub async fn list(settings: &Settings, verb: &RulesArgs, output: &Output) -> Done {
    let journal = app::open_journal_or_nothing(&settings.place).await?;
    let mut rules = rule_histories(journal.as_ref(), verb.at.unwrap_or_else(|| system_clock()())).await?;
    rules.retain(|told| verb.history || told.rule().is_some());
    if verb.json {
        let rules: Vec<_> = rules.iter().map(|told| in_json(told, verb.history)).collect();
        return output.json(&json!({ "rules": rules }));
    }
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    if verb.history {
        table.set_header(["规则 rule", "自 since", "时限 limit", "文号 document", "登记于 recorded", "账号 by", ""]);
        for told in &rules {
            for (at, step) in told.steps.iter().enumerate() {
                table.add_row(row(told, at, step));
            }
        }
    } else {
        table.set_header(["规则 rule", "条款 article", "时限 limit", "自 since", "文号 document", "要求", "what it asks for"]);
        for told in &rules {
            let (Some(rule), Some(step)) = (told.rule(), told.step()) else { continue };
            let limit = spoken(rule);
            let upcoming = if told.upcoming().is_empty() { "" } else { "（另有待施行的变更 a change is to come: --history）" };
            let Rule { code, article, name, name_en, .. } = rule.clone();
            table.add_row([code.to_string(), article, limit + upcoming, since(step), document(step), name, name_en]);
        }
    }
    output.line(table.to_string());
    Ok(())
}

/// A step in the history of a rule.
fn row(told: &RuleHistory, at: usize, step: &RuleStep) -> [String; 7] {
    let limit = step.rule.as_ref().map_or_else(|| "不再施行 holds no more".to_owned(), spoken);
    let place = match told.holds {
        Some(holds) if at == holds => "现行 holds",
        Some(holds) if at < holds => "",
        _ => "待施行 to come",
    };
    let recorded = step.changed_at.map(words::china).unwrap_or_default();
    let by = step.changed_by.as_ref().map(|actor| actor.as_str().to_owned()).unwrap_or_default();
    [told.code.to_string(), since(step), limit, document(step), recorded, by, place.to_owned()]
}

fn since(step: &RuleStep) -> String {
    step.since.map(words::china).unwrap_or_default()
}

fn document(step: &RuleStep) -> String {
    step.document.clone().unwrap_or_else(|| "工作规则 rulebook".to_owned())
}

/// A rule, as it is written in its events, with how it came to hold; where it holds no more, as far as there is one.
fn in_json(told: &RuleHistory, history: bool) -> Value {
    let mut rule = told.rule().map_or_else(|| json!({ "code": told.code }), |rule| json!(rule));
    if let Some(step) = told.step() {
        let now = step_in_json(step);
        for field in ["since", "documentNumber", "changedAt", "changedBy"] {
            rule[field] = now[field].clone();
        }
    }
    let upcoming = told.upcoming();
    rule["upcoming"] = upcoming.iter().map(step_in_json).collect();
    if history {
        rule["history"] = told.steps[..told.steps.len() - upcoming.len()].iter().map(step_in_json).collect();
    }
    rule
}

fn step_in_json(step: &RuleStep) -> Value {
    let RuleStep { rule, since, document, changed_at, changed_by } = step;
    json!({ "rule": rule, "since": since, "documentNumber": document, "changedAt": changed_at, "changedBy": changed_by })
}

/// Changes a rule from then on.
pub async fn change(settings: &Settings, verb: &RuleArgs, output: &Output) -> Done {
    let journal = app::open_journal(&settings.place).await?;
    let change = verb.within.map_or(Change::End, Change::Within);
    let (code, document) = (verb.code.clone(), verb.document.clone());
    let ask = RuleChange { code: code.clone(), change, effective_from: verb.from, document };
    let became = change_rule_here(journal.as_ref(), ask, &verb.actor, system_clock()()).await?;
    let (status, position) = match became {
        Became::Applied(position) => ("APPLIED", Some(position)),
        Became::Unchanged(position) => ("UNCHANGED", position),
        Became::Refused(refused) => {
            return Err(Failed(format!("{}: {} / {}", refused.code, refused.zh, refused.en)));
        }
        Became::Conflict => {
            return Err(Failed("规则同时被他人改动；请重做一次 / somebody else changed the rules meanwhile: do the same again".to_owned()));
        }
        Became::Unknown => {
            return Err(Failed("不知是否已保存；请重做一次 / it is not known whether it was kept: do the same again".to_owned()));
        }
    };
    if verb.json {
        return output.json(&json!({ "status": status, "code": code, "position": position }));
    }
    let words = if status == "APPLIED" { "已变更 changed" } else { "未变 unchanged" };
    output.line(format!("{words}：{code}"));
    Ok(())
}

fn spoken(rule: &Rule) -> String {
    match rule.limit {
        Limit::Within(Span::WorkingDays(number)) => format!("{number}个工作日 working days"),
        Limit::Within(Span::CalendarDays(number)) => format!("{number}日 days"),
        Limit::Within(Span::Hours(number)) => format!("{number}小时 hours"),
        Limit::DayOfYear { month, day } => format!("{month:02}-{day:02} 24:00"),
    }
}
