use std::{
    fs::File,
    hint::black_box,
    io::{BufRead, BufReader, BufWriter, Write},
    path::Path,
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

/// Events a second from the journal into the views, against reading and parsing the same events from a plain file.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let folder = folder();
    let path = folder.path().join("journal.db");
    let (name, runs) = ("replay into the views", bench.pick(15, 3));
    match entries::real_sets() {
        Ok(sets) => drop(import::into(&path, &sets)),
        Err(_) => entries::generated(&path, bench.pick(8_000, 2_000)),
    }
    let plain = folder.path().join("events.ndjson");
    let events = write_plain(&path, &plain);
    let sides = Sides::alternate(runs, || number(events) / replay(&path), || number(events) / parse(&plain));
    let cold = Sides::alternate(runs, || number(events) / replay_of_a_moment(&path), || number(events) / parse(&plain));
    vec![Outcome::ratio(name, 0.8, &sides, "events/s"), Outcome::ratio("cold replay of a moment", 0.8, &cold, "events/s")]
}

/// As `tongyuan replay` does: everything that is known, looked at as of a moment of the past.
fn replay_of_a_moment(path: &Path) -> f64 {
    let begun = Instant::now();
    let journal: SharedJournal = Arc::new(SqliteJournal::open_read_only(path).unwrap());
    let moment = Moment { valid_at: entries::now(), knowledge: Knowledge::Moment(DateTime::<Utc>::MAX_UTC) };
    let views = runtime().block_on(views_at(journal, moment, Arc::default(), &|_| ())).unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    black_box(views);
    seconds
}

fn replay(path: &Path) -> f64 {
    let begun = Instant::now();
    let journal: SharedJournal = Arc::new(SqliteJournal::open_read_only(path).unwrap());
    let views = runtime().block_on(views_of(journal, &|_| ())).unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    black_box(views);
    seconds
}

fn parse(path: &Path) -> f64 {
    let begun = Instant::now();
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
    let seconds = begun.elapsed().as_secs_f64();
    black_box(events);
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
