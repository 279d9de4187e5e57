//! A store keeps the entries of every register: one that lists them somewhere else than the domain does forgets the newest.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use domain::{
    envelope::{Code, EntryName, Position},
    register::{Agency, CatalogueEntry, Content, Guide, Item, Material, Register},
    value::{Channel, Hash, ItemType},
};

use super::{Broken, Verdict, ensure, samples::place};
use crate::{
    document::{Both, Document, EntryView, RevisionView, Viewed},
    store::{Batch, Change, SharedViews},
    term::{Index, Term},
};

/// An entry of each register has its documents and its terms, as it is and as it becomes for who has seen it before.
pub(super) async fn every_register_is_kept(views: SharedViews) -> Verdict {
    for (number, name) in [(1, "甲"), (2, "乙"), (3, "丙")] {
        let changes = Register::ALL.iter().map(|register| change(*register, &code(1)?, name, place(number)));
        let changes = changes.collect::<Result<Vec<_>, _>>()?;
        let base = (number > 1).then(|| place(number - 1));
        views.commit(Batch { events: changes.len() as u64, begun: Vec::new(), changes, base, checkpoint: place(number) }).await?;
        let snapshot = views.snapshot().await?;
        for channel in Channel::ALL {
            for register in Register::ALL {
                let documents = snapshot.get_many(channel, register, &[code(1)?]).await?;
                let said = documents.iter().flatten().map(|document| document.words().to_owned()).next();
                ensure!(said.as_deref() == Some(name), "an entry of register {register} says {said:?} and not {name:?}");
                let all = [Term::fixed(Index::All, "")];
                let found = snapshot.find(channel, register, &all, None, 2).await?;
                ensure!(found == [code(1)?], "of register {register} there is {found:?}");
                let counted = snapshot.count(channel, register, &all).await?;
                ensure!(counted == 1, "of register {register} {counted} are counted");
            }
        }
    }
    Ok(())
}

/// A batch of many entries of each register is one like any other: all of them are held and found, and what it no longer says does not find them.
pub(super) async fn a_large_batch_reaches_every_register(views: SharedViews) -> Verdict {
    const MANY: usize = 300;
    let codes = (0..MANY).map(code).collect::<Result<Vec<_>, _>>()?;
    for (number, name) in [(1, "甲"), (2, "乙")] {
        let all = Register::ALL.iter().flat_map(|register| codes.iter().rev().map(move |code| (register, code)));
        let changes = all.map(|(register, code)| change(*register, code, name, place(number))).collect::<Result<Vec<_>, _>>()?;
        // Of some entries each channel has a document of its own, first of some and then of others.
        let parted = |(nth, change): (u64, Change)| if (nth + number).is_multiple_of(3) { each(change) } else { change };
        let changes: Vec<_> = (0..).zip(changes).map(parted).collect();
        let base = (number > 1).then(|| place(number - 1));
        views.commit(Batch { events: changes.len() as u64, begun: Vec::new(), changes, base, checkpoint: place(number) }).await?;
        let snapshot = views.snapshot().await?;
        for (channel, register) in Channel::ALL.into_iter().flat_map(|channel| Register::ALL.map(|register| (channel, register))) {
            let found = snapshot.find(channel, register, &[], None, 2 * MANY).await?;
            ensure!(found == codes, "of register {register} {} of {MANY} are found, or in another order", found.len());
            let documents = snapshot.get_many(channel, register, &codes).await?;
            let said = documents.iter().flatten().filter(|document| document.words() == name).count();
            ensure!(said == MANY, "of register {register} {said} of {MANY} say {name:?}");
        }
        let of = |place: u64| Ok::<_, Broken>([Term::of_code(Index::Agency, &agency(place)?)]);
        for register in [Register::Item, Register::Guide, Register::Openness] {
            let counted = snapshot.count(Channel::Counter, register, &of(number)?).await?;
            ensure!(counted == MANY, "of register {register} {counted} of {MANY} are of the agency");
            let before = snapshot.count(Channel::Counter, register, &of(number - 1)?).await?;
            ensure!(before == 0, "of register {register} {before} are of the agency of before");
        }
    }
    Ok(())
}

fn code(number: usize) -> Result<Code, Broken> {
    format!("E{number:04}").parse().map_err(|_| Broken(format!("no code for {number}")))
}

fn agency(place: u64) -> Result<Code, Broken> {
    format!("A{place}").parse().map_err(|_| Broken(format!("no code for {place}")))
}

/// An entry of a register; of an agency that follows from the place.
fn change(register: Register, at: &Code, name: &str, place: Position) -> Result<Change, Broken> {
    let agency = agency(place.numbers().0)?;
    let document = match register {
        Register::Agency => document(at, Agency { name: name.to_owned(), ..Agency::default() }, place),
        Register::Item => document(at, Item::new(name, ItemType::Permission, agency), place),
        Register::Guide => document(at, Guide::new(name, code(1)?, agency), place),
        Register::Material => document(at, Material::new(name), place),
        Register::Openness => document(at, CatalogueEntry::new(name, agency), place),
    };
    Ok(Change { entry: EntryName::new(register, at.clone()), both: Both::Same(document) })
}

/// The same with a document for each channel.
fn each(change: Change) -> Change {
    let documents = Channel::ALL.map(|channel| change.both.on(channel).cloned());
    Change { both: Both::Each(documents), ..change }
}

fn document<C: Content + Viewed>(code: &Code, content: C, at: Position) -> Document {
    let day = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let words = content.name().to_owned();
    let revision = RevisionView {
        number: 1,
        content_hash: Hash::of_bytes(words.as_bytes()),
        content: Some(Arc::new(content)),
        effective_from: day,
        approved_at: day,
        document_number: None,
        source: None,
        withheld_since: Vec::new(),
        gate: None,
    };
    let view = EntryView { revisions: vec![revision], words, ..EntryView::empty(code.clone(), day, at) };
    C::document(Arc::new(view))
}
