//! One append, inside a transaction that holds the write lock.

use domain::envelope::{Position, StreamName, StreamVersion};
use rusqlite::{Connection, OptionalExtension, Result};

use super::rows::{position, signed};
use crate::port::{AppendError, Appended, Expected, NewEvent};

/// What was found and, if all was well, written. The outer failure is SQLite's and concerns the whole transaction; the inner
/// answer is of this append alone, which then wrote nothing.
pub(super) fn append(
    connection: &Connection,
    stream: &StreamName,
    expected: Expected,
    events: &[NewEvent],
) -> Result<std::result::Result<Appended, AppendError>> {
    let name = stream.to_string();
    let actual = last_version(connection, &name)?;
    if !expected.holds(actual) {
        return Ok(match repeated(connection, &name, expected, events)? {
            Some(first) => Ok(first),
            None => Err(AppendError::Conflict { stream: stream.clone(), expected, actual }),
        });
    }
    // Looked up before anything is written, so that nothing has to be undone for one append of many.
    for event in events {
        if is_known(connection, event)? {
            return Ok(Err(AppendError::Invalid(format!("event id {} is in the journal already", event.id))));
        }
    }
    write(connection, &name, expected.first(), events).map(Ok)
}

fn last_version(connection: &Connection, name: &str) -> Result<Option<StreamVersion>> {
    let sql = "SELECT version FROM events WHERE stream = ?1 ORDER BY version DESC LIMIT 1";
    let last: Option<i64> = connection.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?;
    Ok(last.map(|version| StreamVersion(version.unsigned_abs())))
}

/// The answer of the earlier append that this one repeats, if it does.
fn repeated(connection: &Connection, name: &str, expected: Expected, events: &[NewEvent]) -> Result<Option<Appended>> {
    let sql = "SELECT id, version, position FROM events WHERE stream = ?1 AND version >= ?2 ORDER BY version LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query((name, signed(expected.first().0), signed(events.len() as u64)))?;
    let mut last = None;
    for event in events {
        match rows.next()? {
            Some(row) if row.get_ref(0)?.as_blob()? == event.id.as_bytes() => {
                let version = StreamVersion(row.get::<_, i64>(1)?.unsigned_abs());
                last = Some(Appended { version, position: Some(position(row.get(2)?)) });
            }
            _ => return Ok(None),
        }
    }
    Ok(last)
}

fn is_known(connection: &Connection, event: &NewEvent) -> Result<bool> {
    connection.prepare_cached("SELECT 1 FROM events WHERE id = ?1")?.exists([event.id.as_bytes()])
}

fn write(connection: &Connection, name: &str, first: StreamVersion, events: &[NewEvent]) -> Result<Appended> {
    let sql = "INSERT INTO events (stream, version, id, kind, metadata, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut statement = connection.prepare_cached(sql)?;
    let mut appended = Appended { version: first, position: None };
    for (version, event) in (first.0..).zip(events) {
        let row = statement.insert((name, signed(version), event.id.as_bytes(), &event.kind, &event.metadata, &event.payload))?;
        appended = Appended { version: StreamVersion(version), position: Some(position(row)) };
    }
    Ok(appended)
}

/// The furthest place of some answers.
pub(super) fn furthest<'a>(answers: impl Iterator<Item = &'a std::result::Result<Appended, AppendError>>) -> Option<Position> {
    answers.filter_map(|answer| answer.as_ref().ok()?.position).max()
}
