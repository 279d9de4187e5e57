use std::sync::Arc;

use chrono::DateTime;

use super::*;
use crate::{
    register::{Content, Duty, Guide, Item, Stands, Step},
    value::{Carrier, DisclosureLimit, ItemType, LegalBasis, Level},
};

fn sound() -> CatalogueEntry {
    CatalogueEntry {
        elements: Some("许可决定书文号、被许可人名称、许可内容、有效期".into()),
        legal_bases: vec![LegalBasis { title: "中华人民共和国行政许可法".into(), ..LegalBasis::default() }],
        time_limit: DisclosureLimit::read("信息形成或者变更之日起7个工作日内"),
        carriers: vec![Carrier::Website],
        open_to: vec![Reach::Everyone],
        manner: vec![Manner::Active],
        levels: vec![Level::City, Level::County],
        attribute: Some(OpennessAttribute::Active),
        ..CatalogueEntry::new("许可决定", "A1".parse().unwrap())
    }
}

fn law() -> Vec<LegalBasis> {
    vec![LegalBasis {
        title: "中华人民共和国政府信息公开条例".into(), article: Some("第十五条".into()), ..LegalBasis::default()
    }]
}

#[test]
fn a_sound_line_has_no_findings() {
    assert_eq!(sound().check(), []);
    let on_request = CatalogueEntry {
        attribute: Some(OpennessAttribute::OnRequest),
        manner: vec![Manner::OnRequest],
        restriction_bases: law(),
        elements: None,
        time_limit: None,
        carriers: vec![],
        ..sound()
    };
    assert_eq!(on_request.check(), [], "what is not active needs a basis and nothing of what active ones need");
}

/// What is wrong with a line, what is said of it, and how much it weighs.
type Case = (&'static str, &'static str, Severity, fn(&mut CatalogueEntry));

#[test]
fn each_check_has_its_case() {
    use Severity::{Error, Info, Warning};
    let cases: [Case; 15] = [
        ("CATALOGUE_NO_ATTRIBUTE", "attribute", Error, |e| e.attribute = None),
        ("CATALOGUE_NO_ELEMENTS", "elements", Error, |e| e.elements = Some(" ".into())),
        ("CATALOGUE_NO_LIMIT", "timeLimit", Error, |e| e.time_limit = None),
        ("CATALOGUE_NO_MANNER", "manner", Error, |e| e.manner.clear()),
        ("CATALOGUE_NO_CARRIER", "carriers", Warning, |e| e.carriers.clear()),
        ("CATALOGUE_NO_BASIS", "legalBases", Warning, |e| e.legal_bases.clear()),
        ("CATALOGUE_RESTRICTION_UNDUE", "restrictionBases", Warning, |e| e.restriction_bases = law()),
        ("CATALOGUE_NO_RESTRICTION_BASIS", "restrictionBases", Error, |e| {
            (e.attribute, e.manner) = (Some(OpennessAttribute::OnRequest), vec![Manner::OnRequest]);
        }),
        ("CATALOGUE_NO_RESTRICTION_BASIS", "restrictionBases", Error, |e| e.attribute = Some(OpennessAttribute::Partial)),
        ("CATALOGUE_MANNER_DISAGREES", "manner", Warning, |e| {
            (e.attribute, e.restriction_bases) = (Some(OpennessAttribute::NotDisclosed), law());
        }),
        ("CATALOGUE_MANNER_DISAGREES", "manner", Warning, |e| e.manner = vec![Manner::OnRequest]),
        ("CATALOGUE_NO_LEVEL", "levels", Warning, |e| e.levels.clear()),
        ("CATALOGUE_GROUPS_UNNAMED", "groups", Warning, |e| e.open_to = vec![Reach::Groups]),
        ("CATALOGUE_LIMIT_UNREAD", "timeLimit", Info, |e| e.time_limit = DisclosureLimit::read("按有关规定")),
        ("CATALOGUE_STEP_ALONE", "step", Warning, |e| e.step = Some("受理".into())),
    ];
    for (code, path, severity, spoil) in cases {
        let mut entry = sound();
        spoil(&mut entry);
        let findings = entry.check();
        let told: Vec<_> = findings.iter().map(|f| (f.code.as_str(), f.path.as_str(), f.severity)).collect();
        assert_eq!(told, [(code, path, severity)]);
        assert!(!findings[0].zh.is_ascii() && findings[0].en.chars().any(|c| c.is_ascii_alphabetic()));
    }
}

#[test]
fn the_attribute_of_the_information_is_not_that_of_the_line() {
    let secret = CatalogueEntry { attribute: Some(OpennessAttribute::NotDisclosed), manner: vec![], restriction_bases: law(), ..sound() };
    assert!(secret.openness().reaches_channels(), "that something is not disclosed is told");
    assert_eq!(secret.check(), []);
}

fn guide() -> Guide {
    let step = |name: &str| Step { name: name.into(), actor: None, limit: None, content: None, result: None };
    let mut guide = Guide::new("许可办理", "X1".parse().unwrap(), "A1".parse().unwrap());
    guide.steps = vec![step("受理"), step("审查"), step("决定")];
    guide
}

fn attached(step: &str) -> CatalogueEntry {
    CatalogueEntry { guide: Some("G1".parse().unwrap()), item: Some("X1".parse().unwrap()), step: Some(step.into()), ..sound() }
}

fn standing<C: Content>(content: &C) -> Stands<C> {
    Stands::since(Arc::new(content.clone()), DateTime::UNIX_EPOCH)
}

fn codes(entry: &CatalogueEntry, item: Option<&Item>, guide: Option<&Guide>) -> Vec<String> {
    let beside = Beside {
        items: item.map(|item| ("X1".parse().unwrap(), standing(item))).into_iter().collect(),
        guides: guide.map(|guide| ("G1".parse().unwrap(), standing(guide))).into_iter().collect(),
        ..Beside::default()
    };
    entry
        .check_beside(&"L1".parse().unwrap(), &beside, Moment::Drafted(DateTime::UNIX_EPOCH))
        .into_iter()
        .map(|finding| finding.code)
        .collect()
}

#[test]
fn a_step_is_one_of_the_guide_by_name_or_number() {
    let item = Item::new("许可", ItemType::Permission, "A1".parse().unwrap());
    for step in ["决定", " 决 定 ", "3", "３"] {
        assert_eq!(codes(&attached(step), Some(&item), Some(&guide())), [""; 0], "{step}");
    }
    for step in ["送达", "0", "4"] {
        assert_eq!(codes(&attached(step), Some(&item), Some(&guide())), ["CATALOGUE_STEP_UNKNOWN"], "{step}");
    }
}

#[test]
fn without_a_guide_the_stages_of_the_duties_are_the_steps() {
    let mut item = Item::new("处罚", ItemType::Penalty, "A1".parse().unwrap());
    item.duties = vec![Duty { stage: Some("决定责任".into()), ..Duty::default() }];
    let entry = CatalogueEntry { guide: None, ..attached("决定") };
    assert_eq!(codes(&entry, Some(&item), None), [""; 0]);
    assert_eq!(codes(&CatalogueEntry { guide: None, ..attached("立案") }, Some(&item), None), ["CATALOGUE_STEP_UNKNOWN"]);
}

#[test]
fn what_it_is_attached_to_is_in_force_and_belongs_together() {
    let entry = attached("受理");
    assert_eq!(codes(&entry, None, None), ["CATALOGUE_ITEM_NOT_IN_FORCE", "CATALOGUE_GUIDE_NOT_IN_FORCE"]);
    let item = Item::new("许可", ItemType::Permission, "A1".parse().unwrap());
    let other = Guide { item: "X2".parse().unwrap(), ..guide() };
    assert_eq!(codes(&entry, Some(&item), Some(&other)), ["CATALOGUE_ATTACHED_APART"]);
}
