//! The channel views: one event in, the documents that it changes out. Pure: what an event needs to know of other documents is
//! asked for by key and handed in.

mod entry;
mod links;

use std::collections::HashMap;

use domain::{codec::RegisterEvent, value::Channel};

use crate::{
    document::{Document, Key},
    happened::Happened,
};

/// The documents that a projection may look at, as they are before the event; `None` for one that does not exist.
#[derive(Debug, Default)]
pub struct Loaded(HashMap<Key, Option<Document>>);

impl Loaded {
    /// Notes a document, or that there is none.
    pub fn put(&mut self, key: Key, document: Option<Document>) {
        self.0.insert(key, document);
    }

    fn get(&self, key: &Key) -> Result<Option<&Document>, Needs> {
        self.0.get(key).map(Option::as_ref).ok_or_else(|| Needs(vec![key.clone()]))
    }
}

/// The projection has to see these documents before it can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs(pub Vec<Key>);

/// The documents of a channel after an event. Asks for what it needs to see until all of it is there.
pub fn project(happened: &Happened, channel: Channel, loaded: &Loaded) -> Result<Vec<(Key, Document)>, Needs> {
    match &happened.event {
        RegisterEvent::Agency(event) => Ok(vec![entry::apply(happened, event, channel, loaded)?.into_change(channel)]),
        RegisterEvent::Material(event) => Ok(vec![entry::apply(happened, event, channel, loaded)?.into_change(channel)]),
        RegisterEvent::Item(event) => links::item(entry::apply(happened, event, channel, loaded)?, happened, channel, loaded),
        RegisterEvent::Guide(event) => {
            let before = links::items_of_guide(&happened.code, channel, loaded)?;
            links::guide(entry::apply(happened, event, channel, loaded)?, &before, happened, channel, loaded)
        }
    }
}
