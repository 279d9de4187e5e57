use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::sync::{broadcast, watch};

use crate::{
    faults::{Faults, How, Signal, When},
    node::Node,
    shared::{Options, Shared},
    store::{Event, Place, Store},
};

/// Nodes over one store.
pub struct Cluster {
    shared: Arc<Shared>,
    nodes: Vec<Node>,
}

impl Cluster {
    /// One node.
    pub fn single() -> Self {
        Self::of(1, Options::default())
    }

    /// So many nodes; the first one leads.
    pub fn of(count: usize, options: Options) -> Self {
        let shared = Arc::new(Shared {
            options,
            store: Store::new(),
            faults: Faults::default(),
            leader: AtomicUsize::new(0),
            ports: Mutex::default(),
            alive: (0..count).map(|_| AtomicBool::new(true)).collect(),
            hung: (0..count).map(|_| watch::Sender::new(false)).collect(),
            signals: broadcast::Sender::new(64),
            subscriptions: Mutex::default(),
            connects: AtomicUsize::new(0),
            gossips: AtomicUsize::new(0),
            appends: AtomicUsize::new(0),
            reads: AtomicUsize::new(0),
        });
        let nodes = (0..count).map(|number| Node::start(shared.clone(), number)).collect();
        Self { shared, nodes }
    }

    /// The connection string: all nodes, without credentials.
    pub fn url(&self) -> String {
        let hosts: Vec<_> = self.nodes.iter().map(Node::host).collect();
        format!("esdb://{}?tls={}", hosts.join(","), self.shared.options.tls.is_some())
    }

    /// A node.
    pub fn node(&self, number: usize) -> &Node {
        &self.nodes[number]
    }

    /// Makes a node the leader.
    pub fn lead(&self, number: usize) {
        self.shared.leader.store(number, Ordering::SeqCst);
    }

    /// Lets the next append to a stream of this prefix fail.
    pub fn fail_append(&self, prefix: &str, when: When, how: How) {
        self.shared.faults.of_append(prefix, when, how);
    }

    /// Lets the next read fail, in the middle of its answer where it has one.
    pub fn fail_read(&self, how: How) {
        self.shared.faults.of_read(how);
    }

    /// How many faults have not happened yet.
    pub fn faults_left(&self) -> usize {
        self.shared.faults.left()
    }

    /// Forgets the faults that have not happened.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Does something to the open subscriptions; says how many there are.
    pub fn signal(&self, signal: Signal) -> usize {
        self.shared.signals.send(signal).unwrap_or(0)
    }

    /// From where subscriptions were asked for, one after the other; `None` is the beginning.
    pub fn subscriptions(&self) -> Vec<Option<Place>> {
        self.shared.subscriptions.lock().unwrap().clone()
    }

    /// How often a client connected.
    pub fn connects(&self) -> usize {
        self.shared.connects.load(Ordering::SeqCst)
    }

    /// How often the members of the cluster were asked for.
    pub fn gossips(&self) -> usize {
        self.shared.gossips.load(Ordering::SeqCst)
    }

    /// How many appends came in.
    pub fn appends(&self) -> usize {
        self.shared.appends.load(Ordering::SeqCst)
    }

    /// How many finite reads came in.
    pub fn reads(&self) -> usize {
        self.shared.reads.load(Ordering::SeqCst)
    }

    /// Everything that is kept in streams of this prefix, in order.
    pub fn events(&self, prefix: &str) -> Vec<Event> {
        let log = self.shared.store.log();
        log.events.iter().filter(|event| event.stream.starts_with(prefix)).map(|event| Event::clone(event)).collect()
    }
}
