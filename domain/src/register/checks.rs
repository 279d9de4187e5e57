//! Checks of all registers. Each has a stable code; what a guide has to be beside them is in [`super::lint`].

use super::{Guide, Item};
use crate::value::{BasicCode, Finding, HandlingCode, ImplementationCode, LegalBasis, Openness};

/// Art. 8(1): all but active need a reason and a basis.
pub(super) fn openness(openness: &Openness) -> Vec<Finding> {
    let finding = |defect| {
        Finding::error(
            "OPENNESS_INCOMPLETE",
            "openness",
            "公开属性不完整：除主动公开外须说明理由并列明依据，部分公开须列明不公开的要素（Art. 8(1)）",
            format!("openness is incomplete: {defect} (Art. 8(1))"),
        )
    };
    openness.defect().map(finding).into_iter().collect()
}

/// Bases whose title could not be read.
pub(super) fn bases(path: &str, bases: &[LegalBasis]) -> Vec<Finding> {
    let unparsed = bases.iter().enumerate().filter(|(_, basis)| !basis.is_parsed());
    unparsed
        .map(|(i, _)| {
            Finding::warning(
                "BASIS_UNPARSED",
                format!("{path}[{i}]"),
                "依据缺少可识别的名称，已整体保留原文",
                "the basis has no title that could be read, its text is kept whole",
            )
        })
        .collect()
}

/// Codes of an item have their shape and agree with each other.
pub(super) fn item_codes(item: &Item) -> Vec<Finding> {
    let mut findings = Vec::new();
    let basic = item.basic_code.as_deref().map(str::parse::<BasicCode>);
    if let Some(Err(error)) = &basic {
        findings.push(code_shape("basicCode", "基本编码", error));
    }
    match item.implementation_code.as_deref().map(str::parse::<ImplementationCode>) {
        Some(Err(error)) => findings.push(code_shape("implementationCode", "实施编码", &error)),
        Some(Ok(code)) => {
            findings.extend(code.credit_code().and_then(|credit| credit.finding("implementationCode")));
            if let Some(Ok(basic)) = &basic
                && basic.as_str() != code.basic().as_str()
            {
                findings.push(Finding::warning(
                    "CODES_DISAGREE",
                    "basicCode",
                    format!("基本编码{}与实施编码中的{}不一致，请核对", basic.as_str(), code.basic().as_str()),
                    format!("basic code {} differs from {} within the implementation code", basic.as_str(), code.basic().as_str()),
                ));
            }
            if let (Some(said), Some(coded)) = (item.level, code.level())
                && said != coded
            {
                findings.push(Finding::warning(
                    "LEVEL_DISAGREES",
                    "level",
                    format!("行使层级“{}”与实施编码中的“{}”不一致，请核对", said.zh(), coded.zh()),
                    format!("level {said:?} differs from {coded:?} within the implementation code"),
                ));
            }
        }
        None => {}
    }
    findings
}

/// The handling-item code has its shape.
pub(super) fn handling_code(guide: &Guide) -> Vec<Finding> {
    let parsed = guide.handling_code.as_deref().map(str::parse::<HandlingCode>);
    parsed.and_then(Result::err).map(|error| code_shape("handlingCode", "业务办理项编码", &error)).into_iter().collect()
}

fn code_shape(path: &str, zh: &str, error: &crate::value::CodeError) -> Finding {
    Finding::warning(
        "CODE_SHAPE",
        path,
        format!("{zh}不符合编码规则，已照原样保留，请核对"),
        format!("{error}; kept as published, please check"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        register::Content,
        value::{ItemType, Level},
    };

    fn codes(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|f| f.code.as_str()).collect()
    }

    fn item() -> Item {
        let mut item = Item::new("建筑工程施工许可", ItemType::Permission, "A1".parse().unwrap());
        item.legal_bases.push(LegalBasis { title: "建筑法".into(), ..LegalBasis::default() });
        item
    }

    #[test]
    fn a_sound_item_has_no_findings() {
        let item = Item {
            basic_code: Some("440101007000".into()),
            implementation_code: Some("11440000006939756B2440101007000".into()),
            level: Some(Level::Province),
            ..item()
        };
        assert_eq!(item.check(), []);
    }

    #[test]
    fn codes_that_disagree_are_kept_and_marked() {
        let item = Item {
            basic_code: Some("440101007001".into()),
            implementation_code: Some("11440000006939756A2440101007000".into()),
            level: Some(Level::City),
            ..item()
        };
        assert_eq!(codes(&item.check()), ["CREDIT_CODE_CHECK_DIGIT", "CODES_DISAGREE", "LEVEL_DISAGREES"]);
        let item = Item { basic_code: Some("无".into()), legal_bases: vec![LegalBasis::as_written("见文件")], ..item };
        assert_eq!(codes(&item.check())[0], "CODE_SHAPE");
        assert_eq!(codes(&item.check()).last(), Some(&"BASIS_UNPARSED"));
    }
}
