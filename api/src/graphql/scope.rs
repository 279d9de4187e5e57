//! What a request answers from: one snapshot, one moment, and the documents it has loaded.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::Context;
use chrono::{DateTime, Utc};
use domain::{envelope::Code, value::Channel as DomainChannel};
use journal::Knowledge;
use projections::{Archive, Document, EntryView, Moment, Snapshot, ViewError, Viewed};

use super::{
    batch::{Asked, Batch},
    error::{Failure, failure, forbidden},
};
use crate::auth::{AtCounter, Caller, Counter, NotAtCounter};

/// The snapshot and the moment of a request, taken once when it came in.
#[derive(Clone)]
pub struct RequestView {
    /// The views at one position.
    pub snapshot: Arc<dyn Snapshot>,
    /// The moment by whose clock it is answered.
    pub now: DateTime<Utc>,
}

/// One channel of a request.
pub struct Scope {
    /// What the request answers from.
    pub view: RequestView,
    /// The channel.
    pub channel: DomainChannel,
    caller: Option<Arc<Caller>>,
    counter: Counter,
    /// Whether it was noted that somebody asked for what only the counter sees and may not see it: a list has a hundred of it.
    noted: AtomicBool,
    batch: Batch,
}

impl Scope {
    /// A channel of a request.
    pub fn of(context: &Context<'_>, channel: DomainChannel) -> async_graphql::Result<Arc<Self>> {
        Ok(Self::from(context, channel, context.data::<RequestView>()?.clone()))
    }

    /// A channel of a request that is answered from other views than the request came with.
    pub fn from(context: &Context<'_>, channel: DomainChannel, view: RequestView) -> Arc<Self> {
        let caller = context.data_opt::<Arc<Caller>>().cloned();
        let counter = context.data_opt::<Counter>().copied().unwrap_or_default();
        let batch = Batch::new(view.snapshot.clone(), channel);
        Arc::new(Self { view, channel, caller, counter, noted: AtomicBool::new(false), batch })
    }

    /// Leave of whoever asks to see what only the counter sees of what an agency answers for; none on other channels.
    pub fn at_counter(&self, agency: Option<&Code>) -> Option<Result<AtCounter, NotAtCounter>> {
        (self.channel == DomainChannel::Counter).then(|| self.counter.leave(self.caller.as_deref(), agency))
    }

    /// How it is told, and noted, that whoever asks has no such leave.
    pub fn not_at_counter(&self, why: NotAtCounter, code: &Code) -> async_graphql::Error {
        if !self.noted.swap(true, Ordering::Relaxed) {
            let account = self.caller.as_ref().map(|caller| caller.account().as_str());
            tracing::warn!(account, %code, "denied: clerk notes were asked for");
        }
        match why {
            NotAtCounter::NoToken => failure(
                Failure::Unauthenticated,
                "窗口提示须登录后查看：请在请求中附上令牌 / clerk notes take a token: send one with the request",
            ),
            NotAtCounter::NotHeld => forbidden(
                "Art. 10(2)",
                "您没有该机构的窗口或变更岗位，不能查看窗口提示；如需查看请联系管理员 / \
                 you hold no office at the counter of this agency and may not see its clerk notes: ask an administrator if you should",
            ),
        }
    }

    /// The view of an entry, if the channel holds one; nothing if the text is no code.
    pub async fn entry<C: Viewed>(&self, code: &str) -> async_graphql::Result<Option<Arc<EntryView<C>>>> {
        let Ok(code) = code.parse::<Code>() else { return Ok(None) };
        let document = match self.view.snapshot.at_hand(self.channel, C::REGISTER, &code) {
            Some(at_hand) => at_hand,
            None => self.load(&[(C::REGISTER, code)]).await?.pop().flatten(),
        };
        Ok(document.as_ref().and_then(C::view).cloned())
    }

    /// The views of entries that the channel holds, in the order of the codes. One round trip, whoever else asks meanwhile.
    pub async fn entries<C: Viewed>(&self, codes: &[Code]) -> async_graphql::Result<Vec<Arc<EntryView<C>>>> {
        let at_hand = |code: &Code| self.view.snapshot.at_hand(self.channel, C::REGISTER, code);
        let mut documents: Vec<Option<Option<Document>>> = codes.iter().map(at_hand).collect();
        let to_load = codes.iter().zip(&documents).filter(|(_, known)| known.is_none());
        let to_load: Vec<_> = to_load.map(|(code, _)| (C::REGISTER, code.clone())).collect();
        if !to_load.is_empty() {
            let loaded = self.load(&to_load).await?;
            for (document, loaded) in documents.iter_mut().filter(|known| known.is_none()).zip(loaded) {
                *document = Some(loaded);
            }
        }
        Ok(documents.iter().flatten().flatten().filter_map(C::view).cloned().collect())
    }

    async fn load(&self, asked: &[Asked]) -> async_graphql::Result<Vec<Option<Document>>> {
        self.batch.load(asked).await.map_err(|error| unavailable(&error))
    }
}

/// What a request about another moment answers from, and by when all of it had been recorded, if that is not now. What will be in force
/// is told by the views of the present; the past is another's task, and told without what is withheld by now, but to those who may see what is
/// withheld of every agency: one that sees that of a few is answered as everybody is.
pub fn as_of(
    (archive, caller): (&Arc<Archive>, Option<&Caller>),
    view: RequestView,
    valid_at: Option<DateTime<Utc>>,
    known_at: Option<DateTime<Utc>>,
) -> (RequestView, Option<DateTime<Utc>>) {
    let valid_at = valid_at.unwrap_or(view.now);
    let known_at = known_at.filter(|known_at| *known_at < view.now);
    if known_at.is_none() && valid_at >= view.now {
        return (RequestView { now: valid_at, ..view }, None);
    }
    let knowledge = known_at.map_or_else(|| Knowledge::Place(view.snapshot.position()), Knowledge::Moment);
    let moment = Moment { valid_at, knowledge };
    let sees_all = caller.is_some_and(|caller| caller.sees_drafts_of(None));
    let snapshot = if sees_all { archive.at(moment) } else { archive.public_at(moment, view.snapshot, view.now) };
    (RequestView { snapshot, now: valid_at }, known_at)
}

/// The failure of a view store as it is told outside: that it is unavailable, and nothing of why.
pub fn unavailable(error: &ViewError) -> async_graphql::Error {
    // The request is answered again from a newer snapshot.
    if matches!(error, ViewError::Outlived) {
        tracing::debug!(%error, "a snapshot was given up");
    } else {
        tracing::error!(%error, "views cannot be read");
    }
    failure(Failure::Unavailable, "登记册暂时无法读取，请稍后再试 / the register cannot be read at present; try again shortly")
}
