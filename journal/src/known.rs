//! A journal as it was known: without what was recorded later.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    codec::decode_recorded_at,
    envelope::{Position, StreamName, StreamVersion},
};

use crate::port::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, SharedJournal, StoreError};

/// What was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Knowledge {
    /// Everything up to a place in the log; before the first event, nothing.
    Place(Option<Position>),
    /// Everything that was recorded at a moment or before it.
    Moment(DateTime<Utc>),
}

/// A journal without what was not known. Nothing is written into it.
pub struct Known {
    below: SharedJournal,
    knowledge: Knowledge,
}

impl Known {
    /// A journal as of a place or a moment.
    pub fn new(below: SharedJournal, knowledge: Knowledge) -> Self {
        Self { below, knowledge }
    }

    fn knows(&self, recorded: &Recorded) -> bool {
        match self.knowledge {
            Knowledge::Place(place) => Some(recorded.position) <= place,
            // What cannot be read is left for whoever reads it to complain about.
            Knowledge::Moment(moment) => decode_recorded_at(&recorded.metadata).map_or(true, |at| at <= moment),
        }
    }

    /// Whether nothing after a place of the log is known.
    fn ends_at(&self, place: Option<Position>) -> bool {
        matches!(self.knowledge, Knowledge::Place(end) if end <= place)
    }
}

#[async_trait]
impl Journal for Known {
    async fn append(&self, _: &StreamName, _: Expected, _: Vec<NewEvent>) -> Result<Appended, AppendError> {
        Err(AppendError::Invalid("过去不能改写 / the past is not written into".to_owned()))
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let (mut known, mut from) = (Vec::new(), from);
        loop {
            let page = self.below.read_stream(stream, from, limit).await?;
            let last = page.len() < limit;
            from = page.last().map_or(from, |recorded| recorded.version.next());
            known.extend(page.into_iter().filter(|recorded| self.knows(recorded)));
            // Whoever is given fewer than they asked for takes them for the last.
            if last || known.len() >= limit {
                known.truncate(limit);
                return Ok(known);
            }
        }
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        let mut after = after;
        loop {
            let mut page = self.below.read_all(after, limit).await?;
            after = page.events.last().map(|recorded| recorded.position);
            page.events.retain(|recorded| self.knows(recorded));
            page.end |= self.ends_at(after);
            // A page of which nothing was known yet is not the end.
            if !page.events.is_empty() || page.end || after.is_none() {
                return Ok(page);
            }
        }
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        match self.knowledge {
            Knowledge::Place(place) => Ok(place),
            Knowledge::Moment(_) => self.below.head().await,
        }
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.below.wait(after).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::TimeDelta;
    use domain::{
        codec::encode_metadata,
        envelope::{ActorId, Metadata},
    };
    use uuid::Uuid;

    use super::*;
    use crate::MemoryJournal;

    fn minute(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    /// A journal of ten events, one a minute, of two streams in turn.
    async fn ten() -> SharedJournal {
        let journal: SharedJournal = Arc::new(MemoryJournal::new());
        let mut last = [Expected::NoStream; 2];
        for n in 0..10_usize {
            let metadata = Metadata {
                schema: 1,
                command: Uuid::nil(),
                actor: ActorId::new("test"),
                at: minute(i64::try_from(n).unwrap()),
                decided_at: None,
            };
            let event = NewEvent {
                id: Uuid::from_u128(n as u128 + 1),
                kind: "item.adopted".into(),
                metadata: encode_metadata(&metadata).unwrap(),
                payload: b"{}".to_vec(),
            };
            let stream = format!("item-I{}", n % 2).parse().unwrap();
            let appended = journal.append(&stream, last[n % 2], vec![event]).await.unwrap();
            last[n % 2] = Expected::Version(appended.version);
        }
        journal
    }

    #[tokio::test]
    async fn what_was_recorded_later_is_neither_in_the_log_nor_in_a_stream() {
        let journal = ten().await;
        let all = journal.read_all(None, 100).await.unwrap().events;
        for count in 0..=10_usize {
            let place = count.checked_sub(1).map(|last| all[last].position);
            let moment = minute(i64::try_from(count).unwrap() - 1) + TimeDelta::seconds(30);
            for knowledge in [Knowledge::Place(place), Knowledge::Moment(moment)] {
                let known = Known::new(journal.clone(), knowledge);
                for limit in [1, 3, 100] {
                    let (mut read, mut after) = (Vec::new(), None);
                    loop {
                        let page = known.read_all(after, limit).await.unwrap();
                        after = page.events.last().map(|event| event.position).or(after);
                        read.extend(page.events);
                        if page.end {
                            break;
                        }
                    }
                    assert_eq!(read, all[..count], "{knowledge:?}, {limit} at a time");
                }
                let of_one = known.read_stream(&"item-I1".parse().unwrap(), StreamVersion::FIRST, 100).await.unwrap();
                assert_eq!(of_one.len(), count / 2, "{knowledge:?}");
            }
        }
    }

    #[tokio::test]
    async fn the_past_is_not_written_into() {
        let known = Known::new(ten().await, Knowledge::Place(None));
        let refused = known.append(&"item-I1".parse().unwrap(), Expected::NoStream, Vec::new()).await;
        assert!(matches!(refused, Err(AppendError::Invalid(_))));
    }
}
