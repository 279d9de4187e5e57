//! The indexes in the file, which follow behind the end of the log, and what they and the tail say together.

use domain::envelope::StreamVersion;
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

use super::{rows::signed, tail::Tail};

/// Events that are not indexed, after which they are. More make a batch cheaper for each of its events, and opening slower: at
/// most this many, and one group, are scanned then. Measured from 1,000 to 8,000.
pub(super) const BATCH: usize = 4_000;

/// How far the indexes reach, and the log; 0 for an empty one.
pub(super) fn reach(connection: &Connection) -> Result<(i64, i64)> {
    let sql = "SELECT position, (SELECT coalesce(max(position), 0) FROM events) FROM indexed";
    connection.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Brings the indexes to the end of the log, from the log itself. Sorted, so that a page is written once for all that is new
/// in it.
pub(super) fn extend(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "INSERT INTO stream_index (stream, version, position)
             SELECT stream, version, position FROM events WHERE position > (SELECT position FROM indexed) ORDER BY stream, version;
         INSERT INTO id_index (id)
             SELECT id FROM events WHERE position > (SELECT position FROM indexed) ORDER BY id;
         UPDATE indexed SET position = (SELECT max(position) FROM events);",
    )
}

/// Version of the last event of a stream.
pub(super) fn last_version(connection: &Connection, tail: &Tail, stream: &str) -> Result<Option<StreamVersion>> {
    if let Some(last) = tail.last_version(stream) {
        return Ok(Some(StreamVersion(last)));
    }
    let sql = "SELECT version FROM stream_index WHERE stream = ?1 ORDER BY version DESC LIMIT 1";
    let last: Option<i64> = connection.prepare_cached(sql)?.query_row([stream], |row| row.get(0)).optional()?;
    Ok(last.map(|version| StreamVersion(version.unsigned_abs())))
}

/// Where the events of a stream from a version on are, in order, at most `limit`.
pub(super) fn positions(connection: &Connection, tail: &Tail, stream: &str, from: StreamVersion, limit: usize) -> Result<Vec<i64>> {
    let sql = "SELECT position FROM stream_index WHERE stream = ?1 AND version >= ?2 ORDER BY version LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let indexed = statement.query_map((stream, signed(from.0), signed(limit as u64)), |row| row.get(0))?;
    let mut positions = indexed.collect::<Result<Vec<_>>>()?;
    let behind = tail.positions(stream, from.0).iter();
    positions.extend(behind.take(limit - positions.len()));
    Ok(positions)
}

/// Whether the journal has an event with this id.
pub(super) fn has(connection: &Connection, tail: &Tail, id: Uuid) -> Result<bool> {
    Ok(tail.has(id) || connection.prepare_cached("SELECT 1 FROM id_index WHERE id = ?1")?.exists([id.as_bytes()])?)
}
