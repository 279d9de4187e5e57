use std::{iter::Peekable, ops::Bound, sync::Arc};

use domain::{envelope::Code, value::Channel};
use rpds::RedBlackTreeMapSync;

/// A set of channels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Channels(u8);

impl Channels {
    pub(super) const BOTH: Self = Self(0b11);

    pub(super) fn only(channel: Channel) -> Self {
        Self(1 << channel as u8)
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn has(self, channel: Channel) -> bool {
        self.0 & (1 << channel as u8) != 0
    }

    fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// The codes of the entries that have a term, in order, each with the channels on which it has it.
///
/// Most of them stand in a sorted list that all snapshots share. What has changed since it was made stands beside it in a
/// persistent map; once that is a noticeable part of the whole, a new list is made. So a replay costs one list a batch, a single
/// change costs a few nodes, and nothing that a snapshot holds is ever changed.
#[derive(Debug, Clone)]
pub(super) struct Posting {
    list: Arc<[(Code, Channels)]>,
    /// Later than the list; on no channel: gone.
    changed: RedBlackTreeMapSync<Code, Channels>,
    counts: [usize; Channel::ALL.len()],
}

impl Default for Posting {
    fn default() -> Self {
        Self { list: Arc::new([]), changed: RedBlackTreeMapSync::new_sync(), counts: [0; Channel::ALL.len()] }
    }
}

impl Posting {
    /// Sets the channels of some codes, which are in order, each once.
    pub(super) fn set(&mut self, changes: Vec<(Code, Channels)>) {
        if changes.len() + self.changed.size() <= 8 + self.list.len() / 16 {
            for (code, channels) in changes {
                let before = self.channels(&code);
                for (count, channel) in self.counts.iter_mut().zip(Channel::ALL) {
                    *count = *count + usize::from(channels.has(channel)) - usize::from(before.has(channel));
                }
                self.changed.insert_mut(code, channels);
            }
            return;
        }
        let kept = |(_, channels): &(Code, Channels)| !channels.is_empty();
        self.list = if self.list.is_empty() && self.changed.is_empty() {
            changes.into_iter().filter(kept).collect()
        } else {
            let old = self.iter(Bound::Unbounded).map(|(code, channels)| (code.clone(), channels));
            Merged::new(old, changes.into_iter()).filter(kept).collect()
        };
        self.changed = RedBlackTreeMapSync::new_sync();
        self.counts = Channel::ALL.map(|channel| self.list.iter().filter(|(_, channels)| channels.has(channel)).count());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| *count == 0)
    }

    pub(super) fn count(&self, channel: Channel) -> usize {
        self.counts[channel as usize]
    }

    pub(super) fn contains(&self, code: &Code, channel: Channel) -> bool {
        self.channels(code).has(channel)
    }

    /// The codes on a channel after one, in order.
    pub(super) fn after<'p>(&'p self, after: Option<&'p Code>, channel: Channel) -> impl Iterator<Item = &'p Code> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.iter(start).filter(move |(_, channels)| channels.has(channel)).map(|(code, _)| code)
    }

    fn channels(&self, code: &Code) -> Channels {
        if let Some(channels) = self.changed.get(code) {
            return *channels;
        }
        let place = self.list.binary_search_by(|(listed, _)| listed.cmp(code));
        place.map(|place| self.list[place].1).unwrap_or_default()
    }

    fn iter<'p>(&'p self, start: Bound<&'p Code>) -> impl Iterator<Item = (&'p Code, Channels)> {
        let first = match start {
            Bound::Excluded(after) => self.list.partition_point(|(code, _)| code <= after),
            Bound::Included(from) => self.list.partition_point(|(code, _)| code < from),
            Bound::Unbounded => 0,
        };
        let listed = self.list[first..].iter().map(|(code, channels)| (code, *channels));
        let changed = self.changed.range::<Code, _>((start, Bound::Unbounded)).map(|(code, channels)| (code, *channels));
        Merged::new(listed, changed)
    }
}

/// Two sorted sequences as one; where both have a key, the later one counts.
struct Merged<A: Iterator, B: Iterator> {
    earlier: Peekable<A>,
    later: Peekable<B>,
}

impl<A: Iterator, B: Iterator> Merged<A, B> {
    fn new(earlier: A, later: B) -> Self {
        Self { earlier: earlier.peekable(), later: later.peekable() }
    }
}

impl<K: Ord, V, A: Iterator<Item = (K, V)>, B: Iterator<Item = (K, V)>> Iterator for Merged<A, B> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        match (self.earlier.peek(), self.later.peek()) {
            (Some((earlier, _)), Some((later, _))) if earlier < later => self.earlier.next(),
            (Some((earlier, _)), Some((later, _))) => {
                if earlier == later {
                    self.earlier.next();
                }
                self.later.next()
            }
            (Some(_), None) => self.earlier.next(),
            (None, _) => self.later.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn code(number: u16) -> Code {
        format!("C{number:03}").parse().unwrap()
    }

    fn channels(bits: u8) -> Channels {
        let of = |channel: Channel| if bits & (1 << channel as u8) == 0 { Channels::default() } else { Channels::only(channel) };
        Channel::ALL.into_iter().fold(Channels::default(), |all, channel| all.with(of(channel)))
    }

    proptest! {
        /// Whatever is set, in batches of any size: a posting says what a plain map says, and so do snapshots taken before.
        #[test]
        fn it_agrees_with_a_plain_map(batches in prop::collection::vec(prop::collection::btree_map(0..60_u16, 0..4_u8, 0..40), 1..12), after in 0..60_u16) {
            let (mut posting, mut plain) = (Posting::default(), BTreeMap::new());
            for batch in batches {
                let (before, plain_before) = (posting.clone(), plain.clone());
                posting.set(batch.iter().map(|(number, bits)| (code(*number), channels(*bits))).collect());
                plain.extend(batch);
                for (posting, plain) in [(&posting, &plain), (&before, &plain_before)] {
                    for channel in Channel::ALL {
                        let all: Vec<_> = plain.iter().filter(|(_, bits)| *bits & (1 << channel as u8) != 0).map(|(n, _)| *n).collect();
                        let rest: Vec<_> = all.iter().copied().filter(|n| *n > after).map(code).collect();
                        prop_assert_eq!(posting.count(channel), all.len());
                        prop_assert_eq!(posting.after(Some(&code(after)), channel).cloned().collect::<Vec<_>>(), rest);
                        prop_assert_eq!(posting.after(None, channel).count(), all.len());
                        prop_assert!((0..60).all(|n| posting.contains(&code(n), channel) == all.contains(&n)));
                    }
                }
            }
        }
    }
}
