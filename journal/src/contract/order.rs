use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::{
    Broken, Verdict, ensure,
    samples::{events, last, log, stream, together},
};
use crate::port::{Expected, SharedJournal};

/// A reader that has seen position p never later finds a new event at or below p. What a reader collects while many write is
/// compared with the log after they ended: an event that came in behind the reader is missing in what it has.
pub(super) async fn a_reader_never_finds_late_events(journal: SharedJournal) -> Verdict {
    const WRITERS: usize = 8;
    const APPENDS: usize = 50;
    let ended = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn({
        let (journal, ended) = (journal.clone(), ended.clone());
        async move {
            let mut seen = Vec::new();
            loop {
                // Asked first: what is there after the writers ended is all there is.
                let all_there = ended.load(Ordering::Acquire);
                let page = journal.read_all(last(&seen), 7).await?;
                seen.extend(page.events);
                if all_there && page.end {
                    return Ok::<_, Broken>(seen);
                }
                tokio::task::yield_now().await;
            }
        }
    });
    let wrote = together(&journal, WRITERS, |journal, writer| async move {
        let mut expected = Expected::NoStream;
        for append in 0..APPENDS {
            let events = events(writer * APPENDS + append, 1 + append % 3);
            expected = Expected::Version(journal.append(&stream(writer)?, expected, events).await?.version);
        }
        Ok(())
    })
    .await;
    ended.store(true, Ordering::Release);
    let seen = reader.await.map_err(|error| Broken(format!("the reader panicked: {error}")))??;
    wrote?;

    let ascending = seen.is_sorted_by(|a, b| a.position < b.position);
    ensure!(ascending, "positions of the log do not ascend");
    let log = log(&*journal, 1_000).await?;
    let late: Vec<_> = log.iter().filter(|event| !seen.contains(event)).map(|event| event.position.to_string()).collect();
    ensure!(late.is_empty(), "events came in behind a reader, at {late:?}");
    ensure!(seen == log, "a reader saw {} events while they were written, the log has {}", seen.len(), log.len());
    Ok(())
}

/// The head is the place of the last event, and what an append says of its place is where its last event is found.
pub(super) async fn the_head_is_the_last_event(journal: SharedJournal) -> Verdict {
    let empty = journal.head().await?;
    ensure!(empty.is_none(), "an empty journal has the head {empty:?}");
    for append in 0..5 {
        let appended = journal.append(&stream(append)?, Expected::NoStream, events(append, 1 + append)).await?;
        let head = journal.head().await?;
        ensure!(head.is_some() && head == appended.position, "after an append to {:?} the head is {head:?}", appended.position);
        let end = last(&log(&*journal, 3).await?);
        ensure!(head == end, "the head is {head:?} and the last event is at {end:?}");
    }
    Ok(())
}
