//! An approval that was cut off and is completed later: what was answered in between is answered again, by a node that answered it and by one that did
//! not, and both times are told.

use std::{fs, process::Command, sync::Arc};

use api::{
    auth::{Caller, Counter},
    clock::Clock,
    graphql::{self, RequestView, Schema},
    registrar::{
        change::Desk,
        changeset::{Completed, Completer, SetAsk, act},
        evidence::{Asked, collect},
        replay::{Times, write},
    },
};
use async_graphql::{Request, Variables};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    calendar::Calendar,
    deadline::Rules,
    decider::Circumstances,
    envelope::{ActorId, Code, EntryName},
    receipt::{Receipts, Record, Showing, Witness},
    register::{Item, Register},
    value::{Channel, Hash},
};
use exchange::{evidence::bundle, export::Folder};
use journal::{
    SharedJournal,
    faults::{Fault, Faulty},
    transact::{Budget, RequestTo, transact_on},
};
use projections::{ViewStore, contract::server::installed, history, views_of};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::support::*;

/// When the set is approved.
fn decided() -> DateTime<Utc> {
    now() + TimeDelta::minutes(10)
}

/// When the node that completes it comes.
fn completed() -> DateTime<Utc> {
    now() + TimeDelta::days(9)
}

fn at(moment: DateTime<Utc>) -> Clock {
    Arc::new(move || moment)
}

/// A set that was approved, and carried to so many of its members.
async fn cut_off(reached: usize) -> (Bench, Code) {
    let bench = Bench::new().await;
    let set = bench.reviewed_of(vec![to("N1", "新事项"), to("I1", "事项I1改"), to("I3", "事项I3改"), gone("I2")]).await;
    let faults = std::iter::repeat_n(Fault::None, reached + 1).chain(std::iter::repeat_n(Fault::NotExecuted, 500));
    let broken = Desk::new(Arc::new(Faulty::new(bench.desk.journal.clone(), faults)));
    let ask = SetAsk {
        id: uuid::Uuid::from_u128(60),
        code: set.clone(),
        expected: journal::transact::ExpectedVersion::Any,
        command: bench.approve(&set).await.into(),
    };
    let told = act(&broken, &approver(), ask, &at(decided()), &|_| ()).await;
    assert_eq!(word(&told), if reached < 4 { "UNKNOWN" } else { "APPLIED" });
    (bench, set)
}

async fn complete(bench: &Bench, set: &Code) {
    let other = Desk::new(bench.desk.journal.clone());
    let done = Completer::default().complete(&other, &at(completed())).await.unwrap();
    assert_eq!(done, [Completed { code: set.clone(), refused: Vec::new() }]);
}

/// All that a node answers of a moment, of both channels, with what is due; the node keeps what it replayed for it.
async fn answered(node: &Schema, journal: &SharedJournal, times: Times, now: DateTime<Utc>) -> Value {
    let snapshot = views_of(journal.clone(), &|_| ()).await.unwrap().snapshot().await.unwrap();
    let fields = "items(first: 100) { totalCount nodes { code name revision { number approvedAt effectiveFrom contentHash } \
                  upcoming { repeal effectiveFrom } } } changed: items(first: 9, filter: { text: \"改\" }) { totalCount } item(code: \"I1\") { name }";
    let query = format!(
        "query ($v: DateTime, $k: DateTime) {{ online: registry(channel: ONLINE, validAt: $v, knownAt: $k) {{ {fields} }} \
         counter: registry(channel: COUNTER, validAt: $v, knownAt: $k) {{ {fields} }} \
         deadlines(first: 100, filter: {{ knownAt: $k }}) {{ totalCount nodes {{ code status dueAt reason }} }} }}"
    );
    let variables = Variables::from_json(json!({ "v": times.valid_at, "k": times.known_at }));
    let request = Request::new(query).variables(variables).data(RequestView { snapshot, now }).data(Counter::Open);
    let answer = serde_json::to_value(node.execute(request).await).unwrap();
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer
}

/// The deadlines that somebody is told of a moment: everybody, or who sees drafts.
async fn due(
    node: &Schema,
    journal: &SharedJournal,
    who: Option<Arc<Caller>>,
    (known, now): (Option<DateTime<Utc>>, DateTime<Utc>),
) -> Value {
    let snapshot = views_of(journal.clone(), &|_| ()).await.unwrap().snapshot().await.unwrap();
    let query =
        "query ($k: DateTime) { deadlines(first: 100, filter: { knownAt: $k }) { totalCount edges { cursor node { rule register code
        status trigger startAt dueAt begun revision reason missing } } } }";
    let variables = Variables::from_json(json!({ "k": known }));
    let mut request = Request::new(query).variables(variables).data(RequestView { snapshot, now }).data(Counter::Open);
    if let Some(caller) = who {
        request = request.data(caller);
    }
    let answer = serde_json::to_value(node.execute(request).await).unwrap();
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["deadlines"].clone()
}

/// The bytes of what an auditor is given: the register, and the evidence of each member as far as there is any.
async fn given(journal: &SharedJournal, times: Times) -> (String, Vec<Option<String>>) {
    let folder = tempfile::tempdir().unwrap();
    let views = times.views(journal.clone(), Arc::default(), &|_| ()).await.unwrap();
    let mut files = Folder::begin(&folder.path().join("replay")).unwrap();
    let manifest = write(views.as_ref(), times, &Channel::ALL, &mut files, &|_, _| ()).await.unwrap();
    files.finish().unwrap();
    let mut evidence = Vec::new();
    for member in ["N1", "I1", "I2", "I3"] {
        let asked = Asked { register: None, code: code(member), known_at: times.known_at, public: None };
        evidence.push(match collect(journal.clone(), &asked).await {
            Ok(found) => Some(bundle(&found).unwrap().hash.to_string()),
            Err(_) => None,
        });
    }
    (serde_json::to_string(&manifest).unwrap(), evidence)
}

/// Whatever is asked of a time between the decision and the completion is answered after the completion as before it.
#[test]
fn what_was_answered_between_decision_and_completion_is_answered_again() {
    let span = (completed() - decided()).num_seconds();
    let moments = (0_usize..4, -700_i64..span, -700_i64..2 * span);
    let mut runner = TestRunner::new(Config::with_cases(24));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let ran = runner.run(&moments, |(reached, known, valid)| {
        runtime.block_on(async {
            let second = |n: i64| decided() + TimeDelta::seconds(n);
            let times = Times { valid_at: second(valid), known_at: second(known) };
            let (bench, set) = cut_off(reached).await;
            let journal = &bench.desk.journal;
            let node = graphql::schema(journal.clone());
            let asked = completed() - TimeDelta::seconds(1);
            let before = (answered(&node, journal, times, asked).await, given(journal, times).await);
            let within = async |node: &Schema, now| due(node, journal, Some(reviewer()), (times.known_at.into(), now)).await;
            let owed = within(&node, asked).await;
            complete(&bench, &set).await;
            let later = completed() + TimeDelta::days(1);
            let fresh = graphql::schema(journal.clone());
            assert_eq!(answered(&node, journal, times, later).await, before.0, "by the node that answered it");
            assert_eq!(answered(&fresh, journal, times, later).await, before.0, "by one that did not");
            assert_eq!(given(journal, times).await, before.1);
            assert_eq!(within(&node, later).await, owed, "to who sees drafts, by the node that answered it");
            assert_eq!(within(&fresh, later).await, owed, "and by one that did not");
        });
        Ok(())
    });
    ran.unwrap();
}

/// Writes the receipts of the first revision of an item: from then on the register keeps an account of what is shown.
async fn serve(journal: &SharedJournal, at: &str) {
    for channel in Channel::ALL {
        let showing = Showing {
            entry: EntryName::new(Register::Item, code(at)),
            revision: 1,
            content_hash: Hash::of_bytes(b"shown"),
            published_at: now(),
            served_at: now(),
            witness: Witness::Commit,
            sight: None,
        };
        let calendar = Arc::new(Calendar::shipped().known_at(now()));
        let command = Record { channel, showings: vec![showing], calendar, rules: Arc::new(Rules::of_rulebook()) };
        let circumstances = Circumstances::of_import(now(), ActorId::new("test"), uuid::Uuid::from_u128(channel as u128 + 900));
        let request =
            RequestTo { code: Receipts::code_of(channel), expected: journal::transact::ExpectedVersion::Any, command, circumstances };
        let _ = transact_on::<Receipts>(journal.as_ref(), request, Budget::default()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_set_has_not_reached_is_due_from_its_approval_to_who_sees_drafts() {
    let (bench, set) = cut_off(1).await;
    let journal = &bench.desk.journal;
    serve(journal, "I3").await;
    let node = graphql::schema(journal.clone());
    let hour = decided() + TimeDelta::hours(1);
    let open = |told: &Value| -> Vec<String> {
        let edges = told["edges"].as_array().unwrap().iter().map(|edge| &edge["node"]);
        let of_set = edges.filter(|case| case["rule"] == "ART-10-2" && case["trigger"].as_str().unwrap().parse() == Ok(decided()));
        of_set.map(|case| format!("{} {} {}", case["code"].as_str().unwrap(), case["status"].as_str().unwrap(), case["revision"])).collect()
    };
    let told = due(&node, journal, Some(reviewer()), (None, hour)).await;
    let mut cases = open(&told);
    cases.sort();
    // The repeal of I2 was reached, and shows nothing; of the others there is no number yet.
    assert_eq!(cases, ["I1 DUE null", "I3 DUE null", "N1 DUE null"], "{told:#}");
    assert_eq!(open(&due(&node, journal, None, (None, hour)).await), [""; 0], "it is nobody else's to know yet");
    let late = due(&node, journal, Some(reviewer()), (None, completed() - TimeDelta::hours(1))).await;
    let mut cases = open(&late);
    cases.sort();
    assert_eq!(cases, ["I1 OVERDUE null", "I3 OVERDUE null", "N1 OVERDUE null"], "{late:#}");

    complete(&bench, &set).await;
    let later = completed() + TimeDelta::hours(1);
    let mut cases = open(&due(&node, journal, Some(reviewer()), (None, later)).await);
    cases.sort();
    assert_eq!(cases, ["I1 OVERDUE 2", "I3 OVERDUE 2", "N1 OVERDUE 1"], "each has its own from then on, and no other");
    assert_eq!(due(&node, journal, Some(reviewer()), (Some(hour), later)).await, told, "of that time it is told as it was");
}

#[tokio::test(start_paused = true)]
async fn both_times_are_told_of_what_was_completed() {
    let (bench, set) = cut_off(1).await;
    complete(&bench, &set).await;
    let loaded = journal::load::<Item>(bench.desk.journal.as_ref(), &code("N1")).await.unwrap();
    let told = history::tell(&loaded.history, history::Audience::Keeper, completed());
    let last = told.last().unwrap();
    // In the name of who approved, by when they did, and as it was recorded.
    assert_eq!((last.kind, last.at, last.decided_at), ("approved", completed(), Some(decided())));
    assert_eq!((last.actor.as_str(), last.person.as_ref().unwrap().as_str()), ("account-p-a", "p-a"));
    assert_eq!(last.effective_from, Some(decided()));
    // What the one member that was reached says of itself is that it was recorded at once.
    let reached = journal::load::<Item>(bench.desk.journal.as_ref(), &code("I2")).await.unwrap();
    let reached = &reached.history.last().unwrap().metadata;
    assert_eq!((reached.at, reached.decided_at), (decided(), None));
    let times = Times { valid_at: completed(), known_at: completed() };
    let answer = answered(&graphql::schema(bench.desk.journal.clone()), &bench.desk.journal, times, completed()).await;
    let nodes = answer["data"]["online"]["items"]["nodes"].as_array().unwrap();
    let new = nodes.iter().find(|node| node["code"] == "N1").unwrap();
    let moment = |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!([moment(&new["revision"]["approvedAt"]), moment(&new["revision"]["effectiveFrom"])], [decided(); 2]);
}

/// `verify.py` reckons the time from the decision, and finds both times in the events.
#[tokio::test(start_paused = true)]
async fn the_evidence_of_what_was_completed_holds_by_itself() {
    if !installed("python3") {
        println!("SKIPPED verify.py: there is no python3");
        return;
    }
    let (bench, set) = cut_off(1).await;
    complete(&bench, &set).await;
    for (member, known) in [("N1", completed()), ("I1", completed()), ("I2", decided()), ("I3", completed() + TimeDelta::days(2))] {
        let folder = tempfile::tempdir().unwrap();
        let zip = folder.path().join("evidence.zip");
        let asked = Asked { register: None, code: code(member), known_at: known, public: None };
        fs::write(&zip, bundle(&collect(bench.desk.journal.clone(), &asked).await.unwrap()).unwrap().bytes).unwrap();
        let there = folder.path().join("evidence");
        let unpacked = Command::new("python3").args(["-m", "zipfile", "-e"]).args([&zip, &there]).status().unwrap();
        assert!(unpacked.success());
        let checked = Command::new("python3").arg(there.join("verify.py")).output().unwrap();
        assert!(checked.status.success(), "{member}: {}", String::from_utf8_lossy(&checked.stdout));
        if member == "N1" {
            let history = fs::read_to_string(there.join("history.ndjson")).unwrap();
            assert!(history.contains("\"decidedAt\":\"2026-03-02T04:10:00Z\""), "{history}");
            let report = fs::read_to_string(there.join("report.html")).unwrap();
            assert!(report.contains("2026-03-02 12:10决定"), "both times are told to people too");
        }
    }
}
