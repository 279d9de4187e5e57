//! What an upcoming revision takes back of a correction, and which revisions never hold.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::*;
use domain::{
    decider::Decider,
    entry::{Corrected, Entry, Event, State},
    register::Item,
    value::{Finding, Hash, Openness, OpennessAttribute},
};

type Said = (&'static str, &'static str);

/// An item with a name and an office that is asked.
fn said((name, authority): Said) -> Item {
    Item { authority: Some(authority.into()), ..item(name) }
}

fn of(content: Item) -> (std::sync::Arc<Item>, Hash) {
    let content_hash = Hash::of_content(&content).unwrap();
    (content.into(), content_hash)
}

fn published(revision: u32, content: Item, day: u32) -> ItemEvent {
    let Event::Approved(approved) = approved(revision, "", day) else { unreachable!() };
    let (content, content_hash) = of(content);
    Event::Approved(domain::entry::Approved { content, content_hash, ..approved })
}

fn put_right(revision: u32, content: Item, day: u32) -> ItemEvent {
    let Event::Corrected(before) = corrected(revision, "", day) else { unreachable!() };
    let (content, content_hash) = of(content);
    Event::Corrected(Corrected { content, content_hash, ..before })
}

fn state(events: &[ItemEvent]) -> State<Item> {
    Entry::<Item>::fold(events)
}

/// The fields of which it is told, and of which revision, on a day.
fn told(events: &[ItemEvent], day: u32) -> Vec<String> {
    let findings = state(events).corrections_undone(noon(day));
    assert_eq!(findings, state(events).corrections_undone_for_all(noon(day)), "nothing of it is withheld");
    findings.into_iter().map(|finding| finding.path).collect()
}

/// In force from the first day, announced for the twentieth by a revision that changes the name, and the office corrected on the tenth.
fn corrected_before() -> Vec<ItemEvent> {
    vec![published(1, said(("甲", "旧处")), 1), published(2, said(("乙", "旧处")), 20), put_right(3, said(("甲", "新处")), 10)]
}

#[test]
fn what_an_upcoming_revision_sets_back_of_a_correction_is_told_with_its_day_and_what_to_do() {
    let findings = state(&corrected_before()).corrections_undone(noon(10));
    let [Finding { code, path, zh, en, .. }] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!((code.as_str(), path.as_str()), ("CORRECTION_UNDONE", "authority"));
    let day = domain::calendar::china::spoken(noon(20));
    assert!(zh.contains(&day) && zh.contains("第2版") && zh.contains("“旧处”") && zh.contains("北京时间"), "{zh}");
    assert!(en.contains(&day) && en.contains("revision 2") && en.contains("China time") && en.contains("effectiveFrom"), "{en}");
}

#[test]
fn nothing_is_told_once_the_upcoming_revision_is_corrected_too_or_holds() {
    let mut events = corrected_before();
    assert_eq!(told(&events, 19), ["authority"]);
    assert_eq!(told(&events, 20), [""; 0]);
    events.push(put_right(4, said(("乙", "新处")), 20));
    assert_eq!(told(&events, 10), [""; 0]);
}

#[test]
fn what_was_changed_otherwise_or_decided_later_or_will_never_hold_is_not_told() {
    // The upcoming revision says a third thing of it.
    let mut other = corrected_before();
    other[1] = published(2, said(("乙", "别处")), 20);
    assert_eq!(told(&other, 10), [""; 0]);
    // It was approved when the correction was known.
    let later = [published(1, said(("甲", "旧处")), 1), put_right(2, said(("甲", "新处")), 5), published(3, said(("乙", "旧处")), 20)];
    assert_eq!(told(&later, 10), [""; 0]);
    // The entry ceases before.
    let mut repealed_before = corrected_before();
    repealed_before.push(repealed("法律修改", 15));
    assert_eq!(told(&repealed_before, 10), [""; 0]);
    // The correction was wrong, and was taken back by another.
    let mut taken_back = corrected_before();
    taken_back.push(put_right(4, said(("甲", "旧处")), 11));
    assert_eq!(told(&taken_back, 11), [""; 0]);
}

#[test]
fn each_upcoming_revision_that_says_the_old_is_told() {
    let mut events = corrected_before();
    events.insert(1, published(2, said(("丙", "旧处")), 25));
    events[2] = published(3, said(("乙", "旧处")), 20);
    events[3] = put_right(4, said(("甲", "新处")), 10);
    assert_eq!(told(&events, 10), ["authority", "authority"]);
}

#[test]
fn of_what_is_withheld_everybody_is_told_nothing() {
    let withheld = |said: Item| Item {
        openness: Openness { attribute: OpennessAttribute::Partial, withheld: vec!["authority".into()], ..Openness::default() },
        ..said
    };
    let events = [
        published(1, withheld(said(("甲", "旧处"))), 1),
        published(2, withheld(said(("乙", "旧处"))), 20),
        put_right(3, withheld(said(("甲", "新处"))), 10),
    ];
    assert_eq!(state(&events).corrections_undone(noon(10)).len(), 1);
    assert_eq!(state(&events).corrections_undone_for_all(noon(10)), []);
}

#[test]
fn a_revision_that_is_overtaken_never_holds_and_gives_no_name() {
    let called = |events: &[ItemEvent], day: u32| state(events).called_by_at(noon(day))[0].content.name.clone();
    let mut events = vec![approved(1, "甲", 1), approved(2, "乙", 20)];
    assert_eq!((called(&events, 10), called(&events, 20)), ("甲".to_owned(), "乙".to_owned()));
    assert!(!state(&events).never_holds(2));
    events.push(repealed("法律修改", 15));
    for day in [10, 15, 20, 25] {
        assert_eq!(called(&events, day), "甲", "{day}");
    }
    assert!(state(&events).never_holds(2) && !state(&events).never_holds(1));
    // Corrected for its own moment.
    let events = [approved(1, "甲", 1), approved(2, "乙", 20), corrected(3, "丙", 20)];
    assert!(state(&events).never_holds(2) && !state(&events).never_holds(3));
    assert_eq!(called(&events, 20), "丙");
    // Before its first day it is called as it will be; one that is repealed for its very beginning as it was to be.
    assert_eq!(called(&[approved(1, "甲", 20)], 10), "甲");
    assert_eq!(called(&[approved(1, "甲", 20), repealed("法律修改", 20)], 25), "甲");
}
