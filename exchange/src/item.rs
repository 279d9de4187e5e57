//! A line as an item.

use domain::{
    register::{Accountability, Duty, Item, LevyDetails, PenaltyDetails, PowerSource},
    value::{BasicCode, Finding, HandlingCode, ImplementationCode, ItemType, Severity, parse_legal_bases, text},
};

use crate::{
    agencies::Referred,
    field::Field,
    levels::level_and_authority,
    limits::CELL_CHARS,
    parts::{narrow, numbered, without_any_number, without_number},
    record::Record,
};

/// The codes of a line, told apart by their shapes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Codes {
    pub handling: Option<HandlingCode>,
    pub implementation: Option<ImplementationCode>,
    pub basic: Option<String>,
    /// Any other code.
    pub other: Option<String>,
    /// Codes that are read otherwise than they are written: in signs of full width, or in small letters.
    pub rewritten: Vec<(String, String)>,
}

impl Codes {
    pub(crate) fn of(record: &Record) -> Self {
        let mut codes = Self::default();
        for written in record.all(Field::Code) {
            let code = codes.as_read(written);
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
            codes.basic = Some(codes.as_read(basic));
        }
        codes
    }

    /// A code in signs of half width, a national one in capitals.
    fn as_read(&mut self, written: &str) -> String {
        let squashed = text::squash(written);
        let mut code = narrow(&squashed);
        let capitals = code.to_ascii_uppercase();
        let is_national = capitals.parse::<HandlingCode>().is_ok() || capitals.parse::<ImplementationCode>().is_ok();
        if is_national || capitals.parse::<BasicCode>().is_ok() {
            code = capitals;
        }
        if code != squashed {
            self.rewritten.push((squashed, code.clone()));
        }
        code
    }

    /// What is to be said of codes that are read otherwise than they are written.
    pub(crate) fn findings(&self) -> impl Iterator<Item = Finding> + '_ {
        self.rewritten.iter().map(|(written, read)| {
            Finding::new(
                Severity::Info,
                "CODE_NORMALISED",
                "code",
                format!("编码“{written}”含全角字符或小写字母，按“{read}”读取；请在源表中改正"),
                format!("code {written:?} has signs of full width or small letters and is read as {read}; please mend it in the source"),
            )
        })
    }
}

/// Whether a text can only be a code: long, of letters and digits, with a letter and a digit in it.
pub(crate) fn is_plain_code(written: &str) -> bool {
    let code = narrow(&text::squash(written));
    let of_a_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    code.len() >= 8
        && code.chars().all(of_a_code)
        && code.contains(|c: char| c.is_ascii_digit())
        && (code.contains(|c: char| c.is_ascii_alphabetic()) || code.len() >= 12)
}

/// The code of a handling item that a line has: it names a guide, and with it its item.
pub(crate) fn handling_code(record: &Record) -> Option<String> {
    record.has(Field::Code).then(|| Codes::of(record).handling)?.map(|code| code.as_str().to_owned())
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
        let numbered = numbered(sub);
        if numbered.len() > 1 {
            let list = numbered.iter().map(|part| text::name(part)).collect::<Vec<_>>().join("\n");
            return main.map(|name| Self { name, main: outer, sub_items: Some(list) });
        }
        // （一）甲（二）乙: several in one cell, counted otherwise than in digits.
        let is_first = without_any_number(sub).len() < sub.trim().len();
        if is_first
            && ["（二）", "(二)", "\n二、", "②", "（2）", "(2)"].iter().any(|next| without_any_number(sub).contains(next))
            && main.is_some()
        {
            return main.map(|name| Self { name, main: outer, sub_items: Some(text::block(sub)) });
        }
        let sub = text::name(without_any_number(sub));
        match main {
            Some(main) if text::fold(&main) != text::fold(&sub) && !sub.is_empty() => {
                Some(Self { name: sub, main: Some(main), sub_items: None })
            }
            Some(main) => Some(Self { name: main, main: outer, sub_items: None }),
            None => (!sub.is_empty()).then_some(Self { name: sub, main: outer, sub_items: None }),
        }
    }
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
    (item.level, item.authority) = level_and_authority(record, findings);
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
    // The register has no place of its own for the basis of accountability: it follows the circumstances.
    let ground = record.block(Field::AccountabilityBasis).map(|words| format!("追责依据：\n{words}"));
    let circumstances: Vec<String> = record.block(Field::Accountability).into_iter().chain(ground).collect();
    let circumstances = (!circumstances.is_empty()).then(|| circumstances.join("\n"));
    let accountability = Accountability { subjects: record.block(Field::Accountable), circumstances };
    item.accountability = (accountability != Accountability::default()).then_some(accountability);
    item.remedies = record.block(Field::Remedies);
    item.penalty = record.block(Field::PenaltyMethod).filter(|_| item_type == ItemType::Penalty).map(|method| PenaltyDetails { method });
    let levy = record.block(Field::LevyKind).filter(|_| item_type == ItemType::Levy);
    item.levy = levy.map(|kind| LevyDetails { kind: Some(kind), reducible: None });
    let sub_items = names.sub_items.as_ref().map(|list| format!("子项：\n{list}"));
    let category = record.block(Field::Category).map(|category| format!("服务类别：{category}"));
    let remarks: Vec<String> = sub_items
        .into_iter()
        .chain(category)
        .chain(record.block(Field::OtherAgency))
        .chain(record.block(Field::Description))
        .chain(record.block(Field::Remark))
        .collect();
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
    // A cell wrapped by hand may cut the word that ends a stage: `直接实施责\n任：`.
    let cell = &lines_at_stages(&cell.replace("责\n任", "责任"));
    let plain = split_duties(cell, |line| stage(line));
    if plain.iter().any(|duty| duty.stage.is_some()) {
        return plain;
    }
    split_duties(cell, |line| {
        let unnumbered = without_number(line);
        (unnumbered.len() < line.len()).then(|| stage(unnumbered)).flatten()
    })
}

/// The cell with a line of its own for every `2、审查责任：` that stands within one: `1、受理责任：公示。2、审查责任：审查。`.
fn lines_at_stages(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len() + 8);
    for line in cell.lines() {
        let mut rest = line;
        let mut from = 0;
        while let Some(cut) = next_stage(rest, from) {
            out.push_str(rest[..cut].trim_end());
            out.push('\n');
            rest = rest[cut..].trim_start();
            from = 1;
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

/// Where the next numbered stage begins, after a sign that ends a sentence.
fn next_stage(line: &str, from: usize) -> Option<usize> {
    line.char_indices().filter(|(i, c)| *i >= from && matches!(c, '。' | '；' | ';')).find_map(|(i, c)| {
        let cut = i + c.len_utf8();
        let unnumbered = without_number(line[cut..].trim_start());
        (unnumbered.len() < line[cut..].trim_start().len() && stage(unnumbered).is_some()).then_some(cut)
    })
}

/// `受理责任：…` at the beginning of a line, or `指导监督责任` alone on it: the stage and what follows it.
fn stage(line: &str) -> Option<(&str, &str)> {
    // A stage has a short name: of a long line no more is looked at, as a cell may hold thousands of numbers.
    let mut signs = line.char_indices().take(40);
    let (name, rest) = match signs.find(|(_, c)| matches!(c, '：' | ':')) {
        Some((at, sign)) => (&line[..at], &line[at + sign.len_utf8()..]),
        None if line.len() > 160 => return None,
        None => (line, ""),
    };
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
        for sub in ["（一）城市低保", "一、城市低保", "①城市低保", "(1) 城市低保", "1、城市低保"] {
            assert_eq!(names("最低生活保障", sub).name, "城市低保", "{sub}");
        }
        let several = names("救助", "（一）临时救助\n（二）医疗救助");
        assert_eq!((several.name.as_str(), several.sub_items.as_deref()), ("救助", Some("（一）临时救助\n（二）医疗救助")));
        assert_eq!(names("（一）甲", "一次性补贴").main.as_deref(), Some("（一）甲"), "an item keeps its name: its code hangs on it");
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
    fn duties_on_one_line_and_under_a_bare_stage_come_apart() {
        let told = |cell: &str| -> Vec<(Option<String>, String)> { duties(cell).into_iter().map(|d| (d.stage, d.content)).collect() };
        let stages = [("受理责任", "公示。"), ("审查责任", "审查；"), ("决定责任", "决定。")].map(|(a, b)| (Some(a.into()), b.into()));
        assert_eq!(told("1、受理责任:公示。2、审查责任：审查； 3.决定责任：决定。"), stages);
        let stages = [("直接实施责任", "1.检查；"), ("指导监督责任", "2.指导。")].map(|(a, b)| (Some(a.into()), b.into()));
        assert_eq!(told("直接实施责任：\n1.检查；\n指导监督责任\n2.指导。"), stages);
        assert_eq!(told("直接实施责\n任：\n1.检查；\n指导监督责\n任：\n2.指导。"), stages);
        assert_eq!(told("依法追究其法律责任"), [(None, "依法追究其法律责任".into())]);
    }

    #[test]
    fn codes_are_told_by_their_shape() {
        let codes = Codes::of(&record(&[(Field::Code, "11440000006940116U244010200300103"), (Field::BasicCode, "440102003001")]));
        assert_eq!(codes.implementation.unwrap().as_str(), "11440000006940116U2440102003001");
        assert!(codes.handling.is_some() && codes.other.is_none());
        assert_eq!(Codes::of(&record(&[(Field::Code, "XK-001")])).other.as_deref(), Some("XK-001"));
        let wide = Codes::of(&record(&[(Field::Code, "１１４４００００００６９４０１１６ｕ２４４０１０２００３００１")]));
        assert_eq!(wide.implementation.as_ref().unwrap().as_str(), "11440000006940116U2440102003001");
        assert_eq!(wide.findings().map(|f| f.code.clone()).collect::<Vec<_>>(), ["CODE_NORMALISED"]);
        assert_eq!(Codes::of(&record(&[(Field::Code, "xk-001")])).other.as_deref(), Some("xk-001"), "a local code is as it is written");
    }
}
