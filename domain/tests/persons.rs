//! Who may: three different persons, and those of the agency (Art. 7, Art. 8(1)), one test a rule.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::*;
use domain::{
    acting::{Acting, PersonId, Role, Scope},
    entry::{Approve, Draft, Entry, Resume, Step, Submit},
    envelope::Code,
    register::{Agency, Item, Material},
    scenario::{Given, given},
};

fn after(events: impl IntoIterator<Item = ItemEvent>) -> Given<Entry<Item>> {
    given(events).at(noon(10))
}

fn at_step(step: Step) -> Given<Entry<Item>> {
    after(up_to(Some(step), 0))
}

fn in_other_agency(acting: Acting) -> Acting {
    Acting { scope: Scope::Agency("A9".parse().unwrap()), ..acting }
}

fn for_the_city(acting: Acting) -> Acting {
    Acting { scope: Scope::City, ..acting }
}

// Three persons

#[test]
fn drafter_reviewer_and_approver_are_three_persons() {
    let as_role = |acting: Acting, role| Acting { role, ..acting };
    at_step(Step::Submitted).acting(as_role(drafter(), Role::Reviewer)).when(review("乙")).then_refused("SAME_PERSON");
    at_step(Step::Reviewed).acting(as_role(drafter(), Role::Approver)).when(approve("乙")).then_refused("SAME_PERSON");
    at_step(Step::Reviewed).acting(as_role(reviewer(), Role::Approver)).when(approve("乙")).then_refused("SAME_PERSON");
}

#[test]
fn two_accounts_of_one_person_are_one_person() {
    let second_account = Acting { role: Role::Reviewer, ..drafter() };
    at_step(Step::Submitted).by("another-account").acting(second_account).when(review("乙")).then_refused("SAME_PERSON");
}

#[test]
fn ids_that_differ_only_by_case_are_one_person() {
    let shouted = |role| person("P-Drafter", role);
    at_step(Step::Submitted).acting(shouted(Role::Reviewer)).when(review("乙")).then_refused("SAME_PERSON");
    at_step(Step::Reviewed).acting(shouted(Role::Approver)).when(approve("乙")).then_refused("SAME_PERSON");
    at_step(Step::Reviewed).acting(person("P-REVIEWER", Role::Approver)).when(approve("乙")).then_refused("SAME_PERSON");
}

#[test]
fn whoever_had_a_hand_in_a_draft_has_drafted_it() {
    let by = |acting: Acting, event: ItemEvent| match event {
        ItemEvent::Redrafted(drafted) => ItemEvent::Redrafted(domain::entry::Drafted { by: acting, ..drafted }),
        ItemEvent::Submitted(submitted) => ItemEvent::Submitted(domain::entry::Submitted { by: acting, ..submitted }),
        other => other,
    };
    let (second, third) = (person("p-2", Role::Drafter), person("p-3", Role::Drafter));
    let history = || [drafted("甲", 0), by(second.clone(), redrafted("乙", 0)), by(third.clone(), submitted("乙"))];
    for id in ["p-drafter", "p-2", "p-3"] {
        after(history()).acting(person(id, Role::Reviewer)).when(review("乙")).then_refused("SAME_PERSON");
    }
    after(history()).acting(reviewer()).when(review("乙")).then([reviewed("乙")]);
}

#[test]
fn an_approved_revision_says_who_drafted_reviewed_and_approved_it() {
    let events = at_step(Step::Reviewed).acting(approver()).when(approve("乙"));
    let state = events.then_state();
    assert_eq!(state.latest.unwrap().decided_by, Some(approver()));
    let ItemEvent::Approved(approved) = approved(1, "乙", 10) else { panic!() };
    assert_eq!((approved.drafters, approved.reviewer), (vec![PersonId::new("p-drafter")], PersonId::new("p-reviewer")));
}

// For which agency

#[test]
fn every_verb_is_for_those_of_the_agency() {
    let published = || after([adopted(1, "甲", "2025", 1)]);
    published().acting(in_other_agency(drafter())).when(draft("乙")).then_refused("OUTSIDE_AGENCY");
    published().acting(in_other_agency(approver())).when(suspend(None)).then_refused("OUTSIDE_AGENCY");
    published().acting(in_other_agency(approver())).when(Resume).then_refused("OUTSIDE_AGENCY");
    published().acting(in_other_agency(approver())).when(repeal("改革")).then_refused("OUTSIDE_AGENCY");
    published().acting(in_other_agency(approver())).when(correct("乙")).then_refused("OUTSIDE_AGENCY");
    after([]).acting(in_other_agency(drafter())).when(draft("乙")).then_refused("OUTSIDE_AGENCY");
    let with_draft = |step| after([adopted(1, "甲", "2025", 1)].into_iter().chain(up_to(Some(step), 1)));
    with_draft(Step::Draft).acting(in_other_agency(drafter())).when(revise("丙")).then_refused("OUTSIDE_AGENCY");
    with_draft(Step::Draft).acting(in_other_agency(drafter())).when(Submit::default()).then_refused("OUTSIDE_AGENCY");
    with_draft(Step::Draft).acting(in_other_agency(drafter())).when(withdraw()).then_refused("OUTSIDE_AGENCY");
    with_draft(Step::Submitted).acting(in_other_agency(reviewer())).when(review("乙")).then_refused("OUTSIDE_AGENCY");
    with_draft(Step::Submitted).acting(in_other_agency(reviewer())).when(return_()).then_refused("OUTSIDE_AGENCY");
    with_draft(Step::Reviewed).acting(in_other_agency(approver())).when(approve("乙")).then_refused("OUTSIDE_AGENCY");
}

#[test]
fn the_city_drafts_and_reviews_for_any_agency_and_approves_for_none() {
    after([]).acting(for_the_city(drafter())).when(draft("乙")).then_state();
    at_step(Step::Submitted).acting(for_the_city(reviewer())).when(review("乙")).then_state();
    at_step(Step::Reviewed).acting(for_the_city(approver())).when(approve("乙")).then_refused("OUTSIDE_AGENCY");
}

#[test]
fn of_an_unpublished_entry_others_do_not_learn_that_it_is_drafted() {
    for step in Step::ALL {
        at_step(step).acting(in_other_agency(drafter())).when(revise("丙")).then_refused("NO_DRAFT");
        at_step(step).acting(in_other_agency(drafter())).when(Submit::default()).then_refused("NO_DRAFT");
        at_step(step).acting(in_other_agency(drafter())).when(withdraw()).then_refused("NO_DRAFT");
        at_step(step).acting(in_other_agency(reviewer())).when(review("乙")).then_refused("NO_DRAFT");
        at_step(step).acting(in_other_agency(reviewer())).when(return_()).then_refused("NO_DRAFT");
        at_step(step).acting(in_other_agency(approver())).when(approve("乙")).then_refused("NO_DRAFT");
    }
}

#[test]
fn the_city_approves_what_moves_an_entry_to_another_agency() {
    let moved = Item { agency: "A9".parse::<Code>().unwrap(), ..item("甲") };
    let hash = domain::value::Hash::of_content(&moved).unwrap();
    let published = [adopted(1, "甲", "2025", 1)];
    let ItemEvent::Drafted(draft) = drafted("甲", 1) else { panic!() };
    let draft = ItemEvent::Drafted(domain::entry::Drafted { content: moved.into(), content_hash: hash, ..draft });
    let reviewed = ItemEvent::Reviewed(domain::entry::Reviewed { content_hash: hash, revision: None, by: reviewer() });
    let submitted = ItemEvent::Submitted(domain::entry::Submitted { content_hash: hash, by: drafter() });
    let history = || published.clone().into_iter().chain([draft.clone(), submitted.clone(), reviewed.clone()]);
    let approve = || Approve { content_hash: hash, ..approve("甲") };
    after(history()).acting(approver()).when(approve()).then_refused("OUTSIDE_AGENCY");
    after(history()).acting(in_other_agency(approver())).when(approve()).then_refused("OUTSIDE_AGENCY");
    let state = after(history()).acting(for_the_city(approver())).when(approve()).then_state();
    assert_eq!(state.agency().flatten().map(Code::as_str), Some("A9"));
}

#[test]
fn what_no_single_agency_answers_for_is_approved_for_the_city() {
    let material = Draft::of(Material::new("居民身份证"));
    given::<Entry<Material>>([]).acting(drafter()).when(material.clone()).then_refused("OUTSIDE_AGENCY");
    given::<Entry<Material>>([]).acting(for_the_city(drafter())).when(material).then_state();
    let agency: Agency = serde_json::from_value(serde_json::json!({"name": "统计局"})).unwrap();
    given::<Entry<Agency>>([]).acting(drafter()).when(Draft::of(agency)).then_refused("OUTSIDE_AGENCY");
}
