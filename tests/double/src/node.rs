use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use futures::stream;
use tokio::{net::TcpListener, runtime::Runtime};
use tonic::transport::{Identity, Server, ServerTlsConfig};

use crate::{
    pb::{
        gossip::gossip_server::GossipServer, server_features::server_features_server::ServerFeaturesServer,
        streams::streams_server::StreamsServer,
    },
    prompt::Prompt,
    service::Service,
    shared::Shared,
};

/// Longest message, as servers take it.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// A node, with a runtime of its own: whatever it does dies with it.
pub struct Node {
    shared: Arc<Shared>,
    number: usize,
    port: u16,
    running: Arc<Running>,
}

/// The runtime of a node, if it is alive.
pub(crate) struct Running(Mutex<Option<Runtime>>);

impl Running {
    fn stop(&self) -> Option<thread::JoinHandle<()>> {
        let runtime = self.0.lock().unwrap().take()?;
        // Not by a thread of the runtime itself, nor by one that must not block.
        Some(thread::spawn(move || runtime.shutdown_timeout(Duration::from_secs(5))))
    }
}

impl Node {
    pub(crate) fn start(shared: Arc<Shared>, number: usize) -> Self {
        let running = Arc::new(Running(Mutex::default()));
        let port = serve(&shared, number, free_port(), &running);
        shared.ports.lock().unwrap().push(port);
        Self { shared, number, port, running }
    }

    /// Host and port.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Ends it at once: connections break, nothing is answered any more.
    pub fn kill(&self) {
        self.shared.alive[self.number].store(false, Ordering::SeqCst);
        if let Some(stopping) = self.running.stop() {
            stopping.join().unwrap();
        }
    }

    /// Starts it again after its death, at the same address.
    pub fn restart(&self) {
        self.kill();
        serve(&self.shared, self.number, self.port, &self.running);
        self.shared.alive[self.number].store(true, Ordering::SeqCst);
    }

    /// Lets it answer nothing, or go on.
    pub fn hang(&self, hung: bool) {
        self.shared.hung[self.number].send_replace(hung);
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.running.stop();
    }
}

/// A free port below those that the system gives to connections: while a node is dead, a client that tries to reach it may otherwise
/// be given its port, and speak with itself.
fn free_port() -> u16 {
    /// So that no two of a process are the same; processes begin apart from each other.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    const PORTS: u32 = 6_000;
    let first = std::process::id().wrapping_mul(37);
    let port = || 10_000 + u16::try_from(first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % PORTS).unwrap();
    let free = |port: &u16| std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    (0..PORTS).map(|_| port()).find(free).unwrap()
}

/// Serves on a port.
fn serve(shared: &Arc<Shared>, number: usize, port: u16, running: &Arc<Running>) -> u16 {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().thread_name("double").build().unwrap();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let (tell, told) = std::sync::mpsc::channel();
    let weak = Arc::downgrade(running);
    let kill = Arc::new(move || {
        let _ = weak.upgrade().and_then(|running| running.stop());
    });
    let service = Service { shared: shared.clone(), number, kill };
    let (tls, leisurely) = (shared.options.tls.clone(), shared.options.leisurely);
    runtime.spawn(async move {
        let listener = TcpListener::bind(address).await.unwrap();
        tell.send(listener.local_addr().unwrap().port()).unwrap();
        let mut server = Server::builder();
        if let Some((certificate, key)) = tls {
            server = server.tls_config(ServerTlsConfig::new().identity(Identity::from_pem(certificate, key))).unwrap();
        }
        let incoming = stream::unfold(listener, move |listener| async move {
            let accepted = listener.accept().await.and_then(|(connection, _)| Prompt::new(connection, leisurely));
            Some((accepted, listener))
        });
        let streams = StreamsServer::new(service.clone()).max_decoding_message_size(MAX_MESSAGE);
        let router = server.add_service(streams).add_service(GossipServer::new(service.clone()));
        router.add_service(ServerFeaturesServer::new(service)).serve_with_incoming(incoming).await.unwrap();
    });
    let port = told.recv().unwrap();
    *running.0.lock().unwrap() = Some(runtime);
    port
}
