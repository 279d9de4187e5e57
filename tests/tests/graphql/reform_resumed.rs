//! A reform that was cut off half way, and what it names changed before it was completed: it is completed as far as it can be, and what
//! cannot be done is told.

use std::sync::{Arc, atomic::AtomicUsize};

use api::registrar::{
    Acted,
    reform::{Act, Authority, Done, Outcome, Reformer},
};
use chrono::{DateTime, Utc};
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    codec::Registered,
    decider::Circumstances,
    entry::{Command, Correct, Repeal, State},
    envelope::{ActorId, Code},
    register::{Agency, Item, Register},
};
use journal::{
    SharedJournal, load,
    transact::{Budget, ExpectedVersion, Outcome as Transacted, Request, transact},
};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    desk::{agency, code},
    reform::{city, item_of},
    reform_cut::{Cut, act},
    support::{day, made},
};

/// Who gives what a list says.
const LIST: &str = "LIST";

/// Gives a command beside the reform.
async fn beside<C: Registered>(journal: &SharedJournal, at: &str, of: Option<&str>, command: impl Into<Command<C>>) {
    let scope = of.map_or(Scope::City, |agency| Scope::Agency(code(agency)));
    let capacity = match of {
        Some(LIST) => Capacity::Import,
        _ => Capacity::Person(Acting { person: PersonId::new("p-beside"), role: Role::Approver, scope }),
    };
    let command = command.into();
    let id = Uuid::new_v5(&Uuid::nil(), format!("{at} {command:?}").as_bytes());
    let circumstances = Circumstances { now: made(), actor: ActorId::new("beside"), capacity, command: id };
    let request = Request { code: code(at), expected: ExpectedVersion::Any, command, circumstances };
    let outcome = transact::<C>(journal.as_ref(), request, Budget::default()).await.unwrap();
    assert!(matches!(outcome, Transacted::Applied(_)), "{at}: {outcome:?}");
}

fn reformer(journal: SharedJournal, now: DateTime<Utc>) -> Reformer {
    Reformer::new(journal, Arc::new(move || now), Authority::Register(ActorId::new("reform")))
}

/// A register in which the reform was cut off after some appends.
async fn cut_after(appends: usize) -> SharedJournal {
    let inner = city().await.journal;
    let stopped = Arc::new(Notify::new());
    let cut = Cut { inner: inner.clone(), left: AtomicUsize::new(appends), kept: false, stopped: stopped.clone() };
    tokio::select! {
        done = async { reformer(Arc::new(cut), made()).reform(&act(), false, &|_, _| ()).await } => panic!("it came to its end: {done:?}"),
        () = stopped.notified() => {}
    }
    inner
}

async fn completed(journal: &SharedJournal, act: &Act, now: DateTime<Utc>) -> Vec<Done> {
    let outcome = reformer(journal.clone(), now).reform(act, false, &|_, _| ()).await.unwrap();
    let Outcome::Carried { done, defects, .. } = outcome else { panic!("what was begun is completed: {outcome:?}") };
    assert_eq!(defects, []);
    done
}

async fn state<C: Registered>(journal: &SharedJournal, at: &Code) -> State<C> {
    load::<C>(journal.as_ref(), at).await.unwrap().state
}

async fn agency_of(journal: &SharedJournal, at: &str) -> String {
    state::<Item>(journal, &code(at)).await.in_force_at(day(30)).unwrap().content.agency.to_string()
}

fn refused(done: &[Done]) -> Vec<(&str, &str)> {
    done.iter().filter_map(|done| Some((done.step.entry.code.as_str(), done.refusal()?.code()))).collect()
}

fn changed(done: &[Done]) -> usize {
    done.iter().filter(|done| !matches!(done.acted, Acted::Unchanged | Acted::Refused(_))).count()
}

/// The new agency of the plan.
fn founded(done: &[Done]) -> Code {
    done.iter().find(|done| matches!(done.step.what, api::registrar::reform::What::Found(_))).unwrap().step.entry.code.clone()
}

#[tokio::test]
async fn an_item_of_the_plan_that_was_repealed_meanwhile_is_told_and_all_else_is_completed() {
    // Only the new agency is there; I2 goes by a row of its own.
    let journal = cut_after(1).await;
    let repeal = Repeal { effective_from: None, reason: "法律修改".into(), document: None, replaced_by: None, reform: None };
    beside::<Item>(&journal, "I2", Some(LIST), repeal).await;
    let done = completed(&journal, &act(), made()).await;
    assert_eq!(refused(&done), [("I2", "ENTRY_REPEALED")]);
    assert_eq!(agency_of(&journal, "I1").await, founded(&done).to_string());
    assert!(state::<Agency>(&journal, &code("OLD1")).await.repeal.is_some());
    let again = completed(&journal, &act(), day(31)).await;
    assert_eq!((changed(&again), refused(&again)), (0, vec![("I2", "ENTRY_REPEALED")]));
}

#[tokio::test]
async fn what_the_plan_names_by_a_name_that_was_corrected_meanwhile_is_found_all_the_same() {
    let row = |row, from: &str, item: Option<&str>, to: &str| exchange::PlanRow {
        row,
        from: from.into(),
        item: item.map(Into::into),
        to: Some(to.into()),
        ..exchange::PlanRow::default()
    };
    let plan = vec![row(2, "工商局", None, "市场监管局"), row(3, "工商局", Some("年检"), "质监局")];
    let by_name = Act::new(None, plan, "某政发〔2026〕9号".into(), day(30));
    let inner = city().await.journal;
    let stopped = Arc::new(Notify::new());
    let cut = Cut { inner: inner.clone(), left: AtomicUsize::new(1), kept: false, stopped: stopped.clone() };
    tokio::select! {
        done = async { reformer(Arc::new(cut), made()).reform(&by_name, false, &|_, _| ()).await } => panic!("{done:?}"),
        () = stopped.notified() => {}
    }
    let correct = |name: &str| Correct {
        content: item_of("OLD1", name),
        reason: "有误".into(),
        document: None,
        effective_from: None,
        beside: Vec::new(),
    };
    beside::<Item>(&inner, "I2", Some("OLD1"), correct("年度检验")).await;
    let renamed =
        Correct {
            content: agency("工商行政管理局"), reason: "有误".into(), document: None, effective_from: None, beside: Vec::new()
        };
    beside::<Agency>(&inner, "OLD1", None, renamed).await;
    let done = completed(&inner, &by_name, made()).await;
    assert_eq!(refused(&done), []);
    assert_eq!((agency_of(&inner, "I1").await, agency_of(&inner, "I2").await), ("NEW".to_owned(), "OLD2".to_owned()));
    assert_eq!(state::<Item>(&inner, &code("I2")).await.in_force_at(day(30)).unwrap().content.name, "年度检验");
    assert_eq!(changed(&completed(&inner, &by_name, made()).await), 0);
}

#[tokio::test]
async fn a_new_agency_that_got_a_further_revision_is_still_the_one_of_the_plan() {
    for appends in [1, 3, usize::MAX] {
        let journal = if appends == usize::MAX { city().await.journal } else { cut_after(appends).await };
        let done = if appends == usize::MAX { completed(&journal, &act(), made()).await } else { Vec::new() };
        let new = domain::value::AssignedCode::new(Register::Agency, &["agency", "市场监督管理局"], 0).as_str().parse::<Code>().unwrap();
        let latest = state::<Agency>(&journal, &new).await.latest.unwrap();
        let content = Agency { short_names: vec!["市监局".into()], ..Agency::clone(&latest.content) };
        let correct =
            Correct {
                content, reason: "缺简称".into(), document: None, effective_from: Some(latest.effective_from), beside: Vec::new()
            };
        beside::<Agency>(&journal, new.as_str(), None, correct).await;
        let again = completed(&journal, &act(), made()).await;
        assert_eq!((refused(&again), agency_of(&journal, "I1").await), (vec![], new.to_string()), "cut after {appends}");
        assert_eq!(state::<Agency>(&journal, &new).await.latest.unwrap().content.short_names, ["市监局"]);
        if appends == usize::MAX {
            assert_eq!((changed(&again), again.len()), (0, done.len()), "a finished act is told unchanged");
        }
    }
}

#[tokio::test]
async fn what_came_to_an_agency_after_the_act_was_begun_is_taken_along_when_it_is_completed() {
    let journal = cut_after(2).await;
    let source = domain::entry::Source { file: "list".into(), ..Default::default() };
    beside::<Item>(&journal, "I9", Some(LIST), domain::entry::Adopt { content: item_of("OLD2", "新进事项"), source, effective_from: None })
        .await;
    let done = completed(&journal, &act(), made()).await;
    assert_eq!(refused(&done), []);
    assert_eq!(agency_of(&journal, "I9").await, founded(&done).to_string());
}
