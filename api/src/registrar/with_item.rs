//! A guide that goes with its item has no event of it: what was decided stands with the item, and is told from there.

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    entry::{RepealNotice, State, item_of},
    envelope::Code,
    register::Item,
};
use journal::Loaded;
use projections::history::{Audience, Told, tell};

use super::sight::{Sight, last_public, sight};
use crate::auth::Caller;

/// The repeal of an item with which a guide goes.
#[derive(Debug, Clone)]
pub struct GoneWith {
    /// Code of the item.
    pub item: Code,
    /// When, why, by which document, and which item takes its place.
    pub notice: RepealNotice,
    /// The event of the item.
    pub told: Told,
}

/// The item that an entry ends with, as an audience may know of it; `None`: it is no guide.
pub fn item_of_state<C: Registered>(state: &State<C>, audience: Audience, now: DateTime<Utc>) -> Option<Code> {
    match audience {
        Audience::Keeper => state.item().cloned(),
        Audience::Public => last_public(state, now).and_then(|(_, shown)| item_of(shown.as_ref()).cloned()),
    }
}

/// As whom somebody is told of the repeal of the item of a guide; `None`: not at all, because the item is not theirs to know of. Whoever keeps the guide
/// knows that it is no more, and why, whoever answers for the item.
pub fn audience(caller: Option<&Caller>, item: &Loaded<Item>, of_guide: Audience, now: DateTime<Utc>) -> Option<Audience> {
    match (sight(caller, &item.state, &item.history, now), of_guide) {
        (Sight::Whole, _) => Some(Audience::Keeper),
        (Sight::Public, _) | (Sight::Nothing, Audience::Keeper) => Some(Audience::Public),
        (Sight::Nothing, Audience::Public) => None,
    }
}

/// The repeal of an item, as it is told with a guide; `own`: the repeal of the guide itself, which counts if it comes first.
pub fn gone_with(
    (code, item): (&Code, &Loaded<Item>),
    own: Option<&RepealNotice>,
    audience: Audience,
    now: DateTime<Utc>,
) -> Option<GoneWith> {
    let notice = item.state.repeal.as_ref().filter(|notice| notice.ends_before(own))?;
    let told = tell(&item.history, audience, now).into_iter().rfind(|told| told.kind == "repealed")?;
    Some(GoneWith { item: code.clone(), notice: notice.clone(), told })
}
