//! A server that is killed anywhere on the way of an approval, wherever the register is kept: asked, appended, answered, projected, receipt of the one
//! channel, of the other. Nothing that was acknowledged is lost, the same command is answered as the first time, and each channel has one receipt, which
//! says since when it was shown if anybody saw it shown.
//!
//! Where a kill fell is told by the log and by what the client has in hand. Most kills fall at moments of a fixed sequence; so that no step is left to
//! luck, others are triggered by what is seen, and go on until each step was hit.

use std::{
    any::Any,
    collections::BTreeMap,
    net::TcpStream,
    ops::RangeInclusive,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use api::app::system_clock;
use chrono::{DateTime, Utc};
use domain::{
    codec::Streamed,
    envelope::Position,
    receipt::{Event, Receipts, Witness},
    value::Channel,
};
use serde_json::Value;

use crate::{
    kill::Moments,
    process::account,
    reviewed::Approval,
    serving::{Server, whole},
};

const SEED: u64 = 20_261_128;

/// Longer than anything here takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Time between two looks into the log.
const LOOK: Duration = Duration::from_micros(50);

/// Where a register is kept, beside the server that is killed.
pub(crate) trait Keeping {
    /// A command that is told where the register is, and its views if they are shared.
    fn command(&self, verb: &str) -> Command;

    /// A server on it.
    fn serve(&self) -> Command {
        self.command("serve")
    }

    /// A round begins: what is there by now is not looked at again.
    fn begins(&self);

    /// Where an approval is in the log.
    fn position(&self, approval: &Approval) -> Option<Position>;

    /// How often its entry was approved.
    fn approvals(&self, approval: &Approval) -> usize;

    /// The channels that have a receipt of it.
    fn served(&self, approval: &Approval) -> Vec<Channel>;

    /// The payloads of all receipts.
    fn receipts(&self) -> Vec<Vec<u8>>;

    /// Before it is asked for: receipts of the approval will not be written, where that has to be said beforehand.
    fn will_keep_receipts_out(&self) {}

    /// Once it is answered: no receipt is written any more, as long as this is held.
    fn keeps_receipts_out(&self) -> Box<dyn Any>;

    /// The server was killed: what outlives it and would be waited for is taken away, because it runs out of itself.
    fn killed(&self) {}

    /// Whether nothing is damaged, doubled or left out.
    fn is_sound(&self);
}

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

/// The channels that a receipt's event tells of an approval.
pub(crate) fn told_of(payload: &[u8], approval: &Approval) -> Vec<Channel> {
    let Some(Event::Served(served)) = Receipts::read("receipt.served", 1, payload).unwrap() else { panic!("a receipt") };
    served.receipts.iter().filter(|receipt| receipt.code == approval.code).map(|_| served.channel).collect()
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

/// When it was asked for, and when both channels were seen to show it.
type Seen = RangeInclusive<DateTime<Utc>>;

/// A round: an approval is asked for and the server is killed. Returns what the client was answered, and when both channels were seen to show it.
fn killed(
    mut server: Server,
    log: &dyn Keeping,
    head: &str,
    approval: &Approval,
    kill: Kill,
    spans: &mut Spans,
) -> (Option<Value>, Option<Seen>) {
    log.begins();
    let begun = Instant::now();
    if matches!(kill, Kill::At(Step::NothingAppended)) {
        // What is sent to it now waits at its door.
        server.stop();
    }
    if matches!(kill, Kill::At(Step::ShownNoReceipt)) {
        log.will_keep_receipts_out();
    }
    let request: TcpStream = server.send("POST", "/graphql", head, &approval.body());
    let (clock, mut shown) = (system_clock(), None);
    let asked = clock();
    let answer = match kill {
        Kill::At(Step::NothingAppended) => None,
        Kill::At(Step::AppendedNotAnswered) => {
            until("the append", || log.position(approval).is_some());
            None
        }
        Kill::At(Step::AnsweredNoReceipt) => {
            let answer = whole(request.try_clone().unwrap());
            spans.answer = begun.elapsed();
            answer
        }
        Kill::At(Step::ShownNoReceipt) => {
            let answer = whole(request.try_clone().unwrap());
            let kept_out = log.keeps_receipts_out();
            if log.served(approval).is_empty() {
                let at = position(answer.as_ref().unwrap());
                let (status, said) = server.ask("POST", "/graphql", &format!("tongyuan-position: {at}\r\n"), &approval.shown());
                assert_eq!(status, 200, "{said}");
                approval.assert_shown(&said);
                shown = Some(asked..=clock());
            }
            drop(server);
            drop(kept_out);
            log.killed();
            return (answer.map(|(_, said)| said), shown);
        }
        Kill::At(Step::OneReceipt) => {
            until("a receipt", || !log.served(approval).is_empty());
            None
        }
        Kill::At(Step::BothReceipts) => {
            until("both receipts", || log.served(approval).len() == Channel::ALL.len());
            spans.whole = begun.elapsed();
            None
        }
        Kill::After(moment) => {
            thread::sleep(moment);
            None
        }
    };
    drop(server);
    log.killed();
    // What was sent before the end is there to be read.
    (answer.or_else(|| whole(request)).map(|(_, said)| said), shown)
}

fn position((status, said): &(u16, Value)) -> String {
    assert_eq!(*status, 200, "{said}");
    said["data"]["approve"]["position"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned()
}

/// Where the kill of a round fell.
fn fell(log: &dyn Keeping, approval: &Approval, answered: bool, shown: bool) -> Step {
    match (log.position(approval), log.served(approval).len()) {
        (None, _) => Step::NothingAppended,
        (_, 0) if !answered => Step::AppendedNotAnswered,
        (_, 0) if shown => Step::ShownNoReceipt,
        (_, 0) => Step::AnsweredNoReceipt,
        (_, 1) => Step::OneReceipt,
        _ => Step::BothReceipts,
    }
}

/// The next kill: a third of them triggered, of the others every second within the time until the answer; beyond the rounds, what was not hit yet.
fn next(round: usize, rounds: usize, hit: &BTreeMap<Step, usize>, moments: &mut Moments, spans: &Spans) -> Option<Kill> {
    // A little beyond what was last seen.
    let beyond = 1.25;
    match round % 18 {
        _ if round >= rounds => Step::ALL.into_iter().find(|step| !hit.contains_key(step)).map(Kill::At),
        step @ 0..6 => Some(Kill::At(Step::ALL[step])),
        other if other % 2 == 0 => Some(Kill::After(moments.within(spans.answer.mul_f64(beyond)))),
        _ => Some(Kill::After(moments.within(spans.whole.mul_f64(beyond)))),
    }
}

/// So many rounds, and at most so many more. `head`: by which the approver is let in.
#[expect(clippy::print_stdout, reason = "a test tells what it did")]
pub(crate) fn survives(log: &dyn Keeping, head: &str, (rounds, spare): (usize, usize)) {
    let begun = Instant::now();
    let (mut moments, mut spans) = (Moments(SEED), Spans::default());
    let (mut hit, mut swept) = (BTreeMap::<Step, usize>::new(), BTreeMap::<Step, usize>::new());
    let (mut acknowledged, mut before): (usize, Option<(Approval, Option<Value>)>) = (0, None);
    // Rounds in which both channels were seen to show it, and it had no receipt yet.
    let mut seen = BTreeMap::new();
    let mut round = 0;
    loop {
        let kill = next(round, rounds, &hit, &mut moments, &spans);
        let telling = Telling(format!("round {round}: killed {kill:?}"));
        assert!(kill.is_none() || round < rounds + spare, "not every step was hit: {hit:?}");
        let server = Server::of(log.serve());
        server.ready();
        if let Some((approval, answer)) = before.take() {
            repeated(&server, log, head, &approval, answer.as_ref());
        }
        let Some(kill) = kill else { break };
        let approval = Approval::of(round);
        let (answer, shown) = killed(server, log, head, &approval, kill, &mut spans);
        let step = fell(log, &approval, answer.is_some(), shown.is_some());
        if let Some(answer) = &answer {
            assert_eq!(answer["data"]["approve"]["status"], "APPLIED", "{answer}");
            assert_eq!(log.approvals(&approval), 1, "acknowledged and lost, or there twice: {answer}");
            acknowledged += 1;
        }
        if step == Step::ShownNoReceipt {
            seen.extend(shown.map(|shown| (round, shown)));
        }
        *hit.entry(step).or_default() += 1;
        *swept.entry(step).or_default() += usize::from(matches!(kill, Kill::After(_)));
        before = Some((approval, answer));
        round += 1;
        drop(telling);
        if round % 20 == 0 {
            log.is_sound();
        }
    }
    println!("seed {SEED}: {round} kills in {:.1?}, {acknowledged} approvals acknowledged before them, none lost", begun.elapsed());
    for step in Step::ALL {
        println!("{:4} fell at {step:?}, {} of them by the clock", hit.get(&step).unwrap_or(&0), swept.get(&step).unwrap_or(&0));
    }
    log.killed();
    nothing_is_missing(log, round, &seen);
}

/// Whatever was killed: each channel has one receipt of each approval, and views are what is built anew.
#[expect(clippy::print_stdout, reason = "a test tells what it found")]
fn nothing_is_missing(log: &dyn Keeping, rounds: usize, seen: &BTreeMap<usize, Seen>) {
    let command = |verb: &str, more: &[&str]| account(&log.command(verb).args(more).arg("--json").output().unwrap());
    let missing = || command("parity", &[])["receipts"]["missing"].as_u64().unwrap();
    // The last server was killed without a word as well.
    let server = Server::of(log.serve());
    let waiting = Instant::now();
    while missing() > 0 {
        assert!(waiting.elapsed() < PATIENCE, "{} are missing", missing());
        thread::sleep(Duration::from_millis(20));
    }
    // A server that came after the last kill shows what was approved; below, two views that are built from the journal are held against each other.
    server.ready();
    for number in 0..rounds {
        let approval = Approval::of(number);
        let (status, said) = server.ask("POST", "/graphql", "", &approval.shown());
        assert_eq!(status, 200, "{said}");
        approval.assert_shown(&said);
    }
    drop(server);
    log.killed();
    let mut all = BTreeMap::new();
    for payload in log.receipts() {
        let Some(Event::Served(told)) = Receipts::read("receipt.served", 1, &payload).unwrap() else { panic!("a receipt") };
        for receipt in &told.receipts {
            all.entry((told.channel, receipt.entry().to_string(), receipt.revision))
                .or_insert_with(Vec::new)
                .push((receipt.witness, receipt.served_at));
        }
    }
    for number in 0..rounds {
        for channel in Channel::ALL {
            let of = (channel, format!("item-{}", Approval::of(number).code), 1);
            let [(witness, served_at)] = all.get(&of).map(Vec::as_slice).unwrap_or_default() else {
                panic!("round {number}: {of:?} {:?}", all.get(&of))
            };
            // Whoever showed it was killed, and its receipt says since when, not when it was found.
            let is_true = |seen: &Seen| *witness == Witness::Commit && seen.contains(served_at);
            assert!(
                seen.get(&number).is_none_or(is_true),
                "round {number}: {of:?} {witness:?} {served_at} and not in {:?}",
                seen.get(&number)
            );
        }
    }
    assert_eq!(all.len(), Channel::ALL.len() * rounds, "of what was not approved there is no receipt");
    let parity = command("parity", &[]);
    assert_eq!((&parity["equal"], &parity["receipts"]["missing"]), (&true.into(), &0.into()), "{parity}");
    log.is_sound();
    assert_eq!(command("rebuild", &["--check"])["equal"], true);
    let found = all.values().filter(|receipts| matches!(receipts[..], [(Witness::Found, _)])).count();
    println!("{} receipts, one for each revision and channel, {found} of them of what was found; parity {parity}", all.len());
}

/// The same command again: it is answered as the first time, and carried out once.
fn repeated(server: &Server, log: &dyn Keeping, head: &str, approval: &Approval, first: Option<&Value>) {
    let there = log.position(approval);
    let (status, said) = server.ask("POST", "/graphql", head, &approval.body());
    let again = &said["data"]["approve"];
    assert_eq!((status, &again["status"]), (200, &if there.is_some() { "UNCHANGED" } else { "APPLIED" }.into()), "{said}");
    if let Some(first) = first {
        for field in ["position", "entry"] {
            assert_eq!(again[field], first["data"]["approve"][field], "{field}");
        }
    }
    let position = again["position"].as_str().and_then(|token| token.parse().ok());
    assert!(position.is_some() && position == log.position(approval) && (there.is_none() || position == there), "{said}");
    assert_eq!(log.approvals(approval), 1, "{said}");
}
