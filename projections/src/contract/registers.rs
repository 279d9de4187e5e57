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
        let changes = Register::ALL.iter().map(|register| change(*register, name, place(number)));
        let changes = changes.collect::<Result<Vec<_>, _>>()?;
        let base = (number > 1).then(|| place(number - 1));
        views.commit(Batch { events: changes.len() as u64, begun: Vec::new(), changes, base, checkpoint: place(number) }).await?;
        let snapshot = views.snapshot().await?;
        for channel in Channel::ALL {
            for register in Register::ALL {
                let documents = snapshot.get_many(channel, register, &[code()?]).await?;
                let said = documents.iter().flatten().map(|document| document.words().to_owned()).next();
                ensure!(said.as_deref() == Some(name), "an entry of register {register} says {said:?} and not {name:?}");
                let all = [Term::fixed(Index::All, "")];
                let found = snapshot.find(channel, register, &all, None, 2).await?;
                ensure!(found == [code()?], "of register {register} there is {found:?}");
                let counted = snapshot.count(channel, register, &all).await?;
                ensure!(counted == 1, "of register {register} {counted} are counted");
            }
        }
    }
    Ok(())
}

fn code() -> Result<Code, Broken> {
    "E1".parse().map_err(|_| Broken("E1 is no code".into()))
}

fn change(register: Register, name: &str, at: Position) -> Result<Change, Broken> {
    let document = match register {
        Register::Agency => document(Agency { name: name.to_owned(), ..Agency::default() }, at)?,
        Register::Item => document(Item::new(name, ItemType::Permission, code()?), at)?,
        Register::Guide => document(Guide::new(name, code()?, code()?), at)?,
        Register::Material => document(Material::new(name), at)?,
        Register::Openness => document(CatalogueEntry::new(name, code()?), at)?,
    };
    let both = Both::Same(document);
    Ok(Change { entry: EntryName::new(register, code()?), both })
}

fn document<C: Content + Viewed>(content: C, at: Position) -> Result<Document, Broken> {
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
    let view = EntryView { revisions: vec![revision], words, ..EntryView::empty(code()?, day, at) };
    Ok(C::document(Arc::new(view)))
}
