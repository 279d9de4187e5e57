//! What caches may keep of an answer, and until when: the second before an instant nothing else is shown than at it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    acting::Role,
    entry::{Adopt, Repeal, Source, Suspend},
};

use super::{
    desk::{Pen, agency, guide, item},
    server::{Answered, Server},
    support::day,
};

/// A moment so many seconds after the clock starts.
fn second(second: i64) -> DateTime<Utc> {
    day(0) + TimeDelta::seconds(second)
}

fn later<C>(content: C, at: i64) -> Adopt<C> {
    Adopt { content, source: Source { file: "list".into(), ..Source::default() }, effective_from: Some(second(at)) }
}

fn repealed(at: i64) -> Repeal {
    Repeal { effective_from: Some(second(at)), reason: "取消".into(), document: None, replaced_by: None, reform: None }
}

/// A register in which something begins or ends at six instants of two minutes.
async fn eventful() -> Pen {
    let mut pen = Pen::new();
    pen.adopt("A1", agency("某局")).await;
    for code in ["I1", "I2", "I3", "I4"] {
        pen.adopt(code, item("事项")).await;
    }
    for (code, item) in [("G1", "I1"), ("G2", "I2"), ("G3", "I3"), ("G4", "I4")] {
        pen.adopt(code, guide("指南", item)).await;
    }
    // Two revisions to come, the end of a suspension, the repeal of a guide, that of an item, and another name for the agency.
    pen.import("G1", later(guide("指南改", "I1"), 20)).await;
    pen.import("G1", later(guide("指南又改", "I1"), 45)).await;
    pen.by("p-a", Role::Approver, &guide("指南", "I2"), "G2", Suspend { reason: "系统升级".into(), until: Some(second(60)) }).await;
    pen.by("p-a", Role::Approver, &guide("指南", "I3"), "G3", repealed(75)).await;
    pen.by("p-a", Role::Approver, &item("事项"), "I4", repealed(90)).await;
    pen.import("A1", later(agency("某委"), 105)).await;
    pen
}

const ASKED: [&str; 6] = [
    "{registry{guide(code:\"G1\"){name upcoming{effectiveFrom}}}}",
    "{registry{guides(first:10){totalCount nodes{code name}}}}",
    "{registry(channel:COUNTER){guides(first:10){totalCount}}}",
    "{registry{item(code:\"I4\"){name guides{code name}}}}",
    "{registry{guide(code:\"G3\"){name agency{name}}}}",
    "{registry{items(first:1){nodes{code}}}}",
];

fn path(query: &str) -> String {
    query.bytes().fold("/graphql?query=".to_owned(), |path, byte| path + &format!("%{byte:02X}"))
}

/// Seconds for which an answer may be kept.
fn kept(answered: &Answered) -> i64 {
    assert_eq!(answered.status, 200, "{answered:?}");
    let line = answered.head.lines().find(|line| line.starts_with("cache-control:")).unwrap();
    line.split("max-age=").nth(1).map_or(0, |rest| rest.split(',').next().unwrap().parse().unwrap())
}

#[tokio::test]
async fn an_answer_that_is_kept_is_the_one_that_would_be_given() {
    const SECONDS: i64 = 120;
    let clock = Arc::new(AtomicI64::new(0));
    let reading = clock.clone();
    let server = Server::start_caching(eventful().await.journal, 40, move || second(reading.load(Ordering::Relaxed))).await;
    for query in ASKED {
        let mut answers = Vec::new();
        for at in 0..SECONDS {
            clock.store(at, Ordering::Relaxed);
            let answered = server.send("GET", &path(query), "").await;
            assert!(!answered.body.contains("errors"), "{query}: {answered:?}");
            answers.push((kept(&answered), answered.body));
        }
        for (at, (seconds, body)) in answers.iter().enumerate() {
            for (later, (_, then)) in answers.iter().enumerate().skip(at).take(usize::try_from(*seconds).unwrap()) {
                assert_eq!(body, then, "{query}: of second {at}, kept {seconds} s, at {later}");
            }
        }
        let changes = answers.windows(2).filter(|pair| pair[0].1 != pair[1].1).count();
        let most = answers.iter().map(|(seconds, _)| *seconds).max();
        assert_eq!((changes > 0, most), (query != ASKED[5], Some(40)), "{query}: {changes} changes");
    }
}

#[tokio::test]
async fn what_is_not_the_same_for_all_or_of_the_channels_is_not_kept() {
    let server = Server::start_caching(eventful().await.journal, 40, || second(110)).await;
    let of = async |path: &str, headers: &[(&str, &str)]| kept(&server.send_with("GET", path, headers, "").await);
    let registry = path(ASKED[1]);
    assert_eq!(of(&registry, &[]).await, 40);
    let position = server.send("GET", &registry, "").await.head;
    let position = position.lines().find_map(|line| line.strip_prefix("tongyuan-position: ")).unwrap().to_owned();
    assert_eq!(of(&registry, &[("tongyuan-position", &position)]).await, 0);
    for query in [
        "{entry(register:GUIDE,code:\"G1\"){stage}}",
        "{registry{guide(code:\"G1\"){name}} entry(register:GUIDE,code:\"G1\"){stage}}",
        "{...F} fragment F on Query{entry(register:GUIDE,code:\"G1\"){stage}}",
        "{registry{guide(code:\"G1\"){nothing}}}",
        "{registry(knownAt:\"2026-09-02T01:00:00Z\"){guide(code:\"G1\"){name}}}",
    ] {
        assert_eq!(of(&path(query), &[]).await, 0, "{query}");
    }
    assert_eq!(kept(&server.ask(ASKED[1], serde_json::json!({})).await), 0);
}

#[tokio::test]
async fn whoever_has_the_answer_is_told_so_and_by_default_asks_each_time() {
    let server = Server::start(eventful().await.journal, second(110)).await;
    server.ready().await;
    let first = server.send("GET", &path(ASKED[1]), "").await;
    assert_eq!(kept(&first), 0);
    let tag = first.head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
    let tag = tag.replace("w/", "W/");
    let again = server.send_with("GET", &path(ASKED[1]), &[("if-none-match", &tag)], "").await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let other = server.send_with("GET", &path(ASKED[0]), &[("if-none-match", &tag)], "").await;
    assert_eq!(other.status, 200);
}
