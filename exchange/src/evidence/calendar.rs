use domain::{
    calendar::{Announcement, DayKind},
    value::Hash,
};
use serde_json::{Value, json};

use super::{CalendarFacts, DeadlineOf};

/// The facts as `calendar.json` has them.
pub(super) fn in_json(facts: &CalendarFacts) -> Value {
    let notices: Vec<_> = facts.notices.iter().map(notice).collect();
    let deadlines: Vec<_> = facts.deadlines.iter().map(deadline).collect();
    json!({ "receiptsSince": facts.receipts_since, "notices": notices, "deadlines": deadlines })
}

fn notice(announcement: &Announcement) -> Value {
    let Announcement { known_from, recorded, notice } = announcement;
    json!({ "knownFrom": known_from, "recorded": recorded, "notice": notice })
}

fn deadline(of: &DeadlineOf) -> Value {
    let days: Vec<_> = of
        .days
        .iter()
        .map(|day| json!({ "date": day.date, "kind": day.kind, "worked": DayKind::is_worked(day.kind), "name": day.name }))
        .collect();
    let unknown = of.unknown.map(|unknown| json!({ "year": unknown.year, "zh": unknown.zh(), "en": unknown.en() }));
    let sight: Vec<_> = of.sight.iter().map(|(from, hidden)| json!({ "from": from, "hidden": hidden })).collect();
    json!({
        "revision": of.revision, "trigger": of.trigger, "sight": sight, "start": of.start, "rule": of.rule,
        "due": of.due.map(|(_, due)| due), "lastDay": of.due.map(|(last, _)| last), "unknown": unknown, "days": days,
        "status": of.status, "why": { "zh": of.zh, "en": of.en },
    })
}

/// A short form of a hash for people.
pub(super) fn short(hash: Hash) -> String {
    hash.hex().chars().take(16).collect()
}
