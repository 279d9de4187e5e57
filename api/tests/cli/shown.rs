//! Entries on the command line: as a channel shows them, and with their history.

use super::process::{Ran, on};

const GUIDE: &str = "11990100403117844D399017200100001";
const REPEALED: &str = "11990100403105691P3990123004000";

#[test]
fn entries_are_shown_and_told_for_people_and_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    let on = |arguments: &[&str]| -> Ran { on(folder.path(), arguments) };
    on(&["demo"]).ok();

    let online = on(&["show", "guide", GUIDE, "--json"]).ok().json();
    let counter = on(&["show", "guide", GUIDE, "--json", "--channel", "counter"]).ok().json();
    assert_eq!(online["revision"], counter["revision"], "the same revision under the same hash");
    let notes = counter["content"]["clerkNotes"].as_str().unwrap();
    assert!(online["content"].get("clerkNotes").is_none());
    let people = on(&["show", "guide", GUIDE]).ok().out;
    assert!(people.contains("办理流程") && people.contains(online["content"]["name"].as_str().unwrap()), "{people}");
    assert!(!people.contains(notes));
    assert!(on(&["show", "guide", GUIDE, "--channel", "counter"]).ok().out.contains(notes));
    for (register, code) in [("agency", "1199010040310236XL"), ("item", &GUIDE[..31]), ("material", "LLCL-003")] {
        let shown = on(&["show", register, code, "--json"]).ok().json();
        assert_eq!((&shown["register"], &shown["code"]), (&register.to_uppercase().into(), &code.into()));
    }

    on(&["show", "item", REPEALED]).failed(&["tongyuan history item", REPEALED]);
    let history = on(&["history", "item", REPEALED, "--json"]).ok().json();
    assert_eq!(history.as_array().unwrap().len(), 2);
    assert_eq!(history[1]["kind"], "repealed");
    assert!(on(&["history", "item", REPEALED]).ok().out.contains("demo"));
    on(&["history", "item", "NOBODY"]).failed(&["NOBODY"]);
    on(&["show", "item", "不是编码"]).failed(&["code"]);
    on(&["history", "item", "a/b"]).failed(&["code"]);

    let check = on(&["rebuild", "--check", "--json"]).ok().json();
    assert_eq!((&check["equal"], &check["differences"]), (&true.into(), &serde_json::json!([])));
    assert!(check["documents"].as_u64() > Some(400), "{check}");
    assert!(on(&["rebuild", "--check"]).ok().out.contains("equal"));
}
