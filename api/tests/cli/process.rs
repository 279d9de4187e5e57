//! Running the binary, and talking to it when it serves.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// Longer than anything here takes on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The last line as JSON.
    pub fn json(&self) -> Value {
        let last = self.out.lines().last().unwrap_or_else(|| panic!("nothing was printed: {self:?}"));
        serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts success.
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Asserts a failure that was told once, with all of these words and no traces of the program.
    pub fn failed(self, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(1), "{self:?}");
        let told: Vec<_> = self.err.lines().filter(|line| line.starts_with("tongyuan: ")).collect();
        assert_eq!(told.len(), 1, "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "{word:?} in {}", self.err);
        }
        assert_both_languages(told[0]);
        for trace in ["panicked", "RUST_BACKTRACE", "StoreError", "Error {", "SqliteFailure"] {
            assert!(!self.err.contains(trace), "{trace}: {self:?}");
        }
        self
    }
}

/// Asserts that a failure is told as `中文 / English`.
pub fn assert_both_languages(told: &str) {
    let chinese = |c: char| ('一'..='龥').contains(&c);
    let both = told.split_once(" / ").is_some_and(|(zh, en)| zh.contains(chinese) && en.contains(|c: char| c.is_ascii_alphabetic()));
    assert!(both, "in both languages: {told}");
}

/// The command, without the settings of whoever runs the tests.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tongyuan"));
    let own = std::env::vars_os().map(|(name, _)| name);
    for name in own.filter(|name| name.to_string_lossy().starts_with("TONGYUAN_")) {
        command.env_remove(name);
    }
    command
}

/// Runs a prepared command to its end.
pub fn run(command: &mut Command) -> Ran {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs a prepared command to its end, with a text on its standard input.
pub fn run_with(command: &mut Command, input: &str) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that fails before it reads has closed the pipe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs the binary.
pub fn tongyuan(arguments: &[&str]) -> Ran {
    run(command().args(arguments))
}

/// Runs the binary on the register of a folder.
pub fn on(data: &Path, arguments: &[&str]) -> Ran {
    run(command().arg("--data").arg(data).args(arguments))
}

/// Waits until something holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < DEADLINE, "{what} did not come true");
        thread::sleep(Duration::from_millis(2));
    }
    begun.elapsed()
}

/// Tells others to end when the test does, however it ends.
pub struct Ends<'f>(pub &'f AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A process that serves; it ends with the test.
pub struct Server {
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    /// Serves the register of a folder on a port of its own.
    pub fn of(data: &Path) -> Self {
        let server = Self::start(command().arg("--data").arg(data).args(["serve", "--listen", "127.0.0.1:0"]));
        until("readiness", || server.get("/readyz").0 == 200);
        server
    }

    /// Starts a prepared command and reads where it listens.
    pub fn start(command: &mut Command) -> Self {
        Self::logged(command, Stdio::null())
    }

    /// The same with its log in a place of the test's.
    pub fn logged(command: &mut Command, log: impl Into<Stdio>) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        let address = address.unwrap_or_else(|| panic!("it does not say where it listens: {line:?}")).parse().unwrap();
        Self { address, child }
    }

    /// A connection.
    pub fn connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(DEADLINE))?;
        Ok(stream)
    }

    /// `GET`: status and body.
    pub fn get(&self, path: &str) -> (u16, String) {
        let mut stream = self.connect().unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n").unwrap();
        answer(stream)
    }

    /// The whole answer to a GraphQL request that names a position: status, position that it is from, body.
    pub fn ask_at(&self, position: &str, query: &str) -> (u16, Option<String>, Value) {
        let mut stream = self.connect().unwrap();
        let body = json!({ "query": query }).to_string();
        let head = head(body.len()).replacen("host: t", &format!("host: t\r\ntongyuan-position: {position}"), 1);
        write!(stream, "{head}{body}").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP answer: {text:?}"));
        let from = head.lines().find_map(|line| line.strip_prefix("tongyuan-position: ")).map(str::to_owned);
        (head.split(' ').nth(1).unwrap().parse().unwrap(), from, serde_json::from_str(body).unwrap())
    }

    /// The data of a GraphQL answer without errors.
    pub fn ask(&self, query: &str) -> Value {
        let mut stream = self.connect().unwrap();
        let body = json!({ "query": query }).to_string();
        write!(stream, "{}{body}", head(body.len())).unwrap();
        let (status, body) = answer(stream);
        let mut answer: Value = serde_json::from_str(&body).unwrap();
        assert!(status == 200 && answer.get("errors").is_none(), "{status} {answer}");
        answer["data"].take()
    }

    /// The whole answer to a GraphQL request of somebody, or of nobody.
    pub fn asked(&self, token: Option<&str>, query: &str, variables: &Value) -> Value {
        let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let body = json!({ "query": query, "variables": variables }).to_string();
        let (_, _, body) = self.send("POST /graphql", &format!("content-type: application/json\r\n{token}"), &body);
        serde_json::from_str(&body).unwrap()
    }

    /// An answer whole: status, head and body. `head` has further header lines, each with its end.
    pub fn send(&self, request: &str, head: &str, body: &str) -> (u16, String, String) {
        let mut stream = self.connect().unwrap();
        let length = body.len();
        write!(stream, "{request} HTTP/1.1\r\nhost: t\r\nconnection: close\r\ncontent-length: {length}\r\n{head}\r\n{body}").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP answer: {text:?}"));
        (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_lowercase(), body.to_owned())
    }

    /// Tells it to end, as a service manager does.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// Sends it a signal by name.
    pub fn signal(&self, name: &str) {
        let told = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// Waits for its end.
    pub fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        until("the end of the process", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The head of a GraphQL request with a body of so many bytes.
pub fn head(length: usize) -> String {
    format!("POST /graphql HTTP/1.1\r\nhost: t\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n")
}

/// An id that no command had.
pub fn uuid() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/uuid").unwrap().trim().to_owned()
}

/// Reads an answer to its end: status and body.
pub fn answer(mut stream: TcpStream) -> (u16, String) {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP answer: {text:?}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}
