//! The openness catalogue on the lifecycle of all registers: what Art. 5(3) asks of a line when it is submitted and when it is adopted.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::sync::Arc;

use common::*;
use domain::{
    decider::Decider,
    entry::{Adopt, Approve, Draft, Entry, Event, Review, Submit},
    register::{CatalogueEntry, Content, Register, on_channel},
    scenario::given,
    value::{Carrier, Channel, DisclosureLimit, Hash, LegalBasis, Level, Manner, Openness, OpennessAttribute, Reach},
};

fn line() -> CatalogueEntry {
    CatalogueEntry {
        elements: Some("许可证编号、有效期".into()),
        time_limit: DisclosureLimit::read("信息形成或者变更之日起7个工作日内"),
        carriers: vec![Carrier::Website],
        open_to: vec![Reach::Everyone],
        manner: vec![Manner::Active],
        levels: vec![Level::City],
        attribute: Some(OpennessAttribute::Active),
        ..CatalogueEntry::new("许可决定", AGENCY.parse().unwrap())
    }
}

fn law() -> Vec<LegalBasis> {
    vec![LegalBasis { title: "中华人民共和国政府信息公开条例".into(), ..LegalBasis::default() }]
}

/// A line of which the information is given on request only.
fn on_request() -> CatalogueEntry {
    CatalogueEntry { attribute: Some(OpennessAttribute::OnRequest), manner: vec![Manner::OnRequest], ..line() }
}

fn drafted(content: CatalogueEntry) -> Vec<Event<CatalogueEntry>> {
    let state = <Entry<CatalogueEntry> as Decider>::State::default();
    let circumstances = circumstances_of(drafter());
    Entry::decide(&state, Draft { content, source: None }.into(), &circumstances).unwrap()
}

fn circumstances_of(acting: domain::acting::Acting) -> domain::decider::Circumstances {
    domain::decider::Circumstances { capacity: domain::acting::Capacity::Person(acting), ..circumstances(1) }
}

#[test]
fn a_line_that_is_not_active_is_submitted_with_its_legal_basis_only() {
    given::<Entry<CatalogueEntry>>(drafted(on_request())).acting(drafter()).when(Submit::default()).then_refused("CHECKS_FAILED");
    let founded = CatalogueEntry { restriction_bases: law(), ..on_request() };
    given::<Entry<CatalogueEntry>>(drafted(founded)).acting(drafter()).when(Submit::default()).then_state();
}

#[test]
fn an_active_line_without_content_limit_or_manner_is_not_submitted() {
    let spoilt = [
        CatalogueEntry { elements: None, ..line() },
        CatalogueEntry { time_limit: None, ..line() },
        CatalogueEntry { manner: vec![], ..line() },
        CatalogueEntry { attribute: None, ..line() },
    ];
    for content in spoilt {
        given::<Entry<CatalogueEntry>>(drafted(content)).acting(drafter()).when(Submit::default()).then_refused("CHECKS_FAILED");
    }
}

#[test]
fn a_published_catalogue_is_adopted_with_its_errors() {
    let adopt = Adopt { content: on_request(), source: source("2025"), effective_from: None };
    let state = given::<Entry<CatalogueEntry>>([]).when(adopt).then_state();
    let kept = state.latest.map(|latest| latest.content);
    assert_eq!(kept.as_deref(), Some(&on_request()));
    assert_eq!(on_request().check().iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["CATALOGUE_NO_RESTRICTION_BASIS"]);
}

#[test]
fn three_persons_publish_a_line_and_its_agency_answers_for_it() {
    let content_hash = Hash::of_content(&line()).unwrap();
    let mut history = drafted(line());
    for (acting, command) in [
        (drafter(), domain::entry::Command::from(Submit::default())),
        (reviewer(), Review { content_hash, revision: None }.into()),
        (approver(), Approve { content_hash, document: "某政发〔2026〕1号".into(), effective_from: None, beside: Vec::new() }.into()),
    ] {
        let state = Entry::fold(&history);
        let events = Entry::<CatalogueEntry>::decide(&state, command, &circumstances_of(acting));
        history.extend(events.unwrap_or_else(|refusal| panic!("{refusal}")));
    }
    assert_eq!(history.last().map(Event::verb), Some("approved"));
    assert_eq!((CatalogueEntry::REGISTER, line().agency().map(ToString::to_string).as_deref()), (Register::Openness, Some(AGENCY)));
}

#[test]
fn the_channels_look_at_the_openness_of_the_line_and_not_of_the_information() {
    let shown = |content: &CatalogueEntry| {
        on_channel(&Arc::new(content.clone()), Hash::of_content(content).unwrap(), Channel::Online).map(|shown| shown.content)
    };
    let secret = CatalogueEntry { attribute: Some(OpennessAttribute::NotDisclosed), restriction_bases: law(), ..line() };
    assert_eq!(shown(&secret).as_deref(), Some(&secret), "that something is not disclosed is published");
    let openness = |attribute, withheld: &[&str]| Openness {
        attribute,
        withheld: withheld.iter().map(|field| (*field).to_owned()).collect(),
        reason: Some("商业秘密".into()),
        basis: law(),
    };
    let hidden = CatalogueEntry { openness: openness(OpennessAttribute::OnRequest, &[]), ..line() };
    assert_eq!(shown(&hidden), None);
    let partial = CatalogueEntry { openness: openness(OpennessAttribute::Partial, &["elements", "timeLimit"]), ..line() };
    let seen = shown(&partial).map(|seen| (seen.elements.clone(), seen.time_limit.clone(), seen.name.clone()));
    assert_eq!(seen, Some((None, None, "许可决定".to_owned())));
    let without_agency = CatalogueEntry { openness: openness(OpennessAttribute::Partial, &["agency"]), ..line() };
    assert_eq!(shown(&without_agency), None, "a line cannot do without its agency");
}
