//! Who may what: every role for every agency, every verb, on every kind of entry, in every register; made, not written by hand.

use std::{fmt::Write, sync::Arc};

use api::auth::{Caller, Office};
use domain::acting::Role;
use serde_json::{Value, json};

use super::{
    abolished,
    callers::{Bureau, REGISTERS, answers, caller, content, grant, office, word},
};

pub const VERBS: [&str; 11] =
    ["draft", "revise", "submit", "review", "approve", "return", "withdraw", "suspend", "resume", "repeal", "correct"];

/// What there is under the code of the entry.
const THINGS: [&str; 4] = ["absent", "only drafted", "published", "published and drafted"];

const CODE: &str = "A1-X1";

/// Everybody, with a word for them. `A1` is the agency that items and guides of the test belong to.
pub fn everybody() -> Vec<(String, Option<Arc<Caller>>)> {
    let mut all = vec![("nobody".to_owned(), None)];
    let mut add = |name: String, grant| {
        let person = format!("p-{}", all.len());
        all.push((name, Some(caller(&format!("account-{person}"), &person, vec![grant]))));
    };
    for role in Role::ALL {
        for agency in [Some("A1"), Some("B1"), None] {
            add(format!("{role:?} {}", agency.unwrap_or("city")), grant(role, agency));
        }
    }
    for other in [Office::Clerk, Office::Auditor, Office::Administrator] {
        for agency in [Some("A1"), Some("B1"), None] {
            add(format!("{other:?} {}", agency.unwrap_or("city")), office(other, agency));
        }
    }
    all
}

/// The roles in which a verb is given, by `docs/lifecycle.md`.
fn roles(verb: &str) -> &'static [Role] {
    match verb {
        "draft" | "revise" | "submit" | "withdraw" => &[Role::Drafter],
        "review" => &[Role::Reviewer],
        "return" => &[Role::Reviewer, Role::Approver],
        _ => &[Role::Approver],
    }
}

/// How far a draft has to be for a verb: 1 drafted, 2 submitted, 3 reviewed.
fn steps(verb: &str, who: &str) -> usize {
    match verb {
        "approve" | "return" if verb == "approve" || who.starts_with("Approver") => 3,
        "review" | "return" => 2,
        _ => 1,
    }
}

/// A register with what a cell of the table is about; the last payload says where it is.
async fn there(register: &str, thing: &str, steps: usize) -> (Bureau, Value) {
    let bureau = Bureau::new();
    if register == "GUIDE" {
        // A guide is submitted beside an item that is in force.
        bureau.carry("ITEM", "A1-I1", "事项", 4).await;
    }
    let mut last = json!({ "entry": null });
    if thing.starts_with("published") {
        last = bureau.carry(register, CODE, "甲", 4).await;
    }
    if thing.ends_with("drafted") {
        last = bureau.carry(register, CODE, "乙", steps).await;
    }
    (bureau, last)
}

/// What becomes of a verb, given as if the entry were where it is or elsewhere.
async fn cell(bureau: &Bureau, last: &Value, who: Option<&Arc<Caller>>, (register, verb): (&str, &str), wrong: bool) -> String {
    let entry = &last["entry"];
    let hash = entry["draft"]["contentHash"].as_str().map_or_else(|| format!("sha256:{}", "0".repeat(64)), str::to_owned);
    let version = if wrong { json!(77) } else { entry["streamVersion"].as_u64().map_or(json!(0), |version| json!(version)) };
    let content = content(register, "丙");
    let more = match verb {
        "draft" | "revise" => json!({ "content": content }),
        "review" => json!({ "contentHash": hash }),
        "approve" => json!({ "contentHash": hash, "documentNumber": "1号" }),
        "submit" | "resume" => json!({}),
        "correct" => json!({ "content": content, "reason": "有误" }),
        _ => json!({ "reason": "原因" }),
    };
    let mut input = bureau.input(register, CODE, &version, more);
    if verb == "draft" && !wrong {
        input.as_object_mut().unwrap().remove("expectedVersion");
    }
    word(&bureau.give(who, verb, input).await)
}

/// Holds a register to the rules, and writes down what came of every cell.
async fn table(register: &str) -> String {
    let mut table = String::new();
    let everybody = everybody();
    for verb in VERBS {
        for (name, who) in &everybody {
            let mut row = Vec::new();
            for thing in THINGS {
                let (bureau, last) = there(register, thing, steps(verb, name)).await;
                let head = bureau.journal.head().await.unwrap();
                let far = cell(&bureau, &last, who.as_ref(), (register, verb), true).await;
                assert_eq!(bureau.journal.head().await.unwrap(), head, "{register} {verb} {name} {thing}: {far}");
                let told = cell(&bureau, &last, who.as_ref(), (register, verb), false).await;
                let written = bureau.journal.head().await.unwrap() != head;
                assert_eq!(told == "APPLIED", written, "{register} {verb} {name} {thing}: {told}");
                row.push((told, far));
            }
            let words: Vec<_> = row.iter().map(|(told, _)| told.as_str()).collect();
            let case = format!("{register} {verb} {name}: {row:?}");
            let holds = who.as_ref().is_some_and(|who| roles(verb).iter().any(|role| who.leave_anywhere(*role).is_some()));
            // Those who hold the role for whom it takes; the city drafts and reviews everywhere.
            let agency = answers(register).map(super::desk::code);
            let covers = who.as_ref().is_some_and(|who| roles(verb).iter().any(|role| who.acting(*role, agency.as_ref()).is_some()));
            match who {
                None => assert!(words.iter().all(|word| *word == "UNAUTHENTICATED"), "{case}"),
                Some(_) if !holds => assert!(words.iter().all(|word| *word == "FORBIDDEN"), "{case}"),
                Some(_) if !covers => {
                    // The same whatever is drafted, and whatever version they guess.
                    assert!(row.iter().all(|(told, far)| told == far && told != "APPLIED" && told != "CONFLICT"), "{case}");
                    assert!(words[0] == words[1] && words[2] == words[3], "{case}");
                }
                Some(_) if name == "Approver city" && agency.is_some() => {
                    assert!(!words.contains(&"APPLIED"), "{case}");
                }
                Some(_) => {
                    let drafts = ["revise", "submit", "review", "approve", "return", "withdraw"].contains(&verb);
                    let applies = match verb {
                        "draft" => words[0] == "APPLIED" && words[2] == "APPLIED",
                        "resume" => words[2] == "UNCHANGED",
                        _ if drafts => words[1] == "APPLIED" && words[3] == "APPLIED",
                        _ => words[2] == "APPLIED" && words[3] == "APPLIED",
                    };
                    assert!(applies, "{case}");
                }
            }
            writeln!(table, "{verb:9}{name:20}{:18}{:18}{:18}{}", words[0], words[1], words[2], words[3]).unwrap();
        }
    }
    table
}

#[tokio::test]
async fn who_may_what_in_registers_of_agencies() {
    let item = table("ITEM").await;
    insta::assert_snapshot!("who_may_what_of_an_agency", item);
    assert_eq!(table("GUIDE").await, item);
    assert_eq!(table("OPENNESS").await, item);
}

#[tokio::test]
async fn who_may_what_in_registers_of_the_city() {
    let material = table("MATERIAL").await;
    insta::assert_snapshot!("who_may_what_of_the_city", material);
    assert_eq!(table("AGENCY").await, material);
    assert_eq!(REGISTERS.len(), 5, "a new register has a table too");
}

/// The revisions that follow from an abolished proof are drafted, so they are for those who draft for the agency.
#[tokio::test]
async fn who_may_propose_the_revisions_that_follow_from_an_abolished_proof() {
    // Of one material guides of the agency ask for it and of another they do not; one is none, and one may still be asked for.
    let things = ["M1", "M3", "M9", "M4"];
    for (name, who) in everybody() {
        for proposed in [false, true] {
            let bureau = Bureau::over(abolished::city().await.journal);
            if proposed {
                let drafter = caller("account-other", "p-other", vec![grant(Role::Drafter, Some("A1"))]);
                let first = abolished::propose(&bureau, Some(&drafter), &abolished::input(&bureau, "M1", "A1")).await;
                assert_eq!(word(&first), "APPLIED", "{first}");
            }
            let head = bureau.journal.head().await.unwrap();
            let mut words = Vec::new();
            for material in things {
                words.push(word(&abolished::propose(&bureau, who.as_ref(), &abolished::input(&bureau, material, "A1")).await));
            }
            let expected = match name.as_str() {
                "nobody" => ["UNAUTHENTICATED"; 4],
                "Drafter A1" | "Drafter city" => {
                    [if proposed { "UNCHANGED" } else { "APPLIED" }, "UNCHANGED", "MATERIAL_NOT_FOUND", "MATERIAL_NOT_ABOLISHED"]
                }
                // The same whatever there is.
                "Drafter B1" => ["OUTSIDE_AGENCY"; 4],
                _ => ["FORBIDDEN"; 4],
            };
            assert_eq!(words, expected, "{name}, proposed before: {proposed}");
            assert_eq!(bureau.journal.head().await.unwrap() != head, words[0] == "APPLIED", "{name}");
        }
    }
}
