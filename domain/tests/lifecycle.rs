//! The rules of the lifecycle, one test a rule; every (stage × verb) pair has at least one.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::*;
use domain::{
    decider::Decider,
    entry::{Adopt, Command, Entry, Repeal, Stage},
    register::Item,
    scenario::{Given, given},
};

fn absent() -> Given<Entry<Item>> {
    given([]).at(noon(10))
}

fn published() -> Given<Entry<Item>> {
    given([adopted(1, "甲", "2025", 1)]).at(noon(10))
}

fn repealed_entry() -> Given<Entry<Item>> {
    given([adopted(1, "甲", "2025", 1), repealed("法律修改", 5)]).at(noon(10))
}

// absent × adopt

#[test]
fn a_line_of_a_list_in_force_is_adopted_as_the_first_revision() {
    absent().when(adopt("甲", "2025")).then([adopted(1, "甲", "2025", 10)]);
}

#[test]
fn a_line_comes_into_force_when_its_list_says() {
    let later = Adopt { effective_from: Some(noon(20)), ..adopt("甲", "2025") };
    absent().when(later).then([adopted(1, "甲", "2025", 20)]);
}

#[test]
fn a_line_without_a_name_is_refused() {
    absent().when(adopt(" ", "2025")).then_refused("CONTENT_INCOMPLETE");
    absent().when(adopt(&too_long_name(), "2025")).then_refused("CONTENT_INCOMPLETE");
}

#[test]
fn a_content_larger_than_an_event_may_be_is_refused() {
    let mut huge = adopt("甲", "2025");
    huge.content.authority = Some("字".repeat(400_000));
    absent().when(huge).then_refused("CONTENT_TOO_LARGE");
}

#[test]
fn a_list_brings_nothing_that_could_not_be_corrected_later() {
    let mut large = adopt("甲", "2025");
    large.content.authority = Some("x".repeat(200 * 1024));
    absent().when(large).then_refused("CONTENT_TOO_LARGE");
}

// absent × repeal

#[test]
fn what_does_not_exist_cannot_be_repealed() {
    absent().when(repeal("法律修改")).then_refused("ENTRY_NOT_FOUND");
}

// published × adopt

#[test]
fn the_same_content_again_changes_nothing_whatever_edition_says_it() {
    published().when(adopt("甲", "2025")).then_nothing();
    published().when(adopt("甲", "2026")).then_nothing();
    published().when(adopt("甲", "2024")).then_nothing();
}

#[test]
fn a_list_that_says_what_holds_now_takes_nothing_of_what_is_announced_back() {
    let announced = || given::<Entry<Item>>([adopted(1, "甲", "2025", 1), adopted(2, "乙", "2026", 20)]).at(noon(10));
    announced().when(adopt("甲", "2026")).then_nothing();
    announced().when(adopt("乙", "2026")).then_nothing();
    announced().when(adopt("丙", "2026")).then_refused("EFFECTIVE_TOO_EARLY");
    let from_a_day = Adopt { effective_from: Some(noon(25)), ..adopt("甲", "2026") };
    announced().when(from_a_day).then([adopted(3, "甲", "2026", 25)]);
}

#[test]
fn a_changed_line_of_a_newer_edition_is_the_next_revision() {
    published().when(adopt("乙", "2026")).then([adopted(2, "乙", "2026", 10)]);
}

#[test]
fn a_corrected_line_of_the_same_edition_is_the_next_revision() {
    published().when(adopt("乙", "2025")).then([adopted(2, "乙", "2025", 10)]);
}

#[test]
fn an_older_edition_never_replaces_a_newer_one() {
    published().when(adopt("乙", "2024")).then_refused("OLDER_EDITION");
}

#[test]
fn a_revision_never_comes_into_force_before_the_one_it_follows() {
    let earlier = Adopt { effective_from: Some(noon(1) - chrono::Duration::seconds(1)), ..adopt("乙", "2026") };
    published().when(earlier).then_refused("EFFECTIVE_TOO_EARLY");
    let same_moment = Adopt { effective_from: Some(noon(1)), ..adopt("乙", "2026") };
    published().when(same_moment).then([adopted(2, "乙", "2026", 1)]);
}

#[test]
fn an_upcoming_revision_is_followed_by_a_later_one_only() {
    let upcoming = || given::<Entry<Item>>([adopted(1, "甲", "2025", 1), adopted(2, "乙", "2026", 20)]).at(noon(10));
    upcoming().when(adopt("丙", "2026")).then_refused("EFFECTIVE_TOO_EARLY");
    let later = Adopt { effective_from: Some(noon(25)), ..adopt("丙", "2026") };
    upcoming().when(later).then([adopted(3, "丙", "2026", 25)]);
}

// published × repeal

#[test]
fn a_published_entry_is_repealed_at_once_or_at_a_later_time() {
    published().when(repeal("法律修改")).then([repealed_by(None, "法律修改", 10)]);
    let later = Repeal { effective_from: Some(noon(20)), ..repeal("法律修改") };
    published().when(later).then([repealed_by(None, "法律修改", 20)]);
}

#[test]
fn a_repeal_says_why() {
    published().when(repeal("  ")).then_refused("CONTENT_INCOMPLETE");
}

#[test]
fn a_repeal_never_takes_effect_before_the_latest_revision() {
    let earlier = Repeal { effective_from: Some(noon(1) - chrono::Duration::seconds(1)), ..repeal("法律修改") };
    published().when(earlier).then_refused("EFFECTIVE_TOO_EARLY");
}

// repealed × adopt

#[test]
fn the_code_of_a_repealed_entry_is_never_used_again() {
    repealed_entry().when(adopt("甲", "2026")).then_refused("ENTRY_REPEALED");
    repealed_entry().when(adopt("乙", "2026")).then_refused("ENTRY_REPEALED");
}

// repealed × repeal

#[test]
fn the_same_repeal_again_changes_nothing() {
    repealed_entry().when(repeal("法律修改")).then_nothing();
    let same_moment = Repeal { effective_from: Some(noon(5)), ..repeal("法律修改") };
    repealed_entry().when(same_moment).then_nothing();
}

#[test]
fn another_repeal_of_a_repealed_entry_is_refused() {
    repealed_entry().when(repeal("机构改革")).then_refused("ALREADY_REPEALED");
    let other_moment = Repeal { effective_from: Some(noon(6)), ..repeal("法律修改") };
    repealed_entry().when(other_moment).then_refused("ALREADY_REPEALED");
}

// all pairs

#[test]
fn every_stage_answers_every_verb_with_events_nothing_or_a_refusal_with_words() {
    let histories = [
        (Stage::Absent, vec![]),
        (Stage::Published, vec![adopted(1, "甲", "2025", 1)]),
        (Stage::Suspended, vec![adopted(1, "甲", "2025", 1), suspended(5, None)]),
        (Stage::Repealed, vec![adopted(1, "甲", "2025", 1), repealed("法律修改", 5)]),
    ];
    assert_eq!(histories.iter().map(|(stage, _)| *stage).collect::<Vec<_>>(), Stage::ALL, "a new stage needs a history here");
    let verbs: [fn() -> Command<Item>; 2] = [|| adopt("乙", "2026").into(), || repeal("机构改革").into()];
    for (stage, history) in &histories {
        let state = Entry::<Item>::fold(history);
        assert_eq!(state.stage(), *stage);
        for verb in verbs {
            if let Err(refusal) = Entry::decide(&state, verb(), &circumstances(10)) {
                assert!(!refusal.zh.is_empty() && !refusal.en.is_empty() && !refusal.rule().is_empty());
            }
        }
    }
}
