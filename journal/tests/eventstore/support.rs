use std::{sync::Arc, time::Duration};

use domain::{
    envelope::{Position, StreamName},
    register::Register,
};
use double::Cluster;
use journal::{EventStoreJournal, NewEvent, SharedJournal, contract::Held, eventstore::Timing};
use uuid::Uuid;

/// Patience of a test: what hangs is given up soon.
pub(crate) const QUICK: Timing = Timing {
    call: Duration::from_millis(700),
    silence: Duration::from_millis(400),
    pause: Duration::from_millis(5),
    longest: Duration::from_millis(100),
    retries: 8,
    trying: Duration::from_secs(60),
    failures: 3,
};

/// A register in a cluster of one node.
pub(crate) async fn single() -> (Arc<Cluster>, EventStoreJournal) {
    let cluster = Arc::new(Cluster::single());
    let journal = founded(&cluster).await;
    (cluster, journal)
}

/// A register in a cluster.
pub(crate) async fn founded(cluster: &Cluster) -> EventStoreJournal {
    EventStoreJournal::create_with(&cluster.url(), QUICK, "").await.unwrap()
}

/// The same register, opened by another process.
pub(crate) async fn opened(cluster: &Cluster) -> EventStoreJournal {
    EventStoreJournal::open_with(&cluster.url(), QUICK, "").await.unwrap()
}

/// A journal that holds its cluster.
pub(crate) fn shared(cluster: Arc<Cluster>, journal: EventStoreJournal) -> SharedJournal {
    Arc::new(Held::new(journal, cluster))
}

pub(crate) fn item(code: &str) -> StreamName {
    StreamName::new(Register::Item, code.parse().unwrap())
}

pub(crate) fn event(id: u128) -> NewEvent {
    NewEvent { id: Uuid::from_u128(id), kind: "item.adopted".into(), metadata: b"{}".to_vec(), payload: id.to_string().into_bytes() }
}

/// A place of the double as a position.
pub(crate) fn position(place: double::Place) -> Position {
    Position::pair(place.commit, place.prepare)
}
