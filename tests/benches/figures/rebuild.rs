use std::{path::Path, sync::Arc, time::Instant};

use journal::{SharedJournal, SqliteJournal};
use projections::{
    Runner,
    contract::server::Server as Redis,
    redis::{RedisOptions, RedisViews},
};

use crate::{
    entries::{self, folder, runtime},
    figure::{Bench, Goal, Outcome, median, number},
    import,
    readers::NO_REDIS,
};

/// Events a second from the journal of the real sets into a new generation of views in Redis.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let name = "rebuild into redis";
    let (folder, work, runtime) = (folder(), folder(), runtime());
    let Some(redis) = runtime.block_on(Redis::start(work.path(), &[])).unwrap() else {
        return vec![Outcome::Skipped(name, NO_REDIS.to_owned())];
    };
    let path = folder.path().join("journal.db");
    let of = if let Ok(sets) = entries::real_sets() {
        format!("the real sets ({} rows)", import::into(&path, &sets))
    } else {
        entries::generated(&path, bench.pick(8_000, 2_000));
        "generated entries".to_owned()
    };
    let views = RedisViews::new(&redis.address().parse().unwrap(), RedisOptions::new("bench")).unwrap();
    assert!(runtime.block_on(views.acquire()).unwrap());
    let (mut speeds, mut events) = (Vec::new(), 0);
    for run in 0..bench.pick(5, 2) {
        let begun = Instant::now();
        events = runtime.block_on(rebuild(&path, &views, run));
        speeds.push(number(events) / begun.elapsed().as_secs_f64());
    }
    let detail = format!("{events} events of {of}, {} runs", speeds.len());
    vec![Outcome::Measured { name, value: median(&speeds), unit: "events/s", goal: Goal::None, detail }]
}

/// Fills a generation and makes it the live one; returns how many events it is made of.
async fn rebuild(path: &Path, views: &RedisViews, run: usize) -> usize {
    let journal: SharedJournal = Arc::new(SqliteJournal::open_read_only(path).unwrap());
    let id = format!("run{run}");
    views.renew().await.unwrap();
    views.begin(&id).await.unwrap();
    Runner::new(journal.clone(), Arc::new(views.generation(&id))).catch_up(&|_| ()).await.unwrap();
    views.switch_to(&id).await.unwrap();
    journal.read_all(None, usize::MAX).await.unwrap().events.len()
}
