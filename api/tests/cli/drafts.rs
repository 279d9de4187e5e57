//! A newer edition of a list as a change set: `import --as-drafts`.

use std::{fs, path::Path};

use api::app::journal_path;
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    decider::Circumstances,
    entry::Draft,
    envelope::{ActorId, Code},
    register::Item,
};
use journal::{
    SqliteJournal, load,
    transact::{Budget, ExpectedVersion, Outcome, Request, transact},
};
use serde_json::{Value, json};

use super::{
    begin::contents,
    books::LINES,
    import::Desk,
    process::{Ran, command, on, run_with, tongyuan},
    users::{PASSWORD, added},
};

const OUTCOMES: [&str; 5] = ["new", "changed", "unchanged", "rejected", "ignored"];

fn import(data: &Path, list: &Path, drafter: &str, more: &[&str]) -> Ran {
    let arguments = ["import", list.to_str().unwrap(), "--json", "--as-drafts", "--drafter", drafter, "--password-stdin"];
    run_with(command().arg("--data").arg(data).args(arguments).args(more), &format!("{PASSWORD}\n"))
}

fn outcomes(account: &Value) -> [u64; 5] {
    let counts = OUTCOMES.map(|outcome| account[outcome].as_u64().unwrap());
    assert_eq!(account["read"].as_u64().unwrap(), counts.iter().sum::<u64>(), "every row is accounted for: {account}");
    counts
}

/// A register with an edition of 2024, and the code of the bureau that it is of.
fn begun() -> (Desk, String) {
    let desk = Desk::new();
    desk.import(&desk.list("2024.xlsx", "2024", &LINES), &[]).ok();
    let account = desk.import(&desk.list("2024.xlsx", "2024", &LINES), &["--report", desk.data().join("r.csv").to_str().unwrap()]).ok();
    assert_eq!(account.json()["unchanged"], 4);
    let rows = fs::read_to_string(desk.data().join("r.csv")).unwrap();
    let item = rows.lines().find(|row| row.contains(",unchanged,")).unwrap().split(',').nth(5).unwrap().to_owned();
    fs::remove_file(desk.data().join("r.csv")).unwrap();
    let shown = on(&desk.data(), &["show", "item", &item, "--json"]).ok().json();
    let agency = shown["content"]["agency"].as_str().unwrap().to_owned();
    (desk, agency)
}

/// The next edition: a changed line, a dropped one, a new one.
fn newer(desk: &Desk) -> std::path::PathBuf {
    let changed = ["取水许可", "行政许可", "《东海市取水管理条例》第六条"];
    let new = ["水土保持方案审批", "行政许可", "《东海市水土保持办法》第三条"];
    desk.list("2025.xlsx", "2025", &[changed, LINES[1], LINES[2], new])
}

#[test]
fn a_newer_edition_becomes_a_set_of_new_changed_and_gone_and_adopts_nothing() {
    let (desk, agency) = begun();
    added(&desk.data(), "li", "P-1", &[&format!("drafter@{agency}")]);
    let list = newer(&desk);
    let digest = || on(&desk.data(), &["rebuild", "--json"]).ok().json()["digest"].clone();
    let (before, views) = (contents(&desk.data()), digest());
    let dry = import(&desk.data(), &list, "li", &["--dry-run"]).ok().json();
    assert_eq!(outcomes(&dry), [1, 1, 2, 0, 0]);
    assert_eq!(contents(&desk.data()), before, "a dry run writes nothing");

    let report = desk.data().join("report.csv");
    let account = import(&desk.data(), &list, "li", &["--report", report.to_str().unwrap()]).ok().json();
    assert_eq!(outcomes(&account), [1, 1, 2, 0, 0]);
    let set = &account["changeSets"][0];
    assert_eq!((&set["status"], &set["members"]), (&json!("PROPOSED"), &json!({ "new": 1, "changed": 1, "gone": 1 })), "{account}");
    assert_eq!((&dry["changeSets"][0]["status"], &account["changeSets"][0]["status"]), (&json!("WOULD_BE_PROPOSED"), &json!("PROPOSED")));
    assert_eq!(dry["changeSets"][0]["members"], account["changeSets"][0]["members"], "the same is told by a dry run");
    let code = set["code"].as_str().unwrap();
    assert_eq!(account["repealProposals"][0]["changeSet"], code);
    let rows = fs::read_to_string(report).unwrap();
    for outcome in [",new,", ",changed,", ",change-set,", ",gone,", code] {
        assert!(rows.contains(outcome), "{outcome} in {rows}");
    }
    // Nothing of it is public.
    assert_eq!(digest(), views);
    let check = on(&desk.data(), &["rebuild", "--check", "--json"]).ok().json();
    assert_eq!(check["equal"], true, "{check}");

    let again = import(&desk.data(), &list, "li", &[]).ok().json();
    assert_eq!((&again["changeSets"][0]["status"], &again["changeSets"][0]["code"]), (&json!("UNCHANGED"), &json!(code)));
    let told = run_with(
        command().arg("--data").arg(desk.data()).args([
            "import",
            list.to_str().unwrap(),
            "--as-drafts",
            "--drafter",
            "li",
            "--password-stdin",
        ]),
        &format!("{PASSWORD}\n"),
    );
    assert!(told.ok().out.contains(code), "it is told to people too");
    // A further edition while the set is open is refused, and says what to do.
    let further = desk.list("2026.xlsx", "2026", &LINES[..1]);
    let refused = import(&desk.data(), &further, "li", &[]).failed(&["change sets were not proposed"]);
    assert_eq!(refused.json()["changeSets"][0]["why"][0], "CHANGE_SET_OPEN");
}

#[test]
fn it_takes_a_drafter_who_knows_the_password_and_drafts_for_the_agency() {
    let (desk, _) = begun();
    let list = newer(&desk);
    added(&desk.data(), "wang", "P-2", &["drafter@B1"]);
    added(&desk.data(), "zhao", "P-3", &["reviewer"]);
    let before = contents(&desk.data());
    import(&desk.data(), &list, "nobody", &[]).failed(&["the name or the password is wrong"]);
    import(&desk.data(), &list, "zhao", &[]).failed(&["drafts for no agency", "不是任何机构的承办人"]);
    let outside = import(&desk.data(), &list, "wang", &[]).failed(&["change sets were not proposed"]);
    assert_eq!(outside.json()["changeSets"][0]["why"][0], "OUTSIDE_AGENCY");
    assert_eq!(contents(&desk.data()), before);
    let without = on(&desk.data(), &["import", list.to_str().unwrap(), "--as-drafts"]);
    assert_eq!(without.code, Some(2), "{without:?}");
}

#[test]
fn a_set_is_copied_with_its_register_and_the_copy_has_it_too() {
    let (desk, agency) = begun();
    added(&desk.data(), "li", "P-1", &[&format!("drafter@{agency}")]);
    import(&desk.data(), &newer(&desk), "li", &[]).ok();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let ran = tongyuan(&["journal", "copy", "--from", desk.data().to_str().unwrap(), "--to", copy.to_str().unwrap(), "--json"]);
    assert!(ran.ok().json()["appended"].as_u64().unwrap() > 8);
    let digest = |place: &[&str]| tongyuan(&[place, &["rebuild", "--json"]].concat()).ok().json()["digest"].clone();
    assert_eq!(digest(&["--data", desk.data().to_str().unwrap()]), digest(&["--journal", copy.to_str().unwrap()]));
}

/// Somebody drafts on an item beside all sets.
fn drafted(data: &Path, at: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    runtime.block_on(async {
        let journal = SqliteJournal::open(&journal_path(data)).unwrap();
        let code: Code = at.parse().unwrap();
        let latest = load::<Item>(&journal, &code).await.unwrap().state.latest.unwrap();
        let acting = Acting { person: PersonId::new("P-9"), role: Role::Drafter, scope: Scope::Agency(latest.content.agency.clone()) };
        let content = Item { remark: Some("另行起草".into()), ..Item::clone(&latest.content) };
        let capacity = Capacity::Person(acting);
        let circumstances =
            Circumstances { now: latest.effective_from, actor: ActorId::new("singly"), capacity, command: uuid::Uuid::nil() };
        let request = Request { code, expected: ExpectedVersion::Any, command: Draft::of(content).into(), circumstances };
        let outcome = transact::<Item>(&journal, request, Budget::default()).await.unwrap();
        assert!(matches!(outcome, Outcome::Applied(_)), "{outcome:?}");
    });
}

#[test]
fn what_is_gone_and_cannot_go_is_told_with_its_reason() {
    let (desk, agency) = begun();
    added(&desk.data(), "li", "P-1", &[&format!("drafter@{agency}")]);
    let list = newer(&desk);
    let would = import(&desk.data(), &list, "li", &["--dry-run"]).ok().json();
    let gone = would["repealProposals"][0]["code"].as_str().unwrap();
    drafted(&desk.data(), gone);
    let account = import(&desk.data(), &list, "li", &["--dry-run"]).ok().json();
    assert_eq!((&account["repealProposals"][0]["why"][0], &account["refusedAlong"]), (&json!("DRAFT_EXISTS"), &json!([])), "{account}");
    assert_eq!(account["changeSets"][0]["members"], json!({ "new": 1, "changed": 1, "gone": 0 }));
    let arguments = ["import", list.to_str().unwrap(), "--as-drafts", "--drafter", "li", "--password-stdin"];
    let told = run_with(command().arg("--data").arg(desk.data()).args(arguments), &format!("{PASSWORD}\n")).ok();
    assert!(told.out.contains("gone and refused") && told.out.contains("DRAFT_EXISTS") && told.out.contains(gone), "{told:?}");
}
