//! The channel views: one event in, the documents that it changes changed. No I/O: what an event needs to know of other documents
//! is asked for by name and handed in.

mod entry;
mod links;
mod working;

use domain::{codec::RegisterEvent, envelope::EntryName, register::Content, value::Channel};

use working::Side;
pub use working::{Looking, Working};

use crate::happened::Happened;

/// The projection has to see the documents of these entries before it can go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs(pub Vec<EntryName>);

/// Brings the documents of both channels to the state after an event. Asks for what it needs to see until all of it is there, and
/// changes nothing before.
///
/// What is drafted, reviewed or returned changes no document, not even the place of its last event: nobody outside sees that it
/// happened (Art. 7).
///
/// Most documents are the same on both channels: then they are made once, and both channels hold the very same one.
pub fn project(happened: &Happened, working: &mut Working) -> Result<(), Needs> {
    if happened.event.is_internal() {
        return Ok(());
    }
    let touched = touched(happened, working)?;
    let only_counter = match &happened.event {
        RegisterEvent::Guide(event) => event.publication().is_some_and(|publication| publication.content.has_counter_only()),
        RegisterEvent::Agency(_) | RegisterEvent::Item(_) | RegisterEvent::Material(_) | RegisterEvent::CatalogueEntry(_) => false,
    };
    if !only_counter && touched.iter().all(|entry| working.is_same(entry)) {
        apply(happened, Side::Same, working);
        return Ok(());
    }
    for entry in &touched {
        working.part(entry);
    }
    for channel in Channel::ALL {
        apply(happened, Side::One(channel), working);
    }
    Ok(())
}

fn apply(happened: &Happened, side: Side, working: &mut Working) {
    match &happened.event {
        RegisterEvent::Agency(event) => entry::apply(happened, event, None, side, working),
        RegisterEvent::Material(event) => entry::apply(happened, event, None, side, working),
        RegisterEvent::CatalogueEntry(event) => entry::apply(happened, event, None, side, working),
        RegisterEvent::Item(event) => {
            entry::apply(happened, event, None, side, working);
            links::open_guides(happened, side, working);
        }
        RegisterEvent::Guide(event) => {
            let before = links::items_of(&happened.code, side, working);
            entry::apply(happened, event, happened.cut.as_deref(), side, working);
            links::join_items(happened, &before, side, working);
        }
    }
}

/// The entries whose documents an event may change, its own first; all of them are in the working set.
fn touched(happened: &Happened, working: &Working) -> Result<Vec<EntryName>, Needs> {
    let own = happened.entry();
    if !working.knows(&own) {
        return Err(Needs(vec![own]));
    }
    let mut touched = vec![own];
    match &happened.event {
        RegisterEvent::Agency(_) | RegisterEvent::Material(_) | RegisterEvent::CatalogueEntry(_) => (),
        RegisterEvent::Item(_) => links::guides_touched(&happened.code, working, &mut touched),
        RegisterEvent::Guide(event) => links::items_touched(&happened.code, event, working, &mut touched),
    }
    // All that is missing at once, so that a remote store is asked once.
    let missing: Vec<_> = touched.iter().filter(|entry| !working.knows(entry)).cloned().collect();
    if missing.is_empty() { Ok(touched) } else { Err(Needs(missing)) }
}
