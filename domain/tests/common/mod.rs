//! Facts of the scenarios.
#![allow(dead_code, reason = "each test file uses some of the facts")]

use chrono::{DateTime, TimeZone, Utc};
use domain::{
    decider::Circumstances,
    entry::{Adopt, Adopted, Event, Repeal, Repealed, Source},
    envelope::ActorId,
    register::{Item, MAX_NAME_CHARS},
    value::{Hash, ItemType, LegalBasis},
};
use uuid::Uuid;

pub type ItemEvent = Event<Item>;

/// Noon in China on a day of March 2026.
pub fn noon(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, day, 4, 0, 0).unwrap()
}

pub fn item(name: &str) -> Item {
    let mut item = Item::new(name, ItemType::Penalty, "TYAQ2UHRRHGJ6B2M".parse().unwrap());
    item.legal_bases.push(LegalBasis { title: "中华人民共和国统计法".into(), ..LegalBasis::default() });
    item
}

pub fn source(edition: &str) -> Source {
    Source {
        list: Some(format!("某市统计局{edition}年权责清单")),
        edition: Some(edition.into()),
        file: "list.xlsx".into(),
        sheet: Some("Sheet1".into()),
        row: Some(3),
        document: Some("某政办发〔2025〕3号".into()),
        ..Source::default()
    }
}

pub fn adopt(name: &str, edition: &str) -> Adopt<Item> {
    Adopt { content: item(name), source: source(edition), effective_from: None }
}

pub fn adopted(revision: u32, name: &str, edition: &str, day: u32) -> ItemEvent {
    let content = item(name);
    Event::Adopted(Adopted {
        revision,
        content_hash: Hash::of_content(&content).unwrap(),
        content: content.into(),
        effective_from: noon(day),
        source: source(edition).into(),
    })
}

pub fn repeal(reason: &str) -> Repeal {
    Repeal { effective_from: None, reason: reason.into(), document: None, replaced_by: None }
}

pub fn repealed(reason: &str, day: u32) -> ItemEvent {
    Event::Repealed(Repealed { effective_from: noon(day), reason: reason.into(), document: None, replaced_by: None })
}

pub fn circumstances(day: u32) -> Circumstances {
    Circumstances { now: noon(day), actor: ActorId::new("test"), command: Uuid::nil() }
}

pub fn too_long_name() -> String {
    "名".repeat(MAX_NAME_CHARS + 1)
}
