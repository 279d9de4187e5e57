//! What has to hold when all is quiet again.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use api::app::{self, Place};
use domain::{
    envelope::{Position, StreamKind, event_id},
    register::Register,
};
use double::Cluster;
use journal::{Journal, SharedJournal};
use projections::{
    Lookout, ViewStore, check_rebuild,
    redis::{RedisOptions, RedisViews},
    views_of,
};
use serde_json::Value;

use crate::{
    client::Client,
    entries::{Entries, entries_of},
    import,
    readers::Seen,
    writers::{PREFIX, Written},
};

/// Every command that was acknowledged is in the store once, where it was said to be; those without an answer at most once.
pub fn nothing_lost_nothing_doubled(store: &Cluster, written: &Written) {
    let all = store.events("");
    let ids: BTreeSet<_> = all.iter().map(|event| event.id).collect();
    assert_eq!(ids.len(), all.len(), "an id is there twice");
    let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let ours = all.iter().filter(|event| event.stream.starts_with(&format!("agency-{PREFIX}")));
    for event in ours {
        let metadata: Value = serde_json::from_slice(&event.metadata).unwrap();
        let command: uuid::Uuid = metadata["command"].as_str().unwrap().parse().unwrap();
        places.entry(command).or_default().push(event);
    }
    for (command, said) in &written.acknowledged {
        let there = places.remove(command).unwrap_or_default();
        assert_eq!(there.len(), 1, "{} {} was acknowledged and is there {} times", said.stream, said.name, there.len());
        let there = there[0];
        assert_eq!((&there.stream, there.revision, there.id), (&said.stream.to_string(), said.version, event_id(*command, 0)));
        assert!(String::from_utf8_lossy(&there.data).contains(&said.name), "{said:?}");
    }
    for (command, there) in places {
        assert!(written.open.contains(&command) && there.len() == 1, "{command} was never given, or is there {} times", there.len());
    }
}

/// The entries that imports made.
async fn imported(journal: &dyn Journal) -> Entries {
    entries_of(journal, |entry| !entry.code.as_str().starts_with(PREFIX)).await
}

/// What the imports left is what an import leaves that nobody disturbs.
pub async fn imported_as_if_undisturbed(journal: &dyn Journal, folder: &Path, lists: &[PathBuf]) {
    import::account(&["--data", folder.to_str().unwrap()], lists).await;
    let undisturbed = app::open_journal_to_read(&Place::Folder(folder.to_owned())).await.unwrap();
    let (ours, theirs) = (imported(journal).await, imported(undisturbed.as_ref()).await);
    assert!(!theirs.is_empty());
    assert_eq!(ours, theirs);
}

/// Whatever was shown at a position, by any node at any time: so many agencies the journal had there.
pub async fn every_answer_was_of_its_position(journal: &dyn Journal, seen: &Seen) {
    let events = journal.read_all(None, usize::MAX).await.unwrap().events;
    let begun: Vec<Position> = events
        .iter()
        .filter(|event| event.stream.kind == StreamKind::Entry(Register::Agency) && event.version.0 == 0)
        .map(|event| event.position)
        .collect();
    let seen = seen.all();
    for (position, shown) in &seen {
        let there = begun.partition_point(|begun| Some(*begun) <= *position);
        assert_eq!(*shown, there as u64, "at {position:?}");
    }
    println!("{} positions were shown, each with what the journal has there", seen.len());
}

/// What is in the Redis is byte for byte what views built anew are, and of as many events.
pub async fn views_equal_rebuilt_ones(journal: SharedJournal, address: &str) {
    let live = std::sync::Arc::new(RedisViews::new(&address.parse().unwrap(), RedisOptions::new("check")).unwrap());
    let snapshot = live.snapshot().await.unwrap();
    let rebuilt = views_of(journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let check = check_rebuild(snapshot.as_ref(), rebuilt.as_ref()).await.unwrap();
    assert_eq!(check.differences, []);
    assert_eq!(snapshot.events(), rebuilt.events());
    let lookout = Lookout::new(journal, live);
    for _ in 0..2 {
        lookout.count().await.unwrap();
    }
    assert_eq!(lookout.counted().unwrap().missing(), 0);
    println!("{} documents in the Redis equal rebuilt ones, made of {} events", check.documents, snapshot.events());
}

/// All nodes say the same, and none an alarm.
pub async fn nodes_agree(nodes: &[String]) {
    let query = "{ registry { position agencies(first: 1) { totalCount } items(first: 100) { totalCount nodes { code name revision { contentHash } } } } }";
    let mut said = Vec::new();
    for node in nodes {
        let mut client = Client::connect(node).await.unwrap();
        let ready = client.get("/readyz").await.unwrap().json();
        assert!(ready["ready"] == true && ready.get("gap").is_none(), "{ready}");
        let answer = client.ask(query, None).await.unwrap().json();
        assert!(answer.get("errors").is_none(), "{answer}");
        said.push(answer);
    }
    for other in &said[1..] {
        assert_eq!(*other, said[0]);
    }
}
