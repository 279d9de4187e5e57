//! Random batches, committed to the store and to the reference: both must answer the same, at once and later.

use std::{future::Future, sync::Arc};

use domain::{
    register::Register,
    value::{Channel, Level},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use super::{
    Broken, Verdict, ensure,
    samples::{changed, code, item, place},
};
use crate::{
    document::Both,
    store::{Batch, MemoryViews, SharedViews, Snapshot, ViewError, ViewStore},
    term::{Index, Term},
};

/// Few, so that batches meet each other.
const ENTRIES: usize = 12;

/// What is said of an entry on a channel.
type Said = (u8, Option<u8>);

/// An entry after a batch: on both channels the same, or on each its own.
#[derive(Debug, Clone)]
enum After {
    Same(Said),
    Each(Option<Said>, Said),
}

fn after() -> impl Strategy<Value = After> {
    let said = || (0..3_u8, prop::option::weighted(0.8, 0..3_u8));
    prop_oneof![
        3 => said().prop_map(After::Same),
        1 => (prop::option::of(said()), said()).prop_map(|(online, counter)| After::Each(online, counter)),
    ]
}

type Changes = std::collections::BTreeMap<usize, After>;

/// Holds stores to the reference with random work. Makes its own runtime: to be called outside of one.
pub fn agrees_with_the_reference<F, Fut>(fresh: F) -> Verdict
where
    F: Fn() -> Fut,
    Fut: Future<Output = Option<SharedViews>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Broken(format!("no runtime for the comparison: {error}")))?;
    let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
    let batches = prop::collection::vec(prop::collection::btree_map(0..ENTRIES, after(), 0..6), 1..8);
    TestRunner::new(config)
        .run(&batches, |batches| {
            let compared = runtime.block_on(async {
                match fresh().await {
                    Some(store) => compare(store, batches).await,
                    None => Ok(()),
                }
            });
            compared.map_err(|Broken(saw)| TestCaseError::fail(saw))
        })
        .map_err(|error| Broken(error.to_string()))
}

async fn compare(store: SharedViews, batches: Vec<Changes>) -> Verdict {
    let reference = MemoryViews::default();
    let mut held = vec![(reference.snapshot().await?, store.snapshot().await?)];
    let mut known: std::collections::HashMap<usize, [bool; 2]> = std::collections::HashMap::new();
    for (number, changes) in (1..).zip(batches) {
        let batch = batch(number, changes, &mut known)?;
        reference.commit(batch.clone()).await?;
        store.commit(batch).await?;
        held.push((reference.snapshot().await?, store.snapshot().await?));
        for (expected, asked) in &held {
            same(expected, asked).await?;
        }
    }
    Ok(())
}

fn batch(number: u64, changes: Changes, known: &mut std::collections::HashMap<usize, [bool; 2]>) -> Result<Batch, Broken> {
    let at = place(number);
    let document = |entry, (name, level): Said| {
        let level = level.map(|level| [Level::City, Level::County, Level::Township][usize::from(level)]);
        item(entry, &format!("名{name}"), level, at)
    };
    let mut all = Vec::new();
    for (entry, after) in changes {
        let both = match after {
            // A channel that holds none now held none before.
            After::Each(None, _) if known.get(&entry).is_some_and(|[online, _]| *online) => continue,
            After::Same(said) => Both::Same(document(entry, said)?),
            After::Each(online, counter) => {
                Both::Each([online.map(|said| document(entry, said)).transpose()?, Some(document(entry, counter)?)])
            }
        };
        known.insert(entry, Channel::ALL.map(|channel| both.on(channel).is_some()));
        all.push(changed(entry, both)?);
    }
    Ok(Batch { changes: all, base: (number > 1).then(|| place(number - 1)), checkpoint: at, begun: Vec::new(), events: number })
}

/// Whether a store says what the reference says, or that it has given the snapshot up.
async fn same(expected: &Arc<dyn Snapshot>, asked: &Arc<dyn Snapshot>) -> Verdict {
    match answers(asked.as_ref()).await {
        Err(ViewError::Outlived) => Ok(()),
        answers_of_store => {
            let (ours, theirs) = (answers(expected.as_ref()).await?, answers_of_store?);
            for (ours, theirs) in ours.iter().zip(&theirs) {
                ensure!(ours == theirs, "expected {ours}\n     got {theirs}");
            }
            Ok(())
        }
    }
}

/// All that can be asked of a snapshot, as texts.
async fn answers(snapshot: &dyn Snapshot) -> Result<Vec<String>, ViewError> {
    let mut all = vec![format!("position {:?}", snapshot.position()), format!("keys {:?}", snapshot.keys().await?)];
    let codes: Vec<_> = (0..ENTRIES).filter_map(|entry| code(entry).ok()).collect();
    let mut queries: Vec<Vec<Term>> = vec![vec![]];
    for level in [Level::City, Level::County] {
        queries.push(vec![Term::level(level)]);
        queries.extend(codes[..3].iter().map(|agency| vec![Term::level(level), Term::of_code(Index::Agency, agency)]));
    }
    queries.push(vec![Term::level(Level::City), Term::level(Level::County)]);
    queries.push(vec![Term::new(Index::All, "")]);
    for channel in Channel::ALL {
        all.push(format!("{channel} {:?}", snapshot.get_many(channel, Register::Item, &codes).await?));
        for terms in &queries {
            let counted = snapshot.count(channel, Register::Item, terms).await?;
            let found = snapshot.find(channel, Register::Item, terms, None, 100).await?;
            let page = snapshot.find(channel, Register::Item, terms, codes.get(4), 2).await?;
            all.push(format!("{channel} {terms:?}: {counted}, {found:?}, {page:?}"));
        }
    }
    Ok(all)
}
