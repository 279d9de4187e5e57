use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    file::sound,
    lists::{self, AGENCIES, MATERIALS},
    process::{Killed, account, import, tongyuan},
};

const ROWS: usize = 300;
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a port of its own, killed when it is dropped.
pub(crate) struct Server {
    address: String,
    process: Killed,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Self {
        Self::of(tongyuan("serve", data))
    }

    /// One that is told where its register is.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut process = Killed::spawn(command.args(["--listen", "127.0.0.1:0", "--log", "error"]));
        let mut first = String::new();
        BufReader::new(process.child().stdout.take().unwrap()).read_line(&mut first).unwrap();
        let address = first.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        Self { address: address.unwrap_or_else(|| panic!("{first}")).to_owned(), process }
    }

    /// Stops it where it is; what is sent to it waits.
    pub(crate) fn stop(&mut self) {
        let id = self.process.child().id().to_string();
        assert!(Command::new("kill").args(["-STOP", &id]).status().unwrap().success());
    }

    /// Sends a request, with further lines of its head each with its end.
    pub(crate) fn send(&self, method: &str, path: &str, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: tongyuan\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{head}\r\n"
        );
        stream.write_all((head + body).as_bytes()).unwrap();
        stream
    }

    /// Status and body of an answer.
    pub(crate) fn ask(&self, method: &str, path: &str, head: &str, body: &str) -> (u16, Value) {
        whole(self.send(method, path, head, body)).unwrap()
    }

    /// Waits until it has caught up.
    pub(crate) fn ready(&self) {
        let begun = Instant::now();
        while self.ask("GET", "/readyz", "", "").0 != 200 {
            assert!(begun.elapsed() < PATIENCE, "it is not ready");
            thread::sleep(Duration::from_millis(3));
        }
    }

    /// Waits until the views show an event at this place of the log.
    fn reach(&self, position: i64) {
        let begun = Instant::now();
        loop {
            let (status, said) = self.ask("GET", "/readyz", "", "");
            let at = said["position"].as_str().and_then(|token| i64::from_str_radix(token, 16).ok());
            if status == 200 && at >= Some(position) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "the views are at {said}, the log at {position}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// How many entries both channels show: agencies, items, guides, materials.
    fn shown(&self) -> [[u64; 4]; 2] {
        ["ONLINE", "COUNTER"].map(|channel| {
            let query = format!(
                "{{ registry(channel: {channel}) {{ agencies(first: 1) {{ totalCount }} items(first: 1) {{ totalCount }} guides(first: 1) {{ totalCount }} materials(first: 1) {{ totalCount }} }} }}"
            );
            let (status, said) = self.ask("POST", "/graphql", "", &serde_json::json!({ "query": query }).to_string());
            assert_eq!(status, 200, "{said}");
            let registry = &said["data"]["registry"];
            ["agencies", "items", "guides", "materials"].map(|list| registry[list]["totalCount"].as_u64().unwrap_or_else(|| panic!("{said}")))
        })
    }
}

/// Status and body of an answer; `None`: it did not come, or not to its end.
pub(crate) fn whole(mut stream: TcpStream) -> Option<(u16, Value)> {
    let mut answer = String::new();
    // Who is killed may reset the connection; what came before counts all the same.
    let _ = stream.read_to_string(&mut answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|length| length.parse::<usize>().ok());
    (length.is_none_or(|length| length == body.len())).then(|| (status, serde_json::from_str(body).unwrap_or_default()))
}

fn last(data: &Path) -> i64 {
    sound(data).values().map(|(position, ..)| *position).max().unwrap()
}

/// An import beside a server: the server follows; killed at any moment it begins again, and shows all there is.
#[test]
fn a_server_beside_an_import_shows_everything_also_after_kills() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists::write(&folder.path().join("lists"), 2, ROWS);
    let data = folder.path().join("data");
    assert!(tongyuan("init", &data).status().unwrap().success());
    let expected = |rows: usize| [[AGENCIES, rows, rows, MATERIALS].map(|n| n as u64); 2];

    // Killed in the midst of the import.
    let importing = import(&data, &lists[..1]).spawn().unwrap();
    let server = Server::start(&data);
    thread::sleep(Duration::from_millis(150));
    drop(server);
    account(&importing.wait_with_output().unwrap());
    let server = Server::start(&data);
    server.reach(last(&data));
    assert_eq!(server.shown(), expected(ROWS));

    // This one sees the second list come in.
    let importing = import(&data, &lists).spawn().unwrap();
    account(&importing.wait_with_output().unwrap());
    server.reach(last(&data));
    assert_eq!(server.shown(), expected(2 * ROWS));
    drop(server);
    let server = Server::start(&data);
    server.reach(last(&data));
    assert_eq!(server.shown(), expected(2 * ROWS));
}
