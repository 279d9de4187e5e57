//! Entries that a newer list no longer has are taken off the register.

use std::fs;

use super::process::{Ran, on};

const ITEM: &str = "1199010040310893XY3990805001000";
const OTHER: &str = "1199010040310893XY3991005001000";

#[test]
fn what_an_import_proposes_is_repealed_and_proposed_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.csv");
    let data = folder.path().join("data");
    let import = |year: &str, names: &[&str]| {
        let rows: Vec<_> = names.iter().map(|name| format!("{name},行政处罚,《某法》第一条\n")).collect();
        fs::write(&list, format!("事项名称,类型,实施依据\n{}", rows.concat())).unwrap();
        on(&data, &["import", list.to_str().unwrap(), "--publisher", "某市公安局", "--edition", year, "--json"]).ok().json()
    };
    import("2024", &["甲类处罚", "乙类处罚", "丙类处罚"]);
    let proposed = import("2025", &["甲类处罚"]);
    let codes: Vec<_> = proposed["repealProposals"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), 2, "{proposed}");

    let done = on(&data, &["repeal", "item", codes[0], codes[1], "--reason", "法律修订", "--document", "某政发〔2025〕8号", "--json"]).ok();
    for entry in done.json()["entries"].as_array().unwrap() {
        assert_eq!(entry["outcome"], "repealed", "{entry}");
    }
    assert_eq!(import("2025", &["甲类处罚"])["repealProposals"], serde_json::json!([]));
    on(&data, &["show", "item", codes[0]]).failed(&[codes[0]]);
    let history = on(&data, &["history", "item", codes[0], "--json"]).ok().json();
    assert_eq!((&history[1]["kind"], &history[1]["reason"]), (&"repealed".into(), &"法律修订".into()));
    assert_eq!(history[1]["document"], "某政发〔2025〕8号");
    on(&data, &["rebuild", "--check"]).ok();
}

#[test]
fn a_repeal_is_said_once_and_told_where_it_cannot_be() {
    let folder = tempfile::tempdir().unwrap();
    let on = |arguments: &[&str]| -> Ran { on(folder.path(), arguments) };
    on(&["demo"]).ok();
    let events = |code| on(&["history", "item", code, "--json"]).ok().json().as_array().unwrap().len();

    // What cannot be is told, changes nothing, and stops nothing else.
    on(&["repeal", "item", "a/b", ITEM, "--reason", "取消"]).failed(&["code"]);
    on(&["repeal", "item", ITEM, "--reason", "取消", "--replaced-by", "NOBODY"]).failed(&["NOBODY"]);
    on(&["repeal", "item", ITEM, "--reason", "取消", "--replaced-by", ITEM]).failed(&[ITEM]);
    on(&["repeal", "item", ITEM, "--reason", " "]).failed(&["1"]);
    assert_eq!(events(ITEM), 1);
    let ran = on(&["repeal", "item", "NOBODY", ITEM, "--reason", "取消", "--replaced-by", OTHER]).failed(&["1"]);
    assert!(ran.out.contains("NOBODY") && ran.out.contains(&format!("已取消 repealed {ITEM}")), "{ran:?}");
    assert_eq!((events(ITEM), events(OTHER)), (2, 1));

    // The same again is no event; other words are.
    assert!(on(&["repeal", "item", ITEM, "--reason", "取消", "--replaced-by", OTHER]).ok().out.contains("repealed before"));
    let ran = on(&["repeal", "item", ITEM, "--reason", "别的原因", "--json"]);
    assert_eq!((ran.code, &ran.json()["entries"][0]["refusal"]["code"]), (Some(1), &"ALREADY_REPEALED".into()));
    assert_eq!(events(ITEM), 2);

    // Announced, it is shown until its time.
    on(&["repeal", "item", OTHER, "--reason", "并入", "--effective-from", "2035-01-01"]).ok();
    on(&["show", "item", OTHER]).ok();
}

#[test]
fn the_history_of_a_guide_tells_that_it_goes_with_its_item() {
    /// An item of the sample with a guide.
    const ENDS: &str = "1199010040310455XD3990131001001";
    let folder = tempfile::tempdir().unwrap();
    on(folder.path(), &["demo"]).ok();
    on(
        folder.path(),
        &["repeal", "item", ENDS, "--reason", "法律修改", "--document", "某政发〔2026〕3号", "--effective-from", "2035-01-01"],
    )
    .ok();
    let guide = format!("{ENDS}01");
    for more in [&[][..], &["--public"]] {
        let of = |arguments: &[&str]| on(folder.path(), &[arguments, more].concat()).ok();
        let (own, of_item) = (of(&["history", "guide", &guide, "--json"]).json(), of(&["history", "item", ENDS, "--json"]).json());
        let (told, repealed) = (own.as_array().unwrap().last().unwrap(), of_item.as_array().unwrap().last().unwrap());
        assert_eq!((&told["kind"], told["ofItem"].as_str()), (&"repealed".into(), Some(ENDS)), "{own}");
        for field in ["at", "actor", "position", "reason", "document", "effectiveFrom", "replacedBy"] {
            assert_eq!(told[field], repealed[field], "{field}");
        }
        let table = of(&["history", "guide", &guide]).out;
        assert!(table.contains("所属事项") && table.contains("goes with it"), "{table}");
    }
}

#[test]
fn a_line_of_what_is_announced_to_cease_is_no_second_entry_of_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let (list, report) = (folder.path().join("list.csv"), folder.path().join("report.csv"));
    // By its identity where the list gives no codes, and by its code.
    for (data, codes) in [("without", false), ("with", true)] {
        let data = folder.path().join(data);
        let import = |basis: &str, more: &[&str]| {
            let (heading, code) = if codes { ("编码,", "330100001,") } else { ("", "") };
            fs::write(&list, format!("{heading}事项名称,类型,实施依据\n{code}甲类处罚,行政处罚,《某法》{basis}\n")).unwrap();
            let report = report.to_str().unwrap();
            let arguments =
                ["import", list.to_str().unwrap(), "--publisher", "某市公安局", "--edition", "2024", "--json", "--report", report];
            let account = on(&data, &[&arguments[..], more].concat()).ok().json();
            let row = fs::read_to_string(report).unwrap().lines().find(|line| line.contains("甲类处罚")).unwrap().to_owned();
            (account, row)
        };
        let (_, row) = import("第一条", &[]);
        let code = row.split(',').nth(5).unwrap().to_owned();
        on(&data, &["repeal", "item", &code, "--reason", "并入", "--effective-from", "2035-01-01"]).ok();
        let (account, row) = import("第一条", &[]);
        assert_eq!((&account["unchanged"], &account["findings"]["ENTRY_CEASES"]), (&1.into(), &1.into()), "{account}");
        assert!(row.contains(&format!(",unchanged,item,{code},")) && row.contains("2035-01-01 00:00"), "{row}");
        // What says something else takes nothing back of what was decided.
        let (account, row) = import("第二条", &[]);
        assert_eq!((&account["adopted"], &account["rejected"]), (&0.into(), &1.into()), "{account}");
        assert!(
            row.contains(&format!(",rejected,item,{code},")) && row.contains("ENTRY_REPEALED") && row.contains("2035-01-01 00:00"),
            "{row}"
        );
        // In force from its day on, it is another entry, or one of a code that is used no more.
        let (account, row) = import("第一条", &["--effective-from", "2035-01-01"]);
        let outcome = if codes { "rejected" } else { "adopted" };
        assert_eq!(account[outcome], 1, "{account}");
        assert_eq!(row.contains(&code), codes, "{row}");
    }
}
