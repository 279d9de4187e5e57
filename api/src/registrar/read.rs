use domain::envelope::{StreamName, StreamVersion};
use journal::{Journal, StoreError};
use projections::{Happened, Unreadable};

/// Events of one page.
const PAGE: usize = 200;

/// Why an entry cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The journal cannot be read.
    #[error("journal cannot be read")]
    Journal(#[from] StoreError),
    /// An event cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Box<Unreadable>),
}

/// Every event of an entry, oldest first; empty if there are none.
pub async fn read_entry(journal: &dyn Journal, stream: &StreamName) -> Result<Vec<Happened>, ReadError> {
    let mut events = Vec::new();
    let mut from = StreamVersion::FIRST;
    loop {
        let page = journal.read_stream(stream, from, PAGE).await?;
        for recorded in &page {
            events.push(Happened::read(recorded)?);
            from = recorded.version.next();
        }
        if page.len() < PAGE {
            return Ok(events);
        }
    }
}
