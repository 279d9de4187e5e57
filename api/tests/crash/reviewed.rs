//! Drafts that were reviewed and wait for their approval, and who gives it.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    decider::Circumstances,
    entry::{self, Draft, Review, Submit},
    envelope::{ActorId, Code, event_id},
    register::{Item, Register},
    value::{Hash, ItemType},
};
use journal::{Budget, ExpectedVersion, Journal, Outcome, Request, transact};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::process::tongyuan;

const AGENCY: &str = "A1";
const PASSWORD: &str = "correct horse battery";

/// Version of the entry when its draft is reviewed: drafted, submitted, reviewed.
const REVIEWED: u64 = 2;

/// An approval that will be asked for: always the same command.
pub(crate) struct Approval {
    pub(crate) code: Code,
    pub(crate) command: Uuid,
    content_hash: Hash,
}

impl Approval {
    pub(crate) fn of(number: usize) -> Self {
        let code: Code = format!("{AGENCY}-I{number}").parse().unwrap();
        let command = id("approve", number);
        Self { content_hash: Hash::of_content(&content(number)).unwrap(), code, command }
    }

    /// Its one event, as it is kept.
    pub(crate) fn event(&self) -> Vec<u8> {
        event_id(self.command, 0).as_bytes().to_vec()
    }

    /// The body of the request.
    pub(crate) fn body(&self) -> String {
        let query = "mutation ($input: ApproveInput!) { approve(input: $input) { status position refusal { code } entry { code name stage streamVersion revisions(first: 9) { totalCount } } } }";
        let input = json!({
            "commandId": self.command, "register": "ITEM", "code": self.code, "expectedVersion": REVIEWED,
            "contentHash": self.content_hash.to_string(), "documentNumber": "东海政发〔2026〕1号",
        });
        json!({ "query": query, "variables": { "input": input } }).to_string()
    }

    /// What both channels show of it.
    pub(crate) fn shown(&self) -> String {
        let of = |channel| {
            format!("{channel}: registry(channel: {channel}) {{ item(code: \"{}\") {{ revision {{ contentHash }} }} }}", self.code)
        };
        json!({ "query": format!("{{ {} {} }}", of("ONLINE"), of("COUNTER")) }).to_string()
    }

    /// Asserts that an answer to that shows it on both.
    pub(crate) fn assert_shown(&self, answer: &Value) {
        for channel in ["ONLINE", "COUNTER"] {
            let hash = &answer["data"][channel]["item"]["revision"]["contentHash"];
            assert_eq!(hash.as_str(), Some(self.content_hash.to_string().as_str()), "{answer}");
        }
    }
}

fn content(number: usize) -> Item {
    Item::new(format!("第{number}号事项"), ItemType::Permission, AGENCY.parse().unwrap())
}

fn id(verb: &str, number: usize) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{verb} {number}").as_bytes())
}

/// Drafts so many items, submits them and has them reviewed, by two persons.
pub(crate) fn review(journal: &dyn Journal, count: usize) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        for number in 0..count {
            let content_hash = Hash::of_content(&content(number)).unwrap();
            give(journal, number, Role::Drafter, Draft::of(content(number)).into()).await;
            give(journal, number, Role::Drafter, Submit::default().into()).await;
            give(journal, number, Role::Reviewer, Review { content_hash, revision: None }.into()).await;
        }
    });
}

async fn give(journal: &dyn Journal, number: usize, role: Role, command: entry::Command<Item>) {
    let person = PersonId::new(if role == Role::Drafter { "P-drafter" } else { "P-reviewer" });
    let acting = Acting { person, role, scope: Scope::Agency(AGENCY.parse().unwrap()) };
    let circumstances = Circumstances {
        now: (api::app::system_clock())(),
        actor: ActorId::new("crash"),
        capacity: Capacity::Person(acting),
        command: id(command.verb(), number),
    };
    let code = Approval::of(number).code;
    let request = Request { code, expected: ExpectedVersion::Any, command, circumstances };
    let outcome = transact(journal, request, Budget::default()).await.unwrap();
    assert!(matches!(outcome, Outcome::Applied(_)), "{} {number}: {outcome:?}", Register::Item);
}

/// The line of a head by which the approver is let in.
pub(crate) fn approver(data: &Path) -> String {
    user(data, &["add", "approver", "--person", "P-approver", "--grant", &format!("approver@{AGENCY}"), "--password-stdin"]);
    format!("authorization: Bearer {}\r\n", user(data, &["token", "approver", "--password-stdin"]).trim())
}

fn user(data: &Path, arguments: &[&str]) -> String {
    let mut command: Command = tongyuan("user", data);
    let mut child = command.args(arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
