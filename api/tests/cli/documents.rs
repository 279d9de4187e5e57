//! The commands that the documents show, run word for word.

use std::{fs, path::Path};

use projections::contract::server::installed;
use serde_json::Value;

use super::{
    from_draft::followed,
    process::{Ran, on},
};

/// All commands of a page, in their order; how many blocks they stand in.
fn commands(page: &str) -> (String, usize) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page)).unwrap();
    let blocks: Vec<_> = text.split("```sh\n").skip(1).map(|block| block.split("\n```").next().unwrap()).collect();
    // What is fenced otherwise is no command.
    for fence in text.split("```").skip(1).step_by(2) {
        assert!(fence.starts_with("sh\n"), "{page}: a block that nobody runs: {fence}");
    }
    (blocks.join("\n"), blocks.len())
}

/// The answers of the server, each without errors.
fn answers(ran: &Ran) -> Vec<Value> {
    let answers: Vec<Value> = ran.out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(answers.iter().all(|answer| answer.get("errors").is_none()), "{ran:?}");
    answers
}

/// The status of a mutation.
fn status<'a>(answers: &'a [Value], mutation: &str) -> &'a str {
    let told = answers.iter().find_map(|answer| answer["data"].get(mutation));
    told.and_then(|told| told["status"].as_str()).unwrap_or_else(|| panic!("{mutation} in {answers:?}"))
}

fn skipped() -> bool {
    let skipped = !installed("curl");
    if skipped {
        println!("SKIPPED the commands of documents: curl is absent and cannot be installed");
    }
    skipped
}

#[test]
fn the_commands_about_reforms_do_what_the_document_says() {
    if skipped() {
        return;
    }
    let (commands, blocks) = commands("reform.md");
    assert_eq!(blocks, 2);
    let (folder, ran) = followed(&commands);
    let answers = answers(&ran);
    assert_eq!(status(&answers, "reform"), "APPLIED", "a dry run tells what would become of it: {ran:?}");
    let data = folder.path().join("data");
    let item = on(&data, &["history", "item", "1199010040310236XL3990714001000", "--json"]).ok().json();
    let last = item.as_array().unwrap().last().unwrap();
    assert_eq!((&last["kind"], &last["document"]), (&"transferred".into(), &"临政发〔2026〕9号".into()), "{item}");
    assert!(ran.out.contains("1199010040310236XL → 1199010040310121XJ"), "the history tells the move: {}", ran.out);
    let renamed = on(&data, &["history", "agency", "1199010040310455XD", "--json"]).ok().json();
    assert!(renamed.as_array().unwrap().iter().all(|event| event["kind"] != "transferred"), "a dry run writes nothing: {renamed}");
    on(&data, &["rebuild", "--check"]).ok();
}

/// The commands of a section of README.
fn section(heading: &str) -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let section = readme.split(&format!("## {heading}\n")).nth(1).unwrap();
    section.split("```sh\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

#[test]
fn the_commands_for_auditors_do_what_readme_and_their_page_say() {
    if !installed("python3") {
        println!("SKIPPED the commands for auditors: python3 is absent and cannot be installed");
        return;
    }
    let (of_page, blocks) = commands("audit.md");
    assert_eq!(blocks, 4);
    for (commands, verified) in [(section("For auditors"), 1), (of_page, 1)] {
        let (_folder, ran) = followed(&commands);
        assert_eq!(ran.out.matches("相符 OK").count(), verified, "{ran:?}");
        assert!(ran.out.contains("根哈希 root sha256:") && ran.out.contains("其中到期生效 of them taking effect"), "{ran:?}");
        assert!(ran.out.contains("压缩包 ZIP sha256:"), "{ran:?}");
    }
}

#[test]
fn the_commands_about_change_sets_do_what_the_document_says() {
    if skipped() {
        return;
    }
    let (commands, blocks) = commands("changesets.md");
    assert_eq!(blocks, 5);
    let (folder, ran) = followed(&commands);
    let answers = answers(&ran);
    for (mutation, told) in [("reviewChangeSet", "APPLIED"), ("approveChangeSet", "APPLIED"), ("proposeWithoutMaterial", "UNCHANGED")] {
        assert_eq!(status(&answers, mutation), told, "{mutation}: {ran:?}");
    }
    let sets = answers.iter().find_map(|answer| answer["data"].get("changeSets")).unwrap();
    let set = &sets["nodes"][0];
    assert_eq!([&set["newCount"], &set["changedCount"], &set["goneCount"]], [1, 1, 1], "{sets}");
    let members = answers.iter().find_map(|answer| answer["data"].get("changeSet")).unwrap();
    let changes = members["members"]["nodes"][0]["changes"].to_string();
    assert!(changes.contains("第四条") && changes.contains("第五条"), "{members}");
    on(&folder.path().join("data"), &["rebuild", "--check"]).ok();
}
