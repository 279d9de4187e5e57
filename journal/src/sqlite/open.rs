//! Creating and opening the file, and telling what is no journal.

use std::{
    fs::{self, File},
    io,
    path::Path,
    thread,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use rusqlite_migration::{M, Migrations};

use super::{
    errors::{beside, io_error, store_error},
    log,
};
use crate::port::StoreError;

/// The formats, oldest first. What was released is never changed: see `migrations/README.md`.
const MIGRATIONS: &[M<'static>] = &[M::up(include_str!("../../../migrations/sqlite/0001_journal.sql"))];

/// `PRAGMA application_id` of a journal: "TYJ1".
const APPLICATION_ID: i64 = 0x5459_4A31;

/// How often the write lock of another process is asked for, once per millisecond.
const LOCK_TRIES: i32 = 10_000;

/// The newest format that this version knows.
fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Creates the file, whole or not at all: it is made under another name and linked under its own when it is complete.
pub(super) fn create(path: &Path) -> Result<(), StoreError> {
    if exists(path)? {
        return Err(StoreError::Exists(path.display().to_string()));
    }
    let failed = |error| io_error(path, &error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let making = beside(path, &format!("-new-{}", std::process::id()));
    let made = fill(&making, path).and_then(|()| match fs::hard_link(&making, path) {
        Ok(()) => File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(StoreError::Exists(path.display().to_string())),
        Err(error) => Err(failed(error)),
    });
    for leftover in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(beside(&making, leftover));
    }
    made
}

/// Makes the file `making`; failures are of the journal at `path`.
fn fill(making: &Path, path: &Path) -> Result<(), StoreError> {
    // SQLite says only "unable to open"; the system says why.
    File::create_new(making).map_err(|error| io_error(path, &error))?;
    let failed = |error| store_error(path, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(making, flags).map_err(failed)?;
    connection.pragma_update(None, "journal_mode", "wal").map_err(failed)?;
    migrate(path, &mut connection)?;
    connection.close().map_err(|(_, error)| failed(error))
}

fn migrate(path: &Path, connection: &mut Connection) -> Result<(), StoreError> {
    Migrations::from_slice(MIGRATIONS).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => store_error(path, &err),
        other => StoreError::Other(format!("{}: {other}", path.display())),
    })
}

/// Opens a journal to append to it.
pub(super) fn writing(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = opened(path, flags, path.as_os_str())?;
    let failed = |error| store_error(path, &error);
    // SQLite opens for reading what it may not write, and says so only when the first event comes.
    if connection.is_readonly("main").map_err(failed)? {
        return Err(StoreError::ReadOnly(path.display().to_string()));
    }
    if format(path, &connection)? < known() {
        migrate(path, &mut connection)?;
    }
    connection.pragma_update(None, "synchronous", "full").map_err(failed)?;
    log::watch(&connection);
    // Between transactions nothing else may change what the pages say, so they need not be dropped from the cache: 16 MiB.
    connection.pragma_update(None, "cache_size", -16_384).map_err(failed)?;
    Ok(connection)
}

/// Opens a journal to read it. No statement may write, but the file is opened for writing where that is allowed: the last
/// connection that closes, of any process, takes away the log and its index beside the file, and only one that may write can.
/// While another process has the file open it is not the last one and touches nothing. Where the file cannot be written, SQLite
/// opens it for reading by itself.
pub(super) fn reading(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let usual = opened(path, flags, path.as_os_str());
    let connection = match usual {
        // Write-ahead mode needs to write beside the file, even to read. A journal that was closed properly and lies where
        // nothing can be written is read as it is.
        Err(StoreError::ReadOnly(_) | StoreError::Other(_)) if closed(path) => {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
            opened(path, flags, immutable(path).as_ref())?
        }
        other => other?,
    };
    connection.pragma_update(None, "query_only", true).map_err(|error| store_error(path, &error))?;
    let found = format(path, &connection)?;
    if found < known() {
        let reason = format!(
            "格式{found}较旧，请先用 tongyuan serve 打开一次 / it has format {found}, older than {}: open it once with tongyuan serve",
            known()
        );
        return Err(StoreError::Other(format!("{}: {reason}", path.display())));
    }
    Ok(connection)
}

/// Opens a file that is there and claims to be a journal.
fn opened(path: &Path, flags: OpenFlags, name: &std::ffi::OsStr) -> Result<Connection, StoreError> {
    if !exists(path)? {
        return Err(StoreError::Missing(path.display().to_string()));
    }
    let foreign = |reason: &str| StoreError::NotAJournal { path: path.display().to_string(), reason: reason.to_owned() };
    if path.is_dir() {
        return Err(foreign("是文件夹 / it is a folder"));
    }
    let failed = |error| store_error(path, &error);
    let connection = Connection::open_with_flags(name, flags).map_err(failed)?;
    connection.busy_handler(Some(wait_for_lock)).map_err(failed)?;
    // A statement is planned once. Otherwise each new value of a parameter that stands beside an index has it planned anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(failed)?;
    let id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    // The header alone does not tell whether the rest of the file is there; a look at the schema does.
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    match (id, tables) {
        (APPLICATION_ID, 1..) => {}
        (0, 0) => return Err(foreign("是空文件 / it is empty")),
        _ => return Err(foreign("是其他程序的数据库 / it is a database of another program")),
    }
    let found = format(path, &connection)?;
    if found > known() {
        return Err(StoreError::Newer { path: path.display().to_string(), found, known: known() });
    }
    Ok(connection)
}

fn format(path: &Path, connection: &Connection) -> Result<i64, StoreError> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|error| store_error(path, &error))
}

fn exists(path: &Path) -> Result<bool, StoreError> {
    path.try_exists().map_err(|error| io_error(path, &error))
}

/// SQLite's own waiting grows to 100 ms and loses against a process that writes without pause; this one gets its turn.
fn wait_for_lock(tries: i32) -> bool {
    thread::sleep(Duration::from_millis(1));
    tries < LOCK_TRIES
}

/// Whether nothing of the journal lies outside its file.
fn closed(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).map_or(true, |log| log.len() == 0)
}

/// The name under which SQLite reads a file that nobody changes, without any file beside it.
fn immutable(path: &Path) -> String {
    let mut name = "file:".to_owned();
    for part in path.to_string_lossy().chars() {
        match part {
            '%' => name.push_str("%25"),
            '?' => name.push_str("%3f"),
            '#' => name.push_str("%23"),
            other => name.push(other),
        }
    }
    name + "?immutable=1"
}
