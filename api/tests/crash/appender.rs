//! A process that appends with several writers until it is killed, and says what was acknowledged.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use api::app::journal_path;
use chrono::{DateTime, Utc};
use domain::{
    decider::Circumstances,
    entry::{Adopt, Source},
    envelope::{ActorId, Code, StreamName, event_id},
    register::{Agency, Register},
};
use journal::{Budget, ExpectedVersion, Outcome, Request, SqliteJournal, transact};
use uuid::Uuid;

use crate::file::Places;

const DATA: &str = "TONGYUAN_TEST_APPENDS_TO";

/// What the codes of its entries begin with.
pub(crate) const PREFIX: &str = "APPENDED-";

const WRITERS: usize = 4;

const PAUSE: Duration = Duration::from_millis(2);

/// Revisions of one entry.
const REVISIONS: u32 = 4;

/// This binary again, as the process that appends.
pub(crate) fn command(data: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["child", "--exact", "--nocapture", "--test-threads=1"]).env(DATA, data);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Appends until it is killed, if this process is the one to do it.
#[expect(clippy::disallowed_methods, reason = "a child is told its role by the environment")]
pub(crate) fn play_role() {
    let Some(data) = std::env::var_os(DATA) else { return };
    let journal = Arc::new(SqliteJournal::open(&journal_path(&PathBuf::from(data))).unwrap());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let writers: Vec<_> = (0..WRITERS).map(|writer| tokio::spawn(write(journal.clone(), writer))).collect();
        for writer in writers {
            writer.await.unwrap();
        }
    });
}

async fn write(journal: Arc<SqliteJournal>, writer: usize) {
    for number in 0_u32.. {
        let code: Code = format!("{PREFIX}{}-{writer}-{}", std::process::id(), number / REVISIONS).parse().unwrap();
        let content = Agency { name: format!("东海市第{number}局"), ..Agency::default() };
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{code} {number}").as_bytes());
        let now: DateTime<Utc> = DateTime::from_timestamp(1_700_000_000 + i64::from(number), 0).unwrap();
        let command = Adopt { content, source: Source { file: "list".to_owned(), ..Source::default() }, effective_from: None };
        let circumstances = Circumstances::of_import(now, ActorId::new("crash"), id);
        let request = Request { code: code.clone(), expected: ExpectedVersion::Any, command: command.into(), circumstances };
        let Outcome::Applied(applied) = transact(journal.as_ref(), request, Budget::default()).await.unwrap() else {
            panic!("{code} was not changed")
        };
        let stream = StreamName::new(Register::Agency, code);
        let (position, _) = applied.position.numbers();
        say(&format!("{} {position} {stream} {}", event_id(id, 0), applied.version.0));
        // Not as fast as can be: what is appended here is read again by every import that follows.
        tokio::time::sleep(PAUSE).await;
    }
}

fn say(what: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "@ {what}").and_then(|()| out.flush()).unwrap();
}

/// What was acknowledged, as it was printed. A line that was cut by the kill does not count.
pub(crate) fn acknowledged(printed: &[u8]) -> Places {
    let text = String::from_utf8_lossy(printed);
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let mut places = Places::new();
    for line in whole.lines().filter_map(|line| line.split_once("@ ").map(|(_, said)| said)) {
        let [id, position, stream, version] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let id = id.parse::<Uuid>().unwrap().as_bytes().to_vec();
        places.insert(id, (position.parse().unwrap(), stream.to_owned(), version.parse().unwrap()));
    }
    places
}
