//! Bounds: whatever is sent, the process lives, answers in time with a code of the contract, and tells nothing of itself.

use std::time::Instant;

use domain::language::assert_each_in_its_language;
use serde_json::{Value, json};

use super::server::{Answered, DEADLINE, Server};

const INTROSPECTION: &str = include_str!("introspection.graphql");

/// Asserts a code, that no internals leak, and that the next request is answered.
async fn assert_refused(server: &Server, answered: Answered, codes: &[&str]) {
    assert!(codes.contains(&answered.code().as_str()), "{codes:?}: {answered:?}");
    assert_silent(&answered);
    let next = server.ask("{ registry { channel } }", json!({})).await;
    assert_eq!(next.json(), json!({ "data": { "registry": { "channel": "ONLINE" } } }));
}

/// Nothing of the inside is told: no types of Rust, files, SQL, panics.
fn assert_silent(answered: &Answered) {
    let inside =
        ["::", "struct ", ".rs", "/work", "/tmp", "SELECT", "sqlite", "panicked", "async_graphql", "serde", "HashMap", "Vec<", "Option<"];
    for word in inside {
        assert!(!answered.body.contains(word), "{word:?} leaks: {answered:?}");
    }
}

/// Asserts that a query is refused with one of these codes, soon.
async fn refuses(query: &str, variables: Value, codes: &[&str]) {
    let server = Server::empty().await;
    let begun = Instant::now();
    let answered = server.ask(query, variables).await;
    assert!(begun.elapsed() < DEADLINE / 4, "{:?} for {}", begun.elapsed(), &query[..query.len().min(80)]);
    assert_eq!(answered.json()["data"], Value::Null);
    assert_refused(&server, answered, codes).await;
    server.stop().await;
}

#[tokio::test]
async fn no_request_asks_of_more_than_a_handful_of_other_moments() {
    let ask = |number: usize, times: &str| {
        let one =
            |n: usize| format!("r{n}: registry{} {{ items(first: 1) {{ totalCount }} }}", times.replace("YEAR", &(2000 + n).to_string()));
        format!("{{ {} }}", (0..number).map(one).collect::<Vec<_>>().join(" "))
    };
    for times in ["(validAt: \"YEAR-01-01T00:00:00Z\")", "(knownAt: \"YEAR-01-01T00:00:00Z\")"] {
        refuses(&ask(12, times), json!({}), &["LIMIT_EXCEEDED"]).await;
        let server = Server::empty().await;
        let answered = server.ask(&ask(5, times), json!({})).await.json();
        assert_eq!(answered["data"]["r4"]["items"]["totalCount"], 0, "{answered}");
        server.stop().await;
    }
    let server = Server::empty().await;
    assert_eq!(
        server.ask(&ask(50, ""), json!({})).await.json()["data"]["r49"]["items"]["totalCount"],
        0,
        "of the present as often as wanted"
    );
    server.stop().await;
}

#[tokio::test]
async fn two_thousand_brackets_do_not_end_the_process() {
    for (open, close) in [("[", "]"), ("{a:", "}"), ("{", "}"), ("(", ")")] {
        let query = format!("{{ registry {{ item(code: {}1{}) {{ code }} }} }}", open.repeat(2_000), close.repeat(2_000));
        refuses(&query, json!({}), &["LIMIT_EXCEEDED"]).await;
        refuses(&format!("{{ registry {{ item(code: {}", open.repeat(2_000)), json!({}), &["LIMIT_EXCEEDED"]).await;
    }
}

#[tokio::test]
async fn nor_do_types_and_values_of_variables_that_are_nested_as_deep() {
    let deep = format!("{}Int{}", "[".repeat(2_000), "]".repeat(2_000));
    refuses(&format!("query ($a: {deep}) {{ registry {{ channel }} }}"), json!({}), &["LIMIT_EXCEEDED"]).await;
    refuses(&format!("query ($a: [[[Int]]] = {}1) {{ registry {{ channel }} }}", "[".repeat(2_000)), json!({}), &["LIMIT_EXCEEDED"]).await;
    let server = Server::empty().await;
    for value in ["[".repeat(2_000) + &"]".repeat(2_000), "{\"a\":".repeat(2_000) + "1" + &"}".repeat(2_000)] {
        let body = format!("{{\"query\":\"query ($a: [[[Int]]]) {{ registry {{ channel }} }}\",\"variables\":{{\"a\":{value}}}}}");
        let answered = server.send("POST", "/graphql", &body).await;
        assert_refused(&server, answered, &["BAD_REQUEST", "LIMIT_EXCEEDED"]).await;
        let path = format!("/graphql?query=%7Bregistry%7Bchannel%7D%7D&variables={}", "[".repeat(2_000));
        assert_refused(&server, server.send("GET", &path, "").await, &["BAD_REQUEST", "LIMIT_EXCEEDED"]).await;
    }
}

#[tokio::test]
async fn a_deep_selection_is_refused() {
    let deep =
        format!("{{ registry {{ items(first: 1) {{ nodes {{ {} code {} }} }} }} }}", "agency { parent {".repeat(12), "} }".repeat(12));
    refuses(&deep, json!({}), &["LIMIT_EXCEEDED"]).await;
    let inline = format!("{{ {} registry {{ channel }} {} }}", "... on Query {".repeat(40), "}".repeat(40));
    refuses(&inline, json!({}), &["LIMIT_EXCEEDED"]).await;
}

#[tokio::test]
async fn a_query_that_costs_too_much_is_refused() {
    let pages = "{ registry { agencies(first: 100) { nodes { items(first: 100) { nodes { guides { name materials { name } } } } } } } }";
    refuses(pages, json!({}), &["LIMIT_EXCEEDED"]).await;
    let query =
        "query ($n: Int!) { registry { agencies(first: $n) { nodes { items(first: $n) { nodes { code name type level list } } } } } }";
    refuses(query, json!({ "n": 100 }), &["LIMIT_EXCEEDED"]).await;
}

#[tokio::test]
async fn aliases_do_not_make_it_cheaper() {
    let alias = |i| format!("a{i}: registry {{ items(first: 100) {{ nodes {{ code name guides {{ name }} }} }} }} ");
    let bomb = format!("{{ {} }}", (0..150).map(alias).collect::<String>());
    refuses(&bomb, json!({}), &["LIMIT_EXCEEDED"]).await;
    let long = format!("{{ {} }}", (0..2_000).map(|i| format!("a{i}: __typename")).collect::<Vec<_>>().join(" "));
    refuses(&long, json!({}), &["LIMIT_EXCEEDED"]).await;
}

/// A text is looked for in every name: two hundred of them are as much work as reading the register two hundred times.
#[tokio::test]
async fn nor_do_texts_that_are_looked_for() {
    for list in
        ["items(first: 1, filter: { text: \"X\" })", "guides(first: 1, filter: { text: \"X\" })", "materials(first: 1, text: \"X\")"]
    {
        let aliases = |n| (0..n).map(|i| format!("a{i}: {list} {{ totalCount }}")).collect::<Vec<_>>().join(" ").replace('X', "甲");
        refuses(&format!("{{ registry {{ {} }} }}", aliases(100)), json!({}), &["LIMIT_EXCEEDED"]).await;
        let server = Server::empty().await;
        assert!(server.ask(&format!("{{ registry {{ {} }} }}", aliases(10)), json!({})).await.json().get("errors").is_none());
        server.stop().await;
    }
    let query = "query ($f: ItemFilter) { registry { agencies(first: 100) { nodes { items(filter: $f, first: 1) { totalCount } } } } }";
    refuses(query, json!({ "f": { "text": "甲" } }), &["LIMIT_EXCEEDED"]).await;
}

#[tokio::test]
async fn fragments_that_go_in_circles_are_refused() {
    let codes = ["BAD_REQUEST", "LIMIT_EXCEEDED"];
    refuses("{ registry { ...A } } fragment A on Registry { ...A }", json!({}), &codes).await;
    refuses("{ ...A } fragment A on Query { ...B } fragment B on Query { registry { channel } ...A }", json!({}), &codes).await;
    // Even where nobody spreads them.
    refuses("{ registry { channel } } fragment A on Query { ...B } fragment B on Query { ...A }", json!({}), &codes).await;
    refuses("{ registry { channel } } fragment A on Registry { agencies(first: 1) { nodes { parent { ...B } } } } fragment B on Agency { parent { ...B } }", json!({}), &codes).await;
}

/// Each fragment spreads the next one many times: a kilobyte of text, more selections than a machine can walk through.
#[tokio::test]
async fn fragments_that_multiply_are_refused_at_once() {
    for (levels, spreads) in [(8, 60), (25, 10), (60, 2)] {
        let fragment = |i| format!("fragment F{i} on Registry {{ {} }}", format!("...F{} ", i + 1).repeat(spreads));
        let fragments: Vec<_> = (0..levels).map(fragment).collect();
        let query = format!("{{ registry {{ ...F0 }} }} {} fragment F{levels} on Registry {{ channel }}", fragments.join(" "));
        refuses(&query, json!({}), &["LIMIT_EXCEEDED"]).await;
    }
}

#[tokio::test]
async fn a_field_does_not_bear_any_number_of_directives() {
    refuses(&format!("{{ registry {{ channel {} }} }}", "@include(if: true) ".repeat(11)), json!({}), &["LIMIT_EXCEEDED", "BAD_REQUEST"])
        .await;
    refuses(&format!("{{ registry {{ channel {} }} }}", "@x ".repeat(1_500)), json!({}), &["LIMIT_EXCEEDED"]).await;
    refuses(&format!("{{ registry {{ ... {} {{ channel }} }} }}", "@x ".repeat(400)), json!({}), &["LIMIT_EXCEEDED", "BAD_REQUEST"]).await;
}

#[tokio::test]
async fn a_body_is_at_most_256_kibibytes() {
    let server = Server::empty().await;
    let body = json!({ "query": "{ registry { channel } }", "extensions": { "x": "y".repeat(256 * 1024) } }).to_string();
    let answered = server.send("POST", "/graphql", &body).await;
    assert_eq!(answered.status, 413);
    assert_refused(&server, answered, &["LIMIT_EXCEEDED"]).await;
    let fits = json!({ "query": "{ registry { channel } }", "extensions": { "x": "y".repeat(200 * 1024) } }).to_string();
    assert_eq!(server.send("POST", "/graphql", &fits).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_is_no_request_is_a_bad_request() {
    let server = Server::empty().await;
    let bodies = [
        "",
        "   ",
        "not JSON",
        "{",
        "\"{ registry { channel } }\"",
        "5",
        "null",
        "[]",
        "[{\"query\":\"{ registry { channel } }\"}]",
        "[\"{ registry { channel } }\"]",
        "{\"query\":5}",
        "{\"query\":null}",
        "{\"query\":[\"{ registry { channel } }\"]}",
        "{\"query\":\"{ registry { channel } }\",\"variables\":5}",
        "{\"query\":\"{ registry { channel } }\",\"variables\":[1]}",
        "{\"query\":\"{ registry { channel } }\",\"operationName\":{}}",
        "{\"query\":\"{ registry { channel } }\"} {}",
        "{}",
        "{\"query\":\"\"}",
        "{\"query\":\"{ registry { channel } }\",\"operationName\":\"Other\"}",
        "{\"query\":\"query A { registry { channel } } query B { registry { channel } }\"}",
    ];
    for body in bodies {
        let answered = server.send("POST", "/graphql", body).await;
        assert!([200, 400].contains(&answered.status), "{body}: {answered:?}");
        assert_refused(&server, answered, &["BAD_REQUEST"]).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_is_no_json_is_told_where_in_both_languages() {
    let server = Server::empty().await;
    for (body, line, [zh, en]) in [
        ("{\n  \"query\": \"{ me { person } }\",,\n}", 2, ["第2行第32列处有误", "line 2, column 32"]),
        ("{ \"query\": \"{ me", 1, ["未完", "cut off"]),
        ("甲乙丙", 1, ["第1行第1列", "quotation marks"]),
        ("{\"query\":\"{ me { person } }\"} {}", 1, ["第1行第", "line 1"]),
    ] {
        let answered = server.send("POST", "/graphql", body).await;
        assert_eq!(answered.status, 400, "{body}");
        let error = &answered.json()["errors"][0];
        let extensions = &error["extensions"];
        assert_eq!(
            (&extensions["code"], &extensions["reason"], &extensions["line"]),
            (&json!("BAD_REQUEST"), &json!("NOT_JSON"), &json!(line)),
            "{body}"
        );
        assert!(extensions["column"].is_u64(), "{extensions}");
        let message = error["message"].as_str().unwrap();
        let (told_zh, told_en) = message.split_once(" / ").unwrap();
        assert_each_in_its_language(told_zh, told_en);
        assert!(told_zh.contains(zh) && told_en.contains(en) && !message.contains("person"), "{message}");
    }
    let answered = server.send("GET", "/graphql?query=%7B__typename%7D&variables=%7B%22a%22", "").await;
    let error = &answered.json()["errors"][0];
    assert_eq!(
        (answered.status, &error["extensions"]["reason"], &error["extensions"]["field"]),
        (400, &json!("NOT_JSON"), &json!("variables"))
    );
    // What is JSON and no request is told what a request has to be, and no words of a parser.
    for body in ["[]", "5", "{\"query\":5}", "{}", "{\"query\":\"{ me { person } }\",\"variables\":5}"] {
        let answered = server.send("POST", "/graphql", body).await;
        if answered.status == 400 {
            let message = answered.json()["errors"][0]["message"].as_str().unwrap().to_owned();
            assert!(!message.contains("invalid type") && !message.contains("missing field"), "{body}: {message}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn variables_of_the_wrong_kind_and_unknown_fields_are_bad_requests() {
    let page = "query ($n: Int!) { registry { agencies(first: $n) { nodes { code } } } }";
    for n in [json!("5"), json!(5.5), json!(true), json!([5]), json!({ "a": 5 }), json!(null), json!(99_999_999_999_i64)] {
        refuses(page, json!({ "n": n }), &["BAD_REQUEST"]).await;
    }
    for query in [
        "{ registry { agencyes(first: 1) { nodes { code } } } }",
        "{ registry { agencies(first: 1, last: 1) { nodes { code } } } }",
        "{ registry { agencies(first: 1) { nodes } } }",
        "{ registry { channel { code } } }",
        "{ registry(channel: ONLIN) { channel } }",
        "query ($c: Chanel) { registry(channel: $c) { channel } }",
        "{ registry { item(code: $c) { code } } }",
        "mutation { approve { status } }",
        "subscription { changes { code } }",
        "schema { query: Query }",
        "💥",
    ] {
        refuses(query, json!({}), &["BAD_REQUEST"]).await;
    }
}

#[tokio::test]
async fn get_answers_queries_and_nothing_else() {
    let server = Server::empty().await;
    let asked = server.send("GET", "/graphql?query=%7B+registry+%7B+channel+%7D+%7D&variables=&operationName=", "").await;
    assert_eq!((asked.status, asked.json()), (200, json!({ "data": { "registry": { "channel": "ONLINE" } } })));
    let variables = "query=query(%24c:Channel!)%7Bregistry(channel:%24c)%7Bchannel%7D%7D&variables=%7B%22c%22:%22COUNTER%22%7D";
    assert_eq!(server.send("GET", &format!("/graphql?{variables}"), "").await.json()["data"]["registry"]["channel"], "COUNTER");
    for path in [
        "/graphql",
        "/graphql?",
        "/graphql?query=",
        "/graphql?query=mutation%7Bapprove%7D",
        "/graphql?query=%7Ba%7D&variables=x",
        "/graphql?query=%ff",
    ] {
        assert_refused(&server, server.send("GET", path, "").await, &["BAD_REQUEST"]).await;
    }
    for (method, path, status) in
        [("DELETE", "/graphql", 405), ("PUT", "/graphql", 405), ("GET", "/nothing", 404), ("GET", "/../etc/passwd", 404)]
    {
        let answered = server.send(method, path, "").await;
        assert_eq!(answered.status, status, "{method} {path}");
        assert_silent(&answered);
    }
    server.stop().await;
}

#[tokio::test]
async fn the_introspection_of_common_clients_is_within_the_bounds() {
    let server = Server::empty().await;
    let answered = server.ask(INTROSPECTION, json!({})).await;
    assert!(answered.json().get("errors").is_none(), "{}", answered.json()["errors"]);
    assert!(answered.json()["data"]["__schema"]["types"].as_array().unwrap().len() > 50);
    assert!(answered.head.contains("content-type: application/json"), "{}", answered.head);
    server.stop().await;
}
