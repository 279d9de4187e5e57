//! What a request answers from: one snapshot, one moment, and the documents it has loaded.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use chrono::{DateTime, Utc};
use domain::{envelope::Code, register::Register as DomainRegister, value::Channel as DomainChannel};
use projections::{Document, EntryView, Snapshot, ViewError, Viewed};

use super::error::{Failure, failure};

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
    loader: DataLoader<Documents, HashMapCache>,
}

/// Loads documents of a snapshot, many in one round trip.
struct Documents {
    view: RequestView,
    channel: DomainChannel,
}

impl Loader<(DomainRegister, Code)> for Documents {
    type Value = Document;
    type Error = ViewError;

    async fn load(&self, keys: &[(DomainRegister, Code)]) -> Result<HashMap<(DomainRegister, Code), Document>, ViewError> {
        let mut found = HashMap::with_capacity(keys.len());
        for register in DomainRegister::ALL {
            let codes: Vec<_> = keys.iter().filter(|(r, _)| *r == register).map(|(_, code)| code.clone()).collect();
            if codes.is_empty() {
                continue;
            }
            let documents = self.view.snapshot.get_many(self.channel, register, &codes).await?;
            found.extend(codes.into_iter().zip(documents).filter_map(|(code, d)| d.map(|d| ((register, code), d))));
        }
        Ok(found)
    }
}

impl Scope {
    /// A channel of a request.
    pub fn new(view: RequestView, channel: DomainChannel) -> Arc<Self> {
        let documents = Documents { view: view.clone(), channel };
        let loader = DataLoader::with_cache(documents, tokio::spawn, HashMapCache::default());
        Arc::new(Self { view, channel, loader })
    }

    /// The view of an entry, if the channel holds one; nothing if the text is no code.
    pub async fn entry<C: Viewed>(&self, code: &str) -> async_graphql::Result<Option<Arc<EntryView<C>>>> {
        let Ok(code) = code.parse::<Code>() else { return Ok(None) };
        let document = match self.view.snapshot.at_hand(self.channel, C::REGISTER, &code) {
            Some(at_hand) => at_hand,
            None => self.loader.load_one((C::REGISTER, code)).await.map_err(|error| unavailable(&error))?,
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
            let mut loaded = self.loader.load_many(to_load).await.map_err(|error| unavailable(&error))?;
            for (code, document) in codes.iter().zip(&mut documents).filter(|(_, known)| known.is_none()) {
                *document = Some(loaded.remove(&(C::REGISTER, code.clone())));
            }
        }
        Ok(documents.iter().flatten().flatten().filter_map(C::view).cloned().collect())
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
