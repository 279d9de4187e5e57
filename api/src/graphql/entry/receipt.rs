//! The receipts of an entry: since when which channel serves which revision.

use std::collections::BTreeSet;

use async_graphql::{Context, Enum, SimpleObject};
use chrono::{DateTime, Utc};
use domain::{
    envelope::EntryName,
    receipt::{self, Standing, Witness},
    value::Channel as DomainChannel,
};
use projections::ReceiptBook;
use std::sync::Arc;

use super::super::{
    enums::Channel,
    error::{Failure, failure},
    scalars::Hash,
};

/// Whether a channel served a revision in time (Art. 10(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::receipt::Standing", name = "ReceiptStanding")]
pub enum ReceiptStanding {
    /// 按时.
    InTime,
    /// 逾期.
    Late,
    /// 未知: when it was due depends on a day of which no notice was known, and it was served no earlier than with the end of that day. Or `servedAt`
    /// lies before `publishedAt`: the clock was behind, and nobody can say since when it was served. Or
    /// it was found when the time was over, and may have been served before. Or no rule was in force when it was published.
    Unknown,
}

/// How it is known since when a channel serves a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::receipt::Witness", name = "ReceiptWitness")]
pub enum ReceiptWitness {
    /// 亲见: the commit was seen that began to show it.
    Commit,
    /// 查见: it was found shown without a receipt. It may have been shown before; the moment is that of the finding. Likewise where the moment that was seen
    /// cannot be, because a clock was wrong.
    Found,
}

/// That a channel serves a revision, written down once (Art. 10(2)).
#[derive(SimpleObject, Debug, Clone)]
pub struct Receipt {
    /// The channel.
    pub channel: Channel,
    /// Number of the revision.
    pub revision: u32,
    /// Hash of what both channels show of it.
    pub content_hash: Hash,
    /// When it was approved, adopted, corrected or transferred: what the deadline begins with.
    pub published_at: DateTime<Utc>,
    /// What the deadline begins with instead, where channels could show it only later (its entry or item was suspended, its item not in force) and it was not in time by the
    /// publication.
    pub begins_at: Option<DateTime<Utc>>,
    /// Since when the channel serves it: when the view that shows it was committed, whenever that was written down.
    pub served_at: DateTime<Utc>,
    /// When it had to be served, by the calendar as it was known then. Where that said nothing of a day that it needs, the earliest moment that it may be. Without
    /// a rule there is no such moment (`ruled`): then this is `publishedAt`, and says nothing.
    pub due_at: DateTime<Utc>,
    /// Whether a rule was in force that said until when, when it was published. Without one it is neither in time nor late: `standing` is `UNKNOWN`.
    pub ruled: bool,
    /// Whether it certainly was in time. False does not say that it was late: `standing` tells the three apart.
    pub in_time: bool,
    /// In time, late, or not known.
    pub standing: ReceiptStanding,
    /// How the moment is known.
    pub witness: ReceiptWitness,
}

impl Receipt {
    fn of(channel: DomainChannel, receipt: &receipt::Receipt) -> Self {
        Self {
            channel: channel.into(),
            revision: receipt.revision,
            content_hash: Hash(receipt.content_hash),
            published_at: receipt.published_at,
            begins_at: receipt.begins_at,
            served_at: receipt.served_at,
            due_at: receipt.due_at.unwrap_or(receipt.published_at),
            ruled: receipt.due_at.is_some(),
            in_time: receipt.proves() == Standing::InTime,
            standing: Standing::into(receipt.proves()),
            witness: Witness::into(receipt.witness),
        }
    }
}

/// The receipts of those revisions of an entry that whoever asks may know of, by revision and channel.
pub(super) async fn of(context: &Context<'_>, entry: &EntryName, revisions: &BTreeSet<u32>) -> async_graphql::Result<Vec<Receipt>> {
    let book = context.data::<Arc<ReceiptBook>>()?;
    let mut receipts = book.of(entry).await.map_err(|error| {
        tracing::error!(%error, %entry, "receipts cannot be read");
        failure(Failure::Unavailable, "回执暂时无法读取，请稍后再试 / the receipts cannot be read at present; try again shortly")
    })?;
    receipts.retain(|(_, receipt)| revisions.contains(&receipt.revision));
    receipts.sort_by_key(|(channel, receipt)| (receipt.revision, *channel));
    Ok(receipts.iter().map(|(channel, receipt)| Receipt::of(*channel, receipt)).collect())
}
