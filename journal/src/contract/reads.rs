use domain::envelope::StreamVersion;
use uuid::Uuid;

use super::{
    Verdict, ensure,
    samples::{event, events, is, last, log, stream, whole},
};
use crate::port::{Expected, NewEvent, SharedJournal};

/// Payload and metadata are bytes to the store: empty, with zeros, not UTF-8, ending like a quote or a line.
pub(super) async fn bytes_come_back(journal: SharedJournal) -> Verdict {
    let every: Vec<u8> = (0..=255).collect();
    let weird: [&[u8]; 8] = [b"", b"\0", b"a\0b", &[0xff, 0xfe, 0xc3, 0x28], "清单\u{feff}".as_bytes(), b"'; --\r\n", b" 1 ", &every];
    let mut new = Vec::new();
    for (index, payload) in weird.into_iter().enumerate() {
        for metadata in [payload, weird[(index + 3) % weird.len()]] {
            let id = Uuid::from_u128(u128::MAX - new.len() as u128);
            new.push(NewEvent { id, kind: format!("条目.{index}"), metadata: metadata.to_vec(), payload: payload.to_vec() });
        }
    }
    journal.append(&stream(0)?, Expected::NoStream, new.clone()).await?;
    for found in [whole(&*journal, &stream(0)?).await?, log(&*journal, 5).await?] {
        ensure!(found.len() == new.len(), "{} events came back of {}", found.len(), new.len());
        for (recorded, new) in found.iter().zip(&new) {
            ensure!(is(recorded, new), "appended {new:?}, came back {recorded:?}");
        }
    }
    Ok(())
}

/// A stream is read from any version on, in pages that are full until its end.
pub(super) async fn a_stream_is_read_in_pages(journal: SharedJournal) -> Verdict {
    let name = stream(1)?;
    journal.append(&stream(0)?, Expected::NoStream, events(0, 3)).await?;
    journal.append(&name, Expected::NoStream, events(1, 6)).await?;
    journal.append(&stream(2)?, Expected::NoStream, events(2, 3)).await?;
    journal.append(&name, Expected::Version(StreamVersion(5)), events(3, 4)).await?;
    let new: Vec<NewEvent> = (0..6).map(|index| event(1, index)).chain((0..4).map(|index| event(3, index))).collect();
    for (from, limit) in [(0, 3), (3, 3), (6, 3), (9, 3), (10, 3), (2, 100), (0, 10), (0, 0), (4, 1), (u64::MAX, 5)] {
        let page = journal.read_stream(&name, StreamVersion(from), limit).await?;
        let start = usize::try_from(from).map_or(new.len(), |from| from.min(new.len()));
        let rest = &new[start..];
        let wanted = rest.iter().take(limit);
        let right =
            page.len() == wanted.len()
                && page.iter().zip(wanted).enumerate().all(|(index, (recorded, new))| {
                    is(recorded, new) && recorded.version.0 == from + index as u64 && recorded.stream == name
                });
        ensure!(right, "a page of {limit} from version {from} has {page:?}");
    }
    Ok(())
}

/// The log is read from the beginning or after any of its positions, in pages that are full until the end, and says when it ends.
pub(super) async fn the_log_is_read_in_pages(journal: SharedJournal) -> Verdict {
    let empty = journal.read_all(None, 10).await?;
    ensure!(empty.end && empty.events.is_empty(), "an empty journal is read as {empty:?}");
    for append in 0..6 {
        journal.append(&stream(append)?, Expected::NoStream, events(append, 1 + append % 3)).await?;
    }
    let all = journal.read_all(None, usize::MAX).await?;
    ensure!(all.end && all.events.len() == 12, "of 12 events {} were read, end: {}", all.events.len(), all.end);
    let all = all.events;
    for after in 0..=all.len() {
        for limit in [1, 2, 5, 12, 13] {
            let page = journal.read_all(last(&all[..after]), limit).await?;
            let until = all.len().min(after + limit);
            ensure!(page.events == all[after..until], "a page of {limit} after event {after} has {:?}", page.events);
            ensure!(page.end == (until == all.len()), "a page of {limit} after event {after} of 12 says end: {}", page.end);
        }
    }
    for event in &all {
        let alone = journal.read_stream(&event.stream, event.version, 1).await?;
        ensure!(alone == [event.clone()], "the log has {event:?}, its stream {alone:?}");
    }
    Ok(())
}
