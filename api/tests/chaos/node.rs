//! A node as a process, started again whenever it does not stay, as a service manager does.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use domain::envelope::Position;
use journal::Journal;
use projections::contract::server::free_port;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::sleep,
};

use crate::{DEADLINE, client::Client, issuer::Issuer};

pub struct Node {
    pub address: String,
    arguments: Vec<String>,
    process: Option<Child>,
}

/// The binary, without the settings of whoever runs the tests.
pub fn tongyuan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tongyuan"));
    for name in ["DATA", "JOURNAL", "CONFIG", "LOG", "LOG_FORMAT", "LISTEN", "VIEWS", "ROLE"] {
        command.env_remove(format!("TONGYUAN_{name}"));
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    command
}

impl Node {
    pub async fn start(journal: &str, views: &str, role: &str, issuer: &Issuer) -> Self {
        let arguments = ["serve", "--journal", journal, "--views", views, "--role", role];
        let arguments = arguments.into_iter().chain(issuer.flags()).map(str::to_owned).collect();
        let address = format!("127.0.0.1:{}", free_port().unwrap());
        let mut node = Self { address, arguments, process: None };
        node.restart().await;
        node
    }

    pub async fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().await.unwrap();
        }
    }

    /// Starts it until it stays: it ends by itself while the journal is away.
    pub async fn restart(&mut self) {
        let begun = Instant::now();
        loop {
            let mut process = tongyuan().args(&self.arguments).args(["--listen", &self.address]).spawn().unwrap();
            let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
            let first = lines.next_line().await.unwrap().unwrap_or_default();
            if let Some(address) = first.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next()) {
                address.clone_into(&mut self.address);
                self.process = Some(process);
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return;
            }
            assert!(begun.elapsed() < DEADLINE, "a node does not start");
            sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Where the journal ends, once it can be asked.
pub async fn head(journal: &dyn Journal) -> Option<Position> {
    let begun = Instant::now();
    loop {
        match journal.head().await {
            Ok(head) => return head,
            Err(error) => assert!(begun.elapsed() < DEADLINE, "the journal does not come back: {error}"),
        }
    }
}

/// How long it takes until all nodes are ready and show what the journal has now.
pub async fn recovered(addresses: &[String], journal: &dyn Journal) -> Duration {
    let begun = Instant::now();
    let head = head(journal).await;
    for address in addresses {
        while !shows(address, head).await {
            assert!(begun.elapsed() < DEADLINE, "{address} does not show {head:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }
    begun.elapsed()
}

async fn shows(address: &str, head: Option<Position>) -> bool {
    let Ok(mut client) = Client::connect(address).await else { return false };
    let Ok(answer) = client.get("/readyz").await else { return false };
    let said = answer.json();
    let position: Option<Position> = said["position"].as_str().map(|position| position.parse().unwrap());
    answer.status == 200 && position >= head
}
