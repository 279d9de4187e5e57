//! The plan of an institutional reform 机构改革方案, a table that a clerk writes (Art. 5(1)). It is read and not judged: what its words
//! mean in a register is for whoever holds the register. Columns and examples: `docs/reform.md`.

use std::path::Path;

use domain::value::text;

use crate::{
    delimited,
    error::{FileError, why},
    grid::Grid,
    headings::plain,
    kind::{self, Kind},
    read::bytes_of,
    reading::Why,
    workbook,
};

/// Rows of a plan, at most. A city has some thousands of items of each agency, and most rows name whole agencies.
pub const MAX_PLAN_ROWS: usize = 10_000;

/// Rows above the headings, at most.
const MAX_TITLE_ROWS: u32 = 20;

/// A row of a plan, in its own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanRow {
    /// Row of the table, from 1.
    pub row: u32,
    /// The agency that hands over 原机构: its code or its name.
    pub from: String,
    /// The agency that takes on 承接机构: its code or its name. Absent: a new one, of the name below.
    pub to: Option<String>,
    /// The name that the agency which takes on bears from then on 承接机构名称.
    pub name: Option<String>,
    /// The level of a new agency 层级.
    pub level: Option<String>,
    /// The division of a new agency 行政区划.
    pub region: Option<String>,
    /// The item that moves 事项: its code or its name. Absent: all that the agency has left.
    pub item: Option<String>,
    /// Whether the agency that hands over goes on 保留原机构: `是` or `否`.
    pub keeps: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    From,
    To,
    Name,
    Level,
    Region,
    Item,
    Keeps,
    Note,
}

const HEADINGS: [(Column, &[&str]); 8] = [
    (Column::From, &["原机构", "原实施主体", "原单位", "原部门", "划出机构", "移交机构", "from"]),
    (Column::To, &["承接机构", "承接单位", "承接部门", "划入机构", "接收机构", "to"]),
    (Column::Name, &["承接机构名称", "承接机构新名称", "新机构名称", "新名称", "name"]),
    (Column::Level, &["层级", "承接机构层级", "行使层级", "level"]),
    (Column::Region, &["行政区划", "行政区划代码", "区划代码", "承接机构行政区划", "region"]),
    (Column::Item, &["事项", "事项名称", "事项编码", "划转事项", "item"]),
    (Column::Keeps, &["保留原机构", "原机构保留", "keeps"]),
    (Column::Note, &["说明", "备注", "序号", "note"]),
];

/// Reads a plan from a CSV table or a workbook. It has one sheet with headings; a heading that is not known is an error, because
/// what stands below it would be passed over.
pub fn read_plan(path: &Path) -> Result<Vec<PlanRow>, FileError> {
    let bytes = bytes_of(path)?;
    read_plan_bytes(path, &bytes)
}

/// Reads a plan that is in memory already; the path gives its name and nothing else.
pub fn read_plan_bytes(path: &Path, bytes: &[u8]) -> Result<Vec<PlanRow>, FileError> {
    rows(bytes).map_err(|why| FileError::new(path, why))
}

fn rows(bytes: &[u8]) -> Result<Vec<PlanRow>, Why> {
    let grids = match kind::sniff(bytes)? {
        Kind::OldWorkbook(stream) => workbook::read_old(stream)?,
        Kind::Workbook => workbook::read(bytes)?,
        Kind::Delimited(text) => vec![delimited::read(&text)?],
        Kind::JsonLines(_) | Kind::JsonArray(_) => return Err(no_table()),
    };
    let mut sheets = Vec::new();
    for grid in grids.iter().filter(|grid| !grid.hidden) {
        sheets.extend(header(grid).map(|row| (grid, row)));
    }
    match sheets[..] {
        [] => Err(no_header()),
        [(grid, header)] => rows_of(grid, header),
        _ => Err(several_sheets()),
    }
}

/// The row of the headings: the first that names the agency which hands over.
fn header(grid: &Grid) -> Option<u32> {
    grid.rows().take_while(|row| *row < MAX_TITLE_ROWS).find(|row| grid.own(*row).any(|(_, text)| column(text) == Some(Column::From)))
}

fn column(heading: &str) -> Option<Column> {
    let heading = plain(heading);
    HEADINGS.iter().find(|(_, words)| words.contains(&heading.as_str())).map(|(column, _)| *column)
}

fn rows_of(grid: &Grid, header: u32) -> Result<Vec<PlanRow>, Why> {
    let mut columns: Vec<(u32, Column)> = Vec::new();
    for (place, heading) in grid.own(header) {
        let column = column(heading).ok_or_else(|| unknown_heading(heading))?;
        if column != Column::Note && columns.iter().any(|(_, other)| *other == column) {
            return Err(heading_twice(heading));
        }
        columns.push((place, column));
    }
    let mut rows = Vec::new();
    for row in grid.rows_from(header + 1) {
        if grid.damage(row).is_some() {
            return Err(damaged_row(row + 1));
        }
        if grid.own(row).any(|(place, _)| !columns.iter().any(|(column, _)| *column == place)) {
            return Err(beside(row + 1));
        }
        if rows.len() == MAX_PLAN_ROWS {
            return Err(too_many_rows());
        }
        let cell = |wanted: Column| {
            let (place, _) = columns.iter().find(|(_, column)| *column == wanted)?;
            let text = text::name(grid.shown(row, *place)?.text);
            (!text.is_empty()).then_some(text)
        };
        rows.push(PlanRow {
            row: row + 1,
            from: cell(Column::From).unwrap_or_default(),
            to: cell(Column::To),
            name: cell(Column::Name),
            level: cell(Column::Level),
            region: cell(Column::Region),
            item: cell(Column::Item),
            keeps: cell(Column::Keeps),
        });
    }
    if rows.is_empty() { Err(why("PLAN_EMPTY", "方案没有任何行，请填写", "the plan has no row: fill it in")) } else { Ok(rows) }
}

fn no_table() -> Why {
    why("PLAN_NO_TABLE", "机构改革方案应为CSV表格或工作簿", "the plan of a reform is a CSV table or a workbook")
}

fn no_header() -> Why {
    why(
        "PLAN_NO_HEADER",
        "没有表头：应有“原机构”“承接机构”等列，见docs/reform.md",
        "there are no headings: 原机构 (from), 承接机构 (to) and others are expected, see docs/reform.md",
    )
}

fn several_sheets() -> Why {
    why(
        "PLAN_SHEETS",
        "多个工作表都有方案；请合并到一个工作表",
        "several sheets hold a plan: put all of it on one sheet, so that a row is found by its number",
    )
}

fn unknown_heading(heading: &str) -> Why {
    let heading: String = heading.chars().take(40).collect();
    why(
        "PLAN_HEADING",
        format!("不认识列“{heading}”；可用：原机构、承接机构、承接机构名称、层级、行政区划、事项、保留原机构、说明"),
        format!(
            "the heading {heading:?} is unknown; known: from, to, name, level, region, item, keeps, note (or in Chinese, see docs/reform.md)"
        ),
    )
}

fn heading_twice(heading: &str) -> Why {
    why("PLAN_HEADING", format!("列“{heading}”有两个；请只留一个"), format!("the heading {heading:?} stands twice: keep one"))
}

fn damaged_row(row: u32) -> Why {
    why(
        "PLAN_DAMAGED",
        format!("第{row}行不能读取（引号未闭合或有乱码）；请用表格软件打开后另存"),
        format!("row {row} cannot be read (an open quotation mark, or bytes that are no text): open the table and save it again"),
    )
}

fn beside(row: u32) -> Why {
    why(
        "PLAN_BESIDE",
        format!("第{row}行有内容不在任何列下；请移到相应的列或“说明”列"),
        format!("row {row} has words below no heading: move them to their column, or to a column called note"),
    )
}

fn too_many_rows() -> Why {
    why(
        "PLAN_TOO_LONG",
        format!("方案最多{MAX_PLAN_ROWS}行；整机构划转只需一行"),
        format!("a plan has {MAX_PLAN_ROWS} rows at most; a whole agency moves with one row"),
    )
}
