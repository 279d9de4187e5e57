//! A guide is shown only while its item is: an item knows its guides, and a guide carries when its item is shown.

use std::sync::Arc;

use domain::{
    entry::Event,
    envelope::{Code, EntryName},
    register::{Guide, Item, Register},
    value::Channel,
};

use super::working::{Side, Working};
use crate::{
    document::{EntryView, Gate},
    happened::Happened,
};

/// Sets the gates of the guides of an item, after an event of the item.
pub(super) fn open_guides(happened: &Happened, side: Side, working: &mut Working) {
    let Some(item) = working.view::<Item>(&happened.code, side) else { return };
    if item.guides.is_empty() {
        return;
    }
    let (gate, guides) = (gate_of(item), item.guides.clone());
    let recorded_at = working.recorded_at(happened);
    for code in guides {
        let Some(known) = working.view::<Guide>(&code, side) else { continue };
        let belongs = |guide: &Guide| guide.item == happened.code;
        let stale = known.revisions.iter().any(|r| r.content.as_deref().is_some_and(belongs) && r.gate.as_ref() != Some(&gate));
        if !stale {
            continue;
        }
        let begin = || EntryView::empty(code.clone(), recorded_at, happened.position);
        let Some(guide) = working.change::<Guide>(&code, side, begin) else { continue };
        for revision in guide.revisions.iter_mut().filter(|r| r.content.as_deref().is_some_and(belongs)) {
            revision.gate = Some(gate.clone());
        }
        guide.recorded_at = guide.recorded_at.max(recorded_at);
        guide.position = happened.position;
    }
}

/// The items that a guide belongs to: usually one, two while a move to another item is upcoming. Sorted.
pub(super) fn items_of(code: &Code, side: Side, working: &Working) -> Vec<Code> {
    let revisions = working.view::<Guide>(code, side).map(|view| view.revisions.as_slice()).unwrap_or_default();
    let mut items: Vec<_> = revisions.iter().filter_map(|r| r.content.as_ref()).map(|guide| guide.item.clone()).collect();
    items.sort_unstable();
    items.dedup();
    items
}

/// Enters a guide with the items that it belongs to after an event of it, takes it off those that it left, and sets its gates.
pub(super) fn join_items(happened: &Happened, before: &[Code], side: Side, working: &mut Working) {
    let after = items_of(&happened.code, side, working);
    for item in before.iter().filter(|item| !after.contains(item)) {
        enter(item, false, happened, side, working);
    }
    for item in &after {
        enter(item, true, happened, side, working);
    }
    let Some(guide) = working.view::<Guide>(&happened.code, side) else { return };
    let item_of = |revision: &crate::document::RevisionView<Guide>| revision.content.as_ref().map(|guide| guide.item.clone());
    let gates: Vec<_> = guide
        .revisions
        .iter()
        .map(|revision| item_of(revision).and_then(|item| working.view::<Item>(&item, side)).map(gate_of).unwrap_or_default())
        .collect();
    let recorded_at = working.recorded_at(happened);
    let begin = || EntryView::empty(happened.code.clone(), recorded_at, happened.position);
    let Some(guide) = working.change::<Guide>(&happened.code, side, begin) else { return };
    for (revision, gate) in guide.revisions.iter_mut().zip(gates) {
        revision.gate = Some(gate);
    }
}

fn enter(item: &Code, belongs: bool, happened: &Happened, side: Side, working: &mut Working) {
    let known = working.view::<Item>(item, side).map(|item| item.guides.binary_search(&happened.code).is_ok());
    if known.unwrap_or(false) == belongs {
        return;
    }
    // The guide may have come before its item: a place is kept for it, and nothing is shown.
    let recorded_at = working.recorded_at(happened);
    let begin = || EntryView::empty(item.clone(), recorded_at, happened.position);
    let Some(item) = working.change::<Item>(item, side, begin) else { return };
    match item.guides.binary_search(&happened.code) {
        Ok(place) => drop(item.guides.remove(place)),
        Err(place) => item.guides.insert(place, happened.code.clone()),
    }
}

fn gate_of(item: &EntryView<Item>) -> Arc<Gate> {
    Arc::new(Gate { timeline: item.timeline(), repeal: item.repeal.clone() })
}

/// The guides that an event of an item may change.
pub(super) fn guides_touched(item: &Code, working: &Working, touched: &mut Vec<EntryName>) {
    for channel in Channel::ALL {
        let guides = working.view::<Item>(item, Side::One(channel)).map(|view| view.guides.as_slice()).unwrap_or_default();
        add(touched, Register::Guide, guides);
    }
}

/// The items that an event of a guide may change: those that it belongs to, and the one that it is about to belong to.
pub(super) fn items_touched(guide: &Code, event: &Event<Guide>, working: &Working, touched: &mut Vec<EntryName>) {
    for channel in Channel::ALL {
        add(touched, Register::Item, &items_of(guide, Side::One(channel), working));
    }
    if let Some(publication) = event.publication() {
        add(touched, Register::Item, std::slice::from_ref(&publication.content.item));
    }
}

fn add(touched: &mut Vec<EntryName>, register: Register, codes: &[Code]) {
    for code in codes {
        if !touched[1..].iter().any(|entry| entry.code == *code) {
            touched.push(EntryName::new(register, code.clone()));
        }
    }
}
