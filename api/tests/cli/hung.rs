//! A journal that takes what it is sent and says nothing: what may be kept is never said to have failed, and who only asks is told in time.

use std::{
    thread,
    time::{Duration, Instant},
};

use double::{Cluster, How, When};
use serde_json::{Value, json};

use super::{
    issuer::Issuer,
    process::{Server, command, run, until, uuid},
};

/// What a request of a server may take; a node that kept its promises answered long before.
const REQUEST: Duration = Duration::from_secs(15);

/// The `draft` of a material: the text of the request and the id of its command.
fn draft(name: &str) -> (String, String) {
    let id = uuid();
    let query = format!(
        "mutation {{ draft(input: {{ commandId: {id:?}, register: MATERIAL, content: {{ name: {name:?} }} }}) {{ status entry {{ code }} }} }}"
    );
    (json!({ "query": query }).to_string(), id)
}

fn events_of(cluster: &Cluster, id: &str) -> usize {
    cluster.events("material-").iter().filter(|event| String::from_utf8_lossy(&event.metadata).contains(id)).count()
}

#[test]
fn a_change_of_which_the_journal_says_nothing_is_unknown_and_never_too_late() {
    let (cluster, issuer) = (Cluster::single(), Issuer::start());
    run(command().args(["init", "--journal", &cluster.url()])).ok();
    let server = Server::start(command().args(["serve", "--listen", "127.0.0.1:0", "--journal", &cluster.url()]).args(issuer.flags()));
    until("readiness", || server.get("/readyz").0 == 200);
    let head = format!("content-type: application/json\r\nauthorization: Bearer {}\r\n", issuer.token("p-d", &["drafter"]));
    let give = |body: &str| {
        let begun = Instant::now();
        let (status, _, answer) = server.send("POST /graphql", &head, body);
        (status, serde_json::from_str::<Value>(&answer).unwrap(), begun.elapsed())
    };
    // Known before: token and keys are verified once.
    assert_eq!(give(&draft("甲").0).1["data"]["draft"]["status"], "APPLIED");

    // It keeps the first change and says nothing of it; then it says nothing at all.
    let (kept, id) = draft("乙");
    cluster.fail_append("material-", When::After, How::Hang);
    let others: Vec<_> = (0..8).map(|number| draft(&format!("丙{number}"))).collect();
    thread::scope(|scope| {
        let first = scope.spawn(|| give(&kept));
        until("the change kept", || cluster.faults_left() == 0);
        cluster.node(0).hang(true);
        let others: Vec<_> = others.iter().map(|(body, _)| scope.spawn(move || give(body))).collect();
        let asked = scope.spawn(|| give(&json!({ "query": "{ entry(register: MATERIAL, code: \"X\") { name } }" }).to_string()));
        let (status, told, took) = first.join().unwrap();
        println!("MEASURED a change that was kept without a word was answered after {took:?}");
        assert_eq!((status, &told["data"]["draft"]), (200, &json!({ "status": "UNKNOWN", "entry": null })), "{told}");
        assert_eq!(told["extensions"]["unknown"]["commandIds"], json!([id]), "{told}");
        let words = told["extensions"]["unknown"]["message"].as_str().unwrap();
        assert!(words.contains("请以同一标识（commandId）重新提交") && words.contains("give it again with the same commandId"), "{words}");
        assert!(took < REQUEST, "{took:?}");
        for (status, told, took) in others.into_iter().map(|other| other.join().unwrap()) {
            // Nothing was sent to the journal but what was read first: that is certain, and told so.
            let certain = told["errors"][0]["extensions"]["code"] == "UNAVAILABLE";
            assert!(status == 200 && (certain || told["data"]["draft"]["status"] == "UNKNOWN"), "{status} {told}");
            assert!(took < REQUEST, "{took:?}");
        }
        let (status, told, took) = asked.join().unwrap();
        println!("MEASURED a query of the journal was answered after {took:?}");
        assert_eq!((status, &told["errors"][0]["extensions"]["code"]), (200, &json!("UNAVAILABLE")), "{told}");
    });

    // It speaks again: the same commands are carried out once, and the first one was.
    cluster.node(0).hang(false);
    let mut again = Value::Null;
    until("the answer to the same command", || {
        again = give(&kept).1;
        again["data"]["draft"]["status"] == "UNCHANGED"
    });
    assert_eq!(events_of(&cluster, &id), 1, "{again}");
    for (body, id) in &others {
        until("the same command carried out", || {
            let told = give(body).1;
            matches!(told["data"]["draft"]["status"].as_str(), Some("APPLIED" | "UNCHANGED"))
        });
        assert_eq!(events_of(&cluster, id), 1);
    }
}
