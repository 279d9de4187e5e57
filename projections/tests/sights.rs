//! When channels could show revisions: read from the log at once it is what the streams of each say.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::DateTime;
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    codec::Registered,
    decider::Circumstances,
    entry::{Adopt, Command, Repeal, Resume, Source, Suspend},
    envelope::{ActorId, Code, EntryName},
    register::{Guide, Item, Register},
    value::ItemType,
};
use journal::{Budget, ExpectedVersion, MemoryJournal, Request, SharedJournal, transact};
use projections::{sight_of, sights_by_log};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use uuid::Uuid;

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

async fn give<C: Registered>(journal: &SharedJournal, number: u128, at: &str, capacity: Capacity, command: Command<C>) {
    let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(i64::try_from(number).unwrap());
    let circumstances = Circumstances { now, actor: ActorId::new("test"), capacity, command: Uuid::from_u128(number + 1) };
    let request = Request { code: code(at), expected: ExpectedVersion::Any, command, circumstances };
    let _ = transact::<C>(journal.as_ref(), request, Budget::default()).await.unwrap();
}

/// Items and guides of them to which anything happens; much of it is refused.
async fn happened(acts: Vec<(u8, u8, u8)>) -> SharedJournal {
    let journal: SharedJournal = Arc::new(MemoryJournal::new());
    let acting = Acting { person: PersonId::new("p-a"), role: Role::Approver, scope: Scope::Agency(code("A1")) };
    for (number, (act, of, more)) in (0_u128..).zip(acts) {
        let source = Source { file: "list".into(), ..Source::default() };
        let (item, guide) = (format!("I{of}"), format!("G{of}"));
        let person = || Capacity::Person(acting.clone());
        let suspend = || Suspend { reason: "检修".into(), until: None };
        let repeal = || Repeal { effective_from: None, reason: "取消".into(), document: None, replaced_by: None, reform: None };
        match act {
            0 => {
                let content = Item::new(format!("第{number}稿"), ItemType::Permission, code("A1"));
                give(&journal, number, &item, Capacity::Import, Adopt { content, source, effective_from: None }.into()).await;
            }
            1 => {
                let content = Guide::new(format!("第{number}稿"), code(&format!("I{more}")), code("A1"));
                give(&journal, number, &guide, Capacity::Import, Adopt { content, source, effective_from: None }.into()).await;
            }
            2 => give::<Item>(&journal, number, &item, person(), suspend().into()).await,
            3 => give::<Item>(&journal, number, &item, person(), Resume.into()).await,
            4 => give::<Guide>(&journal, number, &guide, person(), suspend().into()).await,
            5 => give::<Guide>(&journal, number, &guide, person(), Resume.into()).await,
            6 => give::<Item>(&journal, number, &item, Capacity::Import, repeal().into()).await,
            _ => give::<Guide>(&journal, number, &guide, Capacity::Import, repeal().into()).await,
        }
    }
    journal
}

/// One reading of the log says the same as the streams of each.
#[test]
fn what_is_read_from_the_log_is_what_streams_say() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let act = prop_oneof![4 => Just(0_u8), 4 => Just(1), 5 => 2_u8..8];
    let mut runner = TestRunner::new(Config::with_cases(128));
    let ran = runner.run(&vec((act, 0_u8..3, 0_u8..3), 1..40), |acts| {
        runtime.block_on(async {
            let journal = happened(acts).await;
            let entries = |register, word: &'static str| (0..3).map(move |n| EntryName::new(register, code(&format!("{word}{n}"))));
            let entries = entries(Register::Item, "I").chain(entries(Register::Guide, "G"));
            let asked: BTreeSet<(EntryName, u32)> =
                entries.flat_map(|entry| (1..6).map(move |revision| (entry.clone(), revision))).collect();
            let by_log = sights_by_log(journal.as_ref(), asked.clone()).await.unwrap();
            let mut by_streams = BTreeMap::new();
            for (entry, revision) in asked {
                let sight = sight_of(journal.as_ref(), &entry, revision).await.unwrap();
                by_streams.extend(sight.map(|sight| ((entry, revision), sight)));
            }
            assert_eq!(by_log, by_streams);
        });
        Ok(())
    });
    ran.unwrap();
}
