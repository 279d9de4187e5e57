//! `make cluster`: three nodes of the register on this machine, over a stand-in for an EventStoreDB cluster and a real Redis, to be
//! looked at and killed by hand. Whatever it starts ends with it.
//!
//! `cluster [--port FIRST]`: the nodes listen on three ports of loopback from there on; 0 takes any that are free. With a verb of the
//! binary `tongyuan` it is that binary: so the nodes are this program again.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is there to be looked at")]

#[expect(clippy::unwrap_used, reason = "a helper of tests: what it cannot do ends the program")]
#[path = "../../../api/tests/common/issuer.rs"]
mod issuer;

use std::{
    env,
    error::Error,
    fs, io,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{ExitCode, ExitStatus, Stdio},
    time::Duration,
};

use api::{
    app::{self, Place, system_clock},
    registrar::sample,
};
use double::{Cluster, Options};
use futures::{StreamExt, stream::FuturesUnordered};
use issuer::Issuer;
use projections::contract::server::Server as Redis;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
    signal::unix::{Signal, SignalKind, signal},
    time::{sleep, timeout},
};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: api::Allocator = api::Allocator;

/// The port of the first node.
const PORT: u16 = 8081;

/// What the nodes do. The first answers too, so that each can be asked the same.
const ROLES: [(&str, &str); 3] = [("all", "projects, answers and takes changes"), ("reader", "answers"), ("reader", "answers")];

/// Offices of which there is a token each, of a person of its own: for the whole city, and to approve also for an agency, because only whoever answers for
/// an entry approves it.
const OFFICES: [(&str, &[&str]); 6] = [
    ("drafter", &["drafter"]),
    ("reviewer", &["reviewer"]),
    ("approver", &["approver", "approver@1199010040310236XL"]),
    ("clerk", &["clerk"]),
    ("auditor", &["auditor"]),
    ("administrator", &["administrator"]),
];

/// Time that nodes are given to end: requests under way have ten seconds.
const GRACE: Duration = Duration::from_secs(15);

type Done<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let port = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Some(PORT),
        ["--port", port] => port.parse().ok().filter(|port| *port <= u16::MAX - 2),
        _ => return api::cli::main(),
    };
    let Some(port) = port else {
        eprintln!("cluster: --port 应为端口号 / --port takes the number of a port");
        return ExitCode::from(2);
    };
    let ran = tokio::runtime::Runtime::new().map_err(Into::into).and_then(|runtime| runtime.block_on(run(port)));
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cluster: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Ctrl-C, or being told to end.
struct Stop([Signal; 3]);

impl Stop {
    fn listen() -> Done<Self> {
        Ok(Self([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?]))
    }

    async fn told(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

async fn run(port: u16) -> Done<()> {
    // Before anything is started: from here on nothing is left behind.
    let mut stop = Stop::listen()?;
    let folder = tempfile::tempdir()?;
    let mut all = All::default();
    let ended = tokio::select! {
        ended = all.run(folder.path(), port) => ended,
        () = stop.told() => Ok(()),
    };
    println!("stopping");
    all.stop().await;
    println!("stopped");
    ended
}

/// Everything that runs, as far as it was started.
#[derive(Default)]
struct All {
    nodes: Vec<Node>,
    redis: Option<Redis>,
    journal: Option<Cluster>,
}

struct Node {
    process: Child,
    address: String,
    /// What started it.
    command: String,
}

impl All {
    /// Starts everything, tells where it is and which nodes end, and returns when all have.
    async fn run(&mut self, folder: &Path, port: u16) -> Done<()> {
        println!("starting a Redis, a journal, and three nodes with the sample register");
        let redis = Redis::start_apart(folder).await?;
        let redis =
            redis.ok_or("没有 redis-server 且无法安装 / redis-server is not there and cannot be installed: apt-get install redis-tools")?;
        let (journal, views, of_redis) = (Cluster::of(3, Options::default()), redis.address(), redis.id());
        let issuer = Issuer::start();
        let keys = tokens(folder, &issuer)?;
        let url = journal.url();
        (self.redis, self.journal) = (Some(redis), Some(journal));
        let (register, _) = app::open_or_begin(&Place::parse(&url)?).await?;
        sample::make(register.as_ref(), sample::as_of(system_clock()()), &|_, _| ()).await?;
        for (number, (role, _)) in (0..).zip(ROLES) {
            let mut command = serve(&url, &views, role, if port == 0 { 0 } else { port + number });
            command.args(issuer.flags());
            let process = command.stdout(Stdio::piped()).spawn()?;
            self.nodes.push(Node { process, address: String::new(), command: typed(&command) });
        }
        for node in &mut self.nodes {
            node.ready().await?;
        }
        println!("三节点集群 a cluster of three nodes, with the sample register:");
        for (node, (_, does)) in self.nodes.iter().zip(ROLES) {
            println!("  http://{}  {does}  (process {})", node.address, node.process.id().unwrap_or_default());
        }
        println!("  {url}  the journal: a stand-in of our own, in this process; it keeps nothing");
        println!("  {views}  the views: a real Redis  (process {of_redis})");
        println!(
            "  {keys}  a token for each office, good for 12 hours: the issuer is a sham of this process, its key is known to everybody"
        );
        println!("样例系虚构，窗口提示对所有访问者开放 the sample is fictional: clerk notes are shown to everybody (--open-counter)");
        println!(
            "try: README.md, with any of the three addresses, changes at the first; /readyz and /metrics of each; kill -9 or -STOP any process"
        );
        println!("Ctrl-C 结束全部 ends all of it");
        self.all_end().await;
        Ok(())
    }

    /// Tells of each node that ends, until all have.
    async fn all_end(&mut self) {
        let mut ends: FuturesUnordered<_> = self.nodes.iter_mut().map(Node::ended).collect();
        while let Some((status, Node { address, command, .. })) = ends.next().await {
            let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
            println!("节点已结束，其余继续 http://{address} has ended ({how}), the others go on; to start it again, in another terminal:");
            println!("  {command}");
        }
        println!("所有节点均已结束 all nodes have ended");
    }

    /// Ends the nodes in order, those that only answer first; whatever does not end in time is killed.
    async fn stop(&mut self) {
        for node in self.nodes.iter_mut().rev() {
            let Some(id) = node.process.id() else { continue };
            // If it cannot be told it is killed below.
            let _ = Command::new("kill").args(["-TERM", &id.to_string()]).status().await;
            if timeout(GRACE, node.process.wait()).await.is_err() {
                eprintln!("cluster: http://{} did not end in time and is killed", node.address);
                let _ = node.process.kill().await;
            }
        }
        self.redis = None;
        self.journal = None;
    }
}

impl Node {
    /// Waits for its end.
    async fn ended(&mut self) -> (io::Result<ExitStatus>, &Self) {
        let status = self.process.wait().await;
        (status, self)
    }

    /// Waits until it says where it listens, and answers.
    async fn ready(&mut self) -> Done<()> {
        let out = self.process.stdout.take().ok_or("a node has no output")?;
        let mut lines = BufReader::new(out).lines();
        let first = lines.next_line().await?.unwrap_or_default();
        let address = first.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        address.ok_or("节点未能启动，原因见上 / a node did not start, the reason stands above")?.clone_into(&mut self.address);
        // Whatever else it says is read, so that it never waits to be.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        loop {
            if let Some(status) = self.process.try_wait()? {
                return Err(format!("节点意外结束 / a node ended by itself: {status}").into());
            }
            let mut stream = TcpStream::connect(&self.address).await?;
            stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: cluster\r\nconnection: close\r\n\r\n").await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            if answer.starts_with("HTTP/1.1 200") {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// This program as a node, without the settings of whoever runs it. In a process group of its own, so that Ctrl-C reaches it through
/// this process, in order.
fn serve(journal: &str, views: &str, role: &str, port: u16) -> Command {
    let mut command = Command::new(env::current_exe().unwrap_or_else(|_| "cluster".into()));
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TONGYUAN_")) {
        command.env_remove(name);
    }
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port)).to_string();
    command.args([
        "serve",
        "--journal",
        journal,
        "--views",
        views,
        "--role",
        role,
        "--listen",
        &listen,
        "--open-counter",
        "--log",
        "error,kurrentdb=off",
    ]);
    command.stdin(Stdio::null()).process_group(0).kill_on_drop(true);
    command
}

/// A command as it is typed; whoever types it has settings of their own.
fn typed(command: &Command) -> String {
    let command = command.as_std();
    let words = command.get_args().map(|word| word.to_string_lossy());
    let quoted = |word: String| if word.contains(['?', '&', ' ']) { format!("'{word}'") } else { word };
    let words: Vec<_> = words.map(|word| quoted(word.into_owned())).collect();
    format!("{} {}", quoted(command.get_program().to_string_lossy().into_owned()), words.join(" "))
}

/// Writes a token for each office into a folder that only its owner reads; says where.
fn tokens(folder: &Path, issuer: &Issuer) -> Done<String> {
    let keys = folder.join("keys");
    fs::create_dir(&keys)?;
    for (office, grants) in OFFICES {
        fs::write(keys.join(office), issuer.token(&format!("P-{office}"), grants))?;
    }
    Ok(keys.display().to_string())
}
