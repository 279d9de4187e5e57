//! A node on a stand-in for an EventStoreDB cluster, with its views in a real Redis, that is killed anywhere on the way of an approval: see
//! [`crate::way`]. The stand-in and the Redis live on; what a node leaves in them is what the next one finds.

use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::TcpStream,
    process::Command,
};

use domain::{envelope::Position, value::Channel};
use double::{Cluster, Event, How, When};
use journal::{EventStoreJournal, eventstore::Timing};
use projections::contract::server::Server as Redis;

use crate::{
    issuer::Issuer,
    process::asked,
    reviewed::{Approval, review},
    way::{Keeping, survives, told_of},
};

const ROUNDS: usize = 20;
const SPARE: usize = 20;

/// What all nodes share.
struct City {
    cluster: Cluster,
    redis: Redis,
    /// Who says who asks: no node has accounts of its own.
    issuer: Issuer,
}

impl City {
    fn of(&self, approval: &Approval) -> Vec<Event> {
        let stream = format!("item-{}", approval.code);
        self.cluster.events(&stream).into_iter().filter(|event| event.stream == stream).collect()
    }
}

impl Keeping for City {
    fn command(&self, verb: &str) -> Command {
        let mut command = asked(verb);
        command.args(["--journal", &self.cluster.url(), "--views", &self.redis.address()]);
        command
    }

    fn serve(&self) -> Command {
        let mut command = self.command("serve");
        command.args(["--role", "all"]).args(self.issuer.flags());
        command
    }

    fn begins(&self) {}

    fn position(&self, approval: &Approval) -> Option<Position> {
        let event = self.of(approval).into_iter().find(|event| event.id.as_bytes()[..] == approval.event()[..])?;
        Some(Position::pair(event.place.commit, event.place.prepare))
    }

    fn approvals(&self, approval: &Approval) -> usize {
        self.of(approval).iter().filter(|event| event.kind == "item.approved").count()
    }

    fn served(&self, approval: &Approval) -> Vec<Channel> {
        self.receipts().iter().flat_map(|payload| told_of(payload, approval)).collect()
    }

    fn receipts(&self) -> Vec<Vec<u8>> {
        self.cluster.events("receipt-").into_iter().map(|event| event.data).collect()
    }

    fn will_keep_receipts_out(&self) {
        self.cluster.fail_append("receipt-", When::Before, How::Hang);
    }

    fn keeps_receipts_out(&self) -> Box<dyn Any> {
        Box::new(())
    }

    /// The lease of a projector that is gone runs out after ten seconds; here nobody has to wait for it.
    fn killed(&self) {
        self.cluster.clear_faults();
        let mut redis = TcpStream::connect(("127.0.0.1", self.redis.port)).unwrap();
        redis.write_all(b"*2\r\n$3\r\nDEL\r\n$14\r\ntongyuan:lease\r\n").unwrap();
        let mut answer = [0; 4];
        redis.read_exact(&mut answer).unwrap();
        assert!(answer.starts_with(b":"), "{answer:?}");
    }

    fn is_sound(&self) {
        let (mut ids, mut next) = (BTreeSet::new(), BTreeMap::<String, u64>::new());
        for event in self.cluster.events("") {
            assert!(ids.insert(event.id), "an event is there twice");
            let next = next.entry(event.stream.clone()).or_default();
            assert_eq!(event.revision, *next, "{} does not count from 0", event.stream);
            *next += 1;
        }
    }
}

#[test]
fn an_approval_survives_kills_of_nodes_that_share_a_cluster_and_a_redis() {
    let work = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let Some(redis) = runtime.block_on(Redis::start(work.path(), &[])).unwrap() else { return };
    let city = City { cluster: Cluster::single(), redis, issuer: Issuer::start() };
    assert!(asked("init").args(["--journal", &city.cluster.url()]).status().unwrap().success());
    let journal = runtime.block_on(EventStoreJournal::open_with(&city.cluster.url(), Timing::default(), "")).unwrap();
    review(&journal, ROUNDS + SPARE);
    drop(journal);
    let head = format!("authorization: Bearer {}\r\n", city.issuer.token("P-approver", &["approver@A1"]));
    survives(&city, &head, (ROUNDS, SPARE));
}
