//! Entries as clauses need them: of one look, told apart by a number.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use domain::{
    envelope::{Code, EntryName, Position},
    register::{Item, Register},
    value::{Channel, Hash, ItemType, Level},
};

use super::Broken;
use crate::{
    document::{Both, Document, EntryView, RevisionView},
    store::{Batch, Change, Snapshot, ViewError},
    term::Term,
};

/// A place of the log.
pub fn place(number: u64) -> Position {
    // A pair, as stores on several machines have: nothing may depend on one counter.
    Position::pair(number, number / 2)
}

pub(super) fn code(number: usize) -> Result<Code, Broken> {
    format!("I{number:05}").parse().map_err(|_| Broken(format!("no code for {number}")))
}

/// The document of an item whose name is a text and whose only terms of its own are a level and an agency. Without a level it
/// has no terms at all: nothing is shown of it.
pub(super) fn item(number: usize, name: &str, level: Option<Level>, at: Position) -> Result<Document, Broken> {
    let day = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let content = level.map(|level| -> Result<_, Broken> {
        Ok(Arc::new(Item { level: Some(level), ..Item::new(name, ItemType::Permission, code(number % 3)?) }))
    });
    let revision = RevisionView {
        number: 1,
        content: content.transpose()?,
        content_hash: Hash::of_bytes(name.as_bytes()),
        effective_from: day,
        approved_at: day,
        document_number: None,
        source: None,
        withheld_since: Vec::new(),
        gate: None,
    };
    Ok(Document::Item(Arc::new(EntryView {
        code: code(number)?,
        revisions: vec![revision],
        repeal: None,
        suspension: None,
        guides: Vec::new(),
        recorded_at: day,
        position: at,
        words: name.to_owned(),
    })))
}

/// An entry that is the same on both channels.
pub fn entry(number: usize, name: &str, level: Option<Level>, at: Position) -> Result<Change, Broken> {
    changed(number, Both::Same(item(number, name, level, at)?))
}

pub(super) fn changed(number: usize, both: Both) -> Result<Change, Broken> {
    Ok(Change { entry: EntryName::new(Register::Item, code(number)?), both })
}

/// The batch that leads from the place before it to `number`, in which so many items are called by that number and stand on a
/// level that follows from it.
pub fn batch(number: u64, items: usize) -> Result<Batch, Broken> {
    let checkpoint = place(number);
    let changes = (0..items).map(|i| entry(i, &format!("第{number}次"), Some(level(number)), checkpoint));
    let base = (number > 1).then(|| place(number - 1));
    Ok(Batch { changes: changes.collect::<Result<_, _>>()?, base, checkpoint, begun: Vec::new(), events: items as u64 })
}

pub(super) fn level(number: u64) -> Level {
    [Level::City, Level::County, Level::Township][usize::try_from(number % 3).unwrap_or(0)]
}

/// The number of the batch that all of so many items say that they are of: as documents, by their terms and in count. `None`
/// before the first batch.
pub async fn all_of(snapshot: &dyn Snapshot, items: usize) -> Result<Option<u64>, AllOf> {
    let Some(position) = snapshot.position() else {
        let found = snapshot.find(Channel::Online, Register::Item, &[], None, 1).await?;
        return if found.is_empty() { Ok(None) } else { Err(Broken("there are items before the first batch".into()).into()) };
    };
    let number = position.numbers().0;
    let codes = (0..items).map(code).collect::<Result<Vec<_>, _>>()?;
    for channel in Channel::ALL {
        for document in snapshot.get_many(channel, Register::Item, &codes).await? {
            let said = document.as_ref().map(|document| document.words().to_owned());
            if said.as_deref() != Some(&format!("第{number}次")) {
                return Err(Broken(format!("at {position} an item says {said:?}")).into());
            }
        }
        for of_level in 0..3 {
            let expected = if level(of_level) == level(number) { items } else { 0 };
            let terms = [Term::level(level(of_level))];
            let found = snapshot.find(channel, Register::Item, &terms, None, items + 1).await?.len();
            let counted = snapshot.count(channel, Register::Item, &terms).await?;
            if (found, counted) != (expected, expected) {
                return Err(Broken(format!("at {position} {found} found and {counted} counted, expected {expected}")).into());
            }
        }
    }
    Ok(Some(number))
}

/// Why it was not to be seen of which batch items are.
#[derive(Debug, thiserror::Error)]
pub enum AllOf {
    /// They are not all of the batch that the snapshot is at.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The snapshot refused to say.
    #[error(transparent)]
    Refused(#[from] ViewError),
}

impl From<AllOf> for Broken {
    fn from(found: AllOf) -> Self {
        match found {
            AllOf::Broken(broken) => broken,
            AllOf::Refused(error) => error.into(),
        }
    }
}
