//! What is committed, and what is refused.

use domain::{
    register::Register,
    value::{Channel, Level},
};

use super::{
    Broken, Verdict, ensure,
    samples::{all_of, batch, code, entry, place},
};
use crate::store::{Batch, SharedViews, ViewError};

pub(super) async fn a_batch_upon_another_checkpoint_is_refused_whole(views: SharedViews) -> Verdict {
    views.commit(batch(1, 3)?).await?;
    views.commit(batch(2, 3)?).await?;
    let (one, two, nine) = (place(1), place(2), place(9));
    for (base, checkpoint) in [(None, nine), (Some(one), nine), (Some(nine), place(10)), (Some(two), two), (Some(two), one)] {
        let changes = vec![entry(0, "错", Some(Level::City), checkpoint)?, entry(7, "错", Some(Level::City), checkpoint)?];
        let answered = views.commit(Batch { changes, base, checkpoint, begun: Vec::new(), events: 2 }).await;
        ensure!(matches!(answered, Err(ViewError::Moved { .. })), "{base:?} to {checkpoint} upon {two}: {answered:?}");
        if let Err(ViewError::Moved { actual, .. }) = answered {
            ensure!(actual == Some(two), "it is told that the store is at {actual:?}, not at {two}");
        }
    }
    let snapshot = views.snapshot().await?;
    ensure!(all_of(snapshot.as_ref(), 3).await? == Some(2), "a refused batch left something behind");
    let seventh = snapshot.get_many(Channel::Online, Register::Item, &[code(7)?]).await?;
    ensure!(seventh == [None], "a refused batch left an entry behind");
    ensure!(snapshot.events() == 6, "a refused batch counts: {} events of 6", snapshot.events());
    Ok(())
}

pub(super) async fn a_checkpoint_counts_the_events_before_it(views: SharedViews) -> Verdict {
    let mut held = vec![(views.snapshot().await?, 0)];
    for number in 1..=6 {
        // What a batch changes is fewer entries than it has events.
        let events = number * 1_000_000_007;
        views.commit(Batch { events, ..batch(number, 2)? }).await?;
        held.push((views.snapshot().await?, held.last().map_or(0, |(_, before)| before + events)));
    }
    for (snapshot, expected) in held {
        let (position, events) = (snapshot.position(), snapshot.events());
        ensure!(events == expected, "at {position:?} {events} events are counted, expected {expected}");
    }
    Ok(())
}

pub(super) async fn one_of_racing_batches_wins(views: SharedViews) -> Verdict {
    for round in 1..=10 {
        let racers = (0..8).map(|_| {
            let views = views.clone();
            tokio::spawn(async move { views.commit(batch(round, 5)?).await.map_err(Broken::from) })
        });
        let mut won = 0;
        for racer in racers.collect::<Vec<_>>() {
            match racer.await.map_err(|error| Broken(format!("a racer died: {error}")))? {
                Ok(()) => won += 1,
                Err(Broken(words)) => ensure!(words.contains("the batch builds upon"), "a racer failed: {words}"),
            }
        }
        ensure!(won == 1, "{won} of 8 racing batches were committed");
        ensure!(all_of(views.snapshot().await?.as_ref(), 5).await? == Some(round), "not the batch that won");
    }
    Ok(())
}

pub(super) async fn a_large_batch_is_one_commit(views: SharedViews) -> Verdict {
    const MANY: usize = 2_500;
    views.commit(batch(1, MANY)?).await?;
    ensure!(all_of(views.snapshot().await?.as_ref(), MANY).await? == Some(1), "not all of it is there");
    views.commit(batch(2, MANY)?).await?;
    ensure!(all_of(views.snapshot().await?.as_ref(), MANY).await? == Some(2), "not all of it was replaced");
    Ok(())
}

pub(super) async fn documents_come_back_byte_for_byte(views: SharedViews) -> Verdict {
    let names = ["", "名 称\n\"\\\0", "0", "\u{10ffff}", &"长".repeat(100_000)];
    let changes = names.iter().enumerate().map(|(i, name)| entry(i, name, Some(Level::City), place(1))).collect::<Result<Vec<_>, _>>()?;
    let expected: Vec<_> = changes.iter().map(|change| change.both.on(Channel::Online).cloned()).collect();
    views.commit(Batch { changes, base: None, checkpoint: place(1), begun: Vec::new(), events: 5 }).await?;
    let snapshot = views.snapshot().await?;
    // Backwards, one twice, one that is not there.
    let asked = [4, 3, 99, 2, 1, 0, 3];
    let codes = asked.iter().map(|number| code(*number)).collect::<Result<Vec<_>, _>>()?;
    for channel in Channel::ALL {
        let got = snapshot.get_many(channel, Register::Item, &codes).await?;
        ensure!(got.len() == asked.len(), "{} documents for {} codes", got.len(), asked.len());
        for (number, got) in asked.iter().zip(got) {
            let expected = expected.get(*number).cloned().flatten();
            let bytes = |document: Option<crate::document::Document>| document.map(|document| document.encode().unwrap_or_default());
            ensure!(bytes(got) == bytes(expected), "document {number} has other bytes");
        }
        let none = snapshot.get_many(channel, Register::Guide, &codes).await?;
        ensure!(none.iter().all(Option::is_none), "an item is found among the guides");
        ensure!(snapshot.get_many(channel, Register::Item, &[]).await?.is_empty(), "documents for no codes");
        // Of several registers at once: each in its place, and no item among the guides.
        let mixed: Vec<_> = codes.iter().flat_map(|code| [(Register::Guide, code.clone()), (Register::Item, code.clone())]).collect();
        let got = snapshot.get_entries(channel, &mixed).await?;
        ensure!(got.len() == mixed.len(), "{} documents for {} entries", got.len(), mixed.len());
        for (number, pair) in asked.iter().zip(got.chunks(2)) {
            let bytes = |document: &crate::document::Document| document.encode().unwrap_or_default();
            let expected = expected.get(*number).and_then(Option::as_ref).map(bytes);
            ensure!(pair[0].is_none() && pair[1].as_ref().map(bytes) == expected, "document {number} has other bytes among others");
        }
        ensure!(snapshot.get_entries(channel, &[]).await?.is_empty(), "documents for no entries");
        // The same for whoever reads on: all that was asked for, in any order, whatever else is told.
        for asked in [&mixed[..], &mixed[..1], &mixed[1..2]] {
            let (told, got) = (snapshot.get_with_next(channel, asked).await?, snapshot.get_entries(channel, asked).await?);
            let all = asked.iter().zip(got).all(|(entry, got)| told.iter().any(|(name, told)| name == entry && *told == got));
            ensure!(all, "not all of {} entries are told as they are", asked.len());
        }
        ensure!(snapshot.get_with_next(channel, &[]).await?.is_empty(), "something is told of no entries");
    }
    Ok(())
}
