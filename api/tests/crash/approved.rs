//! A server on the embedded store that is killed anywhere on the way of an approval: see [`crate::way`].

use std::{any::Any, cell::Cell, path::PathBuf, process::Command};

use domain::{envelope::Position, value::Channel};
use rusqlite::{Connection, OpenFlags};

use crate::{
    file::sound,
    process::tongyuan,
    reviewed::{Approval, approver, review},
    way::{Keeping, PATIENCE, survives, told_of},
};

const ROUNDS: usize = 200;

/// Further rounds for steps that were not hit by then.
const SPARE: usize = 60;

/// The file of the journal as it is at any moment, beside the server.
struct File {
    data: PathBuf,
    connection: Connection,
    /// What is up to here is not looked at: it was there before the last round but one.
    after: Cell<(i64, i64)>,
}

impl File {
    fn open(data: PathBuf) -> Self {
        let connection = Connection::open_with_flags(data.join("journal.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        Self { data, connection, after: Cell::new((0, 0)) }
    }

    fn payloads_after(&self, position: i64) -> Vec<Vec<u8>> {
        let sql = "SELECT payload FROM events WHERE position > ?1 AND kind = 'receipt.served' ORDER BY position";
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        statement.query_map([position], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn place(&self, approval: &Approval) -> Option<i64> {
        let mut statement = self.connection.prepare_cached("SELECT position FROM events WHERE position > ?1 AND id = ?2").unwrap();
        statement.query_map((self.after.get().0, approval.event()), |row| row.get(0)).unwrap().next().transpose().unwrap()
    }
}

impl Keeping for File {
    fn command(&self, verb: &str) -> Command {
        tongyuan(verb, &self.data)
    }

    fn begins(&self) {
        let head = self.connection.query_row("SELECT max(position) FROM events", [], |row| row.get(0)).unwrap();
        // The approval of the round before is asked for once more.
        self.after.set((self.after.get().1, head));
    }

    fn position(&self, approval: &Approval) -> Option<Position> {
        self.place(approval).map(|place| Position::single(place.cast_unsigned()))
    }

    fn approvals(&self, approval: &Approval) -> usize {
        let sql = "SELECT count(*) FROM events WHERE stream = ?1 AND kind = 'item.approved'";
        let count: i64 = self.connection.query_row(sql, [format!("item-{}", approval.code)], |row| row.get(0)).unwrap();
        usize::try_from(count).unwrap()
    }

    fn served(&self, approval: &Approval) -> Vec<Channel> {
        // Receipts come behind what they are of.
        let Some(place) = self.place(approval) else { return Vec::new() };
        self.payloads_after(place).iter().flat_map(|payload| told_of(payload, approval)).collect()
    }

    fn receipts(&self) -> Vec<Vec<u8>> {
        self.payloads_after(0)
    }

    /// Whoever holds the right to write keeps the receipts out, and no reader.
    fn keeps_receipts_out(&self) -> Box<dyn Any> {
        let other = Connection::open(self.data.join("journal.db")).unwrap();
        other.busy_timeout(PATIENCE).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        Box::new(other)
    }

    fn is_sound(&self) {
        sound(&self.data);
    }
}

#[test]
fn an_approval_survives_kills_between_any_two_steps_of_its_way() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(tongyuan("init", &data).status().unwrap().success());
    let journal = journal::SqliteJournal::open(&api::app::journal_path(&data)).unwrap();
    review(&journal, ROUNDS + SPARE);
    drop(journal);
    survives(&File::open(data.clone()), &approver(&data), (ROUNDS, SPARE));
}
