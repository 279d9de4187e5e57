//! Checks of all registers. Each has a stable code; what a guide has to be beside them is in [`super::lint`].

use super::{
    Content, Guide, Item,
    published::{NotWithheld, not_withheld},
};
use crate::value::{
    BasicCode, Contact, ContactKind, Finding, HandlingCode, ImplementationCode, LegalBasis, OpennessAttribute, OpennessDefect, Region,
    has_other_scheme, is_web_address,
};

/// Art. 8(1): all but active need a reason and a basis, and what is partial names fields that can be withheld. Each finding is what a
/// submission is refused for.
pub fn openness<C: Content>(content: &C) -> Vec<Finding> {
    let of = content.openness();
    let defect = of.defect().map(|defect| {
        let (path, zh, en) = match defect {
            OpennessDefect::Reason => {
                ("openness.reason", "除主动公开外须依法依规说明理由", "an attribute other than active needs a reason")
            }
            OpennessDefect::Basis => {
                ("openness.basis", "除主动公开外须列明法律法规依据", "an attribute other than active needs a legal basis")
            }
            OpennessDefect::Withheld => {
                ("openness.withheld", "部分公开须列明不公开的要素", "a partial attribute names the fields that are withheld")
            }
            OpennessDefect::NotPartial => {
                ("openness.withheld", "只有部分公开才能列明不公开的要素", "only a partial attribute withholds fields")
            }
        };
        Finding::error("OPENNESS_INCOMPLETE", path, format!("{zh}（Art. 8(1)）"), format!("{en} (Art. 8(1))"))
    });
    let partial = of.attribute == OpennessAttribute::Partial;
    let named = of.withheld.iter().enumerate().filter(|_| partial);
    let wrong = named.filter_map(|(i, name)| {
        let (zh, en) = match not_withheld(content, name)? {
            NotWithheld::Unknown => (
                "不是该登记册内容的要素，请按要素名称填写（见 contentSchema）",
                "is no field of the content: name fields as contentSchema does",
            ),
            NotWithheld::Part => (
                "是要素的一部分；只能整项不公开，请写该要素的名称",
                "is a part of a field: fields are withheld whole, so give the name of the field",
            ),
            NotWithheld::Needed => {
                ("是必备要素，不能不公开；全部不公开请改公开属性", "cannot be done without: to show nothing, change the attribute")
            }
            NotWithheld::Told => ("依法须公开，不能不公开（Art. 5(2)）", "has to be published by law (Art. 5(2))"),
        };
        Some(Finding::error("OPENNESS_INCOMPLETE", format!("openness.withheld[{i}]"), format!("“{name}”{zh}"), format!("{name:?} {en}")))
    });
    defect.into_iter().chain(wrong).collect()
}

/// A division has a code of its shape: what it is filed under follows from it.
pub(super) fn region(region: Option<&Region>) -> Option<Finding> {
    let code = region.map(|region| region.code.as_str()).filter(|code| Region::new(code, None).is_none())?;
    Some(Finding::warning(
        "REGION_CODE",
        "region.code",
        format!("行政区划代码“{code}”应为6、9或12位数字，已照原样保留，请核对"),
        format!("a division is a code of 6, 9 or 12 digits, not {code:?}; kept as given, please check"),
    ))
}

/// An address of which pages make a link is one of the web: what else a browser follows may run in the page. Kept as a list has it, and then shown
/// as no address.
fn web_address(path: impl Into<String>, text: Option<&str>) -> Option<Finding> {
    text.filter(|text| !is_web_address(text)).map(|text| not_web(path, text))
}

/// The same of what may be an address, or the number of a file.
fn no_other_scheme(path: impl Into<String>, text: Option<&str>) -> Option<Finding> {
    text.filter(|text| has_other_scheme(text)).map(|text| not_web(path, text))
}

/// The same of contacts that say they are addresses of the web.
pub(super) fn contacts<'c>(path: &'c str, contacts: &'c [Contact]) -> impl Iterator<Item = Finding> + 'c {
    let web = contacts.iter().enumerate().filter(|(_, contact)| contact.kind == ContactKind::Web);
    web.filter_map(move |(i, contact)| web_address(format!("{path}[{i}].value"), Some(&contact.value)))
}

/// All addresses of a guide.
pub(super) fn addresses(guide: &Guide) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, material) in guide.materials.iter().enumerate() {
        findings.extend(no_other_scheme(format!("materials[{i}].blankForm"), material.blank_form.as_deref()));
        findings.extend(no_other_scheme(format!("materials[{i}].sample"), material.sample.as_deref()));
    }
    for (i, result) in guide.results.iter().enumerate() {
        findings.extend(no_other_scheme(format!("results[{i}].sample"), result.sample.as_deref()));
    }
    findings.extend(contacts("consult", &guide.consult));
    findings.extend(contacts("complain", &guide.complain));
    if let Some(online) = &guide.online {
        findings.extend(web_address("online.url", online.url.as_deref()));
        findings.extend(web_address("online.mobileUrl", online.mobile_url.as_deref()));
        findings.extend(web_address("online.appointmentUrl", online.appointment_url.as_deref()));
    }
    findings
}

fn not_web(path: impl Into<String>, text: &str) -> Finding {
    /// Most of it that is told.
    const MOST: usize = 200;
    let text: String = text.chars().take(MOST).collect();
    Finding::error(
        "ADDRESS_NOT_WEB",
        path,
        format!("“{text}”不是网址，不会作为链接显示；请写以http://或https://开头的完整网址，一处只写一个"),
        format!(
            "{text:?} is no address of the web and is not shown as a link: give one whole address that begins with http:// or https://"
        ),
    )
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
        register::{Abolished, Agency, Material},
        value::{ItemType, Level, Openness},
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

    fn wrong(content: &impl Content) -> Vec<(String, String)> {
        content.check().into_iter().filter(|f| f.code == "OPENNESS_INCOMPLETE").map(|f| (f.path, f.en)).collect()
    }

    fn withholding(fields: &[&str]) -> Openness {
        Openness {
            attribute: OpennessAttribute::Partial,
            withheld: fields.iter().map(|field| (*field).to_owned()).collect(),
            reason: Some("涉及商业秘密".into()),
            basis: vec![LegalBasis::as_written("条例")],
        }
    }

    #[test]
    fn each_name_that_cannot_be_withheld_is_told_with_its_place_and_why() {
        let openness = withholding(&["remark", "autority", "legalBases[0]", "name", "openness", "duties.content"]);
        let wrong = wrong(&Item { openness, ..item() });
        let paths: Vec<_> = wrong.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, [1, 2, 3, 4, 5].map(|i| format!("openness.withheld[{i}]")), "a known field may be empty");
        for (place, words) in
            [(0, "\"autority\" is no field"), (1, "is a part"), (2, "cannot be done without"), (3, "cannot be done without")]
        {
            assert!(wrong[place].1.contains(words), "{wrong:?}");
        }
    }

    #[test]
    fn that_a_proof_is_abolished_cannot_be_withheld() {
        let abolished = Some(Abolished { reason: "数据共享".into(), document: None });
        let material = Material { abolished, openness: withholding(&["abolished"]), ..Material::new("健在证明") };
        let [(path, words)] = &wrong(&material)[..] else { panic!("one finding") };
        assert!(path == "openness.withheld[0]" && words.contains("Art. 5(2)"), "{words}");
        assert!(wrong(&Material { openness: withholding(&["issuer"]), ..material }).is_empty());
    }

    #[test]
    fn what_openness_lacks_is_told_where_it_lacks() {
        let only = |openness| wrong(&Item { openness, ..item() }).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
        assert_eq!(only(Openness { reason: None, ..withholding(&["remark"]) }), ["openness.reason"]);
        assert_eq!(only(Openness { basis: vec![], ..withholding(&["remark"]) }), ["openness.basis"]);
        assert_eq!(only(withholding(&[])), ["openness.withheld"]);
        assert_eq!(only(Openness { attribute: OpennessAttribute::OnRequest, ..withholding(&["remark"]) }), ["openness.withheld"]);
    }

    #[test]
    fn a_division_that_is_none_is_told() {
        for (code, found) in [("440100", false), ("440103001", false), ("abc", true), ("4401", true), ("", true)] {
            let region = Some(Region { code: code.into(), name: None });
            let agency = Agency { name: "某局".into(), region: region.clone(), ..Agency::default() };
            for findings in [agency.check(), Item { region, ..item() }.check()] {
                assert_eq!(codes(&findings).contains(&"REGION_CODE"), found, "{code}");
            }
        }
    }
}
