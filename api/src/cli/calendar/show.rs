use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use domain::calendar::{Announcement, CalendarAt, DayKind, Extent};
use serde_json::{Value, json};

use super::{super::words::china, Done, Output, Settings, args::ShowArgs, known_at};

/// Shows what the notices say of a year. That nothing is known is an answer and no failure.
pub async fn run(settings: &Settings, verb: &ShowArgs, output: &Output) -> Done {
    let known = known_at(settings, verb.known_at).await?;
    if verb.json {
        return output.json(&in_json(&known, verb.year));
    }
    if !known.says_anything_of(verb.year) {
        output.line(format!("截至{}不知道{}年的任何通知 / no notice on {1} was known at that time", china(known.at()), verb.year));
        return Ok(());
    }
    if !known.knows(verb.year) {
        output.line(format!("{}年本身的通知尚未知道，只知道以下各日 / of {0} itself no notice is known, only these days are", verb.year));
    }
    for announcement in known.announcements(verb.year) {
        output.line(told(announcement));
    }
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["日期 date", "星期 day", "安排 kind", "节日 holiday"]);
    for day in known.named(verb.year) {
        let kind = format!("{} {}", day.kind.zh(), word(day.kind));
        table.add_row([day.date.to_string(), weekday(day.date).to_owned(), kind, day.name.as_deref().unwrap_or_default().to_owned()]);
    }
    output.line(table.to_string());
    let counts: Vec<_> = DayKind::ALL
        .into_iter()
        .filter_map(|kind| Some(format!("{} {} {}", kind.zh(), word(kind), counts(&known, verb.year).get(&kind)?)))
        .collect();
    output.line(counts.join("，"));
    Ok(())
}

fn told(announcement: &Announcement) -> String {
    let Announcement { known_from, recorded, notice } = announcement;
    let what = match notice.extent {
        Extent::Year => "年度安排 notice of",
        Extent::Changes => "调整 change of",
    };
    let source = if *recorded { "导入 imported" } else { "内置 shipped" };
    let document = notice.document.as_deref().unwrap_or("文号不详 number unknown");
    format!("{what} {}：{document}（{source}，自{}起知道 known from then）{}", notice.year, china(*known_from), notice.papers.join(" "))
}

fn counts(known: &CalendarAt, year: i32) -> BTreeMap<DayKind, usize> {
    let mut counts = BTreeMap::new();
    for day in known.days(year) {
        *counts.entry(day.kind).or_default() += 1;
    }
    counts
}

fn in_json(known: &CalendarAt, year: i32) -> Value {
    let days: Vec<_> = known.named(year).into_iter().map(|day| json!({ "date": day.date, "kind": day.kind, "name": day.name })).collect();
    let notices: Vec<_> = known
        .announcements(year)
        .map(|Announcement { known_from, recorded, notice }| {
            json!({
                "year": notice.year, "extent": notice.extent, "document": notice.document, "papers": notice.papers,
                "published": notice.published, "knownFrom": known_from, "recorded": recorded,
            })
        })
        .collect();
    let counts: BTreeMap<_, _> = counts(known, year).into_iter().map(|(kind, number)| (word(kind), number)).collect();
    json!({ "year": year, "known": known.knows(year), "knownAt": known.at(), "days": days, "counts": counts, "notices": notices })
}

fn word(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Working => "working",
        DayKind::Weekend => "weekend",
        DayKind::Holiday => "holiday",
        DayKind::MakeUp => "makeUp",
        DayKind::Unknown => "unknown",
    }
}

fn weekday(date: NaiveDate) -> &'static str {
    ["一 Mon", "二 Tue", "三 Wed", "四 Thu", "五 Fri", "六 Sat", "日 Sun"][date.weekday().num_days_from_monday() as usize]
}
