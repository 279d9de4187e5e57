use chrono::{DateTime, Utc};

use super::{
    ITEM_CEASES, ITEM_NOT_DISCLOSED, ITEM_NOT_IN_FORCE, ITEM_OF_OTHER_AGENCY, ITEM_SUSPENDED, ITEM_UPCOMING, MATERIAL_ABOLISHED,
    MATERIAL_ABOLISHED_LATER, MATERIAL_BY_NAME, MATERIAL_UNKNOWN,
};
use crate::{
    calendar::china::spoken,
    envelope::Code,
    register::{Abolition, Beside, Guide, Item, Material, Moment, Stands},
    value::Finding,
};

/// What a guide is found to lack beside the entries that it refers to.
pub(in crate::register) fn guide_beside(guide: &Guide, beside: &Beside, moment: Moment) -> Vec<Finding> {
    let is_drafted = matches!(moment, Moment::Drafted(_));
    let mut findings = match beside.items.get(&guide.item).filter(|item| !item.has_ceased(moment.at())) {
        Some(item) if !item.is_suspended(moment.at()) => beside_item(guide, item, moment),
        // From when on the draft is to hold is not decided yet: it may be meant for after that.
        Some(item) if is_drafted => [suspended(guide, item)].into_iter().chain(beside_item(guide, item, moment)).collect(),
        Some(_) | None => vec![ITEM_NOT_IN_FORCE.at(
            "item",
            format!("所办事项{}不在册，或已取消、暂停；请核对事项编码，或取消该指南", guide.item),
            format!("the item {} is not kept, or was repealed or suspended: check the code, or repeal the guide", guide.item),
        )],
    };
    findings.extend(materials(guide, beside, moment.at()));
    findings
}

/// A guide of a suspended item is not shown, and is approved for no day on which the item is suspended.
fn suspended(guide: &Guide, item: &Stands<Item>) -> Finding {
    let until = item.suspended_until.filter(|until| *until < DateTime::<Utc>::MAX_UTC).map(spoken);
    let zh = until.as_ref().map_or_else(|| "恢复之前".to_owned(), |until| format!("北京时间{until}恢复之前"));
    let en = until.map_or_else(|| "it is resumed".to_owned(), |until| format!("{until} China time"));
    ITEM_SUSPENDED.at(
        "item",
        format!("所办事项{}已暂停，{zh}指南不会显示；请以恢复之后的时间实施（Art. 10(2)）", guide.item),
        format!(
            "the item {} is suspended and its guide is not shown until {en}: let it take effect then or later (Art. 10(2))",
            guide.item
        ),
    )
}

/// A guide needs an item of the same agency that is shown wherever the guide is, and as long as it is.
fn beside_item(guide: &Guide, item: &Stands<Item>, moment: Moment) -> Vec<Finding> {
    let mut findings = Vec::new();
    let agency = &item.says_at(moment.at()).agency;
    // From when on a draft is to hold is not decided yet: it may be meant for after the item has moved.
    let is_meant = |agency: &Code| matches!(moment, Moment::Drafted(_)) && item.content.agency == *agency;
    if *agency != guide.agency && !is_meant(&guide.agency) {
        findings.push(ITEM_OF_OTHER_AGENCY.at(
            "agency",
            format!("指南的机构{}与事项的机构{agency}不同；请核对", guide.agency),
            format!("the guide is of agency {} and its item of {agency}: check them", guide.agency),
        ));
    }
    let begins = if guide.openness.reaches_channels() { item.shown_at(moment.at()) } else { Some(item.from) };
    match begins {
        None => findings.push(ITEM_NOT_DISCLOSED.at(
            "item",
            format!("所办事项{}不向社会公开，公开的指南不会显示；请先更改事项的公开属性，或调整指南的公开属性（Art. 8(1)）", guide.item),
            format!(
                "the item {} is not shown to the public, so a public guide of it would never be: change the openness of the one or of the other (Art. 8(1))",
                guide.item
            ),
        )),
        Some(begins) if begins > moment.at() => findings.push(not_yet(guide, begins, moment)),
        Some(_) => {}
    }
    if let (Moment::Drafted(_), Some(until)) = (moment, item.until) {
        findings.push(ITEM_CEASES.at(
            "item",
            format!("所办事项{}将于北京时间{}取消，该指南只能在此之前实施，并随之失效（Art. 10(2)）", guide.item, spoken(until)),
            format!(
                "the item {} ceases at {} China time: the guide can only take effect before, and goes with it (Art. 10(2))",
                guide.item,
                spoken(until)
            ),
        ));
    }
    findings
}

/// A guide is shown only while its item is: the date that is published with it has to be true (Art. 10(2)).
fn not_yet(guide: &Guide, begins: DateTime<Utc>, moment: Moment) -> Finding {
    let begins = spoken(begins);
    match moment {
        Moment::From(_) => ITEM_NOT_IN_FORCE.at(
            "item",
            format!("所办事项{}自北京时间{begins}起实施，指南不能早于该时间实施；请给出该时间或以后的实施时间（Art. 10(2)）", guide.item),
            format!(
                "the item {} is in force from {begins} China time and its guide cannot be before: give that time or a later one (Art. 10(2))",
                guide.item
            ),
        ),
        Moment::Drafted(_) | Moment::Held(_) => ITEM_UPCOMING.at(
            "item",
            format!("所办事项{}自北京时间{begins}起实施，指南在此之前不会显示；请不早于该时间实施（Art. 10(2)）", guide.item),
            format!(
                "the item {} is in force from {begins} China time and its guide is not shown before: let it take effect then or later (Art. 10(2))",
                guide.item
            ),
        ),
    }
}

/// A guide asks for what the catalogue has, and for nothing that nobody has to bring any more (Art. 5(2)).
fn materials(guide: &Guide, beside: &Beside, at: DateTime<Utc>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, asked) in guide.materials.iter().enumerate() {
        let Some(code) = &asked.material else {
            findings.extend(by_name(i, &asked.name, beside, at));
            continue;
        };
        let known = beside.materials.get(code);
        let abolition = known.and_then(|material| material.abolition(at));
        findings.extend(abolition.as_ref().map(|abolition| not_asked_for(i, abolition, at)));
        let is_abolished = abolition.is_some_and(|abolition| abolition.holds(at));
        if !is_abolished && known.is_none_or(|material| material.standing(at).is_none()) {
            findings.push(MATERIAL_UNKNOWN.at(
                format!("materials[{i}].material"),
                format!("材料目录中没有{code}，或已取消、暂停；请核对材料编码，或只写材料名称（Art. 5(2)）"),
                format!("the catalogue has no material {code}, or it was repealed or suspended: check the code, or name the material alone (Art. 5(2))"),
            ));
        }
    }
    findings
}

/// A guide asks for nothing that is abolished at the moment. What is announced to be may be asked for until its day, and the guide is to be revised
/// by then.
fn not_asked_for(i: usize, abolition: &Abolition<'_>, at: DateTime<Utc>) -> Finding {
    let (path, name, why) = (format!("materials[{i}]"), &abolition.material.name, &abolition.why.reason);
    let from = spoken(abolition.since);
    if abolition.holds(at) {
        return MATERIAL_ABOLISHED.at(
            path,
            format!("“{name}”自北京时间{from}起取消，此后不得再要求提供（“{why}”）；请删去该项材料"),
            format!("{name:?} is abolished since {from} China time and may not be asked for after that ({why:?}): take it out"),
        );
    }
    MATERIAL_ABOLISHED_LATER.at(
        path,
        format!("“{name}”将于北京时间{from}取消，此后不得再要求提供（“{why}”）；请在此之前修订该指南，自该时间起删去该项材料（Art. 5(2)）"),
        format!(
            "{name:?} is abolished from {from} China time on and may not be asked for after that ({why:?}): revise the guide by then and take it out \
             (Art. 5(2))"
        ),
    )
}

/// What is asked for by its name alone is what the catalogue has under that name: a proof that was abolished does not come back because
/// its code is left out, nor because it is called otherwise since. Of several of one name the abolished one counts, then the one that will be
/// first, and whoever means another gives its code.
fn by_name(i: usize, name: &str, beside: &Beside, at: DateTime<Utc>) -> Option<Finding> {
    let abolitions =
        beside.materials_named(name).filter_map(|(_, material)| material.abolition(at)).filter(|abolition| abolition.bears(name));
    if let Some(abolition) = abolitions.min_by_key(|abolition| abolition.since) {
        return Some(not_asked_for(i, &abolition, at));
    }
    let key = Material::key(name);
    let is_called = |material: &Stands<Material>| material.content.keys().any(|of| of == key);
    let (code, _) =
        beside.materials_named(name).find(|(_, material)| is_called(material) && material.from <= at && material.standing(at).is_some())?;
    Some(MATERIAL_BY_NAME.at(
        format!("materials[{i}].material"),
        format!("材料目录中已有“{name}”（{code}），请按编码引用（Art. 5(2)）"),
        format!("the catalogue has {name:?} as {code}: refer to it by that code (Art. 5(2))"),
    ))
}
