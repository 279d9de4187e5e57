use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use domain::{
    calendar::Span,
    deadline::{Limit, Rule},
};
use projections::Deadlines;
use serde_json::json;

use super::{
    Done, Failed, Output, Settings,
    args::{RuleArgs, RulesArgs},
};
use crate::{
    app::{self, system_clock},
    registrar::{
        change::Became,
        deadline::{Change, RuleChange, change_rule_here},
    },
};

/// Lists the rules that hold.
pub async fn list(settings: &Settings, verb: &RulesArgs, output: &Output) -> Done {
    let journal = app::open_journal_or_nothing(&settings.place).await?;
    let rules = Deadlines::new(journal).rules(verb.at.unwrap_or_else(|| system_clock()())).await?;
    if verb.json {
        return output.json(&json!({ "rules": rules }));
    }
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["规则 rule", "条款 article", "时限 limit", "要求", "what it asks for"]);
    for rule in rules {
        let limit = spoken(&rule);
        let Rule { code, article, name, name_en, .. } = rule;
        table.add_row([code.to_string(), article, limit, name, name_en]);
    }
    output.line(table.to_string());
    Ok(())
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
