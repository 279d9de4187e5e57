//! A set of two thousand members takes seconds.

use std::{sync::Arc, time::Instant};

use journal::SqliteJournal;

use super::support::*;

const MEMBERS: usize = 2_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_members_are_proposed_reviewed_and_approved_in_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::create(&folder.path().join("journal.db")).unwrap();
    let bench = Bench::over(Arc::new(journal));
    let changes = || (0..MEMBERS).map(|n| to(&format!("N{n}"), &format!("事项{n}"))).collect::<Vec<_>>();
    let mut begun = Instant::now();
    let mut lap = || std::mem::replace(&mut begun, Instant::now()).elapsed();
    let set = bench.propose(&drafter(), 1, None, changes()).await;
    assert_eq!(word(&set), "APPLIED");
    let set = set.unwrap().code;
    let proposed = lap();
    assert_eq!(word(&bench.ask(&reviewer(), 2, &set, bench.review(&set).await).await), "APPLIED");
    let reviewed = lap();
    assert_eq!(word(&bench.ask(&approver(), 3, &set, bench.approve(&set).await).await), "APPLIED");
    let approved = lap();
    assert_eq!(bench.events().await, 3 + 4 * MEMBERS);
    // Timings fail no test: the machine may be busy.
    println!("{MEMBERS} members: proposed {proposed:?}, reviewed {reviewed:?}, approved {approved:?}");
}
