//! The end of the log that the indexes do not reach yet, held in memory beside a connection.
//!
//! An append would touch two random pages if it kept the indexes itself. Instead they follow in batches, and what they lack is
//! looked up here. A tail is brought up to the connection's transaction before it is asked, so that index and tail together are
//! the log as that transaction sees it: each event once, whatever other connections append or index meanwhile.

use std::collections::HashMap;

use rusqlite::{Connection, Result};
use uuid::Uuid;

use super::index;

/// A connection with its tail.
pub(super) struct Session {
    pub(super) connection: Connection,
    pub(super) tail: Tail,
}

impl Session {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, tail: Tail::default() }
    }
}

/// Places of events that are not in the indexes.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// Last position that the indexes reach.
    indexed: i64,
    /// Last position of the log.
    end: i64,
    streams: HashMap<Box<str>, Run>,
    /// With their positions.
    ids: HashMap<Uuid, i64>,
}

/// What follows the indexed part of one stream.
#[derive(Debug)]
struct Run {
    /// Version of the first of them.
    first: u64,
    positions: Vec<i64>,
}

impl Tail {
    /// Takes in what was appended and lets go what was indexed since it was asked last. To be called in the transaction in
    /// which it is asked next.
    pub(super) fn refresh(&mut self, connection: &Connection) -> Result<()> {
        let (indexed, end) = index::reach(connection)?;
        if indexed > self.indexed {
            self.forget(indexed);
        }
        if end > self.end {
            let sql = "SELECT position, stream, version, id FROM events WHERE position > ?1 ORDER BY position";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([self.end.max(indexed)])?;
            while let Some(row) = rows.next()? {
                let id = Uuid::from_bytes(row.get(3)?);
                self.push(row.get(0)?, row.get_ref(1)?.as_str()?, row.get::<_, i64>(2)?.unsigned_abs(), id);
            }
            self.end = end;
        }
        Ok(())
    }

    /// Takes in the next event.
    pub(super) fn push(&mut self, position: i64, stream: &str, version: u64, id: Uuid) {
        match self.streams.get_mut(stream) {
            Some(run) => run.positions.push(position),
            None => {
                self.streams.insert(stream.into(), Run { first: version, positions: vec![position] });
            }
        }
        self.ids.insert(id, position);
        self.end = position;
    }

    /// Lets go what the indexes have, up to a position.
    pub(super) fn forget(&mut self, indexed: i64) {
        self.indexed = indexed;
        if indexed >= self.end {
            self.streams.clear();
            self.ids.clear();
            return;
        }
        self.ids.retain(|_, position| *position > indexed);
        self.streams.retain(|_, run| {
            let gone = run.positions.partition_point(|position| *position <= indexed);
            run.positions.drain(..gone);
            run.first += gone as u64;
            !run.positions.is_empty()
        });
    }

    /// How many events it holds.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Last position of the log.
    pub(super) fn end(&self) -> i64 {
        self.end
    }

    /// Version of the last event of a stream, if that one is here.
    pub(super) fn last_version(&self, stream: &str) -> Option<u64> {
        self.streams.get(stream).map(|run| run.first + run.positions.len() as u64 - 1)
    }

    /// Where the events of a stream from a version on are, as far as they are here.
    pub(super) fn positions(&self, stream: &str, from: u64) -> &[i64] {
        let Some(run) = self.streams.get(stream) else { return &[] };
        let skipped = usize::try_from(from.saturating_sub(run.first)).unwrap_or(usize::MAX);
        run.positions.get(skipped..).unwrap_or_default()
    }

    /// Whether an event with this id is here.
    pub(super) fn has(&self, id: Uuid) -> bool {
        self.ids.contains_key(&id)
    }
}
