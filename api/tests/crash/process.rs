//! The binary as a child process.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread::{self, JoinHandle},
};

use serde_json::Value;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_tongyuan");

/// A verb on a data folder, with nothing of this process's settings.
pub(crate) fn tongyuan(verb: &str, data: &Path) -> Command {
    let mut command = asked(verb);
    command.arg("--data").arg(data);
    command
}

/// A verb, with nothing of this process's settings.
pub(crate) fn asked(verb: &str) -> Command {
    let mut command = Command::new(BINARY);
    command.arg(verb).env_remove("TONGYUAN_DATA").env_remove("TONGYUAN_JOURNAL").env_remove("TONGYUAN_CONFIG").env_remove("TONGYUAN_LOG");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn import(data: &Path, lists: &[PathBuf]) -> Command {
    let mut command = tongyuan("import", data);
    command.args(lists).args(["--json", "--quiet"]);
    command
}

/// The account that an import printed.
pub(crate) fn account(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.lines().next_back().unwrap()).unwrap()
}

/// The number under a name of an account.
pub(crate) fn number(account: &Value, name: &str) -> u64 {
    account[name].as_u64().unwrap_or_else(|| panic!("{name} in {account}"))
}

/// Views built in two ways are equal.
pub(crate) fn assert_rebuilt_equal(data: &Path) {
    let output = tongyuan("rebuild", data).args(["--check", "--json"]).output().unwrap();
    assert_eq!(account(&output)["equal"], true);
}

/// A process that is killed, at the latest when it is dropped.
pub(crate) struct Killed {
    child: Child,
}

impl Killed {
    pub(crate) fn spawn(command: &mut Command) -> Self {
        Self { child: command.spawn().unwrap() }
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Reads what it prints from now on; the thread ends with the process.
    pub(crate) fn listen(&mut self) -> JoinHandle<Vec<u8>> {
        let mut stdout = self.child.stdout.take().unwrap();
        thread::spawn(move || {
            let mut printed = Vec::new();
            stdout.read_to_end(&mut printed).unwrap();
            printed
        })
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // On Unix this is `kill -9`; one that has ended already cannot be killed, and that is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
