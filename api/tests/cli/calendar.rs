//! The working calendar on the command line.

use std::{fs, path::Path};

use double::Cluster;
use serde_json::{Value, json};

use super::{
    begin::contents,
    process::{Server, assert_both_languages, command, on, run, tongyuan},
};

/// A year that nobody announced: New Year takes a day of the December before.
fn year_2027(more: &str) -> String {
    format!(
        r#"{{ "year": 2027, "papers": ["https://www.gov.cn/a"{more}], "days": [
            {{ "name": "元旦", "date": "2026-12-27", "isOffDay": false }}, {{ "name": "元旦", "date": "2026-12-31", "isOffDay": true }},
            {{ "name": "元旦", "date": "2027-01-01", "isOffDay": true }}, {{ "name": "春节", "date": "2027-02-05", "isOffDay": true }},
            {{ "name": "春节", "date": "2027-02-06", "isOffDay": true }}, {{ "name": "春节", "date": "2027-02-07", "isOffDay": true }},
            {{ "name": "劳动节", "date": "2027-05-01", "isOffDay": true }}, {{ "name": "国庆节", "date": "2027-10-01", "isOffDay": true }} ] }}"#
    )
}

fn counts(summary: &Value) -> [i64; 7] {
    ["files", "announced", "unchanged", "notAnnounced", "ignored", "refused", "heldBack"].map(|name| summary[name].as_i64().unwrap())
}

fn due(data: &Path, arguments: &[&str]) -> Value {
    on(data, &[&["calendar", "due", "--json"], arguments].concat()).ok().json()
}

#[test]
fn a_due_date_is_told_without_any_register_and_creates_none() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["calendar", "due", "--from", "2026-09-30", "--working-days", "1", "--known-at", "2026-01-01"];
    let told = run(command().current_dir(folder.path()).args(arguments).arg("--json")).ok().json();
    assert_eq!(
        told,
        json!({
            "due": "2026-10-08T16:00:00Z", "lastDay": "2026-10-08", "from": "2026-09-29T16:00:00Z", "fromDay": "2026-09-30",
            "workingDays": 1, "knownAt": "2025-12-31T16:00:00Z",
        })
    );
    let words = run(command().current_dir(folder.path()).args(arguments)).ok().out;
    assert!(words.contains("2026-10-08 24:00") && words.contains("2026-10-09 00:00"), "{words}");
    assert!(contents(folder.path()).is_empty());
}

#[test]
fn a_due_date_of_a_year_that_is_not_announced_is_unknown_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--from", "2026-12-31T09:00:00+08:00", "--working-days", "1", "--known-at", "2026-11-01"];
    let told = due(folder.path(), &arguments);
    assert_eq!((&told["due"], &told["unknown"]["year"], &told["unknown"]["day"]), (&Value::Null, &json!(2027), &json!("2027-01-01")));
    assert!(told["unknown"]["message"].as_str().unwrap().contains("2027年"), "{told}");
    let words = on(folder.path(), &[&["calendar", "due"], &arguments[..]].concat()).ok().out;
    assert!(words.contains("2027"), "{words}");
    assert_both_languages(words.trim());
}

#[test]
fn what_is_mistyped_is_told_in_both_languages() {
    for wrong in [
        &["due", "--from", "yesterday", "--working-days", "1"][..],
        &["due", "--from", "2026-09-31", "--working-days", "1"],
        &["due", "--from", "2026-09-30T10:00:00", "--working-days", "1"],
        &["due", "--from", "2026-09-30", "--working-days", "0"],
        &["due", "--from", "2026-09-30", "--working-days", "-1"],
        &["due", "--from", "2026-09-30"],
        &["show", "next"],
        &["import"],
    ] {
        let ran = tongyuan(&[&["calendar"], wrong].concat());
        assert_eq!(ran.code, Some(2), "{wrong:?} {ran:?}");
        assert_both_languages(ran.err.lines().next().unwrap());
    }
}

#[test]
fn notices_are_imported_once() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("2027.json"));
    fs::write(&file, year_2027("")).unwrap();
    let import = || on(&data, &["calendar", "import", file.to_str().unwrap(), "--json"]).ok().json();
    let first = import();
    assert_eq!(counts(&first), [1, 1, 0, 0, 0, 0, 0]);
    assert!(first["position"].is_string() && first["details"][0]["year"] == 2027, "{first}");
    let before = contents(&data);
    assert_eq!(counts(&import()), [1, 0, 1, 0, 0, 0, 0]);
    assert_eq!(contents(&data), before, "the same again changes nothing");
}

#[test]
fn what_was_imported_is_known_from_then_on_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("2027.json"));
    fs::write(&file, year_2027("")).unwrap();
    on(&data, &["calendar", "import", file.to_str().unwrap()]).ok();
    let last = |known: &[&str]| due(&data, &[&["--from", "2026-12-30", "--working-days", "1"], known].concat())["lastDay"].clone();
    assert_eq!((last(&[]), last(&["--known-at", "2026-01-01"])), (json!("2027-01-04"), json!("2026-12-31")));
    let shown = on(&data, &["calendar", "show", "2027", "--json"]).ok().json();
    assert_eq!((&shown["known"], &shown["counts"]["holiday"], &shown["notices"][0]["recorded"]), (&json!(true), &json!(6), &json!(true)));
    let december = on(&data, &["calendar", "show", "2026", "--json"]).ok().json();
    let days = december["days"].as_array().unwrap();
    assert_eq!(days.last().unwrap(), &json!({ "date": "2026-12-31", "kind": "HOLIDAY", "name": "元旦" }));
}

#[test]
fn notices_are_kept_in_a_cluster_as_in_a_file() {
    let (folder, cluster) = (tempfile::tempdir().unwrap(), Cluster::single());
    let file = folder.path().join("2027.json");
    fs::write(&file, year_2027("")).unwrap();
    run(command().args(["init", "--journal", &cluster.url()])).ok();
    let on_cluster = |arguments: &[&str]| run(command().args(arguments).args(["--json", "--journal", &cluster.url()])).ok().json();
    for expected in [[1, 1, 0, 0, 0, 0, 0], [1, 0, 1, 0, 0, 0, 0]] {
        assert_eq!(counts(&on_cluster(&["calendar", "import", file.to_str().unwrap()])), expected);
    }
    let due = |known: &[&str]| {
        on_cluster(&[&["calendar", "due", "--from", "2026-12-30", "--working-days", "1"], known].concat())["lastDay"].clone()
    };
    assert_eq!((due(&[]), due(&["--known-at", "2026-01-01"])), (json!("2027-01-04"), json!("2026-12-31")));
}

#[test]
fn one_bad_file_holds_all_others_back_and_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let (data, years) = (folder.path().join("data"), folder.path().join("years"));
    fs::create_dir(&years).unwrap();
    fs::write(years.join("2027.json"), year_2027("")).unwrap();
    fs::write(years.join("2028.json"), r#"{ "year": 2028, "papers": [], "days": [] }"#).unwrap();
    fs::write(years.join("README.md"), "years").unwrap();
    for (bad, code) in [
        ("{", "FILE_DAMAGED"),
        (&year_2027("").replace("2027-01-01", "2027-13-01"), "CALENDAR_FIELD"),
        (&year_2027("").replace("2027-01-01", "2030-01-01"), "NOTICE_DAY_OUTSIDE"),
        (&year_2027("").replace("\"https://www.gov.cn/a\"", ""), "NOTICE_INCOMPLETE"),
        (&year_2027("").replace("true", "false"), "NOTICE_CONTRADICTION"),
    ] {
        fs::write(years.join("bad.json"), bad).unwrap();
        let ran = on(&data, &["calendar", "import", years.to_str().unwrap(), "--json"]).failed(&["1"]);
        let told = ran.json();
        assert_eq!(counts(&told), [4, 0, 0, 1, 1, 1, 1], "{told}");
        let refused = told["details"].as_array().unwrap().iter().find(|file| file["outcome"] == "refused").unwrap();
        assert_eq!(refused["code"], code, "{told}");
        assert!(refused["zh"].is_string() && refused["en"].is_string() && !data.exists());
    }
    fs::remove_file(years.join("bad.json")).unwrap();
    let told = on(&data, &["calendar", "import", years.to_str().unwrap(), "--json"]).ok().json();
    assert_eq!(counts(&told), [3, 1, 0, 1, 1, 0, 0]);
}

#[test]
fn a_later_paper_amends_a_year_and_an_older_file_does_not_take_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("2027.json"));
    let import = |text: &str| {
        fs::write(&file, text).unwrap();
        on(&data, &["calendar", "import", file.to_str().unwrap(), "--json"])
    };
    import(&year_2027("")).ok();
    let amended =
        year_2027(", \"https://www.gov.cn/b\"").replace("\"2026-12-31\", \"isOffDay\": true", "\"2026-12-31\", \"isOffDay\": false");
    assert_eq!(counts(&import(&amended).ok().json()), [1, 1, 0, 0, 0, 0, 0]);
    assert_eq!(due(&data, &["--from", "2026-12-30", "--working-days", "1"])["lastDay"], "2026-12-31");
    // The very first again is known, and holds no more; another one of its paper alone is outdated.
    assert_eq!(counts(&import(&year_2027("")).ok().json()), [1, 0, 1, 0, 0, 0, 0]);
    let told = import(&year_2027("").replace("2026-12-27", "2026-12-26")).failed(&["1"]).json();
    assert_eq!(told["details"][0]["code"], "NOTICE_OLDER");
}

#[test]
fn a_year_of_a_day_or_two_and_a_paper_that_is_no_address_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("2027.json"));
    for (bad, told) in [
        (year_2027("").replace("2027-05-01", "2027-05-02"), "5月1日"),
        (year_2027("").replace("https://www.gov.cn/a", "javascript:alert(1)"), "网址"),
    ] {
        fs::write(&file, bad).unwrap();
        let refused = on(&data, &["calendar", "import", file.to_str().unwrap(), "--json"]).failed(&["1"]).json()["details"][0].clone();
        assert_eq!((&refused["code"], &refused["path"]), (&json!("NOTICE_INCOMPLETE"), &json!(file)), "{refused}");
        assert!(refused["zh"].as_str().unwrap().contains(told) && refused["en"].is_string(), "{refused}");
    }
    assert!(!data.exists());
}

#[test]
fn a_folder_without_any_year_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("README.md"), "nothing").unwrap();
    let data = folder.path().join("data");
    on(&data, &["calendar", "import", folder.path().to_str().unwrap()]).failed(&["no year"]);
    on(&data, &["calendar", "import", folder.path().join("missing").to_str().unwrap()]).failed(&["refused"]);
    assert!(!data.exists());
}

#[test]
fn a_year_is_shown_with_its_notices() {
    let folder = tempfile::tempdir().unwrap();
    let shown = on(folder.path(), &["calendar", "show", "2020"]).ok().out;
    for word in ["国办发明电〔2019〕16号", "国办发明电〔2020〕1号", "2020-02-01", "调休上班", "六 Sat"] {
        assert!(shown.contains(word), "{word} in {shown}");
    }
    let before = on(folder.path(), &["calendar", "show", "2020", "--known-at", "2020-01-20", "--json"]).ok().json();
    let first = before["days"].as_array().unwrap().iter().find(|day| day["date"] == "2020-02-01").unwrap();
    assert_eq!((&first["kind"], before["notices"].as_array().unwrap().len()), (&json!("MAKE_UP"), 1));
    let nothing = on(folder.path(), &["calendar", "show", "1990", "--json"]).ok().json();
    assert_eq!((&nothing["known"], &nothing["days"], &nothing["counts"]), (&json!(false), &json!([]), &json!({ "unknown": 365 })));
}

#[test]
fn what_will_be_known_is_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let due = ["calendar", "due", "--from", "2026-09-30", "--working-days", "1"];
    for (asked, json) in [(&due[..], false), (&due, true), (&["calendar", "show", "2020"], false), (&["calendar", "show", "2020"], true)] {
        let json = if json { &["--json"][..] } else { &[] };
        let ran = on(folder.path(), &[asked, &["--known-at", "2999-01-01"], json].concat());
        assert_both_languages(ran.err.trim());
        assert_eq!(ran.out, "");
        ran.failed(&["--known-at", "2999-01-01 00:00", "lies ahead"]);
    }
}

/// What is served is what was imported, in a register that has entries beside it.
#[test]
fn a_server_answers_from_what_was_imported_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("2027.json"));
    fs::write(&file, year_2027("")).unwrap();
    on(&data, &["demo"]).ok();
    let server = Server::of(&data);
    let query = "{ calendar(year: 2027) { known papers namedDays { date kind } } }";
    assert_eq!(server.ask(query), json!({ "calendar": null }));
    let told = on(&data, &["calendar", "import", file.to_str().unwrap(), "--json"]).ok().json();
    let (status, _, answer) = server.ask_at(told["position"].as_str().unwrap(), query);
    assert_eq!(status, 200);
    let off = ["2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-05-01", "2027-10-01"];
    let named: Vec<_> = off.iter().map(|date| json!({ "date": date, "kind": "HOLIDAY" })).collect();
    assert_eq!(answer["data"]["calendar"], json!({ "known": true, "papers": ["https://www.gov.cn/a"], "namedDays": named }));
    on(&data, &["rebuild", "--check"]).ok();
}

#[test]
fn the_real_years_are_all_accounted_for() {
    let years = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/holidays");
    if !years.is_dir() {
        println!("SKIPPED the real years of the calendar: ../shared/data/holidays is not there");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // All of them ship with the program: they say nothing new, and nothing is written.
    let told = on(folder.path(), &["calendar", "import", years.to_str().unwrap(), "--json"]).ok().json();
    assert_eq!(counts(&told), [22, 0, 20, 1, 1, 0, 0]);
    assert!(contents(folder.path()).is_empty());
}
