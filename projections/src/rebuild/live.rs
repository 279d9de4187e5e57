//! Holds views that nodes share against rebuilt ones: documents, what they lead to, terms and postings as they are kept.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use domain::{
    envelope::{Code, EntryName, Position},
    register::Register,
    value::Channel,
};
use journal::SharedJournal;

use super::{BYTES, NOT_LIVE, NOT_REBUILT, RebuildCheck, TERMS};
use crate::{
    document::Both,
    redis::{Kept, KeptEntry, Posting, RedisViews},
    runner::{Runner, RunnerError},
    store::{Change, MemoryViews, Snapshot, ViewError},
};

/// How often it is begun anew because the views have gone on too far meanwhile.
const ATTEMPTS: usize = 5;

/// Codes that rebuilt views are asked for at once.
const PART: usize = 512;

/// Compares the live views that nodes share, as they are kept, with a rebuild of the journal up to the same place. Nothing is written,
/// and whoever projects may go on.
pub async fn check_live(journal: SharedJournal, live: &RedisViews) -> Result<RebuildCheck, RunnerError> {
    let rebuilt = Arc::new(MemoryViews::default());
    let runner = Runner::new(journal, rebuilt.clone());
    // The long way first, so that what is kept then is compared soon after it was looked at.
    runner.catch_up_to(live.kept().await?.position()).await?;
    for attempt in 1.. {
        let kept = live.kept().await?;
        let reached = runner.catch_up_to(kept.position()).await?;
        if reached != kept.position() {
            return Ok(elsewhere(&kept));
        }
        match compare(&kept, rebuilt.now().await?.as_ref()).await {
            Err(ViewError::Outlived) if attempt < ATTEMPTS => {}
            compared => return Ok(compared?),
        }
    }
    Err(ViewError::Outlived.into())
}

/// Views at a place where the journal has nothing.
fn elsewhere(kept: &Kept) -> RebuildCheck {
    let mut check = RebuildCheck::of(kept.position());
    let at = kept.position().map(|position: Position| position.to_string()).unwrap_or_default();
    check.differs(|| format!("position {at}"), "the journal has no event there: the views are of another one, or of a later state of it");
    check
}

async fn compare(kept: &Kept, rebuilt: &dyn Snapshot) -> Result<RebuildCheck, ViewError> {
    let mut check = RebuildCheck::of(kept.position());
    if kept.events() != rebuilt.events() {
        let (live, here) = (kept.events(), rebuilt.events());
        check.differs(|| format!("events {live}, {here} in the journal"), "the live views are of another number of events");
    }
    let mut codes: BTreeMap<Register, BTreeSet<Code>> = BTreeMap::new();
    for key in rebuilt.keys().await? {
        codes.entry(key.register).or_default().insert(key.code);
    }
    let postings = kept.postings().await?;
    for register in Register::ALL {
        let mut terms: BTreeMap<Posting, Vec<Code>> = BTreeMap::new();
        let mut seen = HashSet::new();
        let mut cursor = "0".to_owned();
        loop {
            let (next, mut entries) = kept.entries(register, &cursor).await?;
            entries.retain(|(code, _)| seen.insert(code.clone()));
            entries_differ(&mut check, rebuilt, register, entries, &mut terms).await?;
            cursor = next;
            if cursor == "0" {
                break;
            }
        }
        let gone: Vec<_> = codes.remove(&register).unwrap_or_default().into_iter().filter(|code| !seen.contains(code)).collect();
        for part in gone.chunks(PART) {
            let none = part.iter().map(|code| (code.clone(), KeptEntry::none())).collect();
            entries_differ(&mut check, rebuilt, register, none, &mut terms).await?;
        }
        for posting in postings.iter().filter(|(_, of, _)| *of == register) {
            terms.entry(posting.clone()).or_default();
        }
        postings_differ(&mut check, kept, terms).await?;
    }
    Ok(check)
}

/// Compares entries as they are kept with what a commit of the rebuilt ones would keep; notes by which terms the latter are found.
async fn entries_differ(
    check: &mut RebuildCheck,
    rebuilt: &dyn Snapshot,
    register: Register,
    entries: Vec<(Code, KeptEntry)>,
    terms: &mut BTreeMap<Posting, Vec<Code>>,
) -> Result<(), ViewError> {
    let codes: Vec<_> = entries.iter().map(|(code, _)| code.clone()).collect();
    let online = rebuilt.get_many(Channel::Online, register, &codes).await?;
    let counter = rebuilt.get_many(Channel::Counter, register, &codes).await?;
    for (((code, live), online), counter) in entries.into_iter().zip(online).zip(counter) {
        let expected = match Both::of([online, counter]) {
            Some(both) => KeptEntry::of(&Change { entry: EntryName::new(register, code.clone()), both })?,
            None => KeptEntry::none(),
        };
        let place = || format!("{register}/{code}");
        match (&live, &expected) {
            (KeptEntry::Broken, _) => check.differs(place, "it cannot be read"),
            _ if !live.is_there() && expected.is_there() => check.differs(place, NOT_LIVE),
            _ if live.is_there() && !expected.is_there() => check.differs(place, NOT_REBUILT),
            (
                KeptEntry::Whole { documents, leads_to, terms },
                KeptEntry::Whole { documents: documents_here, leads_to: leads_here, terms: terms_here },
            ) => {
                for (channel, (kept, here)) in Channel::ALL.into_iter().zip(documents.iter().zip(documents_here)) {
                    check.documents += usize::from(here.is_some());
                    check.bytes += here.as_ref().map_or(0, |here| here.len() as u64);
                    if kept != here {
                        check.differs(|| format!("{channel}/{register}/{code}"), BYTES);
                    }
                }
                if leads_to != leads_here {
                    check.differs(place, "what it leads to differs");
                }
                if terms != terms_here {
                    check.differs(place, TERMS);
                }
            }
            (_, KeptEntry::Broken) => {}
        }
        for channel in Channel::ALL {
            for term in expected.terms_on(channel) {
                terms.entry((channel, register, term)).or_default().push(code.clone());
            }
        }
    }
    Ok(())
}

/// Compares what is found by each term.
async fn postings_differ(check: &mut RebuildCheck, kept: &Kept, terms: BTreeMap<Posting, Vec<Code>>) -> Result<(), ViewError> {
    for (posting, expected) in terms {
        let found: BTreeSet<_> = kept.found_by(&posting).await?.into_iter().collect();
        let expected: BTreeSet<_> = expected.into_iter().collect();
        let (channel, register, term) = &posting;
        let place = |code: &Code| format!("{channel}/{register}/{code} by {term}");
        for code in expected.difference(&found) {
            check.differs(|| place(code), "it is not found");
        }
        for code in found.difference(&expected) {
            check.differs(|| place(code), "it is found and should not be");
        }
    }
    Ok(())
}
