//! `journal copy` as a process that is killed: the same command completes it.

use std::{
    path::Path,
    process::{Child, Stdio},
};

use double::Cluster;
use serde_json::json;

use super::process::{command, on, run, until};

/// Events of the register that is in a cluster; reservations of ids, the founding and what the system writes are none.
fn events(cluster: &Cluster) -> usize {
    let own = ["id-", "register-", "$"];
    cluster.events("").iter().filter(|event| !own.iter().any(|prefix| event.stream.starts_with(prefix))).count()
}

fn copying(from: &Path, to: &Cluster) -> std::process::Command {
    let mut command = command();
    command.args(["journal", "copy", "--json", "--to", &to.url(), "--from"]).arg(from);
    command
}

/// A process that is killed if the test ends before it.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_copy_that_is_killed_anywhere_is_completed_by_the_same_command() {
    let folder = tempfile::tempdir().unwrap();
    let (data, back) = (folder.path().join("data"), folder.path().join("back"));
    on(&data, &["demo"]).ok();
    let cluster = Cluster::single();
    let mut before = 0;
    // In the first event, a little later, and in the midst of them; each time it goes on behind what is there.
    for more in [1, 20, 100] {
        let mut copy = Killed(copying(&data, &cluster).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        until("some more events copied", || {
            let there = events(&cluster);
            assert!(copy.0.try_wait().unwrap().is_none() || there >= before + more, "it ended by itself");
            there >= before + more
        });
        drop(copy);
        before = events(&cluster);
    }
    let copied = run(&mut copying(&data, &cluster)).ok().json();
    // What was under way when it was killed may still have come.
    let there = usize::try_from(copied["there"].as_u64().unwrap()).unwrap();
    let appended = usize::try_from(copied["appended"].as_u64().unwrap()).unwrap();
    assert!(there >= before && appended > 0, "{before} {copied}");
    assert_eq!((json!(there + appended), copied["verified"].as_bool()), (copied["events"].clone(), Some(true)), "{copied}");
    assert_eq!(events(&cluster), there + appended);
    let again = run(&mut copying(&data, &cluster)).ok().json();
    assert_eq!((&again["appended"], &again["there"]), (&json!(0), &copied["events"]));

    // The way back into a folder is cut too.
    let url = cluster.url();
    let home = || {
        let mut command = command();
        command.args(["journal", "copy", "--json", "--from", &url, "--to"]).arg(&back);
        command
    };
    let mut copy = Killed(home().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    until("the journal begun", || back.join("journal.db").exists() || copy.0.try_wait().unwrap().is_some());
    drop(copy);
    let copied = run(&mut home()).ok().json();
    assert_eq!((&copied["events"], &copied["verified"]), (&again["events"], &json!(true)), "{copied}");
    let documents = |data: &Path| on(data, &["rebuild", "--check", "--json"]).ok().json()["documents"].clone();
    assert_eq!(documents(&back), documents(&data));
}
