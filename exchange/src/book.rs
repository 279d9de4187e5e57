//! A workbook, or a table with delimiters, as readings: one for each sheet.

use std::collections::HashMap;

use domain::{
    entry::Source,
    value::{Finding, ItemType, Severity, text},
};

use crate::{
    agencies::Agencies,
    assemble::{Assembler, Line as AssembledLine},
    body,
    error::why,
    field::Field,
    grid::Grid,
    item::Surroundings,
    options::{Progress, ReadOptions},
    reading::{ListInfo, Place, Reading, Row, RowOutcome, Why},
    remarks,
    rows::{self, Line, Table, TableRow},
    title,
};

/// From so many columns that only guides have, the lines of a list are guides.
const GUIDE_COLUMNS: usize = 3;

struct Sheet {
    grid: Grid,
    table: Option<Table>,
}

/// Reads the sheets of one file.
pub(crate) fn read(file: &str, grids: Vec<Grid>, options: &ReadOptions, progress: &dyn Progress) -> Result<Vec<Reading>, Why> {
    let sheets: Vec<Sheet> = grids
        .into_iter()
        .map(|grid| {
            let table = if grid.hidden { None } else { rows::read(&grid, &options.map) };
            Sheet { grid, table }
        })
        .collect();
    if sheets.iter().all(|sheet| sheet.table.is_none()) {
        return Err(remarks::no_header(&sheets.iter().map(|sheet| &sheet.grid).collect::<Vec<_>>()));
    }
    progress.expect(sheets.iter().filter_map(|sheet| sheet.table.as_ref()).map(|table| table.lines.len() as u64).sum());
    let book = Book::of(file, &sheets, options);
    let mut assembler = Assembler::new(Agencies::new(book.publisher.clone(), options.region.clone()), options.region.clone());
    let mut readings: Vec<Reading> = Vec::new();
    let mut about_file = remarks::about_file(book.edition.as_deref(), book.publisher.as_deref());
    for sheet in sheets {
        let mut reading = match sheet.table {
            Some(table) => book.table(&sheet.grid, table, &mut assembler, options, progress),
            None => book.without_table(&sheet.grid),
        };
        // Told once a file, with the first sheet that has entries.
        if !reading.rows.is_empty() {
            reading.findings.append(&mut about_file);
        }
        readings.push(reading);
    }
    Ok(readings)
}

/// What a file says of itself as a whole.
struct Book {
    file: String,
    publisher: Option<String>,
    edition: Option<String>,
    title: String,
    key: String,
    list_type: Option<ItemType>,
    is_guides: bool,
}

impl Book {
    fn of(file: &str, sheets: &[Sheet], options: &ReadOptions) -> Self {
        let stem = title::of_file(file);
        let tables: Vec<&Table> = sheets.iter().filter_map(|sheet| sheet.table.as_ref()).collect();
        let titles: Vec<&str> = tables.iter().flat_map(|table| table.titles.iter().map(String::as_str)).collect();
        let publisher = options.publisher.clone().or_else(|| {
            let said = titles.iter().find_map(|t| labelled(t)).filter(|name| body::has_place(name));
            let named = titles.iter().find_map(|t| title::publisher(t)).or(said);
            let named = named.or_else(|| from_rows(&tables)).or_else(|| title::publisher(&stem));
            named.map(|name| text::name(&title::outside_brackets(&name)))
        });
        let place = options.region.as_ref().and_then(|region| region.name.as_deref());
        let completed = publisher.as_deref().zip(place).and_then(|(name, place)| body::complete(name, place));
        let publisher = completed.or(publisher);
        let edition = options.edition.clone();
        let edition = edition.or_else(|| titles.iter().find_map(|t| title::edition(t))).or_else(|| title::edition(&stem));
        let heading =
            titles.iter().find(|t| title::publisher(t).is_some() || t.contains("清单") || t.contains("目录")).map(|t| text::name(t));
        let whole = heading.unwrap_or(stem);
        let guide_columns = |table: &&&Table| {
            let mut fields: Vec<Field> = table.header.columns.iter().map(|c| c.field).filter(|f| f.is_of_a_guide()).collect();
            fields.sort_unstable();
            fields.dedup();
            fields.len() >= GUIDE_COLUMNS
        };
        let is_guides = tables.iter().filter(guide_columns).count() * 2 > tables.len();
        let is_service = title::is_service(&whole) || title::is_service(file);
        let kind = if is_guides {
            "guide-list"
        } else if is_service {
            "service-list"
        } else {
            "power-list"
        };
        let owner = publisher.as_deref().map_or_else(|| without_year(&whole), text::fold);
        Self {
            file: file.to_owned(),
            publisher,
            edition,
            key: format!("{kind}:{owner}"),
            list_type: is_service.then_some(ItemType::PublicService).or_else(|| title::item_type(&whole)),
            title: whole,
            is_guides,
        }
    }

    fn info(&self, grid: &Grid, titles: &[String]) -> ListInfo {
        let own = titles.iter().find(|t| title::publisher(t).is_some() || t.contains("清单") || t.contains("目录"));
        ListInfo {
            file: self.file.clone(),
            sheet: grid.sheet.clone(),
            title: Some(own.map_or_else(|| self.title.clone(), |t| text::name(t))),
            edition: self.edition.clone(),
            publisher: self.publisher.clone(),
            key: self.key.clone(),
        }
    }

    fn place(&self, grid: &Grid, row: u32) -> Place {
        Place { file: self.file.clone(), sheet: grid.sheet.clone(), row: row + 1 }
    }

    /// A sheet without a table: nothing in it is an entry, and it says so.
    fn without_table(&self, grid: &Grid) -> Reading {
        let (code, severity, zh, en) = if grid.is_empty() {
            ("SHEET_EMPTY", Severity::Info, "工作表为空", "the sheet is empty")
        } else if grid.hidden {
            (
                "SHEET_HIDDEN",
                Severity::Warning,
                "工作表已隐藏，未读取；如需导入请取消隐藏",
                "the sheet is hidden and was not read; show it to import it",
            )
        } else {
            (
                "NO_HEADER",
                Severity::Warning,
                "未找到表头，该表各行均未导入；可用--map指明标题的含义",
                "no header was found, so no row of it is imported; name the headings with --map",
            )
        };
        let reason = why(if grid.hidden { "SHEET_HIDDEN" } else { "NO_HEADER" }, zh, en);
        let rows =
            grid.rows().map(|row| Row { place: self.place(grid, row), outcome: RowOutcome::Ignored(reason.clone()), findings: Vec::new() });
        let rows = rows.collect();
        Reading { info: self.info(grid, &[]), along: Vec::new(), rows, findings: vec![Finding::new(severity, code, "sheet", zh, en)] }
    }

    fn table(&self, grid: &Grid, table: Table, assembler: &mut Assembler, options: &ReadOptions, progress: &dyn Progress) -> Reading {
        let info = self.info(grid, &table.titles);
        let sheet_type = grid.sheet.as_deref().and_then(title::item_type).or_else(|| table.titles.iter().find_map(|t| title::item_type(t)));
        let codes = shared_codes(&table.lines);
        let mut findings = remarks::about_columns(&table, self.is_guides);
        let mut rows = Vec::new();
        for line in table.lines {
            let (row, outcome) = match line {
                Line::Ignored { row, why } => (row, RowOutcome::Ignored(why)),
                Line::Rejected { row, why } => (row, RowOutcome::Rejected(why)),
                Line::Row(line) => {
                    let place = self.place(grid, line.row);
                    let around =
                        Surroundings { scheme: options.scheme, section_type: line.section_type, sheet_type, list_type: self.list_type };
                    let row = self.row(*line, place, &around, &info, &codes, assembler, options);
                    rows.push(row);
                    progress.advance(1);
                    continue;
                }
            };
            rows.push(Row { place: self.place(grid, row), outcome, findings: Vec::new() });
            progress.advance(1);
        }
        let announced = grid.sheet.as_deref().and_then(title::announced).or_else(|| table.titles.iter().find_map(|t| title::announced(t)));
        findings.extend(announced.and_then(|announced| remarks::count_differs(announced, &rows)));
        Reading { info, along: assembler.take_along(), rows, findings }
    }

    #[expect(clippy::too_many_arguments, reason = "a line, and everything that surrounds it; a struct would be made for this one call")]
    fn row(
        &self,
        mut line: TableRow,
        place: Place,
        around: &Surroundings,
        info: &ListInfo,
        codes: &HashMap<(u32, u32), usize>,
        assembler: &mut Assembler,
        options: &ReadOptions,
    ) -> Row {
        if let Some(agency) = line.section_agency.as_deref().filter(|_| !line.record.has(Field::Agency)) {
            line.record.add(Field::Agency, agency);
        }
        let mut findings = Vec::new();
        if !line.continued.is_empty() {
            let rows: Vec<String> = line.continued.iter().map(|row| (row + 1).to_string()).collect();
            let rows = rows.join(", ");
            findings.push(Finding::new(
                Severity::Info,
                "CONTINUATION",
                "row",
                format!("第{rows}行是本行的续行，内容已并入"),
                format!("rows {rows} go on with this one; their text was added to it"),
            ));
        }
        for heading in &line.twice {
            findings.push(Finding::warning(
                "VALUE_TWICE",
                heading.clone(),
                format!("“{heading}”列出现两次且内容不同，取前一列；请核对"),
                format!("there are two columns {heading:?} with different texts; the first one is kept, please check"),
            ));
        }
        let source = source(info, &place, options);
        let shares_code = line.code_at.is_some_and(|at| codes.get(&at).is_some_and(|n| *n > 1));
        let line = AssembledLine { record: &line.record, around, source, place, shares_code };
        if self.is_guides { assembler.guide_row(&line, findings) } else { assembler.item_row(&line, findings) }
    }
}

/// Where a row was read.
pub(crate) fn source(info: &ListInfo, place: &Place, options: &ReadOptions) -> Source {
    Source {
        list: info.title.clone(),
        list_key: Some(info.key.clone()),
        edition: info.edition.clone(),
        file: place.file.clone(),
        sheet: place.sheet.clone(),
        row: Some(place.row),
        document: options.document.clone(),
        date: options.date,
        identity: Vec::new(),
    }
}

/// How many lines show the code of the same cell.
fn shared_codes(lines: &[Line]) -> HashMap<(u32, u32), usize> {
    let mut codes = HashMap::new();
    for line in lines {
        if let Line::Row(row) = line
            && let Some(at) = row.code_at
        {
            *codes.entry(at).or_default() += 1;
        }
    }
    codes
}

/// `部门名称：某市机关事务管理局` above a table.
fn labelled(title: &str) -> Option<String> {
    let name = text::name(title);
    let (label, value) = name.split_once(['：', ':'])?;
    let known =
        ["部门名称", "单位名称", "填报单位", "编制单位", "发布单位", "实施机关", "实施主体", "单位", "部门"].contains(&label.trim());
    let value = value.split(['（', '(']).next().unwrap_or_default().trim();
    (known && title::looks_like_body(value)).then(|| value.to_owned())
}

/// The agency that most rows name in full, if most rows name one.
fn from_rows(tables: &[&Table]) -> Option<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut total = 0;
    for line in tables.iter().flat_map(|table| &table.lines) {
        if let Line::Row(row) = line
            && let Some(name) = row.record.name(Field::Agency)
        {
            total += 1;
            *counts.entry(title::outside_brackets(&name)).or_default() += 1;
        }
    }
    let most = counts.into_iter().filter(|(name, _)| title::looks_like_body(name) && body::has_place(name));
    let (name, count) = most.max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
    (count * 10 >= total * 6).then_some(name)
}

/// A title that identifies a list across editions.
fn without_year(title: &str) -> String {
    let folded = text::fold(title);
    title::edition(title).map_or_else(|| folded.clone(), |year| folded.replace(&format!("{year}年"), "").replace(&year, ""))
}
