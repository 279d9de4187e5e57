//! What commits begin to show, until it is written down.

use chrono::{DateTime, TimeDelta};
use domain::{
    register::Register,
    value::{Channel, Hash},
};

use super::{
    Broken, Verdict, ensure,
    samples::{batch, code, place},
};
use crate::{
    begun::{Begun, Noted, ServedNow},
    store::{Batch, SharedViews, ViewError},
};

fn begun(number: u64) -> Result<Vec<Begun>, Broken> {
    let at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::microseconds(i64::try_from(number).unwrap_or(0));
    let served = ServedNow { revision: 7, content_hash: Hash::of_bytes(&number.to_be_bytes()), published_at: at };
    let code = code(usize::try_from(number).unwrap_or(0))?;
    let of = |channel, served| Begun { channel, register: Register::Item, code: code.clone(), at, served };
    Ok(vec![of(Channel::Online, Some(served)), of(Channel::Counter, Some(served)), of(Channel::Counter, None)])
}

/// All that is noted, in portions, with the checkpoint of the last; what was read is forgotten.
async fn all_noted(views: &SharedViews) -> Result<Vec<Begun>, Broken> {
    let mut all = Vec::new();
    while let Some(Noted { up_to, begun }) = views.begun().await? {
        ensure!(!begun.is_empty(), "an empty portion");
        let again = views.begun().await?;
        ensure!(again == Some(Noted { up_to, begun: begun.clone() }), "what was read and not forgotten is not there any more");
        all.extend(begun);
        views.forget(up_to).await?;
        // Forgotten twice, by whoever was not told that it was.
        views.forget(up_to).await?;
    }
    Ok(all)
}

pub(super) async fn what_begins_is_noted_with_its_commit_and_kept_until_it_is_forgotten(views: SharedViews) -> Verdict {
    ensure!(views.begun().await?.is_none(), "something began before the first commit");
    let mut expected = Vec::new();
    for number in 1..=30 {
        let begun = if number % 3 == 0 { Vec::new() } else { begun(number)? };
        expected.extend(begun.clone());
        views.commit(Batch { begun, ..batch(number, 2)? }).await?;
    }
    views.forget(place(2)).await?;
    let noted = all_noted(&views).await?;
    ensure!(noted == expected[6..], "{} are noted of {}", noted.len(), expected.len() - 6);
    ensure!(views.begun().await?.is_none(), "what was forgotten is there again");
    views.commit(Batch { begun: begun(31)?, ..batch(31, 2)? }).await?;
    let noted = all_noted(&views).await?;
    ensure!(noted == begun(31)?, "after all was forgotten nothing is noted any more");
    Ok(())
}

pub(super) async fn a_refused_batch_begins_nothing(views: SharedViews) -> Verdict {
    views.commit(Batch { begun: begun(1)?, ..batch(1, 2)? }).await?;
    let refused = views.commit(Batch { begun: begun(9)?, base: Some(place(8)), ..batch(9, 2)? }).await;
    ensure!(matches!(refused, Err(ViewError::Moved { .. })), "{refused:?}");
    let noted = all_noted(&views).await?;
    ensure!(noted == begun(1)?, "{noted:?}");
    Ok(())
}
