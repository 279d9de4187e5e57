//! `make cluster` does what README says of it, and leaves nothing behind.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod moments;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use projections::contract::server;
use serde_json::{Value, json};

const DEADLINE: Duration = Duration::from_secs(120);

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < DEADLINE, "{what} did not come true");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The program, ended when the test fails.
struct Running(Child);

impl Running {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cluster"));
        // Settings of whoever starts it are none of its nodes.
        command.env("TONGYUAN_ROLE", "reader").env("TONGYUAN_OIDC_AUDIENCE", "another").env("TONGYUAN_CACHE_SECONDS", "many");
        Self(command.args(["--port", "0"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap())
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([&format!("-{name}"), &self.0.id().to_string()]).status().unwrap().success());
    }

    /// The processes below it, with the moment at which each began: an id alone may be given again.
    fn children(&self) -> Vec<(u32, String)> {
        let mut found = Vec::new();
        for task in fs::read_dir(format!("/proc/{}/task", self.0.id())).into_iter().flatten().flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            found.extend(children.split_whitespace().map(|id| id.parse().unwrap()).filter_map(|id| Some((id, began(id)?))));
        }
        found
    }

    /// Waits for its end, and that of all that it started.
    fn ends(mut self, children: &[(u32, String)]) {
        let mut status = None;
        until("the end of the program", || {
            status = self.0.try_wait().unwrap();
            status.is_some()
        });
        assert!(status.unwrap().success(), "{status:?}");
        for (id, at) in children {
            assert_ne!(began(*id).as_ref(), Some(at), "process {id} is left behind");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked first, so that a test that failed leaves nothing behind either: what is killed cannot end what it started.
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let begun = Instant::now();
        while self.0.try_wait().is_ok_and(|ended| ended.is_none()) && begun.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(5));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// When a process began, if it is there and no mere remains of one.
fn began(id: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    (fields[0] != "Z").then(|| fields[19].to_owned())
}

/// Status and body.
fn send(address: &str, method: &str, path: &str, body: &str) -> (u16, String) {
    send_with(address, (method, path), "", body)
}

/// The same with further lines of the head.
fn send_with(address: &str, (method, path): (&str, &str), more: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\ncontent-type: application/json\r\n");
    write!(stream, "{head}{more}content-length: {length}\r\n\r\n{body}").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Every `ask '…'` of README.
fn questions() -> Vec<String> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let asked = readme.lines().filter_map(|line| line.strip_prefix("ask '")?.strip_suffix('\''));
    asked.map(str::to_owned).collect()
}

#[test]
fn each_of_three_nodes_answers_what_readme_asks_and_nothing_is_left_behind() {
    if server::program().is_none() {
        println!("SKIPPED make cluster: redis-server is not there and cannot be installed");
        return;
    }
    let mut running = Running::start();
    let mut told = BufReader::new(running.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said: Vec<_> = told.by_ref().take_while(|line| !line.starts_with("Ctrl-C")).collect();
    let nodes: Vec<_> = said.iter().filter_map(|line| line.trim().strip_prefix("http://")?.split_whitespace().next()).collect();
    assert_eq!(nodes.len(), 3, "{said:?}");
    assert!(said.iter().any(|line| line.contains("esdb://")) && said.iter().any(|line| line.contains("redis://")), "{said:?}");

    let questions = questions();
    assert!(questions.len() >= 6, "README shows what to try");
    for question in &questions {
        let answers = nodes.iter().map(|node| send(node, "POST", "/graphql", question)).collect::<Vec<_>>();
        for (status, answer) in &answers {
            assert!(*status == 200 && !answer.contains("\"errors\"") && answer.len() > 100, "{status} {question} {answer}");
        }
        assert!(answers.windows(2).all(|two| two[0] == two[1]), "each node answers the same: {question} {answers:?}");
    }
    let leads = |node: &&str| send(node, "GET", "/metrics", "").1.lines().any(|line| line == "tongyuan_leads 1");
    assert_eq!(nodes.iter().map(leads).collect::<Vec<_>>(), [true, false, false]);
    for node in &nodes {
        let (status, ready) = send(node, "GET", "/readyz", "");
        let ready: Value = serde_json::from_str(&ready).unwrap();
        assert!(status == 200 && ready["position"].is_string(), "{ready}");
    }

    // Changes are made at the first, with the tokens that lie ready.
    let keys = said.iter().find_map(|line| line.split("  ").find(|word| word.ends_with("/keys"))).unwrap_or_else(|| panic!("{said:?}"));
    let change = |node: &str, office: &str, query: String| {
        let token = fs::read_to_string(Path::new(keys).join(office)).unwrap();
        let body = json!({ "query": query }).to_string();
        let (status, answer) = send_with(node, ("POST", "/graphql"), &format!("authorization: Bearer {token}\r\n"), &body);
        (status, serde_json::from_str::<Value>(&answer).unwrap())
    };
    let draft = "mutation { draft(input: { commandId: \"00000000-0000-0000-0000-00000000000a\", register: MATERIAL, content: { name: \"申请表\" } }) { status } }";
    assert_eq!(change(nodes[1], "drafter", draft.to_owned()).0, 503, "a reader takes none");
    let (status, drafted) = change(nodes[0], "drafter", draft.to_owned());
    assert_eq!((status, &drafted["data"]["draft"]["status"]), (200, &json!("APPLIED")), "{drafted}");
    for office in ["reviewer", "approver", "clerk", "auditor", "administrator"] {
        let me = change(nodes[0], office, "{ me { grants { office } } }".to_owned()).1;
        let grants = me["data"]["me"]["grants"].as_array().unwrap();
        assert!(!grants.is_empty() && grants.iter().all(|grant| *grant == json!({ "office": office.to_uppercase() })), "{me}");
    }

    moments::are_told_alike(&nodes, Path::new(keys));

    let children = running.children();
    assert_eq!(children.len(), 4, "three nodes and a Redis");
    // Each may be killed to see what happens: the others go on.
    let id = said.iter().find_map(|line| line.contains(nodes[1]).then(|| line.rsplit_once("(process ")?.1.strip_suffix(')')).flatten());
    assert!(Command::new("kill").args(["-9", id.unwrap()]).status().unwrap().success());
    let ended = told.next().unwrap();
    assert!(ended.contains(nodes[1]) && ended.contains("has ended (signal: 9") && ended.contains("the others go on"), "{ended}");
    let again = told.next().unwrap();
    assert!(again.contains(" serve --journal 'esdb://") && again.contains(" --role reader ") && again.contains("--oidc-issuer"), "{again}");
    for node in [nodes[0], nodes[2]] {
        assert_eq!(send(node, "POST", "/graphql", &questions[0]).0, 200);
    }
    running.signal("INT");
    assert_eq!(told.collect::<Vec<_>>(), ["stopping", "stopped"]);
    running.ends(&children);
    for node in nodes {
        assert!(TcpStream::connect(node).is_err(), "somebody listens on {node}");
    }
}

#[test]
fn stopped_while_it_starts_it_leaves_nothing_behind_either() {
    if server::program().is_none() {
        println!("SKIPPED make cluster: redis-server is not there and cannot be installed");
        return;
    }
    for (signal, processes) in [("TERM", 1), ("INT", 2), ("HUP", 4)] {
        let running = Running::start();
        let mut children = Vec::new();
        until("the start of processes", || {
            children = running.children();
            children.len() >= processes
        });
        running.signal(signal);
        running.ends(&children);
    }
}

#[test]
fn when_all_nodes_have_ended_it_ends_too() {
    if server::program().is_none() {
        println!("SKIPPED make cluster: redis-server is not there and cannot be installed");
        return;
    }
    let mut running = Running::start();
    let mut told = BufReader::new(running.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said: Vec<_> = told.by_ref().take_while(|line| !line.starts_with("Ctrl-C")).collect();
    let children = running.children();
    for line in said.iter().filter(|line| line.trim().starts_with("http://")) {
        let id = line.rsplit_once("(process ").unwrap().1.strip_suffix(')').unwrap();
        assert!(Command::new("kill").args(["-9", id]).status().unwrap().success());
    }
    let last: Vec<_> = told.skip_while(|line| !line.contains("all nodes have ended")).collect();
    assert_eq!(last.len(), 3, "{last:?}");
    running.ends(&children);
}
