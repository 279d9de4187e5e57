//! What must not be public is in no answer to an anonymous caller, whatever they ask, over HTTP: the whole schema is walked, so a
//! field that is added later is asked too (Art. 7, Art. 8(1)).

use std::time::Duration;

use api::{auth::Office, registrar::export};
use domain::{
    acting::Role,
    entry::{Return, Suspend},
};
use exchange::export::write_catalogue;
use serde_json::{Value, json};

use super::{
    callers::{caller, grant, office},
    desk::{Pen, item},
    planted::{CODES, COUNTER, SECRET, SET, planted},
    server::Server,
    support::{day, made},
    walk::Walk,
};

/// What a line that is public, L2, says itself: which item and guide it belongs to. That these are not in force is found of the line (see
/// `checks.md`), with its own words, whether they are kept in secret or not at all.
const WRITTEN: [&str; 4] = [
    "关联的事项U1不存在或未生效",
    "item U1, to which it is attached",
    "关联的办事指南G9不存在或未生效",
    "guide G9, to which it is attached",
];

/// The times of a registry: the present, and what was in force, or known, before all that is withheld was.
fn times() -> [String; 4] {
    let then = format!("{:?}", day(-5).to_rfc3339());
    [String::new(), format!(", validAt: {then}"), format!(", knownAt: {then}"), format!(", validAt: {then}, knownAt: {then}")]
}

/// The server of what was planted, and how it is walked.
async fn walked(pen: &Pen) -> (Server, Walk) {
    let server = Server::start(pen.journal.clone(), made()).await;
    server.ready().await;
    let walk = Walk::of(&server.ask(Walk::question(), json!({})).await.json());
    (server, walk)
}

/// Every query that the walk leads to.
fn queries(walk: &Walk) -> Vec<String> {
    let quoted = |values: Vec<String>| values.into_iter().map(|value| format!("{value:?}")).collect::<Vec<_>>();
    let values = |name: &str| match name {
        "code" => quoted(CODES.map(str::to_owned).to_vec()),
        "id" => {
            let prefixes = ["agency", "item", "guide", "material", "openness"]
                .iter()
                .flat_map(|word| [format!("entry.{word}"), (*word).to_owned(), format!("counter.{word}")])
                .chain(["changeset".to_owned()]);
            quoted(prefixes.flat_map(|prefix| CODES.map(|code| format!("{prefix}:{code}"))).collect())
        }
        "year" => vec!["2019".to_owned(), "2027".to_owned()],
        other => panic!("the walk does not know what to give for {other}"),
    };
    let mut queries = Vec::new();
    for field in walk.fields("Query") {
        if field != "registry" {
            queries.extend(walk.ask("Query", &field, &values, 6).into_iter().map(|ask| format!("{{ {ask} }}")));
            continue;
        }
        for (channel, times) in ["ONLINE", "COUNTER"].into_iter().flat_map(|channel| times().map(|times| (channel, times))) {
            let below = walk.fields("Registry").into_iter().flat_map(|field| walk.ask("Registry", &field, &values, 6));
            queries.extend(below.map(|ask| format!("{{ registry(channel: {channel}{times}) {{ {ask} }} }}")));
        }
    }
    let everywhere = || ["ONLINE", "COUNTER"].into_iter().flat_map(|channel| times().map(|times| format!("channel: {channel}{times}")));
    for (at, list) in everywhere().flat_map(|at| ["guides", "catalogue"].map(|list| (at.clone(), list))) {
        // Named like a text, so that nothing is to be found by it.
        let ask = format!("{list}(filter: {{ topic: \"planted topic\", text: \"\" }}, first: 5) {{ totalCount nodes {{ code }} }}");
        queries.push(format!("{{ registry({at}) {{ {ask} }} }}"));
    }
    for text in [SECRET, "planted draft", "planted other", COUNTER] {
        for at in everywhere() {
            for (list, filter) in [("agencies", false), ("items", true), ("guides", true), ("materials", false), ("catalogue", true)] {
                let filter = if filter { format!("filter: {{ text: {text:?} }}") } else { format!("text: {text:?}") };
                let ask = format!("{list}({filter}, first: 5) {{ totalCount nodes {{ code }} }}");
                queries.push(format!("{{ registry({at}) {{ {ask} }} }}"));
            }
        }
    }
    queries
}

/// Whether something is refused that whoever asks may not see, and says so where it was asked.
fn is_told(error: &Value, query: &str) -> bool {
    let code = error["extensions"]["code"].as_str().unwrap_or_default();
    let notes = error["path"].as_array().and_then(|path| path.last()).is_some_and(|field| field == "clerkNotes");
    let counter = query.contains("COUNTER") || query.contains("counter.");
    match code {
        "UNAUTHENTICATED" => query.contains("inbox") || query.contains("changeSets") || (notes && counter),
        "FORBIDDEN" => notes && counter,
        _ => false,
    }
}

/// Whether a code stands in a text, as a value or within words.
fn names(text: &str, code: &str) -> bool {
    let parts: Vec<_> = text.split(code).collect();
    let ends = |part: &str| !part.ends_with(|c: char| c.is_ascii_alphanumeric());
    let begins = |part: &str| !part.starts_with(|c: char| c.is_ascii_alphanumeric());
    parts.windows(2).any(|two| ends(two[0]) && begins(two[1]))
}

/// Asks everything, and holds every answer against what was planted: whoever has a right to the notes of the counter finds them there
/// and nowhere else, all others nowhere.
async fn assert_nothing_leaks(server: &Server, walk: &Walk, notes: bool) {
    let (mut answered, mut shown, mut denied, mut with_notes) = (0, 0, 0, 0);
    for query in queries(walk) {
        let answer = server.ask(&query, json!({})).await;
        let body = &answer.body;
        assert!(!body.contains(SECRET), "{query}\n{body}");
        let at_counter = query.contains("COUNTER") || query.contains("counter.");
        // The text that is looked for stands in no answer either.
        assert!((notes && at_counter) || !body.contains(COUNTER), "{query}\n{body}");
        let rest = WRITTEN.iter().fold(body.clone(), |rest, written| rest.replace(written, ""));
        for code in ["N1", "N2", "N3", "G9", "A2", "U1", "L4", "L5", "I6", SET] {
            let asked = query.contains(code);
            assert!(asked || !names(&rest, code), "{code}: {query}\n{body}");
        }
        // By what is secret nothing is found, also where it stands in what whoever asks may see.
        assert!(!query.contains("text: ") || body.contains("\"totalCount\":0,"), "{query}\n{body}");
        let told = answer.json();
        let errors = told["errors"].as_array().cloned().unwrap_or_default();
        assert!(errors.iter().all(|error| is_told(error, &query)), "{query}\n{body}");
        answered += 1;
        denied += usize::from(body.contains("clerkNotes\"]"));
        with_notes += usize::from(body.contains(COUNTER));
        shown += usize::from(["公开的事项", "更正后的事项", "公开的目录条目"].iter().any(|name| body.contains(name)));
    }
    assert!(answered > 150 && shown > 20, "{answered} queries, {shown} of them showed something");
    // The walk is no use if it does not reach: what is for the counter is seen there, or refused.
    assert!(
        if notes { with_notes > 10 && denied == 0 } else { with_notes == 0 && denied > 10 },
        "{with_notes} with notes, {denied} denied"
    );
    let ask = "{ registry(channel: COUNTER) { guide(code: \"G2\") { clerkNotes upcoming { changes { path before after } } } } }";
    let counter = server.ask(ask, json!({})).await.body;
    assert_eq!((counter.contains("only-the-counter now"), counter.contains("only-the-counter later")), (notes, notes), "{counter}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_to_an_anonymous_caller_holds_a_planted_secret() {
    let pen = planted().await;
    let (server, walk) = walked(&pen).await;
    assert_nothing_leaks(&server, &walk, false).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_finds_the_notes_at_the_counter_and_nothing_else_that_is_not_public() {
    let pen = planted().await;
    for agency in [Some("A1"), None] {
        let clerk = caller("account-c", "p-c", vec![office(Office::Clerk, agency)]);
        let server = Server::start_for(pen.journal.clone(), made(), clerk).await;
        let walk = Walk::of(&server.ask(Walk::question(), json!({})).await.json());
        assert_nothing_leaks(&server, &walk, true).await;
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_does_one_to_somebody_of_another_agency_or_who_takes_no_part_in_changes() {
    let pen = planted().await;
    let all = Role::ALL.map(|role| grant(role, Some("B1"))).to_vec();
    let offices = vec![office(Office::Clerk, Some("B1")), office(Office::Administrator, None), office(Office::Auditor, Some("B1"))];
    let server = Server::start_for(pen.journal.clone(), made(), caller("account-b", "p-b", [all, offices].concat())).await;
    let walk = Walk::of(&server.ask(Walk::question(), json!({})).await.json());
    assert_nothing_leaks(&server, &walk, false).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_does_what_is_exported() {
    let pen = planted().await;
    let lines = export::catalogue(pen.journal.clone(), made(), None, &|_| ()).await.unwrap();
    let codes: Vec<_> = lines.iter().map(|line| line.code.to_string()).collect();
    assert_eq!(codes, ["L1", "L2", "L3", "L6"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("catalogue.csv");
    write_catalogue(&file, "政务公开事项目录", lines).unwrap();
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.contains("公开的目录条目") && !written.contains(SECRET), "{written}");
}

/// An auditor of the city is told what citizens were shown; one of an agency is answered as everybody is, and has the history of its entries.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_see_what_is_withheld_of_the_whole_city_is_told_what_was_shown() {
    let pen = planted().await;
    let then = &times()[3];
    let ask = format!(
        "{{ registry(channel: ONLINE{then}) {{ item(code: \"I5\") {{ authority revision {{ contentHash withheldSince }} }} gone: item(code: \"I6\") {{ name }}
           guides(first: 5, filter: {{ topic: \"planted topic\" }}) {{ totalCount }} items(first: 5, filter: {{ text: \"planted\" }}) {{ totalCount }} }} }}"
    );
    for (of, sees) in [(None, true), (Some("A1"), false)] {
        let auditor = caller("account-a", "p-a", vec![office(Office::Auditor, of)]);
        let server = Server::start_for(pen.journal.clone(), made(), auditor).await;
        server.ready().await;
        let told = server.ask(&ask, json!({})).await.json()["data"]["registry"].take();
        let hash = told["item"]["revision"]["contentHash"].as_str().unwrap().to_owned();
        let expected = if sees {
            json!({ "item": { "authority": "planted later", "revision": { "contentHash": hash, "withheldSince": [] } },
                    "gone": { "name": "planted whole" }, "guides": { "totalCount": 1 }, "items": { "totalCount": 1 } })
        } else {
            json!({ "item": { "authority": null, "revision": { "contentHash": hash, "withheldSince": ["authority"] } },
                    "gone": null, "guides": { "totalCount": 0 }, "items": { "totalCount": 0 } })
        };
        assert_eq!(told, expected, "{of:?}");
        server.stop().await;
    }
}

/// What a node tells of itself is for whoever reaches it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_do_the_figures_of_deadlines_move_with_what_is_drafted() {
    let figures = async |pen: &Pen| {
        let server = Server::start(pen.journal.clone(), made()).await;
        server.ready().await;
        let told = loop {
            let told = server.send("GET", "/metrics", "").await.body;
            // Once it is written down that it is shown, nothing of it is due.
            if told.contains("tongyuan_deadlines_overdue{rule=\"ART-10-2\"} 0") {
                break told;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        server.stop().await;
        told.lines().filter(|line| line.starts_with("tongyuan_deadlines")).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut pen = Pen::new();
    pen.adopt("I1", item("公开的事项")).await;
    let before = figures(&pen).await;
    pen.carry("I1", item("planted draft"), 2).await;
    pen.carry("N1", item("planted new"), 2).await;
    let after = figures(&pen).await;
    assert!(before.iter().all(|line| line.contains("ART-10-2")) && before == after, "{before:#?} {after:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_take_part_in_the_changes_and_auditors_see_what_is_drafted() {
    let pen = planted().await;
    for grant in [grant(Role::Drafter, Some("A1")), grant(Role::Reviewer, None), office(Office::Auditor, None)] {
        let server = Server::start_for(pen.journal.clone(), made(), caller("account-a", "p-a", vec![grant])).await;
        let query =
            "{ drafted: entry(register: ITEM, code: \"N1\") { stage name streamVersion draft { step content contentHash drafters } }
            returned: entry(register: ITEM, code: \"I2\") { streamVersion draft { returned } findings { code }
                history(first: 9) { nodes { kind reason } } }
            withdrawn: entry(register: ITEM, code: \"N2\") { stage name draft { step } history(first: 9) { totalCount } }
            corrected: entry(register: ITEM, code: \"I4\") { reviewsOwed { revision reason } } }";
        insta::assert_json_snapshot!("what_is_drafted", server.ask(query, json!({})).await.json());
        server.stop().await;
    }
}

/// The answer about an entry without its code, so that answers about two entries can be held against each other.
async fn about(server: &Server, register: &str, code: &str) -> Value {
    let query = "query ($r: Register!, $c: String!, $id: ID!) { entry(register: $r, code: $c) { stage streamVersion name draft { step }
        reviewsOwed { revision } findings { code } history(first: 100) { totalCount edges { cursor node { kind } } } } node(id: $id) { __typename } }";
    let id = format!("entry.{}:{code}", register.to_lowercase());
    server.ask(query, json!({ "r": register, "c": code, "id": id })).await.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_is_only_drafted_is_answered_as_one_that_does_not_exist() {
    let pen = planted().await;
    let (server, _) = walked(&pen).await;
    for (register, code) in
        [("ITEM", "N1"), ("ITEM", "N2"), ("AGENCY", "A2"), ("GUIDE", "G9"), ("ITEM", "U1"), ("OPENNESS", "L4"), ("OPENNESS", "L5")]
    {
        assert_eq!(about(&server, register, code).await, about(&server, register, "NOTHING").await, "{code}");
    }
    assert_eq!(about(&server, "ITEM", "N1").await, json!({ "data": { "entry": null, "node": null } }));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_public_is_told_of_an_entry_does_not_move_with_its_drafts() {
    let mut pen = Pen::new();
    pen.adopt("I1", item("甲")).await;
    pen.adopt("I2", item("甲")).await;
    pen.carry("I1", item("乙"), 2).await;
    pen.by("planted-approver", Role::Approver, &item(""), "I1", Return { reason: "planted".into() }).await;
    let (server, _) = walked(&pen).await;
    // Of one there are four events of a draft, of the other none.
    assert_eq!(about(&server, "ITEM", "I1").await, about(&server, "ITEM", "I2").await);
    server.stop().await;
    for at in ["I1", "I2"] {
        let suspend = Suspend { reason: "系统升级".into(), until: Some(made() - chrono::TimeDelta::days(1)) };
        pen.by("p-approver", Role::Approver, &item(""), at, suspend).await;
    }
    let (server, _) = walked(&pen).await;
    let told = about(&server, "ITEM", "I1").await;
    assert_eq!(told, about(&server, "ITEM", "I2").await);
    let entry = &told["data"]["entry"];
    assert_eq!((&entry["streamVersion"], &entry["history"]["edges"][1]["cursor"]), (&json!(1), &json!("1")), "{entry}");
    assert_eq!(entry["stage"], "PUBLISHED", "the suspension has run out by the clock of the request");
    server.stop().await;
}
