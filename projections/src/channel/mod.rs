//! The channel views: one event in, the documents that it changes out. Pure: what an event needs to know of other documents is
//! asked for by key and handed in.

mod entry;
mod links;

use std::collections::HashMap;

use domain::{codec::RegisterEvent, entry::Event, register::Content, value::Channel};

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

/// The documents of both channels after an event. Asks for what it needs to see until all of it is there.
///
/// Most documents are the same on both channels: then they are made once, and both channels hold the very same one.
pub fn project(happened: &Happened, loaded: &Loaded) -> Result<Vec<(Key, Document)>, Needs> {
    let mut changes = on_channel(happened, Channel::Online, loaded)?;
    let counter = match mirrored(happened, &changes, loaded)? {
        Some(counter) => counter,
        None => on_channel(happened, Channel::Counter, loaded)?,
    };
    changes.extend(counter);
    Ok(changes)
}

/// The changes of the counter, where they are those of the website: nothing in the event is only for the counter, and every
/// document that changes was the same on both before.
fn mirrored(happened: &Happened, online: &[(Key, Document)], loaded: &Loaded) -> Result<Option<Vec<(Key, Document)>>, Needs> {
    if let RegisterEvent::Guide(Event::Adopted(adopted)) = &happened.event
        && adopted.content.has_counter_only()
    {
        return Ok(None);
    }
    let mut counter = Vec::with_capacity(online.len());
    for (key, document) in online {
        let there = Key { channel: Channel::Counter, ..key.clone() };
        let same = match (loaded.get(key)?, loaded.get(&there)?) {
            (None, None) => true,
            (Some(before), Some(before_there)) => before.is_same(before_there),
            _ => false,
        };
        if !same {
            return Ok(None);
        }
        counter.push((there, document.clone()));
    }
    Ok(Some(counter))
}

fn on_channel(happened: &Happened, channel: Channel, loaded: &Loaded) -> Result<Vec<(Key, Document)>, Needs> {
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
