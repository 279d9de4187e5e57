use std::collections::{BTreeSet, HashMap, VecDeque};

use domain::{envelope::EntryName, value::Channel};

use crate::{
    document::Document,
    store::{SharedViews, ViewError},
};

/// What the channels hold of an entry, by the order of [`Channel::ALL`].
pub(super) type Held = (EntryName, [Option<Document>; Channel::ALL.len()]);

/// A way through all entries that the views hold, a part at a time, each as it is kept when its turn comes.
pub struct Round {
    left: VecDeque<EntryName>,
}

impl Round {
    /// Begins with the entries that there are.
    pub async fn begin(views: &SharedViews) -> Result<Self, ViewError> {
        let keys = views.as_kept().await?.keys().await?;
        let entries: BTreeSet<_> = keys.into_iter().map(|key| EntryName::new(key.register, key.code)).collect();
        Ok(Self { left: entries.into_iter().collect() })
    }

    /// How many entries are left.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// The next entries, at most so many, with what the channels hold; none: it is done.
    pub(super) async fn next(&mut self, views: &SharedViews, most: usize) -> Result<Vec<Held>, ViewError> {
        let entries: Vec<_> = self.left.iter().take(most).cloned().collect();
        let held = held(views, &entries).await?;
        self.left.drain(..entries.len());
        Ok(held)
    }
}

/// What the channels hold of some entries, as it is kept, all at one checkpoint.
pub(super) async fn held(views: &SharedViews, entries: &[EntryName]) -> Result<Vec<Held>, ViewError> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = views.as_kept().await?;
    let asked: Vec<_> = entries.iter().map(|entry| (entry.register, entry.code.clone())).collect();
    let mut of: HashMap<Channel, VecDeque<Option<Document>>> = HashMap::new();
    for channel in Channel::ALL {
        of.insert(channel, snapshot.get_entries(channel, &asked).await?.into());
    }
    let mut next = |channel| of.get_mut(&channel).and_then(VecDeque::pop_front).flatten();
    Ok(entries.iter().map(|entry| (entry.clone(), Channel::ALL.map(&mut next))).collect())
}
