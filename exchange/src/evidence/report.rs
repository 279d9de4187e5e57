//! The report for people, and what tells a third party how to check it all.

use std::collections::BTreeMap;

use askama::Template;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::{
    calendar::{Announcement, Extent, china},
    register::{Agency, CatalogueEntry, Content, Guide, Item, Material, Register, label},
    value::Channel,
};
use serde_json::Value;

use super::{DeadlineOf, Evidence, EvidenceError, Receipt, Revision, Step, calendar::short, chain::Head, files::path};
use crate::spoken::{below, brief, spoken};

/// `report.html`: Chinese first, without scripts or anything from outside, for the screen and for paper.
#[derive(Template)]
#[template(path = "evidence/report.html")]
struct Report<'e> {
    evidence: &'e Evidence,
    zh: &'static str,
    head: Option<&'e Head>,
    known: String,
    revisions: Vec<RevisionRow<'e>>,
    deadlines: Vec<DeadlineRow<'e>>,
    receipts: Vec<ReceiptRow<'e>>,
    steps: Vec<StepRow<'e>>,
    contents: Vec<ContentTable>,
    notices: Vec<NoticeRow<'e>>,
}

struct RevisionRow<'e> {
    revision: &'e Revision,
    approved: String,
    from: String,
    document: &'e str,
    hash: String,
    shown: String,
}

struct DeadlineRow<'e> {
    deadline: &'e DeadlineOf,
    trigger: String,
    due: String,
    days: String,
    status: &'static str,
}

struct ReceiptRow<'e> {
    receipt: &'e Receipt,
    channel: &'static str,
    served: String,
    due: String,
    hash: String,
}

struct StepRow<'e> {
    step: &'e Step,
    at: String,
    from: String,
    role: &'static str,
    basis: String,
    changes: Vec<(String, String, String)>,
}

struct ContentTable {
    number: u32,
    channel: String,
    rows: Vec<(String, String)>,
}

struct NoticeRow<'e> {
    announcement: &'e Announcement,
    extent: &'static str,
    known: String,
    document: &'e str,
}

/// `README.md`.
#[derive(Template)]
#[template(path = "evidence/README.md")]
struct Readme<'e> {
    evidence: &'e Evidence,
    zh: &'static str,
    head: Option<&'e Head>,
    known: String,
}

/// The report.
pub(super) fn html(evidence: &Evidence, head: Option<&Head>) -> Result<String, EvidenceError> {
    let report = Report {
        evidence,
        zh: evidence.register.zh(),
        head,
        known: spoken_moment(evidence.known_at),
        revisions: evidence.revisions.iter().map(revision).collect(),
        deadlines: evidence.calendar.deadlines.iter().map(deadline).collect(),
        receipts: evidence.receipts.iter().map(receipt).collect(),
        steps: evidence.steps.iter().map(step).collect(),
        contents: evidence.revisions.iter().flat_map(|revision| contents(evidence.register, revision)).collect(),
        notices: evidence.calendar.notices.iter().map(notice).collect(),
    };
    Ok(report.render()?)
}

/// How to check.
pub(super) fn readme(evidence: &Evidence, head: Option<&Head>) -> Result<String, EvidenceError> {
    let readme =
        Readme { evidence, zh: evidence.register.zh(), head, known: evidence.known_at.to_rfc3339_opts(SecondsFormat::AutoSi, true) };
    Ok(readme.render()?)
}

/// By the clocks of China, which the report says at its head.
fn spoken_moment(at: DateTime<Utc>) -> String {
    china::spoken(at)
}

fn revision(revision: &Revision) -> RevisionRow<'_> {
    let shown = Channel::ALL.iter().filter(|channel| revision.shown[**channel as usize].is_some());
    let shown: Vec<_> = shown.map(|channel| channel.zh()).collect();
    RevisionRow {
        approved: spoken_moment(revision.approved_at),
        from: spoken_moment(revision.effective_from),
        document: revision.document.as_deref().unwrap_or("—"),
        hash: revision.content_hash.map_or_else(|| "—".to_owned(), |hash| hash.to_string()),
        shown: match (shown.is_empty(), revision.content_hash) {
            (false, _) => shown.join("、"),
            (true, None) => "不公开 not public".to_owned(),
            // What was shown then and says what is withheld now is not told any more; its hash is.
            (true, Some(_)) => "曾公开，所含要素现不予公开，内容从略 shown then, left out because of what is withheld now".to_owned(),
        },
        revision,
    }
}

fn deadline(deadline: &DeadlineOf) -> DeadlineRow<'_> {
    let days: Vec<_> = deadline
        .days
        .iter()
        .map(|day| format!("{} {}{}", day.date, day.kind.zh(), day.name.as_deref().map(|name| format!("（{name}）")).unwrap_or_default()))
        .collect();
    DeadlineRow {
        trigger: spoken_moment(deadline.start.unwrap_or(deadline.trigger)),
        due: deadline.due.map_or_else(|| "未知 unknown".to_owned(), |(last, _)| format!("{last} 24:00")),
        days: days.join("；"),
        status: deadline.status.zh(),
        deadline,
    }
}

fn receipt(receipt: &Receipt) -> ReceiptRow<'_> {
    ReceiptRow {
        channel: receipt.channel.zh(),
        served: spoken_moment(receipt.served_at),
        due: receipt.due_at.map_or_else(|| "无 none".to_owned(), spoken_moment),
        hash: short(receipt.content_hash),
        receipt,
    }
}

fn step(step: &Step) -> StepRow<'_> {
    let words = |path: &str, value: Option<&Value>| value.map_or_else(|| "（无）".to_owned(), |value| brief(path, value));
    let changes = step.changes.iter().map(|c| (c.label.clone(), words(&c.path, c.before.as_ref()), words(&c.path, c.after.as_ref())));
    let basis: Vec<_> = [step.document.as_deref(), step.reason.as_deref()].into_iter().flatten().collect();
    StepRow {
        at: told_at(step),
        from: step.effective_from.map(spoken_moment).unwrap_or_default(),
        role: step.role.unwrap_or_default(),
        basis: basis.join("；"),
        changes: changes.collect(),
        step,
    }
}

/// When it was recorded, and when it was decided where that was another time.
fn told_at(step: &Step) -> String {
    let at = spoken_moment(step.at);
    let decided = step.decided_at.map(spoken_moment).filter(|decided| *decided != at);
    decided.map_or_else(|| at.clone(), |decided| format!("{at}\n{decided}决定 decided"))
}

/// What a revision shows, once for both channels where that is the same.
fn contents(register: Register, revision: &Revision) -> Vec<ContentTable> {
    let mut channels: BTreeMap<&[u8], Vec<&Channel>> = BTreeMap::new();
    for channel in &Channel::ALL {
        if let Some(shown) = &revision.shown[*channel as usize] {
            channels.entry(shown).or_default().push(channel);
        }
    }
    let mut tables: Vec<_> = channels.into_iter().collect();
    tables.sort_by_key(|(_, channels)| channels.first().copied());
    let table = |(shown, channels): (&[u8], Vec<&Channel>)| {
        let mut rows = Vec::new();
        flatten("", &in_order(register, shown), &mut rows);
        let names: Vec<_> = channels.iter().map(|channel| format!("{}（{}）", channel.zh(), path(**channel, revision.number))).collect();
        ContentTable { number: revision.number, channel: names.join("、"), rows }
    };
    tables.into_iter().map(table).collect()
}

/// A content as rows: what each field is called, and what it says.
fn flatten(path: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    if let Some(words) = spoken(path, value).filter(|_| !path.is_empty()) {
        rows.push((label(path), words));
        return;
    }
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| flatten(&below(path, name), value, rows)),
        Value::Array(values) => values.iter().enumerate().for_each(|(place, value)| flatten(&format!("{path}[{place}]"), value, rows)),
        _ => {}
    }
}

/// A content in the order in which its fields are told everywhere else; canonical JSON has them by their names.
fn in_order(register: Register, shown: &[u8]) -> Value {
    fn of<C: Content>(shown: &[u8]) -> Option<Value> {
        serde_json::to_value(serde_json::from_slice::<C>(shown).ok()?).ok()
    }
    let ordered = match register {
        Register::Agency => of::<Agency>(shown),
        Register::Item => of::<Item>(shown),
        Register::Guide => of::<Guide>(shown),
        Register::Material => of::<Material>(shown),
        Register::Openness => of::<CatalogueEntry>(shown),
    };
    ordered.unwrap_or_else(|| serde_json::from_slice(shown).unwrap_or_default())
}

fn notice(announcement: &Announcement) -> NoticeRow<'_> {
    NoticeRow {
        extent: match announcement.notice.extent {
            Extent::Year => "年度安排 whole year",
            Extent::Changes => "调整 change",
        },
        known: spoken_moment(announcement.known_from),
        document: announcement.notice.document.as_deref().unwrap_or("文号不详 number unknown"),
        announcement,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_in_lists_are_counted_as_people_do() {
        let mut rows = Vec::new();
        flatten("", &json!({ "materials": [{ "copies": 1, "forms": ["PAPER", "ELECTRONIC"] }] }), &mut rows);
        let rows: Vec<_> = rows.iter().map(|(label, words)| (label.as_str(), words.as_str())).collect();
        let forms = [("申请材料[1]·材料形式[1]", "纸质"), ("申请材料[1]·材料形式[2]", "电子化")];
        assert_eq!(rows, [("申请材料[1]·纸质份数", "1"), forms[0], forms[1]]);
    }
}
