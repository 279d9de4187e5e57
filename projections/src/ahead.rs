//! Reads a journal ahead of whoever projects it, and decodes its pages beside each other.

use std::panic::catch_unwind;

use domain::envelope::Position;
use journal::{Page, Recorded, SharedJournal, StoreError};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::happened::{Happened, Unreadable};

/// Pages that are read and decoded ahead of the projection.
const AHEAD: usize = 4;

/// Events that are decoded where they are read.
const FEW: usize = 16;

/// The pages of a journal, in order.
pub(crate) type Pages = mpsc::Receiver<Result<Decoding, StoreError>>;

/// An event with its place. What is of no entry changes no document, and is counted and passed like all others.
pub(crate) type Read = (Position, Option<Happened>);

/// The events of a page up to the first that cannot be read, and that one.
pub(crate) struct Decoded {
    pub(crate) events: Vec<Read>,
    pub(crate) unreadable: Option<Box<Unreadable>>,
}

/// A page of the journal that is being decoded.
pub(crate) struct Decoding {
    /// What it comes to; nothing comes if decoding it panicked.
    pub(crate) events: oneshot::Receiver<Decoded>,
    /// Whether the journal went no further when it was read.
    pub(crate) end: bool,
}

/// Reads to the end of the journal, ahead of the projection and beside it; pages are decoded beside each other and sent in order.
pub(crate) fn read_ahead(journal: SharedJournal, after: Option<Position>, page: usize) -> (Pages, JoinHandle<()>) {
    let (sender, pages) = mpsc::channel(AHEAD);
    (pages, tokio::spawn(read(journal, after, page, sender)))
}

async fn read(journal: SharedJournal, after: Option<Position>, page: usize, sender: mpsc::Sender<Result<Decoding, StoreError>>) {
    let mut after = after;
    loop {
        let Page { events, end } = match journal.read_all(after, page).await {
            Ok(page) => page,
            Err(error) => {
                // Nobody listens any more if this fails; there is nobody to tell.
                let _ = sender.send(Err(error)).await;
                return;
            }
        };
        // An empty page is sent too: it says that what was read before is to be committed.
        let end = end || events.is_empty();
        after = events.last().map_or(after, |last| Some(last.position));
        let few = events.len() <= FEW;
        let (decoded, decoding) = oneshot::channel();
        let decode = move || {
            // A panic is told by silence, as one on a task would be; the pool would end the program for it.
            if let Ok(page) = catch_unwind(|| decode(&events)) {
                // Nobody waits for it any more if this fails.
                let _ = decoded.send(page);
            }
        };
        // Decoding is work for all cores, on threads that stay: what they allocate outlives a replay, and a thread that ends leaves its memory
        // to be sorted out by the next one. What just happened does not wait there behind a replay.
        if few {
            decode();
        } else {
            rayon::spawn(decode);
        }
        if sender.send(Ok(Decoding { events: decoding, end })).await.is_err() || end {
            return;
        }
    }
}

fn decode(page: &[Recorded]) -> Decoded {
    let mut events = Vec::with_capacity(page.len());
    for recorded in page {
        match Happened::read(recorded) {
            Ok(happened) => events.push((recorded.position, happened.map(Happened::cut))),
            Err(unreadable) => return Decoded { events, unreadable: Some(unreadable) },
        }
    }
    Decoded { events, unreadable: None }
}
