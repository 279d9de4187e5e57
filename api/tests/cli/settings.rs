//! Settings: a flag goes before the environment, the environment before the file.

use std::{fs, net::TcpListener, path::Path};

use super::process::{Server, command, run, until};

/// Which folder `init` creates a register in.
fn created(folder: &Path, flag: bool, environment: bool, file: bool) -> Vec<&'static str> {
    let mut command = command();
    command.current_dir(folder).arg("init");
    if flag {
        command.args(["--data", "flag"]);
    }
    if environment {
        command.env("TONGYUAN_DATA", "environment");
    }
    if file {
        fs::write(folder.join("t.toml"), "data = \"file\"\n").unwrap();
        command.args(["--config", "t.toml"]);
    }
    assert_eq!(run(&mut command).code, Some(0));
    ["flag", "environment", "file", "data"].into_iter().filter(|name| folder.join(name).exists()).collect()
}

#[test]
fn the_folder_is_that_of_the_flag_then_of_the_environment_then_of_the_file() {
    let only = |flag, environment, file| created(tempfile::tempdir().unwrap().path(), flag, environment, file);
    assert_eq!(only(true, true, true), ["flag"]);
    assert_eq!(only(false, true, true), ["environment"]);
    assert_eq!(only(false, false, true), ["file"]);
    assert_eq!(only(false, false, false), ["data"]);
}

#[test]
fn so_is_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    run(command().arg("init").arg("--data").arg(&data));
    let file = folder.path().join("t.toml");
    // An address that is taken cannot be the one that is used.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    fs::write(&file, format!("listen = \"{taken}\"\n")).unwrap();
    let serve = || {
        let mut command = command();
        command.arg("serve").arg("--data").arg(&data).arg("--config").arg(&file);
        command
    };
    Server::start(serve().env("TONGYUAN_LISTEN", &taken).args(["--listen", "127.0.0.1:0"]));
    Server::start(serve().env("TONGYUAN_LISTEN", "127.0.0.1:0"));
    fs::write(&file, "listen = \"127.0.0.1:0\"\n").unwrap();
    Server::start(&mut serve());
}

#[test]
fn a_log_in_json_is_one_object_a_line_also_for_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    run(command().arg("init").arg("--data").arg(folder.path()));
    let path = folder.path().join("log");
    let mut serve = command();
    serve.arg("serve").arg("--data").arg(folder.path()).args(["--listen", "127.0.0.1:0", "--log-format", "json"]);
    let mut server = Server::logged(&mut serve, fs::File::create(&path).unwrap());
    until("readiness", || server.get("/readyz").0 == 200);
    let bad = "content-type: application/json\r\nauthorization: Bearer none\r\n";
    assert_eq!(server.send("POST /graphql", bad, r#"{"query":"{ registry { channel } }"}"#).0, 401);
    server.terminate();
    server.ended();
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        for field in ["timestamp", "level", "target", "message"] {
            assert!(line[field].is_string(), "{field} of {line}");
        }
    }
    let ready = lines.iter().find(|line| line["message"].as_str().unwrap().starts_with("ready:")).unwrap();
    assert!(ready["level"] == "INFO" && ready["events"] == 0 && ready["seconds"].is_f64(), "fields stand beside the words: {ready}");
    assert!(lines.iter().any(|line| line["level"] == "WARN" && line["message"].as_str().unwrap().starts_with("denied:")), "{text}");
}

#[test]
fn an_address_that_is_taken_is_told_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    run(command().arg("init").arg("--data").arg(folder.path()));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    run(command().arg("serve").arg("--data").arg(folder.path()).args(["--listen", &taken])).failed(&[&taken, "--listen"]);
}

#[test]
fn a_file_of_settings_that_is_missing_or_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let init = |file: &str| run(command().current_dir(folder.path()).args(["init", "--config", file]));
    init("missing.toml").failed(&["missing.toml"]);
    fs::write(folder.path().join("wrong.toml"), "datta = \"x\"\n").unwrap();
    init("wrong.toml").failed(&["wrong.toml", "datta"]);
    assert!(!folder.path().join("data").exists());
}
