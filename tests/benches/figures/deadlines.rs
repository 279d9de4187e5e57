use std::{sync::Arc, time::Instant};

use chrono::TimeDelta;
use domain::deadline::Status;
use journal::{SharedJournal, SqliteJournal};
use projections::{DeadlineQuery, Deadlines};

use crate::{
    entries::{self, folder, now, runtime},
    figure::{Bench, Goal, Outcome, median},
};

/// Pages that are asked for.
const ASKED: usize = 50;

/// A page of what is due, of all that there is, and of what was known at another moment, with many entries none of which has receipts yet: every
/// case is open. And what it takes to read the log for it, which a node does once.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let folder = folder();
    let count = bench.pick(100_000, 10_000);
    let path = folder.path().join("journal.db");
    entries::generated(&path, count);
    runtime().block_on(async {
        let journal: SharedJournal = Arc::new(SqliteJournal::open_read_only(&path).unwrap());
        let deadlines = Deadlines::new(journal);
        let begun = Instant::now();
        deadlines.catch_up().await.unwrap();
        let reading = begun.elapsed().as_secs_f64();
        let later = now() + TimeDelta::hours(1);
        let ask = async |status: Vec<Status>, known_at| {
            let query = DeadlineQuery { status, ..DeadlineQuery::default() };
            let begun = Instant::now();
            let page = deadlines.page(&query, |about| about.public.is_some(), (later, known_at), (None, 100)).await.unwrap();
            assert!(page.total >= count && page.cases.len() == 100, "{} cases", page.total);
            1_000.0 * begun.elapsed().as_secs_f64()
        };
        let first = ask(vec![Status::Due], None).await;
        let mut due = Vec::new();
        for _ in 0..ASKED {
            due.push(ask(vec![Status::Due], None).await);
        }
        let (all, known) = (ask(Vec::new(), None).await, ask(Vec::new(), Some(later - TimeDelta::minutes(30))).await);
        let detail = format!(
            "median of {ASKED} pages of {count} open cases with their number; the first {first:.0} ms, all {all:.1} ms, at another moment {known:.0} ms"
        );
        vec![
            Outcome::Measured { name: "a page of deadlines", value: median(&due), unit: "ms", goal: Goal::AtMost(100.0), detail },
            Outcome::Measured {
                name: "the log read for deadlines",
                value: reading,
                unit: "s",
                goal: Goal::None,
                detail: format!("{count} entries, once after a start, beside the projection"),
            },
        ]
    })
}
