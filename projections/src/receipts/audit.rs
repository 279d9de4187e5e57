use std::sync::Arc;

use domain::{envelope::Position, receipt::Proven, value::Channel};
use journal::SharedJournal;

use super::{
    book::{ReceiptBook, ReceiptError},
    looked::Round,
    parity::{Parity, compare},
    writer::Now,
};
use crate::{begun::Begun, store::SharedViews};

/// Entries that are looked at at once.
const PART: usize = 500;

/// Both channels, compared for every entry, and the receipts of what they show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// Where the views were when it began.
    pub position: Option<Position>,
    /// What was compared.
    pub parity: Parity,
    /// Receipts in the journal, of both channels, by what they prove.
    pub receipts: Proven,
    /// Revisions that a channel shows and of which it has no receipt: of a register that is not served there are as many as it shows.
    pub missing: u64,
}

/// Looks once through all entries. Nothing is written, and whoever projects may go on.
pub async fn audit(journal: SharedJournal, views: SharedViews, now: Now) -> Result<Audit, ReceiptError> {
    let book = Arc::new(ReceiptBook::new(journal));
    let mut audit = Audit { position: views.as_kept().await?.position(), ..Audit::default() };
    let mut round = Round::begin(&views).await?;
    while round.left() > 0 {
        let now = now();
        let held = round.next(&views, PART).await?;
        for (entry, [online, counter]) in &held {
            let (revisions, differing) = compare(entry, online.as_ref(), counter.as_ref());
            audit.parity.entries += 1;
            audit.parity.revisions += revisions;
            audit.parity.differing.extend(differing);
        }
        for channel in Channel::ALL {
            let documents = held.iter().filter_map(|(_, documents)| documents[channel as usize].as_ref());
            let served: Vec<_> = documents.flat_map(|document| Begun::of_document(channel, document, now)).collect();
            let missing = |state: &domain::receipt::State| {
                let lacks = |begun: &&Begun| begun.served.is_some_and(|served| !state.has(&begun.entry(), served.revision));
                served.iter().filter(lacks).count() as u64
            };
            audit.missing += book.look(channel, missing).await?;
        }
    }
    for channel in Channel::ALL {
        audit.receipts = audit.receipts.and(book.look(channel, domain::receipt::State::proven).await?);
    }
    Ok(audit)
}
