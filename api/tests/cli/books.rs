//! Workbooks of a city that does not exist.

use std::path::Path;

use rust_xlsxwriter::Workbook;

/// A line of a list: name, type, basis.
pub type Line = [&'static str; 3];

/// What the water bureau of 东海市 may do.
pub const LINES: [Line; 4] = [
    ["取水许可", "行政许可", "《东海市取水管理条例》第五条"],
    ["河道采砂许可", "行政许可", "《东海市河道管理办法》第九条"],
    ["对违法取水的处罚", "行政处罚", "《东海市取水管理条例》第三十条"],
    ["取水检查", "行政检查", "《东海市取水管理条例》第二十条"],
];

/// Writes the power list of the bureau of an edition.
pub fn power_list(path: &Path, edition: &str, lines: &[Line]) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("清单").unwrap();
    sheet.write_string(0, 0, format!("东海市水务局{edition}年权责清单")).unwrap();
    for (column, heading) in (0..).zip(["序号", "职权名称", "职权类别", "实施机关", "法律依据"]) {
        sheet.write_string(1, column, heading).unwrap();
    }
    for (row, [name, kind, basis]) in (2..).zip(lines) {
        sheet.write_number(row, 0, f64::from(row - 1)).unwrap();
        for (column, text) in [(1, *name), (2, *kind), (3, "市水务局"), (4, *basis)] {
            if !text.is_empty() {
                sheet.write_string(row, column, text).unwrap();
            }
        }
    }
    book.save(path).unwrap();
}
