use std::sync::Arc;

use futures::{StreamExt, stream};
use tokio::sync::{broadcast, mpsc};
use tonic::Status;

use crate::{
    faults::Signal,
    pb::streams::{
        ReadResp,
        read_resp::{self, CaughtUp, Checkpoint, Content, SubscriptionConfirmation},
    },
    read::{Answers, content, passes},
    service::Service,
    store::{Event, Place},
};

/// A checkpoint comes after so many events that were looked at, as servers do it.
const CHECKPOINT_AFTER: usize = 32;

type Teller = mpsc::Sender<Result<ReadResp, Status>>;

/// The client has gone.
struct Gone;

impl Service {
    /// Everything after a place, then what follows.
    pub(crate) fn subscribe(&self, after: Option<Place>, prefixes: Vec<String>) -> Answers {
        let (teller, told) = mpsc::channel(16);
        let signals = self.shared.signals.subscribe();
        let mut subscriptions = self.shared.subscriptions.lock().unwrap();
        subscriptions.push(after);
        let id = format!("subscription-{}", subscriptions.len());
        drop(subscriptions);
        let service = self.clone();
        tokio::spawn(async move {
            // Who has gone does not have to be told that it has ended.
            let _ = service.follow(&teller, &id, after, &prefixes, signals).await;
        });
        stream::unfold(told, |mut told| async { told.recv().await.map(|answer| (answer, told)) }).boxed()
    }

    async fn follow(
        &self,
        teller: &Teller,
        id: &str,
        after: Option<Place>,
        prefixes: &[String],
        mut signals: broadcast::Receiver<Signal>,
    ) -> Result<(), Gone> {
        tell(teller, Content::Confirmation(SubscriptionConfirmation { subscription_id: id.to_owned() })).await?;
        let mut length = self.shared.store.length();
        let (mut next, mut looked_at, mut caught_up) = (self.first_after(after), 0, false);
        loop {
            length.borrow_and_update();
            for event in self.rest(next) {
                next += 1;
                looked_at += 1;
                if passes(prefixes, &event.stream) {
                    tell(teller, content(&event)).await?;
                }
                if looked_at % CHECKPOINT_AFTER == 0 {
                    tell(teller, checkpoint(event.place)).await?;
                }
            }
            if !caught_up {
                caught_up = true;
                let place = self.shared.store.log().events.last().map(|event| event.place).unwrap_or_default();
                let position = read_resp::Position { commit_position: place.commit, prepare_position: place.prepare };
                tell(teller, Content::CaughtUp(CaughtUp { stream_revision: None, position: Some(position) })).await?;
            }
            tokio::select! {
                _ = length.changed() => {}
                () = teller.closed() => return Err(Gone),
                signal = signals.recv() => match signal {
                    Ok(Signal::End) => return Ok(()),
                    Ok(Signal::Break) => {
                        return teller.send(Err(Status::unavailable("a fault was asked for"))).await.map_err(|_| Gone);
                    }
                    Ok(Signal::FallSilent) => {
                        teller.closed().await;
                        return Err(Gone);
                    }
                    Ok(Signal::Checkpoint(place)) => tell(teller, checkpoint(place)).await?,
                    Ok(Signal::RepeatEvent) => {
                        let last = self.rest(0).into_iter().rfind(|event| passes(prefixes, &event.stream));
                        if let Some(last) = last {
                            tell(teller, content(&last)).await?;
                        }
                    }
                    Ok(Signal::Nonsense) => teller.send(Ok(ReadResp { content: None })).await.map_err(|_| Gone)?,
                    Err(_) => {}
                },
            }
        }
    }

    fn first_after(&self, after: Option<Place>) -> usize {
        self.shared.store.log().events.partition_point(|event| Some(event.place) <= after)
    }

    fn rest(&self, next: usize) -> Vec<Arc<Event>> {
        self.shared.store.log().events[next..].to_vec()
    }
}

async fn tell(teller: &Teller, content: Content) -> Result<(), Gone> {
    teller.send(Ok(ReadResp { content: Some(content) })).await.map_err(|_| Gone)
}

fn checkpoint(place: Place) -> Content {
    Content::Checkpoint(Checkpoint { commit_position: place.commit, prepare_position: place.prepare })
}
