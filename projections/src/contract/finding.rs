//! What is found, and what is not.

use std::slice::from_ref;

use domain::{
    register::Register,
    value::{Channel, Level},
};

use super::{
    Verdict, ensure,
    samples::{batch, changed, code, entry, item, place},
};
use crate::{
    document::{Both, Key},
    store::{Batch, SharedViews, Snapshot},
    term::{Index, Term},
};

/// The numbers of the items that are found, and that as many are counted.
async fn found(snapshot: &dyn Snapshot, channel: Channel, terms: &[Term]) -> Result<Vec<usize>, super::Broken> {
    let codes = snapshot.find(channel, Register::Item, terms, None, 1_000).await?;
    let counted = snapshot.count(channel, Register::Item, terms).await?;
    ensure!(counted == codes.len(), "{} found and {counted} counted", codes.len());
    ensure!(codes.is_sorted(), "codes are not in order: {codes:?}");
    Ok(codes.iter().filter_map(|code| code.as_str()[1..].parse().ok()).collect())
}

pub(super) async fn codes_are_found_in_pages(views: SharedViews) -> Verdict {
    views.commit(batch(1, 700)?).await?;
    let snapshot = views.snapshot().await?;
    let agency = Term::of_code(Index::Agency, &code(1)?);
    let city = Term::level(super::samples::level(1));
    for terms in [vec![], vec![agency.clone()], vec![city.clone(), agency.clone()], vec![agency.clone(), agency.clone(), city]] {
        let all = snapshot.find(Channel::Counter, Register::Item, &terms, None, usize::MAX).await?;
        let expected: Vec<_> = (0..700).filter(|i| terms.is_empty() || i % 3 == 1).map(code).collect::<Result<_, _>>()?;
        ensure!(all == expected, "{} found, {} expected", all.len(), expected.len());
        for size in [1, 7, 233, 1_000] {
            let (mut paged, mut after) = (Vec::new(), None);
            loop {
                let page = snapshot.find(Channel::Counter, Register::Item, &terms, after.as_ref(), size).await?;
                ensure!(page.len() <= size, "{} codes on a page of {size}", page.len());
                let last = page.len() < size;
                after = page.last().cloned().or(after);
                paged.extend(page);
                if last {
                    break;
                }
            }
            ensure!(paged == all, "pages of {size} hold {} codes, not {}", paged.len(), all.len());
        }
    }
    ensure!(snapshot.find(Channel::Online, Register::Item, &[], None, 0).await?.is_empty(), "a page of none holds some");
    // After a code that nothing has, between and beyond those that there are.
    for (after, first) in [("A", Some(0)), ("I00004x", Some(5)), ("I99999", None), ("z", None)] {
        let Ok(after) = after.parse() else { continue };
        let next = snapshot.find(Channel::Online, Register::Item, &[], Some(&after), 1).await?;
        let expected = first.map(code).transpose()?;
        ensure!(next.first() == expected.as_ref(), "after {after}: {next:?}");
    }
    Ok(())
}

pub(super) async fn what_a_document_no_longer_says_does_not_find_it(views: SharedViews) -> Verdict {
    let (city, county) = (Term::level(Level::City), Term::level(Level::County));
    let one = (0..4).map(|i| entry(i, "一", Some(Level::City), place(1))).collect::<Result<Vec<_>, _>>()?;
    views.commit(Batch { changes: one, base: None, checkpoint: place(1), begun: Vec::new(), events: 1 }).await?;
    let two = vec![entry(1, "二", Some(Level::County), place(2))?, entry(2, "二", None, place(2))?];
    views.commit(Batch { changes: two, base: Some(place(1)), checkpoint: place(2), begun: Vec::new(), events: 1 }).await?;
    let snapshot = views.snapshot().await?;
    for channel in Channel::ALL {
        let (of_city, of_county) =
            (found(&*snapshot, channel, from_ref(&city)).await?, found(&*snapshot, channel, from_ref(&county)).await?);
        ensure!((&of_city[..], &of_county[..]) == (&[0, 3][..], &[1][..]), "{of_city:?} and {of_county:?}");
        let all = found(&*snapshot, channel, &[]).await?;
        ensure!(all == [0, 1, 3], "shown: {all:?}");
        let none = found(&*snapshot, channel, &[city.clone(), county.clone()]).await?;
        ensure!(none.is_empty(), "of both levels: {none:?}");
        let none = found(&*snapshot, channel, &[Term::new(Index::Topic, "没有")]).await?;
        ensure!(none.is_empty(), "of a term that nothing has: {none:?}");
    }
    let three = vec![entry(2, "三", Some(Level::City), place(3))?];
    views.commit(Batch { changes: three, base: Some(place(2)), checkpoint: place(3), begun: Vec::new(), events: 1 }).await?;
    let again = found(&*views.snapshot().await?, Channel::Online, &[city]).await?;
    ensure!(again == [0, 2, 3], "an entry that is shown again: {again:?}");
    Ok(())
}

pub(super) async fn channels_are_apart(views: SharedViews) -> Verdict {
    let (city, county) = (Term::level(Level::City), Term::level(Level::County));
    let at = place(1);
    let changes = vec![
        changed(0, Both::Same(item(0, "同", Some(Level::City), at)?))?,
        changed(1, Both::Each([Some(item(1, "线上", Some(Level::City), at)?), Some(item(1, "窗口", Some(Level::County), at)?)]))?,
        changed(2, Both::Each([None, Some(item(2, "窗口", Some(Level::City), at)?)]))?,
    ];
    views.commit(Batch { changes, base: None, checkpoint: at, begun: Vec::new(), events: 1 }).await?;
    let snapshot = views.snapshot().await?;
    for (channel, of_city, of_county) in [(Channel::Online, vec![0, 1], vec![]), (Channel::Counter, vec![0, 2], vec![1])] {
        let got = (found(&*snapshot, channel, from_ref(&city)).await?, found(&*snapshot, channel, from_ref(&county)).await?);
        ensure!(got == (of_city, of_county), "{channel}: {got:?}");
        let documents = snapshot.get_many(channel, Register::Item, &[code(1)?, code(2)?]).await?;
        let said: Vec<_> = documents.iter().map(|document| document.as_ref().map(|document| document.words().to_owned())).collect();
        let expected = match channel {
            Channel::Online => [Some("线上".to_owned()), None],
            Channel::Counter => [Some("窗口".to_owned()), Some("窗口".to_owned())],
        };
        ensure!(said == expected, "{channel} says {said:?}");
    }
    // What was parted becomes one again.
    let changes = vec![changed(1, Both::Same(item(1, "同", Some(Level::County), place(2))?))?];
    views.commit(Batch { changes, base: Some(at), checkpoint: place(2), begun: Vec::new(), events: 1 }).await?;
    let snapshot = views.snapshot().await?;
    for channel in Channel::ALL {
        let got = found(&*snapshot, channel, from_ref(&county)).await?;
        ensure!(got == [1], "{channel}: {got:?}");
    }
    Ok(())
}

pub(super) async fn keys_are_all_that_is_held(views: SharedViews) -> Verdict {
    ensure!(views.snapshot().await?.keys().await?.is_empty(), "an empty store has keys");
    let at = place(1);
    let changes = vec![
        entry(1, "一", Some(Level::City), at)?,
        // Nothing is shown of it, and it is held all the same.
        entry(0, "零", None, at)?,
        changed(2, Both::Each([None, Some(item(2, "窗口", Some(Level::City), at)?)]))?,
    ];
    views.commit(Batch { changes, base: None, checkpoint: at, begun: Vec::new(), events: 1 }).await?;
    let mut expected = Vec::new();
    for (channel, numbers) in [(Channel::Online, &[0, 1][..]), (Channel::Counter, &[0, 1, 2])] {
        for number in numbers {
            expected.push(Key { channel, register: Register::Item, code: code(*number)? });
        }
    }
    expected.sort_unstable();
    let keys = views.snapshot().await?.keys().await?;
    ensure!(keys == expected, "{keys:?}");
    Ok(())
}
