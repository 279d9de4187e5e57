//! What was decided of a set and has not reached a member yet is not undone singly: the member waits until it is reached.

use std::sync::Arc;

use api::{
    auth::Caller,
    clock::Clock,
    registrar::{
        change::{Ask, Became, Desk, Refused, Said, change},
        changeset::Completer,
        reform::{Act, Authority, Outcome, Reformer},
    },
};
use chrono::TimeDelta;
use domain::{
    acting::Role,
    entry::{Approve, Correct, Repeal, Return, Suspend, Withdraw},
    envelope::{ActorId, Code},
    register::{Agency, Item},
    value::Hash,
};
use exchange::PlanRow;
use journal::{faults::Fault, transact::ExpectedVersion};
use serde_json::json;
use uuid::Uuid;

use super::{faults::cut, support::*};

/// Asks for a change of one entry as the schema does; the refusal, if there is one.
pub async fn alone(desk: &Desk, who: &Caller, at: &str, said: Said) -> Option<Refused> {
    let id = Uuid::new_v5(&Uuid::nil(), format!("alone {at} {said:?}").as_bytes());
    let ask = Ask { id, code: code(at), expected: ExpectedVersion::Any, said };
    match change::<Item>(desk, who, ask, now() + TimeDelta::seconds(1)).await.unwrap().became {
        Became::Refused(refused) => Some(refused),
        Became::Applied(_) => None,
        other => panic!("{at}: {other:?}"),
    }
}

pub async fn refused(desk: &Desk, who: &Caller, at: &str, said: Said) -> String {
    alone(desk, who, at, said).await.map_or_else(|| "APPLIED".to_owned(), |refused| refused.code.to_owned())
}

pub fn withdraw_alone() -> Said {
    Said::Withdraw(Withdraw { reason: "误".into() })
}

pub fn return_alone() -> Said {
    Said::Return(Return { reason: "误".into() })
}

fn repeal_alone() -> Said {
    Said::Repeal(Repeal { effective_from: None, reason: "另行取消".into(), document: None, replaced_by: None, reform: None })
}

fn correct_alone() -> Said {
    let content = serde_json::to_value(item("更正")).unwrap();
    Said::Correct { content, reason: "有误".into(), document: None, effective_from: None }
}

fn later() -> Clock {
    Arc::new(|| now() + TimeDelta::minutes(1))
}

/// A set of N1, I1 and I2, approved and cut off after so many appends: the first is that of the set, and what is gone comes before drafts.
async fn cut_off(after: usize) -> (Bench, Code) {
    let bench = Bench::new().await;
    let set = bench.reviewed().await;
    let broken = cut(&bench.desk.journal, after, &Fault::NotExecuted);
    assert_eq!(word(&broken.ask(&approver(), 60, &set, bench.approve(&set).await).await), "UNKNOWN");
    (bench, set)
}

const WAITS: &str = "MEMBER_OF_DECIDED_SET";

#[tokio::test(start_paused = true)]
async fn a_member_of_a_decided_set_that_was_not_reached_is_nobodys_draft_and_waits_for_nobody() {
    let ended = async |broken: &Bench, whole: &Bench, set: &Code, is_approved: bool| {
        let told = if is_approved {
            broken.ask(&approver(), 60, set, whole.approve(set).await).await
        } else {
            broken.ask(&drafter(), 60, set, withdraw()).await
        };
        assert_eq!(word(&told), "UNKNOWN");
    };
    for is_approved in [true, false] {
        let bench = Bench::new().await;
        let set = bench.reviewed().await;
        let broken = cut(&bench.desk.journal, 1, &Fault::NotExecuted);
        ended(&broken, &bench, &set, is_approved).await;
        // The node that went on, and one that knows nothing but the journal; it is bounded to one draft a person.
        let anew = Desk { most_open_drafts: 1, ..Desk::new(bench.desk.journal.clone()) };
        for desk in [&bench.desk, &anew] {
            assert_eq!(desk.work.drafts_of(drafter().person()).await.unwrap(), 0);
            assert!(desk.work.waiting(|_| true, None, 9).await.unwrap().entries.is_empty());
        }
        let more = Bench { desk: anew };
        assert_eq!(word(&more.propose(&drafter(), 70, None, vec![to("N9", "又一")]).await), "APPLIED");
        assert_eq!(more.desk.work.drafts_of(drafter().person()).await.unwrap(), 1, "the new one counts");
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_of_an_approved_set_is_not_undone_singly_before_it_is_reached() {
    let (bench, set) = cut_off(1).await;
    // Another node, which knows nothing but the journal.
    let desk = Desk::new(bench.desk.journal.clone());
    let events = bench.events().await;
    let approve = |name: &str| {
        let content_hash = Hash::of_content(&item(name)).unwrap();
        Said::Approve(Approve { content_hash, document: "另文".into(), effective_from: None, beside: Vec::new() })
    };
    for (who, at, said) in [
        (drafter(), "N1", withdraw_alone()),
        (drafter(), "I1", withdraw_alone()),
        (approver(), "I1", return_alone()),
        (approver(), "I1", repeal_alone()),
        (approver(), "I1", correct_alone()),
        (approver(), "I1", approve("事项I1改")),
        (approver(), "I2", repeal_alone()),
        (approver(), "I2", correct_alone()),
        (drafter(), "I2", Said::Draft(json!(item("事项I2改")))),
    ] {
        let verb = said.verb();
        let told = alone(&desk, &who, at, said).await.unwrap_or_else(|| panic!("{verb} {at}"));
        assert_eq!((told.code, told.rule, told.field.as_deref()), (WAITS, "Art. 8(1)", Some("code")), "{verb} {at}");
        assert!(told.zh.contains(set.as_str()) && told.en.contains(set.as_str()), "{}", told.zh);
    }
    assert_eq!(bench.events().await, events, "nothing was written");
    // What is no member does not wait, nor does what takes one out of sight.
    assert_eq!(refused(&desk, &approver(), "I3", correct_alone()).await, "APPLIED");
    assert_eq!(refused(&desk, &approver(), "I1", Said::Suspend(Suspend { reason: "核对".into(), until: None })).await, "APPLIED");
    assert_eq!(refused(&desk, &approver(), "I1", Said::Resume).await, "APPLIED");

    let completed = Completer::default().complete(&desk, &later()).await.unwrap();
    assert_eq!((completed.len(), completed[0].refused.len()), (1, 0));
    assert_eq!([bench.told("N1").await, bench.told("I1").await, bench.told("I2").await], ["新事项 -", "事项I1改 -", "事项I2 - repealed"]);
    // From then on each goes its own way again.
    assert_eq!(refused(&desk, &approver(), "I1", correct_alone()).await, "APPLIED");
    assert_eq!(refused(&desk, &drafter(), "N1", withdraw_alone()).await, "NO_DRAFT");
}

#[tokio::test(start_paused = true)]
async fn only_what_was_not_reached_waits() {
    // The set and what is gone.
    let (bench, _) = cut_off(2).await;
    let desk = Desk::new(bench.desk.journal.clone());
    assert_eq!(bench.told("I2").await, "事项I2 - repealed");
    assert_eq!(refused(&desk, &approver(), "I2", correct_alone()).await, "ENTRY_REPEALED");
    assert_eq!(refused(&desk, &drafter(), "I1", withdraw_alone()).await, WAITS);
}

#[tokio::test(start_paused = true)]
async fn a_member_that_refuses_what_was_decided_is_named_and_waits_no_more() {
    let (bench, set) = cut_off(1).await;
    // In the very moment, by somebody who looked before the set was approved.
    let correct = Correct { content: item("更正"), reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() };
    bench.singly("p-c", Role::Approver, "I1", correct).await;
    let desk = Desk::new(bench.desk.journal.clone());
    let completed = Completer::default().complete(&desk, &later()).await.unwrap();
    let named: Vec<_> = completed[0].refused.iter().map(|member| format!("{} {}", member.entry, member.refused.code)).collect();
    assert_eq!((&completed[0].code, named), (&set, vec!["item-I1 DRAFT_OUTDATED".to_owned()]));
    assert!(!completed[0].refused[0].refused.en.is_empty());
    // Its draft is left to those who wrote it.
    assert_eq!(refused(&desk, &drafter(), "I1", withdraw_alone()).await, "APPLIED");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_told_the_code_of_a_set_that_is_not_theirs_to_know() {
    let bench = Bench::new().await;
    bench.adopt("J1", of("A2", "别家的事项")).await;
    // Of two agencies, and so the city's.
    let changes = vec![to("I1", "事项I1改"), api::registrar::changeset::Change::to(code("J1"), of("A2", "别家的事项改"), None)];
    let city = |person, role| caller(person, role, None);
    let proposed = bench.propose(&city("p-d", Role::Drafter), 1, None, changes).await.unwrap();
    let set = proposed.code;
    assert_eq!(word(&bench.ask(&city("p-r", Role::Reviewer), 2, &set, bench.review(&set).await).await), "APPLIED");
    let broken = cut(&bench.desk.journal, 1, &Fault::NotExecuted);
    assert_eq!(word(&broken.ask(&city("p-a", Role::Approver), 3, &set, bench.approve(&set).await).await), "UNKNOWN");
    let desk = Desk::new(bench.desk.journal.clone());
    let told = alone(&desk, &approver(), "I1", correct_alone()).await.unwrap();
    assert!(told.code == WAITS && !told.zh.contains(set.as_str()) && !told.en.contains(set.as_str()), "{}", told.zh);
}

#[tokio::test(start_paused = true)]
async fn a_reform_hands_no_member_over_before_it_is_reached() {
    let (bench, _) = cut_off(1).await;
    for at in ["A1", "A2"] {
        bench.adopt_any(at, Agency { name: format!("某市{at}局"), ..Agency::default() }).await;
    }
    let plan = vec![PlanRow { row: 2, from: "A1".into(), to: Some("A2".into()), ..PlanRow::default() }];
    let act = Act::new(None, plan, "某政发〔2026〕9号".into(), now() + TimeDelta::days(1));
    let reform = async || {
        let reformer = Reformer::new(bench.desk.journal.clone(), Arc::new(now), Authority::Register(ActorId::new("city")));
        reformer.reform(&act, false, &|_, _| ()).await.unwrap()
    };
    let events = bench.events().await;
    let Outcome::Wrong(defects) = reform().await else { panic!("the members wait") };
    let told: Vec<_> = defects.iter().map(|defect| (defect.row, defect.code, defect.en.contains("item I"))).collect();
    assert_eq!(told, [(Some(2), WAITS, true), (Some(2), WAITS, true)]);
    assert_eq!(bench.events().await, events, "nothing was written");
    Completer::default().complete(&bench.desk, &later()).await.unwrap();
    assert!(matches!(reform().await, Outcome::Carried { defects, .. } if defects.is_empty()));
    assert_eq!(bench.state("I1").await.latest.unwrap().content.agency.as_str(), "A2");
}
