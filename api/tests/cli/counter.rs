//! The notes for the clerk at the running server.

use std::path::Path;

use serde_json::Value;

use super::{
    process::{Server, command, on, until},
    users::{added, token},
};

/// A guide of the sample with notes.
const GUIDE: &str = "11990100403117844D399017200100001";

/// The notes that a server shows to whoever has a token or none, or the code of its refusal.
fn notes(server: &Server, token: Option<&str>) -> Result<String, String> {
    let query = format!("{{ registry(channel: COUNTER) {{ guide(code: {GUIDE:?}) {{ name clerkNotes }} }} }}");
    let answer = server.asked(token, &query, &Value::Null);
    let guide = &answer["data"]["registry"]["guide"];
    assert!(guide["name"].is_string(), "the rest is answered: {answer}");
    let refused = answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned);
    refused.map_or_else(|| Ok(guide["clerkNotes"].as_str().unwrap().to_owned()), Err)
}

fn serving(data: &Path, arguments: &[&str], variable: Option<&str>) -> Server {
    let mut command = command();
    command.arg("--data").arg(data).args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
    if let Some(value) = variable {
        command.env("TONGYUAN_OPEN_COUNTER", value);
    }
    let server = Server::start(&mut command);
    until("readiness", || server.get("/readyz").0 == 200);
    server
}

#[test]
fn clerk_notes_take_a_token_unless_the_counter_of_the_node_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    on(data, &["demo"]).ok();
    added(data, "wang", "P-1", &["clerk"]);
    added(data, "li", "P-2", &["clerk@A1"]);
    let (wang, li) = (token(data, "wang"), token(data, "li"));
    let guarded = serving(data, &[], None);
    assert_eq!(notes(&guarded, None), Err("UNAUTHENTICATED".to_owned()));
    assert_eq!(notes(&guarded, Some(&li)), Err("FORBIDDEN".to_owned()));
    let shown = notes(&guarded, Some(&wang)).unwrap();
    drop(guarded);
    let open = serving(data, &["--open-counter"], None);
    for who in [None, Some(&li[..]), Some(&wang)] {
        assert_eq!(notes(&open, who).as_ref(), Ok(&shown));
    }
    drop(open);
    assert_eq!(notes(&serving(data, &[], Some("yes")), None), Ok(shown));
    // The flag goes before the environment.
    assert_eq!(notes(&serving(data, &["--open-counter=no"], Some("yes")), None), Err("UNAUTHENTICATED".to_owned()));
}
