//! Exports of portals: one JSON object a line, or an array of them.

use std::collections::{BTreeMap, HashMap};

use domain::{
    register::{MaterialForm, MaterialRequirement, MaterialSource, Necessity},
    value::{Finding, ItemType, TypeScheme, text},
};
use serde_json::{Map, Value};

use crate::{
    agencies::Agencies,
    assemble::{Assembler, Line},
    encoding::{self, UNREADABLE, line_unreadable},
    error::{damaged_json, why},
    field::Field,
    headings::plain,
    item, keys,
    options::{Progress, ReadOptions},
    reading::{ListInfo, Place, Reading, Row, RowOutcome, Why},
    record::Record,
    remarks, title,
    types::Surroundings,
    wrapped::{Parsed, arrays_within, malformed, numbered, unwrapped},
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
            Ok(_) => Err(damaged_json("no object")),
            Err(cause) => Err(damaged_json(cause)),
        };
    }
    read(file, parsed, options, progress)
}

/// Reads an export that is one array.
pub(crate) fn read_array(file: &str, text: &str, options: &ReadOptions, progress: &dyn Progress) -> Result<Vec<Reading>, Why> {
    let values: Vec<Value> = serde_json::from_str(text).map_err(damaged_json)?;
    read(file, numbered(values), options, progress)
}

fn object(line: &str) -> Result<Map<String, Value>, Why> {
    if line.contains(UNREADABLE) {
        return Err(line_unreadable());
    }
    serde_json::from_str(line).map_err(malformed)
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
    let mut rows = Vec::with_capacity(lines.len());
    for (number, record) in &lines {
        let place = Place { file: file.to_owned(), sheet: None, row: *number };
        rows.push(match record {
            Ok((record, wrong)) => {
                let line = Line { record, around: &around, source: options.source(&info, &place), place, shares_code: false };
                let mut findings = wrong.clone();
                let handling = if members.is_guides() { None } else { item::handling_code(record) };
                findings.extend(handling.as_deref().map(remarks::handling_item));
                let is_guide = members.is_guides() || handling.is_some();
                if is_guide { assembler.guide_row(&line, findings) } else { assembler.item_row(&line, findings) }
            }
            Err(why) => Row { place, outcome: RowOutcome::Rejected(why.clone()), findings: Vec::new() },
        });
        progress.advance(1);
    }
    let mut findings = members.unknown();
    findings.extend(members.left_out());
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
}

impl<'a> Members<'a> {
    fn new(map: &'a [(String, Field)]) -> Self {
        Self { map, known: HashMap::new(), not_kept: BTreeMap::new() }
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

    fn is_guides(&self) -> bool {
        self.has(Field::is_of_a_guide) >= 3
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
        let seen = seen.into_iter().take(20).collect::<Vec<_>>().join(", ");
        let held = arrays.join(", ");
        let (zh, en) = if arrays.is_empty() {
            Default::default()
        } else {
            (
                format!("；其中{held}各是一组对象，请将清单所在的一组单独存为文件"),
                format!("; {held} are arrays of objects: save the one that is the list as a file of its own"),
            )
        };
        why(
            "NO_HEADER",
            format!("对象中没有事项名称（如task_name）；出现的字段有：{seen}；可用--map \"字段名=name\"指明{zh}"),
            format!("the objects have no name of an item (task_name); they have: {seen}; say which it is with --map \"member=name\"{en}"),
        )
    }
}

/// Whether a value says anything.
fn is_something(value: &Value) -> bool {
    match value {
        Value::String(text) => text::something(text).is_some(),
        Value::Array(values) => values.iter().any(is_something),
        Value::Null => false,
        Value::Number(_) | Value::Bool(_) | Value::Object(_) => true,
    }
}

fn add(record: &mut Record, field: Field, value: &Value) {
    match value {
        Value::String(text) => record.add(field, text),
        Value::Number(number) => record.add(field, &number.to_string()),
        // No name, code or agency is a yes or no.
        Value::Bool(_) if field.is_identity() => {}
        Value::Bool(flag) => record.add(field, if *flag { "是" } else { "否" }),
        Value::Array(values) if field == Field::Materials && values.iter().any(Value::is_object) => {
            record.materials.extend(values.iter().filter_map(|value| material(value.as_object()?)));
        }
        Value::Array(values) => values.iter().for_each(|value| add(record, field, value)),
        Value::Null | Value::Object(_) => {}
    }
}

/// The members of a value that have another form than theirs, and so cannot be read: objects, and yes or no where a name stands.
fn wrong_forms(key: &str, field: Field, value: &Value) -> Vec<String> {
    /// What a material is told by, as text or number.
    const OF_MATERIAL: [&str; 16] = [
        "material_name",
        "materialname",
        "name",
        "is_need",
        "material_type",
        "material_format",
        "page_num",
        "page_format",
        "source_type",
        "source_explain",
        "by_law",
        "accept_stand",
        "fill_explain",
        "form_guid",
        "example_guid",
        "remark",
    ];
    let of_material = |object: &Map<String, Value>| -> Vec<String> {
        if material(object).is_none() {
            return vec![key.to_owned()];
        }
        let members = object.iter().filter(|(name, _)| OF_MATERIAL.iter().any(|known| name.eq_ignore_ascii_case(known)));
        members
            .filter(|(_, value)| !matches!(value, Value::String(_) | Value::Number(_) | Value::Null))
            .map(|(name, _)| format!("{key}.{name}"))
            .collect()
    };
    let mut wrong: Vec<String> = match value {
        Value::Object(_) => vec![key.to_owned()],
        Value::Bool(_) if field.is_identity() => vec![key.to_owned()],
        // Beside materials that are told member by member, a mere text has no place.
        Value::Array(values) if field == Field::Materials && values.iter().any(Value::is_object) => values
            .iter()
            .flat_map(|value| {
                value.as_object().map_or_else(|| if value.is_null() { Vec::new() } else { vec![key.to_owned()] }, of_material)
            })
            .collect(),
        Value::Array(values) => values.iter().flat_map(|value| wrong_forms(key, field, value)).collect(),
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => Vec::new(),
    };
    wrong.sort_unstable();
    wrong.dedup();
    wrong
}

fn value_type(member: &str, line: u32) -> Finding {
    Finding::warning(
        "VALUE_TYPE",
        member.to_owned(),
        format!("第{line}行的字段“{member}”不是文字或数字（或材料缺名称），该值未导入；请改正后重新导出"),
        format!(
            "member {member:?} of line {line} is neither text nor number, or a material without a name; that value is not imported: export it again"
        ),
    )
}

/// A material by the national element names.
fn material(object: &Map<String, Value>) -> Option<MaterialRequirement> {
    let text = |key: &str| {
        let value = object.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)?;
        let written = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        text::something(&written).map(text::block)
    };
    let name = text("material_name").or_else(|| text("materialname")).or_else(|| text("name")).map(|name| text::name(&name))?;
    Some(MaterialRequirement {
        name,
        material: None,
        necessity: match text("is_need").as_deref() {
            Some("2" | "非必要") => Necessity::Optional,
            Some("3" | "容缺后补") => Necessity::Later,
            _ => Necessity::Required,
        },
        kind: text("material_type"),
        forms: match text("material_format").as_deref() {
            Some("1" | "纸质") => vec![MaterialForm::Paper],
            Some("2" | "电子化" | "电子") => vec![MaterialForm::Electronic],
            Some("3" | "纸质/电子化" | "纸质和电子化") => vec![MaterialForm::Paper, MaterialForm::Electronic],
            _ => Vec::new(),
        },
        copies: text("page_num").and_then(|n| n.parse().ok()),
        paper: text("page_format"),
        source: match text("source_type").as_deref() {
            Some("10" | "申请人自备") => Some(MaterialSource::Applicant),
            Some("20" | "政府部门核发") => Some(MaterialSource::Government),
            Some("99" | "其他") => Some(MaterialSource::Other),
            _ => None,
        },
        source_note: text("source_explain"),
        basis: text("by_law"),
        acceptance: text("accept_stand"),
        instructions: text("fill_explain"),
        blank_form: text("form_guid"),
        sample: text("example_guid"),
        note: text("remark"),
        situations: Vec::new(),
    })
}
