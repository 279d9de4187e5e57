//! What goes wrong, when it is asked for.

use std::{collections::VecDeque, sync::Mutex};

use tonic::{Code, Status};

use crate::store::Place;

/// Faults of a write come in pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Nothing is written.
    Before,
    /// It is written, and the answer is lost.
    After,
}

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// ABORTED, as a server answers when it ran out of time.
    Aborted,
    /// UNAVAILABLE.
    Unavailable,
    /// UNKNOWN.
    Unknown,
    /// INTERNAL.
    Internal,
    /// This node is not the leader; the answer says who is.
    NotLeader,
    /// This node is not the leader, and it does not know who is.
    NotLeaderNowhere,
    /// There is no answer.
    Hang,
    /// The node dies.
    Kill,
}

impl How {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Aborted, Self::Unavailable, Self::Unknown, Self::Internal, Self::NotLeader, Self::NotLeaderNowhere, Self::Hang, Self::Kill];

    pub(crate) fn status(self) -> Option<Status> {
        let code = match self {
            Self::Aborted => Code::Aborted,
            Self::Unavailable => Code::Unavailable,
            Self::Unknown => Code::Unknown,
            Self::Internal => Code::Internal,
            Self::NotLeader | Self::NotLeaderNowhere | Self::Hang | Self::Kill => return None,
        };
        Some(Status::new(code, "a fault was asked for"))
    }
}

/// What happens to the subscriptions that are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// They end as if that were in order.
    End,
    /// They end with UNAVAILABLE.
    Break,
    /// They stay open and say nothing any more.
    FallSilent,
    /// They are told of this checkpoint, whether it is due or not.
    Checkpoint(Place),
    /// The last event comes once more.
    RepeatEvent,
    /// A message of a kind that the client does not know.
    Nonsense,
}

#[derive(Default)]
pub(crate) struct Faults {
    appends: Mutex<VecDeque<(String, When, How)>>,
    reads: Mutex<VecDeque<How>>,
}

impl Faults {
    pub(crate) fn of_append(&self, prefix: &str, when: When, how: How) {
        self.appends.lock().unwrap().push_back((prefix.to_owned(), when, how));
    }

    pub(crate) fn of_read(&self, how: How) {
        self.reads.lock().unwrap().push_back(how);
    }

    /// The next fault of an append to this stream.
    pub(crate) fn next_append(&self, stream: &str) -> Option<(When, How)> {
        let mut faults = self.appends.lock().unwrap();
        let place = faults.iter().position(|(prefix, ..)| stream.starts_with(prefix.as_str()))?;
        faults.remove(place).map(|(_, when, how)| (when, how))
    }

    pub(crate) fn next_read(&self) -> Option<How> {
        self.reads.lock().unwrap().pop_front()
    }

    pub(crate) fn left(&self) -> usize {
        self.appends.lock().unwrap().len() + self.reads.lock().unwrap().len()
    }

    pub(crate) fn clear(&self) {
        self.appends.lock().unwrap().clear();
        self.reads.lock().unwrap().clear();
    }
}
