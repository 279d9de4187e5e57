use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    envelope::{Code, EntryName, Position},
    register::Register,
    value::Channel,
};

use crate::{
    begun::{Begun, Noted},
    document::{Both, Document, Key},
    term::Term,
};

/// An entry after a batch of events.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its stream: register and code.
    pub entry: EntryName,
    /// The documents of it, whole. A channel that holds none now held none before.
    pub both: Both,
}

/// What a batch of events leads to: documents and checkpoint, to be committed as one.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The entries, each once.
    pub changes: Vec<Change>,
    /// The checkpoint that they build upon.
    pub base: Option<Position>,
    /// The checkpoint after them: the place of the last event of the batch.
    pub checkpoint: Position,
    /// What the channels begin to serve with it, for the receipts: kept with the views, in the same step, until it is forgotten.
    pub begun: Vec<Begun>,
    /// Number of its events. The store keeps the sum with the checkpoint: it says how many events the views were made of.
    pub events: u64,
}

/// A failure of a view store.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ViewError {
    /// The store is at another checkpoint than the batch builds upon: somebody else projects into it, or it was replaced.
    #[error("视图另有程序在更新，或已被替换 / views are at {actual:?}, the batch builds upon {base:?}")]
    Moved {
        /// What the batch builds upon.
        base: Option<Position>,
        /// Where the store is.
        actual: Option<Position>,
    },
    /// The store cannot be reached or used at present.
    #[error("视图暂不能使用，原因见后 / views are not available: {0}")]
    Unavailable(String),
    /// The store no longer holds what the snapshot answers from: to be asked again of a newer one.
    #[error("视图已前进，所用快照不再保留 / the views have gone on and the snapshot was given up")]
    Outlived,
    /// Another projector leads, or nobody does: this one may not write.
    #[error("本节点未持有视图的写入租约 / this projector does not hold the lease of the views")]
    NotLeading,
}

/// Where views are kept.
///
/// Promises: documents, their terms, the checkpoint and the number of events of a batch become visible together or not at all; a checkpoint never
/// goes back; a snapshot answers from one checkpoint however long it is used, or says [`ViewError::Outlived`], and never mixes
/// two. Nothing borrowed from the store crosses the port, so that it may be on another machine.
#[async_trait]
pub trait ViewStore: Send + Sync {
    /// Commits a batch. The store derives the terms of a document from the document ([`Document::terms`]).
    async fn commit(&self, batch: Batch) -> Result<(), ViewError>;

    /// The views as they are at one checkpoint.
    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError>;

    /// The views as the store has them at this moment, with nothing that was at hand: for whoever looks whether they are as they should be.
    async fn as_kept(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        self.snapshot().await
    }

    /// What commits have begun and is not forgotten, the oldest first, a part of it; `None` if there is nothing. A store that keeps no notes
    /// answers nothing.
    async fn begun(&self) -> Result<Option<Noted>, ViewError> {
        Ok(None)
    }

    /// What commits up to a checkpoint have begun is written down.
    async fn forget(&self, up_to: Position) -> Result<(), ViewError> {
        let _ = up_to;
        Ok(())
    }

    /// Most events that a batch should be made of, if the store would rather have fewer than a runner takes by itself: while one
    /// on another machine commits, it may keep readers waiting.
    fn batch(&self) -> Option<usize> {
        None
    }
}

/// An entry, as it is asked for.
pub type Entry = (Register, Code);

/// The views at one checkpoint.
#[async_trait]
pub trait Snapshot: Send + Sync {
    /// The checkpoint; `None` before the first event.
    fn position(&self) -> Option<Position>;

    /// Number of the events that the views were made of, from the first to the checkpoint: as many as the journal has up to there,
    /// or one of them never reached the views.
    fn events(&self) -> u64;

    /// Whether the snapshot has said [`ViewError::Outlived`]: a request that was answered from it is answered again from a newer
    /// one, as a whole.
    fn is_outlived(&self) -> bool {
        false
    }

    /// Whether the document of an item tells which guides it has. Where it does not, they are found by the item that they name.
    fn tells_guides(&self) -> bool {
        true
    }

    /// A document that can be had without a round trip, or `Some(None)` if it is known that there is none. `None` where the
    /// store has to be asked.
    fn at_hand(&self, channel: Channel, register: Register, code: &Code) -> Option<Option<Document>> {
        let _ = (channel, register, code);
        None
    }

    /// Documents by code, in the order of the codes asked for; `None` for those that do not exist. One round trip.
    async fn get_many(&self, channel: Channel, register: Register, codes: &[Code]) -> Result<Vec<Option<Document>>, ViewError>;

    /// The same of entries of several registers, in the order asked for. One round trip where the store can answer it in one.
    async fn get_entries(&self, channel: Channel, entries: &[(Register, Code)]) -> Result<Vec<Option<Document>>, ViewError> {
        let mut all = vec![None; entries.len()];
        for register in Register::ALL {
            let of_register = entries.iter().enumerate().filter(|(_, (of, _))| *of == register);
            let (places, codes): (Vec<_>, Vec<_>) = of_register.map(|(place, (_, code))| (place, code.clone())).unzip();
            if codes.is_empty() {
                continue;
            }
            for (place, document) in places.into_iter().zip(self.get_many(channel, register, &codes).await?) {
                all[place] = document;
            }
        }
        Ok(all)
    }

    /// The same for whoever reads on from what they get, each with its name, in any order; and with them what they read next, where the store
    /// tells that in the same round trip.
    async fn get_with_next(&self, channel: Channel, entries: &[(Register, Code)]) -> Result<Vec<(Entry, Option<Document>)>, ViewError> {
        let documents = self.get_entries(channel, entries).await?;
        Ok(entries.iter().cloned().zip(documents).collect())
    }

    /// Codes of the entries that have all of the terms, in order, after a code, at most `limit`. No terms: all entries that are
    /// shown or will be.
    async fn find(
        &self,
        channel: Channel,
        register: Register,
        terms: &[Term],
        after: Option<&Code>,
        limit: usize,
    ) -> Result<Vec<Code>, ViewError>;

    /// Number of the entries that have all of the terms.
    async fn count(&self, channel: Channel, register: Register, terms: &[Term]) -> Result<usize, ViewError>;

    /// Every key that has a document, in order: for comparisons and exports, not for requests.
    async fn keys(&self) -> Result<Vec<Key>, ViewError>;
}

/// A view store as it is passed around.
pub type SharedViews = Arc<dyn ViewStore>;
