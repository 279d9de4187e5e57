//! What is looked up beside a content before it is submitted.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    entry::{Published, State},
    envelope::Code,
    register::{Beside, Content, Item, Material, Register},
};
use futures::{StreamExt, TryStreamExt, stream};
use journal::{Journal, LoadError, load};

use crate::registrar::sight::is_public;

/// Entries that are looked up at once.
const AT_ONCE: usize = 8;

/// The entries that the checks of a content have to know of, as they stand at a moment. What another agency does not publish is
/// left out: whoever submits may not know of it.
pub(super) async fn beside<C: Content>(journal: &dyn Journal, content: &C, now: DateTime<Utc>) -> Result<Beside, LoadError> {
    let referred = content.checked_beside();
    let of = |register: Register| referred.iter().filter(move |(of, _)| *of == register).map(|(_, code)| (*code).clone()).collect();
    Ok(Beside {
        items: known(journal, content, of(Register::Item), |item: &State<Item>| item.standing_at(now)).await?,
        materials: known(journal, content, of(Register::Material), |material: &State<Material>| material.latest_in_force_at(now)).await?,
    })
}

/// Of some entries the revision that counts, if whoever submits the content may know of it.
async fn known<C: Content, D: Registered>(
    journal: &dyn Journal,
    content: &C,
    codes: Vec<Code>,
    counts: impl Fn(&State<D>) -> Option<&Published<D>>,
) -> Result<BTreeMap<Code, Arc<D>>, LoadError> {
    let counts = &counts;
    let found = stream::iter(codes).map(|code| async move {
        let state = load::<D>(journal, &code).await?.state;
        let known = state.agency().is_some_and(|agency| agency.is_some() && agency == content.agency()) || is_public(&state);
        Ok::<_, LoadError>(counts(&state).filter(|_| known).map(|latest| (code, latest.content.clone())))
    });
    Ok(found.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await?.into_iter().flatten().collect())
}
