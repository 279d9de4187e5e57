use async_graphql::SimpleObject;

use super::super::enums;

/// An administrative division.
#[derive(SimpleObject, Debug)]
pub struct Region<'a> {
    /// Its code: 6, 9 or 12 digits.
    pub code: &'a str,
    /// Its name, as the source writes it.
    pub name: Option<&'a str>,
}

impl<'a> From<&'a domain::value::Region> for Region<'a> {
    fn from(region: &'a domain::value::Region) -> Self {
        Self { code: &region.code, name: region.name.as_deref() }
    }
}

/// A statutory or promised limit.
#[derive(SimpleObject, Debug)]
pub struct TimeLimit<'a> {
    /// How many units; 0 for an immediate one.
    pub amount: u32,
    /// The unit.
    pub unit: enums::TimeUnit,
    /// What the source says of it.
    pub note: Option<&'a str>,
}

impl<'a> TimeLimit<'a> {
    /// A limit with its note.
    pub fn new(limit: domain::value::TimeLimit, note: Option<&'a str>) -> Self {
        Self { amount: limit.amount, unit: limit.unit.into(), note }
    }
}

/// A way to ask or to complain.
#[derive(SimpleObject, Debug)]
pub struct Contact<'a> {
    /// How it is reached. `WEB` is an address of the web, http or https; what says that it is one and is not is shown as words, `OTHER`.
    pub kind: enums::ContactKind,
    /// The number, address or description.
    pub value: &'a str,
    /// Who or when.
    pub note: Option<&'a str>,
}

impl<'a> From<&'a domain::value::Contact> for Contact<'a> {
    fn from(contact: &'a domain::value::Contact) -> Self {
        Self { kind: contact.shown_kind().into(), value: &contact.value, note: contact.note.as_deref() }
    }
}

/// An amount of money.
#[derive(SimpleObject, Debug)]
pub struct Money<'a> {
    /// Fen, 1/100 yuan: 1,050 is 10.50 yuan.
    pub fen: u64,
    /// What it is charged for, e.g. 本.
    pub per: Option<&'a str>,
}

impl<'a> From<&'a domain::value::Money> for Money<'a> {
    fn from(money: &'a domain::value::Money) -> Self {
        Self { fen: money.fen, per: money.per.as_deref() }
    }
}

/// A topic under which people look for a guide 主题分类.
#[derive(SimpleObject, Debug)]
pub struct Topic<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it is on the list for organisations (面向法人) and not on the one for natural persons.
    pub organisations: bool,
    /// Whether it is a topic of the place only (地方特色).
    pub local: bool,
}

impl<'a> From<&'a domain::value::Topic> for Topic<'a> {
    fn from(topic: &'a domain::value::Topic) -> Self {
        Self { name: &topic.name, organisations: topic.organisations, local: topic.local }
    }
}

/// How many items of a type there are.
#[derive(SimpleObject, Debug)]
pub struct TypeCount {
    /// The type.
    #[graphql(name = "type")]
    pub item_type: enums::ItemType,
    /// Number of its items in force.
    pub count: usize,
}

/// What a check found.
#[derive(SimpleObject, Debug)]
pub struct Finding {
    /// Stable code of the check.
    pub code: String,
    /// How much it weighs.
    pub severity: enums::Severity,
    /// Path of the field.
    pub path: String,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
    /// The same in English.
    pub message_en: String,
}

impl From<domain::value::Finding> for Finding {
    fn from(finding: domain::value::Finding) -> Self {
        Self { code: finding.code, severity: finding.severity.into(), path: finding.path, message: finding.zh, message_en: finding.en }
    }
}
