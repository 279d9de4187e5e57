//! A server that is killed anywhere on the way of an approval: asked, appended, answered, projected, receipt of the one channel, of the other. Nothing
//! that was acknowledged is lost, the same command is answered as the first time, and each channel has one receipt.
//!
//! Where a kill fell is told by the file and by what the client has in hand. Most kills fall at moments of a fixed sequence; so that no step is left to
//! luck, others are triggered by what is seen, and go on until each step was hit.

use std::{
    collections::BTreeMap,
    net::TcpStream,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use domain::{
    codec::Streamed,
    receipt::{Event, Receipts},
    value::Channel,
};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use serde_json::Value;

use crate::{
    file::sound,
    kill::Moments,
    process::{account, assert_rebuilt_equal, tongyuan},
    receipts::{missing, receipts},
    reviewed::{Approval, approver, review},
    serving::{Server, whole},
};

const ROUNDS: usize = 200;
const SEED: u64 = 20_261_128;

/// Further rounds for steps that were not hit by then.
const SPARE: usize = 60;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Time between two looks into the file.
const LOOK: Duration = Duration::from_micros(50);

/// Where a kill fell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    NothingAppended,
    AppendedNotAnswered,
    AnsweredNoReceipt,
    /// The same, and both channels had been seen to show it.
    ShownNoReceipt,
    OneReceipt,
    BothReceipts,
}

impl Step {
    const ALL: [Self; 6] = [
        Self::NothingAppended,
        Self::AppendedNotAnswered,
        Self::AnsweredNoReceipt,
        Self::ShownNoReceipt,
        Self::OneReceipt,
        Self::BothReceipts,
    ];
}

/// When a server is killed.
#[derive(Debug, Clone, Copy)]
enum Kill {
    /// As soon as this is seen.
    At(Step),
    /// So long after the request was sent.
    After(Duration),
}

/// Says which round it was, if the test ends within it.
struct Telling(String);

impl Drop for Telling {
    #[expect(clippy::print_stdout, reason = "a test says where it failed")]
    fn drop(&mut self) {
        if thread::panicking() {
            println!("seed {SEED}, {}", self.0);
        }
    }
}

/// The file of the journal as it is at any moment, beside the server.
struct File {
    connection: Connection,
    /// What is up to here is not looked at: it was there before.
    after: i64,
}

impl File {
    fn open(data: &Path) -> Self {
        let connection = Connection::open_with_flags(data.join("journal.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        Self { connection, after: 0 }
    }

    /// The same, for what comes from now on.
    fn from_now_on(data: &Path) -> Self {
        let file = Self::open(data);
        let after = file.connection.query_row("SELECT max(position) FROM events", [], |row| row.get(0)).unwrap();
        Self { after, ..file }
    }

    /// Where an approval is.
    fn position(&self, approval: &Approval) -> Option<i64> {
        let mut statement = self.connection.prepare_cached("SELECT position FROM events WHERE position > ?1 AND id = ?2").unwrap();
        statement.query_map((self.after, approval.event()), |row| row.get(0)).unwrap().next().transpose().unwrap()
    }

    /// How often its entry was approved.
    fn approvals(&self, approval: &Approval) -> i64 {
        let sql = "SELECT count(*) FROM events WHERE stream = ?1 AND kind = 'item.approved'";
        self.connection.query_row(sql, [format!("item-{}", approval.code)], |row| row.get(0)).unwrap()
    }

    /// The channels that have a receipt of it; receipts come behind what they are of.
    fn served(&self, approval: &Approval) -> Vec<Channel> {
        let Some(position) = self.position(approval) else { return Vec::new() };
        let sql = "SELECT payload FROM events WHERE position > ?1 AND kind = 'receipt.served' ORDER BY position";
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        let payloads = statement.query_map([position], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        let mut channels = Vec::new();
        for payload in payloads {
            let Some(Event::Served(served)) = Receipts::read("receipt.served", 1, &payload.unwrap()).unwrap() else { panic!("a receipt") };
            channels.extend(served.receipts.iter().filter(|receipt| receipt.code == approval.code).map(|_| served.channel));
        }
        channels
    }
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what} was not seen");
        thread::sleep(LOOK);
    }
}

/// Until when an approval is answered, and until when it has both receipts, as it was last seen.
#[derive(Default)]
struct Spans {
    answer: Duration,
    whole: Duration,
}

/// A round: an approval is asked for and the server is killed. Returns what the client was answered, and whether both channels were seen to show it.
fn killed(mut server: Server, data: &Path, head: &str, approval: &Approval, kill: Kill, spans: &mut Spans) -> (Option<Value>, bool) {
    let file = File::from_now_on(data);
    let begun = Instant::now();
    if matches!(kill, Kill::At(Step::NothingAppended)) {
        // What is sent to it now waits at its door.
        server.stop();
    }
    let request: TcpStream = server.send("POST", "/graphql", head, &approval.body());
    let mut shown = false;
    let answer = match kill {
        Kill::At(Step::NothingAppended) => None,
        Kill::At(Step::AppendedNotAnswered) => {
            until("the append", || file.position(approval).is_some());
            None
        }
        Kill::At(Step::AnsweredNoReceipt) => {
            let answer = whole(request.try_clone().unwrap());
            spans.answer = begun.elapsed();
            answer
        }
        Kill::At(Step::ShownNoReceipt) => {
            let answer = whole(request.try_clone().unwrap());
            // Whoever holds the right to write keeps the receipts out, and no reader.
            let mut other = Connection::open(data.join("journal.db")).unwrap();
            other.busy_timeout(PATIENCE).unwrap();
            let writing = other.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
            if file.served(approval).is_empty() {
                let at = position(answer.as_ref().unwrap());
                let (status, said) = server.ask("POST", "/graphql", &format!("tongyuan-position: {at}\r\n"), &approval.shown());
                assert_eq!(status, 200, "{said}");
                approval.assert_shown(&said);
                shown = true;
            }
            drop(server);
            writing.rollback().unwrap();
            return (answer.map(|(_, said)| said), shown);
        }
        Kill::At(Step::OneReceipt) => {
            until("a receipt", || !file.served(approval).is_empty());
            None
        }
        Kill::At(Step::BothReceipts) => {
            until("both receipts", || file.served(approval).len() == Channel::ALL.len());
            spans.whole = begun.elapsed();
            None
        }
        Kill::After(moment) => {
            thread::sleep(moment);
            None
        }
    };
    drop(server);
    // What was sent before the end is there to be read.
    (answer.or_else(|| whole(request)).map(|(_, said)| said), shown)
}

fn position((status, said): &(u16, Value)) -> String {
    assert_eq!(*status, 200, "{said}");
    said["data"]["approve"]["position"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned()
}

/// Where the kill of a round fell.
fn fell(file: &File, approval: &Approval, answered: bool, shown: bool) -> Step {
    match (file.position(approval), file.served(approval).len()) {
        (None, _) => Step::NothingAppended,
        (_, 0) if !answered => Step::AppendedNotAnswered,
        (_, 0) if shown => Step::ShownNoReceipt,
        (_, 0) => Step::AnsweredNoReceipt,
        (_, 1) => Step::OneReceipt,
        _ => Step::BothReceipts,
    }
}

/// The next kill: a third of them triggered, of the others every second within the time until the answer; beyond the rounds, what was not hit yet.
fn next(round: usize, hit: &BTreeMap<Step, usize>, moments: &mut Moments, spans: &Spans) -> Option<Kill> {
    // A little beyond what was last seen.
    let beyond = 1.25;
    match round % 18 {
        _ if round >= ROUNDS => Step::ALL.into_iter().find(|step| !hit.contains_key(step)).map(Kill::At),
        step @ 0..6 => Some(Kill::At(Step::ALL[step])),
        other if other % 2 == 0 => Some(Kill::After(moments.within(spans.answer.mul_f64(beyond)))),
        _ => Some(Kill::After(moments.within(spans.whole.mul_f64(beyond)))),
    }
}

#[test]
fn an_approval_survives_kills_between_any_two_steps_of_its_way() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(tongyuan("init", &data).status().unwrap().success());
    review(&data, ROUNDS + SPARE);
    let head = approver(&data);

    let begun = Instant::now();
    let (mut moments, mut spans) = (Moments(SEED), Spans::default());
    let (mut hit, mut swept) = (BTreeMap::<Step, usize>::new(), BTreeMap::<Step, usize>::new());
    let (mut acknowledged, mut before): (usize, Option<(Approval, Option<Value>)>) = (0, None);
    let mut round = 0;
    loop {
        let kill = next(round, &hit, &mut moments, &spans);
        let telling = Telling(format!("round {round}: killed {kill:?}"));
        assert!(kill.is_none() || round < ROUNDS + SPARE, "not every step was hit: {hit:?}");
        let server = Server::start(&data);
        server.ready();
        if let Some((approval, answer)) = before.take() {
            repeated(&server, &data, &head, &approval, answer.as_ref());
        }
        let Some(kill) = kill else { break };
        let approval = Approval::of(round);
        let (answer, shown) = killed(server, &data, &head, &approval, kill, &mut spans);
        let file = File::open(&data);
        let step = fell(&file, &approval, answer.is_some(), shown);
        if let Some(answer) = &answer {
            assert_eq!(answer["data"]["approve"]["status"], "APPLIED", "{answer}");
            assert_eq!(file.approvals(&approval), 1, "acknowledged and lost, or there twice: {answer}");
            acknowledged += 1;
        }
        *hit.entry(step).or_default() += 1;
        *swept.entry(step).or_default() += usize::from(matches!(kill, Kill::After(_)));
        before = Some((approval, answer));
        round += 1;
        drop(telling);
        if round % 20 == 0 {
            sound(&data);
        }
    }
    println!("seed {SEED}: {round} kills in {:.1?}, {acknowledged} approvals acknowledged before them, none lost", begun.elapsed());
    for step in Step::ALL {
        println!("{:4} fell at {step:?}, {} of them by the clock", hit.get(&step).unwrap_or(&0), swept.get(&step).unwrap_or(&0));
    }

    // The last server was killed without a word as well.
    let server = Server::start(&data);
    let waiting = Instant::now();
    while missing(&data) > 0 {
        assert!(waiting.elapsed() < PATIENCE, "{} are missing", missing(&data));
        thread::sleep(Duration::from_millis(20));
    }
    drop(server);
    let all = receipts(&data);
    for number in 0..round {
        for channel in Channel::ALL {
            let of = (channel, format!("item-{}", Approval::of(number).code), 1);
            assert_eq!(all.get(&of), Some(&1), "round {number}: {of:?}");
        }
    }
    assert_eq!(all.len(), Channel::ALL.len() * round, "of what was not approved there is no receipt");
    let parity = account(&tongyuan("parity", &data).arg("--json").output().unwrap());
    assert_eq!((&parity["equal"], &parity["receipts"]["missing"]), (&true.into(), &0.into()), "{parity}");
    sound(&data);
    assert_rebuilt_equal(&data);
    println!("{} receipts, one for each revision and channel; parity {parity}", all.len());
}

/// The same command again: it is answered as the first time, and carried out once.
fn repeated(server: &Server, data: &Path, head: &str, approval: &Approval, first: Option<&Value>) {
    let there = File::open(data).position(approval);
    let (status, said) = server.ask("POST", "/graphql", head, &approval.body());
    let again = &said["data"]["approve"];
    assert_eq!((status, &again["status"]), (200, &if there.is_some() { "UNCHANGED" } else { "APPLIED" }.into()), "{said}");
    if let Some(first) = first {
        for field in ["position", "entry"] {
            assert_eq!(again[field], first["data"]["approve"][field], "{field}");
        }
    }
    let file = File::open(data);
    let position = again["position"].as_str().and_then(|token| i64::from_str_radix(token, 16).ok());
    assert!(position.is_some() && position == file.position(approval) && (there.is_none() || position == there), "{said}");
    assert_eq!(file.approvals(approval), 1, "{said}");
}
