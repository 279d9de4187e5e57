//! A journal that cannot be written: readable, and refused for writing in words that say what to look at.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use journal::{AppendError, Expected, Journal, SqliteJournal, StoreError};

use crate::support::{Role, child_in_shell, event, runtime, said, stream, with_events};

/// Modes do not bind root, so the child becomes nobody where the test runs as root.
fn as_somebody(role: Role, path: &Path) -> Vec<String> {
    let root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if root {
        said(&mut child_in_shell("setpriv", &["--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c"], "true", role, path))
    } else {
        said(&mut child_in_shell("sh", &["-c"], "true", role, path))
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_without_permission_to_write_is_refused_for_writing_and_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    with_events(&path, 3);
    mode(&path, 0o444);
    mode(folder.path(), 0o555);
    let (opened, read) = (as_somebody(Role::Open, &path), as_somebody(Role::Read, &path));
    let created = as_somebody(Role::Create, &folder.path().join("new.db"));
    mode(folder.path(), 0o755);
    if opened.is_empty() {
        println!("SKIPPED a_file_without_permission_to_write: the test binary cannot be run by another user here");
        return;
    }
    assert_eq!(opened, [StoreError::ReadOnly(path.display().to_string()).to_string()]);
    assert_eq!(created, [StoreError::ReadOnly(folder.path().join("new.db").display().to_string()).to_string()]);
    assert_eq!(read, ["3 events"]);
}

#[test]
fn a_disk_mounted_read_only_is_refused_for_writing_and_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    with_events(&path, 3);
    let at = folder.path().display();
    let script = format!("mount --bind '{at}' '{at}' && mount -o remount,bind,ro '{at}'");
    let flags = ["--map-root-user", "--mount", "sh", "-c"];
    let [opened, read] = [Role::Open, Role::Read].map(|role| {
        let output = child_in_shell("unshare", &flags, &script, role, &path).output();
        output.map(|output| crate::support::lines(&output.stdout)).unwrap_or_default()
    });
    if opened.is_empty() {
        println!("SKIPPED a_disk_mounted_read_only: nothing can be mounted here");
        return;
    }
    assert_eq!(opened, [StoreError::ReadOnly(path.display().to_string()).to_string()]);
    assert_eq!(read, ["3 events"]);
}

#[test]
fn a_journal_opened_for_reading_refuses_to_append() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    with_events(&path, 1);
    let journal = SqliteJournal::open_read_only(&path).unwrap();
    let name = stream("other");
    let answer = runtime().block_on(journal.append(&name, Expected::NoStream, vec![event(&name, 0, 0, 1)]));
    assert!(matches!(answer, Err(AppendError::NotExecuted(_))), "{answer:?}");
}
