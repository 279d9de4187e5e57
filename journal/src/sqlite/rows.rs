//! What is read: one row, one event.

use domain::envelope::{Position, StreamName, StreamVersion};
use rusqlite::{Connection, Row, types::ValueRef};
use uuid::Uuid;

use super::{index, tail::Session};
use crate::port::{Page, Recorded};

/// Why something cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// A row that no writer of ours makes.
    #[error("event {0} is damaged")]
    Damaged(i64),
}

/// Events of a stream, from the indexes and the tail as one transaction sees them.
pub(super) fn stream(session: &mut Session, name: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, ReadError> {
    let Session { connection, tail } = session;
    let transaction = connection.transaction()?;
    tail.refresh(&transaction)?;
    let positions = index::positions(&transaction, tail, &name.to_string(), from, limit)?;
    let sql = "SELECT position, stream, version, id, kind, metadata, payload FROM events WHERE position = ?1";
    let mut statement = transaction.prepare_cached(sql)?;
    positions.into_iter().map(|position| statement.query_row([position], |row| Ok(recorded(row)))?).collect()
}

pub(super) fn all(connection: &Connection, after: Option<Position>, limit: usize) -> Result<Page, ReadError> {
    let sql = "SELECT position, stream, version, id, kind, metadata, payload
               FROM events WHERE position > ?1 ORDER BY position LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    // One more than asked for tells whether the log goes on.
    let mut rows = statement.query((number(after), signed(limit as u64).saturating_add(1)))?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        if events.len() == limit {
            return Ok(Page { events, end: false });
        }
        events.push(recorded(row)?);
    }
    Ok(Page { events, end: true })
}

pub(super) fn head(connection: &Connection) -> Result<Option<Position>, ReadError> {
    let mut statement = connection.prepare_cached("SELECT max(position) FROM events")?;
    let last: Option<i64> = statement.query_row([], |row| row.get(0))?;
    Ok(last.map(position))
}

/// The position of a row.
pub(super) fn position(row: i64) -> Position {
    Position::single(row.unsigned_abs())
}

fn number(after: Option<Position>) -> i64 {
    after.map_or(0, |position| signed(position.numbers().0))
}

/// SQLite's integers are signed; nothing of ours comes near the end.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn recorded(row: &Row<'_>) -> Result<Recorded, ReadError> {
    let place: i64 = row.get(0)?;
    read(row, place).ok_or(ReadError::Damaged(place))
}

fn read(row: &Row<'_>, place: i64) -> Option<Recorded> {
    let text = |column| match row.get_ref(column) {
        Ok(ValueRef::Text(bytes)) => std::str::from_utf8(bytes).ok(),
        _ => None,
    };
    let bytes = |column| match row.get_ref(column) {
        Ok(ValueRef::Blob(bytes)) => Some(bytes),
        _ => None,
    };
    Some(Recorded {
        position: position(place),
        stream: text(1)?.parse().ok()?,
        version: StreamVersion(row.get::<_, i64>(2).ok()?.try_into().ok()?),
        id: Uuid::from_slice(bytes(3)?).ok()?,
        kind: text(4)?.to_owned(),
        metadata: bytes(5)?.to_vec(),
        payload: bytes(6)?.to_vec(),
    })
}
