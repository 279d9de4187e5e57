//! The rules of drafting, review and approval, one test a rule (Art. 7, Art. 8(1)).

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::*;
use domain::{
    acting::Role,
    entry::{Approve, Draft, Entry, Resume, Return, Review, Revise, Step, Submit, Withdraw},
    register::{Content, Item},
    scenario::{Given, given},
    value::{LegalBasis, Openness, OpennessAttribute},
};

fn after(events: impl IntoIterator<Item = ItemEvent>) -> Given<Entry<Item>> {
    given(events).at(noon(10))
}

fn at_step(step: Step) -> Given<Entry<Item>> {
    after(up_to(Some(step), 0))
}

// The way of a change

#[test]
fn a_change_goes_from_its_draft_to_the_next_revision() {
    let published = || vec![adopted(1, "甲", "2025", 1)];
    after(published()).acting(drafter()).when(draft("乙")).then([drafted("乙", 1)]);
    let history = |step| published().into_iter().chain(up_to(Some(step), 1)).collect::<Vec<_>>();
    after(history(Step::Draft)).acting(drafter()).when(revise("丙")).then([redrafted("丙", 1)]);
    after(history(Step::Draft)).acting(drafter()).when(Submit::default()).then([submitted("乙")]);
    after(history(Step::Submitted)).acting(reviewer()).when(review("乙")).then([reviewed("乙")]);
    after(history(Step::Reviewed)).acting(approver()).when(approve("乙")).then([approved(2, "乙", 10)]);
}

#[test]
fn a_draft_leaves_what_is_published_as_it_is() {
    for step in Step::ALL {
        let history = [adopted(1, "甲", "2025", 1)].into_iter().chain(up_to(Some(step), 1));
        let state = after(history).acting(approver()).when(Resume).then_state();
        assert_eq!(state.latest.unwrap().content.name(), "甲");
        assert_eq!(state.revisions, 1);
    }
}

#[test]
fn an_approval_takes_effect_now_or_later_and_never_in_the_past() {
    let reviewed = || at_step(Step::Reviewed).acting(approver());
    let from = |day| Approve { effective_from: Some(noon(day)), ..approve("乙") };
    reviewed().when(from(10)).then([approved(1, "乙", 10)]);
    reviewed().when(from(20)).then([approved(1, "乙", 20)]);
    reviewed().when(from(9)).then_refused("EFFECTIVE_IN_PAST");
}

#[test]
fn several_revisions_can_be_upcoming_each_later_than_the_one_before() {
    let upcoming = || [approved(1, "甲", 11), approved(2, "丁", 20)].into_iter().chain(up_to(Some(Step::Reviewed), 2));
    let from = |day| Approve { effective_from: Some(noon(day)), ..approve("乙") };
    after(upcoming()).acting(approver()).when(from(25)).then([approved(3, "乙", 25)]);
    after(upcoming()).acting(approver()).when(from(15)).then_refused("EFFECTIVE_TOO_EARLY");
    after(upcoming()).acting(approver()).when(approve("乙")).then_refused("EFFECTIVE_TOO_EARLY");
}

#[test]
fn an_approval_names_its_document() {
    let nameless = Approve { document: "  ".into(), ..approve("乙") };
    at_step(Step::Reviewed).acting(approver()).when(nameless).then_refused("CONTENT_INCOMPLETE");
    let endless = Approve { document: "号".repeat(201), ..approve("乙") };
    at_step(Step::Reviewed).acting(approver()).when(endless).then_refused("CONTENT_TOO_LARGE");
}

#[test]
fn an_approval_given_twice_or_by_two_approvers_is_one() {
    let history = || up_to(Some(Step::Reviewed), 0).into_iter().chain([approved(1, "乙", 10)]);
    after(history()).acting(approver()).when(approve("乙")).then_nothing();
    after(history()).acting(person("p-second", Role::Approver)).when(approve("乙")).then_nothing();
    let other_document = Approve { document: "另一文号".into(), ..approve("乙") };
    after(history()).acting(approver()).when(other_document).then_refused("NO_DRAFT");
}

#[test]
fn what_was_withdrawn_cannot_be_approved() {
    let history = up_to(Some(Step::Reviewed), 0).into_iter().chain([withdrawn()]);
    after(history).acting(approver()).when(approve("乙")).then_refused("NO_DRAFT");
}

// The exact content

#[test]
fn a_review_and_an_approval_are_of_the_very_content_that_they_name() {
    at_step(Step::Submitted).acting(reviewer()).when(review("甲")).then_refused("CONTENT_CHANGED");
    at_step(Step::Reviewed).acting(approver()).when(approve("甲")).then_refused("CONTENT_CHANGED");
}

#[test]
fn a_draft_changed_since_it_was_looked_at_is_not_published() {
    let changed = [returned(approver()), redrafted("丙", 0), submitted("丙"), reviewed("丙")];
    let history = up_to(Some(Step::Reviewed), 0).into_iter().chain(changed);
    after(history).acting(approver()).when(approve("乙")).then_refused("CONTENT_CHANGED");
}

#[test]
fn a_draft_does_not_undo_what_was_published_since_it_was_written() {
    let with = |step| [adopted(1, "甲", "2025", 1)].into_iter().chain(up_to(Some(step), 1)).chain([corrected(2, "丁", 5)]);
    after(with(Step::Draft)).acting(drafter()).when(Submit::default()).then_refused("DRAFT_OUTDATED");
    after(with(Step::Submitted)).acting(reviewer()).when(review("乙")).then_refused("DRAFT_OUTDATED");
    after(with(Step::Reviewed)).acting(approver()).when(approve("乙")).then_refused("DRAFT_OUTDATED");
    // Whoever drafts looks at the new revision, and may find that the draft still holds.
    after(with(Step::Draft)).acting(drafter()).when(revise("乙")).then([redrafted("乙", 2)]);
}

#[test]
fn a_draft_that_changes_nothing_is_not_submitted() {
    let history = [adopted(1, "乙", "2025", 1)].into_iter().chain(up_to(Some(Step::Draft), 1));
    after(history).acting(drafter()).when(Submit::default()).then_refused("NOTHING_CHANGED");
}

// Return and withdrawal

#[test]
fn a_returned_draft_can_be_revised_and_resubmitted() {
    let returned = || at_step(Step::Returned).acting(drafter());
    returned().when(revise("丙")).then([redrafted("丙", 0)]);
    returned().when(Submit::default()).then([submitted("乙")]);
    let state = returned().when(revise("丙")).then_state();
    assert_eq!(state.step(), Some(Step::Draft));
    assert_eq!(state.pending.unwrap().returned.unwrap().reason, "依据有误", "what was to be changed is still known");
}

#[test]
fn a_draft_is_returned_by_whoever_it_is_with_and_says_why() {
    at_step(Step::Submitted).acting(approver()).when(return_()).then_refused("ROLE_REQUIRED");
    at_step(Step::Reviewed).acting(reviewer()).when(return_()).then_refused("ROLE_REQUIRED");
    at_step(Step::Submitted).acting(reviewer()).when(return_()).then([returned(reviewer())]);
    at_step(Step::Reviewed).acting(approver()).when(return_()).then([returned(approver())]);
    at_step(Step::Submitted).acting(reviewer()).when(Return { reason: " ".into() }).then_refused("CONTENT_INCOMPLETE");
    at_step(Step::Submitted).acting(reviewer()).when(Return { reason: "长".repeat(2_001) }).then_refused("CONTENT_TOO_LARGE");
}

#[test]
fn a_return_takes_the_review_back() {
    let again = [returned(approver()), submitted("乙")];
    let history = up_to(Some(Step::Reviewed), 0).into_iter().chain(again);
    after(history).acting(approver()).when(approve("乙")).then_refused("NOT_REVIEWED");
}

#[test]
fn a_withdrawal_ends_a_draft_and_another_can_be_begun() {
    for step in Step::ALL {
        at_step(step).acting(drafter()).when(withdraw()).then([withdrawn()]);
    }
    at_step(Step::Draft).acting(drafter()).when(Withdraw { reason: String::new() }).then_refused("CONTENT_INCOMPLETE");
    let over = || after(up_to(Some(Step::Submitted), 0).into_iter().chain([withdrawn()])).acting(drafter());
    over().when(withdraw()).then_nothing();
    over().when(Withdraw { reason: "另一原因".into() }).then_refused("NO_DRAFT");
    over().when(draft("丙")).then([drafted("丙", 0)]);
}

#[test]
fn the_same_draft_again_changes_nothing_and_another_is_refused() {
    at_step(Step::Draft).acting(drafter()).when(draft("乙")).then_nothing();
    at_step(Step::Draft).acting(drafter()).when(revise("乙")).then_nothing();
    at_step(Step::Draft).acting(drafter()).when(draft("丙")).then_refused("DRAFT_EXISTS");
    at_step(Step::Draft).acting(person("p-2", Role::Drafter)).when(draft("乙")).then_refused("DRAFT_EXISTS");
}

// What can be kept, and what can be submitted

#[test]
fn a_draft_has_a_name_and_a_size_that_can_be_kept() {
    let mut huge = item("甲");
    huge.authority = Some("字".repeat(400_000));
    after([]).acting(drafter()).when(draft(" ")).then_refused("CONTENT_INCOMPLETE");
    after([]).acting(drafter()).when(Draft::of(huge.clone())).then_refused("CONTENT_TOO_LARGE");
    at_step(Step::Draft).acting(drafter()).when(Revise { content: huge }).then_refused("CONTENT_TOO_LARGE");
}

#[test]
fn openness_other_than_active_needs_reason_and_basis_to_be_submitted_and_partial_names_fields() {
    use OpennessAttribute::{Active, NotDisclosed, OnRequest, Partial};
    let basis = || vec![LegalBasis { title: "中华人民共和国政府信息公开条例".into(), ..LegalBasis::default() }];
    let full = |attribute, withheld: &[&str]| Openness {
        attribute,
        withheld: withheld.iter().map(|field| (*field).to_owned()).collect(),
        reason: Some("涉及商业秘密".into()),
        basis: basis(),
    };
    let submit = |openness: Openness| {
        let content = Item { openness, authority: Some("x".into()), ..item("乙") };
        let content_hash = domain::value::Hash::of_content(&content).unwrap();
        let event = domain::entry::Drafted { content: content.into(), content_hash, based_on: 0, source: None, by: drafter() };
        after([ItemEvent::Drafted(event)]).acting(drafter()).when(Submit::default())
    };
    for attribute in [OnRequest, NotDisclosed] {
        submit(full(attribute, &[])).then_state();
        submit(Openness { reason: None, ..full(attribute, &[]) }).then_refused("OPENNESS_INCOMPLETE");
        submit(Openness { basis: vec![], ..full(attribute, &[]) }).then_refused("OPENNESS_INCOMPLETE");
    }
    submit(full(Partial, &["authority"])).then_state();
    submit(full(Partial, &[])).then_refused("OPENNESS_INCOMPLETE");
    submit(Openness { reason: None, ..full(Partial, &["authority"]) }).then_refused("OPENNESS_INCOMPLETE");
    // A must-have, and a field that there is not: neither can be cut out.
    submit(full(Partial, &["name"])).then_refused("OPENNESS_INCOMPLETE");
    submit(full(Partial, &["autority"])).then_refused("OPENNESS_INCOMPLETE");
    submit(full(Active, &["authority"])).then_refused("OPENNESS_INCOMPLETE");
}

// Lists that are imported

#[test]
fn a_list_does_not_change_what_was_approved_here_and_says_so_of_what_is_the_same() {
    let here = || after([adopted(1, "甲", "2025", 1), approved(2, "乙", 5)]);
    here().when(adopt("丙", "2026")).then_refused("KEPT_HERE");
    here().when(adopt("乙", "2026")).then_nothing();
    here().when(repeal("新版清单未列入")).then_refused("KEPT_HERE");
    after([adopted(1, "甲", "2025", 1), corrected(2, "乙", 5)]).when(adopt("丙", "2026")).then_refused("KEPT_HERE");
}

#[test]
fn a_list_does_not_overtake_a_draft_and_may_come_after_its_withdrawal() {
    let history = || [adopted(1, "甲", "2025", 1)].into_iter().chain(up_to(Some(Step::Draft), 1));
    after(history()).when(adopt("丙", "2026")).then_refused("KEPT_HERE");
    after(history().chain([withdrawn()])).when(adopt("丙", "2026")).then([adopted(2, "丙", "2026", 10)]);
}

#[test]
fn an_entry_approved_here_still_says_from_which_line_it_came() {
    let state = after([adopted(1, "甲", "2025", 1), approved(2, "乙", 5)]).when(adopt("乙", "2026")).then_state();
    assert_eq!(*state.latest.unwrap().source, source("2025"));
}

#[test]
fn nobody_adopts_in_person() {
    for acting in [drafter(), reviewer(), approver()] {
        after([]).acting(acting).when(adopt("甲", "2025")).then_refused("ROLE_REQUIRED");
    }
}

#[test]
fn a_review_of_nothing_is_refused() {
    after([]).acting(reviewer()).when(review("乙")).then_refused("NO_DRAFT");
    let owed = Review { revision: Some(1), ..review("甲") };
    after([adopted(1, "甲", "2025", 1)]).acting(reviewer()).when(owed).then_refused("NO_REVIEW_OWED");
}
