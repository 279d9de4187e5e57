//! The two real sets, row by row, against an independent count. They are no part of the repository; where they are absent the
//! tests say SKIPPED.
#![expect(clippy::print_stdout, reason = "a skipped test says so, and the figures of a run are worth reading")]
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

use std::{collections::BTreeMap, path::PathBuf, time::Instant};

use domain::{register::Register, value::ItemType};
use exchange::{FileError, ProposedContent, ReadOptions, Reading, RowOutcome, read_paths};

fn set(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")).join(name);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: {} is absent", path.display());
    None
}

fn read(path: PathBuf) -> (Vec<Reading>, Vec<FileError>) {
    let begun = Instant::now();
    let answers = read_paths(&[path], &ReadOptions::default(), &());
    let took = begun.elapsed();
    let (mut readings, mut errors) = (Vec::new(), Vec::new());
    for answer in answers {
        match answer {
            Ok(found) => readings.extend(found),
            Err(error) => errors.push(error),
        }
    }
    let rows: usize = readings.iter().map(|r| r.rows.len()).sum();
    println!("{rows} rows in {took:?}: {} rows a second", rows as u128 * 1_000 / took.as_millis().max(1));
    (readings, errors)
}

/// How often each code comes up among the findings of rows.
fn row_findings(readings: &[Reading]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for finding in readings.iter().flat_map(|r| &r.rows).flat_map(|row| &row.findings) {
        *counts.entry(finding.code.as_str()).or_default() += 1;
    }
    counts
}

fn along(readings: &[Reading], register: Register) -> usize {
    readings.iter().flat_map(|r| &r.along).filter(|p| p.content.register() == register).count()
}

type Counts = BTreeMap<(String, String, String), usize>;

/// The independent count, with the two differences that docs/import.md explains: rows without a type are counted with the type
/// that the name of their sheet gives, and the footnote is no row of any type.
fn counted(folder: &std::path::Path) -> Counts {
    let mut counts = Counts::new();
    for record in csv::Reader::from_path(folder.join("COUNTS.csv")).unwrap().into_records() {
        let record = record.unwrap();
        let (book, sheet, written) = (record[0].to_owned(), record[1].to_owned(), &record[2]);
        let rows: usize = record[3].parse().unwrap();
        let kind = ItemType::from_name(if written.is_empty() { &sheet } else { written });
        let kind = kind.map_or_else(|| "FOOTNOTE".to_owned(), |kind| kind.zh().to_owned());
        *counts.entry((book, sheet, kind)).or_default() += rows;
    }
    counts
}

#[test]
fn every_row_of_the_power_lists_is_accounted_for() {
    let Some(path) = set("karamay-power-lists") else { return };
    let (readings, errors) = read(path.clone());
    let mut got = Counts::new();
    for row in readings.iter().flat_map(|r| &r.rows) {
        let kind = match &row.outcome {
            RowOutcome::Proposed(proposal) => match &proposal.content {
                ProposedContent::Item(item) => item.item_type.zh().to_owned(),
                other => panic!("{other:?}"),
            },
            RowOutcome::Rejected(why) | RowOutcome::Ignored(why) => why.code.to_owned(),
        };
        *got.entry((row.place.file.clone(), row.place.sheet.clone().unwrap(), kind)).or_default() += 1;
    }
    assert_eq!(got, counted(&path));
    assert_eq!(got.values().sum::<usize>(), 2_176);

    // The count itself lies beside the books and is no list.
    assert_eq!(errors.iter().map(|e| (e.code, e.skipped)).collect::<Vec<_>>(), [("NO_HEADER", true)]);
    println!("{:?}", row_findings(&readings));
    assert_eq!(row_findings(&readings)["TYPE_DERIVED"], 4);
    // 县市区农业农村局 in one row names no body.
    assert_eq!(row_findings(&readings)["AGENCY_GENERIC"], 1);
    assert_eq!(along(&readings, Register::Agency), 19);
}

#[test]
fn what_the_power_lists_say_of_themselves_is_found() {
    let Some(path) = set("karamay-power-lists") else { return };
    let (readings, _) = read(path);
    let publishers: std::collections::BTreeSet<_> = readings.iter().filter_map(|r| r.info.publisher.as_deref()).collect();
    assert_eq!(publishers.len(), 17);
    assert!(publishers.iter().all(|name| name.starts_with("克拉玛依市") || *name == "市农业农村局"), "{publishers:?}");
    let editions: Vec<_> = readings.iter().map(|r| r.info.edition.as_deref()).collect();
    assert!(editions.is_sorted(), "older editions come first");
    let differing = readings.iter().filter(|r| r.findings.iter().any(|f| f.code == "COUNT_DIFFERS"));
    let differing: Vec<_> = differing.filter_map(|r| r.info.sheet.as_deref()).collect();
    assert_eq!(differing, ["行政许可（3项）", "行政许可（11项）", "行政征收（ 1 项）"]);
}

#[test]
fn reading_again_gives_the_same_codes_and_contents() {
    let Some(path) = set("karamay-power-lists") else { return };
    let told = |readings: &[Reading]| -> Vec<String> { readings.iter().map(|r| format!("{r:?}")).collect() };
    assert_eq!(told(&read(path.clone()).0), told(&read(path).0));
}

#[test]
fn every_line_of_the_portal_export_is_a_guide_with_what_it_refers_to() {
    let Some(path) = set("guangdong-items/policy.ndjson") else { return };
    let (readings, errors) = read(path);
    assert_eq!(errors, []);
    let [reading] = &readings[..] else { panic!("one export, one reading") };
    assert_eq!(reading.rows.len(), 2_011);
    assert_eq!(reading.info.key, "portal:440000");
    for row in &reading.rows {
        let RowOutcome::Proposed(proposal) = &row.outcome else { panic!("{row:?}") };
        assert_eq!(proposal.content.register(), Register::Guide);
    }
    assert_eq!(along(&readings, Register::Agency), 174);
    // 1,798 items, and 268 that the catalogue shows above them.
    assert_eq!(along(&readings, Register::Item), 1_798 + 268);
    assert_eq!(along(&readings, Register::Material), 1_341);
    println!("{:?}", row_findings(&readings));
    assert!(reading.findings.iter().all(|f| f.code == "EDITION_UNKNOWN"), "{:?}", reading.findings);
}

/// Copies of real books with bytes changed in many places, or cut off: an answer each time, whatever it is.
#[test]
fn damaged_copies_of_real_books_are_read_or_refused() {
    const ROUNDS: u32 = 12;
    let Some(path) = set("karamay-power-lists") else { return };
    let mut seed = 1_u64;
    let mut next = move |bound: usize| {
        // A fixed sequence: the same copies in every run.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % bound
    };
    let (mut read, mut refused) = (0, 0);
    for name in ["克拉玛依市科学技术局2024年权责清单.xls", "克拉玛依市医疗保障局2024年权责清单.xls", "2025年克拉玛依市统计局权责清单.xlsx"]
    {
        let file = path.join(name);
        let whole = std::fs::read(&file).unwrap();
        for round in 0..ROUNDS {
            let mut bytes = whole.clone();
            for _ in 0..=next(40) {
                let at = next(bytes.len());
                bytes[at] = u8::try_from(next(256)).unwrap();
            }
            if round % 4 == 0 {
                bytes.truncate(next(whole.len()));
            }
            match exchange::read_bytes(&file, &bytes, &ReadOptions::default(), &()) {
                Ok(_) => read += 1,
                Err(_) => refused += 1,
            }
        }
    }
    println!("{read} read, {refused} refused");
}
