//! Whoever changes the register: every command is given again until it is answered, and what is answered is asked of a node.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use chrono::DateTime;
use domain::{
    acting::Capacity,
    decider::Circumstances,
    entry::{Adopt, Source},
    envelope::{ActorId, Code, Position, StreamName},
    register::{Agency, Register},
};
use journal::{Budget, EventStoreJournal, ExpectedVersion, Outcome, Request, transact};
use tokio::{sync::watch, time::sleep};
use uuid::Uuid;

use crate::client::Client;

/// What the codes of its entries begin with.
pub const PREFIX: &str = "C";

/// Revisions of one entry.
const REVISIONS: u32 = 4;

/// Not as fast as can be: what is written is projected again whenever the Redis loses it.
const PAUSE: Duration = Duration::from_millis(40);

/// An answer that was given.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    pub stream: StreamName,
    pub version: u64,
    pub name: String,
}

#[derive(Default)]
pub struct Written {
    /// By command.
    pub acknowledged: BTreeMap<Uuid, Acknowledged>,
    /// Commands that had no answer at the end.
    pub open: Vec<Uuid>,
    /// How often a command was given again.
    again: usize,
    /// What was written was shown at once by the node that was asked, or refused, or the node was away.
    pub shown: usize,
    refused: usize,
    away: usize,
}

impl Written {
    pub fn add(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        self.open.extend(other.open);
        self.again += other.again;
        self.shown += other.shown;
        self.refused += other.refused;
        self.away += other.away;
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} commands acknowledged, {} given up at the end, {} given again; read at their position: {} shown, {} refused, {} of a node that was away",
            self.acknowledged.len(),
            self.open.len(),
            self.again,
            self.shown,
            self.refused,
            self.away
        )
    }
}

/// Writes until it is told to stop.
pub async fn write(writer: u32, url: String, nodes: Arc<[String]>, stop: watch::Receiver<bool>) -> Written {
    let journal = EventStoreJournal::open(&url).await.unwrap();
    let mut written = Written::default();
    for number in 0_u32.. {
        let code: Code = format!("{PREFIX}{writer}-{}", number / REVISIONS).parse().unwrap();
        let name = format!("东海市第{writer}-{number}局");
        let command = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
        loop {
            if *stop.borrow() {
                written.open.push(command);
                return written;
            }
            let content = Agency { name: name.clone(), ..Agency::default() };
            let adopt = Adopt { content, source: Source { file: "list".to_owned(), ..Source::default() }, effective_from: None };
            let now = DateTime::from_timestamp(1_700_000_000 + i64::from(number), 0).unwrap();
            let circumstances = Circumstances { now, actor: ActorId::new("chaos"), capacity: Capacity::Import, command };
            let request = Request { code: code.clone(), expected: ExpectedVersion::Any, command: adopt.into(), circumstances };
            match transact(&journal, request, Budget::default()).await {
                Ok(Outcome::Applied(applied) | Outcome::Repeated(applied)) => {
                    let stream = StreamName::new(Register::Agency, code.clone());
                    written.acknowledged.insert(command, Acknowledged { stream, version: applied.version.0, name: name.clone() });
                    if number % 5 == 0 {
                        let node = &nodes[usize::try_from(number / 5).unwrap() % nodes.len()];
                        read_it(node, applied.position, &code, &name, &mut written).await;
                    }
                    break;
                }
                Ok(Outcome::Unknown(_)) | Err(_) => written.again += 1,
                Ok(other) => panic!("{code} {number}: {other:?}"),
            }
        }
        sleep(PAUSE).await;
    }
    written
}

/// Whoever wrote is shown what it wrote, or is told that it cannot be yet.
async fn read_it(node: &str, at: Position, code: &Code, name: &str, written: &mut Written) {
    let query = format!("{{ registry {{ agency(code: \"{code}\") {{ name }} }} }}");
    let Ok(mut client) = Client::connect(node).await else {
        written.away += 1;
        return;
    };
    match client.ask(&query, Some(at)).await {
        Ok(answer) if answer.status == 200 => {
            let said = answer.json();
            assert!(answer.position >= Some(at), "asked for {at}: {answer:?}");
            assert!(said.get("errors").is_some_and(unavailable) || said["data"]["registry"]["agency"]["name"] == name, "{name}: {said}");
            written.shown += 1;
        }
        Ok(answer) => {
            assert_eq!(answer.status, 503, "{answer:?}");
            written.refused += 1;
        }
        Err(_) => written.away += 1,
    }
}

/// Whether the store of views went away while it was asked: that is said and nothing else.
pub fn unavailable(errors: &serde_json::Value) -> bool {
    errors.as_array().is_some_and(|errors| errors.iter().all(|error| error["extensions"]["code"] == "UNAVAILABLE"))
}
