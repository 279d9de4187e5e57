//! A proof is abolished: the guides that ask for it are listed, and revised as one set (Art. 5(2)).

use std::sync::Arc;

use api::registrar::{
    abolished::{AbolishedError, asking, prepare},
    changeset::{Change, Raised},
};
use chrono::TimeDelta;
use domain::{
    acting::Role,
    changeset::Approve,
    entry::Repeal,
    register::{Abolished, Guide, Material, MaterialRequirement, Outcome as Result, OutcomeKind},
    value::{Contact, ContactKind},
};

use super::support::*;

fn contact(value: &str) -> Vec<Contact> {
    vec![Contact { kind: ContactKind::Phone, value: value.into(), note: None }]
}

/// A sound guide of an agency that asks for materials of the catalogue.
fn guide(item: &str, agency: &str, materials: &[&str]) -> Guide {
    let asked = |material: &&str| {
        let asked = serde_json::json!({ "name": format!("材料{material}"), "material": material, "necessity": "REQUIRED" });
        serde_json::from_value::<MaterialRequirement>(asked).unwrap()
    };
    Guide {
        materials: materials.iter().map(asked).collect(),
        results: vec![Result { name: "证".into(), kind: OutcomeKind::Certificate, sample: None }],
        consult: contact("12345"),
        complain: contact("12388"),
        ..Guide::new("指南", code(item), code(agency))
    }
}

/// Guides G1 and G2 of the agency A1 and G3 of A2 ask for the proof M1, G4 for another one.
async fn bench() -> Bench {
    let bench = Bench::new().await;
    bench.adopt("I9", of("A2", "别家的事项")).await;
    bench.adopt_any("M1", Material::new("无犯罪证明")).await;
    bench.adopt_any("M2", Material::new("身份证")).await;
    for (at, item, agency, materials) in
        [("G1", "I1", "A1", &["M2", "M1"][..]), ("G2", "I2", "A1", &["M1"]), ("G3", "I9", "A2", &["M1"]), ("G4", "I3", "A1", &["M2"])]
    {
        bench.adopt_any(at, guide(item, agency, materials)).await;
    }
    bench
}

async fn abolish(bench: &Bench) {
    let abolished = Some(Abolished { reason: "部门间数据共享".into(), document: None });
    bench.adopt_any("M1", Material { abolished, ..Material::new("无犯罪证明") }).await;
}

async fn listed(bench: &Bench) -> Vec<(String, Vec<usize>, bool)> {
    let found = asking(&bench.desk.journal, &code("M1"), now(), &|_| ()).await.unwrap();
    found.guides.into_iter().map(|asking| (asking.code.to_string(), asking.places, asking.is_drafted)).collect()
}

/// The sets of whoever drafts for some agencies, `None` for the city, by agency.
async fn sets(bench: &Bench, agencies: &[Option<&str>]) -> Vec<(String, Raised)> {
    let found = asking(&bench.desk.journal, &code("M1"), now(), &|_| ()).await.unwrap();
    let who = drafting_for(agencies);
    let sets = prepare(&bench.desk, (&who, &clock()), &found, &|_| ()).await.unwrap();
    sets.into_iter().map(|prepared| (prepared.agency.to_string(), prepared.raised)).collect()
}

async fn prepared(bench: &Bench, agency: &str) -> Raised {
    let mut sets = sets(bench, &[Some(agency)]).await;
    assert_eq!(sets.len(), 1);
    sets.remove(0).1
}

fn members(raised: &Raised) -> Vec<&str> {
    raised.members.iter().map(|member| member.code.as_str()).collect()
}

#[tokio::test]
async fn every_guide_that_asks_for_it_is_listed_whoever_answers_for_it() {
    let bench = bench().await;
    let unknown = asking(&bench.desk.journal, &code("M9"), now(), &|_| ()).await;
    assert!(matches!(unknown, Err(AbolishedError::NotFound(_))));
    let in_force = asking(&bench.desk.journal, &code("M1"), now(), &|_| ()).await;
    assert!(matches!(in_force, Err(AbolishedError::NotAbolished(..))));
    abolish(&bench).await;
    let all = [("G1".to_owned(), vec![1], false), ("G2".to_owned(), vec![0], false), ("G3".to_owned(), vec![0], false)];
    assert_eq!(listed(&bench).await, all);
}

#[tokio::test]
async fn the_revisions_of_an_agency_are_one_set_that_leaves_the_proof_out_and_nothing_else() {
    let bench = bench().await;
    abolish(&bench).await;
    let raised = prepared(&bench, "A1").await;
    assert_eq!((raised.status, members(&raised), raised.refused.len()), ("PROPOSED", vec!["G1", "G2"], 0));
    assert_eq!(listed(&bench).await.iter().filter(|(_, _, drafted)| *drafted).count(), 2);
    let again = prepared(&bench, "A1").await;
    assert_eq!((again.status, &again.code), ("UNCHANGED", &raised.code), "the same again finds it");
    // Another agency has a set of its own.
    let other = prepared(&bench, "A2").await;
    assert_eq!((other.status, members(&other)), ("PROPOSED", vec!["G3"]));
    assert_ne!(other.code, raised.code);

    let set = raised.code.unwrap();
    assert_eq!(word(&bench.ask(&reviewer(), 2, &set, bench.review(&set).await).await), "APPLIED");
    assert_eq!(word(&bench.ask(&approver(), 3, &set, bench.approve(&set).await).await), "APPLIED");
    let of = |at: &'static str| async {
        journal::load::<Guide>(bench.desk.journal.as_ref(), &code(at)).await.unwrap().state.latest.unwrap().content
    };
    assert_eq!(of("G1").await, Arc::new(guide("I1", "A1", &["M2"])));
    assert_eq!(of("G2").await, Arc::new(guide("I2", "A1", &[])));
    assert_eq!(listed(&bench).await.into_iter().map(|(code, ..)| code).collect::<Vec<_>>(), ["G3"]);
    assert!(sets(&bench, &[Some("A1")]).await.is_empty(), "there is nothing left to change");
}

#[tokio::test]
async fn what_somebody_drafts_already_is_left_out_and_told() {
    let bench = bench().await;
    abolish(&bench).await;
    let theirs = domain::entry::Draft::of(Guide { name: "别的草稿".into(), ..guide("I1", "A1", &["M1"]) });
    let acting = domain::acting::Acting {
        person: domain::acting::PersonId::new("p-x"),
        role: domain::acting::Role::Drafter,
        scope: domain::acting::Scope::Agency(code("A1")),
    };
    bench.give::<Guide>("G1", domain::acting::Capacity::Person(acting), theirs.into()).await;
    let raised = prepared(&bench, "A1").await;
    assert_eq!((raised.status, members(&raised)), ("PROPOSED", vec!["G2"]));
    let told: Vec<_> = raised.refused.iter().map(|refused| (refused.entry.code.as_str(), refused.refused.code)).collect();
    assert_eq!(told, [("G1", "DRAFT_EXISTS")]);
}

#[tokio::test]
async fn whoever_drafts_for_several_or_for_the_city_has_a_set_for_each_agency() {
    for agencies in [&[Some("A1"), Some("A2")][..], &[None]] {
        let bench = bench().await;
        abolish(&bench).await;
        let first = sets(&bench, agencies).await;
        let told: Vec<_> = first.iter().map(|(agency, raised)| (agency.as_str(), raised.status, members(raised))).collect();
        assert_eq!(told, [("A1", "PROPOSED", vec!["G1", "G2"]), ("A2", "PROPOSED", vec!["G3"])], "{agencies:?}");
        let again = sets(&bench, agencies).await;
        for ((_, first), (_, again)) in first.iter().zip(&again) {
            assert_eq!((again.status, &again.code, again.refused.len()), ("UNCHANGED", &first.code, 0));
        }
    }
    let bench = bench().await;
    abolish(&bench).await;
    assert!(sets(&bench, &[Some("A3")]).await.is_empty(), "who drafts for others prepares nothing");
    assert!(listed(&bench).await.iter().all(|(_, _, drafted)| !drafted));
}

#[tokio::test]
async fn members_are_checked_beside_what_the_set_makes_of_the_register() {
    let bench = bench().await;
    let new_item = || Change::to(code("N1"), item("新事项"), None);
    let new_guide = || Change::to(code("N2"), guide("N1", "A1", &[]), None);
    // Without its item a guide is refused, and with it, it is not.
    let alone = bench.propose(&drafter(), 21, None, vec![new_guide()]).await.unwrap();
    assert_eq!(alone.members.iter().map(|refused| refused.refused.code).collect::<Vec<_>>(), ["CHECKS_FAILED"]);
    assert_eq!(word(&bench.propose(&drafter(), 22, None, vec![new_guide(), new_item()]).await), "APPLIED");
    // A guide does not come in whose item goes with the same set.
    let bench = self::bench().await;
    let revised = Change::to(code("G4"), Guide { name: "改过的指南".into(), ..guide("I3", "A1", &["M2"]) }, None);
    let refused = bench.propose(&drafter(), 23, None, vec![revised, gone("I3")]).await.unwrap();
    let told: Vec<_> = refused.members.iter().map(|refused| (refused.entry.code.as_str(), refused.refused.code)).collect();
    assert_eq!(told, [("G4", "CHECKS_FAILED")]);
    assert!(refused.members[0].refused.en.contains("ITEM_NOT_IN_FORCE"));
}

#[tokio::test]
async fn a_set_is_approved_beside_what_it_makes_of_the_register_then() {
    let changes = || vec![Change::to(code("N1"), item("新事项"), None), Change::to(code("N2"), guide("N1", "A1", &["M2"]), None)];
    let reviewed = async || {
        let bench = self::bench().await;
        let set = bench.propose(&drafter(), 31, None, changes()).await.unwrap().code;
        assert_eq!(word(&bench.ask(&reviewer(), 32, &set, bench.review(&set).await).await), "APPLIED");
        (bench, set)
    };
    // The item comes in with its guide, on whatever day.
    let (bench, set) = reviewed().await;
    let later = Approve { effective_from: Some(now() + TimeDelta::days(9)), ..bench.approve(&set).await };
    assert_eq!(word(&bench.ask(&approver(), 33, &set, later).await), "APPLIED");
    // What was abolished since the set was proposed stops all of it, and nothing is written.
    let (bench, set) = reviewed().await;
    let abolished = Some(Abolished { reason: "部门间数据共享".into(), document: None });
    bench.adopt_any("M2", Material { abolished, ..Material::new("身份证") }).await;
    let events = bench.events().await;
    let refused = bench.ask(&approver(), 33, &set, bench.approve(&set).await).await;
    assert_eq!((word(&refused).as_str(), super::support::members(&refused)), ("MEMBERS_REFUSED", vec!["N2 CHECKS_FAILED".to_owned()]));
    assert!(refused.unwrap().members[0].refused.en.contains("MATERIAL_ABOLISHED"));
    assert_eq!(bench.events().await, events);
    // A guide that is submitted singly and whose item is repealed meanwhile.
    let bench = self::bench().await;
    let revised = Change::to(code("G4"), Guide { name: "改过的指南".into(), ..guide("I3", "A1", &["M2"]) }, None);
    let set = bench.propose(&drafter(), 34, None, vec![revised]).await.unwrap().code;
    assert_eq!(word(&bench.ask(&reviewer(), 35, &set, bench.review(&set).await).await), "APPLIED");
    let repeal = Repeal { effective_from: None, reason: "法律修改".into(), document: None, replaced_by: None, reform: None };
    bench.singly("p-a", Role::Approver, "I3", repeal).await;
    let refused = bench.ask(&approver(), 36, &set, bench.approve(&set).await).await;
    assert_eq!(super::support::members(&refused), ["G4 CHECKS_FAILED"]);
}

/// A guide with a later revision that is announced.
async fn announce(bench: &Bench, at: &str, content: Guide, days: i64) {
    let adopt = domain::entry::Adopt {
        content,
        source: domain::entry::Source { file: "2026.xlsx".into(), ..domain::entry::Source::default() },
        effective_from: Some(now() + TimeDelta::days(days)),
    };
    bench.give::<Guide>(at, domain::acting::Capacity::Import, adopt.into()).await;
}

#[tokio::test]
async fn guides_with_an_announced_later_revision_are_a_set_of_their_own_and_hold_up_nothing() {
    let bench = bench().await;
    announce(&bench, "G2", Guide { name: "新版指南".into(), ..guide("I2", "A1", &["M1"]) }, 30).await;
    abolish(&bench).await;
    let prepared = async || {
        let found = asking(&bench.desk.journal, &code("M1"), now(), &|_| ()).await.unwrap();
        prepare(&bench.desk, (&drafter(), &clock()), &found, &|_| ()).await.unwrap()
    };
    let sets = prepared().await;
    let told: Vec<_> = sets.iter().map(|set| (set.upcoming, set.raised.status, members(&set.raised))).collect();
    let day = now() + TimeDelta::days(30);
    assert_eq!(told, [(None, "PROPOSED", vec!["G1"]), (Some(day), "PROPOSED", vec!["G2"])]);
    let again = prepared().await;
    assert!(again.iter().zip(&sets).all(|(again, set)| again.raised.status == "UNCHANGED" && again.raised.code == set.raised.code));
    let codes: Vec<_> = sets.iter().map(|set| set.raised.code.clone().unwrap()).collect();
    for (n, set) in codes.iter().enumerate() {
        assert_eq!(word(&bench.ask(&reviewer(), 40 + n as u128, set, bench.review(set).await).await), "APPLIED");
    }
    assert_eq!(word(&bench.ask(&approver(), 50, &codes[0], bench.approve(&codes[0]).await).await), "APPLIED");
    // Of the other the first day that is possible is named.
    let early = bench.ask(&approver(), 51, &codes[1], bench.approve(&codes[1]).await).await.unwrap();
    let api::registrar::change::Became::Refused(why) = &early.became else { panic!("{early:?}") };
    assert_eq!((why.code, early.members[0].refused.code), ("MEMBERS_REFUSED", "EFFECTIVE_TOO_EARLY"));
    let spoken = domain::calendar::china::spoken(day);
    assert!(
        why.zh.contains(&format!("最早可自北京时间{spoken}")) && why.en.contains(&format!("possible for all of them is {spoken}")),
        "{why:?}"
    );
    let then = Approve { effective_from: Some(day), ..bench.approve(&codes[1]).await };
    assert_eq!(word(&bench.ask(&approver(), 52, &codes[1], then).await), "APPLIED");
}

#[tokio::test]
async fn a_guide_that_asks_only_until_its_announced_revision_is_listed_and_not_drafted() {
    let bench = bench().await;
    announce(&bench, "G2", guide("I2", "A1", &[]), 30).await;
    abolish(&bench).await;
    let found = asking(&bench.desk.journal, &code("M1"), now(), &|_| ()).await.unwrap();
    let told: Vec<_> = found.guides.iter().map(|asking| (asking.code.as_str(), asking.until, asking.places.clone())).collect();
    assert_eq!(told, [("G1", None, vec![1]), ("G2", Some(now() + TimeDelta::days(30)), vec![0]), ("G3", None, vec![0])]);
    assert_eq!(members(&prepared(&bench, "A1").await), ["G1"]);
}

#[tokio::test]
async fn it_is_listed_until_the_last_revision_that_asks_be_that_in_force_or_announced() {
    let bench = bench().await;
    // In force it asks, a first announced revision too, the second does not.
    announce(&bench, "G2", Guide { name: "新版指南".into(), ..guide("I2", "A1", &["M1"]) }, 10).await;
    announce(&bench, "G2", guide("I2", "A1", &[]), 30).await;
    // In force it does not ask, and the first announced revision does.
    announce(&bench, "G4", guide("I3", "A1", &["M2", "M1"]), 10).await;
    announce(&bench, "G4", guide("I3", "A1", &["M2"]), 20).await;
    abolish(&bench).await;
    let found = asking(&bench.desk.journal, &code("M1"), now(), &|_| ()).await.unwrap();
    let told: Vec<_> = found.guides.iter().map(|asking| (asking.code.as_str(), asking.until)).collect();
    let after = |days| Some(now() + TimeDelta::days(days));
    assert_eq!(told, [("G1", None), ("G2", after(30)), ("G3", None), ("G4", after(20))]);
}
