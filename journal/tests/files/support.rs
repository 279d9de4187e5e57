use std::{
    collections::HashMap,
    ffi::OsStr,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use domain::{
    envelope::{StreamName, StreamVersion},
    register::Register,
};
use journal::{AppendError, Expected, Journal, NewEvent, Recorded, SqliteJournal};
use rusqlite::Connection;
use tokio::runtime::Runtime;
use uuid::Uuid;

const ROLE: &str = "JOURNAL_TEST_ROLE";
const PATH: &str = "JOURNAL_TEST_PATH";

/// Tells a child after how many events its writer brings the indexes to the end of the log.
pub(crate) const BATCH: &str = "JOURNAL_TEST_BATCH";

/// What a child process does with a journal. Each prints what it did, one line each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Appends with several writers until it is killed.
    Append,
    /// Appends until that fails, then says why, and reads.
    Fill,
    /// Opens for writing and says what came of it.
    Open,
    /// Opens for reading and says how many events there are.
    Read,
    /// Creates, and says what came of it.
    Create,
}

impl Role {
    const ALL: [Self; 5] = [Self::Append, Self::Fill, Self::Open, Self::Read, Self::Create];
}

/// A command that runs this binary again in a role.
pub(crate) fn child(role: Role, path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments()).env(ROLE, format!("{role:?}")).env(PATH, path);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// The same behind a line of shell that ends with `exec "$0" "$@"`.
pub(crate) fn child_in_shell(program: &str, flags: &[&str], script: &str, role: Role, path: &Path) -> Command {
    let mut command = Command::new(program);
    let script = format!("{script} && exec \"$0\" \"$@\"");
    command.args(flags).arg(script).arg(std::env::current_exe().unwrap()).args(arguments());
    command.env(ROLE, format!("{role:?}")).env(PATH, path).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

fn arguments() -> [&'static str; 4] {
    ["child", "--exact", "--nocapture", "--test-threads=1"]
}

/// The lines that a child printed, without those of the test harness.
pub(crate) fn lines(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(output);
    // A line that was cut by a kill has no end and does not count.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().filter_map(|line| line.split_once("@ ").map(|(_, said)| said.to_owned())).collect()
}

pub(crate) fn said(command: &mut Command) -> Vec<String> {
    lines(&command.output().unwrap().stdout)
}

fn say(what: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "@ {what}").and_then(|()| out.flush());
}

#[expect(clippy::disallowed_methods, reason = "a child is told its role by the environment")]
pub(crate) fn play_role() {
    let (Some(role), Some(path)) = (std::env::var_os(ROLE), std::env::var_os(PATH)) else { return };
    let role = Role::ALL.into_iter().find(|known| OsStr::new(&format!("{known:?}")) == role).unwrap();
    let path = Path::new(&path);
    match role {
        Role::Append => append_until_killed(path),
        Role::Fill => fill(path),
        Role::Open => say(&SqliteJournal::open(path).map_or_else(|error| error.to_string(), |_| "opened".to_owned())),
        Role::Create => say(&SqliteJournal::create(path).map_or_else(|error| error.to_string(), |_| "created".to_owned())),
        Role::Read => match SqliteJournal::open_read_only(path) {
            Ok(journal) => {
                assert_streams_are_the_log(&journal);
                say(&format!("{} events", all(&journal).len()));
            }
            Err(error) => say(&error.to_string()),
        },
    }
}

/// As the parent says.
#[expect(clippy::disallowed_methods, reason = "a child is told by the environment")]
fn open(path: &Path) -> SqliteJournal {
    let batch = std::env::var(BATCH).ok().map(|batch| batch.parse().unwrap());
    batch.map_or_else(|| SqliteJournal::open(path), |batch| SqliteJournal::open_with_batches_of(path, batch)).unwrap()
}

/// Four writers, each on a stream of this process; one line `stream version position id` for each acknowledged append.
fn append_until_killed(path: &Path) {
    let journal = Arc::new(open(path));
    runtime().block_on(async {
        let writers: Vec<_> =
            (0..4).map(|writer| tokio::spawn(write(journal.clone(), stream(&format!("{}-{writer}", std::process::id()))))).collect();
        for writer in writers {
            writer.await.unwrap();
        }
    });
}

async fn write(journal: Arc<SqliteJournal>, name: StreamName) {
    let mut expected = Expected::NoStream;
    for append in 0.. {
        let events: Vec<_> = (0..=append % 3).map(|index| event(&name, append, index, 700)).collect();
        let last = events.last().unwrap().id;
        let appended = journal.append(&name, expected, events).await.unwrap();
        say(&format!("{name} {} {} {last}", appended.version.0, appended.position.unwrap()));
        expected = Expected::Version(appended.version);
    }
}

fn fill(path: &Path) {
    let journal = open(path);
    let name = stream("full");
    let mut expected = Expected::NoStream;
    for append in 0..2_000 {
        match runtime().block_on(journal.append(&name, expected, vec![event(&name, append, 0, 3_000)])) {
            Ok(appended) => {
                say(&format!("{name} {} {} {}", appended.version.0, appended.position.unwrap(), event(&name, append, 0, 0).id));
                expected = Expected::Version(appended.version);
            }
            Err(AppendError::NotExecuted(error)) => {
                say(&format!("not executed: {error}"));
                break;
            }
            Err(error) => {
                say(&format!("failed otherwise: {error}"));
                break;
            }
        }
    }
    say(&format!("{} events are read", all(&journal).len()));
}

pub(crate) fn stream(code: &str) -> StreamName {
    StreamName::new(Register::Item, code.parse().unwrap())
}

/// An event whose id follows from its place.
pub(crate) fn event(name: &StreamName, append: usize, index: usize, size: usize) -> NewEvent {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{name} {append} {index}").as_bytes());
    NewEvent { id, kind: "item.sample".into(), metadata: b"{}".to_vec(), payload: vec![b'x'; size] }
}

pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

pub(crate) fn all(journal: &dyn Journal) -> Vec<Recorded> {
    runtime().block_on(journal.read_all(None, usize::MAX)).unwrap().events
}

/// A new journal with this many events in one stream, closed properly.
pub(crate) fn with_events(path: &Path, count: usize) {
    add(&SqliteJournal::create(path).unwrap(), 0, count);
}

/// Appends events with these numbers to the stream `s`.
pub(crate) fn add(journal: &SqliteJournal, from: usize, until: usize) {
    let name = stream("s");
    for number in from..until {
        let expected = number.checked_sub(1).map(|last| StreamVersion(last as u64));
        runtime().block_on(journal.append(&name, expected.into(), vec![event(&name, number, 0, 900)])).unwrap();
    }
}

/// What SQLite itself says of the file, that the versions of every stream count from 0, that no id is there twice, and that the
/// indexes are what the log says up to where they reach: nothing less, nothing more.
pub(crate) fn assert_sound(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    let indexed = "FROM events WHERE position <= (SELECT position FROM indexed)";
    for (wrong, found) in [
        ("streams with gaps", "SELECT stream FROM events GROUP BY stream HAVING min(version) <> 0 OR max(version) <> count(*) - 1".into()),
        ("ids that are there twice", "SELECT id FROM events GROUP BY id HAVING count(*) > 1".into()),
        ("places that are not indexed", format!("SELECT stream, version, position {indexed} EXCEPT SELECT * FROM stream_index")),
        ("places that are not in the log", format!("SELECT * FROM stream_index EXCEPT SELECT stream, version, position {indexed}")),
        ("ids that are not indexed", format!("SELECT id {indexed} EXCEPT SELECT id FROM id_index")),
        ("ids that are not in the log", format!("SELECT id FROM id_index EXCEPT SELECT id {indexed}")),
        ("an index beyond the log", "SELECT 1 FROM indexed WHERE position > (SELECT coalesce(max(position), 0) FROM events)".into()),
    ] {
        let count: i64 = connection.query_row(&format!("SELECT count(*) FROM ({found})"), [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0, "{wrong}");
    }
    drop(connection);
    assert_streams_are_the_log(&SqliteJournal::open_read_only(path).unwrap());
}

/// Every stream, read by way of index and tail, is what a scan of the whole log finds of it.
pub(crate) fn assert_streams_are_the_log(journal: &SqliteJournal) {
    let mut streams: HashMap<_, Vec<_>> = HashMap::new();
    for event in all(journal) {
        streams.entry(event.stream.clone()).or_default().push(event);
    }
    let runtime = runtime();
    for (name, events) in streams {
        let read = |from, limit| runtime.block_on(journal.read_stream(&name, StreamVersion(from as u64), limit)).unwrap();
        assert_eq!(read(0, usize::MAX), events);
        let (from, limit) = (events.len() / 2, events.len().div_ceil(3));
        assert_eq!(read(from, limit), events[from..(from + limit).min(events.len())]);
        assert!(read(events.len(), 1).is_empty());
    }
}

/// Everything that a child said it had been told is durable is there.
pub(crate) fn assert_kept(path: &Path, acknowledged: &[String]) {
    let journal = SqliteJournal::open_read_only(path).unwrap();
    let events: HashMap<_, _> = all(&journal).into_iter().map(|event| (event.id.to_string(), event)).collect();
    for line in acknowledged {
        let [name, version, position, id] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let found = events.get(id).unwrap_or_else(|| panic!("acknowledged and lost: {line}"));
        let place = (found.stream.to_string(), found.version.0.to_string(), found.position.to_string());
        assert_eq!(place, (name.to_owned(), version.to_owned(), position.to_owned()));
    }
}
