//! The commands of README that lead a change from draft to both channels, run word for word.

use std::{fs, path::Path, process::Command};

use projections::contract::server::installed;
use serde_json::Value;

use super::process::{Ran, Server, command, on, run};

/// The commands of the section, as they stand there.
fn commands() -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let section = readme.split("## A change, from draft to both channels").nth(1).unwrap();
    section.split("```sh\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

/// Runs the commands of a document beside a server of the sample register, in a folder of their own. The first that fails ends it.
pub fn followed(commands: &str) -> (tempfile::TempDir, Ran) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    on(&data, &["demo"]).ok();
    let server = Server::of(&data);
    let binaries = Path::new(env!("CARGO_BIN_EXE_tongyuan")).parent().unwrap();
    let script = format!("PATH='{}':$PATH\n{commands}", binaries.display());
    let mut shell = Command::new("sh");
    shell.current_dir(folder.path()).args(["-e", "-c", &script]).env("TONGYUAN_DATA", &data);
    let ran = run(shell.env("TONGYUAN_AT", format!("http://{}", server.address))).ok();
    (folder, ran)
}

#[test]
fn a_change_goes_from_draft_to_both_channels_as_readme_says() {
    if !installed("curl") {
        println!("SKIPPED README's change from draft to both channels: curl is absent and cannot be installed");
        return;
    }
    let (folder, ran) = followed(&commands());
    let data = folder.path().join("data");

    let answers: Vec<Value> = ran.out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let changes: Vec<_> =
        answers.iter().filter_map(|answer| answer["data"].as_object()?.iter().find(|(_, of)| !of["status"].is_null())).collect();
    let verbs: Vec<_> = changes.iter().map(|(verb, _)| verb.as_str()).collect();
    assert_eq!(verbs, ["draft", "submit", "review", "approve"], "{ran:?}");
    assert!(changes.iter().all(|(_, change)| change["status"] == "APPLIED"), "{ran:?}");
    let hidden = answers.iter().find(|answer| answer["data"].get("entry").is_some()).unwrap();
    assert_eq!((&hidden["data"]["entry"], &hidden["data"]["registry"]["item"]), (&Value::Null, &Value::Null), "{hidden}");
    let shown: Vec<_> = answers.iter().map(|answer| &answer["data"]["registry"]).filter(|of| of["channel"].is_string()).collect();
    assert_eq!(shown.len(), 2, "{ran:?}");
    assert_eq!((&shown[0]["channel"], &shown[1]["channel"]), (&"ONLINE".into(), &"COUNTER".into()));
    assert_eq!(shown[0]["item"], shown[1]["item"]);
    assert_eq!(shown[0]["item"]["revision"]["documentNumber"], "临政公〔2026〕12号", "{shown:?}");
    let code = changes[0].1["entry"]["code"].as_str().unwrap();
    let history = run(command().arg("--data").arg(&data).args(["history", "item", code, "--json"])).ok().json();
    assert_eq!(history.as_array().unwrap().len(), 4, "drafted, submitted, reviewed, approved: {history}");
    on(&data, &["rebuild", "--check"]).ok();
}
