use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicUsize},
};

use tokio::sync::{broadcast, watch};

use crate::{
    faults::{Faults, Signal},
    store::{Place, Store},
};

/// How a cluster is set up.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// User and password that every call has to bring.
    pub credentials: Option<(String, String)>,
    /// Certificate and key in PEM: then the nodes speak TLS only.
    pub tls: Option<(String, String)>,
    /// Lets the system acknowledge what comes in when it likes, as a server does; else it is done at once, for short tests.
    pub leisurely: bool,
}

/// What the nodes share.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) store: Store,
    pub(crate) faults: Faults,
    pub(crate) leader: AtomicUsize,
    pub(crate) ports: Mutex<Vec<u16>>,
    pub(crate) alive: Vec<AtomicBool>,
    pub(crate) hung: Vec<watch::Sender<bool>>,
    pub(crate) signals: broadcast::Sender<Signal>,
    /// From where subscriptions were asked for.
    pub(crate) subscriptions: Mutex<Vec<Option<Place>>>,
    pub(crate) connects: AtomicUsize,
    pub(crate) gossips: AtomicUsize,
    pub(crate) appends: AtomicUsize,
    pub(crate) reads: AtomicUsize,
}
