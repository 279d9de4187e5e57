use std::{collections::BTreeMap, sync::Arc};

use super::{Guide, Item, Material};
use crate::envelope::Code;

/// What is kept beside a content, as it was looked up: what the checks of [`super::Content::check_beside`] need to know of other
/// entries. A content alone cannot tell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// The items that it refers to, as they are published last, in force or upcoming; those that are repealed or suspended are left out.
    pub items: BTreeMap<Code, Arc<Item>>,
    /// The guides, as the items.
    pub guides: BTreeMap<Code, Arc<Guide>>,
    /// The materials that it refers to, as they are in force; one of which a further revision is upcoming is left out: what is to be
    /// abolished may be asked for until then.
    pub materials: BTreeMap<Code, Arc<Material>>,
}
