//! Exports of portals: one JSON object a line, or an array of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::value::{Finding, ItemType, TypeScheme, line_not_json, text};
use serde_json::{Map, Value};

use crate::{
    agencies::Agencies,
    assemble::{Assembler, Line},
    encoding::{self, UNREADABLE, line_unreadable},
    error::{damaged_json, why},
    field::Field,
    header::GUIDE_COLUMNS,
    headings::plain,
    item, keys,
    member::{add, is_something, value_type, wrong_forms},
    options::{Progress, ReadOptions},
    reading::{ListInfo, Place, Reading, Row, RowOutcome, Why},
    record::Record,
    remarks, title,
    types::Surroundings,
    wrapped::{Parsed, arrays_within, malformed, no_object, numbered, unwrapped},
};

/// Reads an export with an object a line.
pub(crate) fn read_lines(file: &str, text: &str, options: &ReadOptions, progress: &dyn Progress) -> Result<Vec<Reading>, Why> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let parsed: Vec<Parsed> = lines.map(|(number, line)| (number, object(line))).collect();
    if parsed.iter().all(|(_, line)| line.is_err()) {
        if text.contains(UNREADABLE) {
            return Err(encoding::unknown());
        }
        // One object over several lines, perhaps.
        return match serde_json::from_str(text) {
            Ok(Value::Object(object)) => read(file, vec![(1, Ok(object))], options, progress),
            Ok(_) => Err(no_object()),
            Err(cause) => Err(damaged_json(&cause)),
        };
    }
    read(file, parsed, options, progress)
}

/// Reads an export that is one array.
pub(crate) fn read_array(file: &str, text: &str, options: &ReadOptions, progress: &dyn Progress) -> Result<Vec<Reading>, Why> {
    let values: Vec<Value> = serde_json::from_str(text).map_err(|error| damaged_json(&error))?;
    read(file, numbered(values), options, progress)
}

fn object(line: &str) -> Result<Map<String, Value>, Why> {
    if line.contains(UNREADABLE) {
        return Err(line_unreadable());
    }
    serde_json::from_str(line).map_err(|error| malformed(line_not_json(&error)))
}

fn read(file: &str, parsed: Vec<Parsed>, options: &ReadOptions, progress: &dyn Progress) -> Result<Vec<Reading>, Why> {
    let parsed = unwrapped(parsed, |object| {
        let mut members = Members::new(&options.map);
        members.record(object, 1);
        members.is_list()
    });
    let arrays = arrays_within(&parsed);
    let mut members = Members::new(&options.map);
    let mut lines = Vec::with_capacity(parsed.len());
    for (number, object) in parsed {
        lines.push((number, object.map(|mut object| members.record(printable(&mut object), number))));
    }
    if !members.is_list() {
        return Err(members.no_names(&arrays));
    }
    progress.expect(lines.len() as u64);
    let records = || lines.iter().filter_map(|(_, record)| record.as_ref().ok()).map(|(record, _)| record);
    let scheme = options.scheme.or_else(|| scheme(records()));
    let region = options.region.as_ref().map(|region| region.code.clone()).or_else(|| widest_region(records()));
    let info = ListInfo {
        file: file.to_owned(),
        sheet: None,
        title: Some(title::of_file(file)),
        edition: options.edition.clone(),
        publisher: options.publisher.clone(),
        key: format!("portal:{}", region.unwrap_or_default()),
    };
    let mut assembler = Assembler::new(Agencies::new(options.publisher.clone(), options.region.clone()), options.region.clone());
    let around = Surroundings { scheme, ..Surroundings::default() };
    let (mut rows, mut in_remarks) = (Vec::with_capacity(lines.len()), false);
    // As a table: by its elements, or because a list of public services has any of them.
    let is_guides = members.is_guides() || members.guide_elements() > 0 && (title::is_service(file) || is_services(records(), scheme));
    for (number, record) in &mut lines {
        let place = Place { file: file.to_owned(), sheet: None, row: *number };
        rows.push(match record {
            Ok((record, wrong)) => {
                let handling = if is_guides { None } else { item::handling_code(record) };
                let is_guide = is_guides || handling.is_some();
                if !is_guide {
                    in_remarks = true;
                    remarks::keep_guide_elements(record);
                }
                let line = Line {
                    record,
                    around: &around,
                    source: options.source(&info, &place),
                    place,
                    shares_code: false,
                    mentions_item: handling.is_some(),
                };
                let mut findings = wrong.clone();
                findings.extend(handling.as_deref().map(remarks::handling_item));
                if is_guide { assembler.guide_row(&line, findings) } else { assembler.item_row(&line, findings) }
            }
            Err(why) => Row { place, outcome: RowOutcome::Rejected(why.clone()), findings: Vec::new() },
        });
        progress.advance(1);
    }
    let mut findings = members.unknown();
    findings.extend(members.left_out());
    findings.extend(members.of_guides.iter().filter(|_| in_remarks).map(|key| remarks::in_remark(key)));
    findings.extend(remarks::unused_maps(&options.map, |heading| members.known.keys().any(|key| plain(key) == plain(heading))));
    if options.edition.is_none() {
        findings.push(Finding::warning(
            "EDITION_UNKNOWN",
            "edition",
            "导出文件不带版次，无法判断新旧，也不会提出取消建议；请用--edition指明年份",
            "an export does not say its edition, so older and newer cannot be told apart and nothing is proposed for repeal; give its year with --edition",
        ));
    }
    Ok(vec![Reading { info, along: assembler.take_along(), rows, findings }])
}

/// The texts of an object without what is not shown as what it is.
fn printable(object: &mut Map<String, Value>) -> &Map<String, Value> {
    fn clean(value: &mut Value) {
        match value {
            Value::String(text) => *text = text::printable(std::mem::take(text)),
            Value::Array(values) => values.iter_mut().for_each(clean),
            Value::Object(object) => object.values_mut().for_each(clean),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    object.values_mut().for_each(clean);
    object
}

/// How the source numbers the types: the scheme that agrees with every line that gives name and number. Where no line gives
/// both, `21` is only known in Guangdong.
fn scheme<'a>(records: impl Iterator<Item = &'a Record> + Clone) -> Option<TypeScheme> {
    let numbers = records.clone().filter_map(|record| record.first(Field::TypeCode)).map(text::squash);
    let pairs: Vec<(String, ItemType)> = records
        .filter_map(|record| Some((text::squash(record.first(Field::TypeCode)?), ItemType::from_name(record.first(Field::Type)?)?)))
        .collect();
    let schemes = [TypeScheme::National, TypeScheme::Guangdong, TypeScheme::Older, TypeScheme::Letters];
    if pairs.is_empty() {
        return numbers.into_iter().any(|number| number == "21").then_some(TypeScheme::Guangdong);
    }
    schemes.into_iter().find(|scheme| pairs.iter().all(|(number, said)| scheme.item_type(number) == Some(*said)))
}

/// Whether all lines of an export that say their type are public services, and one does.
fn is_services<'a>(records: impl Iterator<Item = &'a Record>, scheme: Option<TypeScheme>) -> bool {
    let by_number = |record: &Record| scheme.unwrap_or(TypeScheme::National).item_type(&text::squash(record.first(Field::TypeCode)?));
    let types = records.filter_map(|record| record.first(Field::Type).and_then(ItemType::from_name).or_else(|| by_number(record)));
    let mut types = types.peekable();
    types.peek().is_some() && types.all(|found| found == ItemType::PublicService)
}

/// The widest division of an export: the code that all others lie within.
fn widest_region<'a>(records: impl Iterator<Item = &'a Record>) -> Option<String> {
    let codes = records.filter_map(|record| record.first(Field::RegionCode)).map(text::squash);
    codes.min_by_key(|code| (code.trim_end_matches('0').len(), code.clone()))
}

/// What the members of the objects mean; each key is looked up once.
struct Members<'a> {
    map: &'a [(String, Field)],
    known: HashMap<String, Option<(Field, usize)>>,
    /// Elements with values that are known and not kept, with their Chinese names.
    not_kept: BTreeMap<String, &'static str>,
    /// Members with values that only guides have a place for.
    of_guides: BTreeSet<String>,
}

impl<'a> Members<'a> {
    fn new(map: &'a [(String, Field)]) -> Self {
        Self { map, known: HashMap::new(), not_kept: BTreeMap::new(), of_guides: BTreeSet::new() }
    }

    /// The values of an object, and what was found about those that have another form than theirs.
    fn record(&mut self, object: &Map<String, Value>, line: u32) -> (Record, Vec<Finding>) {
        let mut wrong = Vec::new();
        let mut found: Vec<(Field, usize, &Value)> = Vec::new();
        for (key, value) in object {
            let meaning = match self.known.get(key) {
                Some(meaning) => *meaning,
                None => *self.known.entry(key.clone()).or_insert(keys::meaning(key, self.map)),
            };
            // What the caller says to leave out is left out without a word.
            if meaning.is_some_and(|(field, _)| field == Field::Ignored)
                && is_something(value)
                && !self.map.iter().any(|(heading, _)| plain(heading) == plain(key))
                && let Some(zh) = keys::not_kept(key)
            {
                self.not_kept.entry(key.clone()).or_insert(zh);
            }
            if let Some((field, rank)) = meaning.filter(|(field, _)| *field != Field::Ignored) {
                if (field.is_of_a_guide() || field.limit_beside().is_some()) && is_something(value) && !self.of_guides.contains(key) {
                    self.of_guides.insert(key.clone());
                }
                wrong.extend(wrong_forms(key, field, value).into_iter().map(|member| value_type(&member, line)));
                found.push((field, rank, value));
            }
        }
        found.sort_by_key(|(field, rank, _)| (*field, *rank));
        let mut record = Record::default();
        for (field, _, value) in found {
            // Names for the same thing fill in where the first has nothing; these add up.
            let adds_up = matches!(field, Field::OtherNames | Field::Topics | Field::Code);
            let filled = record.has(field) || field == Field::Materials && !record.materials.is_empty();
            if adds_up || !filled {
                if let (Field::Description, Value::String(text)) = (field, value) {
                    record.add(field, &format!("{}：{}", field.zh(), text::block(text)));
                    continue;
                }
                add(&mut record, field, value);
            }
        }
        (record, wrong)
    }

    fn has(&self, wanted: impl Fn(Field) -> bool) -> usize {
        let mut fields: Vec<Field> = self.known.values().flatten().map(|(field, _)| *field).filter(|field| wanted(*field)).collect();
        fields.sort_unstable();
        fields.dedup();
        fields.len()
    }

    fn is_list(&self) -> bool {
        self.has(|field| matches!(field, Field::Name | Field::CatalogueName)) > 0 && self.has(|field| field != Field::Ignored) >= 2
    }

    fn guide_elements(&self) -> usize {
        self.has(Field::is_of_a_guide)
    }

    fn is_guides(&self) -> bool {
        self.guide_elements() >= GUIDE_COLUMNS
    }

    fn unknown(&self) -> Vec<Finding> {
        let mut unknown: Vec<&String> = self.known.iter().filter(|(_, meaning)| meaning.is_none()).map(|(key, _)| key).collect();
        unknown.sort_unstable();
        let finding = |key: &String| {
            Finding::warning(
                "HEADING_UNKNOWN",
                key.clone(),
                format!("不认识的字段“{key}”，未导入；可用--map \"{key}=字段\"指明，或用--map \"{key}=ignored\"略过"),
                format!("member {key:?} is not known and not imported; say --map \"{key}=FIELD\" or --map \"{key}=ignored\""),
            )
        };
        unknown.into_iter().take(200).map(finding).collect()
    }

    /// Once for the file, whatever the number of lines that have it.
    fn left_out(&self) -> impl Iterator<Item = Finding> + '_ {
        self.not_kept.iter().map(|(key, zh)| {
            Finding::warning(
                "ELEMENT_NOT_KEPT",
                key.clone(),
                format!("字段“{key}”（{zh}）在登记册中没有对应要素，各行该值均未导入；可用--map \"{key}=ignored\"略过此提示"),
                format!("the register has no place for member {key:?}, so it is imported of no line; say --map \"{key}=ignored\" to be told no more"),
            )
        })
    }

    fn no_names(&self, arrays: &[String]) -> Why {
        let mut seen: Vec<&str> = self.known.keys().map(String::as_str).collect();
        seen.sort_unstable();
        let quoted = |names: &[&str], open: &str, close: &str, between: &str| {
            names.iter().take(20).map(|key| format!("{open}{key}{close}")).collect::<Vec<_>>().join(between)
        };
        let (zh_of, en_of) = (|names: &[&str]| quoted(names, "“", "”", "、"), |names: &[&str]| quoted(names, "\"", "\"", ", "));
        let held: Vec<&str> = arrays.iter().map(String::as_str).collect();
        let (zh, en) = if held.is_empty() {
            Default::default()
        } else {
            (
                format!("；其中{}各是一组对象，请将清单所在的一组单独存为文件", zh_of(&held)),
                format!("; {} are arrays of objects: save the one that is the list as a file of its own", en_of(&held)),
            )
        };
        why(
            "NO_HEADER",
            format!("对象中没有事项名称（如task_name）；出现的字段有：{}；可用--map \"字段名=name\"指明{zh}", zh_of(&seen)),
            format!(
                "the objects have no name of an item (task_name); they have: {}; say which it is with --map \"member=name\"{en}",
                en_of(&seen)
            ),
        )
    }
}
