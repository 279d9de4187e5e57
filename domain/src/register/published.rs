//! What of a content reaches a channel.

use std::{borrow::Cow, sync::Arc};

use crate::{
    register::Content,
    value::{Channel, Finding, Hash, OpennessAttribute},
};

/// A content as one channel shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct OnChannel<C> {
    /// The content, without what the channel must not show.
    pub content: Arc<C>,
    /// Hash of what both channels show: equal on both, the parity proof.
    pub shared_hash: Hash,
}

/// A content as a channel shows it; `None` if it reaches none (Art. 8(1)). `content_hash` is the hash of the whole content.
///
/// This is the one place where that is decided: views, public histories and the changes that they tell are made of its answer.
///
/// Withheld fields are taken out by name. A content that cannot do without one of them is not shown at all, nor is one that
/// withholds a field that there is not, or none: nothing secret gets out because of a mistaken list. Nor is one that withholds its own
/// openness: that something is withheld, why, and by which law, is what everybody may know (Art. 8(1)).
pub fn on_channel<C: Content>(content: &Arc<C>, content_hash: Hash, channel: Channel) -> Option<OnChannel<C>> {
    on_channels(content, content_hash)?.into_iter().nth(channel as usize)
}

/// The same for each channel, by the order of [`Channel::ALL`]: for whoever needs both, since the hash takes longest.
pub fn on_channels<C: Content>(content: &Arc<C>, content_hash: Hash) -> Option<[OnChannel<C>; Channel::ALL.len()]> {
    if !content.openness().reaches_channels() {
        return None;
    }
    let partial = content.openness().attribute == OpennessAttribute::Partial;
    let disclosed = if partial { Arc::new(without_withheld(content.as_ref())?) } else { content.clone() };
    let shared = match disclosed.shared() {
        // The common case: nothing to take out, and both channels hold the very content of the event.
        Cow::Borrowed(_) => disclosed.clone(),
        Cow::Owned(shared) => Arc::new(shared),
    };
    let untouched = Arc::ptr_eq(&shared, content);
    let shared_hash = if untouched { content_hash } else { Hash::of_content(shared.as_ref()).ok()? };
    let by_channel = |channel| match channel {
        Channel::Online => shared.clone(),
        Channel::Counter => disclosed.clone(),
    };
    Some(Channel::ALL.map(|channel| OnChannel { content: by_channel(channel), shared_hash }))
}

/// Whether a content reaches the channels: whether [`on_channel`] shows anything of it.
pub fn is_shown<C: Content>(content: &C) -> bool {
    let openness = content.openness();
    openness.reaches_channels() && (openness.attribute != OpennessAttribute::Partial || without_withheld(content).is_some())
}

/// What the checks find that may be told to whoever is shown a content: what they find in it and in the whole as well. What is missing only
/// because it is withheld is not missing, and of a withheld field nothing is told, not even that it is empty.
pub fn findings_shown<C: Content>(whole: &C, shown: &C) -> Vec<Finding> {
    let of_whole = whole.check();
    let withheld: Vec<_> = withheld_of(whole).cloned().collect();
    shown.check().into_iter().filter(|finding| of_whole.contains(finding) && !finding.is_of_any(&withheld)).collect()
}

/// The field of a content that says what is withheld of it.
const OPENNESS: &str = "openness";

/// Why a field is not withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotWithheld {
    /// There is no such field.
    Unknown,
    /// It is a part of one.
    Part,
    /// The content is none without it, or everybody may know it: that something is withheld, and why.
    Needed,
    /// The law has it published.
    Told,
}

/// Why a field of a content cannot be withheld, if it cannot.
pub(super) fn not_withheld<C: Content>(content: &C, name: &str) -> Option<NotWithheld> {
    if name == OPENNESS {
        return Some(NotWithheld::Needed);
    }
    if content.always_told().contains(&name) {
        return Some(NotWithheld::Told);
    }
    let mut value = serde_json::to_value(content).ok()?;
    if value.as_object_mut()?.remove(name).is_some() {
        return serde_json::from_value::<C>(value).is_err().then_some(NotWithheld::Needed);
    }
    if has_field::<C>(name) {
        return None;
    }
    let whole = name.split(['.', '[']).next().filter(|whole| whole.len() < name.len());
    Some(if whole.is_some_and(has_field::<C>) { NotWithheld::Part } else { NotWithheld::Unknown })
}

/// The names of the fields that a content that is published in part withholds. What the law has published is told also where a content
/// that is kept names it: that would let it say the contrary.
pub fn withheld_of<C: Content>(content: &C) -> impl Iterator<Item = &String> {
    let partial = content.openness().attribute == OpennessAttribute::Partial;
    content.openness().withheld.iter().filter(move |name| partial && !content.always_told().contains(&name.as_str()))
}

fn without_withheld<C: Content>(content: &C) -> Option<C> {
    let mut value = serde_json::to_value(content).ok()?;
    let fields = value.as_object_mut()?;
    let withheld = &content.openness().withheld;
    if withheld.is_empty() || withheld.iter().any(|name| name == OPENNESS) {
        return None;
    }
    for name in withheld_of(content) {
        // A field may be known and have nothing in it.
        if fields.remove(name).is_none() && !has_field::<C>(name) {
            return None;
        }
    }
    serde_json::from_value(value).ok()
}

/// Whether the contents of a register have a field of this name.
pub fn has_field<C: Content>(name: &str) -> bool {
    let schema = schemars::SchemaGenerator::default().into_root_schema_for::<C>();
    schema.get("properties").and_then(|properties| properties.as_object()).is_some_and(|fields| fields.contains_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        register::{Abolished, Guide, Item, Material, OnlineService},
        value::{Contact, ContactKind, ItemType, LegalBasis, Openness},
    };

    fn guide() -> Guide {
        let mut guide = Guide::new("居住证办理", "I1".parse().unwrap(), "A1".parse().unwrap());
        guide.clerk_notes = Some("先查人口库".into());
        guide
    }

    fn shown<C: Content>(content: &C, channel: Channel) -> Option<OnChannel<C>> {
        on_channel(&Arc::new(content.clone()), Hash::of_content(content).unwrap(), channel)
    }

    #[test]
    fn only_the_counter_sees_clerk_notes_and_both_have_the_same_hash() {
        let online = shown(&guide(), Channel::Online).unwrap();
        let counter = shown(&guide(), Channel::Counter).unwrap();
        assert_eq!(online.content.clerk_notes, None);
        assert_eq!(counter.content.clerk_notes.as_deref(), Some("先查人口库"));
        assert_eq!(online.shared_hash, counter.shared_hash);
        assert_eq!(online.shared_hash, Hash::of_content(online.content.as_ref()).unwrap());
    }

    #[test]
    fn what_is_on_request_or_not_disclosed_reaches_no_channel() {
        for attribute in [OpennessAttribute::OnRequest, OpennessAttribute::NotDisclosed] {
            let guide = Guide { openness: Openness { attribute, ..Openness::default() }, ..guide() };
            assert_eq!(shown(&guide, Channel::Online), None);
            assert_eq!(shown(&guide, Channel::Counter), None);
        }
    }

    #[test]
    fn withheld_fields_reach_no_channel_and_a_must_have_cannot_be_withheld() {
        let partial = |field: &str| Openness {
            attribute: OpennessAttribute::Partial,
            withheld: vec![field.into()],
            reason: Some("商业秘密".into()),
            basis: vec![LegalBasis::as_written("x")],
        };
        let mut item = Item::new("某许可", ItemType::Permission, "A1".parse().unwrap());
        item.authority = Some("planted secret".into());
        item.openness = partial("authority");
        for channel in Channel::ALL {
            assert_eq!(shown(&item, channel).unwrap().content.authority, None);
        }
        item.openness = partial("name");
        assert_eq!(shown(&item, Channel::Counter), None);
    }

    #[test]
    fn a_proof_that_was_abolished_is_never_shown_as_if_it_were_not() {
        // No submission withholds it any more; what was kept before may.
        let openness = |withheld: &[&str]| Openness {
            attribute: OpennessAttribute::Partial,
            withheld: withheld.iter().map(|name| (*name).to_owned()).collect(),
            reason: Some("x".into()),
            basis: vec![LegalBasis::as_written("x")],
        };
        let abolished = Some(Abolished { reason: "数据共享".into(), document: None });
        let mut material = Material { abolished, issuer: Some("secret".into()), ..Material::new("健在证明") };
        for (withheld, issuer) in [(&["abolished"][..], Some("secret")), (&["abolished", "issuer"], None)] {
            material.openness = openness(withheld);
            for channel in Channel::ALL {
                let shown = shown(&material, channel).unwrap().content;
                assert!(shown.abolished.is_some() && shown.issuer.as_deref() == issuer, "{shown:?}");
            }
        }
    }

    #[test]
    fn of_a_withheld_field_no_finding_is_told_and_none_is_made_by_taking_it_out() {
        let told = |guide: &Guide| -> Vec<String> {
            let shown = shown(guide, Channel::Online).unwrap();
            findings_shown(guide, &shown.content).into_iter().map(|finding| finding.path).collect()
        };
        let contact = Contact { kind: ContactKind::Phone, value: "12345".into(), note: None };
        let openness = Openness {
            attribute: OpennessAttribute::Partial,
            withheld: vec!["complain".into(), "online".into()],
            reason: Some("x".into()),
            basis: vec![LegalBasis::as_written("x")],
        };
        // It needs no visit because of what is withheld.
        let online = Some(OnlineService::default());
        let mut guide = Guide { complain: vec![contact], online, visits: Some(0), openness, ..guide() };
        assert_eq!(told(&guide), ["results", "consult"]);
        guide.complain.clear();
        assert_eq!(told(&guide), ["results", "consult"], "that it is empty is not told");
        guide.openness = Openness::default();
        assert_eq!(told(&guide), ["results", "consult", "complain"]);
    }

    #[test]
    fn a_list_of_withheld_fields_that_is_mistaken_shows_nothing() {
        let mut item = Item::new("某许可", ItemType::Permission, "A1".parse().unwrap());
        item.authority = Some("planted secret".into());
        for withheld in [&["autority"][..], &["authority", "penalty.method"], &["authority", "openness"], &[]] {
            let withheld = withheld.iter().map(|field| (*field).to_owned()).collect();
            item.openness = Openness { attribute: OpennessAttribute::Partial, withheld, ..Openness::default() };
            assert_eq!(shown(&item, Channel::Online), None, "{:?}", item.openness.withheld);
        }
        item.openness.withheld = vec!["authority".into(), "remark".into()];
        assert_eq!(shown(&item, Channel::Online).unwrap().content.authority, None, "a known field may be empty");
    }
}
