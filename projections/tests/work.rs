//! The index of what is on its way: however it came to be, it says the same.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::{Told, day, guide, item, person};
use domain::{
    acting::{PersonId, Role},
    entry::{Correct, Return, Review, Step, Suspend, Withdraw},
    register::Item,
};
use projections::Work;
use proptest::prelude::*;

/// Something that happens to one of three items.
async fn happen(told: &mut Told, n: i64, at: &str, what: u8) {
    let now = day(n + 1);
    let content = item(&format!("第{n}稿"));
    let reviewer = || person("p-reviewer", Role::Reviewer, &item(""));
    match what {
        0 => told.adopt(at, now, content, None).await,
        1 => told.draft(at, now, content).await,
        2 => told.carry::<Item>(at, now, Step::Submitted, None).await,
        3 => told.carry::<Item>(at, now, Step::Reviewed, None).await,
        4 => told.carry::<Item>(at, now, Step::Draft, None).await,
        5 => told.by::<Item>(reviewer(), at, now, Return { reason: "缺依据".into() }).await,
        6 => told.by::<Item>(person("p-drafter", Role::Drafter, &item("")), at, now, Withdraw { reason: "不需要".into() }).await,
        7 => {
            let correct = Correct { content, reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() };
            told.as_approver(at, now, correct).await;
        }
        8 => {
            let debt = told.state::<Item>(at).await.debts().next().map(|debt| (debt.content_hash, debt.revision));
            if let Some((content_hash, revision)) = debt {
                told.by::<Item>(reviewer(), at, now, Review { content_hash, revision: Some(revision) }).await;
            }
        }
        9 => told.as_approver::<Item>(at, now, Suspend { reason: "系统升级".into(), until: None }).await,
        _ => told.repeal::<Item>(at, now, None).await,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// One that followed event by event, one that looked now and then, and one that is built anew hold the same.
    #[test]
    fn what_was_followed_and_what_is_built_anew_are_the_same(steps in prop::collection::vec((0..3_usize, 0..11_u8, any::<bool>()), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let mut told = Told::new();
            let (followed, at_times) = (Work::new(told.journal.clone()), Work::new(told.journal.clone()));
            for (n, (at, what, look)) in (0..).zip(steps) {
                happen(&mut told, n, ["I1", "I2", "I3"][at], what).await;
                followed.catch_up().await.unwrap();
                if look {
                    at_times.catch_up().await.unwrap();
                }
            }
            let anew = Work::new(told.journal.clone()).rows().await.unwrap();
            prop_assert_eq!(&followed.rows().await.unwrap(), &anew);
            prop_assert_eq!(&at_times.rows().await.unwrap(), &anew);
            // And it says what the entries say.
            for at in ["I1", "I2", "I3"] {
                let state = told.state::<Item>(at).await;
                let open = anew.iter().find(|(entry, _)| entry.code.as_str() == at).map(|(_, open)| open);
                prop_assert_eq!(open.and_then(|open| open.step), state.step());
                prop_assert_eq!(open.map_or(0, |open| open.corrected_by.len()), state.debts().count());
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn drafts_are_counted_by_person_until_they_are_published_or_withdrawn() {
    let mut told = Told::new();
    let work = Work::new(told.journal.clone());
    let person = PersonId::new("p-drafter");
    told.draft("I1", day(1), item("甲")).await;
    told.draft("G1", day(1), guide("乙", "I1")).await;
    assert_eq!(work.drafts_of(&person).await.unwrap(), 2);
    assert_eq!(work.drafts_of(&PersonId::new("p-other")).await.unwrap(), 0);
    told.carry::<Item>("I1", day(2), Step::Draft, None).await;
    assert_eq!(work.drafts_of(&person).await.unwrap(), 1);
    let away = Withdraw { reason: "不需要".into() };
    told.by::<domain::register::Guide>(common::person("p-drafter", Role::Drafter, &guide("", "I1")), "G1", day(3), away).await;
    assert_eq!(work.drafts_of(&person).await.unwrap(), 0);
}

#[tokio::test]
async fn what_has_waited_longest_comes_first_and_pages_go_on_where_they_ended() {
    let mut told = Told::new();
    for at in ["I3", "I1", "I2"] {
        told.draft(at, day(1), item("甲")).await;
    }
    told.draft("I3", day(2), item("乙")).await;
    let work = Work::new(told.journal.clone());
    let first = work.waiting(|_| true, None, 2).await.unwrap();
    let names = |waiting: &projections::Waiting| waiting.entries.iter().map(|(_, name)| name.code.to_string()).collect::<Vec<_>>();
    assert_eq!((names(&first), first.more, first.total), (vec!["I1".into(), "I2".into()], true, 3));
    let second = work.waiting(|_| true, first.entries.last().map(|(place, _)| *place), 2).await.unwrap();
    assert_eq!((names(&second), second.more), (vec!["I3".into()], false));
}
