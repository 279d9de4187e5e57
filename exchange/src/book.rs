//! A workbook, or a table with delimiters, as readings: one for each sheet.

use std::collections::HashMap;

use domain::value::{Finding, ItemType, Severity, text};

use crate::{
    agencies::Agencies,
    assemble::{Assembler, Line as AssembledLine},
    catalogue,
    error::why,
    field::Field,
    grid::Grid,
    header::GUIDE_COLUMNS,
    item,
    options::{Progress, ReadOptions},
    publisher,
    reading::{ListInfo, Place, Reading, Row, RowOutcome, Why},
    remarks,
    rows::{self, Line, Table},
    same,
    table_row::TableRow,
    title,
    types::{self, Surroundings},
};

struct Sheet {
    grid: Grid,
    table: Option<Table>,
    /// It is a catalogue of information and no list.
    catalogue: Option<catalogue::Table>,
}

/// Reads the sheets of one file.
pub(crate) fn read(file: &str, grids: Vec<Grid>, options: &ReadOptions, progress: &dyn Progress) -> Result<Vec<Reading>, Why> {
    let sheets: Vec<Sheet> = grids
        .into_iter()
        .map(|grid| {
            let catalogue = if grid.hidden { None } else { catalogue::read(&grid, &options.map) };
            let table = if grid.hidden || catalogue.is_some() { None } else { rows::read(&grid, &options.map) };
            Sheet { grid, table, catalogue }
        })
        .collect();
    if sheets.iter().all(|sheet| sheet.table.is_none() && sheet.catalogue.is_none()) {
        return Err(remarks::no_header(&sheets.iter().map(|sheet| &sheet.grid).collect::<Vec<_>>()));
    }
    let lines = |sheet: &Sheet| {
        let of_catalogue = sheet.catalogue.as_ref().map_or(0, catalogue::Table::len);
        (sheet.table.as_ref().map_or(0, |table| table.lines.len()) + of_catalogue) as u64
    };
    progress.expect(sheets.iter().map(lines).sum());
    let book = Book::of(file, &sheets, options);
    let mut assembler = Assembler::new(Agencies::new(book.publisher.clone(), options.region.clone()), options.region.clone());
    let mut readings: Vec<Reading> = Vec::new();
    let mut about_file = remarks::unused_maps(&options.map, |heading| {
        let of_catalogues = sheets.iter().filter_map(|sheet| sheet.catalogue.as_ref()).any(|table| table.has(heading));
        of_catalogues || sheets.iter().filter_map(|sheet| sheet.table.as_ref()).any(|table| table.has(heading))
    });
    let mut told: Vec<Option<String>> = Vec::new();
    for sheet in sheets {
        let mut reading = match (sheet.catalogue, sheet.table) {
            (Some(table), _) => catalogue::reading(file, &sheet.grid, table, &mut assembler, options, progress),
            (None, Some(table)) => book.table(&sheet.grid, table, &mut assembler, options, progress),
            (None, None) => book.without_table(&sheet.grid),
        };
        // Told once a file, with the first sheet that has entries.
        if !reading.rows.is_empty() {
            reading.findings.append(&mut about_file);
            // Each publisher once.
            if !told.contains(&reading.info.publisher) {
                reading.findings.extend(remarks::about_publisher(reading.info.publisher.as_deref()));
                told.push(reading.info.publisher.clone());
            }
        }
        readings.push(reading);
    }
    // A catalogue has the year of its own title.
    let has_entries = |reading: &&mut Reading| reading.rows.iter().any(|row| !matches!(row.outcome, RowOutcome::Ignored(_)));
    if let Some(undated) = readings.iter_mut().filter(has_entries).find(|reading| reading.info.edition.is_none()) {
        undated.findings.push(remarks::edition_unknown());
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
    /// The place that it is of, where its titles say it.
    place: Option<String>,
}

impl Book {
    fn of(file: &str, sheets: &[Sheet], options: &ReadOptions) -> Self {
        let stem = title::of_file(file);
        let tables: Vec<&Table> = sheets.iter().filter_map(|sheet| sheet.table.as_ref()).collect();
        let titles: Vec<&str> = tables.iter().flat_map(|table| table.titles.iter().map(String::as_str)).collect();
        let publisher = options.publisher.clone().or_else(|| publisher::of_book(&stem, &titles, &tables));
        let place = options.region.as_ref().and_then(|region| region.name.clone());
        let place = place.or_else(|| titles.iter().copied().chain([stem.as_str()]).find_map(publisher::place_of_title));
        let publisher = publisher.map(|name| publisher::completed(&name, place.as_deref()));
        let edition = options.edition.clone();
        let edition = edition.or_else(|| titles.iter().find_map(|t| title::edition(t))).or_else(|| title::edition(&stem));
        let heading =
            titles.iter().find(|t| title::publisher(t).is_some() || t.contains("清单") || t.contains("目录")).map(|t| text::name(t));
        let whole = heading.unwrap_or_else(|| stem.clone());
        let is_guides = tables.iter().filter(|table| table.header.guide_columns() >= GUIDE_COLUMNS).count() * 2 > tables.len();
        let is_service = title::is_service(&whole) || title::is_service(file);
        let kind = if is_service {
            "service-list"
        } else if is_guides {
            "guide-list"
        } else {
            "power-list"
        };
        // Sheets of several bodies are one list: that of the book.
        let own: std::collections::BTreeSet<String> =
            sheets.iter().filter_map(|s| publisher::of_sheet(&s.grid, s.table.as_ref()?, publisher.as_deref(), options)).collect();
        let owner = if own.is_empty() {
            publisher.as_deref().map_or_else(|| title::without_year(&whole), text::fold)
        } else {
            title::without_year(&stem)
        };
        Self {
            file: file.to_owned(),
            publisher,
            edition,
            key: format!("{kind}:{owner}"),
            list_type: types::of_title(&whole)
                .or_else(|| types::of_title(&title::of_file(file)))
                .or_else(|| is_service.then_some(ItemType::PublicService)),
            title: whole,
            place,
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

    /// What the list says of itself, with the body that publishes this sheet of it.
    fn info_of(&self, grid: &Grid, table: &Table, options: &ReadOptions) -> ListInfo {
        let own = publisher::of_sheet(grid, table, self.publisher.as_deref(), options);
        let own = own.map(|name| publisher::completed(&name, self.place.as_deref()));
        let info = self.info(grid, &table.titles);
        ListInfo { publisher: own.or(info.publisher), ..info }
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
        let info = self.info_of(grid, &table, options);
        assembler.agencies.set_publisher(info.publisher.clone(), self.place.clone());
        let around = Surroundings {
            scheme: options.scheme,
            sheet: grid.sheet.as_deref().and_then(types::of_title),
            title: table.titles.iter().find_map(|t| types::of_title(t)),
            list: self.list_type,
            ..Surroundings::default()
        };
        let codes = shared_codes(&table.lines);
        let handles = |line: &Line| match line {
            Line::Row(row) => !is_shared(&codes, row) && item::handling_code(&row.record).is_some(),
            Line::Ignored { .. } | Line::Rejected { .. } => true,
        };
        let is_guides = self.is_guide(table.header.guide_columns(), &around) || table.lines.iter().all(handles);
        let mut findings = remarks::about_columns(&table, is_guides);
        findings.extend(remarks::publishers_several(&table.titles).filter(|_| options.publisher.is_none()));
        let mut rows = Vec::new();
        for line in table.lines {
            let (row, outcome) = match line {
                Line::Ignored { row, why } => (row, RowOutcome::Ignored(why)),
                Line::Rejected { row, why } => (row, RowOutcome::Rejected(why)),
                Line::Row(line) => {
                    let place = self.place(grid, line.row);
                    let cancelled = line.section_cancelled.clone();
                    let around = Surroundings { section: line.section_type, heading: line.heading_type, cancelled, ..around.clone() };
                    let row = self.row(*line, place, &around, &info, &codes, assembler, options);
                    rows.push(row);
                    progress.advance(1);
                    continue;
                }
            };
            rows.push(Row { place: self.place(grid, row), outcome, findings: Vec::new() });
            progress.advance(1);
        }
        // With sections, a number over the header is that of the first of them.
        let has_sections = rows.iter().any(|row: &Row| matches!(&row.outcome, RowOutcome::Ignored(why) if why.code == "SECTION"));
        let over_table = table.titles.iter().find_map(|t| title::announced(t)).filter(|_| !has_sections);
        let announced = grid.sheet.as_deref().and_then(title::announced).or(over_table);
        findings.extend(announced.and_then(|announced| remarks::count_differs(announced, &rows)));
        Reading { info, along: assembler.take_along(), rows, findings }
    }

    /// Whether the rows of a table are guides: by their columns, or because a list of public services has any of them, as
    /// services are published by how they are had.
    fn is_guide(&self, guide_columns: usize, around: &Surroundings) -> bool {
        let is_service = || {
            let around = around.derived().map(|(found, ..)| found);
            around.or(self.list_type) == Some(ItemType::PublicService)
        };
        guide_columns >= GUIDE_COLUMNS || guide_columns > 0 && is_service()
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
        findings.extend(line.same.findings(line.above.map(|row| row + 1)));
        findings.extend(line.left_out.iter().map(|field| same::left_out(*field)));
        findings.extend(line.other_units.iter().map(|(heading, cell)| remarks::unit_differs(heading, cell)));
        findings.extend(line.rounded.iter().map(|code| remarks::code_rounded(code)));
        let is_of_guides = self.is_guide(line.guide_columns, around);
        let shares_code = is_shared(codes, &line);
        let handling = if is_of_guides || shares_code { None } else { item::handling_code(&line.record) };
        findings.extend(handling.as_deref().map(remarks::handling_item));
        let is_guide = is_of_guides || handling.is_some();
        if is_guide {
            for category in line.record.all(Field::Category).to_vec() {
                line.record.add(Field::Topics, &category);
            }
        } else {
            for words in line.record.take(Field::Cooperating) {
                line.record.add(Field::Remark, &words);
            }
            remarks::keep_guide_elements(&mut line.record);
        }
        let source = options.source(info, &place);
        let mentions_item = handling.is_some();
        let line = AssembledLine { record: &line.record, around, source, place, shares_code, mentions_item };
        if is_guide { assembler.guide_row(&line, findings) } else { assembler.item_row(&line, findings) }
    }
}

/// Whether the code of a line stands in a cell over several lines.
fn is_shared(codes: &HashMap<(u32, u32), usize>, line: &TableRow) -> bool {
    line.code_at.is_some_and(|at| codes.get(&at).is_some_and(|n| *n > 1))
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
