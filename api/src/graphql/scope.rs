//! What a request answers from: one snapshot, one moment, and the documents it has loaded.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{envelope::Code, value::Channel as DomainChannel};
use projections::{Document, EntryView, Snapshot, ViewError, Viewed};

use super::{
    batch::{Asked, Batch},
    error::{Failure, failure},
};

/// The snapshot and the moment of a request, taken once when it came in.
#[derive(Clone)]
pub struct RequestView {
    /// The views at one position.
    pub snapshot: Arc<dyn Snapshot>,
    /// The moment by whose clock it is answered.
    pub now: DateTime<Utc>,
}

/// One channel of a request.
pub struct Scope {
    /// What the request answers from.
    pub view: RequestView,
    /// The channel.
    pub channel: DomainChannel,
    batch: Batch,
}

impl Scope {
    /// A channel of a request.
    pub fn new(view: RequestView, channel: DomainChannel) -> Arc<Self> {
        let batch = Batch::new(view.snapshot.clone(), channel);
        Arc::new(Self { view, channel, batch })
    }

    /// The view of an entry, if the channel holds one; nothing if the text is no code.
    pub async fn entry<C: Viewed>(&self, code: &str) -> async_graphql::Result<Option<Arc<EntryView<C>>>> {
        let Ok(code) = code.parse::<Code>() else { return Ok(None) };
        let document = match self.view.snapshot.at_hand(self.channel, C::REGISTER, &code) {
            Some(at_hand) => at_hand,
            None => self.load(&[(C::REGISTER, code)]).await?.pop().flatten(),
        };
        Ok(document.as_ref().and_then(C::view).cloned())
    }

    /// The views of entries that the channel holds, in the order of the codes. One round trip, whoever else asks meanwhile.
    pub async fn entries<C: Viewed>(&self, codes: &[Code]) -> async_graphql::Result<Vec<Arc<EntryView<C>>>> {
        let at_hand = |code: &Code| self.view.snapshot.at_hand(self.channel, C::REGISTER, code);
        let mut documents: Vec<Option<Option<Document>>> = codes.iter().map(at_hand).collect();
        let to_load = codes.iter().zip(&documents).filter(|(_, known)| known.is_none());
        let to_load: Vec<_> = to_load.map(|(code, _)| (C::REGISTER, code.clone())).collect();
        if !to_load.is_empty() {
            let loaded = self.load(&to_load).await?;
            for (document, loaded) in documents.iter_mut().filter(|known| known.is_none()).zip(loaded) {
                *document = Some(loaded);
            }
        }
        Ok(documents.iter().flatten().flatten().filter_map(C::view).cloned().collect())
    }

    async fn load(&self, asked: &[Asked]) -> async_graphql::Result<Vec<Option<Document>>> {
        self.batch.load(asked).await.map_err(|error| unavailable(&error))
    }
}

/// The failure of a view store as it is told outside: that it is unavailable, and nothing of why.
pub fn unavailable(error: &ViewError) -> async_graphql::Error {
    // The request is answered again from a newer snapshot.
    if matches!(error, ViewError::Outlived) {
        tracing::debug!(%error, "a snapshot was given up");
    } else {
        tracing::error!(%error, "views cannot be read");
    }
    failure(Failure::Unavailable, "登记册暂时无法读取，请稍后再试 / the register cannot be read at present; try again shortly")
}
