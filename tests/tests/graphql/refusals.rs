//! Every refusal says what it is about: the part of the input as it was written, and the article or that it is a rule of the register. What the pages
//! list is held against itself here, and every answer that a test of this binary gets is held against what they list.

use std::collections::{BTreeMap, BTreeSet};

use domain::language::{assert_each_in_its_language, assert_told_in_both_languages};
use serde_json::Value;

const PAGES: [&str; 2] = [include_str!("../../../docs/lifecycle.md"), include_str!("../../../docs/deadlines.md")];

const SCHEMA: &str = include_str!("../../../api/schema.graphql");

/// What a refusal says that is about nothing in the input.
const WHO: &str = "who asks";

/// Refusals that are neither about the input nor by an article: how much one person may have on their way is the register's own rule.
const OF_NEITHER: [&str; 1] = ["TOO_MANY_DRAFTS"];

/// Every row of the pages that lists a refusal: its code, its rule, and what it is about.
fn listed() -> Vec<(&'static str, &'static str, &'static str)> {
    let rows = PAGES.into_iter().flat_map(str::lines).filter_map(|line| {
        let cells: Vec<_> = line.strip_prefix("| ")?.split(" | ").map(|cell| cell.trim_end_matches(" |")).collect();
        let code = cells[0].strip_prefix('`')?.strip_suffix('`')?;
        let is_code = code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        let is_rule = |rule: &str| rule == "register" || rule.starts_with("Art. ");
        (is_code && cells.len() >= 3 && is_rule(cells[1])).then(|| (code, cells[1], cells[2]))
    });
    rows.collect()
}

/// The fields of an input of the schema, and of what type they are.
pub fn inputs(input: &str) -> Vec<(&'static str, &'static str)> {
    let body = SCHEMA.split_once(&format!("input {input} {{\n")).unwrap().1.split_once("\n}").unwrap().0;
    let field = |line: &'static str| line.strip_prefix('\t').filter(|line| !line.starts_with(['\t', '"']))?.split_once(": ");
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    body.lines().filter_map(field).filter(|(name, _)| is_name(name)).map(|(name, of)| (name, of.split(' ').next().unwrap())).collect()
}

/// The verbs of the schema, and the type of the input of each.
pub fn verbs() -> BTreeMap<&'static str, &'static str> {
    let body = SCHEMA.split_once("type Mutation {\n").unwrap().1.split_once("\n}").unwrap().0;
    let verbs = body.lines().filter_map(|line| line.strip_prefix('\t')?.strip_suffix('(')).filter(|name| !name.contains(' '));
    let inputs = body.lines().filter_map(|line| line.strip_prefix("\t\tinput: ")?.strip_suffix('!'));
    verbs.zip(inputs).collect()
}

fn fields(input: &str) -> BTreeSet<&'static str> {
    inputs(input).into_iter().map(|(name, _)| name).collect()
}

/// Holds an answer to what the pages say: each refusal in it is listed with its rule, and names a part that there is where it is listed as about one.
pub fn hold(query: &str, answer: &Value) {
    for error in answer["errors"].as_array().into_iter().flatten() {
        assert!(error["extensions"]["code"] != "FORBIDDEN" || error["extensions"]["rule"].is_string(), "{error:#}");
        let (zh, en) = error["message"].as_str().unwrap().split_once(" / ").unwrap_or_else(|| panic!("{error:#}"));
        assert_each_in_its_language(zh, en);
    }
    in_both_languages(&answer["data"]);
    let input = query.split_once("($input: ").and_then(|(_, rest)| rest.split_once('!')).map(|(input, _)| input);
    if let (Some(input), Some(payload)) = (input, answer["data"].get("payload")) {
        refusal(&payload["refusal"], |path| {
            let part = path.strip_prefix("input.").map(|part| part.split(['.', '[']).next().unwrap());
            part.is_some_and(|part| fields(input).contains(part)) || path.starts_with("draft.content") || path == "members"
        });
        for member in payload["members"].as_array().into_iter().flatten() {
            refusal(&member["refusal"], |path| !path.starts_with("input."));
        }
        for defect in payload["defects"].as_array().into_iter().flatten().filter(|defect| defect.get("field").is_some()) {
            let part = defect["field"].as_str().and_then(|path| path.strip_prefix("input.")).unwrap_or_default();
            assert!(fields(input).contains(part.split('[').next().unwrap()), "{defect:#}");
        }
    }
}

/// Each of the words of whatever is refused or found is in its language, where they were asked for: refusals, defects, findings, reasons.
fn in_both_languages(told: &Value) {
    match told {
        Value::Object(fields) => {
            if let (Some(zh), Some(en)) = (told["message"].as_str(), told["messageEn"].as_str()) {
                assert_told_in_both_languages(zh, en);
            }
            for (zh, en) in [("reason", "reasonEn"), ("summary", "summaryEn")] {
                if let (Some(zh), Some(en)) = (told[zh].as_str(), told[en].as_str()) {
                    assert_each_in_its_language(zh, en);
                }
            }
            fields.values().for_each(in_both_languages);
        }
        Value::Array(values) => values.iter().for_each(in_both_languages),
        _ => {}
    }
}

fn refusal(refusal: &Value, is_written: impl Fn(&str) -> bool) {
    let (Some(code), Some(rule), Some(field)) = (refusal["code"].as_str(), refusal["rule"].as_str(), refusal.get("field")) else { return };
    let rows: Vec<_> = listed().into_iter().filter(|(listed, of, _)| *listed == code && *of == rule).collect();
    assert!(!rows.is_empty(), "the pages do not list {refusal:#}");
    match field.as_str() {
        None => assert!(rows.iter().any(|(.., about)| *about == WHO), "{refusal:#}"),
        Some(path) => assert!(is_written(path) && rows.iter().all(|(.., about)| *about != WHO), "{refusal:#}"),
    }
}

#[test]
fn every_refusal_that_is_listed_is_about_a_part_of_the_input_or_stands_on_an_article() {
    let rows = listed();
    let mut codes: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (code, rule, about) in &rows {
        codes.entry(code).or_default().push((*rule, *about));
    }
    assert!(codes.len() > 50, "{codes:#?}");
    let neither: Vec<_> = codes.iter().filter(|(_, rows)| rows.contains(&("register", WHO))).map(|(code, _)| *code).collect();
    assert_eq!(neither, OF_NEITHER);
    // What it is about is a field of some input, or a part of the answer that is told beside it.
    let inputs: BTreeSet<_> = SCHEMA.lines().filter_map(|line| line.strip_prefix("input ")?.strip_suffix(" {")).flat_map(fields).collect();
    for (code, _, about) in rows.into_iter().filter(|(.., about)| *about != WHO) {
        let part = about.split('`').nth(1).unwrap_or_default().split('.').next().unwrap();
        assert!(inputs.contains(part) || part == "members", "{code} is about {about}");
    }
}

/// Words of the schema and of the pages that are in capital letters and name a refusal are listed.
#[test]
fn every_refusal_that_the_pages_name_is_listed() {
    let codes: BTreeSet<_> = listed().into_iter().map(|(code, ..)| code).collect();
    for code in ["`SAME_PERSON`", "`CONTENT_CHANGED`", "`DRAFT_OUTDATED`", "`EFFECTIVE_TOO_LATE`", "`NOT_OF_AGENCY`"] {
        assert!(PAGES[0].contains(code) && codes.contains(code.trim_matches('`')), "{code}");
    }
    // The cells of the table of the lifecycle are refusals too.
    let cells = PAGES[0].lines().filter(|line| line.starts_with("| ")).flat_map(|line| line.split(" | ").skip(1));
    for cell in cells.filter_map(|cell| cell.trim_end_matches(" |").strip_prefix('`')?.strip_suffix('`')) {
        let is_code = cell.len() > 3 && cell.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        assert!(!is_code || codes.contains(cell), "{cell}");
    }
}
