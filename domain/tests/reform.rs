//! The rules of an institutional reform 机构改革 (Art. 5(1)): what `transfer` changes, when, by whom, and what becomes of the rest.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::*;
use domain::{
    acting::{Acting, Role, Scope},
    decider::Decider,
    diff::changes,
    entry::{Entry, Event, Repeal, Resume, Review, Revise, State, Step, Submit, Transfer, Transferred},
    register::{Agency, Content, Guide, Handover, Item, Material},
    scenario::{Given, given},
    value::Hash,
};

fn after(events: impl IntoIterator<Item = ItemEvent>) -> Given<Entry<Item>> {
    given(events).at(noon(10)).acting(of_city())
}

fn published() -> ItemEvent {
    adopted(1, "甲", "2025", 1)
}

/// As the command line of the register gives it, with no person.
fn by_the_register(event: ItemEvent) -> ItemEvent {
    let Event::Transferred(transferred) = event else { panic!() };
    Event::Transferred(Transferred { by: None, ..transferred })
}

fn of_successor(acting: Acting) -> Acting {
    Acting { scope: Scope::Agency(SUCCESSOR.parse().unwrap()), ..acting }
}

fn agency_at(state: &State<Item>, day: u32) -> String {
    state.in_force_at(noon(day)).unwrap().content.agency.to_string()
}

// What changes

#[test]
fn only_who_answers_for_the_entry_changes_and_on_the_day_of_the_reform() {
    after([published()]).when(transfer(20)).then([transferred(2, "甲", 20)]);
    let state = after([published()]).when(transfer(20)).then_state();
    assert_eq!((agency_at(&state, 19).as_str(), agency_at(&state, 20).as_str()), (AGENCY, SUCCESSOR));
    let json = |item: &Item| serde_json::to_value(item).unwrap();
    let changed = changes(&json(&item("甲")), &json(&state.latest.unwrap().content));
    assert_eq!(changed.iter().map(|change| change.path.as_str()).collect::<Vec<_>>(), ["agency"]);
}

#[test]
fn what_was_approved_here_is_handed_over_like_what_was_adopted() {
    after([approved(1, "甲", 1)]).when(transfer(20)).then([transferred(2, "甲", 20)]);
    let kept = after([approved(1, "甲", 1)]).when(transfer(20)).then_state();
    assert!(kept.is_kept_here() && kept.latest.unwrap().decided_by == Some(approver()));
    assert!(!after([published()]).when(transfer(20)).then_state().is_kept_here(), "a reform takes no entry off its list");
}

#[test]
fn each_register_names_its_agency_in_its_own_field() {
    let to = || SUCCESSOR.parse().unwrap();
    let of = handover(AGENCY, SUCCESSOR);
    let guide = Guide::new("指南", "I1".parse().unwrap(), AGENCY.parse().unwrap());
    assert_eq!(guide.handed_over(&of), Some(Guide { agency: to(), ..guide.clone() }));
    let below = Agency { name: "分局".into(), parent: Some(AGENCY.parse().unwrap()), ..Agency::default() };
    assert_eq!(below.handed_over(&of), Some(Agency { parent: Some(to()), ..below.clone() }));
    assert_eq!(Material::new("证").handed_over(&of), None);
    assert_eq!(item("甲").handed_over(&handover("A9", SUCCESSOR)), None);
}

#[test]
fn an_agency_keeps_its_former_names() {
    let names = |name: Option<&str>, former: &[&str]| Transfer {
        handover: Handover::Names { name: name.map(str::to_owned), former: former.iter().map(|name| (*name).to_owned()).collect() },
        ..transfer(20)
    };
    let bearing = |name: &str, former: &[&str]| Agency {
        name: name.into(),
        former_names: former.iter().map(|name| (*name).to_owned()).collect(),
        ..Agency::default()
    };
    let first = bearing("统计局", &["统计处"]);
    let adopted = Event::Adopted(domain::entry::Adopted {
        revision: 1,
        content_hash: Hash::of_content(&first).unwrap(),
        content: first.into(),
        effective_from: noon(1),
        source: source("2025").into(),
    });
    let after = |names: Transfer| {
        let state = given::<Entry<Agency>>([adopted.clone()]).at(noon(10)).when(names).then_state();
        Agency::clone(&state.latest.unwrap().content)
    };
    assert_eq!(after(names(Some("数据局"), &[])), bearing("数据局", &["统计处", "统计局"]));
    assert_eq!(after(names(None, &["档案局", "统计处"])), bearing("统计局", &["统计处", "档案局"]));
    assert_eq!(after(names(Some("统计处"), &[])), bearing("统计处", &["统计局"]), "a name that it bears again is none of its former ones");
    given::<Entry<Agency>>([adopted.clone()]).at(noon(10)).when(names(None, &["统计处"])).then_nothing();
}

// What is upcoming

#[test]
fn what_is_upcoming_before_the_day_is_followed_by_the_reform() {
    after([published(), approved(2, "乙", 15)]).when(transfer(20)).then([transferred(3, "乙", 20)]);
}

#[test]
fn what_is_upcoming_after_the_day_does_not_bring_the_entry_back() {
    let history = || [published(), approved(2, "乙", 25)];
    after(history()).when(transfer(20)).then([transferred(3, "甲", 20), transferred(4, "乙", 25)]);
    let state = after(history()).when(transfer(20)).then_state();
    let at = |day| (agency_at(&state, day), state.in_force_at(noon(day)).unwrap().content.name.clone());
    assert_eq!(at(19), (AGENCY.into(), "甲".into()));
    assert_eq!(at(24), (SUCCESSOR.into(), "甲".into()));
    assert_eq!(at(25), (SUCCESSOR.into(), "乙".into()));
    assert_eq!((state.revisions, state.latest.unwrap().revision), (4, 4));
}

#[test]
fn an_entry_that_comes_into_force_after_the_day_comes_with_its_new_agency() {
    after([adopted(1, "甲", "2025", 25)]).when(transfer(20)).then([transferred(2, "甲", 25)]);
}

#[test]
fn of_two_upcoming_revisions_of_one_moment_the_one_that_holds_is_followed() {
    let history = [published(), approved(2, "乙", 25), corrected(3, "丙", 25)];
    after(history).when(transfer(20)).then([transferred(4, "甲", 20), transferred(5, "丙", 25)]);
}

// By whom

#[test]
fn the_city_decides_and_no_agency_gives_or_takes() {
    given::<Entry<Item>>([published()]).at(noon(10)).when(transfer(20)).then([by_the_register(transferred(2, "甲", 20))]);
    after([published()]).acting(approver()).when(transfer(20)).then_refused("OUTSIDE_AGENCY");
    after([published()]).acting(of_successor(approver())).when(transfer(20)).then_refused("OUTSIDE_AGENCY");
    for role in [Role::Drafter, Role::Reviewer] {
        after([published()]).acting(Acting { role, ..of_city() }).when(transfer(20)).then_refused("ROLE_REQUIRED");
    }
    after([]).acting(approver()).when(transfer(20)).then_refused("OUTSIDE_AGENCY");
}

#[test]
fn it_names_a_document_and_a_day_that_is_not_past() {
    after([published()]).when(Transfer { document: " ".into(), ..transfer(20) }).then_refused("CONTENT_INCOMPLETE");
    after([published()]).when(transfer(9)).then_refused("EFFECTIVE_IN_PAST");
    after([published()]).when(transfer(10)).then([transferred(2, "甲", 10)]);
}

#[test]
fn what_was_begun_before_the_day_is_completed_after_it() {
    let late = |begun| Transfer { begun_at: Some(noon(begun)), ..transfer(9) };
    after([published()]).when(late(8)).then([transferred(2, "甲", 9)]);
    after([published()]).when(late(10)).then_refused("EFFECTIVE_IN_PAST");
    after([published()]).when(Transfer { begun_at: Some(noon(20)), ..transfer(9) }).then_refused("EFFECTIVE_IN_PAST");
}

// Twice

#[test]
fn the_same_again_changes_nothing() {
    after([published(), transferred(2, "甲", 20)]).when(transfer(20)).then_nothing();
    after([published(), approved(2, "乙", 25), transferred(3, "甲", 20), transferred(4, "乙", 25)]).when(transfer(20)).then_nothing();
    after([published(), transferred(2, "甲", 20)]).at(noon(25)).when(transfer(20)).then_nothing();
}

#[test]
fn a_second_reform_follows_the_first_and_does_not_overtake_it() {
    let history = || [published(), transferred(2, "甲", 20)];
    let on = |day| Transfer { handover: handover(SUCCESSOR, "A3"), ..transfer(day) };
    let state = after(history()).when(on(25)).then_state();
    assert_eq!([19, 20, 25].map(|day| agency_at(&state, day)), [AGENCY, SUCCESSOR, "A3"].map(str::to_owned));
    after(history()).when(on(15)).then_refused("NOT_OF_AGENCY");
    let away = |day| Transfer { handover: handover(AGENCY, "A3"), ..transfer(day) };
    after(history()).when(away(25)).then_refused("NOT_OF_AGENCY");
    after(history()).when(away(15)).then_refused("NOT_OF_AGENCY");
    after(history()).when(transfer(15)).then([transferred(3, "甲", 15)]);
    after(history()).when(transfer(25)).then_nothing();
}

#[test]
fn what_another_agency_answers_for_is_not_handed_over() {
    let of_others = Transfer { handover: handover("A8", SUCCESSOR), ..transfer(20) };
    after([published()]).when(of_others).then_refused("NOT_OF_AGENCY");
    let names = Transfer { handover: Handover::Names { name: Some("乙".into()), former: vec![] }, ..transfer(20) };
    after([published()]).when(names).then_refused("NOT_OF_AGENCY");
}

// Suspended, repealed, owed, drafted

#[test]
fn a_suspended_entry_is_handed_over_and_stays_suspended_and_the_successor_resumes_it() {
    let history = || [published(), suspended(5, None), transferred(2, "甲", 20)];
    after([published(), suspended(5, None)]).when(transfer(20)).then([transferred(2, "甲", 20)]);
    after(history()).at(noon(19)).acting(of_successor(approver())).when(Resume).then_refused("OUTSIDE_AGENCY");
    after(history()).at(noon(19)).acting(approver()).when(Resume).then([resumed(19)]);
    after(history()).at(noon(20)).acting(approver()).when(Resume).then_refused("OUTSIDE_AGENCY");
    after(history()).at(noon(20)).acting(of_successor(approver())).when(Resume).then_state();
}

#[test]
fn what_has_ceased_by_the_day_stays_and_what_ceases_later_is_handed_over() {
    for day in [5, 15, 20] {
        after([published(), repealed("法律修改", day)]).when(transfer(20)).then_refused("ENTRY_REPEALED");
    }
    after([published(), repealed("法律修改", 25)]).when(transfer(20)).then([transferred(2, "甲", 20)]);
}

#[test]
fn a_review_that_is_owed_stays_owed_and_is_paid_at_the_successor() {
    let history = || [published(), corrected(2, "乙", 5), transferred(3, "乙", 20)];
    let state = after([published(), corrected(2, "乙", 5)]).when(transfer(20)).then_state();
    assert_eq!(state.debts().map(|debt| debt.revision).collect::<Vec<_>>(), [2]);
    let review = || Review { revision: Some(2), ..review("乙") };
    let paid = after(history()).at(noon(21)).acting(of_successor(reviewer())).when(review()).then_state();
    assert_eq!(paid.debts().count(), 0);
    after(history()).at(noon(21)).acting(reviewer()).when(review()).then_refused("OUTSIDE_AGENCY");
}

#[test]
fn a_draft_on_its_way_does_not_undo_the_reform() {
    for step in Step::ALL {
        let history = || [published()].into_iter().chain(up_to(Some(step), 1)).chain([transferred(2, "甲", 20)]);
        let state = Entry::<Item>::fold(&history().collect::<Vec<_>>());
        assert_eq!(state.step(), Some(step), "the draft stays where it is");
        let approve = domain::entry::Approve { effective_from: Some(noon(25)), ..approve("乙") };
        let approving = after(history()).acting(Acting { scope: Scope::City, ..approver() }).when(approve);
        approving.then_refused(match step {
            Step::Draft | Step::Returned => "NOT_SUBMITTED",
            Step::Submitted => "NOT_REVIEWED",
            Step::Reviewed => "DRAFT_OUTDATED",
        });
    }
}

#[test]
fn a_draft_goes_on_at_the_successor_once_it_follows_the_reform() {
    let history = || [published()].into_iter().chain(up_to(Some(Step::Draft), 1)).chain([transferred(2, "甲", 20)]);
    after(history()).acting(drafter()).when(revise("丙")).then_refused("OUTSIDE_AGENCY");
    after(history()).acting(of_successor(drafter())).when(Submit::default()).then_refused("DRAFT_OUTDATED");
    let state = after(history()).acting(of_successor(drafter())).when(Revise { content: moved("丙") }).then_state();
    assert_eq!(state.pending.unwrap().based_on, 2);
}

#[test]
fn an_agency_that_ends_is_repealed_by_the_reform_also_where_it_was_approved_here() {
    let agency = Agency { name: "统计局".into(), ..Agency::default() };
    let approved = || {
        Event::Approved(domain::entry::Approved {
            revision: 1,
            content_hash: Hash::of_content(&agency).unwrap(),
            content: agency.clone().into(),
            effective_from: noon(1),
            document: "某政发〔2026〕1号".into(),
            drafters: vec![drafter().person],
            reviewer: reviewer().person,
            by: of_city(),
        })
    };
    let repeal =
        |reform| Repeal { effective_from: Some(noon(20)), replaced_by: Some(SUCCESSOR.parse().unwrap()), reform, ..repeal("改革") };
    given::<Entry<Agency>>([approved()]).at(noon(10)).when(repeal(None)).then_refused("KEPT_HERE");
    let ended = given::<Entry<Agency>>([approved()]).at(noon(10)).when(repeal(Some(uuid::Uuid::from_u128(9)))).then_state();
    assert_eq!(ended.repeal.unwrap().replaced_by, Some(SUCCESSOR.parse().unwrap()));
}
