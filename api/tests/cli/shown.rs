//! Entries on the command line: as a channel shows them, and with their history.

use super::process::{Ran, on};

const GUIDE: &str = "11990100403117844D399017200100001";
/// A guide with revisions.
const CHANGED: &str = "1199010040310455XD399013100100101";
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

    assert_people_s_words(&on);

    on(&["show", "item", REPEALED]).failed(&["tongyuan history item", REPEALED]);
    // The register is found by the code, of what is not shown any more too.
    for (register, code) in [("guide", GUIDE), ("item", &GUIDE[..31]), ("agency", "1199010040310236XL"), ("material", "LLCL-003")] {
        assert_eq!(on(&["show", code, "--json"]).ok().json(), on(&["show", register, code, "--json"]).ok().json());
    }
    on(&["show", REPEALED]).failed(&["tongyuan history item", REPEALED]);
    on(&["show", "NOBODY"]).failed(&["NOBODY", "there is no entry", "没有编码"]);
    on(&["show", "不是编码"]).failed(&["code"]);
    let history = on(&["history", "item", REPEALED, "--json"]).ok().json();
    assert_eq!(history.as_array().unwrap().len(), 2);
    assert_eq!(history[1]["kind"], "repealed");
    assert!(on(&["history", "item", REPEALED]).ok().out.contains("demo"));
    on(&["history", "item", "NOBODY"]).failed(&["NOBODY"]);
    // The register is named only where several have the code.
    assert_eq!(on(&["history", REPEALED, "--json"]).ok().json(), history);
    assert_eq!(
        on(&["history", REPEALED, "--public", "--json"]).ok().json(),
        on(&["history", "item", REPEALED, "--public", "--json"]).ok().json()
    );
    on(&["history", "NOBODY"]).failed(&["NOBODY", "there is no entry"]);
    on(&["show", "item", "不是编码"]).failed(&["code"]);
    on(&["history", "item", "a/b"]).failed(&["code"]);

    let check = on(&["rebuild", "--check", "--json"]).ok().json();
    assert_eq!((&check["equal"], &check["differences"]), (&true.into(), &serde_json::json!([])));
    assert!(check["documents"].as_u64() > Some(400), "{check}");
    assert!(on(&["rebuild", "--check"]).ok().out.contains("equal"));
}

/// What is printed for people: no codes of lists, no codes without names, no times without their zone.
fn assert_people_s_words(on: &dyn Fn(&[&str]) -> Ran) {
    let item = on(&["show", "item", &GUIDE[..31]]).ok().out;
    for words in ["事项类型：行政许可", "行使层级：市级", "实施主体：11990100403117844D 临澜市城市管理局", "权力来源：法定本级行使"]
    {
        assert!(item.contains(words), "{words} in {item}");
    }
    assert!(item.contains(&format!("办事指南：\n    1. {GUIDE} 挖掘城市道路审批")), "{item}");
    assert!(item.contains(" 00:00 北京时间起"), "{item}");
    let guide = on(&["show", "guide", GUIDE]).ok().out;
    let of_item = format!("事项：{} 占用、挖掘城市道路审批", &GUIDE[..31]);
    for words in
        [&of_item, "法定办结时限：20个工作日", "材料必要性：必要", "目录材料：LLCL-012 建设工程规划许可证", "1. gx 管线、地铁等工程"]
    {
        assert!(guide.contains(words), "{words} in {guide}");
    }
    let history = on(&["history", "guide", CHANGED]).ok().out;
    for words in ["北京时间", "通办范围: 全市 → 全省"] {
        assert!(history.contains(words), "{words} in {history}");
    }
    for told in [&item, &guide, &history] {
        let code = |word: &&str| word.len() > 3 && *word != "LLCL" && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        assert_eq!(told.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(code), None, "{told}");
        assert!(!told.contains("UTC") && !told.contains("00Z") && !told.contains("{\""), "{told}");
    }
    // Programs are told as before.
    let json = on(&["show", "guide", GUIDE, "--json"]).ok().json();
    assert_eq!(json["content"]["statutoryLimit"], serde_json::json!({ "amount": 20, "unit": "WORKING_DAY" }));
    assert!(json["revision"]["effectiveFrom"].as_str().unwrap().ends_with('Z'), "{json}");
}
