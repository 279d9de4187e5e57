//! Between the announcement of a reform and its day the agency that hands over answers for what is in force, and nothing of what it does
//! is undone on the day (Art. 5(1), Art. 7). What lists say follows the reforms.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::*;
use domain::{
    acting::{Acting, Scope},
    entry::{Adopt, Correct, Entry, Event, Repeal, Resume, State, Suspend, Transfer, Transferred},
    register::{Agency, Handover, Item},
    scenario::{Given, given},
    value::Hash,
};
use uuid::Uuid;

/// On the tenth it is announced that the entry moves on the twentieth.
fn announced() -> [ItemEvent; 2] {
    [adopted(1, "甲", "2025", 1), transferred(2, "甲", 20)]
}

fn after(events: impl IntoIterator<Item = ItemEvent>) -> Given<Entry<Item>> {
    given(events).at(noon(10)).acting(approver())
}

fn of_successor(acting: Acting) -> Acting {
    Acting { scope: Scope::Agency(SUCCESSOR.parse().unwrap()), ..acting }
}

/// Name and agency on a day.
fn on(state: &State<Item>, day: u32) -> (String, String) {
    let kept = state.in_force_at(noon(day)).unwrap();
    (kept.content.name.clone(), kept.content.agency.to_string())
}

fn says(name: &str, agency: &str) -> (String, String) {
    (name.to_owned(), agency.to_owned())
}

// Corrections

#[test]
fn a_correction_of_what_is_in_force_is_not_undone_on_the_day() {
    let anew = || transferred(4, "乙", 20);
    after(announced()).when(correct("乙")).then([corrected(3, "乙", 10), anew()]);
    let corrected = || announced().into_iter().chain([corrected(3, "乙", 10), anew()]);
    let state = after(announced()).when(correct("乙")).then_state();
    assert_eq!([19, 20].map(|day| on(&state, day)), [says("乙", AGENCY), says("乙", SUCCESSOR)]);
    // It leads to what the other order leads to: one review is owed, by whoever looks at the correction.
    let first = after([adopted(1, "甲", "2025", 1), self::corrected(2, "乙", 10)]).acting(of_city()).when(transfer(20)).then_state();
    assert_eq!([19, 20].map(|day| on(&first, day)), [19, 20].map(|day| on(&state, day)));
    assert_eq!(state.debts().map(|debt| debt.revision).collect::<Vec<_>>(), [3]);
    assert_eq!(state.latest.unwrap().decided_by, Some(approver()), "who decided it is who corrected it");
    // The same again is so already, and so is the reform.
    after(corrected()).when(correct("乙")).then_nothing();
    after(corrected()).acting(of_city()).when(transfer(20)).then_nothing();
    // Corrected once more, it is once more not undone.
    let again = after(corrected()).when(Correct { reason: "仍有误".into(), ..correct("丙") }).then_state();
    assert_eq!([19, 20].map(|day| on(&again, day)), [says("丙", AGENCY), says("丙", SUCCESSOR)]);
}

#[test]
fn until_the_day_the_old_agency_corrects_what_is_in_force_and_the_successor_what_is_upcoming() {
    after(announced()).acting(of_successor(approver())).when(correct("乙")).then_refused("OUTSIDE_AGENCY");
    let upcoming = || Correct { content: moved("乙"), effective_from: Some(noon(20)), ..correct("乙") };
    after(announced()).when(upcoming()).then_refused("OUTSIDE_AGENCY");
    // What moves nothing by then, and would move it now.
    after(announced()).when(Correct { effective_from: None, ..upcoming() }).then_refused("AGENCY_MOVED");
    let state = after(announced()).acting(of_successor(approver())).when(upcoming()).then_state();
    assert_eq!([19, 20].map(|day| on(&state, day)), [says("甲", AGENCY), says("乙", SUCCESSOR)]);
    after(announced()).at(noon(21)).when(correct("乙")).then_refused("OUTSIDE_AGENCY");
}

#[test]
fn what_was_decided_for_itself_for_later_stays_as_it_was_decided() {
    // The successor looked at what it takes on, and corrected it.
    let Event::Corrected(theirs) = corrected(3, "丁", 20) else { panic!() };
    let content = moved("丁");
    let content_hash = Hash::of_content(&content).unwrap();
    let theirs = domain::entry::Corrected { content: content.into(), content_hash, by: of_successor(approver()), ..theirs };
    let history = announced().into_iter().chain([Event::Corrected(theirs)]);
    after(history).when(correct("乙")).then([corrected(4, "乙", 10)]);
    // What is upcoming before the day is what the reform hands over.
    let history = [adopted(1, "甲", "2025", 1), approved(2, "丁", 15), transferred(3, "丁", 20)];
    after(history.clone()).when(correct("乙")).then([corrected(4, "乙", 10)]);
    let upcoming = Correct { effective_from: Some(noon(15)), ..correct("乙") };
    after(history).when(upcoming).then([corrected(4, "乙", 15), transferred(5, "乙", 20)]);
    // And what is upcoming after the day was approved with what it says.
    let history = [adopted(1, "甲", "2025", 1), approved(2, "丁", 25), transferred(3, "甲", 20), transferred(4, "丁", 25)];
    let state = after(history).when(correct("乙")).then_state();
    assert_eq!([19, 20, 25].map(|day| on(&state, day)), [says("乙", AGENCY), says("乙", SUCCESSOR), says("丁", SUCCESSOR)]);
}

#[test]
fn a_correction_goes_through_several_reforms() {
    let second = Transfer { handover: handover(SUCCESSOR, "A3"), reform: Uuid::from_u128(10), ..transfer(25) };
    let twice = given::<Entry<Item>>(announced()).at(noon(10)).acting(of_city()).when(second).then_state();
    assert_eq!(on(&twice, 25), says("甲", "A3"));
    let third = Event::Transferred(Transferred {
        revision: 3,
        content: twice.latest.as_ref().unwrap().content.clone(),
        content_hash: twice.latest.as_ref().unwrap().content_hash,
        effective_from: noon(25),
        document: transfer(25).document,
        reform: Uuid::from_u128(10),
        handover: handover(SUCCESSOR, "A3"),
        by: Some(of_city()),
    });
    let state = after(announced().into_iter().chain([third])).when(correct("乙")).then_state();
    assert_eq!([19, 20, 25].map(|day| on(&state, day)), [says("乙", AGENCY), says("乙", SUCCESSOR), says("乙", "A3")]);
    assert_eq!((state.reforms.len(), state.revisions), (2, 6), "two reforms, as before");
}

#[test]
fn no_correction_moves_an_entry_to_another_agency_whoever_gives_it() {
    let elsewhere = Correct { content: Item { agency: "A3".parse().unwrap(), ..item("甲") }, ..correct("甲") };
    after(announced()).acting(of_city()).when(elsewhere).then_refused("AGENCY_MOVED");
    after([adopted(1, "甲", "2025", 1)]).when(Correct { content: moved("甲"), ..correct("甲") }).then_refused("AGENCY_MOVED");
}

#[test]
fn a_correction_of_an_agency_keeps_the_name_that_a_reform_gives_it() {
    let agency = |name: &str| Agency { name: name.into(), ..Agency::default() };
    let adopted = Event::Adopted(domain::entry::Adopted {
        revision: 1,
        content_hash: Hash::of_content(&agency("统计局")).unwrap(),
        content: agency("统计局").into(),
        effective_from: noon(1),
        source: source("2025").into(),
    });
    let names = Transfer { handover: Handover::Names { name: Some("数据局".into()), former: vec!["档案局".into()] }, ..transfer(20) };
    let renamed = given::<Entry<Agency>>([adopted.clone()]).at(noon(5)).when(names);
    let latest = renamed.then_state().latest.unwrap();
    let Transfer { document, reform, handover, .. } =
        Transfer { handover: Handover::Names { name: Some("数据局".into()), former: vec!["档案局".into()] }, ..transfer(20) };
    let renamed = Event::Transferred(Transferred {
        revision: 2,
        content: latest.content,
        content_hash: latest.content_hash,
        effective_from: noon(20),
        document,
        reform,
        handover,
        by: None,
    });
    let better = Correct {
        content: Agency { short_names: vec!["统计".into()], ..agency("统计局") },
        reason: "缺简称".into(),
        document: None,
        effective_from: None,
        beside: Vec::new(),
    };
    let state = given::<Entry<Agency>>([adopted, renamed]).at(noon(10)).acting(of_city()).when(better).then_state();
    let then = state.in_force_at(noon(20)).unwrap().content.clone();
    assert_eq!((then.name.as_str(), then.short_names.len()), ("数据局", 1));
    assert_eq!(then.former_names, ["统计局", "档案局"]);
}

// Suspended and repealed

#[test]
fn until_the_day_the_old_agency_suspends_and_resumes_and_from_the_day_on_the_successor() {
    after(announced()).when(suspend(None)).then([suspended(10, None)]);
    after(announced()).acting(of_successor(approver())).when(suspend(None)).then_refused("OUTSIDE_AGENCY");
    after(announced()).at(noon(20)).when(suspend(None)).then_refused("OUTSIDE_AGENCY");
    let theirs = Suspend { reason: "迁址".into(), until: None };
    after(announced()).at(noon(20)).acting(of_successor(approver())).when(theirs).then_state();
    let history = || announced().into_iter().chain([suspended(5, None)]);
    after(history()).when(Resume).then([resumed(10)]);
    after(history()).acting(of_successor(approver())).when(Resume).then_refused("OUTSIDE_AGENCY");
}

#[test]
fn whoever_answers_for_an_entry_when_it_ceases_repeals_it() {
    let from = |day| Repeal { effective_from: Some(noon(day)), ..repeal("法律修改") };
    // What is in force until the day, and what comes after it.
    after(announced()).when(repeal("法律修改")).then([repealed("法律修改", 10)]);
    after(announced()).when(from(19)).then([repealed("法律修改", 19)]);
    after(announced()).when(from(20)).then_refused("OUTSIDE_AGENCY");
    after(announced()).acting(of_successor(approver())).when(repeal("法律修改")).then_refused("OUTSIDE_AGENCY");
    after(announced()).acting(of_successor(approver())).when(from(19)).then_refused("OUTSIDE_AGENCY");
    after(announced()).acting(of_successor(approver())).when(from(20)).then([repealed_by(Some(of_successor(approver())), "法律修改", 20)]);
    // A list that leaves it out has no person, and by it nothing else that is upcoming is undone.
    given::<Entry<Item>>(announced()).at(noon(10)).when(repeal("法律修改")).then([repealed_by(None, "法律修改", 10)]);
    let history = [adopted(1, "甲", "2025", 1), approved(2, "丁", 15), transferred(3, "丁", 20)];
    let listed = [adopted(1, "甲", "2025", 1), adopted(2, "丁", "2026", 15), transferred(3, "丁", 20)];
    given::<Entry<Item>>(listed).at(noon(10)).when(repeal("法律修改")).then_refused("EFFECTIVE_TOO_EARLY");
    after(history.clone()).when(repeal("法律修改")).then([repealed("法律修改", 10)]);
    after(history).when(from(15)).then([repealed("法律修改", 15)]);
}

#[test]
fn a_person_repeals_nothing_for_a_time_that_is_past_and_a_list_may() {
    let past = || Repeal { effective_from: Some(noon(9)), ..repeal("法律修改") };
    let history = || [adopted(1, "甲", "2025", 1)];
    after(history()).when(past()).then_refused("EFFECTIVE_IN_PAST");
    given::<Entry<Item>>(history()).at(noon(10)).when(past()).then([repealed_by(None, "法律修改", 9)]);
    // Said again later, it is so.
    after([adopted(1, "甲", "2025", 1), repealed("法律修改", 9)]).when(past()).then_nothing();
    // A reform is completed after its day, whoever gave it.
    let ended = Repeal { reform: Some(Uuid::from_u128(9)), ..past() };
    given::<Entry<Item>>(history()).at(noon(10)).acting(approver()).when(ended).then_state();
}

// Lists

#[test]
fn a_list_that_still_names_the_old_agency_does_not_bring_the_entry_back() {
    let after = || given::<Entry<Item>>([adopted(1, "甲", "2025", 1), transferred(2, "甲", 20)]).at(noon(21));
    after().when(adopt("甲", "2025")).then_nothing();
    let state = after().when(adopt("乙", "2026")).then_state();
    assert_eq!(on(&state, 21), says("乙", SUCCESSOR));
}

#[test]
fn what_lists_say_of_an_entry_is_what_it_said_before_its_reforms() {
    let twice = Transfer { handover: handover(SUCCESSOR, "A3"), ..transfer(25) };
    let state = after(announced()).acting(of_city()).when(twice).then_state();
    assert_eq!(state.as_lists_say().as_deref(), Some(&item("甲")));
    assert_eq!(state.followed(item("乙")).agency.as_str(), "A3");
}

#[test]
fn a_newer_list_before_the_day_is_taken_over_and_follows_the_reform_on_the_day() {
    let list = || given::<Entry<Item>>(announced()).at(noon(10));
    list().when(adopt("乙", "2026")).then([adopted(3, "乙", "2026", 10), transferred(4, "乙", 20)]);
    let newer = || announced().into_iter().chain([adopted(3, "乙", "2026", 10), transferred(4, "乙", 20)]);
    let state = list().when(adopt("乙", "2026")).then_state();
    assert_eq!([19, 20].map(|day| on(&state, day)), [says("乙", AGENCY), says("乙", SUCCESSOR)]);
    let latest = state.latest.as_ref().unwrap();
    assert_eq!((latest.source.edition.as_deref(), state.is_kept_here()), (Some("2026"), false), "it is a line of the newer list");
    // The same again, before the day and after it, and what the list says from the day on.
    for day in [10, 25] {
        given::<Entry<Item>>(newer()).at(noon(day)).when(adopt("乙", "2026")).then_nothing();
    }
    list().when(Adopt { effective_from: Some(noon(22)), ..adopt("乙", "2026") }).then_state();
    // A list that knows of the reform does not bring its day forward.
    let knows = Adopt { content: moved("乙"), ..adopt("乙", "2026") };
    list().when(knows).then([adopted(3, "乙", "2026", 10), transferred(4, "乙", 20)]);
    list().when(Adopt { content: moved("甲"), ..adopt("甲", "2026") }).then_nothing();
}
