//! Years of the holiday calendar, as files have them.

use std::{fs, path::Path};

use domain::calendar::{Extent, NamedDay, Notice};
use exchange::{HolidayFile, read_holidays, read_holidays_bytes};
use proptest::prelude::*;

const YEAR: &str = r#"{ "$schema": "s", "year": 2027, "papers": ["https://www.gov.cn/a"], "days": [
    { "name": "元旦", "date": "2027-01-01", "isOffDay": true }, { "name": "元旦", "date": "2026-12-27", "isOffDay": false } ] }"#;

fn read(text: &str) -> Result<HolidayFile, &'static str> {
    read_holidays_bytes(Path::new("2027.json"), text.as_bytes()).map_err(|error| {
        assert!(!error.zh.is_empty() && !error.en.is_empty() && !error.skipped);
        error.code
    })
}

#[test]
fn a_year_is_read_with_its_papers_and_days() {
    let day = |date: &str, off| NamedDay { date: date.parse().unwrap(), name: "元旦".into(), off };
    let days = vec![day("2027-01-01", true), day("2026-12-27", false)];
    let papers = vec!["https://www.gov.cn/a".into()];
    let notice = Notice { year: 2027, extent: Extent::Year, document: None, papers, published: None, days };
    assert_eq!(read(YEAR), Ok(HolidayFile::Year(notice.clone())));
    assert_eq!(read(&format!("\u{feff}{YEAR}")), Ok(HolidayFile::Year(notice)));
}

#[test]
fn a_year_of_which_nothing_was_announced_says_so() {
    assert_eq!(read(r#"{ "year": 2028, "papers": [], "days": [] }"#), Ok(HolidayFile::NotAnnounced(2028)));
}

#[test]
fn a_wrong_file_is_told_with_the_place_in_it() {
    for (text, code) in [
        ("", "NOT_A_CALENDAR"),
        ("MIT License", "NOT_A_CALENDAR"),
        ("[]", "NOT_A_CALENDAR"),
        (r#"{ "title": "schema" }"#, "NOT_A_CALENDAR"),
        (&YEAR[..80], "FILE_DAMAGED"),
        (&YEAR.replace("2027,", "\"2027\","), "CALENDAR_FIELD"),
        (&YEAR.replace("2027,", "20270000000,"), "CALENDAR_FIELD"),
        (&YEAR.replace("\"papers\"", "\"paper\""), "CALENDAR_FIELD"),
        (&YEAR.replace("\"https://www.gov.cn/a\"", "7"), "CALENDAR_FIELD"),
        (&YEAR.replace("2026-12-27", "2026-02-29"), "CALENDAR_FIELD"),
        (&YEAR.replace("false", "\"no\""), "CALENDAR_FIELD"),
        (&YEAR.replacen("\"元旦\"", "null", 1), "CALENDAR_FIELD"),
    ] {
        assert_eq!(read(text), Err(code), "{text}");
    }
    let error = read_holidays_bytes(Path::new("x.json"), YEAR.replace("false", "0").as_bytes()).unwrap_err();
    assert!(error.zh.contains("days[1].isOffDay") && error.en.contains("days[1].isOffDay"), "{error}");
}

#[test]
fn every_file_of_a_folder_has_an_answer_and_what_is_no_calendar_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("2027.json", YEAR);
    write("LICENSE", "MIT");
    write("bad.json", "{");
    fs::create_dir(folder.path().join("more")).unwrap();
    write("more/2028.json", r#"{ "year": 2028, "papers": [], "days": [] }"#);
    let missing = folder.path().join("missing.json");
    let license = folder.path().join("LICENSE");
    let answers = read_holidays(&[folder.path().to_owned(), missing, license]);
    let told: Vec<_> = answers
        .iter()
        .map(|(path, answer)| {
            let name = path.file_name().unwrap().to_str().unwrap();
            (name, answer.as_ref().map_or_else(|error| (error.code, error.skipped), |_| ("read", false)))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("missing.json", ("PATH_NOT_FOUND", false)),
            ("2027.json", ("read", false)),
            ("LICENSE", ("NOT_A_CALENDAR", true)),
            ("bad.json", ("FILE_DAMAGED", false)),
            ("2028.json", ("read", false)),
            ("LICENSE", ("NOT_A_CALENDAR", false)),
        ]
    );
}

#[test]
fn the_real_years_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/holidays");
    if !folder.is_dir() {
        println!("SKIPPED the real years of the calendar: ../shared/data/holidays is not there");
        return;
    }
    let (mut years, mut open) = (Vec::new(), Vec::new());
    for (path, answer) in read_holidays(&[folder]) {
        match answer {
            Ok(HolidayFile::Year(notice)) => years.push(notice.year),
            Ok(HolidayFile::NotAnnounced(year)) => open.push(year),
            Err(error) => assert!(error.skipped, "{}: {error}", path.display()),
        }
    }
    assert_eq!((years, open), ((2007..=2026).collect(), vec![2027]));
}

proptest! {
    #[test]
    fn whatever_the_bytes_are_there_is_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0..YEAR.len(), byte in any::<u8>()) {
        let _ = read_holidays_bytes(Path::new("x"), &bytes);
        let mut near = YEAR.as_bytes().to_vec();
        near[at] = byte;
        let _ = read_holidays_bytes(Path::new("x"), &near);
    }
}
