//! What others make of an entry that they refer to, and what that means for a decision on them.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use chrono::{DateTime, Utc};
use common::*;
use domain::{
    decider::Decider,
    entry::{Approve, Approved, Entry, Event, State, Step, Submit},
    register::{Content, Item, Stands},
    scenario::given,
    value::{Finding, Hash, LegalBasis, Openness, OpennessAttribute},
};

fn error() -> Finding {
    Finding::error("ITEM_NOT_IN_FORCE", "item", "事项已取消", "the item was repealed")
}

fn warning() -> Finding {
    Finding::warning("ITEM_UPCOMING", "item", "事项尚未实施", "the item is upcoming")
}

#[test]
fn a_submission_is_stopped_by_an_error_beside_it_and_not_by_a_warning() {
    let drafted = || given::<Entry<Item>>(up_to(Some(Step::Draft), 0)).at(noon(10)).acting(drafter());
    drafted().when(Submit { beside: vec![warning(), error()] }).then_refused("CHECKS_FAILED");
    drafted().when(Submit { beside: vec![warning()] }).then([submitted("乙")]);
}

#[test]
fn what_others_became_since_the_submission_stops_an_approval() {
    let reviewed = || given::<Entry<Item>>(up_to(Some(Step::Reviewed), 0)).at(noon(10)).acting(approver());
    let beside = |beside: Vec<Finding>| Approve { beside, ..approve("乙") };
    reviewed().when(beside(vec![warning(), error()])).then_refused("CHECKS_FAILED");
    reviewed().when(beside(vec![warning()])).then([approved(1, "乙", 10)]);
    // What was approved stays approved: of two approvers at the same time the second finds it done.
    let done = up_to(Some(Step::Reviewed), 0).into_iter().chain([approved(1, "乙", 10)]);
    given::<Entry<Item>>(done).at(noon(11)).acting(approver()).when(beside(vec![error()])).then_nothing();
}

fn state(history: impl IntoIterator<Item = ItemEvent>) -> State<Item> {
    Entry::<Item>::fold(&history.into_iter().collect::<Vec<_>>())
}

fn stands(history: impl IntoIterator<Item = ItemEvent>) -> Stands<Item> {
    state(history).stands().unwrap()
}

fn when(stands: &Stands<Item>) -> (DateTime<Utc>, Option<DateTime<Utc>>, DateTime<Utc>) {
    (stands.from, stands.shown_from, stands.latest_from)
}

/// A revision that is shown to nobody, or all but its authority.
fn closed(revision: u32, attribute: OpennessAttribute, day: u32) -> ItemEvent {
    let withheld = if attribute == OpennessAttribute::Partial { vec!["authority".to_owned()] } else { Vec::new() };
    let openness = Openness { attribute, withheld, reason: Some("商业秘密".into()), basis: vec![LegalBasis::as_written("x")] };
    let content = Item { openness, authority: Some("planted".into()), ..item("密") };
    let (content_hash, document) = (Hash::of_content(&content).unwrap(), "某政发〔2026〕1号".into());
    let Event::Approved(approved) = approved(revision, "密", day) else { unreachable!("it is an approval") };
    Event::Approved(Approved { content: content.into(), content_hash, document, ..approved })
}

#[test]
fn what_was_never_published_does_not_stand() {
    for step in Step::ALL {
        assert_eq!(state(up_to(Some(step), 0)).stands(), None, "{step:?}");
        assert_eq!(state(up_to(Some(step), 0)).stands_for_all(noon(28)), None, "{step:?}");
    }
}

#[test]
fn an_entry_stands_since_its_first_revision_and_says_what_its_last_one_does() {
    let both = stands([approved(1, "甲", 1), approved(2, "乙", 20)]);
    assert_eq!(when(&both), (noon(1), Some(noon(1)), noon(20)));
    assert_eq!(both.standing(noon(10)).unwrap().name(), "乙");
}

#[test]
fn an_entry_that_is_repealed_or_suspended_does_not_stand_then() {
    let gone = stands([approved(1, "甲", 1), repealed("法律修改", 20)]);
    assert!(gone.standing(noon(19)).is_some() && gone.standing(noon(20)).is_none());
    let out = stands([approved(1, "甲", 1), suspended(5, Some(20))]);
    assert!(out.standing(noon(19)).is_none() && out.standing(noon(20)).is_some());
    let out = stands([approved(1, "甲", 1), suspended(5, None)]);
    assert!(out.standing(noon(28)).is_none());
    assert!(stands([approved(1, "甲", 1), suspended(5, None), resumed(6)]).standing(noon(7)).is_some());
}

#[test]
fn an_entry_is_shown_from_the_revision_on_that_discloses_it() {
    use OpennessAttribute::{NotDisclosed, OnRequest, Partial};
    let opened = [approved(1, "甲", 1), closed(2, OnRequest, 5), approved(3, "乙", 10), approved(4, "丙", 20)];
    assert_eq!(when(&stands(opened)), (noon(1), Some(noon(10)), noon(20)));
    for attribute in [OnRequest, NotDisclosed] {
        let hidden = [approved(1, "甲", 1), closed(2, attribute, 5)];
        assert_eq!(stands(hidden.clone()).shown_from, None);
        assert_eq!(state(hidden.clone()).stands_for_all(noon(5)), None, "nothing of it is told");
        assert_eq!(state([closed(1, attribute, 5)]).stands_for_all(noon(1)), None, "nor before");
        // Until then it is what everybody is shown, and nothing else is announced.
        assert_eq!(state(hidden).stands_for_all(noon(4)), state([approved(1, "甲", 1)]).stands());
    }
    let half = [closed(1, Partial, 1)];
    assert_eq!(stands(half.clone()).shown_from, Some(noon(1)));
    assert_eq!(state(half).stands_for_all(noon(1)).unwrap().content.authority, None);
    // Since when it is kept is no more public than what it said then.
    let opened = state([closed(1, OnRequest, 1), approved(2, "乙", 10)]).stands_for_all(noon(10)).unwrap();
    assert_eq!(when(&opened), (noon(10), Some(noon(10)), noon(10)));
}
