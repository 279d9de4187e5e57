//! What holds of an entry whatever reforms, lists and corrections come in whatever order (Art. 5(1), Art. 7).

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::*;
use domain::{
    acting::{Acting, Capacity, Scope},
    decider::{Circumstances, Decider},
    entry::{Adopt, Correct, Entry, Event, State, Transfer},
    register::Item,
};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

const NAMES: [&str; 4] = ["甲", "乙", "丙", "丁"];

const AGENCIES: [&str; 3] = [AGENCY, SUCCESSOR, "A3"];

/// The days of a run.
const DAYS: std::ops::Range<u32> = 1..28;

/// What happens to an entry on a day.
#[derive(Debug, Clone)]
enum Happens {
    Reform { from: usize, to: usize, on: u32 },
    Adopt { at: Option<u32>, name: usize },
    Correct { at: Option<u32>, name: usize },
}

fn histories() -> impl Strategy<Value = Vec<(Happens, u32)>> {
    let reforms = (0..3_usize, 0..3_usize, DAYS).prop_map(|(from, to, on)| Happens::Reform { from, to, on });
    let adoptions = (proptest::option::of(DAYS), 0..4_usize).prop_map(|(at, name)| Happens::Adopt { at, name });
    let corrections = (proptest::option::of(DAYS), 0..4_usize).prop_map(|(at, name)| Happens::Correct { at, name });
    vec((prop_oneof![3 => reforms, 2 => adoptions, 2 => corrections], 1_u32..20), 1..14)
}

/// What an entry says on a day: its name and its agency.
fn on(state: &State<Item>, day: u32) -> Option<(String, String)> {
    let kept = state.in_force_at(noon(day))?;
    Some((kept.content.name.clone(), kept.content.agency.to_string()))
}

/// Gives a command; what was accepted changes nothing when it is given again.
fn give(history: &mut Vec<Event<Item>>, command: domain::entry::Command<Item>, circumstances: &Circumstances) -> Option<State<Item>> {
    let events = Entry::decide(&Entry::<Item>::fold(&*history), command.clone(), circumstances).ok()?;
    history.extend(events);
    let then = Entry::<Item>::fold(&*history);
    assert_eq!(Entry::decide(&then, command, circumstances), Ok(vec![]), "the same again");
    Some(then)
}

/// A content that is published for a day says so until the next day for which something was decided for itself; who answers on which
/// day is as before.
fn holds(before: &State<Item>, then: &State<Item>, name: &str, from: u32) {
    let decided = |day: &u32| before.timeline.iter().any(|kept| kept.reform.is_none() && kept.effective_from == noon(*day));
    let until = (from + 1..DAYS.end).find(decided).unwrap_or(DAYS.end);
    for day in DAYS {
        let (was, is) = (on(before, day), on(then, day));
        let said = if (from..until).contains(&day) { was.map(|(_, agency)| (name.to_owned(), agency)) } else { was };
        assert_eq!(is, said, "on day {day}, published for day {from}");
    }
}

proptest! {
    /// Of all that is in force or upcoming on the day of a reform and after it nothing names the agency that handed it over; before the
    /// day nothing changes, and nothing but the agency from it on. What is corrected, or taken over from a list, before the day of a
    /// reform is not undone on it, and moves no day.
    #[test]
    fn a_reform_changes_who_answers_and_nothing_undoes_what_was_published(steps in histories()) {
        let mut history = vec![adopted(1, "甲", "2025", 1)];
        for (number, (step, today)) in (1_u128..).zip(steps) {
            let state = Entry::<Item>::fold(&history);
            let mut circumstances = circumstances(today);
            match step {
                Happens::Reform { from, to, on: first } => {
                    let reform = Uuid::from_u128(number);
                    let command = Transfer { handover: handover(AGENCIES[from], AGENCIES[to]), reform, ..transfer(first) };
                    let Some(then) = give(&mut history, command.into(), &circumstances) else { continue };
                    for day in DAYS {
                        let (before, after) = (on(&state, day), on(&then, day));
                        if day < first {
                            prop_assert_eq!(before, after);
                        } else if let Some((name, agency)) = after {
                            prop_assert!(from == to || agency != AGENCIES[from], "day {}", day);
                            prop_assert_eq!(before.map(|(name, _)| name), Some(name));
                        }
                    }
                }
                Happens::Adopt { at, name } => {
                    let adopt = Adopt { effective_from: at.map(noon), ..adopt(NAMES[name], "2026") };
                    let revisions = state.revisions;
                    let Some(then) = give(&mut history, adopt.into(), &circumstances) else { continue };
                    if then.revisions > revisions {
                        holds(&state, &then, NAMES[name], at.unwrap_or(today));
                    }
                }
                Happens::Correct { at, name } => {
                    let from = at.unwrap_or(today);
                    let Some((_, agency)) = on(&state, from) else { continue };
                    let scope = Scope::Agency(agency.parse().unwrap());
                    circumstances.capacity = Capacity::Person(Acting { scope, ..approver() });
                    let content = Item { agency: agency.parse().unwrap(), ..item(NAMES[name]) };
                    let correct = Correct { content, effective_from: at.map(noon), ..correct(NAMES[name]) };
                    let revisions = state.revisions;
                    let Some(then) = give(&mut history, correct.into(), &circumstances) else { continue };
                    if then.revisions > revisions {
                        holds(&state, &then, NAMES[name], from);
                    }
                }
            }
        }
    }
}
