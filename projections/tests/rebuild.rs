//! A rebuilt view equals the live one byte for byte, and the indexes say what the documents say, after any history.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::sync::Arc;

use common::{
    Told,
    acts::{Act, act, acts},
    code, day, item,
};
use domain::{
    envelope::Code,
    register::Register,
    value::{Channel, Level, OpennessAttribute},
};
use projections::{
    Document, Index, ListQuery, MemoryViews, Runner, Snapshot, Term, ViewStore, check_rebuild, count, digest, list, views_of,
};
use proptest::prelude::*;

/// Lists and counts by terms equal those by looking at every document.
async fn indexes_hold(snapshot: &Arc<dyn Snapshot>, now: i64) -> Result<(), TestCaseError> {
    let queries = [
        (Register::Item, vec![]),
        (Register::Item, vec![Term::level(Level::City)]),
        (Register::Guide, vec![]),
        (Register::Guide, vec![Term::new(Index::Item, "I1")]),
        (Register::Guide, vec![Term::new(Index::Online, "true"), Term::new(Index::Item, "I2")]),
        (Register::Openness, vec![]),
        (Register::Openness, vec![Term::level(Level::Township), Term::new(Index::Agency, "A1")]),
        (Register::Openness, vec![Term::new(Index::Topic, "教育")]),
        (Register::Openness, vec![Term::new(Index::Item, "I1"), Term::attribute(OpennessAttribute::Partial)]),
        (Register::Openness, vec![Term::new(Index::Guide, "G2")]),
    ];
    for channel in Channel::ALL {
        for (register, terms) in &queries {
            let mut expected: Vec<Code> = Vec::new();
            for key in snapshot.keys().await.unwrap() {
                if (key.channel, key.register) == (channel, *register) {
                    let document = snapshot.get_many(channel, *register, std::slice::from_ref(&key.code)).await.unwrap().remove(0).unwrap();
                    if shown_with(&document, terms, now) {
                        expected.push(key.code);
                    }
                }
            }
            let query = ListQuery { terms: terms.clone(), text: None };
            let page = list(snapshot.as_ref(), (channel, *register), &query, day(now), None, 100).await.unwrap();
            let listed: Vec<_> = page.documents.iter().map(|d| d.code().clone()).collect();
            prop_assert_eq!(&listed, &expected, "{:?} on day {}", terms, now);
            let counted = count(snapshot.as_ref(), (channel, *register), &query, day(now)).await.unwrap();
            prop_assert_eq!(counted, expected.len(), "{:?} on day {}", terms, now);
        }
    }
    Ok(())
}

/// Asked of the content itself, without terms of any kind.
fn shown_with(document: &Document, terms: &[Term], now: i64) -> bool {
    match document {
        Document::Item(view) => view
            .shown_at(day(now))
            .is_some_and(|shown| terms.iter().all(|t| t.index != Index::Level || shown.content.level == Some(Level::City))),
        Document::Guide(view) => view.shown_at(day(now)).is_some_and(|shown| {
            terms.iter().all(|t| match t.index {
                Index::Item => shown.content.item == code(t.value.as_str()),
                Index::Online => shown.content.online.is_some(),
                _ => true,
            })
        }),
        Document::CatalogueEntry(view) => view.shown_at(day(now)).is_some_and(|shown| {
            let line = &shown.content;
            terms.iter().all(|t| match t.index {
                Index::Level => line.levels.contains(&Level::Township),
                Index::Agency => line.agency == code(t.value.as_str()),
                Index::Topic => line.topic.as_deref() == Some(t.value.as_str()),
                Index::Item => line.item == Some(code(t.value.as_str())),
                Index::Guide => line.guide == Some(code(t.value.as_str())),
                Index::Attribute => line.attribute == Some(OpennessAttribute::Partial),
                _ => true,
            })
        }),
        Document::Agency(_) | Document::Material(_) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rebuilt_views_equal_live_ones_after_any_history(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut told = Told::new();
            let live = Arc::new(MemoryViews::default());
            let runner = Runner::new(told.journal.clone(), live.clone());
            for (what, now) in acts {
                if matches!(what, Act::CatchUp) {
                    runner.catch_up(&|_| ()).await.unwrap();
                } else {
                    act(&mut told, what, now).await;
                }
            }
            runner.catch_up(&|_| ()).await.unwrap();
            let live = live.snapshot().await.unwrap();
            let rebuilt = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
            let check = check_rebuild(live.as_ref(), rebuilt.as_ref()).await.unwrap();
            prop_assert_eq!(&check.differences, &vec![]);
            prop_assert_eq!(digest(live.as_ref()).await.unwrap(), digest(rebuilt.as_ref()).await.unwrap());
            for key in live.keys().await.unwrap() {
                let document = live.get_many(key.channel, key.register, &[key.code]).await.unwrap().remove(0).unwrap();
                let decoded = Document::decode(key.register, &document.encode().unwrap()).unwrap();
                prop_assert_eq!(&decoded, &document, "a document survives its stored form");
            }
            // Not before the last recorded moment: the terms are of the views, and those are of that moment.
            for now in [29, 35, 39, 60] {
                indexes_hold(&live, now).await?;
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_difference_is_found_and_named() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    let one = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let mut other = Told::new();
    other.adopt("I1", day(1), item("乙"), None).await;
    let two = views_of(other.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let check = check_rebuild(one.as_ref(), two.as_ref()).await.unwrap();
    assert_eq!(check.differences.len(), 2, "one a channel");
    assert_eq!(check.differences[0].what, "the bytes differ");
    assert_ne!(digest(one.as_ref()).await.unwrap(), digest(two.as_ref()).await.unwrap());
    told.adopt("I2", day(1), item("甲"), None).await;
    let later = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    assert!(check_rebuild(one.as_ref(), later.as_ref()).await.is_err(), "views at different places are not compared");
}
