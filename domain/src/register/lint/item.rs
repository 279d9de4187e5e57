use super::{ITEM_NOT_IN_FORCE, ITEM_OF_OTHER_AGENCY};
use crate::{
    register::{Guide, Item},
    value::Finding,
};

/// What a guide is found to lack beside its item: it needs one in force, of the same agency. `item` is the published content of the
/// item that it names, if that is in force; a guide alone cannot tell.
pub fn guide_beside_item(guide: &Guide, item: Option<&Item>) -> Option<Finding> {
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
