//! The clauses that every store keeps, over the protocol double.

use std::sync::Arc;

use double::Cluster;
use journal::{EventStoreJournal, SharedJournal};

use crate::support::shared;

async fn fresh() -> SharedJournal {
    let cluster = Arc::new(Cluster::single());
    let journal = EventStoreJournal::create(&cluster.url()).await.unwrap();
    shared(cluster, journal)
}

journal::contract_tests!(fresh);
