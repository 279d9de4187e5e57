//! Elements of guides that exports give as numbers of the national code lists, or as the words of these: 通办范围, 网上办理深度,
//! 审批结果类型, 实施主体性质 and their like.

use domain::{
    register::{AgencyNature, Guide, HandlingArea, OnlineDepth, OnlineService, Outcome, OutcomeKind},
    value::{Finding, text},
};

use crate::{field::Field, record::Record};

/// The value of a code list: number, words, meaning.
type Values<T> = &'static [(&'static str, &'static [&'static str], T)];

const AREAS: Values<HandlingArea> = &[
    ("1", &["全国", "全国通办"], HandlingArea::Nation),
    ("2", &["全省", "全省通办", "全自治区"], HandlingArea::Province),
    ("3", &["全市", "全市通办"], HandlingArea::City),
    ("4", &["全县", "全县通办", "全县(市、区)"], HandlingArea::County),
    ("5", &["全镇", "全镇(乡、街道)", "全镇(乡镇、街道)", "全乡"], HandlingArea::Township),
    ("6", &["跨村", "跨村(社区)"], HandlingArea::Villages),
];

const DEPTHS: Values<OnlineDepth> = &[
    ("1", &["互联网咨询"], OnlineDepth::Consultation),
    ("2", &["互联网收件"], OnlineDepth::Receipt),
    ("3", &["互联网预审"], OnlineDepth::Preview),
    ("4", &["互联网受理"], OnlineDepth::Acceptance),
    ("5", &["互联网办理"], OnlineDepth::Handling),
    ("6", &["互联网办理结果信息反馈", "互联网结果反馈"], OnlineDepth::Result),
    ("7", &["互联网电子证照反馈"], OnlineDepth::Certificate),
    ("9", &["其他"], OnlineDepth::Other),
];

const RESULTS: Values<OutcomeKind> = &[
    ("10", &["证照", "出证", "出证办结"], OutcomeKind::Certificate),
    ("20", &["批文", "出文", "出文办结"], OutcomeKind::Approval),
    ("30", &["其他"], OutcomeKind::Other),
];

const NATURES: Values<AgencyNature> = &[
    ("1", &["法定机关"], AgencyNature::StatutoryOrgan),
    ("2", &["授权组织", "法律法规授权组织"], AgencyNature::AuthorisedOrganisation),
    ("3", &["受委托组织"], AgencyNature::EntrustedOrganisation),
];

/// The values of a field by number or word, in the order of the line; a word that is none of them is told and left out.
fn values<T: Copy + 'static>(record: &Record, field: Field, list: Values<T>, path: &str, findings: &mut Vec<Finding>) -> Vec<T> {
    let mut found = Vec::new();
    for written in record.list(field, &[',', '，', ';', '；', '|', '\n']) {
        let folded = text::fold(&written);
        let plain = folded.trim_start_matches('0');
        match list.iter().find(|(number, words, _)| *number == plain || words.iter().any(|word| text::fold(word) == folded)) {
            Some((_, _, value)) => found.push(*value),
            None => findings.push(Finding::warning(
                "VALUE_UNKNOWN",
                path,
                format!("{}“{written}”不在国家代码之内，未导入；请改用国家代码或其名称", field.zh()),
                format!(
                    "{written:?} is none of the national values of {}, so it is not imported; use their numbers or words",
                    field.name()
                ),
            )),
        }
    }
    found
}

/// Fills in what a guide has of them.
pub(crate) fn fill(record: &Record, guide: &mut Guide, findings: &mut Vec<Finding>) {
    guide.handling_area = values(record, Field::HandlingArea, AREAS, "handlingArea", findings).first().copied();
    guide.in_service_hall = record.flag(Field::InServiceHall);
    let kinds = values(record, Field::ResultKind, RESULTS, "results.kind", findings);
    let samples = record.all(Field::ResultSample);
    for (number, result) in guide.results.iter_mut().enumerate() {
        // One kind is that of all results; several belong to one each.
        result.kind = kinds.get(if kinds.len() == 1 { 0 } else { number }).copied().unwrap_or(result.kind);
        result.sample = samples.get(number).map(|sample| text::squash(sample));
    }
    if guide.results.is_empty() && !samples.is_empty() {
        // Without a name it is no result; its sample is kept nowhere else.
        findings.push(Finding::warning(
            "RESULT_WITHOUT_NAME",
            "results",
            "有审批结果样本而无审批结果名称，未导入；请补充名称",
            "there is a sample of a result without a name, so it is not imported; complete the name",
        ));
    }
}

/// Fills in what an online service has of them; whether the line says anything of it.
pub(crate) fn fill_online(record: &Record, service: &mut OnlineService, findings: &mut Vec<Finding>) {
    // Of several depths the deepest says how far a case can be handled.
    let depths = values(record, Field::OnlineDepth, DEPTHS, "online.depth", findings);
    service.depth = depths.iter().copied().filter(|depth| *depth != OnlineDepth::Other).max().or(depths.first().copied());
    service.single_sign_on = record.flag(Field::SingleSignOn);
    service.mobile_single_sign_on = record.flag(Field::MobileSingleSignOn);
    service.terminals = record.flag(Field::Terminals);
}

/// The nature of the agency of a line.
pub(crate) fn nature(record: &Record, findings: &mut Vec<Finding>) -> Option<AgencyNature> {
    values(record, Field::AgencyNature, NATURES, "agency.nature", findings).first().copied()
}

/// A result by its name alone.
pub(crate) fn outcome(name: String) -> Outcome {
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
