//! A stand-in for an EventStoreDB or KurrentDB cluster: its wire protocol over one store in memory, failing on demand.
//!
//! It proves how a client handles the protocol: expected revisions, repeated appends, unknown outcomes, changes of the leader,
//! subscriptions. It proves nothing about durability, quorums or elections: what it "keeps" is gone with the process.
//!
//! It is stricter than a server where a server leaves something open, so that nothing is built on luck: a repeated append is
//! answered without a position, appends without an exact expectation and filters by regular expression are refused, positions
//! are pairs with gaps, and events of the system lie between those of the streams.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a helper of tests: what it cannot do ends the test")]
#![expect(clippy::result_large_err, reason = "what a service fails with is tonic's, and it is large")]

mod append;
mod cluster;
mod faults;
mod node;
mod prompt;
mod read;
mod service;
mod shared;
mod store;
mod subscription;

#[allow(missing_docs, clippy::all, clippy::pedantic, reason = "generated")]
mod pb {
    tonic::include_proto!("event_store.client");
    pub mod streams {
        tonic::include_proto!("event_store.client.streams");
    }
    pub mod gossip {
        tonic::include_proto!("event_store.client.gossip");
    }
    pub mod server_features {
        tonic::include_proto!("event_store.client.server_features");
    }
}

pub use cluster::Cluster;
pub use faults::{How, Signal, When};
pub use node::Node;
pub use shared::Options;
pub use store::{Event, Place};
