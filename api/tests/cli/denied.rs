//! Whoever asks in vain stands in the log of the running server, and nothing that they sent.

use std::{fs, path::Path, process::Stdio};

use serde_json::{Value, json};

use super::{
    process::{Server, command, on, until, uuid},
    users::{PASSWORD, added, token},
};

/// An agency of the sample, and a guide with notes for the clerk.
const AGENCY: &str = "1199010040310236XL";
const GUIDE: &str = "11990100403117844D399017200100001";

/// Part of all contents and reasons that are sent.
const SENT: &str = "planted words";

/// A password that nobody has.
const WRONG: &str = "a wrong password";

fn serving(data: &Path, level: &str) -> Server {
    let log = fs::File::create(data.join("log")).unwrap();
    let mut command = command();
    command.arg("--data").arg(data).args(["serve", "--listen", "127.0.0.1:0", "--log", level, "--log-format", "json"]);
    let server = Server::logged(&mut command, Stdio::from(log));
    until("readiness", || server.get("/readyz").0 == 200);
    server
}

/// A verb to an entry of the items; its answer in one word, and the whole of it.
#[expect(clippy::needless_pass_by_value, reason = "it is written where it is given")]
fn changed(server: &Server, token: Option<&str>, verb: &str, code: &str, more: Value) -> (String, Value) {
    let kind = match verb {
        "submit" => "Step".to_owned(),
        "suspend" => "Reason".to_owned(),
        other => format!("{}{}", other[..1].to_uppercase(), &other[1..]),
    };
    let query = format!(
        "mutation ($input: {kind}Input!) {{ payload: {verb}(input: $input) {{ status refusal {{ code }} entry {{ streamVersion draft {{ contentHash }} }} }} }}"
    );
    let mut input = json!({ "commandId": uuid(), "register": "ITEM", "code": code });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = server.asked(token, &query, &json!({ "input": input }));
    let payload = &answer["data"]["payload"];
    let words = [&answer["errors"][0]["extensions"]["code"], &payload["refusal"]["code"], &payload["status"]];
    let word = words.iter().find_map(|word| word.as_str()).unwrap_or_else(|| panic!("{verb}: {answer}")).to_owned();
    (word, payload.clone())
}

/// A content that is sent.
fn content() -> Value {
    json!({ "name": SENT, "type": "PUBLIC_SERVICE", "agency": AGENCY })
}

/// Whether a line of the log has all of these fields.
fn is_noted(log: &str, fields: &Value) -> bool {
    let mut lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.any(|line| fields.as_object().unwrap().iter().all(|(name, value)| line[name] == *value))
}

#[test]
fn who_asks_in_vain_stands_in_the_log_and_nothing_that_they_sent() {
    for level in ["info", "debug"] {
        denied_at(level);
    }
}

#[expect(clippy::too_many_lines, reason = "one attempt after the other")]
fn denied_at(level: &str) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    on(data, &["demo"]).ok();
    let account = |name: &str, person: &str, grants: &[&str]| {
        let account = added(data, name, person, grants)["account"].clone();
        (account, token(data, name))
    };
    let (own, of_own) = (format!("drafter@{AGENCY}"), format!("clerk@{AGENCY}"));
    let (_, li) = account("li", "P-1", &[&own]);
    let (second, li_again) = account("li.2", "P-1", &["reviewer"]);
    let (elsewhere, sun) = account("sun", "P-2", &["drafter@B1", "approver@B1", "clerk@B1"]);
    let (clerk, wang) = account("wang", "P-3", &[&of_own]);
    let forged = {
        let parts: Vec<_> = li.split('.').collect();
        let (first, rest) = parts[2].split_at(1);
        format!("{}.{}.{}{rest}", parts[0], parts[1], if first == "A" { "B" } else { "A" })
    };
    let server = serving(data, level);
    let new = format!("{AGENCY}-NEW");
    let draft = || json!({ "content": content() });

    // Without a token, with a forged one, in a wrong office, for another agency.
    assert_eq!(changed(&server, None, "draft", &new, draft()).0, "UNAUTHENTICATED");
    assert_eq!(changed(&server, Some(&forged), "draft", &new, draft()).0, "UNAUTHENTICATED");
    assert_eq!(changed(&server, Some(&wang), "draft", &new, draft()).0, "FORBIDDEN");
    assert_eq!(changed(&server, Some(&sun), "draft", &new, draft()).0, "OUTSIDE_AGENCY");
    let item = &GUIDE[..31];
    let suspend = json!({ "expectedVersion": 0, "reason": SENT });
    assert_eq!(changed(&server, Some(&sun), "suspend", item, suspend).0, "OUTSIDE_AGENCY");
    // One person with two accounts.
    let (word, drafted) = changed(&server, Some(&li), "draft", &new, draft());
    assert_eq!(word, "APPLIED");
    assert_eq!(changed(&server, Some(&li), "submit", &new, json!({ "expectedVersion": 0 })).0, "APPLIED");
    let review = json!({ "expectedVersion": 1, "contentHash": drafted["entry"]["draft"]["contentHash"] });
    assert_eq!(changed(&server, Some(&li_again), "review", &new, review).0, "SAME_PERSON");
    // Sets, reforms, the inbox, and the notes of the counter.
    let set = json!({ "commandId": uuid(), "code": "CS1", "expectedVersion": 0, "reason": SENT });
    let withdraw = "mutation ($input: ChangeSetReasonInput!) { withdrawChangeSet(input: $input) { status } }";
    let reform = json!({
        "commandId": uuid(), "documentNumber": SENT, "effectiveFrom": "2035-01-01T00:00:00Z",
        "moves": [{ "from": AGENCY, "to": AGENCY, "name": SENT }],
    });
    let reforming = "mutation ($input: ReformInput!) { reform(input: $input) { status } }";
    let notes = format!("{{ registry(channel: COUNTER) {{ guide(code: {GUIDE:?}) {{ clerkNotes }} }} }}");
    for (who, query, input, told) in [
        (None, withdraw, &set, "UNAUTHENTICATED"),
        (Some(&wang), withdraw, &set, "FORBIDDEN"),
        (None, reforming, &reform, "UNAUTHENTICATED"),
        (Some(&li), reforming, &reform, "FORBIDDEN"),
        (None, "{ inbox(first: 1) { totalCount } }", &Value::Null, "UNAUTHENTICATED"),
        (None, notes.as_str(), &Value::Null, "UNAUTHENTICATED"),
        (Some(&sun), notes.as_str(), &Value::Null, "FORBIDDEN"),
    ] {
        let answer = server.asked(who.map(String::as_str), query, &json!({ "input": input }));
        assert_eq!(answer["errors"][0]["extensions"]["code"], told, "{query}: {answer}");
    }
    // Passwords.
    for password in [WRONG.to_owned(), WRONG.repeat(200)] {
        let body = json!({ "username": "li", "password": password }).to_string();
        assert_eq!(server.send("POST /token", "content-type: application/json\r\n", &body).0, 400);
    }
    drop(server);

    let log = fs::read_to_string(data.join("log")).unwrap();
    let denied = "denied: a change";
    for fields in [
        json!({ "message": "denied: it takes a token", "verb": "draft", "register": "item", "code": new }),
        json!({ "message": "denied: the token of a request lets nobody in", "reason": "the token is not valid: the signature is wrong" }),
        json!({ "message": denied, "account": clerk, "verb": "draft", "register": "item", "code": new }),
        json!({ "message": denied, "account": elsewhere, "verb": "draft", "register": "item", "code": new }),
        json!({ "message": denied, "account": elsewhere, "verb": "suspend", "register": "item", "code": item }),
        json!({ "message": "a change was refused", "account": second, "verb": "review", "code": new, "refusal": "SAME_PERSON" }),
        json!({ "message": "denied: it takes a token", "verb": "withdraw", "code": "CS1" }),
        json!({ "message": "denied: a change of a set", "account": clerk, "verb": "withdraw", "code": "CS1" }),
        json!({ "message": "denied: it takes a token", "verb": "reform" }),
        json!({ "message": "denied: it takes a token", "verb": "inbox" }),
        json!({ "message": "denied: clerk notes were asked for", "account": elsewhere, "code": GUIDE }),
        json!({ "message": "denied: a name and a password that do not belong together" }),
    ] {
        assert!(is_noted(&log, &fields), "{level}: {fields} in\n{log}");
    }
    let wrong = "denied: a name and a password";
    assert_eq!(log.lines().filter(|line| line.contains(wrong)).count(), 2, "one that is too long is wrong as well");
    let tokens = [&li, &li_again, &sun, &wang, &forged];
    let parts = tokens.iter().flat_map(|token| token.split('.').skip(1));
    for secret in parts.chain([SENT, PASSWORD, WRONG, "$argon2"]) {
        assert!(!log.contains(secret), "{level}: {secret} stands in the log");
    }
}
