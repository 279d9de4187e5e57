//! Checks of the openness catalogue. Each has a stable code; what a line has to be beside its item and its guide is at the end.

use super::{Check, checks};
use crate::{
    register::{Beside, CatalogueEntry, Guide, Item, Moment},
    value::{Finding, LegalBasis, Manner, OpennessAttribute, Reach, Severity, text},
};

checks! {
    /// All checks of lines of the openness catalogue.
    CATALOGUE_CHECKS:
    CATALOGUE_NO_ATTRIBUTE Error "已认定公开属性" "The attribute of the information is determined."
    CATALOGUE_NO_RESTRICTION_BASIS Error "非主动公开的列明依据" "What is not active has its legal basis."
    CATALOGUE_NO_ELEMENTS Error "公开的写明内容" "What is published says its content."
    CATALOGUE_NO_LIMIT Error "公开的写明时限" "What is published says its time limit."
    CATALOGUE_NO_MANNER Error "公开的写明方式" "What is published says its manner."
    CATALOGUE_NO_CARRIER Warning "写明渠道和载体" "What is published says where."
    CATALOGUE_NO_BASIS Warning "列明公开依据" "What is published has a legal basis."
    CATALOGUE_RESTRICTION_UNDUE Warning "主动公开的没有不公开的依据" "What is active has no basis for withholding."
    CATALOGUE_MANNER_DISAGREES Warning "公开方式与公开属性一致" "The manner agrees with the attribute."
    CATALOGUE_NO_LEVEL Warning "写明公开层级" "A line says its levels."
    CATALOGUE_GROUPS_UNNAMED Warning "写明特定群体是哪些人" "Groups that it is meant for are named."
    CATALOGUE_LIMIT_UNREAD Info "公开时限可换算成天数" "The time limit can be reckoned with."
    CATALOGUE_STEP_ALONE Warning "写明环节的关联事项或指南" "A step is that of an item or guide that is named."
    CATALOGUE_ITEM_NOT_IN_FORCE Warning "关联的事项在册有效" "The item that it is attached to is in force."
    CATALOGUE_GUIDE_NOT_IN_FORCE Warning "关联的办事指南在册有效" "The guide that it is attached to is in force."
    CATALOGUE_ATTACHED_APART Warning "关联的指南属于关联的事项" "The guide that it is attached to is of the item."
    CATALOGUE_STEP_UNKNOWN Warning "关联的事项或指南有该环节" "The step is one of the guide, or of the duties of the item."
}

/// What Art. 5(3) asks of a line: an attribute; for what is active its content, time limit, manner; for all else a legal basis.
pub(in crate::register) fn entry(entry: &CatalogueEntry) -> Vec<Finding> {
    let mut findings = Vec::new();
    match entry.attribute {
        None => findings.push(CATALOGUE_NO_ATTRIBUTE.at(
            "attribute",
            "未认定公开属性；请逐项认定为主动、部分、依申请或不予公开（Art. 5(3)）",
            "the attribute of the information is not determined; say active, partial, on request or not disclosed (Art. 5(3))",
        )),
        Some(OpennessAttribute::Active) => active(entry, &mut findings),
        Some(attribute) => {
            if attribute == OpennessAttribute::Partial {
                published(entry, &mut findings);
            }
            restricted(entry, &mut findings);
        }
    }
    findings.extend(manner(entry));
    loose_ends(entry, &mut findings);
    findings
}

fn active(entry: &CatalogueEntry, findings: &mut Vec<Finding>) {
    published(entry, findings);
    if !entry.restriction_bases.is_empty() || entry.restriction_reason.is_some() {
        findings.push(CATALOGUE_RESTRICTION_UNDUE.at(
            "restrictionBases",
            "主动公开的信息列有不公开的依据或理由；请核对公开属性",
            "the information is active and yet has a basis or reason for not disclosing; please check the attribute",
        ));
    }
}

/// For what is published, at least in part: content, time limit, manner (Art. 5(3)). The agency is a must-have of its own.
fn published(entry: &CatalogueEntry, findings: &mut Vec<Finding>) {
    if blank(entry.elements.as_deref()) {
        findings.push(CATALOGUE_NO_ELEMENTS.at(
            "elements",
            "公开的信息须明确公开内容（要素）（Art. 5(3)）",
            "what is published says its content (Art. 5(3))",
        ));
    }
    if entry.time_limit.as_ref().is_none_or(|limit| limit.text.trim().is_empty()) {
        findings.push(CATALOGUE_NO_LIMIT.at(
            "timeLimit",
            "公开的信息须明确公开时限（Art. 5(3)；一般为形成或者变更之日起7个工作日内，Art. 8(2)）",
            "what is published says its time limit (Art. 5(3); usually 7 working days from being formed or changed, Art. 8(2))",
        ));
    }
    if entry.manner.is_empty() {
        findings.push(CATALOGUE_NO_MANNER.at(
            "manner",
            "公开的信息须明确公开方式（Art. 5(3)）",
            "what is published says its manner (Art. 5(3))",
        ));
    }
    if entry.carriers.is_empty() && entry.other_carriers.is_empty() {
        findings.push(CATALOGUE_NO_CARRIER.at(
            "carriers",
            "未列公开渠道和载体，请补充",
            "no channel or carrier is named on which it is published, please add one",
        ));
    }
    if entry.legal_bases.is_empty() {
        findings.push(CATALOGUE_NO_BASIS.at("legalBases", "未列公开依据，请补充", "no legal basis is named, please add one"));
    }
}

fn restricted(entry: &CatalogueEntry, findings: &mut Vec<Finding>) {
    if !entry.restriction_bases.iter().any(LegalBasis::says_something) {
        findings.push(CATALOGUE_NO_RESTRICTION_BASIS.at(
            "restrictionBases",
            "非主动公开的信息须列出法律法规依据（Art. 5(3)）",
            "information that is not active needs the legal basis for that (Art. 5(3))",
        ));
    }
}

/// The manner agrees with the attribute.
fn manner(entry: &CatalogueEntry) -> Option<Finding> {
    let attribute = entry.attribute.filter(|_| !entry.manner.is_empty())?;
    let has = |manner| entry.manner.contains(&manner);
    let agrees = match attribute {
        OpennessAttribute::Active | OpennessAttribute::Partial => has(Manner::Active),
        OpennessAttribute::OnRequest => has(Manner::OnRequest) && !has(Manner::Active),
        OpennessAttribute::NotDisclosed => false,
    };
    (!agrees).then(|| {
        CATALOGUE_MANNER_DISAGREES.at(
            "manner",
            format!("公开方式与公开属性“{}”不一致，请核对", attribute.zh()),
            format!("the manner disagrees with the attribute {attribute:?}, please check"),
        )
    })
}

/// What is worth knowing and stops nothing.
fn loose_ends(entry: &CatalogueEntry, findings: &mut Vec<Finding>) {
    if entry.levels.is_empty() {
        findings.push(CATALOGUE_NO_LEVEL.at(
            "levels",
            "未列公开层级（市、县、乡三级，Art. 5(3)），请补充",
            "no level is named (city, county, township: Art. 5(3)), please add one",
        ));
    }
    if entry.open_to.contains(&Reach::Groups) && blank(entry.groups.as_deref()) {
        findings.push(CATALOGUE_GROUPS_UNNAMED.at(
            "groups",
            "公开对象为特定群体，但未写明是哪些人，请补充",
            "it is meant for groups that are not named, please name them",
        ));
    }
    if entry.time_limit.as_ref().is_some_and(|limit| !limit.is_read()) {
        findings.push(CATALOGUE_LIMIT_UNREAD.at(
            "timeLimit",
            "公开时限不能换算成天数，已保留原文；如“信息形成或者变更之日起20个工作日内”则可",
            "the time limit is none that can be reckoned with and is kept as written; 信息形成或者变更之日起20个工作日内 would be",
        ));
    }
    if entry.step.is_some() && entry.item.is_none() && entry.guide.is_none() {
        findings.push(CATALOGUE_STEP_ALONE.at(
            "step",
            "写明了产生环节，但未关联事项或办事指南，请补充其编码",
            "it names a step and neither the item nor the guide that has it, please add the code",
        ));
    }
}

fn blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

/// What a line is attached to, as far as it stands.
#[derive(Clone, Copy)]
struct Attached<'a> {
    item: Option<&'a Item>,
    guide: Option<&'a Guide>,
}

/// What is found of a line beside what it is attached to: that this is in force, belongs together, and has the step (Art. 5(3)).
pub(in crate::register) fn beside(entry: &CatalogueEntry, beside: &Beside, moment: Moment) -> Vec<Finding> {
    let item = entry.item.as_ref().and_then(|code| beside.items.get(code)?.standing(moment.at()));
    let guide = entry.guide.as_ref().and_then(|code| beside.guides.get(code)?.standing(moment.at()));
    let attached = Attached { item, guide };
    let mut findings = Vec::new();
    if let (Some(code), None) = (&entry.item, attached.item) {
        findings.push(CATALOGUE_ITEM_NOT_IN_FORCE.at(
            "item",
            format!("关联的事项{code}不存在或未生效，请核对"),
            format!("item {code}, to which it is attached, is not in force; please check"),
        ));
    }
    if let (Some(code), None) = (&entry.guide, attached.guide) {
        findings.push(CATALOGUE_GUIDE_NOT_IN_FORCE.at(
            "guide",
            format!("关联的办事指南{code}不存在或未生效，请核对"),
            format!("guide {code}, to which it is attached, is not in force; please check"),
        ));
    }
    if let (Some(item), Some(guide)) = (&entry.item, attached.guide)
        && guide.item != *item
    {
        findings.push(CATALOGUE_ATTACHED_APART.at(
            "guide",
            format!("关联的办事指南属于事项{}，而非{item}，请核对", guide.item),
            format!("the guide that it is attached to is of item {}, not of {item}; please check", guide.item),
        ));
    }
    findings.extend(step(entry, attached));
    findings
}

fn step(entry: &CatalogueEntry, attached: Attached<'_>) -> Option<Finding> {
    let named = entry.step.as_deref().filter(|step| !step.trim().is_empty())?;
    let of_guide = attached.guide.map(|guide| guide.steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>());
    let of_item = || attached.item.map(|item| item.duties.iter().filter_map(|duty| duty.stage.as_deref()).collect());
    let steps = of_guide.or_else(of_item)?;
    if has_step(&steps, named) {
        return None;
    }
    let known = steps.join("、");
    Some(CATALOGUE_STEP_UNKNOWN.at(
        "step",
        format!("所关联的事项或办事指南没有环节“{named}”（有：{known}），请核对"),
        format!("there is no step {named:?} in what it is attached to (there are: {known}), please check"),
    ))
}

/// By its number, or by its name; a stage of duties may be called 受理责任.
fn has_step(steps: &[&str], named: &str) -> bool {
    let folded = text::fold(named);
    if let Ok(number) = folded.parse::<usize>() {
        return (1..=steps.len()).contains(&number);
    }
    steps.iter().any(|step| {
        let step = text::fold(step);
        step == folded || step.strip_suffix("责任") == Some(folded.as_str())
    })
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
