use std::{
    collections::HashMap,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use journal::SqliteJournal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    entries::{folder, now, runtime},
    figure::{Bench, Goal, Outcome},
    guide::{CODE, QUERY},
    http::{Client, request, request_as},
    start::Server,
};

/// Who reads without pause meanwhile.
const READERS: usize = 32;

const AGENCY: &str = "1199010040310236XL";

/// From the acknowledgement of an approval until both channels of the node show the revision, while 32 readers ask for guides without pause: one
/// machine, the embedded store.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let (folder, runtime) = (folder(), runtime());
    let journal = SqliteJournal::create(&folder.path().join("journal.db")).unwrap();
    runtime.block_on(api::registrar::sample::make(&journal, now(), &|_, _| ())).unwrap();
    drop(journal);
    for office in ["drafter", "reviewer", "approver"] {
        account(folder.path(), office);
    }
    let server = Server::serve(folder.path());
    let count = bench.pick(300, 40);
    let answered = Arc::new(AtomicU64::new(0));
    let (mut taken, mut shown, speed) = runtime.block_on(async {
        server.ready().await;
        let mut desk = Desk::open(&server.address).await;
        let stop = Arc::new(AtomicBool::new(false));
        let mut readers = Vec::new();
        for _ in 0..READERS {
            let (mut client, stop, answered) = (Client::connect(&server.address).await, stop.clone(), answered.clone());
            let asked = request("POST", "/graphql", &json!({ "query": QUERY, "variables": { "code": CODE } }).to_string());
            readers.push(tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(client.exchange(&asked).await.0, 200);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
        let begun = Instant::now();
        let (mut taken, mut shown) = (Vec::new(), Vec::new());
        for number in 0..count {
            let (of_answer, of_channels) = desk.approve(number).await;
            taken.push(of_answer);
            shown.push(of_channels);
        }
        let speed = f64::from(u32::try_from(answered.load(Ordering::Relaxed)).unwrap_or(u32::MAX)) / begun.elapsed().as_secs_f64();
        stop.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.await.unwrap();
        }
        (taken, shown, speed)
    });
    taken.sort_by(f64::total_cmp);
    shown.sort_by(f64::total_cmp);
    let at = |times: &[f64], share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    let detail = format!(
        "{count} approvals, median {:.1} ms, longest {:.1} ms; {READERS} readers got {speed:.0} answers/s",
        at(&shown, 50),
        at(&shown, 100)
    );
    let asked = format!("from the request on, median {:.1} ms: read, decided, durable and projected", at(&taken, 50));
    vec![
        Outcome::Measured { name: "approval on both channels, p99", value: at(&shown, 99), unit: "ms", goal: Goal::AtMost(100.0), detail },
        Outcome::Measured { name: "approval answered, p99", value: at(&taken, 99), unit: "ms", goal: Goal::None, detail: asked },
    ]
}

fn password(office: &str) -> String {
    format!("the long password of {office}")
}

/// An account for an office, made with the command line.
fn account(data: &Path, office: &str) {
    let grant = if office == "reviewer" { office.to_owned() } else { format!("{office}@{AGENCY}") };
    let person = format!("P-{office}");
    let arguments = ["user", "add", office, "--person", &person, "--grant", &grant, "--password-stdin", "--data", data.to_str().unwrap()];
    let mut command = Command::new(std::env::current_exe().unwrap());
    let mut adding = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    adding.stdin.take().unwrap().write_all(password(office).as_bytes()).unwrap();
    assert!(adding.wait().unwrap().success());
}

/// Who takes a change through.
struct Desk {
    client: Client,
    tokens: HashMap<&'static str, String>,
    commands: u128,
}

impl Desk {
    async fn open(address: &str) -> Self {
        let mut client = Client::connect(address).await;
        let mut tokens = HashMap::new();
        for office in ["drafter", "reviewer", "approver"] {
            let form = format!("username={office}&password={}", password(office).replace(' ', "+"));
            let asked = request("POST", "/token", &form);
            let asked = String::from_utf8(asked).unwrap().replace("application/json", "application/x-www-form-urlencoded");
            let (status, body) = client.send(asked.as_bytes()).await;
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
            let said: Value = serde_json::from_slice(&body).unwrap();
            tokens.insert(office, said["access_token"].as_str().unwrap().to_owned());
        }
        Self { client, tokens, commands: 0 }
    }

    /// Takes a new item through; milliseconds from the request for approval until its answer, and from there until both channels show it.
    async fn approve(&mut self, number: u32) -> (f64, f64) {
        let content = json!({ "name": format!("夜间自习室预约{number}"), "type": "PUBLIC_SERVICE", "level": "CITY", "agency": AGENCY });
        let drafted = self.give("drafter", "draft", "DraftInput", json!({ "content": content })).await;
        let (code, hash) = (drafted["entry"]["code"].clone(), drafted["entry"]["draft"]["contentHash"].clone());
        let at = |version: u64| json!({ "code": code, "expectedVersion": version });
        self.give("drafter", "submit", "StepInput", at(0)).await;
        let with = |version: u64, further: Value| {
            let mut input = at(version);
            input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
            input
        };
        self.give("reviewer", "review", "ReviewInput", with(1, json!({ "contentHash": hash }))).await;
        let approve = with(2, json!({ "contentHash": hash, "documentNumber": "临政公〔2026〕12号" }));
        let asked = Instant::now();
        self.give("approver", "approve", "ApproveInput", approve).await;
        let acknowledged = Instant::now();
        let query = "query ($code: String!) { online: registry { item(code: $code) { revision { number } } }
            counter: registry(channel: COUNTER) { item(code: $code) { revision { number } } } }";
        let asking = request("POST", "/graphql", &json!({ "query": query, "variables": { "code": code } }).to_string());
        loop {
            let (_, body) = self.client.send(&asking).await;
            let said: Value = serde_json::from_slice(&body).unwrap();
            if ["online", "counter"].iter().all(|channel| said["data"][channel]["item"]["revision"]["number"] == 1) {
                break;
            }
        }
        let milliseconds = |from: Instant, to: Instant| 1_000.0 * (to - from).as_secs_f64();
        (milliseconds(asked, acknowledged), milliseconds(acknowledged, Instant::now()))
    }

    async fn give(&mut self, office: &str, verb: &str, input: &str, mut given: Value) -> Value {
        self.commands += 1;
        given["commandId"] = json!(Uuid::from_u128(self.commands));
        given["register"] = json!("ITEM");
        let query = format!(
            "mutation ($input: {input}!) {{ {verb}(input: $input) {{ status refusal {{ code message }} entry {{ code draft {{ contentHash }} }} }} }}"
        );
        let asked = request_as(&self.tokens[office], &json!({ "query": query, "variables": { "input": given } }).to_string());
        let (_, body) = self.client.send(&asked).await;
        let mut said: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(said["data"][verb]["status"], "APPLIED", "{verb}: {said}");
        said["data"][verb].take()
    }
}
