//! What a guide and an item have to be beside other entries, at the moment for which they are looked at.

use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};

use super::{tests::asked, tests::sound, *};
use crate::{
    envelope::Code,
    register::{Abolished, Agency, Beside, Content, Item, Material, MaterialRequirement, Moment, Stands},
    value::{ItemType, LegalBasis, Openness, OpennessAttribute},
};

/// The checks of guides that look at other entries.
pub(super) const CHECKS: [&str; 10] = [
    "ITEM_NOT_IN_FORCE",
    "ITEM_OF_OTHER_AGENCY",
    "ITEM_NOT_DISCLOSED",
    "ITEM_UPCOMING",
    "ITEM_SUSPENDED",
    "ITEM_CEASES",
    "MATERIAL_UNKNOWN",
    "MATERIAL_ABOLISHED",
    "MATERIAL_ABOLISHED_LATER",
    "MATERIAL_BY_NAME",
];

fn noon(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, day, 4, 0, 0).unwrap()
}

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn closed(attribute: OpennessAttribute) -> Openness {
    Openness { attribute, reason: Some("涉及商业秘密".into()), basis: vec![LegalBasis::as_written("x")], ..Openness::default() }
}

fn item() -> Item {
    Item::new("某证核发", ItemType::Permission, code("A1"))
}

/// How the item stands that was published on the first of the month.
fn stands(item: Item) -> Stands<Item> {
    Stands::since(Arc::new(item), noon(1))
}

type Found = Vec<(&'static str, String, Severity)>;

/// Codes, fields and weights, after it is certain that each has words in both languages.
fn told(found: Vec<Finding>) -> Found {
    let told = |finding: Finding| {
        assert!(!finding.zh.is_empty() && finding.en.is_ascii(), "{finding}");
        let check = GUIDE_CHECKS.iter().chain(ITEM_CHECKS).find(|check| check.code == finding.code).unwrap();
        (check.code, finding.path, finding.severity)
    };
    found.into_iter().map(told).collect()
}

fn one(check: &Check, path: &str) -> Found {
    vec![(check.code, path.to_owned(), check.severity)]
}

fn guide_beside(guide: &Guide, item: Option<Stands<Item>>, moment: Moment) -> Found {
    let items = item.map(|item| (guide.item.clone(), item)).into_iter().collect();
    told(guide.check_beside(&code("G1"), &Beside { items, ..Beside::default() }, moment))
}

/// Every moment for which a content is looked at on a day.
fn moments(day: u32) -> [Moment; 3] {
    [Moment::Drafted(noon(day)), Moment::From(noon(day)), Moment::Held(noon(day))]
}

#[test]
fn a_guide_needs_an_item_in_force_of_its_agency() {
    for moment in moments(10) {
        assert_eq!(guide_beside(&sound(), Some(stands(item())), moment), []);
        let other = Item { agency: code("A2"), ..item() };
        assert_eq!(guide_beside(&sound(), Some(stands(other)), moment), one(&ITEM_OF_OTHER_AGENCY, "agency"));
        assert_eq!(guide_beside(&sound(), None, moment), one(&ITEM_NOT_IN_FORCE, "item"));
        let suspended = |until| Stands { suspended_until: Some(until), ..stands(item()) };
        let drafted = matches!(moment, Moment::Drafted(_));
        let told = if drafted { one(&ITEM_SUSPENDED, "item") } else { one(&ITEM_NOT_IN_FORCE, "item") };
        for until in [noon(11), DateTime::<Utc>::MAX_UTC] {
            assert_eq!(guide_beside(&sound(), Some(suspended(until)), moment), told);
        }
        assert_eq!(guide_beside(&sound(), Some(suspended(noon(10))), moment), [], "it has run out");
        let gone = Stands { until: Some(noon(10)), ..stands(item()) };
        assert_eq!(guide_beside(&sound(), Some(gone), moment), one(&ITEM_NOT_IN_FORCE, "item"));
    }
}

#[test]
fn a_guide_that_would_be_in_force_before_its_item_is_told_when_drafted_and_stopped_when_decided() {
    let upcoming = || Some(Stands::since(Arc::new(item()), noon(20)));
    assert_eq!(guide_beside(&sound(), upcoming(), Moment::Drafted(noon(10))), one(&ITEM_UPCOMING, "item"));
    assert_eq!(guide_beside(&sound(), upcoming(), Moment::Held(noon(10))), one(&ITEM_UPCOMING, "item"));
    assert_eq!(guide_beside(&sound(), upcoming(), Moment::From(noon(19))), one(&ITEM_NOT_IN_FORCE, "item"));
    assert_eq!(guide_beside(&sound(), upcoming(), Moment::From(noon(20))), []);
    // A further revision of an item in force takes nothing away.
    let revised = Some(stands(item()).revised(Arc::new(item()), noon(20)));
    assert_eq!(guide_beside(&sound(), revised, Moment::From(noon(10))), []);
}

#[test]
fn a_guide_that_is_in_force_until_its_item_ceases_is_told_so_while_it_is_drafted() {
    let ceases = || Some(Stands { until: Some(noon(20)), ..stands(item()) });
    assert_eq!(guide_beside(&sound(), ceases(), Moment::Drafted(noon(10))), one(&ITEM_CEASES, "item"));
    assert_eq!(guide_beside(&sound(), ceases(), Moment::From(noon(19))), []);
    assert_eq!(guide_beside(&sound(), ceases(), Moment::From(noon(20))), one(&ITEM_NOT_IN_FORCE, "item"));
    assert_eq!(guide_beside(&sound(), ceases(), Moment::Held(noon(10))), [], "a guide goes with its item, and nothing is wrong with it");
}

#[test]
fn a_public_guide_has_a_public_item() {
    for attribute in [OpennessAttribute::OnRequest, OpennessAttribute::NotDisclosed] {
        let hidden = || Some(stands(Item { openness: closed(attribute), ..item() }));
        for moment in moments(10) {
            assert_eq!(guide_beside(&sound(), hidden(), moment), one(&ITEM_NOT_DISCLOSED, "item"));
            let guide = Guide { openness: closed(attribute), ..sound() };
            assert_eq!(guide_beside(&guide, hidden(), moment), [], "neither is shown");
        }
    }
    let partial = Openness { withheld: vec!["authority".into()], ..closed(OpennessAttribute::Partial) };
    assert_eq!(guide_beside(&sound(), Some(stands(Item { openness: partial, ..item() })), Moment::From(noon(10))), []);
    // One that becomes public later is upcoming for everybody.
    let hidden = stands(Item { openness: closed(OpennessAttribute::OnRequest), ..item() });
    let opened = || Some(hidden.clone().revised(Arc::new(item()), noon(20)));
    assert_eq!(guide_beside(&sound(), opened(), Moment::From(noon(19))), one(&ITEM_NOT_IN_FORCE, "item"));
    assert_eq!(guide_beside(&sound(), opened(), Moment::From(noon(20))), []);
    let guide = Guide { openness: closed(OpennessAttribute::OnRequest), ..sound() };
    assert_eq!(guide_beside(&guide, opened(), Moment::From(noon(10))), []);
}

fn of(name: &str, code: Option<&str>) -> MaterialRequirement {
    MaterialRequirement { material: code.map(|c| c.parse().unwrap()), ..asked(name, &[]) }
}

/// A guide that asks for a form by its name, and for two materials of the catalogue.
fn asking() -> Guide {
    Guide { materials: vec![of("申请表", None), of("无犯罪证明", Some("M1")), of("身份证", Some("M2"))], ..sound() }
}

fn proof(abolished: bool) -> Material {
    let abolished = abolished.then(|| Abolished { reason: "by exchange".into(), document: None });
    Material { abolished, ..Material::new("proof") }
}

fn beside_materials(first: Option<Stands<Material>>, moment: Moment) -> Found {
    let first = first.map(|material| (code("M1"), material));
    let second = (code("M2"), Stands::since(Arc::new(Material::new("身份证")), noon(1)));
    let items = [(code("I1"), stands(item()))].into_iter().collect();
    let materials = first.into_iter().chain([second]).collect();
    told(asking().check_beside(&code("G1"), &Beside { items, materials, ..Beside::default() }, moment))
}

#[test]
fn a_guide_asks_for_nothing_that_was_abolished() {
    let since = |abolished, from| Stands::since(Arc::new(proof(abolished)), from);
    for moment in moments(10) {
        assert_eq!(beside_materials(Some(since(false, noon(1))), moment), []);
        assert_eq!(beside_materials(Some(since(true, noon(10))), moment), one(&MATERIAL_ABOLISHED, "materials[1]"));
        let gone = Stands { until: Some(noon(10)), ..since(true, noon(1)) };
        assert_eq!(beside_materials(Some(gone), moment), one(&MATERIAL_ABOLISHED, "materials[1]"), "it stays abolished");
    }
    let announced = || Some(since(false, noon(1)).revised(Arc::new(proof(true)), noon(20)));
    for moment in moments(19) {
        assert_eq!(beside_materials(announced(), moment), one(&MATERIAL_ABOLISHED_LATER, "materials[1]"), "until then it is asked for");
    }
    assert_eq!(beside_materials(announced(), Moment::From(noon(20))), one(&MATERIAL_ABOLISHED, "materials[1]"));
    // What is abolished is so whatever is announced of it, and until the day on which it comes back.
    for later in [true, false] {
        let reworded = || Some(since(true, noon(1)).revised(Arc::new(proof(later)), noon(20)));
        for moment in moments(19) {
            assert_eq!(beside_materials(reworded(), moment), one(&MATERIAL_ABOLISHED, "materials[1]"));
        }
    }
    let back = || Some(since(true, noon(1)).revised(Arc::new(proof(false)), noon(20)));
    assert_eq!(beside_materials(back(), Moment::From(noon(20))), []);
    let referred: Vec<_> = asking().checked_beside().into_iter().map(|(register, code)| format!("{register} {code}")).collect();
    assert_eq!(referred, ["item I1", "material M1", "material M2"]);
}

#[test]
fn what_is_asked_for_by_its_name_is_what_the_catalogue_has_under_it() {
    let found = |asked_name: &str, as_kept: Stands<Material>, moment| {
        let guide = Guide { materials: vec![of(asked_name, None)], ..sound() };
        let items = [(code("I1"), stands(item()))].into_iter().collect();
        let materials = [(code("M1"), as_kept)].into_iter().collect();
        told(guide.check_beside(&code("G1"), &Beside { items, materials, ..Beside::default() }.by_names(), moment))
    };
    let since = |abolished, from| {
        let material = Material { name: "Proof of life".into(), other_names: vec!["Life record ( original )".into()], ..proof(abolished) };
        Stands::since(Arc::new(material), from)
    };
    for moment in moments(10) {
        for name in ["Proof of life", " PROOF  OF LIFE", "life record(original)"] {
            assert_eq!(found(name, since(true, noon(10)), moment), one(&MATERIAL_ABOLISHED, "materials[0]"), "{name}");
            assert_eq!(found(name, since(false, noon(10)), moment), one(&MATERIAL_BY_NAME, "materials[0].material"), "{name}");
        }
        assert_eq!(found("Proof of lifetime", since(true, noon(1)), moment), [], "of another name");
        assert_eq!(found("Proof of life", since(false, noon(11)), moment), [], "it is not in the catalogue yet");
        let announced = since(true, noon(11));
        assert_eq!(found("Proof of life", announced, moment), one(&MATERIAL_ABOLISHED_LATER, "materials[0]"), "nor abolished");
        let gone = |abolished| Stands { until: Some(noon(10)), ..since(abolished, noon(1)) };
        assert_eq!(found("Proof of life", gone(false), moment), [], "it is not in the catalogue any more");
        let suspended = Stands { suspended_until: Some(noon(11)), ..since(true, noon(1)) };
        for out_of_sight in [gone(true), suspended] {
            assert_eq!(found("Proof of life", out_of_sight, moment), one(&MATERIAL_ABOLISHED, "materials[0]"), "it stays abolished");
        }
    }
    let announced = || since(false, noon(1)).revised(since(true, noon(20)).content, noon(20));
    assert_eq!(found("Proof of life", announced(), Moment::From(noon(19))), one(&MATERIAL_ABOLISHED_LATER, "materials[0]"));
    assert_eq!(found("Proof of life", announced(), Moment::From(noon(20))), one(&MATERIAL_ABOLISHED, "materials[0]"));
}

#[test]
fn the_day_of_an_announced_abolition_is_told_by_the_clocks_of_china() {
    let announced = Stands::since(Arc::new(proof(false)), noon(1)).revised(Arc::new(proof(true)), noon(20));
    let items = [(code("I1"), stands(item()))].into_iter().collect();
    let materials = [(code("M1"), announced)].into_iter().collect();
    let guide = Guide { materials: vec![of("无犯罪证明", Some("M1"))], ..sound() };
    let found = guide.check_beside(&code("G1"), &Beside { items, materials, ..Beside::default() }, Moment::Held(noon(10)));
    assert!(found[0].zh.contains("北京时间2026-03-20 12:00") && found[0].en.contains("2026-03-20 12:00 China time"), "{found:?}");
}

/// How a proof stands that says so in turn, each from a day on: its name, and whether it is abolished.
fn in_turn(says: &[(&str, bool, u32)]) -> Stands<Material> {
    let mut says = says.iter().map(|(name, abolished, day)| (Arc::new(Material { name: (*name).into(), ..proof(*abolished) }), noon(*day)));
    let (content, from) = says.next().unwrap();
    says.fold(Stands::since(content, from), |stands, (content, from)| stands.revised(content, from))
}

#[test]
fn a_proof_is_found_under_every_name_under_which_it_is_abolished() {
    let found = |name: &str, says: &[(&str, bool, u32)], day| {
        let guide = Guide { materials: vec![of(name, None)], ..sound() };
        let items = [(code("I1"), stands(item()))].into_iter().collect();
        let materials = [(code("M1"), in_turn(says))].into_iter().collect();
        told(guide.check_beside(&code("G1"), &Beside { items, materials, ..Beside::default() }.by_names(), Moment::From(noon(day))))
    };
    let abolished = || one(&MATERIAL_ABOLISHED, "materials[0]");
    let later = || one(&MATERIAL_ABOLISHED_LATER, "materials[0]");
    // Renamed while it is abolished, and renamed as it was abolished.
    for says in [
        &[("First", true, 1), ("Second", true, 5)][..],
        &[("First", false, 1), ("Second", true, 5)],
        &[("First", true, 1), ("Second", true, 5), ("Third", true, 8)],
    ] {
        assert_eq!((found("First", says, 10), found("Second", says, 10)), (abolished(), abolished()), "{says:?}");
    }
    // Announced to be called otherwise, or to come back so: until its day it is abolished as it is called.
    for back in [true, false] {
        assert_eq!(found("First", &[("First", true, 1), ("Second", back, 20)], 10), abolished());
    }
    assert_eq!(found("First", &[("First", true, 1), ("Second", false, 20)], 20), [], "it came back as another");
    assert_eq!(
        found("First", &[("First", true, 1), ("Second", false, 5), ("Second", true, 8)], 10),
        [],
        "what came back is abolished as it is called then"
    );
    // Announced to be abolished as another.
    let announced = [("First", false, 1), ("Second", true, 20)];
    assert_eq!((found("First", &announced, 10), found("Second", &announced, 10)), (later(), later()));
    assert_eq!((found("First", &announced, 20), found("Second", &announced, 20)), (abolished(), abolished()));
}

#[test]
fn a_guide_is_beside_what_its_item_says_when_it_holds() {
    let moved = || Item { agency: code("ELSEWHERE"), ..item() };
    let closed = || Item { openness: Openness { attribute: OpennessAttribute::NotDisclosed, ..item().openness.clone() }, ..item() };
    let then = |later: Item| Some(stands(item()).revised(Arc::new(later), noon(20)));
    // Until the day the old agency puts its guides right, and what is shown is not said to be closed.
    for moment in [Moment::From(noon(19)), Moment::Held(noon(19)), Moment::Drafted(noon(19))] {
        assert_eq!(guide_beside(&sound(), then(moved()), moment), []);
        assert_eq!(guide_beside(&sound(), then(closed()), moment), []);
    }
    let of_successor = Guide { agency: code("ELSEWHERE"), ..sound() };
    assert_eq!(guide_beside(&of_successor, then(moved()), Moment::Drafted(noon(19))), [], "it may be meant for then");
    assert_eq!(guide_beside(&of_successor, then(moved()), Moment::From(noon(19))), one(&ITEM_OF_OTHER_AGENCY, "agency"));
    assert_eq!(guide_beside(&of_successor, then(moved()), Moment::From(noon(20))), []);
    assert_eq!(guide_beside(&sound(), then(moved()), Moment::From(noon(20))), one(&ITEM_OF_OTHER_AGENCY, "agency"));
    assert_eq!(guide_beside(&sound(), then(closed()), Moment::From(noon(20))), one(&ITEM_NOT_DISCLOSED, "item"));
    // Closed now and open later: not before then.
    let opened = Some(stands(closed()).revised(Arc::new(item()), noon(20)));
    assert_eq!(guide_beside(&sound(), opened, Moment::From(noon(19))), one(&ITEM_NOT_IN_FORCE, "item"));
}

#[test]
fn a_guide_asks_by_code_only_for_what_the_catalogue_has() {
    let kept = || Stands::since(Arc::new(proof(false)), noon(1));
    for moment in moments(10) {
        assert_eq!(beside_materials(None, moment), one(&MATERIAL_UNKNOWN, "materials[1].material"));
        let gone = Stands { until: Some(noon(10)), ..kept() };
        assert_eq!(beside_materials(Some(gone), moment), one(&MATERIAL_UNKNOWN, "materials[1].material"));
        let upcoming = Stands::since(Arc::new(proof(false)), noon(20));
        assert_eq!(beside_materials(Some(upcoming), moment), [], "what is announced is kept");
    }
}

fn item_beside(item: &Item, agency: Option<Stands<Agency>>, moment: Moment) -> Found {
    let agencies = agency.map(|agency| (item.agency.clone(), agency)).into_iter().collect();
    told(item.check_beside(&code("I1"), &Beside { agencies, ..Beside::default() }, moment))
}

#[test]
fn an_item_is_of_an_agency_that_is_published_and_not_abolished() {
    let agency = |openness| Agency { name: "some bureau".into(), openness, ..Agency::default() };
    let since = |from| Stands::since(Arc::new(agency(Openness::default())), from);
    for moment in moments(10) {
        assert_eq!(item_beside(&item(), Some(since(noon(1))), moment), []);
        assert_eq!(item_beside(&item(), None, moment), one(&AGENCY_NOT_PUBLISHED, "agency"));
        assert_eq!(item_beside(&item(), Some(since(noon(11))), moment), one(&AGENCY_NOT_PUBLISHED, "agency"), "it begins later");
        let suspended = Stands { suspended_until: Some(noon(11)), ..since(noon(1)) };
        assert_eq!(item_beside(&item(), Some(suspended), moment), one(&AGENCY_NOT_PUBLISHED, "agency"));
        let hidden = || Some(Stands::since(Arc::new(agency(closed(OpennessAttribute::OnRequest))), noon(1)));
        assert_eq!(item_beside(&item(), hidden(), moment), one(&AGENCY_NOT_PUBLISHED, "agency"));
        let secret = Item { openness: closed(OpennessAttribute::OnRequest), ..item() };
        assert_eq!(item_beside(&secret, hidden(), moment), []);
        let gone = Stands { until: Some(noon(10)), ..since(noon(1)) };
        assert_eq!(item_beside(&item(), Some(gone), moment), one(&AGENCY_ABOLISHED, "agency"));
    }
    let ceases = || Some(Stands { until: Some(noon(20)), ..since(noon(1)) });
    assert_eq!(item_beside(&item(), ceases(), Moment::Drafted(noon(10))), one(&AGENCY_CEASES, "agency"));
    assert_eq!(item_beside(&item(), ceases(), Moment::From(noon(19))), []);
    assert_eq!(item_beside(&item(), ceases(), Moment::From(noon(20))), one(&AGENCY_ABOLISHED, "agency"));
}
