//! Parity: both channels hold the same of an entry.
//!
//! Compared are the documents of the two channels as they are kept, each for itself: of every revision the number, the moment from which it holds, and the hash of what it
//! says without what only the counter sees. The hash is made anew from the content that readers are given; the one that stands beside it is held against it
//! too. Both are of one projection, so parity finds what went wrong in the projection of one channel or was changed in the store, and not what is wrong in both alike.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    envelope::EntryName,
    register::Content,
    value::{Channel, Hash},
};

use crate::{
    begun::of_view,
    document::{Document, EntryView},
};

/// What is not the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// Only one channel holds the revision.
    OnlyOn(Channel),
    /// Both hold it, and it says different things.
    Content,
    /// Both hold it, from different moments on.
    EffectiveFrom,
    /// What a channel shows is not what the hash beside it is of.
    Hash(Channel),
}

/// A revision that is not the same on both channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// The entry.
    pub entry: EntryName,
    /// Number of the revision.
    pub revision: u32,
    /// What differs.
    pub difference: Difference,
}

impl Difference {
    /// In Chinese.
    pub fn zh(self) -> String {
        match self {
            Self::OnlyOn(channel) => format!("只有{}一侧有", channel.zh()),
            Self::Content => "两侧内容不同".to_owned(),
            Self::EffectiveFrom => "两侧实施时间不同".to_owned(),
            Self::Hash(channel) => format!("{}一侧的内容与其哈希不符", channel.zh()),
        }
    }

    /// In English.
    pub fn en(self) -> String {
        match self {
            Self::OnlyOn(channel) => format!("held by {channel} only"),
            Self::Content => "says different things".to_owned(),
            Self::EffectiveFrom => "holds from different moments on".to_owned(),
            Self::Hash(channel) => format!("on {channel} what is shown is not what the hash is of"),
        }
    }
}

/// What was compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parity {
    /// Entries.
    pub entries: u64,
    /// Revisions.
    pub revisions: u64,
    /// What is not the same, in the order of the entries.
    pub differing: Vec<Differing>,
}

/// A revision as a channel holds it.
struct Held {
    shown: Option<Hash>,
    said: Hash,
    effective_from: DateTime<Utc>,
}

impl Held {
    /// Whether the hash is of what is shown; of what reaches no channel nothing is shown, and the hash is of that.
    fn is_what_it_says(&self) -> bool {
        self.shown == Some(self.said)
    }
}

/// Compares what the channels hold of an entry, and says how many revisions that were.
pub fn compare(entry: &EntryName, online: Option<&Document>, counter: Option<&Document>) -> (u64, Vec<Differing>) {
    let same = online.zip(counter).is_some_and(|(online, counter)| online.is_same(counter));
    let of_online = held(online);
    // The very same document is hashed once.
    let of_counter = if same { None } else { Some(held(counter)) };
    let mut found = Vec::new();
    let mut differs = |revision: u32, difference| found.push(Differing { entry: entry.clone(), revision, difference });
    for (revision, held) in &of_online {
        if !held.is_what_it_says() {
            differs(*revision, Difference::Hash(Channel::Online));
        }
    }
    let mut revisions = of_online.len() as u64;
    if let Some(of_counter) = of_counter {
        for (revision, counter) in &of_counter {
            if !counter.is_what_it_says() {
                differs(*revision, Difference::Hash(Channel::Counter));
            }
            match of_online.get(revision) {
                None => {
                    revisions += 1;
                    differs(*revision, Difference::OnlyOn(Channel::Counter));
                }
                Some(online) if online.shown != counter.shown => differs(*revision, Difference::Content),
                Some(online) if online.effective_from != counter.effective_from => differs(*revision, Difference::EffectiveFrom),
                Some(_) => {}
            }
        }
        for revision in of_online.keys().filter(|revision| !of_counter.contains_key(revision)) {
            differs(*revision, Difference::OnlyOn(Channel::Online));
        }
    }
    found.sort_by_key(|differing| (differing.revision, differing.difference));
    (revisions, found)
}

fn held(document: Option<&Document>) -> BTreeMap<u32, Held> {
    document.map(|document| of_view!(document, view => of_view_held(view))).unwrap_or_default()
}

fn of_view_held<C: Content>(view: &EntryView<C>) -> BTreeMap<u32, Held> {
    let held = view.revisions.iter().map(|revision| {
        let shown = match &revision.content {
            // What has no canonical form has no hash, and differs from whatever is said.
            Some(content) => Hash::of_content(content.shared().as_ref()).ok(),
            None => Some(Hash::of_bytes(b"")),
        };
        (revision.number, Held { shown, said: revision.content_hash, effective_from: revision.effective_from })
    });
    held.collect()
}
