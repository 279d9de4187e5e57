//! A disk that is full: the append was not executed, in words that help; nothing acknowledged is lost; it goes on with more room.

use std::path::Path;

use journal::SqliteJournal;

use crate::support::{BATCH, Role, add, assert_kept, assert_sound, child_in_shell, lines, said, with_events};

#[test]
fn a_limit_of_the_file_size_is_a_full_disk() {
    for batch in [None, Some("3")] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        with_events(&path, 3);
        let limit = "trap '' XFSZ; ulimit -f 600";
        let mut child = child_in_shell("sh", &["-c"], limit, Role::Fill, &path);
        runs_full(&path, &said(child.envs(batch.map(|batch| (BATCH, batch)))));
    }
}

/// A file system of 1 MiB that only the child sees. What it leaves is copied out before it goes away with the child.
#[test]
fn a_full_file_system_is_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (small, kept) = (folder.path().join("small"), folder.path().join("kept"));
    std::fs::create_dir_all(&small).unwrap();
    std::fs::create_dir_all(&kept).unwrap();
    let source = folder.path().join("journal.db");
    with_events(&source, 3);
    let (at, out) = (small.display(), kept.display());
    // In a shell of its own, so that there is someone left to copy.
    let script = format!(
        "mount -t tmpfs -o size=1m none '{at}' && cp '{}' '{at}' && ( \"$0\" \"$@\"; cp '{at}'/* '{out}'; true ); exit 0; true",
        source.display()
    );
    let flags = ["--map-root-user", "--mount", "sh", "-c"];
    let said = child_in_shell("unshare", &flags, &script, Role::Fill, &small.join("journal.db")).output();
    let said = said.map(|output| lines(&output.stdout)).unwrap_or_default();
    if said.is_empty() {
        println!("SKIPPED a_full_file_system_is_a_full_disk: no small file system can be mounted here");
        return;
    }
    runs_full(&kept.join("journal.db"), &said);
}

fn runs_full(path: &Path, said: &[String]) {
    let [acknowledged @ .., failure, read] = said else { panic!("{said:?}") };
    assert!(acknowledged.len() > 5, "{said:?}");
    assert!(failure.starts_with("not executed: ") && failure.contains(" / no space is left for journal "), "{failure}");
    assert_eq!(*read, format!("{} events are read", acknowledged.len() + 3));
    assert_kept(path, acknowledged);
    add(&SqliteJournal::open(path).unwrap(), 3, 5);
    assert_sound(path);
}
