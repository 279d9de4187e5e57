use std::{
    io::Write,
    process::ExitCode,
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, http::header, routing::post};
use journal::SqliteJournal;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{
    entries::{folder, now, runtime},
    figure::{Bench, Outcome, Sides, number},
    http::{Client, request},
    start::Server,
};

/// The word that makes this program the static server.
pub(crate) const STATIC: &str = "static";

const CONNECTIONS: usize = 8;

pub(crate) const CODE: &str = "1199010040310236XL399071400100001";

/// Twenty-five fields of a guide, seven of them lists of objects.
pub(crate) const QUERY: &str = "query ($code: String!) { registry(channel: COUNTER) { guide(code: $code) {
  id code name otherNames handlingCode audience topics caseKind statutoryLimit { amount unit } promisedLimit { amount unit }
  conditions specialProcedure handlingForms handlingArea inServiceHall visits visitReason delivery
  agency { code name } item { code name }
  situations { code name description }
  materials { name necessity kind forms copies source sourceKind instructions situations }
  steps { name actor limit { amount unit } content result }
  fees { name standard basis } places { address name window hours } consult { kind value note } faqs { question answer }
} } }";

/// Answers a second to the query, against a static handler that answers with the same bytes.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let folder = folder();
    let journal = SqliteJournal::create(&folder.path().join("journal.db")).unwrap();
    runtime().block_on(api::registrar::sample::make(&journal, now(), &|_, _| ())).unwrap();
    drop(journal);
    let asked = request("POST", "/graphql", &json!({ "query": QUERY, "variables": { "code": CODE } }).to_string());

    let ours = Server::serve(folder.path());
    let runtime = runtime();
    let body = runtime.block_on(async {
        ours.ready().await;
        let (status, body) = Client::connect(&ours.address).await.send(&asked).await;
        assert!(status == 200 && !body.windows(8).any(|eight| eight == b"\"errors\""), "{}", String::from_utf8_lossy(&body));
        body
    });
    let file = folder.path().join("answer.json");
    std::fs::write(&file, &body).unwrap();
    let theirs = Server::start(&[STATIC, file.to_str().unwrap()]);

    let span = Duration::from_millis(bench.pick(1_500, 300));
    let speed = |server: &Server| load(&runtime, &server.address, &asked, body.len(), span);
    let sides = Sides::alternate(bench.pick(9, 3), || speed(&ours), || speed(&theirs));
    vec![Outcome::ratio(
        "guide against static bytes",
        0.12,
        &sides,
        &format!("answers/s of {} bytes on {CONNECTIONS} connections", body.len()),
    )]
}

/// Answers a second with all connections asking without pause.
fn load(runtime: &Runtime, address: &str, asked: &[u8], length: usize, span: Duration) -> f64 {
    runtime.block_on(async {
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            clients.push(Client::connect(address).await);
        }
        let begun = Instant::now();
        let tasks: Vec<_> = clients
            .into_iter()
            .map(|mut client| {
                let asked = asked.to_vec();
                tokio::spawn(async move {
                    let mut answers = 0;
                    while begun.elapsed() < span {
                        let (status, _, found) = client.exchange(&asked).await;
                        assert_eq!((status, found), (200, length));
                        answers += 1;
                    }
                    answers
                })
            })
            .collect();
        let mut answers = 0;
        for task in tasks {
            answers += task.await.unwrap();
        }
        number(answers) / begun.elapsed().as_secs_f64()
    })
}

/// A server that reads the request and answers with the bytes of a file: what nothing can be faster than.
pub(crate) fn serve_statically(file: &str) -> ExitCode {
    let answer = Bytes::from(std::fs::read(file).unwrap());
    let handler =
        move |_: Bytes| async move { ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], answer) };
    runtime().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        std::io::stdout().flush().unwrap();
        axum::serve(listener, Router::new().route("/graphql", post(handler))).await.unwrap();
    });
    ExitCode::SUCCESS
}
