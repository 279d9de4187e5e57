use std::{borrow::Cow, fmt::Debug};

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Beside, Moment, Register,
    handover::{Handover, Reformed, reformed},
};
use crate::{
    envelope::Code,
    value::{Finding, Openness, OpennessAttribute, text},
};

/// Longest name of an entry, in characters (`task_name varchar(1000)` of the national element list).
pub const MAX_NAME_CHARS: usize = 1_000;

/// Largest content that is given, by people or by a list, in bytes of its JSON: what a request of 256 KiB has room for beside the rest of
/// it. What a list brought could otherwise never be corrected.
pub const MAX_CONTENT_BYTES: usize = 192 * 1024;

/// Largest content that is kept, in bytes. An append of an event store is at most 1 MiB with everything around the content. Lists brought
/// such contents before they had the limit of everybody; a reform hands them over as they are.
pub const MAX_KEPT_BYTES: usize = 900 * 1024;

/// A must-have that is missing: the content cannot be kept at all, whatever its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incomplete {
    /// The field, e.g. `name`.
    pub path: &'static str,
    /// What is missing and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// What an entry of a register says.
pub trait Content: Clone + Debug + PartialEq + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// The register it belongs to.
    const REGISTER: Register;

    /// Its name, as shown in lists.
    fn name(&self) -> &str;

    /// Whether and how it may be published (Art. 8(1)).
    fn openness(&self) -> &Openness;

    /// Whether anything of it, or of the information that it tells of, is withheld or given on request only: what an agency checks each
    /// November (Art. 8(3)).
    fn withholds(&self) -> bool {
        self.openness().attribute != OpennessAttribute::Active
    }

    /// The agency that answers for the entry: its approver publishes it (Art. 8(1)). `None`: no single agency, but the city.
    fn agency(&self) -> Option<&Code>;

    /// The entries that it refers to and cannot do without: an item its agency, a guide its item.
    fn refers_to(&self) -> Vec<(Register, &Code)>;

    /// The content after an institutional reform (Art. 5(1)): whatever field of it names the agency that hands over names the one
    /// that takes it on, and nothing else changes. `None`: the reform is not about it.
    fn handed_over(&self, handover: &Handover) -> Option<Self>;

    /// What a reform makes of it: another content, the same, or nothing because it is not about it.
    fn reformed(&self, handover: &Handover) -> Reformed<Self> {
        reformed(self, handover, Self::handed_over)
    }

    /// The must-haves.
    fn complete(&self) -> Result<(), Incomplete>;

    /// What the checks find.
    fn check(&self) -> Vec<Finding>;

    /// The entries that [`Content::check_beside`] has to know of.
    fn checked_beside(&self) -> Vec<(Register, &Code)> {
        Vec::new()
    }

    /// The names by which it asks for materials of the catalogue, where it gives no code: what they are called there it is checked beside too.
    fn asks_by_name(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Fields that are told even if they are named among those that are withheld: the law has them published.
    fn always_told(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether it says what the law has published and has stay published: an abolished proof (Art. 5(2)). Such an entry reaches the channels, and is
    /// neither suspended nor repealed.
    fn stays_public(&self) -> bool {
        false
    }

    /// The field in which a content that follows takes something back that [stays public](Content::stays_public), if it does. One person alone
    /// takes nothing of it back, and no list does.
    fn taken_back(&self, _after: &Self) -> Option<&'static str> {
        None
    }

    /// Whether it names the law on which it rests: without one nobody asks again for what [stays](Content::stays_public) abolished.
    fn rests_on_law(&self) -> bool {
        true
    }

    /// What is found when it is laid beside the entries that it refers to, as they stand at a moment. `code` is that of its own entry, which may
    /// be among those that are looked up.
    fn check_beside(&self, _code: &Code, _beside: &Beside, _moment: Moment) -> Vec<Finding> {
        Vec::new()
    }

    /// Whether it holds anything that only the counter sees.
    fn has_counter_only(&self) -> bool {
        false
    }

    /// What both channels show: the content without what only the counter sees.
    fn shared(&self) -> Cow<'_, Self> {
        Cow::Borrowed(self)
    }
}

/// The must-have of every register: a name of reasonable length.
pub(super) fn named(name: &str) -> Result<(), Incomplete> {
    let length = name.chars().count();
    if text::is_blank(name) {
        return Err(Incomplete {
            path: "name",
            zh: "缺少名称，或名称只有不可见的字符，请补充".into(),
            en: "the name is missing, or has only signs that are not seen: please add it".into(),
        });
    }
    if length > MAX_NAME_CHARS {
        return Err(Incomplete {
            path: "name",
            zh: format!("名称有{length}个字符，最多{MAX_NAME_CHARS}个；请核对是否错列"),
            en: format!("the name has {length} characters, {MAX_NAME_CHARS} at most; is it in the wrong column?"),
        });
    }
    Ok(())
}
