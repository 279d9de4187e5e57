//! Whatever was asked while a history happened is answered later as it was then: every register, each list in pages, by terms and by text, each count, and
//! all that is said of each entry, with what is announced.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use common::{Told, acts, code, day};
use domain::{
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
    value::{Channel, Level, OpennessAttribute},
};
use journal::Knowledge;
use projections::{
    Archive, Document, Index, ListQuery, MemoryViews, Moment, Runner, Snapshot, Term, Upcoming, ViewStore, Viewed, count, count_announced,
    list, list_announced,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What is asked of each register on each channel.
fn questions() -> Vec<ListQuery> {
    let by = |terms: Vec<Term>| ListQuery { terms, text: None };
    let about = |text: &str| ListQuery { terms: Vec::new(), text: Some(text.into()) };
    let agency = |at: &str| Term::of_code(Index::Agency, &code(at));
    vec![
        ListQuery::default(),
        by(vec![agency("A1")]),
        by(vec![agency("A2")]),
        by(vec![Term::level(Level::City)]),
        by(vec![Term::of_code(Index::Item, &code("I1"))]),
        by(vec![Term::fixed(Index::Online, "true")]),
        by(vec![Term::attribute(OpennessAttribute::Active)]),
        by(vec![Term::fixed(Index::Abolished, "true")]),
        by(vec![Term::level(Level::City), agency("A1")]),
        about("甲"),
        about("指"),
        about("新名"),
        about("i2"),
    ]
}

/// All that is said of an entry at a moment; of an item also which guides it has, where that is told.
fn said(document: &Document, at: DateTime<Utc>) -> Value {
    fn of<C: Viewed>(document: &Document, at: DateTime<Utc>) -> Option<Value> {
        let view = C::view(document)?;
        let shown = view.shown_at(at).map(|shown| json!({ "revision": shown.revision, "until": shown.effective_until }));
        let announced = view.announced_at(at);
        let upcoming = view.upcoming_at(at).into_iter().map(|upcoming| match upcoming {
            Upcoming::Revision(revision) => json!(revision),
            Upcoming::Repeal(repeal) => json!(repeal),
        });
        Some(json!({ "code": view.code, "shown": shown, "upcoming": upcoming.collect::<Vec<_>>(), "announced": announced }))
    }
    let said = of::<Agency>(document, at).or_else(|| of::<Item>(document, at)).or_else(|| of::<Guide>(document, at));
    said.or_else(|| of::<Material>(document, at)).or_else(|| of::<CatalogueEntry>(document, at)).unwrap()
}

/// Every answer at a moment, by what was asked.
async fn answers(snapshot: &dyn Snapshot, at: DateTime<Utc>) -> BTreeMap<String, Value> {
    let mut answers = BTreeMap::new();
    for place in Channel::ALL.into_iter().flat_map(|channel| Register::ALL.map(|register| (channel, register))) {
        for query in questions() {
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let page = list(snapshot, place, &query, at, after, 2).await.unwrap();
                after = page.documents.last().map(|document| document.code().clone());
                all.extend(page.documents.iter().map(|document| said(document, at)));
                if !page.more {
                    break;
                }
            }
            let counted = count(snapshot, place, &query, at).await.unwrap();
            assert_eq!(counted, all.len(), "{place:?} {query:?}");
            answers.insert(format!("{place:?} {query:?}"), json!(all));
        }
        for agency in [None, Some(code("A1"))] {
            let page = list_announced(snapshot, place, agency.as_ref(), at, None, 100).await.unwrap();
            let counted = count_announced(snapshot, place, agency.as_ref(), at).await.unwrap();
            let all: Vec<_> = page.documents.iter().map(|document| said(document, at)).collect();
            answers.insert(format!("{place:?} announced {agency:?}"), json!({ "all": all, "count": counted }));
        }
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_was_asked_while_it_happened_is_answered_later_as_it_was_then(acts in acts::acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (mut told, mut now) = (Told::new(), 0);
            let (views, mut then) = (Arc::new(MemoryViews::default()), BTreeMap::new());
            let runner = Runner::new(told.journal.clone(), views.clone());
            for (act, on) in acts {
                now = now.max(on);
                acts::act(&mut told, act, now).await;
                runner.catch_up(&|_| ()).await.unwrap();
                let at = day(now) + TimeDelta::hours(12);
                // Of a day the last that was answered: what came after it on that day was recorded at the same time.
                then.insert(at, answers(views.snapshot().await.unwrap().as_ref(), at).await);
            }
            let archive = Archive::new(told.journal.clone());
            for (at, then) in then {
                let snapshot = archive.at(Moment { valid_at: at, knowledge: Knowledge::Moment(at) });
                let later = answers(snapshot.as_ref(), at).await;
                for (question, then) in &then {
                    prop_assert_eq!(&later[question], then, "{} at {}", question, at);
                }
            }
            Ok(())
        })?;
    }

    /// Clocks are set back, and what was recorded then says an earlier time than what came before it. What is known at a moment is what says so, also where
    /// that leaves out something in the middle of a history; asked one by one it is what the whole says.
    #[test]
    fn where_a_clock_was_set_back_each_entry_says_by_itself_what_the_whole_says(acts in acts::acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut told = Told::new();
            for (act, on) in acts {
                acts::act(&mut told, act, on).await;
            }
            let archive = Archive::new(told.journal.clone());
            for at in (0..32).step_by(6).map(|on| day(on) + TimeDelta::hours(12)) {
                let snapshot = archive.at(Moment { valid_at: at, knowledge: Knowledge::Moment(at) });
                answers(snapshot.as_ref(), at).await;
                for key in snapshot.keys().await.unwrap() {
                    let codes = std::slice::from_ref(&key.code);
                    let alone = snapshot.get_many(key.channel, key.register, codes).await.unwrap().remove(0);
                    // So many that the whole is asked.
                    let many = vec![key.code.clone(); 20];
                    let of_whole = snapshot.get_many(key.channel, key.register, &many).await.unwrap().remove(0);
                    // The whole keeps a place for an item that a guide names, of which nothing is said.
                    let says = |document: Option<Document>| {
                        document.map(|document| said(&document, at)).filter(|said| !said["shown"].is_null() || said["upcoming"] != json!([]))
                    };
                    prop_assert_eq!(says(alone), says(of_whole), "{:?} at {}", key, at);
                }
            }
            Ok(())
        })?;
    }
}
