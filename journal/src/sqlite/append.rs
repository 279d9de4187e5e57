//! One append, inside a transaction that holds the write lock.

use domain::envelope::{Position, StreamName, StreamVersion};
use rusqlite::{Connection, Result};

use super::{
    index,
    rows::{position, signed},
    tail::Tail,
};
use crate::port::{AppendError, Appended, Expected, NewEvent};

/// What was found and, if all was well, written, also to the tail. The outer failure is SQLite's and concerns the whole
/// transaction, after which the tail is not to be used; the inner answer is of this append alone, which then wrote nothing.
pub(super) fn append(
    connection: &Connection,
    tail: &mut Tail,
    stream: &StreamName,
    expected: Expected,
    events: &[NewEvent],
) -> Result<std::result::Result<Appended, AppendError>> {
    let name = stream.to_string();
    let actual = index::last_version(connection, tail, &name)?;
    if !expected.holds(actual) {
        return Ok(match repeated(connection, tail, &name, expected, events)? {
            Some(first) => Ok(first),
            None => Err(AppendError::Conflict { stream: stream.clone(), expected, actual }),
        });
    }
    // Looked up before anything is written, so that nothing has to be undone for one append of many.
    for event in events {
        if index::has(connection, tail, event.id)? {
            return Ok(Err(AppendError::Invalid(format!("事件标识已用过 / event id {} is in the journal already", event.id))));
        }
    }
    write(connection, tail, &name, expected.first(), events).map(Ok)
}

/// The answer of the earlier append that this one repeats, if it does.
fn repeated(connection: &Connection, tail: &Tail, name: &str, expected: Expected, events: &[NewEvent]) -> Result<Option<Appended>> {
    let first = expected.first();
    let positions = index::positions(connection, tail, name, first, events.len())?;
    if positions.len() < events.len() {
        return Ok(None);
    }
    let mut statement = connection.prepare_cached("SELECT id FROM events WHERE position = ?1")?;
    let mut last = None;
    for ((version, event), place) in (first.0..).zip(events).zip(positions) {
        if statement.query_row([place], |row| row.get::<_, [u8; 16]>(0))? != *event.id.as_bytes() {
            return Ok(None);
        }
        last = Some(Appended { version: StreamVersion(version), position: Some(position(place)) });
    }
    Ok(last)
}

fn write(connection: &Connection, tail: &mut Tail, name: &str, first: StreamVersion, events: &[NewEvent]) -> Result<Appended> {
    let sql = "INSERT INTO events (stream, version, id, kind, metadata, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut statement = connection.prepare_cached(sql)?;
    let mut appended = Appended { version: first, position: None };
    for (version, event) in (first.0..).zip(events) {
        let row = statement.insert((name, signed(version), event.id.as_bytes(), &event.kind, &event.metadata, &event.payload))?;
        tail.push(row, name, version, event.id);
        appended = Appended { version: StreamVersion(version), position: Some(position(row)) };
    }
    Ok(appended)
}

/// The furthest place of some answers.
pub(super) fn furthest<'a>(answers: impl Iterator<Item = &'a std::result::Result<Appended, AppendError>>) -> Option<Position> {
    answers.filter_map(|answer| answer.as_ref().ok()?.position).max()
}
