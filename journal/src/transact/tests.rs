//! Whatever fails at a write, nothing is doubled, nothing is called failed that may be there, and the same command given again
//! gets the same answer.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::{
    entry::{Adopt, Adopted, Command, Repeal, Source},
    envelope::{ActorId, Code},
    register::{Agency, Content, Register},
    value::Hash,
};
use uuid::Uuid;

use super::*;
use crate::{
    faults::{Fault, Faulty},
    load::{decode_recorded, load},
    memory::MemoryJournal,
    port::{Expected, SharedJournal},
};

const BUDGET: Budget = Budget { retries: 2, pause: Duration::from_millis(10), longest: Duration::from_secs(1), conflicts: 2 };

fn code() -> Code {
    "A-1".parse().unwrap()
}

fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn circumstances(command: u128) -> Circumstances {
    Circumstances::of_import(noon(), ActorId::new("clerk"), Uuid::from_u128(command))
}

fn named(name: &str) -> Agency {
    Agency { name: name.into(), ..Agency::default() }
}

/// The command to adopt an agency under this name.
fn adopt(command: u128, name: &str, expected: ExpectedVersion) -> Request<Agency> {
    let adopt = Adopt { content: named(name), source: Source::default(), effective_from: None };
    Request { code: code(), expected, command: adopt.into(), circumstances: circumstances(command) }
}

fn memory() -> SharedJournal {
    Arc::new(MemoryJournal::new())
}

/// What another writer appends: the adoption of the agency under this name.
fn by_another(command: u128, name: &str) -> Vec<NewEvent> {
    let event = Event::Adopted(Adopted {
        revision: 1,
        content: Arc::new(named(name)),
        content_hash: Hash::of_content(&named(name)).unwrap(),
        effective_from: noon(),
        source: Source::default().into(),
    });
    new_events::<Entry<Agency>>(&[event], &circumstances(command)).unwrap()
}

async fn give(journal: &dyn Journal, request: &Request<Agency>) -> Result<Outcome<Agency>, TransactError> {
    transact(journal, request.clone(), BUDGET).await
}

/// How many events of a command are in the journal.
async fn kept(journal: &dyn Journal, command: u128) -> usize {
    let page = journal.read_all(None, 1_000).await.unwrap();
    page.events.iter().filter(|event| decode_recorded(event).unwrap().0.command == Uuid::from_u128(command)).count()
}

#[tokio::test]
async fn a_command_is_carried_out_and_found_again() {
    let journal = memory();
    let request = adopt(1, "市统计局", ExpectedVersion::NoStream);
    let Ok(Outcome::Applied(first)) = give(&*journal, &request).await else { panic!("not applied") };
    assert_eq!((first.version, first.events.len()), (StreamVersion(0), 1));
    assert_eq!(journal.head().await.unwrap(), Some(first.position));

    let loaded = load::<Agency>(&*journal, &code()).await.unwrap();
    assert_eq!(loaded.version, Some(StreamVersion(0)));
    assert_eq!(loaded.state.latest.unwrap().content.name(), "市统计局");
    assert_eq!(loaded.history[0].metadata.actor, ActorId::new("clerk"));
    assert_eq!(loaded.history[0].event, first.events[0]);
}

#[tokio::test]
async fn what_is_so_already_changes_nothing_and_what_is_refused_is_not_kept() {
    let journal = memory();
    let _ = give(&*journal, &adopt(1, "市统计局", ExpectedVersion::Any)).await;
    let again = give(&*journal, &adopt(2, "市统计局", ExpectedVersion::Any)).await;
    assert!(matches!(again, Ok(Outcome::Unchanged { version: Some(StreamVersion(0)) })), "{again:?}");
    let refused = give(&*journal, &adopt(3, " ", ExpectedVersion::Any)).await;
    assert!(matches!(refused, Ok(Outcome::Refused(_))), "{refused:?}");
    assert_eq!(journal.read_all(None, 10).await.unwrap().events.len(), 1);
}

#[tokio::test]
async fn a_repeated_command_gets_the_first_answer_after_others_went_on() {
    let journal = memory();
    let request = adopt(1, "市统计局", ExpectedVersion::NoStream);
    let Ok(Outcome::Applied(first)) = give(&*journal, &request).await else { panic!("not applied") };
    let _ = give(&*journal, &adopt(2, "市统计和数据局", ExpectedVersion::Exact(first.version))).await;
    let again = give(&*journal, &request).await;
    assert!(matches!(&again, Ok(Outcome::Repeated(again)) if *again == first), "{again:?}");
}

#[tokio::test]
async fn a_wrong_expectation_is_a_conflict() {
    let journal = memory();
    let conflict = give(&*journal, &adopt(1, "市统计局", ExpectedVersion::Exact(StreamVersion(4)))).await;
    assert!(matches!(conflict, Ok(Outcome::Conflict { actual: None })), "{conflict:?}");
    let _ = give(&*journal, &adopt(2, "市统计局", ExpectedVersion::Any)).await;
    let conflict = give(&*journal, &adopt(3, "市数据局", ExpectedVersion::NoStream)).await;
    assert!(matches!(conflict, Ok(Outcome::Conflict { actual: Some(StreamVersion(0)) })), "{conflict:?}");
}

#[tokio::test]
async fn a_command_id_belongs_to_one_entry() {
    let journal = memory();
    let _ = give(&*journal, &adopt(1, "市统计局", ExpectedVersion::Any)).await;
    let elsewhere = Request { code: "A-2".parse().unwrap(), ..adopt(1, "市统计局", ExpectedVersion::Any) };
    let refused = give(&*journal, &elsewhere).await;
    assert!(matches!(refused, Err(TransactError::Invalid(_))), "{refused:?}");
}

#[tokio::test]
async fn an_event_of_another_register_is_an_error_that_names_it() {
    let journal = memory();
    let mut foreign = by_another(1, "x");
    foreign[0].kind = "item.repealed".to_owned();
    foreign[0].payload = br#"{"effectiveFrom":"2026-01-01T00:00:00Z","reason":"x"}"#.to_vec();
    journal.append(&StreamName::new(Register::Agency, code()), Expected::NoStream, foreign).await.unwrap();
    let error = give(&*journal, &adopt(2, "x", ExpectedVersion::Any)).await.unwrap_err();
    assert_eq!(error.to_string(), "agency-A-1 的第0号事件属于其他登记册 / event 0 of agency-A-1 is of another register: item.repealed");
}

#[tokio::test(start_paused = true)]
async fn a_command_without_an_expectation_is_decided_again_when_overtaken() {
    let inner = memory();
    let journal = Faulty::new(inner.clone(), [Fault::Overtaken(by_another(7, "市数据局"))]);
    let applied = give(&journal, &adopt(1, "市统计局", ExpectedVersion::Any)).await;
    let Ok(Outcome::Applied(applied)) = applied else { panic!("{applied:?}") };
    let [Event::Adopted(adopted)] = &applied.events[..] else { panic!("{applied:?}") };
    assert_eq!((applied.version, adopted.revision), (StreamVersion(1), 2), "it was not decided on what the other writer did");

    // What the other did may make it unnecessary, or forbid it.
    let journal = Faulty::new(memory(), [Fault::Overtaken(by_another(7, "市统计局"))]);
    let unchanged = give(&journal, &adopt(1, "市统计局", ExpectedVersion::Any)).await;
    assert!(matches!(unchanged, Ok(Outcome::Unchanged { .. })), "{unchanged:?}");
}

#[tokio::test(start_paused = true)]
async fn a_command_with_an_expectation_is_not() {
    let journal = Faulty::new(memory(), [Fault::Overtaken(by_another(7, "市数据局"))]);
    let conflict = give(&journal, &adopt(1, "市统计局", ExpectedVersion::NoStream)).await;
    assert!(matches!(conflict, Ok(Outcome::Conflict { actual: Some(StreamVersion(0)) })), "{conflict:?}");
}

#[tokio::test(start_paused = true)]
async fn failing_reads_are_retried_and_then_an_error() {
    let journal = Faulty::new(memory(), []);
    journal.fail_reads(2);
    assert!(matches!(give(&journal, &adopt(1, "x", ExpectedVersion::Any)).await, Ok(Outcome::Applied(_))));
    journal.fail_reads(3);
    assert!(matches!(give(&journal, &adopt(2, "y", ExpectedVersion::Any)).await, Err(TransactError::Load(LoadError::Store(_)))));
}

/// Every sequence of up to four faults at the writes of a command, with and without an expectation.
#[tokio::test(start_paused = true)]
async fn nothing_is_doubled_or_lost_whatever_fails() {
    let kinds = 6_usize;
    for length in 0..=4_u32 {
        for number in 0..kinds.pow(length) {
            let faults: Vec<_> = (0..length).map(|place| fault(number / kinds.pow(place) % kinds, place)).collect();
            for expected in [ExpectedVersion::Any, ExpectedVersion::NoStream] {
                holds_through(&faults, expected).await;
            }
        }
    }
}

fn fault(kind: usize, place: u32) -> Fault {
    match kind {
        0 => Fault::None,
        1 => Fault::NotExecuted,
        2 => Fault::UnknownAndLost,
        3 => Fault::UnknownButKept,
        4 => Fault::WithoutPosition,
        _ => Fault::Overtaken(by_another(100 + u128::from(place), &format!("局{place}"))),
    }
}

async fn holds_through(faults: &[Fault], expected: ExpectedVersion) {
    let inner = memory();
    let journal = Faulty::new(inner.clone(), faults.iter().cloned());
    let request = adopt(1, "市统计局", expected);
    let outcome = give(&journal, &request).await;
    let there = kept(&*inner, 1).await;
    let right = match &outcome {
        Ok(Outcome::Applied(_)) => there == 1,
        Ok(Outcome::Unknown(_)) => there <= 1,
        Ok(Outcome::Conflict { .. }) | Err(TransactError::NotExecuted(_)) => there == 0,
        _ => false,
    };
    assert!(right, "{faults:?}, {expected:?}: {there} events and {outcome:?}");

    // The same command again, now that nothing fails.
    let again = give(&*inner, &request).await;
    match (&outcome, &again) {
        (Ok(Outcome::Applied(first)), Ok(Outcome::Repeated(again))) => assert_eq!(first, again, "{faults:?}"),
        (Ok(Outcome::Unknown(_)), Ok(Outcome::Repeated(_))) => assert_eq!(there, 1),
        (Ok(Outcome::Unknown(_)) | Err(_), Ok(Outcome::Applied(_) | Outcome::Conflict { .. })) => assert_eq!(there, 0),
        (Ok(Outcome::Conflict { .. }), Ok(Outcome::Applied(_) | Outcome::Conflict { .. })) => {}
        _ => panic!("{faults:?}, {expected:?}: first {outcome:?}, again {again:?}"),
    }
    assert!(kept(&*inner, 1).await <= 1, "{faults:?}: doubled");
}

#[tokio::test]
async fn a_repeal_is_appended_behind_the_adoption() {
    let journal = memory();
    let _ = give(&*journal, &adopt(1, "市统计局", ExpectedVersion::Any)).await;
    let repeal = Repeal { effective_from: None, reason: "机构改革".into(), document: None, replaced_by: None, reform: None };
    let request = Request { command: Command::from(repeal), ..adopt(2, "", ExpectedVersion::Exact(StreamVersion(0))) };
    let applied = give(&*journal, &request).await;
    assert!(matches!(&applied, Ok(Outcome::Applied(applied)) if applied.version == StreamVersion(1)), "{applied:?}");
}
