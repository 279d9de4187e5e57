//! A real Redis for tests: installed if need be, without the service of the system, started on a free loopback port, ended by its id.

use std::{
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{net::TcpStream, time::sleep};

use super::Broken;

/// The name by which the program knows that it is to be the server.
const NAME: &str = "redis-server";

/// The same program in the package `redis-tools`. That package brings no service; `redis-server` would leave one running on port 6379.
const OF_TOOLS: &str = "redis-check-rdb";

/// Where the server program is; looked for once, and installed once where it is missing and this may be done.
pub fn program() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || [NAME, OF_TOOLS].into_iter().find(|program| serves(program)).map(PathBuf::from);
    let found = PROGRAM.get_or_init(|| {
        find().or_else(|| {
            install("redis-tools");
            find()
        })
    });
    found.as_deref()
}

/// Whether a program is the server, whatever its file is called.
pub fn serves(program: &str) -> bool {
    let asked = Command::new(program).arg0(NAME).arg("--version").stdin(Stdio::null()).output();
    asked.is_ok_and(|said| said.stdout.starts_with(b"Redis server"))
}

/// Whether a program is there, after the Debian package of its name was installed where it is missing and this may be done.
pub fn installed(program: &str) -> bool {
    let runs = || Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let there = || runs().is_ok_and(|status| status.success());
    if !there() {
        install(program);
    }
    there()
}

/// Installs a Debian package, where this may be done, and says so before it does.
#[expect(clippy::print_stderr, reason = "it takes a while, and changes the machine")]
fn install(package: &str) {
    eprintln!("正在用 apt-get 安装 {package} / installing {package} by apt-get");
    // Only root may; for everybody else this fails at once.
    let install = ["-y", "-qq", "install", "--no-install-recommends", package];
    let quiet = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let _ = quiet(&install) || (quiet(&["-qq", "update"]) && quiet(&install));
}

/// A free port of loopback, below those that the system gives to connections: while a server is down, somebody who tries to reach it
/// may otherwise be given its port, and speak with itself.
pub fn free_port() -> Result<u16, Broken> {
    /// So that no two of a process are the same; processes begin apart from each other.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    const PORTS: u32 = 16_000;
    let first = std::process::id().wrapping_mul(37);
    let free = (0..PORTS).find_map(|_| {
        let port = 16_000 + first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % PORTS;
        u16::try_from(port).ok().filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
    });
    free.ok_or_else(|| Broken("no free port".to_owned()))
}

/// The server program, under its name.
fn server() -> Command {
    let mut command = Command::new(program().unwrap_or(Path::new(NAME)));
    command.arg0(NAME);
    command
}

/// A server that ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    /// Its port on loopback.
    pub port: u16,
    process: Child,
}

impl Server {
    /// Starts a server with some more settings, such as `--appendonly yes`; it works in `folder`. `None`, and said so, where there
    /// is no such program.
    #[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
    pub async fn start(folder: &Path, settings: &[&str]) -> Result<Option<Self>, Broken> {
        let port = free_port()?;
        if program().is_none() {
            println!("SKIPPED real Redis: redis-server is not there and cannot be installed");
            return Ok(None);
        }
        Self::start_on(port, folder, settings).await.map(Some)
    }

    /// The same in a process group of its own: Ctrl-C at a terminal leaves its end to whoever started it.
    pub async fn start_apart(folder: &Path) -> Result<Option<Self>, Broken> {
        if program().is_none() {
            return Ok(None);
        }
        let (port, mut command) = (free_port()?, server());
        Self::settings(&mut command, port, folder);
        command.process_group(0);
        Self::run(port, command).await.map(Some)
    }

    /// The same on a port that a server had before.
    pub async fn start_on(port: u16, folder: &Path, settings: &[&str]) -> Result<Self, Broken> {
        let mut command = server();
        Self::settings(&mut command, port, folder);
        command.args(settings);
        Self::run(port, command).await
    }

    fn settings(command: &mut Command, port: u16, folder: &Path) {
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"]).arg(folder);
        command.args(["--appendonly", "no", "--daemonize", "no", "--protected-mode", "no"]);
    }

    /// Starts a Sentinel with a file of settings, which it writes to.
    pub async fn sentinel(file: &Path) -> Result<Self, Broken> {
        let port = free_port()?;
        let mut command = server();
        command.arg(file).args(["--sentinel", "--port", &port.to_string(), "--bind", "127.0.0.1", "--protected-mode", "no"]);
        Self::run(port, command).await
    }

    async fn run(port: u16, mut command: Command) -> Result<Self, Broken> {
        let failed = |error: std::io::Error| Broken(format!("redis-server: {error}"));
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(failed)?;
        let mut server = Self { port, process };
        for _ in 0..1_000 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Ok(server);
            }
            if let Some(status) = server.process.try_wait().map_err(failed)? {
                return Err(Broken(format!("redis-server on port {port} ended: {status}")));
            }
            sleep(Duration::from_millis(10)).await;
        }
        Err(Broken(format!("redis-server on port {port} does not listen")))
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// The id of its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Sends its process a signal by name, e.g. `STOP`.
    pub fn signal(&self, name: &str) {
        // A process that is gone needs no signal.
        let _ = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status();
    }

    /// Kills it, as a crash would.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
