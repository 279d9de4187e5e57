//! A guide is shown only while its item is: an item knows its guides, and a guide carries when its item is shown.

use std::collections::BTreeSet;

use domain::{
    envelope::Code,
    register::{Guide, Item, Register},
    value::Channel,
};

use super::{Loaded, Needs};
use crate::{
    document::{Document, EntryView, Gate, Key, Viewed},
    happened::Happened,
};

/// The documents that change with an item: its own, and the gates of its guides.
pub(super) fn item(view: EntryView<Item>, happened: &Happened, channel: Channel, loaded: &Loaded) -> Result<Vec<(Key, Document)>, Needs> {
    let gate = gate_of(&view);
    let keys: Vec<_> = view.guides.iter().map(|code| guide_key(channel, code)).collect();
    all_loaded(&keys, loaded)?;
    let mut changes = Vec::with_capacity(keys.len() + 1);
    for key in keys {
        let Some(known) = loaded.get(&key)?.and_then(Guide::view) else { continue };
        let mut guide = known.as_ref().clone();
        for revision in guide.revisions.iter_mut().filter(|r| r.content.as_ref().is_some_and(|g| g.item == view.code)) {
            revision.gate = Some(gate.clone());
        }
        if guide.revisions != known.revisions {
            guide.recorded_at = guide.recorded_at.max(happened.metadata.at);
            guide.position = happened.position;
            changes.push(guide.into_change(channel));
        }
    }
    changes.push(view.into_change(channel));
    Ok(changes)
}

/// The items that a guide belongs to before an event: usually one, two while a move to another item is upcoming.
pub(super) fn items_of_guide(code: &Code, channel: Channel, loaded: &Loaded) -> Result<BTreeSet<Code>, Needs> {
    let known = loaded.get(&guide_key(channel, code))?.and_then(Guide::view);
    Ok(known.map(|view| items_of(view)).unwrap_or_default())
}

/// The documents that change with a guide: its own, and the items that it left or joined.
pub(super) fn guide(
    mut view: EntryView<Guide>,
    before: &BTreeSet<Code>,
    happened: &Happened,
    channel: Channel,
    loaded: &Loaded,
) -> Result<Vec<(Key, Document)>, Needs> {
    let after = items_of(&view);
    let keys: Vec<_> = before.union(&after).map(|code| item_key(channel, code)).collect();
    all_loaded(&keys, loaded)?;
    let mut changes = Vec::new();
    for key in keys {
        let known = loaded.get(&key)?.and_then(Item::view);
        let belongs = after.contains(&key.code);
        if known.is_some_and(|item| item.guides.binary_search(&view.code).is_ok() == belongs) {
            continue;
        }
        let mut item = match known {
            Some(item) => item.as_ref().clone(),
            // The guide came before its item: a place is kept for it, and nothing is shown.
            None => EntryView::empty(key.code.clone(), happened.metadata.at, happened.position),
        };
        match item.guides.binary_search(&view.code) {
            Ok(place) => drop(item.guides.remove(place)),
            Err(place) => item.guides.insert(place, view.code.clone()),
        }
        changes.push(item.into_change(channel));
    }
    for revision in &mut view.revisions {
        let item = revision.content.as_ref().map(|guide| item_key(channel, &guide.item));
        let gate = match item {
            Some(key) => loaded.get(&key)?.and_then(Item::view).map(|item| gate_of(item)),
            None => None,
        };
        revision.gate = Some(gate.unwrap_or_default());
    }
    changes.push(view.into_change(channel));
    Ok(changes)
}

fn gate_of(item: &EntryView<Item>) -> Gate {
    Gate { timeline: item.timeline(), repeal: item.repeal.clone() }
}

fn items_of(view: &EntryView<Guide>) -> BTreeSet<Code> {
    view.revisions.iter().filter_map(|r| r.content.as_ref()).map(|guide| guide.item.clone()).collect()
}

fn item_key(channel: Channel, code: &Code) -> Key {
    Key { channel, register: Register::Item, code: code.clone() }
}

fn guide_key(channel: Channel, code: &Code) -> Key {
    Key { channel, register: Register::Guide, code: code.clone() }
}

/// Asks for all that is missing at once, so that a remote store is asked once.
fn all_loaded(keys: &[Key], loaded: &Loaded) -> Result<(), Needs> {
    let missing: Vec<_> = keys.iter().filter(|key| loaded.get(key).is_err()).cloned().collect();
    if missing.is_empty() { Ok(()) } else { Err(Needs(missing)) }
}
