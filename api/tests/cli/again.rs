//! A command that is sent again after the process that carried it out was killed.

use std::{io::Write, path::Path, thread, time::Duration};

use serde_json::{Value, json};

use super::{
    process::{Server, head, on, uuid},
    users::{added, token},
};

/// Rounds in which the process is killed while it works.
const KILLS: u64 = 12;

/// The query of a verb.
fn mutation(verb: &str) -> String {
    let input = match verb {
        "submit" => "Step".to_owned(),
        other => format!("{}{}", other[..1].to_uppercase(), &other[1..]),
    };
    format!(
        "mutation ($input: {input}Input!) {{ payload: {verb}(input: $input) {{ status position entry {{ code streamVersion draft {{ contentHash }} }} }} }}"
    )
}

/// The payload of the answer to a verb.
pub fn given(server: &Server, token: &str, verb: &str, input: &Value) -> Value {
    let mut answer = server.asked(Some(token), &mutation(verb), &json!({ "input": input }));
    assert!(answer.get("errors").is_none(), "{verb}: {answer}");
    answer["data"]["payload"].take()
}

pub fn draft() -> Value {
    let content = json!({ "name": "夜间自习室预约", "type": "PUBLIC_SERVICE", "agency": "A1" });
    json!({ "commandId": uuid(), "register": "ITEM", "content": content })
}

/// How many events there are of an entry.
fn events(data: &Path, code: &str) -> usize {
    on(data, &["history", "item", code, "--json"]).ok().json().as_array().unwrap().len()
}

/// Three persons of one agency: their tokens.
fn people(data: &Path) -> [String; 3] {
    on(data, &["init"]).ok();
    [("li", "drafter@A1"), ("wang", "reviewer"), ("zhao", "approver@A1")].map(|(name, grant)| {
        added(data, name, &format!("P-{name}"), &[grant]);
        token(data, name)
    })
}

#[test]
fn after_a_kill_and_a_new_start_a_command_is_answered_as_the_first_time() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let [drafter, reviewer, approver] = people(data);
    let mut server = Server::of(data);
    let first = draft();
    let payload = given(&server, &drafter, "draft", &first);
    let (code, hash) = (payload["entry"]["code"].as_str().unwrap().to_owned(), payload["entry"]["draft"]["contentHash"].clone());
    let mut all = vec![(&drafter, "draft", first, payload)];
    let steps = [
        (&drafter, "submit", json!({})),
        (&reviewer, "review", json!({ "contentHash": hash })),
        (&approver, "approve", json!({ "contentHash": hash, "documentNumber": "临政公〔2026〕12号" })),
    ];
    for (who, verb, more) in steps {
        let version = all.last().unwrap().3["entry"]["streamVersion"].clone();
        let mut input = json!({ "commandId": uuid(), "register": "ITEM", "code": code, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let payload = given(&server, who, verb, &input);
        assert_eq!(payload["status"], "APPLIED", "{payload}");
        all.push((who, verb, input, payload));
        // Killed after each step: what was acknowledged is kept, and known by its id.
        server.signal("KILL");
        server.ended();
        server = Server::of(data);
        for (who, verb, input, told) in &all {
            let again = given(&server, who, verb, input);
            assert_eq!((&again["status"], &again["position"]), (&json!("UNCHANGED"), &told["position"]), "{verb}: {again}");
        }
        assert_eq!(events(data, &code), all.len());
    }
    on(data, &["rebuild", "--check"]).ok();
}

#[test]
fn a_command_whose_answer_a_kill_took_away_is_carried_out_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let [drafter, ..] = people(data);
    let mut server = Server::of(data);
    let mut kept = 0;
    for kill in 0..KILLS {
        let input = draft();
        let body = json!({ "query": mutation("draft"), "variables": { "input": input } }).to_string();
        let mut stream = server.connect().unwrap();
        let head = head(body.len()).replacen("host: t", &format!("host: t\r\nauthorization: Bearer {drafter}"), 1);
        write!(stream, "{head}{body}").unwrap();
        thread::sleep(Duration::from_millis(kill));
        server.signal("KILL");
        server.ended();
        server = Server::of(data);
        let again = given(&server, &drafter, "draft", &input);
        let status = again["status"].as_str().unwrap();
        assert!(["APPLIED", "UNCHANGED"].contains(&status), "{again}");
        kept += usize::from(status == "UNCHANGED");
        assert_eq!(given(&server, &drafter, "draft", &input)["position"], again["position"]);
        assert_eq!(events(data, again["entry"]["code"].as_str().unwrap()), 1, "killed after {kill} ms");
    }
    println!("{kept} of {KILLS} commands were kept before the kill");
    on(data, &["rebuild", "--check"]).ok();
}
