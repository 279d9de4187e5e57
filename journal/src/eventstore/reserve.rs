//! An event id is kept once in the whole journal. A server promises that for the end of one stream only. So before an event is
//! written, its id is reserved: a stream of its own, `id-…`, with one event that names the stream that the id is for. It is in
//! no register, so no reader of the log ever sees it.

use std::collections::HashSet;

use domain::envelope::{StreamName, StreamVersion};
use futures::{StreamExt, TryStreamExt, stream};
use uuid::Uuid;

use super::{EventStoreJournal, OWN, append::Written};
use crate::port::{AppendError, Expected, NewEvent};

/// How many are made at a time: a server takes some hundred calls on a connection.
const TOGETHER: usize = 32;

/// Who has an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// This append, now or when it was tried before.
    Us,
    /// Another append to the same stream: another attempt of the same command, or a mistake.
    SameStream,
    /// An append to another stream.
    Another,
}

impl EventStoreJournal {
    /// Reserves the ids of an append, all at once. That nothing is reserved twice is no failure; that nothing of the events was
    /// written if this fails is certain.
    pub(super) async fn reserve(&self, to: &StreamName, expected: Expected, ids: &[Uuid]) -> Result<(), AppendError> {
        let reservations: Vec<_> = ids.iter().map(|id| self.reserve_one(to, expected, *id)).collect();
        let held: Vec<(Uuid, Holder)> = stream::iter(reservations).buffer_unordered(TOGETHER).try_collect().await?;
        let of = |holder| held.iter().filter(move |(_, held)| *held == holder).map(|(id, _)| *id);
        if let Some(id) = of(Holder::Another).next() {
            return Err(AppendError::Invalid(format!("事件标识 {id} 已用于另一条目 / event id {id} is of another stream")));
        }
        let ours: HashSet<_> = of(Holder::SameStream).collect();
        if ours.is_empty() {
            return Ok(());
        }
        let there = self.stream(&self.named(to), 0, usize::MAX).await.map_err(AppendError::NotExecuted)?;
        let last = there.last().map(|event| StreamVersion(event.revision));
        match there.iter().find(|event| ours.contains(&event.id)) {
            Some(event) if expected.holds(last) => {
                Err(AppendError::Invalid(format!("事件标识已用过 / event id {} is in the journal already", event.id)))
            }
            // Not in the stream, or the stream went on meanwhile: the append itself will tell.
            _ => Ok(()),
        }
    }

    async fn reserve_one(&self, to: &StreamName, expected: Expected, id: Uuid) -> Result<(Uuid, Holder), AppendError> {
        let name = self.named(format_args!("id-{id}"));
        let target = self.named(to);
        // The same append again makes the same event, which a server recognises; every other one conflicts with it.
        let own = Uuid::new_v5(&OWN, format!("{id} {target} {}", expected.first().0).as_bytes());
        let event = NewEvent { id: own, kind: "id.reserved".into(), metadata: Vec::new(), payload: target.clone().into_bytes() };
        match self.write(&name, Expected::NoStream, vec![event]).await {
            Ok(Written::Done(_)) => Ok((id, Holder::Us)),
            Ok(Written::Overtaken(_)) => {
                let held = self.stream(&name, 0, 1).await.map_err(AppendError::NotExecuted)?;
                let same = held.first().is_some_and(|event| event.data == target.as_bytes());
                Ok((id, if same { Holder::SameStream } else { Holder::Another }))
            }
            Err(failure) => Err(AppendError::NotExecuted(self.link.words(&failure))),
        }
    }
}
