use chrono::{DateTime, Utc};
use domain::{
    envelope::EntryName,
    receipt::{Event, Receipts},
    value::Channel,
};
use exchange::evidence::{KeptAt, Receipt, Revision};
use journal::{Journal, LoadError, load_of};

/// The receipts of an entry, of the revisions that are told of: by channel, in the order in which they were written; for everybody without
/// where they are kept. And since when the
/// register has any.
pub(super) async fn of(
    journal: &dyn Journal,
    entry: &EntryName,
    revisions: &[Revision],
    public: bool,
) -> Result<(Vec<Receipt>, Option<DateTime<Utc>>), LoadError> {
    let (mut found, mut since) = (Vec::new(), None::<DateTime<Utc>>);
    for channel in Channel::ALL {
        for past in load_of::<Receipts>(journal, &Receipts::code_of(channel)).await?.history {
            let Event::Served(served) = past.event;
            since = Some(since.map_or(past.metadata.at, |since| since.min(past.metadata.at)));
            let of_entry = served.receipts.iter().filter(|receipt| receipt.register == entry.register && receipt.code == entry.code);
            let told = of_entry.filter(|receipt| revisions.iter().any(|revision| revision.number == receipt.revision));
            found.extend(told.map(|receipt| Receipt {
                kept: (!public).then(|| KeptAt {
                    event: past.recorded.id.to_string(),
                    stream: past.recorded.stream.to_string(),
                    version: past.recorded.version.0,
                }),
                recorded_at: past.metadata.at,
                channel: served.channel,
                revision: receipt.revision,
                content_hash: receipt.content_hash,
                published_at: receipt.published_at,
                begins_at: receipt.begins_at,
                served_at: receipt.served_at,
                witness: receipt.witness,
                due_at: receipt.due_at,
                standing: receipt.proves(),
            }));
        }
    }
    Ok((found, since))
}
