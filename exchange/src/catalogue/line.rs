//! A line of a catalogue as a content.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    entry::Source,
    envelope::Code,
    register::{CatalogueEntry, Register},
    value::{AssignedCode, Carrier, DisclosureLimit, Finding, Level, Manner, OpennessAttribute, Reach, Severity, parse_legal_bases, text},
};

use super::{
    boxes,
    columns::{kind_of, to_everyone, to_groups},
    header::Column,
};
use crate::{
    agencies::Referred,
    assemble::{self, Assembler},
    field::Field,
    reading::{Place, Proposal, ProposedCode, ProposedContent, Row, RowOutcome, Why},
    remarks,
    same::Same,
    ticks,
};

/// The texts of a line, by what they mean.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// Row of the sheet where it begins, from 0.
    pub row: u32,
    /// Rows with more text of it.
    pub continued: Vec<u32>,
    /// The row above it, from 0, and where it says that it is the same as that.
    pub above: Option<u32>,
    pub same: Same,
    /// Its name is that of the row above.
    pub name_carried: bool,
    /// What the table has a column for.
    pub columns: BTreeSet<Field>,
    texts: BTreeMap<Field, Vec<String>>,
    /// Kinds that have a column of their own, with what stands there: `公开层级`, `县级`, `√`.
    kinds: Vec<(Field, String, String)>,
}

impl Cells {
    /// Of a row, in a table that has columns for these.
    pub(super) fn of(row: u32, columns: BTreeSet<Field>) -> Self {
        Self { row, columns, ..Self::default() }
    }

    /// Takes the text of a column.
    pub(super) fn add(&mut self, column: &Column, text: String) {
        match &column.kind {
            Some(kind) => self.kinds.push((column.field, kind.clone(), text)),
            None => self.texts.entry(column.field).or_default().push(text),
        }
    }

    /// Takes over more text from a row that goes on with this one.
    pub(super) fn go_on(&mut self, row: u32, mut more: Self, own: &BTreeSet<Field>) {
        self.continued.push(row);
        for field in own {
            self.texts.entry(*field).or_default().extend(more.texts.remove(field).unwrap_or_default());
        }
    }

    /// Takes the first tier of the row above, where it is written once for many; and its names, where this row has none.
    pub(super) fn carry(&mut self, above: &Self, named: bool, has_name: bool) {
        let take = |cells: &mut Self, field: Field| {
            if !cells.has(field)
                && let Some(texts) = above.texts.get(&field)
            {
                cells.texts.insert(field, texts.clone());
            }
        };
        if has_name && above.has(Field::OpenName) {
            take(self, Field::OpenFirstTier);
        } else if !named {
            self.name_carried = true;
            take(self, Field::OpenFirstTier);
            take(self, Field::OpenName);
        }
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.texts.contains_key(&field)
    }

    fn has_column(&self, field: Field) -> bool {
        self.columns.contains(&field)
    }

    pub(super) fn is_named(&self) -> bool {
        self.has(Field::OpenName) || self.has(Field::OpenFirstTier)
    }

    fn block(&self, field: Field) -> Option<String> {
        let joined = text::block(&self.texts.get(&field)?.join("\n"));
        text::something(&joined).map(str::to_owned)
    }

    fn name(&self, field: Field) -> Option<String> {
        let name = text::name(&self.texts.get(&field)?.join("\n"));
        text::something(&name).map(str::to_owned)
    }

    /// The words that a group of columns says: those of its kinds with a tick, those chosen in the one column that it has. What stands
    /// in the column of a kind and is no tick comes with the word of the kind.
    fn said(&self, field: Field) -> Vec<(String, Option<String>)> {
        let mut out = Vec::new();
        for (_, kind, text) in self.kinds.iter().filter(|(of, ..)| *of == field) {
            if ticks::is_tick(text) {
                out.push((kind.clone(), None));
            } else if !is_cross(text) {
                let rest = text.trim_start_matches(|c: char| "√✓✔■☑ \n".contains(c));
                out.push((kind.clone(), text::something(rest).map(text::name)));
            }
        }
        let known = |text: &str| {
            let word: String = text.chars().take_while(|c| !c.is_whitespace() && !"■□口、（(：:".contains(*c)).collect();
            kind_of(field, &word) || field == Field::OpenTo && (to_everyone(&word) || to_groups(&word))
        };
        for text in self.texts.get(&field).into_iter().flatten() {
            out.extend(boxes::words(text, &known).into_iter().map(|word| (word, None)));
        }
        out
    }
}

/// Whether a cell says that its kind does not hold.
fn is_cross(cell: &str) -> bool {
    matches!(text::squash(cell).as_str(), "×" | "✗" | "✘" | "✕" | "否" | "○" | "☐" | "□" | "口" | "-" | "—" | "/")
}

/// The row of a line: what it proposes, and what was found.
pub(super) fn row(cells: &Cells, place: Place, source: &Source, topic: Option<&str>, assembler: &mut Assembler) -> Row {
    let mut findings = cells.same.findings(cells.above.map(|row| row + 1));
    if !cells.continued.is_empty() {
        let rows: Vec<String> = cells.continued.iter().map(|row| (row + 1).to_string()).collect();
        let rows = rows.join(", ");
        findings.push(Finding::new(
            Severity::Info,
            "CONTINUATION",
            "row",
            format!("第{rows}行是本行的续行，内容已并入"),
            format!("rows {rows} go on with this one; their text was added to it"),
        ));
    }
    if cells.name_carried {
        findings.push(Finding::new(
            Severity::Info,
            "NAME_CARRIED",
            "name",
            "本行未写事项名称，取上一行的名称",
            "the row names no matter; that of the row above is taken",
        ));
    }
    let outcome = proposed(cells, &place, source, topic, assembler, &mut findings).unwrap_or_else(RowOutcome::from);
    Row { place, outcome, findings }
}

fn proposed(
    cells: &Cells,
    place: &Place,
    source: &Source,
    topic: Option<&str>,
    assembler: &mut Assembler,
    findings: &mut Vec<Finding>,
) -> Result<RowOutcome, Why> {
    let agency = agency(cells, source, assembler, findings)?;
    let entry = content(cells, topic, &agency, findings);
    assemble::accept(&entry, findings)?;
    let print = assemble::fingerprint(&entry);
    let code = match given_code(cells, findings) {
        Some(code) => assembler.publish(Register::Openness, code, &entry.agency, (place, print))?,
        None => assembler.assign(Register::Openness, identity(&entry, assembler), place, print)?,
    };
    let identity = if let ProposedCode::Assigned(parts) = &code { parts.clone() } else { Vec::new() };
    let source = Source { identity, ..source.clone() };
    let content = ProposedContent::CatalogueEntry(Box::new(entry));
    Ok(RowOutcome::Proposed(Box::new(Proposal { code, content, source, is_mention: false })))
}

/// What tells one line of a catalogue from every other: whose it is, its field of work and its matter of both tiers.
fn identity(entry: &CatalogueEntry, assembler: &Assembler) -> Vec<String> {
    let fold = |text: Option<&str>| text.map(text::fold).unwrap_or_default();
    vec![
        fold(assembler.agencies.publisher.as_deref()),
        entry.agency.to_string(),
        fold(entry.topic.as_deref()),
        fold(entry.first_tier.as_deref()),
        text::fold(&entry.name),
    ]
}

fn agency(cells: &Cells, source: &Source, assembler: &mut Assembler, findings: &mut Vec<Finding>) -> Result<Referred, Why> {
    let written = cells.block(Field::OpenAgency);
    let code = cells.name(Field::OpenAgencyCode).and_then(|code| text::squash(&code).parse::<Code>().ok());
    let name = cells.name(Field::OpenAgencyName).or_else(|| cells.name(Field::OpenAgency));
    if let (Some(code), Some(name)) = (code, name) {
        return Ok(assembler.agencies.coded(&code, &name, written.as_deref(), source));
    }
    let agency = assembler.agencies.refer(written.as_deref(), None, None, source)?;
    if agency.is_generic {
        findings.push(remarks::agency_generic(written.as_deref().unwrap_or_default()));
    }
    Ok(agency)
}

/// The code that the table gives: one that a register assigned names the same line everywhere.
fn given_code(cells: &Cells, findings: &mut Vec<Finding>) -> Option<ProposedCode> {
    let code = code(cells, Field::OpenCode, "code", findings)?;
    Some(if AssignedCode::recognise(code.as_str()) { ProposedCode::Published(code) } else { ProposedCode::Local(code) })
}

fn code(cells: &Cells, field: Field, path: &str, findings: &mut Vec<Finding>) -> Option<Code> {
    let written = text::squash(&cells.name(field)?);
    let code = written.parse().ok();
    if code.is_none() {
        findings.push(Finding::warning(
            "CODE_UNUSABLE",
            path,
            format!("“{}”列的“{written}”不能作为编码，未采用；请核对", field.zh()),
            format!("{written:?} in column {} cannot be a code and is not used; please check", field.name()),
        ));
    }
    code
}

fn content(cells: &Cells, topic: Option<&str>, agency: &Referred, findings: &mut Vec<Finding>) -> CatalogueEntry {
    let first = cells.name(Field::OpenFirstTier);
    let (name, first_tier) = match cells.name(Field::OpenName) {
        Some(name) => (name, first),
        None => (first.unwrap_or_default(), None),
    };
    let mut entry = CatalogueEntry::new(name, agency.code.clone());
    entry.first_tier = first_tier;
    entry.published_by.clone_from(&agency.exercised_by);
    entry.elements = cells.block(Field::OpenElements);
    let mut bases = |field: Field, path: &str| {
        let parse = parse_legal_bases(&cells.block(field).unwrap_or_default(), path);
        findings.extend(parse.findings);
        parse.bases
    };
    entry.legal_bases = bases(Field::OpenBasis, "legalBases");
    entry.restriction_bases = bases(Field::OpenRestriction, "restrictionBases");
    entry.restriction_reason = cells.block(Field::OpenReason);
    entry.time_limit = cells.block(Field::OpenLimit).and_then(|limit| DisclosureLimit::read(&limit));
    let mut unread = Unread::default();
    coded(cells, &mut entry, &mut unread, findings);
    entry.item = code(cells, Field::OpenItem, "item", findings);
    entry.guide = code(cells, Field::OpenGuide, "guide", findings);
    entry.step = cells.name(Field::OpenStep);
    // A column says it row by row, also by saying nothing.
    entry.topic = cells.name(Field::OpenTopic).or_else(|| topic.filter(|_| !cells.has_column(Field::OpenTopic)).map(str::to_owned));
    let remarks: Vec<String> = cells.block(Field::Remark).into_iter().chain(unread.0).collect();
    entry.remark = (!remarks.is_empty()).then(|| remarks.join("\n"));
    entry
}

/// Words that are on no code list: kept in the remark, with their column.
#[derive(Default)]
struct Unread(Vec<String>);

impl Unread {
    fn keep(&mut self, field: Field, words: &str, findings: &mut Vec<Finding>) {
        let kept = format!("{}：{words}", field.zh());
        findings.push(Finding::warning(
            "WORD_UNKNOWN",
            field.name(),
            format!("“{}”中的“{words}”不在代码表内，原文保留在备注中；请核对", field.zh()),
            format!("{words:?} in column {} is on no code list; its words are kept in the remark, please check", field.name()),
        ));
        self.0.push(kept);
    }
}

/// The columns of code lists.
fn coded(cells: &Cells, entry: &mut CatalogueEntry, unread: &mut Unread, findings: &mut Vec<Finding>) {
    carriers(cells, entry, findings);
    for (word, more) in cells.said(Field::OpenTo) {
        let squashed = text::squash(&word);
        let reach = if to_everyone(&squashed) { Reach::Everyone } else { Reach::Groups };
        // A word that is neither kind is the group itself: 申请人, 参保人员.
        let own = if to_everyone(&squashed) { None } else { groups_within(&word) };
        if !entry.open_to.contains(&reach) {
            entry.open_to.push(reach);
        }
        let named: Vec<String> = entry.groups.take().into_iter().chain(own).chain(more).collect();
        entry.groups = (!named.is_empty()).then(|| named.join("、"));
    }
    for (word, more) in cells.said(Field::OpenManner) {
        match Manner::from_name(&word) {
            Some(manner) if !entry.manner.contains(&manner) => entry.manner.push(manner),
            Some(_) => {}
            None => unread.keep(Field::OpenManner, &word, findings),
        }
        if let Some(more) = more {
            unread.keep(Field::OpenManner, &format!("{word}：{more}"), findings);
        }
    }
    for (word, more) in cells.said(Field::OpenLevel) {
        let levels = Level::from_name(&word).map_or_else(|| Level::several(&word), |level| vec![level]);
        if levels.is_empty() {
            unread.keep(Field::OpenLevel, &word, findings);
        }
        entry.levels.extend(levels);
        if let Some(more) = more {
            unread.keep(Field::OpenLevel, &format!("{word}：{more}"), findings);
        }
    }
    entry.open_to.sort_unstable();
    entry.manner.sort_unstable();
    entry.levels.sort_unstable();
    entry.levels.dedup();
    entry.attribute = match cells.name(Field::OpenAttribute) {
        Some(word) => attribute(&word).or_else(|| {
            unread.keep(Field::OpenAttribute, &word, findings);
            None
        }),
        None if cells.has_column(Field::OpenAttribute) => None,
        None => of_manner(&entry.manner),
    };
}

fn carriers(cells: &Cells, entry: &mut CatalogueEntry, findings: &mut Vec<Finding>) {
    let mut others = Vec::new();
    for (word, more) in cells.said_of_kinds(Field::OpenCarriers) {
        entry.carriers.extend(Carrier::split(&word).map(|(carrier, _)| carrier));
        others.extend(more);
    }
    for text in cells.texts.get(&Field::OpenCarriers).into_iter().flatten() {
        let chosen = boxes::carriers(text);
        entry.carriers.extend(chosen.carriers);
        others.extend(chosen.others);
    }
    entry.carriers.sort_unstable();
    entry.carriers.dedup();
    if !others.is_empty() {
        let words = others.join("、");
        findings.push(Finding::new(
            Severity::Info,
            "CARRIER_UNKNOWN",
            "otherCarriers",
            format!("“{words}”不在公开渠道和载体代码表内，保留原文"),
            format!("{words:?} is not on the list of channels and carriers; it is kept as written"),
        ));
    }
    entry.other_carriers = others;
}

impl Cells {
    /// [`Cells::said`] of the columns of kinds alone.
    fn said_of_kinds(&self, field: Field) -> Vec<(String, Option<String>)> {
        let kinds = self.kinds.iter().filter(|(of, ..)| *of == field).cloned().collect();
        Self { kinds, ..Self::default() }.said(field)
    }
}

/// The groups that are named behind 特定群体, or a word that is a group.
fn groups_within(word: &str) -> Option<String> {
    let rest = ["特定群体", "特定群众", "特定对象", "特定人群"].iter().find_map(|start| word.trim().strip_prefix(start)).unwrap_or(word);
    let rest = rest.trim_start_matches(|c: char| "：:_ ".contains(c));
    let bare = rest.strip_prefix(['（', '(']).and_then(|rest| rest.strip_suffix(['）', ')'])).unwrap_or(rest);
    text::something(bare).map(str::to_owned)
}

fn attribute(word: &str) -> Option<OpennessAttribute> {
    let squashed = text::squash(word);
    match squashed.strip_suffix("公开").unwrap_or(&squashed) {
        "主动" => Some(OpennessAttribute::Active),
        "部分" => Some(OpennessAttribute::Partial),
        "依申请" => Some(OpennessAttribute::OnRequest),
        "不予" | "不" => Some(OpennessAttribute::NotDisclosed),
        _ => None,
    }
}

/// What the manner says of the information, where no column does: both manners are a part of each.
fn of_manner(manner: &[Manner]) -> Option<OpennessAttribute> {
    match manner {
        [Manner::Active] => Some(OpennessAttribute::Active),
        [Manner::OnRequest] => Some(OpennessAttribute::OnRequest),
        [_, _] => Some(OpennessAttribute::Partial),
        _ => None,
    }
}
