//! Years of the holiday calendar in the form of the holiday-cn data: one JSON object a year, with `year`, `papers` and `days`, each day with `name`,
//! `date` and `isOffDay`. What several papers said of a year is one object there.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use domain::calendar::{Extent, NamedDay, Notice};
use serde_json::{Map, Value};

use crate::{
    error::{FileError, damaged_json, why},
    read::{bytes_of, files_of},
    reading::Why,
};

/// What a file of a year says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolidayFile {
    /// All that was announced of a year.
    Year(Notice),
    /// The year is there and nothing was announced of it: neither a paper nor a day.
    NotAnnounced(i32),
}

/// Reads files, and the files of folders and of the folders within them. Each file has one answer, in the order of the paths, those of a folder by
/// name; what lies in a folder and is no year of a calendar is passed over.
pub fn read_holidays(paths: &[PathBuf]) -> Vec<(PathBuf, Result<HolidayFile, FileError>)> {
    let (files, failed) = files_of(paths);
    let failed = failed.into_iter().map(|error| (error.path.clone(), Err(error)));
    let read = files.into_iter().map(|(path, named)| {
        let read = bytes_of(&path).and_then(|bytes| read_holidays_bytes(&path, &bytes));
        let read = if named { read } else { read.map_err(FileError::found_in_folder) };
        (path, read)
    });
    failed.chain(read).collect()
}

/// Reads a year that is in memory already; the path gives its name and nothing else.
pub fn read_holidays_bytes(path: &Path, bytes: &[u8]) -> Result<HolidayFile, FileError> {
    read(bytes).map_err(|why| FileError::new(path, why))
}

fn read(bytes: &[u8]) -> Result<HolidayFile, Why> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(no_calendar());
    }
    let Value::Object(fields) = serde_json::from_slice(bytes).map_err(|error| damaged_json(&error))? else { return Err(no_calendar()) };
    if !fields.contains_key("year") && !fields.contains_key("days") {
        return Err(no_calendar());
    }
    let year = fields.get("year").and_then(Value::as_i64).and_then(|year| i32::try_from(year).ok());
    let year = year.ok_or_else(|| wrong("year", "年份（整数）", "the year, a whole number"))?;
    let papers = list(&fields, "papers")?.iter().enumerate().map(|(n, paper)| {
        paper
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| wrong(&format!("papers[{n}]"), "文件的网址（文本）", "the address of a paper, a text"))
    });
    let papers = papers.collect::<Result<Vec<_>, _>>()?;
    let days = list(&fields, "days")?.iter().enumerate().map(|(n, written)| day(n, written)).collect::<Result<Vec<_>, _>>()?;
    if papers.is_empty() && days.is_empty() {
        return Ok(HolidayFile::NotAnnounced(year));
    }
    // The papers are named, and not when they were published: many addresses bear the day on which they were moved.
    Ok(HolidayFile::Year(Notice { year, extent: Extent::Year, document: None, papers, published: None, days }))
}

fn list<'f>(fields: &'f Map<String, Value>, name: &str) -> Result<&'f Vec<Value>, Why> {
    fields.get(name).and_then(Value::as_array).ok_or_else(|| wrong(name, "列表", "a list"))
}

fn day(n: usize, written: &Value) -> Result<NamedDay, Why> {
    let place = |name: &str| format!("days[{n}].{name}");
    let date = written.get("date").and_then(Value::as_str).and_then(|date| date.parse::<NaiveDate>().ok());
    let date = date.ok_or_else(|| wrong(&place("date"), "日期（如2026-10-01）", "a date such as 2026-10-01"))?;
    let name = written.get("name").and_then(Value::as_str);
    let name = name.ok_or_else(|| wrong(&place("name"), "节日名称（文本）", "the name of the holiday, a text"))?.to_owned();
    let off = written.get("isOffDay").and_then(Value::as_bool);
    let off = off.ok_or_else(|| wrong(&place("isOffDay"), "true（放假）或false（上班）", "true (off) or false (worked)"))?;
    Ok(NamedDay { date, name, off })
}

fn no_calendar() -> Why {
    why(
        "NOT_A_CALENDAR",
        "不是节假日数据（应为含year、papers、days的JSON对象）；请用holiday-cn格式的年度文件",
        "no holiday data (a JSON object with year, papers and days is expected): take the file of a year in the form of holiday-cn",
    )
}

fn wrong(place: &str, zh: &str, en: &str) -> Why {
    why("CALENDAR_FIELD", format!("{place}应为{zh}，未读取；请改正后再导入"), format!("{place} is to be {en}; mend it and import again"))
}
