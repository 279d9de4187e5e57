use std::process::Command;

use crate::{
    file::{assert_kept, sound},
    lists,
    process::{BINARY, account, assert_rebuilt_equal, import, number, tongyuan},
    register::entries,
};

const ROWS: usize = 400;

/// Largest file that the process may write, in blocks of 512 bytes: some tens of rows.
const BLOCKS: &str = "500";

/// An import that runs out of space says so and what to do; what it kept stays, and the same import again completes it.
#[test]
fn an_import_on_a_full_disk_says_so_and_is_completed_later() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists::write(&folder.path().join("lists"), 1, ROWS);
    let (alone, data) = (folder.path().join("alone"), folder.path().join("data"));
    account(&import(&alone, &lists).output().unwrap());
    assert!(tongyuan("init", &data).status().unwrap().success());

    let script = format!("trap '' XFSZ; ulimit -f {BLOCKS}; exec \"$0\" \"$@\"");
    let mut full = Command::new("sh");
    full.args(["-c", &script, BINARY, "import", "--data"]).arg(&data).args(&lists).args(["--json", "--quiet"]);
    let output = full.output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    println!("{words}");
    assert_eq!(output.status.code(), Some(1), "{words}");
    for part in ["import stopped at 000.ndjson row ", "the same import again completes it", "no space is left", "free some and try again"] {
        assert!(words.contains(part), "{part:?} is not in: {words}");
    }

    let kept = sound(&data);
    println!("{} events were kept", kept.len());
    assert!(!kept.is_empty() && kept.len() < 2 * ROWS, "{} events", kept.len());
    assert_rebuilt_equal(&data);

    let completed = account(&import(&data, &lists).output().unwrap());
    assert_eq!(number(&completed, "adopted") + number(&completed, "unchanged"), ROWS as u64, "{completed}");
    assert_kept(&kept, &sound(&data));
    assert_eq!(entries(&data), entries(&alone));
}
