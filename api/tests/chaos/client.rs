//! As much of an HTTP client as is needed: a connection that stays open.

use std::{io, time::Duration};

use domain::envelope::Position;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Longer than a node takes over a request.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Client {
    stream: TcpStream,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The position that it says that it is from.
    pub position: Option<Position>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

fn broken() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

impl Client {
    pub async fn connect(address: &str) -> io::Result<Self> {
        Ok(Self { stream: timeout(PATIENCE, TcpStream::connect(address)).await?? })
    }

    /// Asks in GraphQL, at or after a position if one is given.
    pub async fn ask(&mut self, query: &str, at: Option<Position>) -> io::Result<Answer> {
        let body = json!({ "query": query }).to_string();
        let at = at.map_or_else(String::new, |at| format!("tongyuan-position: {at}\r\n"));
        let head =
            format!("POST /graphql HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\n{at}content-length: {}\r\n\r\n", body.len());
        self.send(head + &body).await
    }

    /// Asks for a change in somebody's name.
    pub async fn give(&mut self, mutation: &str, token: &str) -> io::Result<Answer> {
        let body = json!({ "query": mutation }).to_string();
        let head = "POST /graphql HTTP/1.1\r\nhost: t\r\ncontent-type: application/json";
        self.send(format!("{head}\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}", body.len())).await
    }

    pub async fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: t\r\n\r\n")).await
    }

    async fn send(&mut self, request: String) -> io::Result<Answer> {
        timeout(PATIENCE, async {
            self.stream.write_all(request.as_bytes()).await?;
            let mut bytes = Vec::new();
            loop {
                if self.stream.read_buf(&mut bytes).await? == 0 {
                    return Err(broken());
                }
                if let Some(answer) = whole(&bytes) {
                    return Ok(answer);
                }
            }
        })
        .await?
    }
}

/// The answer, once all of it is there.
fn whole(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let length: usize = header("content-length").map_or(0, |length| length.parse().unwrap());
    let body = bytes.get(end + 4..end + 4 + length)?;
    Some(Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        position: header("tongyuan-position").map(|position| position.parse().unwrap()),
        body: String::from_utf8(body.to_vec()).unwrap(),
    })
}
