use domain::{
    register::{Content, Guide},
    value::Channel,
};

use super::{Document, RevisionView};

/// What the channels hold of an entry, most often the very same.
#[derive(Debug, Clone, PartialEq)]
pub enum Both {
    /// Both hold the same document.
    Same(Document),
    /// Each holds its own, by the order of [`Channel::ALL`], or none.
    Each([Option<Document>; Channel::ALL.len()]),
}

impl Both {
    /// What a channel holds.
    pub fn on(&self, channel: Channel) -> Option<&Document> {
        match self {
            Self::Same(document) => Some(document),
            Self::Each(documents) => documents[channel as usize].as_ref(),
        }
    }

    /// What was held by channel, by the order of [`Channel::ALL`]; `None` if nothing was.
    pub fn of(documents: [Option<Document>; Channel::ALL.len()]) -> Option<Self> {
        match documents {
            [None, None] => None,
            [Some(online), Some(counter)] if online.is_equal(&counter) => Some(Self::Same(online)),
            each => Some(Self::Each(each)),
        }
    }

    /// The same with one document for both channels where theirs are equal: an item is looked at by channel as soon as one of its guides differs.
    pub(crate) fn joined(self) -> Self {
        match self {
            Self::Each([Some(online), Some(counter)]) if online.is_equal(&counter) => Self::Same(online),
            other => other,
        }
    }
}

impl Document {
    /// Whether another one of the entry says the same. Where one has something for the counter alone and the other has not, nothing else has to be
    /// looked at.
    fn is_equal(&self, other: &Self) -> bool {
        let has_more = |revision: &RevisionView<Guide>| revision.content.as_ref().is_some_and(|content| content.has_counter_only());
        match (self, other) {
            _ if self.is_same(other) => true,
            (Self::Guide(a), Self::Guide(b)) if a.revisions.iter().any(has_more) != b.revisions.iter().any(has_more) => false,
            _ => self == other,
        }
    }
}
