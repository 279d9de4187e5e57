//! What is looked up beside a content before it is submitted.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    entry::{Published, State},
    envelope::Code,
    register::{Beside, Content, Guide, Item, Material, Register, on_channel},
    value::Channel,
};
use futures::{StreamExt, TryStreamExt, stream};
use journal::{Journal, LoadError, load};

/// Entries that are looked up at once.
const AT_ONCE: usize = 8;

/// The entries that the checks of a content have to know of, as they stand at a moment. What others answer for is what they publish of
/// it, without withheld fields: whoever submits may not know of more.
pub(in crate::registrar) async fn beside<C: Content>(journal: &dyn Journal, content: &C, now: DateTime<Utc>) -> Result<Beside, LoadError> {
    let referred = content.checked_beside();
    let of = |register: Register| referred.iter().filter(move |(of, _)| *of == register).map(|(_, code)| (*code).clone()).collect();
    Ok(Beside {
        items: known(journal, content, of(Register::Item), |item: &State<Item>| item.standing_at(now)).await?,
        guides: known(journal, content, of(Register::Guide), |guide: &State<Guide>| guide.standing_at(now)).await?,
        materials: known(journal, content, of(Register::Material), |material: &State<Material>| material.latest_in_force_at(now)).await?,
    })
}

/// Of some entries the revision that counts, as far as whoever submits the content may know of it.
async fn known<C: Content, D: Registered>(
    journal: &dyn Journal,
    content: &C,
    codes: BTreeSet<Code>,
    counts: impl Fn(&State<D>) -> Option<&Published<D>>,
) -> Result<BTreeMap<Code, Arc<D>>, LoadError> {
    let counts = &counts;
    let found = stream::iter(codes).map(|code| async move {
        let state = load::<D>(journal, &code).await?.state;
        let own = state.agency().is_some_and(|agency| agency.is_some() && agency == content.agency());
        let shown = counts(&state).and_then(|latest| {
            let public = || Some(on_channel(&latest.content, latest.content_hash, Channel::Online)?.content);
            if own { Some(latest.content.clone()) } else { public() }
        });
        Ok::<_, LoadError>(shown.map(|shown| (code, shown)))
    });
    Ok(found.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await?.into_iter().flatten().collect())
}
