//! What the checks find in a register, for whoever keeps it.

use std::fs;

use super::process::{Ran, on};

#[test]
fn of_a_sound_register_only_what_is_announced_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let on = |arguments: &[&str]| -> Ran { on(folder.path(), arguments) };
    on(&["demo"]).ok();
    let all = on(&["check", "--strict", "--json"]).ok().json();
    assert!(all["checked"].as_u64().unwrap() > 200, "{all}");
    // Two guides ask for a proof of which the abolition is announced, and are told its day; nothing else is to be said, and that stops nothing.
    let found: Vec<_> =
        all["checks"].as_array().unwrap().iter().map(|check| (&check["code"], &check["severity"], &check["entries"])).collect();
    assert_eq!(found, [(&"MATERIAL_ABOLISHED_LATER".into(), &"WARNING".into(), &2.into())], "{all}");
    // A guide whose item was repealed leads nobody anywhere.
    let guide = "1199010040310236XL399071400100001";
    let item = &guide[..31];
    on(&["repeal", "item", item, "--reason", "取消"]).ok();
    let found = on(&["check", "guide", "--json"]).ok().json();
    let of_guide = found["entries"].as_array().unwrap().iter().find(|entry| entry["code"] == guide).unwrap();
    assert_eq!(of_guide["findings"][0]["code"], "ITEM_NOT_IN_FORCE", "{of_guide}");
    assert_eq!(of_guide["findings"][0]["path"], "item");
    on(&["check", "guide", "--strict"]).failed(&["1"]);
}

#[test]
fn findings_are_counted_by_check_and_written_with_their_fields() {
    let folder = tempfile::tempdir().unwrap();
    let (data, list) = (folder.path().join("data"), folder.path().join("guides.csv"));
    fs::write(&list, "事项名称,事项类型,实施主体,受理条件,办理地点,办理时间,咨询电话,投诉电话,申请材料\n甲证核发,行政许可,某市公安局,年满十八岁,某路1号,,110,110,身份证\n").unwrap();
    on(&data, &["import", list.to_str().unwrap(), "--publisher", "某市公安局"]).ok();
    let report = folder.path().join("findings.csv");
    let told = on(&data, &["check", "--report", report.to_str().unwrap()]).ok().out;
    for code in ["CONTACTS_SAME", "HOURS_MISSING", "RESULT_INCOMPLETE", "PLACE_INEXACT"] {
        assert!(told.contains(code), "{code}: {told}");
    }
    let rows: Vec<csv::StringRecord> = csv::Reader::from_path(&report).unwrap().records().map(Result::unwrap).collect();
    let row = rows.iter().find(|row| &row[6] == "CONTACTS_SAME").unwrap();
    assert_eq!((&row[2], &row[7]), ("甲证核发", "complain"));
    let json = on(&data, &["check", "--json"]).ok().json();
    assert_eq!(json["entries"].as_array().unwrap().iter().map(|e| e["findings"].as_array().unwrap().len()).sum::<usize>(), rows.len());
    // Of another agency there is nothing.
    assert_eq!(on(&data, &["check", "--agency", "X1", "--json"]).ok().json()["checked"], 0);
    on(&data, &["check", "--report", "findings.doc"]).failed(&["findings.doc"]);
}

#[test]
fn what_ceased_beside_a_line_is_told_by_check_until_its_list_brings_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let (data, rows) = (folder.path().join("data"), folder.path().join("report.csv"));
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let guides = write(
        "guides.csv",
        "事项名称,事项类型,实施主体,受理条件,办理地点,咨询电话,投诉电话,申请材料\n甲证核发,行政许可,某市公安局,年满十八岁,某路1号,110,12389,身份证\n",
    );
    let items = write("items.csv", "职权名称,职权类别,实施机关,法律依据\n取水许可,行政许可,某市水务局,《水法》第七条\n");
    let import = |list: &std::path::Path, publisher: &str| {
        let report = rows.to_str().unwrap();
        on(&data, &["import", list.to_str().unwrap(), "--publisher", publisher, "--report", report, "--json"]).ok();
        fs::read_to_string(&rows).unwrap()
    };
    let of = |register: &str, report: &str| {
        let rows: Vec<_> = csv::Reader::from_reader(report.as_bytes()).records().map(Result::unwrap).collect();
        rows.into_iter().find(|row| &row[4] == register).unwrap()[5].to_owned()
    };
    let found = |register: &str| on(&data, &["check", register, "--json"]).ok().json().to_string();
    // A material that is asked for by its code.
    let report = import(&guides, "某市公安局");
    assert!(!report.contains("MATERIAL_UNKNOWN") && !found("guide").contains("MATERIAL_UNKNOWN"), "{report}");
    let guide = on(&data, &["show", "guide", &of("guide", &report), "--json"]).ok().json();
    let material = guide["content"]["materials"][0]["material"].as_str().unwrap();
    on(&data, &["repeal", "material", material, "--reason", "清理"]).ok();
    assert!(found("guide").contains("MATERIAL_UNKNOWN"));
    // The list brings it again, under a code of its own: a code is never given twice, and nothing is unknown any more.
    let report = import(&guides, "某市公安局");
    assert!(!report.contains("MATERIAL_UNKNOWN") && !found("guide").contains("MATERIAL_UNKNOWN"), "{report}");
    let again = on(&data, &["show", "guide", &of("guide", &report), "--json"]).ok().json();
    assert_ne!(again["content"]["materials"][0]["material"], material);
    // The agency of an item, of a list that holds nothing else.
    let report = import(&items, "某市水务局");
    assert!(!report.contains("AGENCY_") && !found("item").contains("AGENCY_"), "{report}");
    let item = on(&data, &["show", "item", &of("item", &report), "--json"]).ok().json();
    on(&data, &["repeal", "agency", item["content"]["agency"].as_str().unwrap(), "--reason", "撤销"]).ok();
    assert!(found("item").contains("AGENCY_ABOLISHED"));
    let report = import(&items, "某市水务局");
    assert!(!report.contains("AGENCY_") && !found("item").contains("AGENCY_"), "{report}");
}
