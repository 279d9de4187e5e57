use domain::{
    codec::Registered,
    register::on_channel,
    value::{Channel, Hash, canonical},
};
use exchange::evidence::Revision;
use journal::Past;
use projections::Withheld;
use serde_json::Value;

use super::NoEvidence;

/// The revision that an event published, if it did; where only what everybody may know is asked for, if any of it is public, and without
/// its content if that says what is `withheld` by now. The hash stays that of what was shown: receipts and earlier evidence name it.
pub(super) fn of<C: Registered>(past: &Past<C>, withheld: Option<&Withheld>) -> Result<Option<Revision>, NoEvidence> {
    let Some(published) = past.event.publication() else { return Ok(None) };
    let public = withheld.is_some();
    let on = |channel| on_channel(published.content, published.content_hash, channel);
    let (online, counter) = (on(Channel::Online), on(Channel::Counter));
    if public && online.is_none() {
        return Ok(None);
    }
    let content_hash = online.as_ref().map(|online| online.shared_hash);
    let (mut online, counter) = (online.map(|of| of.content), counter.map(|of| of.content));
    if let (Some(withheld), Some(shown)) = (withheld, &online)
        && withheld.take_out(&mut serde_json::to_value(shown.as_ref())?, published.effective_from)
    {
        online = None;
    }
    let mut counter_only = Vec::new();
    if let (Some(online), Some(counter)) = (&online, &counter) {
        let (online, counter) = (serde_json::to_value(online.as_ref())?, serde_json::to_value(counter.as_ref())?);
        let fields = counter.as_object().into_iter().flat_map(|fields| fields.keys());
        counter_only.extend(fields.filter(|name| online.get(*name) != counter.get(*name)).cloned());
    }
    let online = match (&online, content_hash) {
        (Some(online), Some(hash)) => Some(as_hashed(canonical(online.as_ref())?, hash, &past.recorded.payload)?),
        _ => None,
    };
    let counter = match &counter {
        _ if public => None,
        Some(_) if counter_only.is_empty() => online.clone(),
        Some(counter) => Some(canonical(counter.as_ref())?),
        None => None,
    };
    if public {
        counter_only.clear();
    }
    Ok(Some(Revision {
        number: published.revision,
        version: (!public).then_some(past.recorded.version.0),
        effective_from: published.effective_from,
        approved_at: past.metadata.decided(),
        document: published.document.map(str::to_owned),
        content_hash,
        shown: [online, counter],
        counter_only,
    }))
}

/// A content in the form that has the hash. One that was recorded in an older form has the hash of that form (see `docs/adr/0005`).
fn as_hashed(form: Vec<u8>, hash: Hash, payload: &[u8]) -> Result<Vec<u8>, NoEvidence> {
    if Hash::of_bytes(&form) == hash {
        return Ok(form);
    }
    let recorded: Value = serde_json::from_slice(payload)?;
    let recorded = canonical(&recorded["content"])?;
    Ok(if Hash::of_bytes(&recorded) == hash { recorded } else { form })
}
