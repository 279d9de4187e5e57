//! Tables go out: CSV for programs, XLSX for people. A file is there whole or not at all.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// A table with a header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of the sheet, at most 31 characters.
    pub name: String,
    /// Headings.
    pub header: Vec<String>,
    /// Rows, each as long as the header.
    pub rows: Vec<Vec<String>>,
}

/// Why a table cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The ending of the file says neither.
    #[error("{0}：报告的文件名应以 .csv 或 .xlsx 结尾 / a report ends in .csv or .xlsx")]
    Ending(PathBuf),
    /// The file cannot be written.
    #[error("{path} 不能写入；请核对路径与权限 / {path} cannot be written: check the path and its mode")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The workbook cannot be made.
    #[error("工作簿 {path} 不能生成；可改用 .csv / workbook {path} cannot be made: a .csv may do")]
    Workbook {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<XlsxError>,
    },
}

/// Most characters of a cell of a workbook.
pub(crate) const CELL_MAX: usize = 32_767;

/// Whether [`write()`] will be able to write a file: its ending is known, and its folder takes it. Asked before long work begins.
pub fn check_writable(path: &Path) -> Result<(), TableError> {
    ending(path)?;
    let failed = |source| TableError::Write { path: path.to_owned(), source };
    fs::File::create(beside(path)).map_err(failed)?;
    fs::remove_file(beside(path)).map_err(failed)
}

/// Writes tables by the ending of the file: `.csv` the first one, `.xlsx` each as a sheet.
pub fn write(path: &Path, tables: &[Table]) -> Result<(), TableError> {
    let bytes = if ending(path)? == "csv" {
        csv(tables.first()).map_err(|source| TableError::Write { path: path.to_owned(), source })?
    } else {
        xlsx(tables).map_err(|source| TableError::Workbook { path: path.to_owned(), source: Box::new(source) })?
    };
    put(path, &bytes).map_err(|source| TableError::Write { path: path.to_owned(), source })
}

pub(crate) fn ending(path: &Path) -> Result<String, TableError> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if matches!(ending.as_str(), "csv" | "xlsx") { Ok(ending) } else { Err(TableError::Ending(path.to_owned())) }
}

/// Beside the file first and then in its place, so that nobody ever finds half of it.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    put_by(path, |file| file.write_all(bytes))
}

fn put_by(path: &Path, write: impl FnOnce(&mut fs::File) -> std::io::Result<()>) -> std::io::Result<()> {
    let part = beside(path);
    let mut file = fs::File::create(&part)?;
    let written = write(&mut file).and_then(|()| file.sync_all());
    drop(file);
    written.and_then(|()| fs::rename(&part, path)).inspect_err(|_| {
        // What cannot be written whole, or put into its place, is not left beside it either.
        let _ = fs::remove_file(&part);
    })
}

fn beside(path: &Path) -> PathBuf {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    PathBuf::from(part)
}

/// With a byte order mark: spreadsheet programs take the file for a local encoding without it.
fn csv(table: Option<&Table>) -> std::io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    for row in table.iter().flat_map(|table| std::iter::once(&table.header).chain(&table.rows)) {
        writer.write_record(row.iter().map(|cell| disarmed(cell)))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// A cell that a spreadsheet program would take for a formula begins with an apostrophe: what is in it was written by others.
pub(crate) fn disarmed(cell: &str) -> String {
    if is_armed(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell as it was before it was disarmed.
pub(crate) fn rearmed(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_armed(rest)).unwrap_or(cell)
}

/// Whether it begins like a formula, or like one that was disarmed already: so that the way back is one.
fn is_armed(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn xlsx(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(&table.name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, heading) in (0..).zip(&table.header) {
            sheet.write_string_with_format(0, column, heading, &bold)?;
        }
        for (row, cells) in (1..).zip(&table.rows) {
            for (column, cell) in (0..).zip(cells) {
                let fits = cell.char_indices().nth(CELL_MAX).map_or(cell.as_str(), |(end, _)| &cell[..end]);
                sheet.write_string(row, column, fits)?;
            }
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use calamine::{Reader, Xlsx};

    use super::*;

    fn table() -> Table {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        Table { name: "行".into(), header: row(["文件", "说明"]), rows: vec![row(["甲.xls", "=1+1"]), row(["a,b", "x\"y\nz"])] }
    }

    #[test]
    fn both_forms_are_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.csv");
        write(&path, &[table()]).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, "\u{feff}文件,说明\n甲.xls,'=1+1\n\"a,b\",\"x\"\"y\nz\"\n");
        let path = folder.path().join("r.XLSX");
        write(&path, &[table()]).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook(&path).unwrap();
        assert_eq!(book.worksheet_range("行").unwrap().get_value((1, 1)).unwrap().to_string(), "=1+1");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside them");
    }

    #[test]
    fn what_cannot_be_written_whole_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let full = |file: &mut fs::File| {
            file.write_all(b"half")?;
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
        };
        let error = put_by(&folder.path().join("r.csv"), full).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_was_disarmed_is_what_it_was() {
        for cell in ["=1+1", "'=1", "''+x", "-", "甲", "'甲", "", "'", "@"] {
            assert_eq!(rearmed(&disarmed(cell)), cell, "{cell}");
            assert!(!disarmed(cell).starts_with(['=', '+', '-', '@']));
        }
    }

    #[test]
    fn another_ending_and_another_folder_are_errors_with_the_path() {
        assert!(write(Path::new("r.pdf"), &[table()]).unwrap_err().to_string().contains("r.pdf"));
        assert!(write(Path::new("no/such/folder/r.csv"), &[table()]).unwrap_err().to_string().contains("no/such/folder"));
    }
}
