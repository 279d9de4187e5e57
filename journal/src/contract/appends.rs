use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use domain::envelope::StreamVersion;

use super::{
    Verdict, ensure,
    samples::{event, events, is, log, stream, together, whole},
};
use crate::port::{AppendError, Expected, SharedJournal};

/// The versions of a stream count from 0 without gaps, whatever is appended to others in between.
pub(super) async fn versions_are_contiguous(journal: SharedJournal) -> Verdict {
    let mut expected = [Expected::NoStream; 3];
    for append in 0..12 {
        let count = 1 + append % 4;
        let appended = journal.append(&stream(append % 3)?, expected[append % 3], events(append, count)).await?;
        let last = StreamVersion(expected[append % 3].first().0 + count as u64 - 1);
        ensure!(appended.version == last, "an append ends at {:?}, not at {last:?}", appended.version);
        expected[append % 3] = Expected::Version(last);
    }
    for (number, expected) in expected.into_iter().enumerate() {
        let versions: Vec<_> = whole(&*journal, &stream(number)?).await?.iter().map(|event| event.version.0).collect();
        let contiguous: Vec<_> = (0..expected.first().0).collect();
        ensure!(versions == contiguous, "a stream has the versions {versions:?}");
    }
    ensure!(whole(&*journal, &stream(3)?).await?.is_empty(), "a stream has events that nobody appended");
    Ok(())
}

/// An append is there whole or not at all: for a reader in the middle of it, and after a conflict.
pub(super) async fn an_append_is_whole_or_absent(journal: SharedJournal) -> Verdict {
    const BATCH: usize = 10;
    const APPENDS: usize = 30;
    let name = stream(0)?;
    let reader = tokio::spawn({
        let (journal, name) = (journal.clone(), name.clone());
        async move {
            loop {
                let found = whole(&*journal, &name).await?.len();
                ensure!(found % BATCH == 0, "a reader found {found} events of appends of {BATCH}");
                if found == APPENDS * BATCH {
                    return Ok(());
                }
                tokio::task::yield_now().await;
            }
        }
    });
    let mut expected = Expected::NoStream;
    for append in 0..APPENDS {
        let conflict = journal.append(&name, Expected::Version(StreamVersion(9_999)), events(1_000 + append, BATCH)).await;
        ensure!(matches!(conflict, Err(AppendError::Conflict { .. })), "a wrong expectation was answered with {conflict:?}");
        expected = Expected::Version(journal.append(&name, expected, events(append, BATCH)).await?.version);
    }
    let found = log(&*journal, 1_000).await?.len();
    ensure!(found == APPENDS * BATCH, "the log has {found} events of {}", APPENDS * BATCH);
    reader.await.map_err(|error| super::Broken(format!("the reader panicked: {error}")))?
}

/// Of n writers with the same expectation exactly one wins; the others are told where the stream is.
pub(super) async fn one_of_racing_writers_wins(journal: SharedJournal) -> Verdict {
    const WRITERS: usize = 8;
    let mut expected = Expected::NoStream;
    for round in 0..20 {
        let wins = Arc::new(AtomicUsize::new(0));
        together(&journal, WRITERS, |journal, writer| {
            let wins = wins.clone();
            async move {
                match journal.append(&stream(0)?, expected, events(round * WRITERS + writer, 2)).await {
                    Ok(_) => wins.fetch_add(1, Ordering::Relaxed),
                    Err(AppendError::Conflict { actual: Some(actual), .. }) if actual.0 == expected.first().0 + 1 => 0,
                    other => return Err(super::Broken(format!("the loser of a race was told {other:?}"))),
                };
                Ok(())
            }
        })
        .await?;
        let wins = wins.load(Ordering::Relaxed);
        ensure!(wins == 1, "{wins} of {WRITERS} writers with the same expectation won");
        let found = whole(&*journal, &stream(0)?).await?.len();
        ensure!(found == (round + 1) * 2, "after {} wins of two events the stream has {found}", round + 1);
        expected = Expected::Version(StreamVersion(found as u64 - 1));
    }
    Ok(())
}

/// A repeated append writes nothing and is answered as the first time, also after others went on with the stream.
pub(super) async fn a_repeated_append_is_answered_as_the_first(journal: SharedJournal) -> Verdict {
    let (name, other) = (stream(0)?, stream(1)?);
    let first = journal.append(&name, Expected::NoStream, events(0, 2)).await?;
    let second = journal.append(&name, Expected::Version(first.version), events(1, 3)).await?;
    for round in 0..2 {
        let again = journal.append(&name, Expected::NoStream, events(0, 2)).await?;
        ensure!(same(again, first), "the first append, repeated, was answered {again:?} after {first:?}");
        let again = journal.append(&name, Expected::Version(first.version), events(1, 3)).await?;
        ensure!(same(again, second), "the second append, repeated, was answered {again:?} after {second:?}");
        journal
            .append(&other, if round == 0 { Expected::NoStream } else { Expected::Version(StreamVersion(0)) }, events(2 + round, 1))
            .await?;
    }
    let found = log(&*journal, 100).await?;
    ensure!(found.len() == 7, "repeated appends wrote something: {} events instead of 7", found.len());

    // Racing with itself, an append is still one.
    let appended = journal.append(&name, Expected::Version(second.version), events(9, 1)).await?;
    together(&journal, 8, |journal, _| async move {
        let again = journal.append(&stream(0)?, Expected::Version(StreamVersion(4)), events(9, 1)).await?;
        ensure!(same(again, appended), "an append racing with itself was answered {again:?} after {appended:?}");
        Ok(())
    })
    .await
}

/// The position may be unknown for a repeated append; a wrong one may not be given.
fn same(again: crate::port::Appended, first: crate::port::Appended) -> bool {
    again.version == first.version && (again.position.is_none() || again.position == first.position)
}

/// An event id is kept once: the same id in another place is refused, and nothing of that append is kept.
pub(super) async fn an_id_is_kept_once(journal: SharedJournal) -> Verdict {
    let name = stream(0)?;
    let first = journal.append(&name, Expected::NoStream, events(0, 2)).await?;
    let expected = Expected::Version(first.version);
    let attempts = [
        ("later in its stream", name.clone(), expected, vec![event(1, 0), event(0, 1)]),
        ("later in its stream, the whole append", name.clone(), expected, events(0, 2)),
        ("in its place, in another company", name.clone(), Expected::NoStream, vec![event(0, 0), event(1, 1)]),
        ("in another stream", stream(1)?, Expected::NoStream, vec![event(2, 0), event(0, 0)]),
    ];
    for (place, name, expected, events) in attempts {
        let answer = journal.append(&name, expected, events).await;
        let refused = matches!(answer, Err(AppendError::Invalid(_) | AppendError::Conflict { .. }));
        ensure!(refused, "an event id again, {place}, was answered {answer:?}");
    }
    let found = log(&*journal, 100).await?;
    let kept = found.len() == 2 && found.iter().zip(events(0, 2)).all(|(recorded, new)| is(recorded, &new));
    ensure!(kept, "after refused appends the log has {} events instead of 2", found.len());
    // What was refused together with a known id can be appended without it.
    journal.append(&name, expected, vec![event(1, 0)]).await?;
    Ok(())
}
