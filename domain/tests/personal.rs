//! What is said in a reason or as the number of a document is public and for ever, and says nothing by which a person is found.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::*;
use domain::{
    acting::Acting,
    changeset::{self, ChangeSet},
    deadline::{DeadlineRules, LayDown},
    decider::Decider,
    entry::{Approve, Command, Correct, Entry, Repeal, Return, Step, Suspend, Transfer, Withdraw},
    register::Item,
    scenario::given,
};

const NUMBERS: [&str; 3] = ["请致电139 1234 5678", "证件11010519491231002X", "写信到a.b@example.com"];

/// What is refused, and of which field.
fn refused(history: &[ItemEvent], by: Acting, command: impl Into<Command<Item>>) -> (&'static str, Option<String>) {
    let circumstances = domain::decider::Circumstances { capacity: domain::acting::Capacity::Person(by), ..circumstances(10) };
    let refusal = Entry::<Item>::decide(&Entry::<Item>::fold(history), command.into(), &circumstances).unwrap_err();
    (refusal.code(), refusal.field)
}

#[test]
fn no_reason_and_no_document_of_an_entry_holds_what_a_person_is_found_by() {
    let published = || vec![adopted(1, "甲", "2025", 1)];
    let drafted = |step| published().into_iter().chain(up_to(Some(step), 1)).collect::<Vec<_>>();
    for text in NUMBERS {
        let text = || text.to_owned();
        let of = |field: &str| ("PERSONAL_DATA", Some(field.to_owned()));
        assert_eq!(refused(&published(), approver(), Suspend { reason: text(), ..suspend(None) }), of("reason"));
        assert_eq!(refused(&published(), approver(), Repeal { reason: text(), ..repeal("x") }), of("reason"));
        assert_eq!(refused(&published(), approver(), Repeal { document: Some(text()), ..repeal("x") }), of("documentNumber"));
        assert_eq!(refused(&published(), approver(), Correct { reason: text(), ..correct("乙") }), of("reason"));
        assert_eq!(refused(&published(), approver(), Correct { document: Some(text()), ..correct("乙") }), of("documentNumber"));
        assert_eq!(refused(&drafted(Step::Submitted), reviewer(), Return { reason: text() }), of("reason"));
        assert_eq!(refused(&drafted(Step::Draft), drafter(), Withdraw { reason: text() }), of("reason"));
        assert_eq!(refused(&drafted(Step::Reviewed), approver(), Approve { document: text(), ..approve("乙") }), of("documentNumber"));
        assert_eq!(refused(&published(), of_city(), Transfer { document: text(), ..transfer(20) }), of("documentNumber"));
    }
    given::<Entry<Item>>(published())
        .at(noon(10))
        .acting(approver())
        .when(Suspend { reason: "咨询0513-85098888，依据某政发〔2026〕12号".into(), ..suspend(None) })
        .then([domain::entry::Event::Suspended(domain::entry::Suspended {
            reason: "咨询0513-85098888，依据某政发〔2026〕12号".into(),
            ..match suspended(10, None) {
                domain::entry::Event::Suspended(suspended) => suspended,
                other => panic!("{other:?}"),
            }
        })]);
}

#[test]
fn a_name_is_one_line() {
    for name in ["取水\n许可", "取水\t许可", "取水\u{2028}许可", "取水\u{2029}许可", "取水\u{85}许可"] {
        let (code, field) = refused(&[], drafter(), draft(name));
        assert_eq!((code, field.as_deref()), ("CONTENT_INVALID", Some("content.name")), "{name:?}");
    }
}

#[test]
fn what_is_missing_of_a_decision_is_asked_for_by_another_article_than_what_is_missing_of_a_content() {
    let history = [adopted(1, "甲", "2025", 1)].into_iter().chain(up_to(Some(Step::Reviewed), 1)).collect::<Vec<_>>();
    let circumstances = domain::decider::Circumstances { capacity: domain::acting::Capacity::Person(approver()), ..circumstances(10) };
    let approve = Approve { document: " ".into(), ..approve("乙") };
    let refusal = Entry::<Item>::decide(&Entry::<Item>::fold(&history), approve.into(), &circumstances).unwrap_err();
    assert_eq!((refusal.code(), refusal.rule()), ("CONTENT_INCOMPLETE", "Art. 7"));
}

#[test]
fn nor_that_of_a_rule_of_deadlines() {
    for text in NUMBERS {
        let command = LayDown { code: "ART-7".parse().unwrap(), rule: None, effective_from: None, document: text.into() };
        given::<DeadlineRules>([]).when(command).then_refused("PERSONAL_DATA");
    }
}

#[test]
fn nor_that_of_a_change_set() {
    let member = changeset::Member {
        register: domain::register::Register::Item,
        code: "I1".parse().unwrap(),
        kind: changeset::Kind::Gone,
        content_hash: None,
        follows: 1,
        reason: Some("原因".into()),
    };
    let propose = |reason: &str| changeset::Propose {
        origin: changeset::Origin { title: "清单".into(), ..changeset::Origin::default() },
        agency: Some(AGENCY.parse().unwrap()),
        members: vec![changeset::Member { reason: Some(reason.into()), ..member.clone() }],
    };
    for text in NUMBERS {
        given::<ChangeSet>([]).at(noon(10)).acting(drafter()).when(propose(text)).then_refused("PERSONAL_DATA");
        let circumstances = domain::decider::Circumstances { capacity: domain::acting::Capacity::Person(drafter()), ..circumstances(10) };
        let proposed = ChangeSet::decide(&changeset::State::default(), propose("法律修改").into(), &circumstances).unwrap();
        let after = || given::<ChangeSet>(proposed.clone()).at(noon(10));
        after().acting(reviewer()).when(changeset::Return { reason: text.into() }).then_refused("PERSONAL_DATA");
        after().acting(drafter()).when(changeset::Withdraw { reason: text.into() }).then_refused("PERSONAL_DATA");
    }
}
