//! A line as a guide.

use domain::{
    envelope::Code,
    register::{CaseKind, Fee, Guide, Material, MaterialRequirement, OnlineService, Outcome, OutcomeKind, Place, Register, Step},
    value::{AssignedCode, Audience, Contact, Finding, Money, TimeLimit, Topic, parse_legal_bases, text},
};

use crate::{field::Field, record::Record};

/// Signs between several values of one cell.
const SIGNS: [char; 6] = ['、', '，', ',', '；', ';', '\n'];

/// The guide of a line, and the catalogue materials that it asks for, each with the parts of its identity.
pub(crate) fn build(
    record: &Record,
    name: String,
    item: Code,
    agency: Code,
    findings: &mut Vec<Finding>,
) -> (Guide, Vec<(Vec<String>, Material)>) {
    let mut guide = Guide::new(name, item, agency);
    let written: Vec<String> = record.list(Field::OtherNames, &['，', ',', '；', ';', '\n']);
    guide.other_names = written.into_iter().filter(|other| *other != guide.name).collect();
    guide.audience = record.list(Field::Audience, &SIGNS).iter().filter_map(|word| audience(word)).collect();
    let persons = guide.audience.is_empty() || guide.audience.contains(&Audience::NaturalPerson);
    let topics = record.list(Field::Topics, &['，', ',', '；', ';', '\n']);
    guide.topics = topics.into_iter().map(|topic| if persons { Topic::person(topic) } else { Topic::organisation(topic) }).collect();
    guide.case_kind = record.first(Field::CaseKind).and_then(case_kind);
    (guide.statutory_limit, guide.statutory_note) =
        limit(record, Field::StatutoryLimit, Field::StatutoryUnit, Field::StatutoryNote, "statutoryLimit", findings);
    (guide.promised_limit, guide.promised_note) =
        limit(record, Field::PromisedLimit, Field::PromisedUnit, Field::PromisedNote, "promisedLimit", findings);
    guide.conditions = record.block(Field::Conditions);
    guide.quantity_limit = record.block(Field::QuantityLimit);
    guide.special_procedure = record.block(Field::SpecialProcedure);
    guide.intermediary_services = record.list(Field::Intermediary, &SIGNS);
    let steps = record.block(Field::Steps);
    guide.steps = steps.map(|content| Step { name: "办理流程".into(), content: Some(content), ..Step::default() }).into_iter().collect();
    guide.fees = fees(record);
    guide.results = record.list(Field::Result, &SIGNS).into_iter().map(outcome).collect();
    guide.places = places(record);
    guide.consult = record.block(Field::Consult).map(|cell| Contact::parse_all(&cell)).unwrap_or_default();
    guide.complain = record.block(Field::Complain).map(|cell| Contact::parse_all(&cell)).unwrap_or_default();
    guide.visits = record.first(Field::Visits).and_then(|visits| text::fold(visits).trim_end_matches('次').parse().ok());
    guide.visit_reason = record.block(Field::VisitReason);
    guide.delivery = record.flag(Field::Delivery);
    guide.joint_agencies = record.all(Field::JointAgencies).iter().flat_map(|cell| outside_split(cell)).collect();
    guide.online = online(record);
    let bases = parse_legal_bases(&record.block(Field::LegalBasis).unwrap_or_default(), "legalBases");
    findings.extend(bases.findings);
    guide.legal_bases = bases.bases;
    let catalogue = materials(record, &mut guide);
    (guide, catalogue)
}

/// By its name or its number.
fn audience(word: &str) -> Option<Audience> {
    let number = match word {
        "1" | "2" | "3" | "4" | "5" | "6" => word.parse::<usize>().ok().map(|n| n - 1),
        "9" => Some(6),
        _ => None,
    };
    Audience::from_name(word).or_else(|| Audience::ALL.get(number?).copied())
}

fn case_kind(word: &str) -> Option<CaseKind> {
    match text::fold(word).as_str() {
        "1" | "即办件" => Some(CaseKind::Instant),
        "2" | "承诺件" => Some(CaseKind::Promised),
        _ => None,
    }
}

/// A limit that can be reckoned with, or its words and a finding.
fn limit(
    record: &Record,
    field: Field,
    unit: Field,
    note: Field,
    path: &str,
    findings: &mut Vec<Finding>,
) -> (Option<TimeLimit>, Option<String>) {
    let note = record.block(note);
    let Some(written) = record.first(field) else { return (None, note) };
    // The numbers of units are not agreed on; their words are.
    let unit = record.first(unit).filter(|unit| unit.chars().any(|c| !c.is_ascii_digit())).unwrap_or_default();
    let whole = if written.trim().bytes().all(|b| b.is_ascii_digit()) { format!("{written}{unit}") } else { written.to_owned() };
    match TimeLimit::parse(&whole) {
        Ok(limit) => (limit, note),
        Err(error) => {
            findings.push(Finding::warning(
                "LIMIT_UNREADABLE",
                path,
                format!("时限“{written}”无法识别，已按原文保留；请写成“20个工作日”“7天”“2小时”或“即办”"),
                format!("{error}; its words {written:?} are kept"),
            ));
            let words = text::block(written);
            (None, Some(note.map_or_else(|| words.clone(), |note| format!("{words}\n{note}"))))
        }
    }
}

fn fees(record: &Record) -> Vec<Fee> {
    let free = record.flag(Field::IsFee) == Some(false);
    let standard = record.block(Field::Fees).filter(|text| !matches!(text.as_str(), "不收费" | "免费" | "否" | "无收费"));
    let Some(standard) = standard.filter(|_| !free) else { return Vec::new() };
    vec![Fee { name: "收费".into(), amount: Money::parse(&standard), basis: record.block(Field::FeeBasis), standard, ..Fee::default() }]
}

fn outcome(name: String) -> Outcome {
    let ends = |words: &[&str]| words.iter().any(|word| name.trim_end_matches(['》', '”']).ends_with(word));
    let kind = if ends(&["证", "证书", "执照", "许可证"]) {
        OutcomeKind::Certificate
    } else if ends(&["批复", "批文", "决定书", "决定", "意见"]) {
        OutcomeKind::Approval
    } else {
        OutcomeKind::Other
    };
    Outcome { name, kind, sample: None }
}

fn places(record: &Record) -> Vec<Place> {
    let hours = record.block(Field::Hours);
    let mut places: Vec<Place> = Vec::new();
    for line in record.all(Field::Place).iter().flat_map(|cell| cell.lines()) {
        let line = text::name(line.trim().trim_start_matches("办理地点").trim_start_matches(['：', ':']));
        // 无线下办理窗口: said in words, there is none.
        if text::something(&line).is_none() || line.starts_with("无线下") || line.starts_with("无窗口") {
            continue;
        }
        let (address, window) = window(&line);
        places.push(Place { address, window, hours: hours.clone(), name: None });
    }
    places
}

/// `…大厅2、3号窗口` into the address and the window or room.
fn window(line: &str) -> (String, Option<String>) {
    let trimmed = line.trim_end_matches(['）', ')', '。']);
    let of_a_number = |c: char| c.is_ascii_alphanumeric() || "、,，-—~至到和号所有".contains(c);
    for (end, needs_digit) in [("号窗口", true), ("号窗", true), ("窗口", false), ("房", true), ("室", true)] {
        let Some(head) = trimmed.strip_suffix(end) else { continue };
        let number = head.rfind(|c: char| !of_a_number(c)).map_or(0, |i| i + head[i..].chars().next().map_or(1, char::len_utf8));
        let number_text = &head[number..];
        let real = if needs_digit { number_text.chars().any(|c| c.is_ascii_digit()) } else { !number_text.is_empty() };
        if !real || number == 0 {
            continue;
        }
        // The number of the house before it is none of the window: 东风中路305号5号楼808房.
        let cut = if matches!(end, "房" | "室") { number_text.rfind('号').map_or(0, |i| i + '号'.len_utf8()) } else { 0 };
        let start = number + cut;
        let address = trimmed[..start].trim_end_matches(['（', '(', '，', ',']).to_owned();
        return if address.is_empty() || start == head.len() {
            (line.to_owned(), None)
        } else {
            (address, Some(trimmed[start..].to_owned()))
        };
    }
    (line.to_owned(), None)
}

/// Splits at `、` outside brackets.
fn outside_split(cell: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut out = vec![String::new()];
    for c in cell.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(c, '、' | '；' | ';' | '\n') {
            out.push(String::new());
        } else if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out.into_iter().map(|part| text::name(&part)).filter(|part| text::something(part).is_some()).collect()
}

fn online(record: &Record) -> Option<OnlineService> {
    if record.flag(Field::IsOnline) == Some(false) {
        return None;
    }
    let service = OnlineService {
        platform: record.name(Field::Platform),
        url: record.first(Field::Url).map(text::squash),
        mobile_url: record.first(Field::MobileUrl).map(text::squash),
        appointment: record.flag(Field::Appointment),
        appointment_url: record.first(Field::AppointmentUrl).map(text::squash),
        payment: record.flag(Field::Payment),
        ..OnlineService::default()
    };
    let said =
        record.flag(Field::IsOnline) == Some(true) || service.url.is_some() || service.platform.is_some() || service.mobile_url.is_some();
    said.then_some(service)
}

/// Fills in the materials of a guide and gives those of the catalogue.
fn materials(record: &Record, guide: &mut Guide) -> Vec<(Vec<String>, Material)> {
    let plain = record.all(Field::Materials).iter().flat_map(|cell| cell.lines()).map(text::name);
    let named = plain.filter(|name| text::something(name).is_some()).map(|name| MaterialRequirement { name, ..Default::default() });
    guide.materials = if record.materials.is_empty() { named.collect() } else { record.materials.clone() };
    let mut catalogue = Vec::new();
    for material in &mut guide.materials {
        let identity = vec!["material".to_owned(), text::fold(&material.name)];
        let parts: Vec<&str> = identity.iter().map(String::as_str).collect();
        material.material = AssignedCode::new(Register::Material, &parts, 0).as_str().parse().ok();
        catalogue.push((identity, Material::new(material.name.clone())));
    }
    catalogue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_told_from_the_address() {
        for (line, address, inner) in [
            ("某市下塘西路5号法律服务中心2、3号窗口", "某市下塘西路5号法律服务中心", Some("2、3号窗口")),
            ("某市东路160号大厦10楼(所有窗口)", "某市东路160号大厦10楼", Some("所有窗口")),
            ("某市中路305号5号楼808房", "某市中路305号5号楼", Some("808房")),
            ("某市东路701号一楼政务窗口", "某市东路701号一楼政务窗口", None),
            ("某市中路13号大厦4楼", "某市中路13号大厦4楼", None),
        ] {
            assert_eq!(window(line), (address.to_owned(), inner.map(str::to_owned)), "{line}");
        }
    }

    #[test]
    fn partners_keep_what_stands_in_their_brackets() {
        assert_eq!(outside_split("省级司法（审核、公开）、市级司法（受理）"), ["省级司法（审核、公开）", "市级司法（受理）"]);
    }

    #[test]
    fn a_limit_that_is_none_is_kept_in_words() {
        let mut record = Record::default();
        record.add(Field::StatutoryLimit, "按规定");
        record.add(Field::PromisedLimit, "20");
        record.add(Field::PromisedUnit, "工作日");
        let mut findings = Vec::new();
        let (guide, _) = build(&record, "甲".into(), "I1".parse().unwrap(), "A1".parse().unwrap(), &mut findings);
        assert_eq!((guide.statutory_limit, guide.statutory_note.as_deref()), (None, Some("按规定")));
        assert_eq!(guide.promised_limit, Some(TimeLimit::working_days(20)));
        assert_eq!(findings[0].code, "LIMIT_UNREADABLE");
    }
}
