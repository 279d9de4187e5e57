//! Every verb from every place at which an entry can stand, as one table says.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;
#[path = "common/table.rs"]
mod table;

use std::fs;

use common::*;
use domain::{
    acting::{Capacity, Role},
    decider::Decider,
    entry::{Command, Entry, Event, Resume, Return, Stage, Step, Submit},
    register::Item,
};
use table::{Row, SO, STEPS, Situation, TABLE, after, markdown, situations};

fn history((stage, step): Situation) -> Vec<ItemEvent> {
    let published = || adopted(1, "甲", "2025", 1);
    let (mut history, based_on) = match stage {
        Stage::Absent => (vec![], 0),
        Stage::Published => (vec![published()], 1),
        Stage::Suspended => (vec![published(), suspended(5, None)], 1),
        Stage::Repealed => (vec![published(), repealed("法律修改", 5)], 1),
    };
    history.extend(up_to(step, based_on));
    history
}

/// The command of a verb, given by the right person.
fn command(row: &Row, step: Option<Step>) -> (Command<Item>, Capacity) {
    let command: Command<Item> = match row.verb {
        "adopt" => adopt("丙", "2026").into(),
        "draft" => draft("丙").into(),
        "revise" => revise("丙").into(),
        "submit" => Submit::default().into(),
        "review" => review("乙").into(),
        "approve" => approve("乙").into(),
        // For another reason than that of the return which is past.
        "return" => Return { reason: "材料重复".into() }.into(),
        "withdraw" => withdraw().into(),
        "suspend" => suspend(Some(20)).into(),
        "resume" => Resume.into(),
        "repeal" => repeal("机构改革").into(),
        "transfer" => transfer(15).into(),
        _ => correct("丙").into(),
    };
    assert_eq!(command.verb(), row.verb);
    let persons = [drafter(), reviewer(), approver()];
    // A draft is returned by whoever it is with.
    let role = if step == Some(Step::Reviewed) { row.who.last() } else { row.who.first() };
    let by = |role: &Role| if row.verb == "transfer" { of_city() } else { persons[*role as usize].clone() };
    let capacity = role.map_or(Capacity::Import, |role| Capacity::Person(by(role)));
    (command, capacity)
}

#[test]
fn every_verb_leads_where_the_table_says_from_every_situation() {
    for situation in situations() {
        let state = Entry::<Item>::fold(&history(situation));
        assert_eq!((state.stage(), state.step()), situation, "a history that leads there");
        for row in &TABLE {
            let (command, capacity) = command(row, situation.1);
            let mut circumstances = circumstances(10);
            circumstances.capacity = capacity;
            let at = format!("{} × {situation:?}", row.verb);
            let cell = row.cell(situation);
            match Entry::decide(&state, command.clone(), &circumstances) {
                Ok(events) if events.is_empty() => assert_eq!(cell, SO, "{at}"),
                Ok(events) => {
                    assert_eq!(events.iter().map(Event::verb).collect::<Vec<_>>(), [cell], "{at}");
                    let then = Entry::<Item>::fold(history(situation).iter().chain(&events));
                    assert_eq!((then.stage(), then.step()), after(situation, cell), "{at}");
                    assert_eq!(Entry::decide(&then, command, &circumstances), Ok(vec![]), "{at}: the same again changes nothing");
                }
                Err(refusal) => {
                    assert_eq!(refusal.code(), cell, "{at}: {refusal}");
                    assert!(!refusal.zh.is_empty() && !refusal.en.is_empty(), "{at}");
                }
            }
        }
    }
}

#[test]
fn every_verb_asks_for_its_role_wherever_the_entry_stands() {
    for situation in situations() {
        let state = Entry::<Item>::fold(&history(situation));
        for row in &TABLE {
            for role in Role::ALL.into_iter().filter(|role| !row.who.contains(role)) {
                let mut circumstances = circumstances(10);
                circumstances.capacity = Capacity::Person(person("p-other", role));
                let (command, _) = command(row, situation.1);
                let refusal = Entry::decide(&state, command, &circumstances).unwrap_err();
                assert_eq!(refusal.code(), "ROLE_REQUIRED", "{} × {situation:?} by a {}", row.verb, role.en());
            }
        }
    }
}

#[test]
fn the_table_has_all_verbs_stages_and_steps() {
    assert_eq!(situations().len(), 16);
    assert!(Stage::ALL.iter().all(|stage| situations().iter().any(|(s, _)| s == stage)), "a new stage needs its cells");
    assert!(Step::ALL.iter().all(|step| STEPS.contains(&Some(*step))), "a new step needs a column");
}

#[test]
fn the_committed_page_is_that_of_the_table() {
    let committed = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lifecycle.md")).unwrap_or_default();
    assert!(committed == markdown(), "docs/lifecycle.md is not what the table says: run `make schema`");
}
