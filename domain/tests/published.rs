//! The rules of what is done to a published entry: suspend, resume, repeal, correct, and the review that a correction owes.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::*;
use domain::{
    acting::{Acting, Role},
    entry::{Adopt, Approve, Correct, Entry, Repeal, Resume, Review, Stage, Step, Submit, Suspend, Transfer},
    register::{Content, Item},
    scenario::{Given, given},
    value::{Finding, LegalBasis, Openness, OpennessAttribute},
};

fn after(events: impl IntoIterator<Item = ItemEvent>) -> Given<Entry<Item>> {
    given(events).at(noon(10)).acting(approver())
}

fn published() -> ItemEvent {
    adopted(1, "甲", "2025", 1)
}

// Suspend and resume

#[test]
fn an_entry_is_suspended_at_once_for_a_time_or_until_it_is_resumed() {
    after([published()]).when(suspend(None)).then([suspended(10, None)]);
    after([published()]).when(suspend(Some(20))).then([suspended(10, Some(20))]);
    after([published()]).when(suspend(Some(10))).then_refused("EFFECTIVE_IN_PAST");
    after([published()]).when(Suspend { reason: " ".into(), until: None }).then_refused("CONTENT_INCOMPLETE");
}

#[test]
fn a_suspension_is_changed_by_ending_it_first() {
    let suspended = || after([published(), suspended(5, Some(20))]);
    suspended().when(suspend(Some(20))).then_nothing();
    suspended().when(suspend(None)).then_refused("ALREADY_SUSPENDED");
    suspended().when(Resume).then([resumed(10)]);
}

#[test]
fn a_suspension_that_has_run_out_is_none() {
    let over = || after([published(), suspended(5, Some(10))]);
    over().when(Resume).then_nothing();
    over().when(suspend(Some(20))).then([suspended(10, Some(20))]);
    let state = over().when(Resume).then_state();
    assert_eq!((state.stage_at(noon(9)), state.stage_at(noon(10))), (Stage::Suspended, Stage::Published));
}

#[test]
fn a_suspended_entry_can_be_changed_and_stays_suspended() {
    let history = [published(), suspended(5, None)].into_iter().chain(up_to(Some(Step::Reviewed), 1));
    let state = after(history).when(approve("乙")).then_state();
    assert_eq!((state.stage(), state.revisions), (Stage::Suspended, 2));
}

// Repeal

#[test]
fn an_approver_repeals_with_a_successor_and_ends_what_is_drafted() {
    let history = [published()].into_iter().chain(up_to(Some(Step::Reviewed), 1));
    let repeal =
        Repeal { replaced_by: Some("X1".parse().unwrap()), document: Some("某政发〔2026〕2号".into()), ..repeal("机构改革") };
    let state = after(history).when(repeal).then_state();
    assert_eq!(state.step(), None);
    assert_eq!(state.repeal.unwrap().replaced_by, Some("X1".parse().unwrap()));
}

#[test]
fn an_approver_repeals_what_was_approved_here_and_a_list_does_not() {
    let here = || [approved(1, "甲", 5)];
    after(here()).when(repeal("机构改革")).then([repealed("机构改革", 10)]);
    given::<Entry<Item>>(here()).at(noon(10)).when(repeal("机构改革")).then_refused("KEPT_HERE");
}

#[test]
fn what_is_announced_is_undone_by_ending_the_entry_before() {
    let from = |day| Repeal { effective_from: Some(noon(day)), ..repeal("法律修改") };
    for day in [10, 15, 19, 20, 25] {
        after([published(), approved(2, "丁", 20)]).when(from(day)).then([repealed("法律修改", day)]);
    }
    after([published(), approved(2, "丁", 20)]).when(from(9)).then_refused("EFFECTIVE_IN_PAST");
    after([approved(1, "丁", 20)]).when(from(15)).then([repealed("法律修改", 15)]);
    // The one that never holds is not corrected any more.
    let correct = Correct { effective_from: Some(noon(20)), ..correct("乙") };
    after([published(), approved(2, "丁", 20), repealed("法律修改", 15)]).when(correct).then_refused("ENTRY_REPEALED");
}

/// Ten years after the tenth and a second more, and what a slip of the hand makes of 2026.
#[test]
fn nothing_begins_or_ends_so_late_that_it_was_mistyped() {
    let last = noon(10).checked_add_months(chrono::Months::new(120)).unwrap();
    let late = [last + chrono::TimeDelta::seconds(1), "2206-12-01T00:00:00Z".parse().unwrap(), chrono::DateTime::<chrono::Utc>::MAX_UTC];
    let reviewed = || after([published()].into_iter().chain(up_to(Some(Step::Reviewed), 1)));
    let listed = || given::<Entry<Item>>([published()]).at(noon(10));
    for at in late {
        let effective_from = Some(at);
        reviewed().when(Approve { effective_from, ..approve("乙") }).then_refused("EFFECTIVE_TOO_LATE");
        after([published()]).when(Repeal { effective_from, ..repeal("法律修改") }).then_refused("EFFECTIVE_TOO_LATE");
        after([published()]).when(Suspend { until: Some(at), ..suspend(None) }).then_refused("EFFECTIVE_TOO_LATE");
        after([published()]).when(Correct { effective_from, ..correct("乙") }).then_refused("EFFECTIVE_TOO_LATE");
        listed().when(Adopt { effective_from, ..adopt("乙", "2026") }).then_refused("EFFECTIVE_TOO_LATE");
        listed().when(Repeal { effective_from, ..repeal("法律修改") }).then_refused("EFFECTIVE_TOO_LATE");
        given::<Entry<Item>>([]).at(noon(10)).when(Adopt { effective_from, ..adopt("乙", "2026") }).then_refused("EFFECTIVE_TOO_LATE");
        let reform = Transfer { effective_from: at, ..transfer(15) };
        after([published()]).acting(of_city()).when(reform).then_refused("EFFECTIVE_TOO_LATE");
    }
    reviewed().when(Approve { effective_from: Some(last), ..approve("乙") }).then_state();
    after([published()]).when(Suspend { until: Some(last), ..suspend(None) }).then_state();
    listed().when(Adopt { effective_from: Some(last), ..adopt("乙", "2026") }).then_state();
}

#[test]
fn nothing_follows_a_repeal() {
    let gone = || after([published(), repealed("法律修改", 5)]);
    gone().acting(drafter()).when(draft("乙")).then_refused("ENTRY_REPEALED");
    gone().acting(drafter()).when(Submit::default()).then_refused("ENTRY_REPEALED");
    gone().when(approve("乙")).then_refused("ENTRY_REPEALED");
    gone().when(correct("乙")).then_refused("ENTRY_REPEALED");
}

#[test]
fn what_is_announced_to_cease_is_suspended_resumed_and_corrected_until_then() {
    let announced = || [published(), repealed("法律修改", 20)];
    after(announced()).when(suspend(None)).then([suspended(10, None)]);
    after(announced()).when(correct("乙")).then([corrected(2, "乙", 10)]);
    let halted = || announced().into_iter().chain([suspended(8, None)]);
    after(halted()).when(Resume).then([resumed(10)]);
    after(halted()).when(suspend(None)).then_nothing();
    let late = || given::<Entry<Item>>(halted()).at(noon(20)).acting(approver());
    late().when(Resume).then_refused("ENTRY_REPEALED");
    late().when(suspend(Some(25))).then_refused("ENTRY_REPEALED");
    // Nothing is drafted that could not hold any more.
    after(announced()).acting(drafter()).when(draft("乙")).then_refused("ENTRY_REPEALED");
}

// Correct

#[test]
fn a_correction_is_published_at_once_by_one_approver_and_owes_a_review() {
    after([published()]).when(correct("乙")).then([corrected(2, "乙", 10)]);
    let state = after([published()]).when(correct("乙")).then_state();
    assert_eq!(state.latest.as_ref().unwrap().content.name(), "乙");
    assert_eq!(state.debts().map(|debt| debt.revision).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_correction_says_what_was_not_accurate() {
    after([published()]).when(Correct { reason: String::new(), ..correct("乙") }).then_refused("CONTENT_INCOMPLETE");
    after([published()]).when(Correct { document: Some(" ".into()), ..correct("乙") }).then_refused("CONTENT_INCOMPLETE");
}

#[test]
fn a_correction_has_to_be_such_as_could_be_submitted() {
    let openness = Openness { attribute: OpennessAttribute::NotDisclosed, ..Openness::default() };
    let secret = Correct { content: Item { openness, ..item("乙") }, ..correct("乙") };
    after([published()]).when(secret).then_refused("OPENNESS_INCOMPLETE");
}

#[test]
fn a_correction_is_stopped_by_an_error_that_was_found_beside_it_and_not_by_a_warning() {
    let found = |finding: fn(&str, &str, &str, &str) -> Finding| finding("MATERIAL_ABOLISHED", "materials[0]", "已取消", "abolished");
    let error = found(|code, path, zh, en| Finding::error(code, path, zh, en));
    let warning = found(|code, path, zh, en| Finding::warning(code, path, zh, en));
    let beside = |beside: &[Finding]| after([published()]).when(Correct { beside: beside.to_vec(), ..correct("乙") });
    beside(&[warning.clone(), error.clone()]).then_refused("CHECKS_FAILED");
    beside(&[warning]).then([corrected(2, "乙", 10)]);
    // What is so already publishes nothing.
    after([published(), corrected(2, "乙", 10)]).when(Correct { beside: vec![error], ..correct("乙") }).then_nothing();
}

/// One approver alone opens nothing that the openness office had passed as closed (Art. 7, Art. 8(1)).
#[test]
fn a_correction_is_of_what_is_public_and_shows_no_more_than_was_shown() {
    use OpennessAttribute::{Active, NotDisclosed, OnRequest, Partial};
    let as_open = |name: &str, attribute, withheld: &[&str]| {
        let reason = Some("涉及商业秘密".to_owned()).filter(|_| attribute != Active);
        let basis = if attribute == Active { vec![] } else { vec![LegalBasis::as_written("条例")] };
        let withheld = withheld.iter().map(|field| (*field).to_owned()).collect();
        Item { authority: Some("x".into()), openness: Openness { attribute, withheld, reason, basis }, ..item(name) }
    };
    let corrected_to = |before: Item, content: Item| {
        let content_hash = domain::value::Hash::of_content(&before).unwrap();
        let ItemEvent::Adopted(line) = published() else { unreachable!() };
        let before = ItemEvent::Adopted(domain::entry::Adopted { content: before.into(), content_hash, ..line });
        after([before]).when(Correct { content, ..correct("乙") })
    };
    // What nobody is shown is not corrected, whether it would be opened or not.
    for closed in [NotDisclosed, OnRequest] {
        for then in [Active, closed] {
            corrected_to(as_open("甲", closed, &[]), as_open("乙", then, &[])).then_refused("NOT_URGENT");
        }
    }
    let partial = |name: &str, withheld: &[&str]| as_open(name, Partial, withheld);
    corrected_to(partial("甲", &["authority"]), as_open("乙", Active, &[])).then_refused("NOT_URGENT");
    corrected_to(partial("甲", &["authority", "remark"]), partial("乙", &["authority"])).then_refused("NOT_URGENT");
    // As much, and less: that something should not have been shown cannot wait.
    corrected_to(partial("甲", &["authority"]), partial("乙", &["authority"])).then_state();
    corrected_to(partial("甲", &["authority"]), partial("乙", &["authority", "remark"])).then_state();
    corrected_to(partial("甲", &["authority"]), as_open("乙", NotDisclosed, &[])).then_state();
    corrected_to(as_open("甲", Active, &[]), partial("乙", &["authority"])).then_state();
    // Nothing is in force yet that could be corrected for now.
    after([approved(1, "甲", 20)]).when(correct("乙")).then_refused("NOT_URGENT");
    after([approved(1, "甲", 20)]).when(Correct { effective_from: Some(noon(20)), ..correct("乙") }).then([corrected(2, "乙", 20)]);
}

#[test]
fn what_can_wait_is_no_correction() {
    let from = |day| Correct { effective_from: Some(noon(day)), ..correct("乙") };
    after([published()]).when(from(11)).then_refused("NOT_URGENT");
    after([published()]).when(from(9)).then_refused("EFFECTIVE_IN_PAST");
    after([published(), approved(2, "丁", 20)]).when(from(20)).then([corrected(3, "乙", 20)]);
    after([published(), approved(2, "丁", 20)]).when(from(21)).then_refused("NOT_URGENT");
    // Nor is what would hold for a while before it: that is a change of its own.
    after([published(), approved(2, "丁", 20)]).when(from(15)).then_refused("NOT_URGENT");
    let two = || after([published(), approved(2, "丁", 20), approved(3, "戊", 25)]);
    two().when(from(20)).then([corrected(4, "乙", 20)]);
    two().when(from(22)).then_refused("NOT_URGENT");
}

#[test]
fn a_correction_of_what_is_in_force_leaves_what_is_upcoming() {
    let state = after([published(), approved(2, "丁", 20)]).when(correct("乙")).then_state();
    let latest = state.latest.unwrap();
    assert_eq!((latest.revision, latest.content.name(), state.revisions), (2, "丁", 3));
    let history = [published(), approved(2, "丁", 20), corrected(3, "乙", 10)].into_iter().chain(up_to(Some(Step::Reviewed), 3));
    let next = domain::entry::Approve { effective_from: Some(noon(25)), ..approve("乙") };
    after(history).when(next).then([approved(4, "乙", 25)]);
}

#[test]
fn a_correction_that_says_what_is_so_changes_nothing() {
    after([published()]).when(correct("甲")).then_nothing();
    after([published(), corrected(2, "乙", 10)]).when(correct("乙")).then_nothing();
}

#[test]
fn what_ceases_later_is_still_corrected_until_then() {
    let announced = || after([published(), repealed("法律修改", 20)]);
    announced().when(correct("乙")).then([corrected(2, "乙", 10)]);
    announced().at(noon(20)).when(correct("乙")).then_refused("ENTRY_REPEALED");
}

// The review that is owed

#[test]
fn the_review_of_a_correction_is_paid_by_somebody_else_of_the_openness_office() {
    let owed = || after([published(), corrected(2, "乙", 5)]);
    let review = |name| Review { revision: Some(2), ..review(name) };
    let paid = ItemEvent::Reviewed(domain::entry::Reviewed { content_hash: hash("乙"), revision: Some(2), by: reviewer() });
    owed().acting(reviewer()).when(review("乙")).then([paid.clone()]);
    owed().acting(reviewer()).when(review("甲")).then_refused("CONTENT_CHANGED");
    owed().acting(Acting { role: Role::Reviewer, ..approver() }).when(review("乙")).then_refused("SAME_PERSON");
    owed().acting(approver()).when(review("乙")).then_refused("ROLE_REQUIRED");
    let done = || after([published(), corrected(2, "乙", 5), paid.clone()]).acting(reviewer());
    done().when(review("乙")).then_nothing();
    assert_eq!(done().when(review("乙")).then_state().debts().count(), 0);
}

#[test]
fn each_correction_owes_a_review_of_its_own_and_none_pays_for_a_draft() {
    let history = || [published(), corrected(2, "乙", 5), corrected(3, "丙", 6)];
    let first = Review { revision: Some(2), ..review("乙") };
    let state = after(history()).acting(reviewer()).when(first).then_state();
    assert_eq!(state.debts().map(|debt| debt.revision).collect::<Vec<_>>(), [3]);
    let with_draft = history().into_iter().chain([drafted("丁", 3), submitted("丁")]);
    let state = after(with_draft).acting(reviewer()).when(Review { revision: Some(3), ..review("丙") }).then_state();
    assert_eq!(state.step(), Some(Step::Submitted));
}

#[test]
fn what_is_to_cease_later_is_in_force_until_then() {
    use Stage::{Published, Repealed, Suspended};
    let announced = || after([published(), repealed("法律修改", 20)]);
    let stages = |state: &domain::entry::State<Item>| [9, 19, 20, 21].map(|day| state.stage_at(noon(day)));
    assert_eq!(stages(&announced().when(Resume).then_state()), [Published, Published, Repealed, Repealed]);
    let suspended = announced().when(suspend(Some(19))).then_state();
    assert_eq!(stages(&suspended), [Suspended, Published, Repealed, Repealed]);
    assert_eq!(domain::entry::State::<Item>::default().stage_at(noon(1)), Stage::Absent);
}
