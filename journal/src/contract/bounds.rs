use super::{
    Verdict, ensure,
    samples::{event, events, log, stream, whole},
};
use crate::port::{AppendError, Expected, MAX_APPEND_BYTES, MAX_APPEND_EVENTS, NewEvent, SharedJournal};

/// An append that is empty, too long, too large or has an id twice is refused, and nothing of it is kept.
pub(super) async fn an_append_beyond_a_bound_is_refused(journal: SharedJournal) -> Verdict {
    let attempts = [
        ("without events", Vec::new()),
        ("of too many events", events(0, MAX_APPEND_EVENTS + 1)),
        ("of too many bytes", vec![event(1, 0), of_size(2, MAX_APPEND_BYTES)]),
        ("with an id twice", vec![event(3, 0), event(3, 1), event(3, 0)]),
    ];
    for (what, events) in attempts {
        let answer = journal.append(&stream(0)?, Expected::NoStream, events).await;
        ensure!(matches!(answer, Err(AppendError::Invalid(_))), "an append {what} was answered {answer:?}");
    }
    let found = log(&*journal, 10).await?.len();
    ensure!(found == 0, "{found} events of refused appends are kept");
    Ok(())
}

/// The largest append and the longest one are kept.
pub(super) async fn an_append_at_a_bound_is_kept(journal: SharedJournal) -> Verdict {
    let largest = of_size(0, MAX_APPEND_BYTES);
    journal.append(&stream(0)?, Expected::NoStream, vec![largest.clone()]).await?;
    let found = whole(&*journal, &stream(0)?).await?;
    ensure!(found.len() == 1 && found[0].payload == largest.payload, "the largest append did not come back");
    journal.append(&stream(1)?, Expected::NoStream, events(1, MAX_APPEND_EVENTS)).await?;
    let found = whole(&*journal, &stream(1)?).await?.len();
    ensure!(found == MAX_APPEND_EVENTS, "of the longest append {found} events came back");
    Ok(())
}

/// An event of exactly this size.
fn of_size(append: usize, bytes: usize) -> NewEvent {
    let mut event = event(append, 0);
    event.payload.clear();
    event.payload.resize(bytes - event.size(), b'x');
    event
}
