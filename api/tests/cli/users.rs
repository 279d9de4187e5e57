//! `tongyuan user`: the accounts of one machine.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use serde_json::{Value, json};

use super::process::{Ran, command, on, run_with};

pub const PASSWORD: &str = "correct horse battery";

/// Runs `user …` on a folder with a password on standard input.
pub fn user(data: &Path, arguments: &[&str], password: &str) -> Ran {
    run_with(command().arg("--data").arg(data).arg("user").args(arguments), password)
}

/// An account with grants.
pub fn added(data: &Path, name: &str, person: &str, grants: &[&str]) -> Value {
    let mut arguments = vec!["add", name, "--person", person, "--password-stdin", "--json"];
    arguments.extend(grants.iter().flat_map(|grant| ["--grant", grant]));
    user(data, &arguments, PASSWORD).ok().json()
}

/// A token of an account.
pub fn token(data: &Path, name: &str) -> String {
    user(data, &["token", name, "--password-stdin"], PASSWORD).ok().out.trim().to_owned()
}

fn register() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    on(folder.path(), &["init"]).ok();
    folder
}

#[test]
fn accounts_are_added_listed_changed_and_removed() {
    let folder = register();
    let data = folder.path();
    assert_eq!(user(data, &["list", "--json"], "").ok().json(), json!([]));
    let li = added(data, "li", "P-17", &["drafter@A1", "reviewer", "drafter@A1"]);
    assert_eq!((&li["person"], &li["grants"]), (&json!("P-17"), &json!(["drafter@A1", "reviewer"])));
    assert!(li["account"].as_str().unwrap().starts_with("user:"), "{li}");
    let other = added(data, "li.2", "P-17", &[]);
    assert_ne!(li["account"], other["account"], "an account is none of the name");
    let granted = user(data, &["grant", "li.2", "--grant", "approver@B1", "--json"], "").ok().json();
    assert_eq!(granted["grants"], json!(["approver@B1"]));
    let revoked = user(data, &["revoke", "li.2", "--grant", "approver@B1", "--grant", "clerk", "--json"], "").ok().json();
    assert_eq!(revoked["grants"], json!([]));
    let listed = user(data, &["list"], "").ok().out;
    assert!(listed.contains("drafter@A1 reviewer") && listed.lines().count() == 2, "{listed}");
    user(data, &["remove", "li"], "").ok();
    assert_eq!(user(data, &["list", "--json"], "").ok().json().as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_is_told_and_changes_nothing() {
    let folder = register();
    let data = folder.path();
    added(data, "li", "P-17", &[]);
    let before = fs::read(data.join("users.json")).unwrap();
    user(data, &["add", "li", "--person", "P-18", "--password-stdin"], PASSWORD).failed(&["li", "已存在"]);
    user(data, &["add", "wu", "--person", "P-18", "--password-stdin"], "short").failed(&["12"]);
    user(data, &["add", "wu", "--person", "P-18", "--password-stdin"], "").failed(&["12"]);
    user(data, &["remove", "nobody"], "").failed(&["nobody"]);
    user(data, &["grant", "nobody", "--grant", "clerk"], "").failed(&["nobody"]);
    user(data, &["password", "nobody", "--password-stdin"], PASSWORD).failed(&["nobody"]);
    user(data, &["token", "li", "--password-stdin"], "another password").failed(&["账号或密码不对"]);
    user(data, &["token", "nobody", "--password-stdin"], PASSWORD).failed(&["账号或密码不对"]);
    for wrong in [
        &["add", "wu", "--person", "张三"][..],
        &["add", "张三", "--person", "P-1"],
        &["add", "wu", "--person", "P-1", "--grant", "mayor"],
        &["grant", "li", "--grant", "drafter@"],
        &["grant", "li"],
        &["token", "li", "--hours", "0"],
        &["token", "li", "--hours", "169"],
    ] {
        assert_eq!(user(data, wrong, PASSWORD).code, Some(2), "{wrong:?}");
    }
    assert_eq!(fs::read(data.join("users.json")).unwrap(), before);
    let nowhere = folder.path().join("nowhere");
    user(&nowhere, &["list"], "").failed(&["init"]);
    assert!(!nowhere.exists());
    run_with(command().args(["--journal", "esdb://h:1", "user", "list"]), "").failed(&["--oidc-issuer"]);
}

#[test]
fn a_person_is_written_in_one_way() {
    let folder = register();
    let data = folder.path();
    added(data, "li", "P-17", &[]);
    let before = fs::read(data.join("users.json")).unwrap();
    user(data, &["add", "wu", "--person", "p-17", "--password-stdin"], PASSWORD).failed(&["p-17", "P-17", "li", "differs only by case"]);
    assert_eq!(fs::read(data.join("users.json")).unwrap(), before);
    added(data, "wu", "P-17", &[]);
}

#[test]
fn a_grant_for_an_agency_that_is_not_there_is_noted() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    on(&data, &["demo"]).ok();
    let noted = user(&data, &["add", "li", "--person", "P-1", "--grant", "drafter@NOSUCHAGENCY", "--password-stdin"], PASSWORD).ok();
    assert!(noted.err.contains("NOSUCHAGENCY") && noted.err.contains("check the code"), "{noted:?}");
    let known = user(&data, &["grant", "li", "--grant", "drafter@1199010040310236XL", "--grant", "reviewer"], "").ok();
    assert!(!known.err.contains("check the code"), "{known:?}");
}

#[test]
fn the_files_are_their_owners_alone_and_hold_no_password() {
    let folder = register();
    let data = folder.path();
    added(data, "li", "P-17", &[]);
    for name in ["users.json", "users.key", "users.lock"] {
        assert_eq!(fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert!(!data.join("users.json.new").exists());
    let text = fs::read_to_string(data.join("users.json")).unwrap();
    assert!(text.contains("$argon2id$") && !text.contains(PASSWORD), "{text}");
    let key = fs::read(data.join("users.key")).unwrap();
    added(data, "wang", "P-18", &[]);
    assert_eq!(fs::read(data.join("users.key")).unwrap(), key, "the key is made once");
    // One that everybody reads is no secret.
    fs::set_permissions(data.join("users.json"), fs::Permissions::from_mode(0o644)).unwrap();
    user(data, &["list"], "").failed(&["chmod 600"]);
}

#[test]
fn a_damaged_directory_is_left_as_it_is() {
    let folder = register();
    let data = folder.path();
    added(data, "li", "P-17", &[]);
    let file = data.join("users.json");
    let whole = fs::read_to_string(&file).unwrap();
    let twice = whole.replacen("\"accounts\": [", "\"accounts\": [ 1,", 1);
    let broken = [whole[..whole.len() / 2].to_owned(), twice, whole.replace("argon2id", "argon2d"), String::new()];
    for damaged in broken {
        fs::write(&file, &damaged).unwrap();
        let ran = user(data, &["add", "wang", "--person", "P-18", "--password-stdin"], PASSWORD).failed(&["users.json", "损坏"]);
        assert!(!ran.err.contains("$argon2"), "{ran:?}");
        assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
    }
}

#[test]
fn many_at_once_are_all_kept() {
    let folder = register();
    let data = folder.path();
    std::thread::scope(|scope| {
        for name in ["a", "b", "c", "d"] {
            scope.spawn(move || added(data, name, "P-1", &["clerk"]));
        }
    });
    assert_eq!(user(data, &["list", "--json"], "").ok().json().as_array().unwrap().len(), 4);
}

#[test]
fn what_is_not_held_is_not_taken_away_without_a_word() {
    let folder = register();
    added(folder.path(), "wu", "P-1", &["reviewer"]);
    user(folder.path(), &["revoke", "wu", "--grant", "reviewer@A1"], "").failed(&["reviewer@A1", "does not hold"]);
    let both = user(folder.path(), &["revoke", "wu", "--grant", "reviewer", "--grant", "reviewer@A1", "--json"], "").ok();
    assert!(both.err.contains("reviewer@A1") && both.json()["grants"] == json!([]), "{both:?}");
}

#[test]
fn nobody_is_called_by_a_number_that_finds_them() {
    let folder = register();
    for number in ["13912345678", "11010519491231002X"] {
        let refused =
            user(folder.path(), &["add", "wu", "--person", number, "--password-stdin"], PASSWORD).failed(&["人员编号", "id of the person"]);
        assert!(!refused.err.contains(number), "{}", refused.err);
    }
    assert!(!user(folder.path(), &["list"], "").ok().out.contains("wu"));
}
