use std::{path::PathBuf, sync::Arc, time::Instant};

use api::{app::system_clock, registrar::import::Importer};
use domain::envelope::ActorId;
use exchange::{ReadOptions, read_paths};
use journal::SqliteJournal;

use crate::{
    entries::{self, folder, runtime},
    figure::{Bench, Goal, Outcome, median, number},
};

const NAMES: [&str; 2] = ["import of workbooks", "import of a portal export"];

/// Rows a second of the real sets: read, decided, and durable.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let sets = match entries::real_sets() {
        Ok(sets) => sets,
        Err(why) => return NAMES.map(|name| Outcome::Skipped(name, why.clone())).into(),
    };
    let runs = bench.pick(5, 1);
    let mut speeds = [Vec::new(), Vec::new()];
    let mut rows = [0, 0];
    for _ in 0..runs {
        for (set, path) in sets.iter().enumerate() {
            let (seconds, count) = import(path);
            speeds[set].push(number(count) / seconds);
            rows[set] = count;
        }
    }
    let one = |set: usize| Outcome::Measured {
        name: NAMES[set],
        value: median(&speeds[set]),
        unit: "rows/s",
        goal: Goal::AtLeast(2_000.0),
        detail: format!("{} rows, {runs} runs", rows[set]),
    };
    vec![one(0), one(1)]
}

fn import(path: &PathBuf) -> (f64, usize) {
    let folder = folder();
    let begun = Instant::now();
    let count = into(&folder.path().join("journal.db"), std::slice::from_ref(path));
    (begun.elapsed().as_secs_f64(), count)
}

/// Imports lists into a new journal; returns the number of rows.
pub(crate) fn into(journal: &std::path::Path, paths: &[PathBuf]) -> usize {
    let journal = Arc::new(SqliteJournal::create(journal).unwrap());
    let readings = read_paths(paths, &ReadOptions::default(), &()).into_iter().flat_map(Result::unwrap_or_default).collect();
    let importer = Importer::new(journal, system_clock(), ActorId::new("bench"), None);
    runtime().block_on(importer.import(readings, &|_| ())).unwrap().rows.len()
}
