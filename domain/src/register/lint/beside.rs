use super::{ITEM_NOT_IN_FORCE, ITEM_OF_OTHER_AGENCY, MATERIAL_ABOLISHED};
use crate::{
    register::{Beside, Guide, Item},
    value::Finding,
};

/// What a guide is found to lack beside the entries that it refers to.
pub(in crate::register) fn guide_beside(guide: &Guide, beside: &Beside) -> Vec<Finding> {
    let mut findings: Vec<_> = item(guide, beside.items.get(&guide.item).map(AsRef::as_ref)).into_iter().collect();
    findings.extend(abolished(guide, beside));
    findings
}

/// A guide needs an item in force, of the same agency.
fn item(guide: &Guide, item: Option<&Item>) -> Option<Finding> {
    match item {
        None => Some(ITEM_NOT_IN_FORCE.at(
            "item",
            format!("所办事项{}不在册，或已取消、暂停；请核对事项编码，或取消该指南", guide.item),
            format!("the item {} is not kept, or was repealed or suspended: check the code, or repeal the guide", guide.item),
        )),
        Some(item) if item.agency != guide.agency => Some(ITEM_OF_OTHER_AGENCY.at(
            "agency",
            format!("指南的机构{}与事项的机构{}不同；请核对", guide.agency, item.agency),
            format!("the guide is of agency {} and its item of {}: check them", guide.agency, item.agency),
        )),
        Some(_) => None,
    }
}

/// No guide asks for what nobody has to bring any more (Art. 5(2)).
fn abolished(guide: &Guide, beside: &Beside) -> Vec<Finding> {
    let asked = guide.materials.iter().enumerate().filter_map(|(i, asked)| Some((i, beside.materials.get(asked.material.as_ref()?)?)));
    asked
        .filter_map(|(i, material)| Some((i, &material.name, material.abolished.as_ref()?)))
        .map(|(i, name, abolished)| {
            MATERIAL_ABOLISHED.at(
                format!("materials[{i}]"),
                format!("“{name}”已取消，不得再要求提供（{}）；请删去该项材料", abolished.reason),
                format!("{name:?} was abolished and may not be asked for any more ({}): take it out", abolished.reason),
            )
        })
        .collect()
}
