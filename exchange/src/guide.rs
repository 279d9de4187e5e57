//! A line as a guide.

use domain::{
    envelope::Code,
    register::{CaseKind, Guide, Material, MaterialRequirement, OnlineService, Place, Register, Step},
    value::{AssignedCode, Audience, Contact, Finding, Severity, TimeLimit, Topic, parse_legal_bases, text},
};

use crate::{extended, faqs, fees::fees, field::Field, forms, parts, record::Record, same, window::window};

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
    let (audiences, others) = audiences(record);
    guide.audience = audiences;
    let persons = guide.audience.is_empty() || guide.audience.contains(&Audience::NaturalPerson);
    let topics = record.list(Field::Topics, &['，', ',', '；', ';', '\n']);
    guide.topics = topics.into_iter().map(|topic| if persons { Topic::person(topic) } else { Topic::organisation(topic) }).collect();
    guide.case_kind = record.first(Field::CaseKind).and_then(case_kind);
    (guide.statutory_limit, guide.statutory_note) =
        limit(record, Field::StatutoryLimit, Field::StatutoryUnit, Field::StatutoryNote, "statutoryLimit", findings);
    (guide.promised_limit, guide.promised_note) =
        limit(record, Field::PromisedLimit, Field::PromisedUnit, Field::PromisedNote, "promisedLimit", findings);
    guide.conditions = record.block(Field::Conditions);
    if !others.is_empty() {
        let words = others.join("、");
        findings.push(Finding::new(
            Severity::Info,
            "AUDIENCE_UNKNOWN",
            "audience",
            format!("服务对象“{words}”不在国家代码之内，原文保留在受理条件中"),
            format!("{words:?} is none of the national audiences; its words are kept with the conditions"),
        ));
        let words = format!("服务对象：{words}");
        guide.conditions = Some(guide.conditions.map_or_else(|| words.clone(), |conditions| format!("{words}\n{conditions}")));
    }
    let (forms, words) = forms::forms(record, findings);
    guide.handling_forms = forms;
    if let Some(words) = words {
        guide.conditions = Some(guide.conditions.map_or_else(|| words.clone(), |conditions| format!("{words}\n{conditions}")));
    }
    guide.faqs = faqs::faqs(record, findings);
    guide.quantity_limit = record.block(Field::QuantityLimit);
    guide.special_procedure = record.block(Field::SpecialProcedure);
    guide.intermediary_services = record.list(Field::Intermediary, &SIGNS);
    let steps = record.block(Field::Steps);
    guide.steps = steps.map(|content| Step { name: "办理流程".into(), content: Some(content), ..Step::default() }).into_iter().collect();
    guide.fees = fees(record, findings);
    guide.results = record.list(Field::Result, &SIGNS).into_iter().map(extended::outcome).collect();
    extended::fill(record, &mut guide, findings);
    guide.places = places(record);
    if let Some(hours) = record.block(Field::Hours).filter(|_| guide.places.is_empty()) {
        findings.push(Finding::warning(
            "HOURS_WITHOUT_PLACE",
            "places",
            "写明了办理时间而没有办理地点，该时间保留在受理条件中；请补充办理地点".to_owned(),
            "there are hours and no place, so the hours are kept with the conditions; add the place".to_owned(),
        ));
        let words = format!("办理时间：{hours}");
        guide.conditions = Some(guide.conditions.map_or_else(|| words.clone(), |conditions| format!("{conditions}\n{words}")));
    }
    guide.consult = record.block(Field::Consult).map(|cell| Contact::parse_all(&cell)).unwrap_or_default();
    guide.consult.extend(offline_contacts(record));
    guide.complain = record.block(Field::Complain).map(|cell| Contact::parse_all(&cell)).unwrap_or_default();
    guide.visits = record.first(Field::Visits).and_then(|visits| text::fold(visits).trim_end_matches('次').parse().ok());
    guide.visit_reason = record.block(Field::VisitReason);
    guide.delivery = record.flag(Field::Delivery);
    // Those that help stand with their heading.
    let helping = record.all(Field::Cooperating).iter().map(|cell| cell.split_once('：').map_or(cell.as_str(), |(_, names)| names));
    let joint = record.all(Field::JointAgencies).iter().map(String::as_str).chain(helping);
    guide.joint_agencies = joint.flat_map(|cell| parts::outside_brackets(cell, &['、', '；', ';', '\n'])).collect();
    guide.online = online(record, findings);
    let bases = parse_legal_bases(&record.block(Field::LegalBasis).unwrap_or_default(), "legalBases");
    findings.extend(bases.findings);
    guide.legal_bases = bases.bases;
    let catalogue = materials(record, &mut guide, findings);
    (guide, catalogue)
}

/// The audiences of a line, and the words that are none of the national ones.
fn audiences(record: &Record) -> (Vec<Audience>, Vec<String>) {
    let (mut known, mut others) = (Vec::new(), Vec::new());
    for word in record.list(Field::Audience, &SIGNS) {
        let (found, unknown) = Audience::parse_all(&word);
        for audience in found {
            if !known.contains(&audience) {
                known.push(audience);
            }
        }
        others.extend(unknown);
    }
    (known, others)
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
    let narrow = parts::narrow(written);
    let whole = if narrow.trim().bytes().all(|b| b.is_ascii_digit()) { format!("{narrow}{unit}") } else { narrow };
    match TimeLimit::parse_with_note(&whole) {
        Ok(None) => (None, note),
        Ok(Some((limit, said))) => {
            let words: Vec<_> = said.into_iter().chain(note).collect();
            (Some(limit), (!words.is_empty()).then(|| words.join("\n")))
        }
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

fn places(record: &Record) -> Vec<Place> {
    let hours = record.block(Field::Hours);
    let mut places: Vec<Place> = Vec::new();
    for line in record.all(Field::Place).iter().flat_map(|cell| cell.lines()) {
        let line = text::name(line.trim().trim_start_matches("办理地点").trim_start_matches(['：', ':']));
        // 无线下办理窗口: said in words, there is none.
        let says_none = (line.starts_with("无线下") || line.starts_with("无窗口")) && !line.contains(['号', '路', '街', '楼', '厅']);
        if text::something(&line).is_none() || says_none {
            continue;
        }
        let (address, window) = window(&line);
        places.push(Place { address, window, hours: hours.clone(), name: None });
    }
    places
}

/// What a source says of platform and booking where a case cannot be handled online: a guide with an online service counts as one
/// that can, so it is kept as ways to ask.
fn offline_contacts(record: &Record) -> Vec<Contact> {
    if record.flag(Field::IsOnline) != Some(false) {
        return Vec::new();
    }
    let fields = [Field::Platform, Field::Url, Field::MobileUrl, Field::AppointmentUrl];
    let contacts = fields.into_iter().flat_map(|field| {
        let parsed = record.first(field).map(Contact::parse_all).unwrap_or_default();
        parsed.into_iter().map(move |contact| Contact { note: Some(field.zh().to_owned()), ..contact })
    });
    contacts.collect()
}

fn online(record: &Record, findings: &mut Vec<Finding>) -> Option<OnlineService> {
    if record.flag(Field::IsOnline) == Some(false) {
        return None;
    }
    let mut service = OnlineService {
        platform: record.name(Field::Platform),
        url: record.first(Field::Url).map(text::squash),
        mobile_url: record.first(Field::MobileUrl).map(text::squash),
        appointment: record.flag(Field::Appointment),
        appointment_url: record.first(Field::AppointmentUrl).map(text::squash),
        payment: record.flag(Field::Payment),
        ..OnlineService::default()
    };
    extended::fill_online(record, &mut service, findings);
    let addresses = [&service.platform, &service.url, &service.mobile_url, &service.appointment_url];
    let said = record.flag(Field::IsOnline) == Some(true) || addresses.into_iter().any(Option::is_some);
    said.then_some(service)
}

/// Fills in the materials of a guide and gives those of the catalogue.
fn materials(record: &Record, guide: &mut Guide, findings: &mut Vec<Finding>) -> Vec<(Vec<String>, Material)> {
    let plain = record.all(Field::Materials).iter().flat_map(|cell| named_in(cell));
    let named = plain.filter(|name| text::something(name).is_some());
    let named = named.map(|name| MaterialRequirement { copies: copies(&name), name, ..Default::default() });
    guide.materials = if record.materials.is_empty() { named.collect() } else { record.materials.clone() };
    let all = guide.materials.len();
    guide.materials.retain(|material| !same::is_same(&material.name));
    if guide.materials.len() < all {
        findings.push(same::left_out(Field::Materials));
    }
    let mut catalogue = Vec::new();
    for material in &mut guide.materials {
        let identity = vec!["material".to_owned(), Material::key(&material.name)];
        let parts: Vec<&str> = identity.iter().map(String::as_str).collect();
        material.material = AssignedCode::new(Register::Material, &parts, 0).as_str().parse().ok();
        catalogue.push((identity, Material::new(material.name.clone())));
    }
    catalogue
}

/// How many copies the name of a material asks for, where it says one number: `申请表（原件2份）`, `照片一式两份`.
fn copies(name: &str) -> Option<u32> {
    let folded = text::fold(name);
    let mut all = folded.match_indices('份').filter_map(|(at, _)| {
        let before = &folded[..at];
        let number = before.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &before[number.len()..];
        let word = || before.chars().next_back().and_then(|c| "一二三四五六七八九".chars().position(|d| d == c)).map(|at| at + 1);
        let two = || before.ends_with('两').then_some(2);
        // 月份, 身份, 二十份: none, or more than is read here.
        digits.parse().ok().or_else(|| u32::try_from(two().or_else(word).filter(|_| !before.contains('十'))?).ok())
    });
    let first = all.next().filter(|copies| (1..=99).contains(copies));
    first.filter(|_| all.next().is_none())
}

/// The materials of a cell: numbered ones, or one a line and between semicolons.
fn named_in(cell: &str) -> Vec<String> {
    let numbered = parts::enumerated(cell);
    if numbered.is_empty() { parts::outside_brackets(cell, &['\n', '；', ';']) } else { numbered }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_fee_is_said_in_many_ways() {
        let standards = |values: &[(Field, &str)]| {
            let mut record = Record::default();
            for (field, value) in values {
                record.add(*field, value);
            }
            fees(&record, &mut Vec::new()).into_iter().map(|fee| fee.standard).collect::<Vec<_>>()
        };
        for free in ["0", "0元", "0.00", "免费", "不收费。"] {
            assert!(standards(&[(Field::Fees, free)]).is_empty(), "{free}");
        }
        assert_eq!(standards(&[(Field::IsFee, "是，16元/张")]), ["16元/张"]);
        assert!(standards(&[(Field::IsFee, "否")]).is_empty());
        assert_eq!(standards(&[(Field::Fees, "不收费，工本费除外")]), ["不收费，工本费除外"]);
    }

    #[test]
    fn words_for_no_window_are_no_place_and_an_address_after_them_is_one() {
        let read = |written: &str| {
            let mut record = Record::default();
            record.add(Field::Place, written);
            places(&record).into_iter().map(|place| place.address).collect::<Vec<_>>()
        };
        assert!(read("无线下办理窗口").is_empty() && read("无窗口").is_empty());
        for address in ["无窗口编号，到人民路1号一楼大厅办理", "无窗口限制（人民路1号综合窗口）"] {
            assert_eq!(read(address).len(), 1, "{address}");
        }
    }

    #[test]
    fn a_fee_is_one_without_its_standard_and_a_contradiction_is_told() {
        let read = |values: &[(Field, &str)]| {
            let mut record = Record::default();
            for (field, value) in values {
                record.add(*field, value);
            }
            let mut findings = Vec::new();
            let fees = fees(&record, &mut findings);
            let told: Vec<String> = findings.into_iter().map(|finding| finding.code.clone()).collect();
            (fees.into_iter().map(|fee| (fee.standard, fee.basis)).collect::<Vec<_>>(), told)
        };
        let basis = || Some("某号文".to_owned());
        assert_eq!(read(&[(Field::IsFee, "是")]), (vec![(String::new(), None)], vec![]));
        assert_eq!(read(&[(Field::IsFee, "是"), (Field::FeeBasis, "某号文")]), (vec![(String::new(), basis())], vec![]));
        assert_eq!(read(&[(Field::FeeBasis, "某号文")]), (vec![(String::new(), basis())], vec![]));
        let disagrees = || vec!["FEE_DISAGREES".to_owned()];
        assert_eq!(read(&[(Field::IsFee, "否"), (Field::Fees, "10元")]), (vec![("10元".into(), None)], disagrees()));
        assert_eq!(read(&[(Field::IsFee, "是"), (Field::Fees, "免费")]), (vec![("免费".into(), None)], disagrees()));
        assert_eq!(read(&[(Field::IsFee, "否"), (Field::FeeBasis, "某号文")]), (vec![], disagrees()));
        assert_eq!(read(&[(Field::IsFee, "否"), (Field::Fees, "0")]), (vec![], vec![]));
    }

    #[test]
    fn a_number_of_copies_is_read_from_the_name() {
        for (name, expected) in [
            ("申请表（原件2份）", Some(2)),
            ("身份证复印件1份", Some(1)),
            ("照片一式两份", Some(2)),
            ("一月份报表", None),
            ("身份证", None),
            ("原件1份、复印件2份", None),
        ] {
            assert_eq!(copies(name), expected, "{name}");
        }
    }

    #[test]
    fn hours_without_a_place_are_kept_in_words() {
        let mut record = Record::default();
        record.add(Field::Hours, "工作日9点至17点");
        let mut findings = Vec::new();
        let (guide, _) = build(&record, "甲".into(), "I1".parse().unwrap(), "A1".parse().unwrap(), &mut findings);
        assert_eq!((guide.places.len(), guide.conditions.as_deref()), (0, Some("办理时间：工作日9点至17点")));
        assert_eq!(findings[0].code, "HOURS_WITHOUT_PLACE");
        record.add(Field::Place, "甲路1号");
        let (guide, _) = build(&record, "甲".into(), "I1".parse().unwrap(), "A1".parse().unwrap(), &mut findings);
        assert_eq!((guide.places.len(), guide.conditions), (1, None));
    }

    #[test]
    fn a_limit_that_is_none_is_kept_in_words() {
        let mut record = Record::default();
        record.add(Field::StatutoryLimit, "按规定");
        record.add(Field::PromisedLimit, "２０");
        record.add(Field::PromisedUnit, "工作日");
        let mut findings = Vec::new();
        let (guide, _) = build(&record, "甲".into(), "I1".parse().unwrap(), "A1".parse().unwrap(), &mut findings);
        assert_eq!((guide.statutory_limit, guide.statutory_note.as_deref()), (None, Some("按规定")));
        assert_eq!(guide.promised_limit, Some(TimeLimit::working_days(20)));
        assert_eq!(findings[0].code, "LIMIT_UNREADABLE");
    }
}
