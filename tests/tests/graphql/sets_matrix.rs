//! Who may what of a change set: every role for every agency and every other office, every verb, wherever the set stands; made, not written by
//! hand.

use std::{fmt::Write, sync::Arc};

use api::{
    auth::Caller,
    registrar::{
        change::{Became, ChangeError, Desk},
        changeset::{Change, Proposal, propose},
    },
};
use domain::{acting::Role, changeset::Origin, register::Item};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    callers::{Bureau, caller, grant, word},
    changesets::{SET, give},
    desk::{Pen, code, item},
    matrix::everybody,
    support::moment,
};

const VERBS: [&str; 4] = ["review", "approve", "return", "withdraw"];

/// Where a set stands.
const STEPS: [&str; 4] = ["absent", "proposed", "reviewed", "returned"];

/// The changes of a set of the agency A1, or of one that the city answers for.
fn changes(of_city: bool, word: &str) -> Vec<Change> {
    let mut changes = vec![Change::to(code("I1"), item(word), None)];
    if of_city {
        changes.push(Change::to(code("J1"), Item { agency: code("B1"), ..item(word) }, None));
    }
    changes
}

async fn proposed_by(desk: &Desk, who: &Caller, (id, set): (Uuid, Option<&str>), changes: Vec<Change>) -> String {
    let origin = Origin { title: "清单".into(), ..Origin::default() };
    let proposal = Proposal { id, code: set.map(code), origin, changes };
    match propose(desk, who, proposal, &moment(-1), &|_| ()).await {
        Err(ChangeError::Forbidden) => "FORBIDDEN".into(),
        Err(error) => panic!("{error:?}"),
        Ok(said) => match said.became {
            Became::Applied(_) => "APPLIED".into(),
            Became::Unchanged(_) => "UNCHANGED".into(),
            Became::Refused(refused) => refused.code.into(),
            Became::Conflict => "CONFLICT".into(),
            Became::Unknown => "UNKNOWN".into(),
        },
    }
}

/// A register with a set at a step; its version and hash.
async fn there(of_city: bool, step: &str) -> (Bureau, u64, Value) {
    let mut pen = Pen::new();
    pen.adopt("I1", item("事项")).await;
    pen.adopt("J1", Item { agency: code("B1"), ..item("事项") }).await;
    let bureau = Bureau::over(pen.journal);
    let agency = if of_city { None } else { Some("A1") };
    let (mut version, mut hash) = (0, json!(format!("sha256:{}", "0".repeat(64))));
    if step != "absent" {
        let drafter = caller("planted-account", "planted-drafter", vec![grant(Role::Drafter, agency)]);
        let desk = Desk::new(bureau.journal.clone());
        assert_eq!(proposed_by(&desk, &drafter, (Uuid::nil(), None), changes(of_city, "改过的事项")).await, "APPLIED");
        let reviewer = caller("planted-reviewer", "planted-reviewer", vec![grant(Role::Reviewer, None)]);
        let query = format!("{{ changeSet(code: {SET:?}) {{ hash }} }}");
        hash = bureau.answer(Some(&reviewer), &query, json!({})).await["data"]["changeSet"]["hash"].take();
        let further = match step {
            "reviewed" => Some(("reviewChangeSet", json!({ "expectedVersion": 0, "hash": hash }))),
            "returned" => Some(("returnChangeSet", json!({ "expectedVersion": 0, "reason": "缺依据" }))),
            _ => None,
        };
        if let Some((verb, more)) = further {
            assert_eq!(give(&bureau, Some(&reviewer), verb, more).await["status"], "APPLIED");
            version = 1;
        }
    }
    (bureau, version, hash)
}

/// What becomes of a verb, given as if the set were at a version.
async fn cell(bureau: &Bureau, who: Option<&Arc<Caller>>, verb: &str, (version, hash): (u64, &Value)) -> String {
    let more = match verb {
        "review" => json!({ "expectedVersion": version, "hash": hash }),
        "approve" => json!({ "expectedVersion": version, "hash": hash, "documentNumber": "1号" }),
        _ => json!({ "expectedVersion": version, "reason": "原因" }),
    };
    word(&give(bureau, who, &format!("{verb}ChangeSet"), more).await)
}

/// The roles in which a verb is given, by `docs/changesets.md`.
fn roles(verb: &str) -> &'static [Role] {
    match verb {
        "withdraw" => &[Role::Drafter],
        "review" => &[Role::Reviewer],
        "return" => &[Role::Reviewer, Role::Approver],
        _ => &[Role::Approver],
    }
}

/// Where a verb leads on, for somebody in a role.
fn goes_on(verb: &str, role: Role, step: &str) -> bool {
    match verb {
        "review" => step == "proposed",
        "approve" => step == "reviewed",
        "return" => step == if role == Role::Reviewer { "proposed" } else { "reviewed" },
        _ => step != "absent",
    }
}

/// Holds the verbs to the rules, and writes down what came of every cell.
async fn table(of_city: bool) -> String {
    let agency = (!of_city).then(|| code("A1"));
    let mut table = String::new();
    for verb in VERBS {
        for (name, who) in &everybody() {
            let mut words = Vec::new();
            for step in STEPS {
                let (bureau, version, hash) = there(of_city, step).await;
                let head = bureau.journal.head().await.unwrap();
                let far = cell(&bureau, who.as_ref(), verb, (77, &hash)).await;
                assert_eq!(bureau.journal.head().await.unwrap(), head, "{verb} {name} {step}: {far}");
                let told = cell(&bureau, who.as_ref(), verb, (version, &hash)).await;
                assert_eq!(told == "APPLIED", bureau.journal.head().await.unwrap() != head, "{verb} {name} {step}: {told}");
                let case = format!("{verb} {name} {step}: {told}, {far}");
                let may = |who: &Arc<Caller>| roles(verb).iter().copied().find(|role| who.leave_anywhere(*role).is_some());
                match who.as_ref().map(|who| (who, may(who))) {
                    None => assert_eq!((told.as_str(), far.as_str()), ("UNAUTHENTICATED", "UNAUTHENTICATED"), "{case}"),
                    Some((_, None)) => assert_eq!((told.as_str(), far.as_str()), ("FORBIDDEN", "FORBIDDEN"), "{case}"),
                    // They learn nothing of it: the same whatever there is, and whatever version they guess.
                    Some((who, Some(role))) if who.acting(role, agency.as_ref()).is_none() => {
                        assert_eq!((told.as_str(), far.as_str()), ("CHANGE_SET_NOT_FOUND", "CHANGE_SET_NOT_FOUND"), "{case}");
                    }
                    Some((_, Some(role))) => {
                        assert_eq!(far, if step == "absent" { "CHANGE_SET_NOT_FOUND" } else { "CONFLICT" }, "{case}");
                        let is_elsewhere = role == Role::Approver && name.ends_with("city") != of_city;
                        assert_eq!(told == "APPLIED", goes_on(verb, role, step) && !is_elsewhere, "{case}");
                    }
                }
                words.push(told);
            }
            writeln!(table, "{verb:9}{name:20}{:22}{:22}{:22}{}", words[0], words[1], words[2], words[3]).unwrap();
        }
    }
    table
}

#[tokio::test]
async fn who_may_what_of_a_set_of_an_agency() {
    insta::assert_snapshot!("who_may_what_of_a_set_of_an_agency", table(false).await);
}

#[tokio::test]
async fn who_may_what_of_a_set_of_the_city() {
    insta::assert_snapshot!("who_may_what_of_a_set_of_the_city", table(true).await);
}

/// As an import proposes it: with the password of somebody, and so never by nobody.
#[tokio::test]
async fn who_may_propose() {
    let mut table = String::new();
    for (name, who) in everybody() {
        let Some(who) = who else { continue };
        let mut words = Vec::new();
        for of_city in [false, true] {
            for step in ["absent", "returned"] {
                let (bureau, ..) = there(of_city, step).await;
                let desk = Desk::new(bureau.journal.clone());
                let head = bureau.journal.head().await.unwrap();
                let set = (step == "returned").then_some(SET);
                let told = proposed_by(&desk, &who, (Uuid::from_u128(9), set), changes(of_city, "再改的事项")).await;
                let agency = (!of_city).then(|| code("A1"));
                let may = who.acting(Role::Drafter, agency.as_ref()).is_some();
                let case = format!("{name} {of_city} {step}: {told}");
                assert_eq!(told == "APPLIED", may, "{case}");
                assert_eq!(bureau.journal.head().await.unwrap() != head, may, "{case}");
                let holds = who.leave_anywhere(Role::Drafter).is_some();
                assert_eq!(told == "FORBIDDEN", !holds, "{case}");
                if holds && !may {
                    assert_eq!(told, if set.is_some() { "CHANGE_SET_NOT_FOUND" } else { "OUTSIDE_AGENCY" }, "{case}");
                }
                words.push(told);
            }
        }
        writeln!(table, "{name:20}{:22}{:22}{:22}{}", words[0], words[1], words[2], words[3]).unwrap();
    }
    insta::assert_snapshot!("who_may_propose_a_set", table);
}
