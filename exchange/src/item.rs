//! A line as an item.

use domain::{
    register::{Accountability, Duty, Item, LevyDetails, PenaltyDetails, PowerSource},
    value::{BasicCode, Finding, HandlingCode, ImplementationCode, ItemType, Level, Severity, TypeScheme, parse_legal_bases, text},
};

use crate::{agencies::Referred, error::why, field::Field, limits::CELL_CHARS, reading::Why, record::Record};

/// What surrounds a line and speaks where the line itself does not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    pub scheme: Option<TypeScheme>,
    pub section_type: Option<ItemType>,
    pub sheet_type: Option<ItemType>,
    pub list_type: Option<ItemType>,
}

/// The codes of a line, told apart by their shapes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Codes {
    pub handling: Option<HandlingCode>,
    pub implementation: Option<ImplementationCode>,
    pub basic: Option<String>,
    /// Any other code.
    pub other: Option<String>,
}

impl Codes {
    pub(crate) fn of(record: &Record) -> Self {
        let mut codes = Self::default();
        for written in record.all(Field::Code) {
            let code = text::squash(written);
            if let Ok(handling) = code.parse::<HandlingCode>() {
                codes.implementation.get_or_insert_with(|| handling.implementation().clone());
                codes.handling.get_or_insert(handling);
            } else if let Ok(implementation) = code.parse() {
                codes.implementation.get_or_insert(implementation);
            } else if code.parse::<BasicCode>().is_ok() {
                codes.basic.get_or_insert(code);
            } else {
                codes.other.get_or_insert(code);
            }
        }
        if let Some(basic) = record.first(Field::BasicCode) {
            codes.basic = Some(text::squash(basic));
        }
        codes
    }
}

/// The type of a line: in its own words, by its number, from its section, its sheet, or the title of the list.
pub(crate) fn item_type(record: &Record, around: &Surroundings, findings: &mut Vec<Finding>) -> Result<(ItemType, Option<String>), Why> {
    let number = record.first(Field::TypeCode).map(text::squash);
    if let Some(written) = record.first(Field::Type) {
        let squashed = text::squash(written);
        let by_number =
            || [TypeScheme::National, TypeScheme::Letters].iter().find_map(|scheme| around.scheme.unwrap_or(*scheme).item_type(&squashed));
        let found = ItemType::from_name(&squashed).or_else(by_number).ok_or_else(|| unknown_type(&squashed))?;
        let said = if squashed == found.zh() { number.filter(|number| number != found.code()) } else { Some(squashed) };
        return Ok((found, said));
    }
    if let Some(number) = number {
        let scheme = around.scheme.unwrap_or(TypeScheme::National);
        // The member may hold a name after all.
        let found = scheme.item_type(&number).or_else(|| ItemType::from_name(&number)).ok_or_else(|| unknown_type(&number))?;
        return Ok((found, Some(number).filter(|number| number != found.code() && number != found.zh())));
    }
    let derived = [
        (around.section_type, "分节标题", "its section"),
        (around.sheet_type, "工作表名称", "the name of its sheet"),
        (around.list_type, "清单标题", "the title of the list"),
    ];
    let Some((found, zh, en)) = derived.into_iter().find_map(|(found, zh, en)| Some((found?, zh, en))) else {
        return Err(why(
            "TYPE_MISSING",
            "缺少事项类型，分节标题、工作表名称和清单标题中也没有；请在源表中补齐",
            "the type is missing, and neither its section nor its sheet nor the title of the list gives it; add it in this row",
        ));
    };
    findings.push(Finding::new(
        Severity::Info,
        "TYPE_DERIVED",
        "type",
        format!("该行未写类型，按{zh}取“{}”", found.zh()),
        format!("the row gives no type; {en} says {}", found.zh()),
    ));
    Ok((found, None))
}

fn unknown_type(written: &str) -> Why {
    let shown: String = written.chars().take(40).collect();
    why(
        "TYPE_UNKNOWN",
        format!("事项类型“{shown}”不在十一种类型之内；请按行政许可、行政处罚等填写，仅有代码时用--scheme指明编号方式"),
        format!("{shown:?} is none of the eleven types; write 行政许可, 行政处罚 …, or name the numbering with --scheme"),
    )
}

/// The names of a line: its own, and that of the item it stands under.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub name: String,
    pub main: Option<String>,
    /// Sub-items that stand together in one cell.
    pub sub_items: Option<String>,
}

impl Names {
    /// `None` if there is no name at all.
    pub(crate) fn of(record: &Record) -> Option<Self> {
        let main = record.name(Field::Name).or_else(|| record.name(Field::MainName));
        let outer = record.name(Field::MainName).filter(|outer| Some(outer) != main.as_ref());
        let sub = record.first(Field::SubName);
        let Some(sub) = sub else { return main.map(|name| Self { name, main: outer, sub_items: None }) };
        let numbered = numbered_parts(sub);
        if numbered.len() > 1 {
            let list = numbered.iter().map(|part| text::name(part)).collect::<Vec<_>>().join("\n");
            return main.map(|name| Self { name, main: outer, sub_items: Some(list) });
        }
        let sub = text::name(without_number(sub));
        match main {
            Some(main) if text::fold(&main) != text::fold(&sub) && !sub.is_empty() => {
                Some(Self { name: sub, main: Some(main), sub_items: None })
            }
            Some(main) => Some(Self { name: main, main: outer, sub_items: None }),
            None => (!sub.is_empty()).then_some(Self { name: sub, main: outer, sub_items: None }),
        }
    }
}

/// `1.甲   2.乙` into its parts; the numbers must follow on each other from 1, or it is one text.
fn numbered_parts(cell: &str) -> Vec<&str> {
    let mut starts = Vec::new();
    for (i, _) in cell.char_indices() {
        let next = starts.len() + 1;
        let boundary = cell[..i].chars().next_back().is_none_or(|c| !c.is_ascii_digit());
        let rest = cell[i..].strip_prefix(&next.to_string()).filter(|_| boundary);
        if rest.is_some_and(|rest| rest.starts_with(['.', '．', '、'])) {
            starts.push(i);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([cell.len()]);
    starts.iter().zip(ends).map(|(start, end)| cell[*start..end].trim()).collect()
}

/// A name without the number that it begins with: `1.甲`, `（2）乙`, `3、丙`.
fn without_number(name: &str) -> &str {
    let name = name.trim();
    let inner = name.trim_start_matches(['（', '(']);
    let digits = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() == inner.len() || inner.len() - digits.len() > 3 {
        return name;
    }
    let rest = if inner.len() < name.len() { digits.strip_prefix(['）', ')']) } else { digits.strip_prefix(['.', '．', '、']) };
    rest.map_or(name, str::trim_start)
}

/// The item of a line. Its agency, type and names are settled already.
pub(crate) fn build(
    record: &Record,
    names: &Names,
    kind: (ItemType, Option<String>),
    agency: &Referred,
    codes: &Codes,
    findings: &mut Vec<Finding>,
) -> Item {
    let (item_type, type_as_written) = kind;
    let mut item = Item::new(names.name.clone(), item_type, agency.code.clone());
    item.main_name.clone_from(&names.main);
    item.type_as_written = type_as_written;
    item.exercised_by.clone_from(&agency.exercised_by);
    (item.level, item.authority) = level_and_authority(record);
    item.undertaking_office = record.name(Field::Office);
    item.entrusted_by = record.name(Field::EntrustedBy);
    item.basic_code.clone_from(&codes.basic);
    item.local_basic_code = record.first(Field::LocalBasicCode).map(text::squash);
    item.implementation_code = codes.implementation.as_ref().map(|code| code.as_str().to_owned());
    item.local_implementation_code = record.first(Field::LocalCode).map(text::squash).or_else(|| codes.other.clone());
    item.sequence = record.name(Field::Sequence);
    item.power_source = record.first(Field::PowerSource).and_then(power_source);
    item.agency_duty = record.block(Field::AgencyDuty);
    item.duties = record.block(Field::Duty).map(|cell| duties(&cell)).unwrap_or_default();
    let mut bases = |field: Field, path: &str| {
        let parse = parse_legal_bases(&record.block(field).unwrap_or_default(), path);
        findings.extend(parse.findings);
        parse.bases
    };
    item.legal_bases = bases(Field::LegalBasis, "legalBases");
    item.duty_bases = bases(Field::DutyBasis, "dutyBases");
    let accountability = Accountability { subjects: record.block(Field::Accountable), circumstances: record.block(Field::Accountability) };
    item.accountability = (accountability != Accountability::default()).then_some(accountability);
    item.remedies = record.block(Field::Remedies);
    item.penalty = record.block(Field::PenaltyMethod).filter(|_| item_type == ItemType::Penalty).map(|method| PenaltyDetails { method });
    let levy = record.block(Field::LevyKind).filter(|_| item_type == ItemType::Levy);
    item.levy = levy.map(|kind| LevyDetails { kind: Some(kind), reducible: None });
    let sub_items = names.sub_items.as_ref().map(|list| format!("子项：\n{list}"));
    let remarks: Vec<String> = sub_items.into_iter().chain(record.block(Field::Remark)).collect();
    item.remark = (!remarks.is_empty()).then(|| remarks.join("\n"));
    if let Some((field, _)) = record.longest().filter(|(field, bytes)| *bytes >= CELL_CHARS && is_cut(record, *field)) {
        findings.push(Finding::warning(
            "CELL_TRUNCATED",
            field.name(),
            format!("“{}”恰有{CELL_CHARS}个字符，为单元格上限，内容很可能被截断；请核对原文", field.zh()),
            format!(
                "{:?} has exactly {CELL_CHARS} characters, as many as a cell can hold; it was probably cut off, please check",
                field.zh()
            ),
        ));
    }
    item
}

fn is_cut(record: &Record, field: Field) -> bool {
    record.all(field).iter().any(|value| value.chars().map(char::len_utf16).sum::<usize>() == CELL_CHARS)
}

/// Level and authority, in a column each or together in one or two.
fn level_and_authority(record: &Record) -> (Option<Level>, Option<String>) {
    let written = record.first(Field::Level);
    let by_code = |text: &str| Level::from_code(&text::squash(text));
    let mut level =
        written.and_then(|text| Level::from_name(text).or_else(|| by_code(text)).or_else(|| Level::split(text).map(|(level, _)| level)));
    let mut texts: Vec<String> = Vec::new();
    // A level in words that are none is kept as authority, so that nothing is lost.
    let lost = written.filter(|_| level.is_none());
    for cell in lost.into_iter().chain(record.all(Field::LevelAuthority).iter().chain(record.all(Field::Authority)).map(String::as_str)) {
        let (found, rest) = match Level::split(cell) {
            Some((found, rest)) if level.is_none_or(|level| level == found) => (Some(found), rest),
            _ => (None, cell),
        };
        level = level.or(found);
        let rest = text::block(rest);
        if !rest.is_empty() && !texts.contains(&rest) {
            texts.push(rest);
        }
    }
    (level, (!texts.is_empty()).then(|| texts.join("\n")))
}

fn power_source(written: &str) -> Option<PowerSource> {
    match text::fold(written).as_str() {
        "1" | "法定本级行使" | "法定" => Some(PowerSource::Statutory),
        "2" | "上级下放" => Some(PowerSource::DevolvedFromAbove),
        "3" | "上级授权" => Some(PowerSource::AuthorisedFromAbove),
        "4" | "同级授权" => Some(PowerSource::AuthorisedByPeer),
        "5" | "上级委托" => Some(PowerSource::EntrustedFromAbove),
        "6" | "同级委托" => Some(PowerSource::EntrustedByPeer),
        _ => None,
    }
}

/// The duties of a cell: a new one at every line `直接实施责任：`; if there is none, at every line `1.受理责任：…`.
fn duties(cell: &str) -> Vec<Duty> {
    let plain = split_duties(cell, |line| stage(line));
    if plain.iter().any(|duty| duty.stage.is_some()) {
        return plain;
    }
    split_duties(cell, |line| {
        let unnumbered = without_number(line);
        (unnumbered.len() < line.len()).then(|| stage(unnumbered)).flatten()
    })
}

/// `受理责任：…` at the beginning of a line: the stage and what follows it.
fn stage(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.split_once(['：', ':'])?;
    let name = name.trim();
    let length = name.chars().count();
    // `1.受理责任：` is a part of its stage, or a stage once its number is off.
    (without_number(name).len() == name.len()
        && (3..=14).contains(&length)
        && name.ends_with("责任")
        && !name.contains(['，', '。', '；', ',']))
    .then_some((name, rest.trim_start()))
}

fn split_duties<'a>(cell: &'a str, stage: impl Fn(&'a str) -> Option<(&'a str, &'a str)>) -> Vec<Duty> {
    let mut duties = vec![Duty::default()];
    for line in cell.lines() {
        let rest = match stage(line.trim()) {
            Some((name, rest)) => {
                duties.push(Duty { stage: Some(name.to_owned()), ..Duty::default() });
                rest
            }
            None => line,
        };
        if let Some(duty) = duties.last_mut().filter(|_| !rest.is_empty()) {
            if !duty.content.is_empty() {
                duty.content.push('\n');
            }
            duty.content.push_str(rest);
        }
    }
    duties.retain(|duty| !duty.content.trim().is_empty());
    for duty in &mut duties {
        duty.content = text::block(&duty.content);
    }
    duties
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(values: &[(Field, &str)]) -> Record {
        let mut record = Record::default();
        for (field, value) in values {
            record.add(*field, value);
        }
        record
    }

    #[test]
    fn sub_items_bear_their_own_names() {
        let names = |name, sub| Names::of(&record(&[(Field::Name, name), (Field::SubName, sub)])).unwrap();
        let sub = names("矿山审查", "1.煤矿审查");
        assert_eq!((sub.name.as_str(), sub.main.as_deref()), ("煤矿审查", Some("矿山审查")));
        assert_eq!(names("矿山审查", "无").main, None);
        assert_eq!(names("矿山审查", "矿山审查").main, None);
        let several = names("采矿权审批", "1.新设采矿权审批             2.采矿权延续登记");
        assert_eq!((several.name.as_str(), several.sub_items.as_deref()), ("采矿权审批", Some("1.新设采矿权审批\n2.采矿权延续登记")));
        assert_eq!(names("甲", "（2）乙").name, "乙");
        assert_eq!(names("甲", "2024年度乙").name, "2024年度乙");
    }

    #[test]
    fn duties_come_apart_at_their_stages() {
        let got = duties("直接实施责任：\n1.受理责任：公示\n2.审查\n指导监督责任:\n3.指导");
        let got: Vec<_> = got.iter().map(|d| (d.stage.as_deref(), d.content.as_str())).collect();
        assert_eq!(got, [(Some("直接实施责任"), "1.受理责任：公示\n2.审查"), (Some("指导监督责任"), "3.指导")]);
        let got = duties("1.受理责任：公示\n2、审查责任：审查");
        assert_eq!(got[0].stage.as_deref(), Some("受理责任"));
        assert_eq!(got[1], Duty { stage: Some("审查责任".into()), content: "审查".into(), basis: vec![] });
        assert_eq!(duties("依法办理")[0].stage, None);
    }

    #[test]
    fn level_and_authority_are_told_apart() {
        let split = |values: &[(Field, &str)]| level_and_authority(&record(values));
        let both = split(&[(Field::LevelAuthority, "地州\n市级"), (Field::LevelAuthority, "负责本级")]);
        assert_eq!(both, (Some(Level::City), Some("负责本级".into())));
        assert_eq!(split(&[(Field::LevelAuthority, "地州市级；负责初审")]), (Some(Level::City), Some("负责初审".into())));
        assert_eq!(split(&[(Field::Level, "3"), (Field::Authority, "市级权限内")]).0, Some(Level::City));
        assert_eq!(split(&[(Field::Level, "分级管理")]), (None, Some("分级管理".into())));
    }

    #[test]
    fn codes_are_told_by_their_shape() {
        let codes = Codes::of(&record(&[(Field::Code, "11440000006940116U244010200300103"), (Field::BasicCode, "440102003001")]));
        assert_eq!(codes.implementation.unwrap().as_str(), "11440000006940116U2440102003001");
        assert!(codes.handling.is_some() && codes.other.is_none());
        assert_eq!(Codes::of(&record(&[(Field::Code, "XK-001")])).other.as_deref(), Some("XK-001"));
    }
}
