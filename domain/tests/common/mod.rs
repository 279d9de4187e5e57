//! Facts of the scenarios.
#![allow(dead_code, reason = "each test file uses some of the facts")]

use chrono::{DateTime, TimeZone, Utc};
use domain::{
    acting::{Acting, PersonId, Role, Scope},
    decider::Circumstances,
    entry::{
        Adopt, Adopted, Approve, Approved, Correct, Corrected, Draft, Drafted, Event, Repeal, Repealed, Resumed, Return, Returned, Review,
        Reviewed, Revise, Source, Step, Submitted, Suspend, Suspended, Transfer, Transferred, Withdraw, Withdrawn,
    },
    envelope::ActorId,
    register::{Handover, Item, MAX_NAME_CHARS},
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
    Repeal { effective_from: None, reason: reason.into(), document: None, replaced_by: None, reform: None }
}

pub fn repealed(reason: &str, day: u32) -> ItemEvent {
    repealed_by(Some(approver()), reason, day)
}

/// Of a list that leaves the entry out, nobody in particular repeals it.
pub fn repealed_by(by: Option<Acting>, reason: &str, day: u32) -> ItemEvent {
    Event::Repealed(Repealed { effective_from: noon(day), reason: reason.into(), document: None, replaced_by: None, reform: None, by })
}

pub fn circumstances(day: u32) -> Circumstances {
    Circumstances::of_import(noon(day), ActorId::new("test"), Uuid::nil())
}

pub fn too_long_name() -> String {
    "名".repeat(MAX_NAME_CHARS + 1)
}

// The facts of approval. The agency of `item` is the one that the persons act for.

pub const AGENCY: &str = "TYAQ2UHRRHGJ6B2M";

pub fn agency() -> Scope {
    Scope::Agency(AGENCY.parse().unwrap())
}

pub fn person(id: &'static str, role: Role) -> Acting {
    Acting { person: PersonId::new(id), role, scope: agency() }
}

pub fn drafter() -> Acting {
    person("p-drafter", Role::Drafter)
}

pub fn reviewer() -> Acting {
    person("p-reviewer", Role::Reviewer)
}

pub fn approver() -> Acting {
    person("p-approver", Role::Approver)
}

pub fn hash(name: &str) -> Hash {
    Hash::of_content(&item(name)).unwrap()
}

pub fn drafted(name: &str, based_on: u32) -> ItemEvent {
    Event::Drafted(Drafted { content: item(name).into(), content_hash: hash(name), based_on, source: None, by: drafter() })
}

pub fn redrafted(name: &str, based_on: u32) -> ItemEvent {
    Event::Redrafted(Drafted { content: item(name).into(), content_hash: hash(name), based_on, source: None, by: drafter() })
}

pub fn submitted(name: &str) -> ItemEvent {
    Event::Submitted(Submitted { content_hash: hash(name), by: drafter() })
}

pub fn reviewed(name: &str) -> ItemEvent {
    Event::Reviewed(Reviewed { content_hash: hash(name), revision: None, by: reviewer() })
}

pub fn returned(by: Acting) -> ItemEvent {
    Event::Returned(Returned { reason: "依据有误".into(), by })
}

pub fn withdrawn() -> ItemEvent {
    Event::Withdrawn(Withdrawn { reason: "不再需要".into(), by: drafter() })
}

pub fn approved(revision: u32, name: &str, day: u32) -> ItemEvent {
    Event::Approved(Approved {
        revision,
        content: item(name).into(),
        content_hash: hash(name),
        effective_from: noon(day),
        document: "某政发〔2026〕1号".into(),
        drafters: vec![drafter().person],
        reviewer: reviewer().person,
        by: approver(),
    })
}

pub fn suspended(day: u32, until: Option<u32>) -> ItemEvent {
    let reason = "系统升级".into();
    Event::Suspended(Suspended { effective_from: noon(day), until: until.map(noon), reason, by: approver() })
}

pub fn resumed(day: u32) -> ItemEvent {
    Event::Resumed(Resumed { effective_from: noon(day), by: approver() })
}

pub fn corrected(revision: u32, name: &str, day: u32) -> ItemEvent {
    let (reason, by) = ("电话有误".into(), approver());
    let (content, content_hash) = (item(name).into(), hash(name));
    Event::Corrected(Corrected { revision, content, content_hash, effective_from: noon(day), reason, document: None, by })
}

pub fn draft(name: &str) -> Draft<Item> {
    Draft::of(item(name))
}

pub fn revise(name: &str) -> Revise<Item> {
    Revise { content: item(name) }
}

pub fn review(name: &str) -> Review {
    Review { content_hash: hash(name), revision: None }
}

pub fn approve(name: &str) -> Approve {
    Approve { content_hash: hash(name), document: "某政发〔2026〕1号".into(), effective_from: None, beside: Vec::new() }
}

pub fn return_() -> Return {
    Return { reason: "依据有误".into() }
}

pub fn withdraw() -> Withdraw {
    Withdraw { reason: "不再需要".into() }
}

pub fn suspend(until: Option<u32>) -> Suspend {
    Suspend { reason: "系统升级".into(), until: until.map(noon) }
}

pub fn correct(name: &str) -> Correct<Item> {
    Correct { content: item(name), reason: "电话有误".into(), document: None, effective_from: None, beside: Vec::new() }
}

/// The events that bring a draft of the content `乙` to a step.
pub fn up_to(step: Option<Step>, based_on: u32) -> Vec<ItemEvent> {
    match step {
        None => vec![],
        Some(Step::Draft) => vec![drafted("乙", based_on)],
        Some(Step::Returned) => vec![drafted("乙", based_on), submitted("乙"), returned(reviewer())],
        Some(Step::Submitted) => vec![drafted("乙", based_on), submitted("乙")],
        Some(Step::Reviewed) => vec![drafted("乙", based_on), submitted("乙"), reviewed("乙")],
    }
}

// The facts of a reform.

/// The agency that takes on what that of `item` hands over.
pub const SUCCESSOR: &str = "TYAQ2UHRRHGJ6B2N";

pub fn of_city() -> Acting {
    Acting { scope: Scope::City, ..person("p-city", Role::Approver) }
}

pub fn handover(from: &str, to: &str) -> Handover {
    Handover::Agency { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

pub fn transfer(day: u32) -> Transfer {
    Transfer {
        handover: handover(AGENCY, SUCCESSOR),
        effective_from: noon(day),
        document: "某政发〔2026〕9号".into(),
        reform: Uuid::from_u128(9),
        begun_at: None,
    }
}

pub fn moved(name: &str) -> Item {
    Item { agency: SUCCESSOR.parse().unwrap(), ..item(name) }
}

/// By the approver of the city.
pub fn transferred(revision: u32, name: &str, day: u32) -> ItemEvent {
    let Transfer { handover, effective_from, document, reform, .. } = transfer(day);
    let content = moved(name);
    let content_hash = Hash::of_content(&content).unwrap();
    let by = Some(of_city());
    Event::Transferred(Transferred { revision, content: content.into(), content_hash, effective_from, document, reform, handover, by })
}
