//! What somebody at a terminal sees while long work goes on.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use super::{
    process::on,
    replay::{REVISED, recorded},
};

/// What a command shows on a terminal, with all that it draws over; `None`: there is no `script`, by which a terminal is made.
fn at_a_terminal(arguments: &[&str]) -> Option<String> {
    let line = std::iter::once(env!("CARGO_BIN_EXE_tongyuan")).chain(arguments.iter().copied()).collect::<Vec<_>>().join(" ");
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &line, "/dev/null"]).env("TERM", "xterm").stdin(Stdio::null());
    let Ok(output) = script.output() else {
        println!("SKIPPED {line} on a terminal: there is no `script`");
        return None;
    };
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{shown}");
    Some(shown)
}

#[test]
fn a_copy_and_a_replay_show_how_far_they_are() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (data, copy, out) = (path("data"), path("copy.db"), path("out"));
    on(Path::new(&data), &["demo"]).ok();
    let from = format!("{data}/journal.db");
    let Some(shown) = at_a_terminal(&["journal", "copy", "--from", &from, "--to", &copy]) else { return };
    for phase in ["清点", "比对", "写入", "核验"] {
        assert!(shown.contains(phase) && shown.contains('█'), "{phase}: {shown}");
    }
    let last = recorded(Path::new(&data), "guide", REVISED).last().unwrap().to_rfc3339();
    let times = ["--valid-at", &last, "--known-at", &last];
    let replay = [&["replay", "--data", &data, "--out", &out], &times[..]].concat();
    let shown = at_a_terminal(&replay).unwrap();
    assert!(shown.contains("读取事件 events") && shown.contains("写出条目 entries") && shown.contains('█'), "{shown}");
    // Whoever is no terminal is told the outcome and nothing else.
    let quiet = on(Path::new(&data), &[&["replay", "--out", &path("again")], &times[..]].concat()).ok();
    assert!(!quiet.out.contains('█') && !quiet.err.contains('█'), "{quiet:?}");
}
