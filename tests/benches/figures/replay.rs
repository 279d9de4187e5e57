use std::{
    fs::File,
    hint::black_box,
    io::{BufRead, BufReader, BufWriter, Write},
    path::Path,
    process::{Command, ExitCode},
    sync::Arc,
    time::Instant,
};

use chrono::{DateTime, Utc};
use domain::{
    entry::{Adopted, Repealed},
    envelope::{Code, Metadata},
    register::{Agency, CatalogueEntry, Guide, Item, Material},
};
use journal::{Journal, Knowledge, SharedJournal, SqliteJournal};
use projections::{Moment, views_at, views_of};
use serde::Deserialize;

use crate::{
    entries::{self, folder, runtime},
    figure::{Bench, Outcome, Sides, number},
    import,
};

/// An event of the plain file, without its kind, which stands before it.
#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read to be read")]
struct Line<T> {
    code: Code,
    version: u64,
    metadata: Metadata,
    payload: T,
}

/// The same events as typed values.
#[expect(dead_code, reason = "they are read to be read")]
enum Read {
    Agency(Line<Adopted<Agency>>),
    Item(Box<Line<Adopted<Item>>>),
    Guide(Box<Line<Adopted<Guide>>>),
    Material(Line<Adopted<Material>>),
    CatalogueEntry(Box<Line<Adopted<CatalogueEntry>>>),
    Repealed(Line<Repealed>),
}

/// The seconds that something takes with a file.
type Alone = fn(&Path) -> f64;

/// What is measured alone, by a word of the command line.
const ALONE: [(&str, Alone); 3] = [("views", replay), ("moment", replay_of_a_moment), ("plain", parse)];

/// The word by which this program is told to measure one of them.
pub(crate) const REPLAY: &str = "replay-alone";

/// Events a second from the journal into the views, against reading and parsing the same events from a plain file. Both in a process of their own
/// each time: what is cold has no memory that an earlier run has thrown away, on whichever thread. The real sets, and then a register of which most
/// guides have notes for the clerk, which is more work: what the channel online shows of them has a hash of its own.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let (folder, runs) = (folder(), bench.pick(21, 3));
    let path = folder.path().join("journal.db");
    let names = ["replay into the views", "cold replay of a moment"];
    let mut outcomes = match entries::real_sets() {
        Ok(sets) => {
            import::into(&path, &sets);
            let against = against(&path, runs);
            vec![against(names[0], "views", Some(0.8)), against(names[1], "moment", Some(0.8))]
        }
        Err(why) => names.map(|name| Outcome::Skipped(name, why.clone())).into(),
    };
    let path = folder.path().join("generated.db");
    entries::generated(&path, bench.pick(8_000, 2_000));
    outcomes.push(against(&path, runs)("replay of guides with notes", "views", None));
    outcomes
}

/// Measures one side against the plain file of the same events.
fn against(path: &Path, runs: usize) -> impl Fn(&'static str, &str, Option<f64>) -> Outcome {
    let plain = path.with_extension("ndjson");
    let events = number(write_plain(path, &plain));
    move |name, ours, goal| {
        let sides = Sides::alternate(runs, || events / in_a_process(ours, path), || events / in_a_process("plain", &plain));
        Outcome::ratio(name, goal, &sides, "events/s")
    }
}

/// The seconds that one side takes in a process that does nothing else.
fn in_a_process(which: &str, path: &Path) -> f64 {
    let done = Command::new(std::env::current_exe().unwrap()).args([REPLAY, which]).arg(path).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().parse().unwrap()
}

/// One side in this process; prints the seconds that it took.
pub(crate) fn alone(which: &str, path: &str) -> ExitCode {
    let (_, measure) = ALONE.into_iter().find(|(word, _)| *word == which).unwrap();
    println!("{}", measure(Path::new(path)));
    ExitCode::SUCCESS
}

/// As `tongyuan replay` does: everything that is known, looked at as of a moment of the past.
fn replay_of_a_moment(path: &Path) -> f64 {
    let moment = Moment { valid_at: entries::now(), knowledge: Knowledge::Moment(DateTime::<Utc>::MAX_UTC) };
    timed(|| {
        let journal: SharedJournal = Arc::new(SqliteJournal::open_read_only(path).unwrap());
        runtime().block_on(views_at(journal, moment, Arc::default(), &|_| ())).unwrap()
    })
}

fn replay(path: &Path) -> f64 {
    timed(|| {
        let journal: SharedJournal = Arc::new(SqliteJournal::open_read_only(path).unwrap());
        runtime().block_on(views_of(journal, &|_| ())).unwrap()
    })
}

fn parse(path: &Path) -> f64 {
    timed(|| {
        let mut file = BufReader::with_capacity(1 << 16, File::open(path).unwrap());
        let (mut line, mut events) = (Vec::new(), Vec::new());
        while file.read_until(b'\n', &mut line).unwrap() > 0 {
            let tab = line.iter().position(|byte| *byte == b'\t').unwrap();
            let (kind, json) = (&line[..tab], &line[tab + 1..]);
            events.push(match kind {
                b"agency.adopted" => Read::Agency(serde_json::from_slice(json).unwrap()),
                b"item.adopted" => Read::Item(serde_json::from_slice(json).unwrap()),
                b"guide.adopted" => Read::Guide(serde_json::from_slice(json).unwrap()),
                b"material.adopted" => Read::Material(serde_json::from_slice(json).unwrap()),
                b"openness.adopted" => Read::CatalogueEntry(serde_json::from_slice(json).unwrap()),
                _ => Read::Repealed(serde_json::from_slice(json).unwrap()),
            });
            line.clear();
        }
        events
    })
}

/// The seconds that something takes to be made, without those that it takes to be thrown away.
fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let begun = Instant::now();
    let done = work();
    let seconds = begun.elapsed().as_secs_f64();
    black_box(done);
    seconds
}

/// Writes the events of a journal line by line; returns how many.
fn write_plain(journal: &Path, plain: &Path) -> usize {
    let journal = SqliteJournal::open_read_only(journal).unwrap();
    let events = runtime().block_on(journal.read_all(None, usize::MAX)).unwrap().events;
    let mut file = BufWriter::new(File::create(plain).unwrap());
    for event in &events {
        let text = |bytes: &'_ [u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (code, version) = (&event.stream.code, event.version.0);
        let (metadata, payload) = (text(&event.metadata), text(&event.payload));
        let line = format!(r#"{{"code":"{code}","version":{version},"metadata":{metadata},"payload":{payload}}}"#);
        writeln!(file, "{}\t{line}", event.kind).unwrap();
    }
    file.flush().unwrap();
    events.len()
}
