//! One row of a table as values by their meaning.

use domain::value::{BasicCode, HandlingCode, ImplementationCode, ItemType, text};

use crate::{
    brackets::inside_brackets,
    field::Field,
    grid::{Grid, Shown},
    header::{Column, Header},
    parts::narrow,
    record::Record,
    same::{self, Same},
    ticks,
};

/// Marks before a name that refer to a note: `*`, `★`.
const MARKS: [char; 8] = ['*', '＊', '★', '☆', '▲', '△', '●', '※'];

/// A row of the list.
#[derive(Debug, Default)]
pub(crate) struct TableRow {
    /// Row of the sheet where it begins, from 0.
    pub row: u32,
    /// Which of the tables that stand side by side it is of.
    pub block: usize,
    pub record: Record,
    /// The type and the agency of the section that it stands in.
    pub section_type: Option<ItemType>,
    pub section_agency: Option<String>,
    /// The heading of that section, where it says that what follows is cancelled.
    pub section_cancelled: Option<String>,
    /// The type that the heading over its name gives.
    pub heading_type: Option<ItemType>,
    /// How many columns of its table only guides have.
    pub guide_columns: usize,
    /// Rows of the sheet with more text of it.
    pub continued: Vec<u32>,
    /// Where its code stands, which may be a merged cell over several rows.
    pub code_at: Option<(u32, u32)>,
    /// Headings that the table has twice with different values in this row.
    pub twice: Vec<String>,
    /// Codes that a spreadsheet program has rounded.
    pub rounded: Vec<String>,
    /// Where its name and its sequence stand.
    pub name_at: Option<(u32, u32)>,
    sequence_at: Option<(u32, u32)>,
    /// The types that it has ticks under.
    ticked: Vec<String>,
    /// Where its values stand, for a row below that says 同上.
    pub cells: Vec<Cell>,
    /// Where it says 同上 itself, and the row above it, from 0.
    pub same: Same,
    pub above: Option<u32>,
    /// Fields with several values of which one says 同上.
    pub left_out: Vec<Field>,
    /// Limits that name another unit than the heading over them, with that heading.
    pub other_units: Vec<(String, String)>,
}

/// A value of a row: under which column, and where its text stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub index: u32,
    pub field: Field,
    pub row: u32,
    pub column: u32,
}

impl TableRow {
    /// The values of a row: its own, those of merged cells over it, and those of the row above where it says 同上.
    pub(crate) fn gather(grid: &Grid, header: &Header, row: u32, above: Option<Above<'_>>) -> Self {
        let mut out = Self { row, above: above.map(|above| above.row.row), ..Self::default() };
        let mut groups: Vec<(Field, u32)> = Vec::new();
        let main = header.field_of_items();
        for column in header.shared.iter().chain(&header.columns) {
            let Some(shown) = grid.shown(row, column.index).filter(|shown| shown.row > header.bottom) else { continue };
            // A cell merged over several columns belongs to the first of them.
            if shown.column != column.index || text::something(shown.text).is_none() {
                continue;
            }
            if !same::is_same(shown.text) {
                out.take(grid, column, shown, main, &mut groups);
                continue;
            }
            let found = above.map(|above| above.shown(grid, column)).unwrap_or_default();
            let carried = above.and_then(|above| above.carried(column.field)).filter(|_| found.is_empty());
            if let Some(carried) = carried {
                out.record.add(column.field, carried);
            }
            let told = if found.is_empty() && carried.is_none() { &mut out.same.unknown } else { &mut out.same.taken };
            told.push(column.heading.clone());
            for shown in found {
                out.take(grid, column, shown, main, &mut groups);
            }
        }
        // Several are several types in one cell.
        if !out.record.has(Field::Type) {
            let ticked = out.ticked.join("、");
            out.record.add(Field::Type, &ticked);
        }
        out.settle_agencies();
        out
    }

    /// Takes what a column shows in the row.
    fn take(&mut self, grid: &Grid, column: &Column, shown: Shown<'_>, main: Field, groups: &mut Vec<(Field, u32)>) {
        let at = Some((shown.row, shown.column));
        self.cells.push(Cell { index: column.index, field: column.field, row: shown.row, column: shown.column });
        let is_code = matches!(
            column.field,
            Field::Code | Field::BasicCode | Field::LocalCode | Field::LocalBasicCode | Field::ParentCode | Field::CreditCode
        );
        if is_code && (grid.is_rounded(shown.row, shown.column) || is_scientific(shown.text)) {
            self.rounded.push(text::squash(shown.text));
            return;
        }
        match column.field {
            field if field == main => self.name_at = self.name_at.or(at),
            Field::Sequence => self.sequence_at = self.sequence_at.or(at),
            // The code of a handling item identifies the row more closely than that of its item.
            Field::Code if is_handling_code(shown.text) => self.code_at = at,
            Field::Code => self.code_at = self.code_at.or(at),
            _ => {}
        }
        // A tick under the name of a level or a type: 行使层级 over 市级, 县级.
        if let Some(said) = ticks::said(column, shown.text) {
            if column.field == Field::Level {
                self.record.add(Field::Level, said);
            } else if !said.is_empty() {
                self.ticked.push(said.to_owned());
            }
            return;
        }
        // The same heading twice: the second fills in where the first has nothing.
        match groups.iter().find(|(field, _)| *field == column.field) {
            Some(_) if column.field == Field::Code && is_other_code(shown.text, self.record.all(Field::Code)) => {}
            Some((_, group)) if *group != column.group && !keeps_heading(column.field) && column.field != Field::Faqs => {
                if self.record.all(column.field).iter().all(|v| text::squash(v) != text::squash(shown.text)) {
                    self.twice.push(column.heading.clone());
                }
                return;
            }
            _ => groups.push((column.field, column.group)),
        }
        match column.field {
            Field::Name | Field::SubName | Field::MainName | Field::Sequence => self.add_unmarked(column.field, shown.text),
            Field::OtherAgency => self.record.add(Field::OtherAgency, &format!("{}：{}", column.heading, text::name(shown.text))),
            field if keeps_heading(field) => {
                self.record.add(field, &format!("{}：{}", text::name(&column.heading), text::block(shown.text)));
            }
            // 问题 and 答案 under 常见问题, in a column each.
            Field::Faqs if column.own == "问题" => self.record.add(Field::Faqs, &format!("问：{}", shown.text)),
            Field::Faqs if ["答案", "答复", "解答", "回答"].contains(&column.own.as_str()) => {
                self.record.add(Field::Faqs, &format!("答：{}", shown.text));
            }
            field @ (Field::LegalBasis | Field::DutyBasis) => match same::without_same(shown.text) {
                Some(others) => {
                    self.left_out.push(field);
                    self.record.add(field, &others);
                }
                None => self.record.add(field, shown.text),
            },
            field => {
                let is_limit = matches!(field, Field::StatutoryLimit | Field::PromisedLimit);
                if is_limit && names_other_unit(shown.text, &column.heading) {
                    self.other_units.push((column.heading.clone(), text::name(shown.text)));
                }
                let said =
                    if field == Field::Fees { with_money(shown.text, &column.heading) } else { with_unit(shown.text, &column.heading) };
                self.record.add(field, &said);
            }
        }
    }

    /// A name without the mark before it; the mark is kept as a remark.
    fn add_unmarked(&mut self, field: Field, written: &str) {
        let bare = written.trim().trim_start_matches(MARKS).trim_start();
        let mark = &written.trim()[..written.trim().len() - bare.len()];
        self.record.add(field, bare);
        if !mark.is_empty() && field != Field::Sequence {
            self.record.add(Field::Remark, &format!("名称前有标记“{}”", mark.trim()));
        }
    }

    /// Where the agency that exercises the power is not named, the other one is it; where both are the same, it is said once.
    fn settle_agencies(&mut self) {
        let others = self.record.take(Field::OtherAgency);
        for other in others {
            let name = other.split_once('：').map_or(other.as_str(), |(_, name)| name);
            if !self.record.has(Field::Agency) {
                self.record.add(Field::Agency, name);
            } else if self.record.first(Field::Agency).is_some_and(|agency| text::squash(agency) != text::squash(name)) {
                self.record.add(Field::OtherAgency, &other);
            }
        }
    }

    /// A sub-item without the name of its item stands under the item above, if it has no number of its own; and what stands
    /// under the same item has its type and agency.
    pub(crate) fn carry(&mut self, last: &Self) {
        let unnumbered = self.sequence_at.is_none() || self.sequence_at == last.sequence_at;
        let under = self.name_at.is_none() && self.record.has(Field::SubName) && last.record.has(Field::SubName) && unnumbered;
        // Under one heading 主项 is what a name is elsewhere.
        let named = [Field::Name, Field::MainName].into_iter().find(|field| last.record.has(*field));
        if under
            && let Some(field) = named
            && let Some(name) = last.record.first(field)
        {
            self.record.add(field, name);
            self.name_at = last.name_at;
        }
        if self.name_at.is_some() && self.name_at == last.name_at {
            for field in [Field::Type, Field::Agency] {
                if !self.record.has(field)
                    && let Some(value) = last.record.first(field)
                {
                    self.record.add(field, value);
                }
            }
        }
    }

    /// Takes the text of a row that goes on with this one.
    pub(crate) fn continue_with(&mut self, row: u32, next: Self) {
        self.continued.push(row);
        self.cells.extend(next.cells);
        self.left_out.extend(next.left_out);
        self.other_units.extend(next.other_units);
        self.same.unknown.extend(next.same.unknown);
        let more = &next.record;
        for field in Field::ALL {
            for value in more.all(*field) {
                let there = self.record.all(*field).iter().any(|v| text::squash(v).contains(&text::squash(value)));
                if !there && *field != Field::Sequence {
                    self.record.add(*field, value);
                }
            }
        }
    }

    /// Whether it has a name of any kind.
    pub(crate) fn is_named(&self) -> bool {
        [Field::Name, Field::SubName, Field::MainName, Field::GuideName].iter().any(|field| self.record.has(*field))
    }
}

/// Whether several columns may mean it, each kept with its own heading.
fn keeps_heading(field: Field) -> bool {
    matches!(field, Field::OtherAgency | Field::Cooperating | Field::Description)
}

fn is_handling_code(written: &str) -> bool {
    text::squash(written).parse::<HandlingCode>().is_ok()
}

/// Whether a code is of another kind than those before it: that of the item, of its handling item, of the catalogue.
fn is_other_code(written: &str, known: &[String]) -> bool {
    let kind = |code: &str| {
        let code = text::squash(code);
        let by_shape =
            [code.parse::<HandlingCode>().is_ok(), code.parse::<ImplementationCode>().is_ok(), code.parse::<BasicCode>().is_ok()];
        by_shape.into_iter().position(|fits| fits)
    };
    kind(written).is_some_and(|own| known.iter().all(|code| kind(code) != Some(own)))
}

/// `1.13205E+17`: what a spreadsheet program writes into a text for a number that is too long for it.
fn is_scientific(cell: &str) -> bool {
    let squashed = text::squash(cell);
    let Some((digits, exponent)) = squashed.split_once(['E', 'e']) else { return false };
    let Some(exponent) = exponent.strip_prefix('+') else { return false };
    digits.contains('.') && digits.chars().all(|c| c.is_ascii_digit() || c == '.') && exponent.parse::<u8>().is_ok()
}

/// Units that a heading gives to the numbers under it.
const UNITS: [&str; 3] = ["工作日", "自然日", "小时"];

/// A bare number under `法定办结时限（工作日）` is a number of working days.
fn with_unit(cell: &str, heading: &str) -> String {
    let squashed = narrow(&text::squash(cell));
    let number = squashed.trim_end_matches('个');
    let unit = UNITS.iter().find(|unit| heading.contains(**unit));
    match unit {
        Some(unit) if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) => format!("{number}{unit}"),
        _ => cell.to_owned(),
    }
}

/// Whether a limit names another unit than the heading over it: `20日` under `法定办结时限（工作日）`.
fn names_other_unit(cell: &str, heading: &str) -> bool {
    const ALL: [&str; 11] = ["工作日", "工作天", "自然日", "日历日", "小时", "分钟", "日", "天", "月", "年", "周"];
    let Some(unit) = UNITS.iter().find(|unit| heading.contains(**unit)) else { return false };
    let folded = text::fold(cell);
    let after = folded.trim_start_matches(|c: char| c.is_ascii_digit() || "〇零一二两三四五六七八九十百".contains(c));
    let own = ALL.iter().find(|own| after.trim_start_matches('个').starts_with(**own));
    after.len() < folded.len() && own.is_some_and(|own| own != unit && !(*own == "工作天" && *unit == "工作日"))
}

/// A bare number under `收费标准（元）` is one of yuan.
fn with_money(cell: &str, heading: &str) -> String {
    let number = narrow(&text::squash(cell));
    let is_number = number.starts_with(|c: char| c.is_ascii_digit()) && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let units = inside_brackets(heading);
    let unit = units
        .iter()
        .map(|unit| unit.trim_start_matches("单位").trim_start_matches(['：', ':']))
        .find(|unit| unit.starts_with("元") || unit.starts_with("万元"));
    unit.filter(|_| is_number).map_or_else(|| cell.to_owned(), |unit| format!("{number}{unit}"))
}

/// The row of the list above another one, in the same table.
#[derive(Clone, Copy)]
pub(crate) struct Above<'a> {
    pub row: &'a TableRow,
    /// A heading stands between them: it speaks of the type, and the row above no longer does.
    pub under_heading: bool,
}

impl<'a> Above<'a> {
    /// What the row above shows in a column: several texts where rows went on with it.
    pub(crate) fn shown(self, grid: &'a Grid, column: &Column) -> Vec<Shown<'a>> {
        if self.under_heading && column.field == Field::Type {
            return Vec::new();
        }
        let mut places: Vec<(u32, u32)> = Vec::new();
        for cell in self.row.cells.iter().filter(|cell| (cell.index, cell.field) == (column.index, column.field)) {
            if places.last() != Some(&(cell.row, cell.column)) {
                places.push((cell.row, cell.column));
            }
        }
        places.into_iter().filter_map(|(row, column)| grid.shown(row, column)).collect()
    }

    /// What it was given as its own without a cell in the column: type and agency of the item that it stands under.
    pub(crate) fn carried(self, field: Field) -> Option<&'a str> {
        let is_carried = field == Field::Agency || field == Field::Type && !self.under_heading;
        self.row.record.first(field).filter(|_| is_carried)
    }
}
