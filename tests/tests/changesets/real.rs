//! A newer edition of real lists as change sets: exactly what was changed, dropped and added.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use api::{
    clock::Clock,
    registrar::import::{Account, Importer, import_as_drafts},
};
use domain::{
    acting::Role,
    changeset::{Kind, Step},
    envelope::{ActorId, Code, EntryName},
};
use exchange::{Progress, ProposedCode, ProposedContent, ReadOptions, Reading, RowOutcome, read_paths};
use journal::MemoryJournal;

use super::support::*;

fn lists() -> Option<PathBuf> {
    let lists = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/karamay-power-lists");
    lists.exists().then_some(lists)
}

fn read(lists: &Path) -> Vec<Reading> {
    let options = ReadOptions { region: domain::value::Region::new("650200", None), ..ReadOptions::default() };
    let nobody: &(dyn Progress + Sync) = &();
    let readings = read_paths(&[lists.to_owned()], &options, nobody).into_iter().filter_map(Result::ok).flatten();
    // A list without a year is newer than whatever came before it, also when it is read again.
    readings.filter(|reading| reading.info.edition.is_some()).collect()
}

fn clock() -> Clock {
    Arc::new(now)
}

/// A later edition: of every list each seventh row says something else, each eleventh is gone, and two are new. Only rows whose identity
/// no other row of the run has: of the others it takes a look to say which is which.
fn edited(mut readings: Vec<Reading>) -> (Vec<Reading>, [usize; 3]) {
    let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let identity = |code: &ProposedCode| if let ProposedCode::Assigned(identity) = code { Some(identity.clone()) } else { None };
    for row in readings.iter().flat_map(|reading| &reading.rows) {
        if let RowOutcome::Proposed(proposal) = &row.outcome
            && let Some(identity) = identity(&proposal.code)
        {
            *counts.entry(identity).or_default() += 1;
        }
    }
    let (mut changed, mut gone, mut new, mut number) = (0, 0, 0, 0_usize);
    for reading in &mut readings {
        reading.info.edition = Some("2026".to_owned());
        let mut added = Vec::new();
        reading.rows.retain_mut(|row| {
            let RowOutcome::Proposed(proposal) = &mut row.outcome else { return true };
            proposal.source.edition = Some("2026".to_owned());
            let alone = identity(&proposal.code).is_some_and(|identity| counts[&identity] == 1);
            let ProposedContent::Item(item) = &mut proposal.content else { return true };
            if !alone {
                return true;
            }
            number += 1;
            if number % 11 == 0 {
                gone += 1;
                return false;
            }
            if number % 7 == 0 {
                item.authority = Some("2026年版改过的职权内容".to_owned());
                changed += 1;
            } else if number % 97 == 0 {
                let mut copy = row.clone();
                if let RowOutcome::Proposed(proposal) = &mut copy.outcome
                    && let (ProposedContent::Item(item), ProposedCode::Assigned(identity)) = (&mut proposal.content, &mut proposal.code)
                {
                    item.name = format!("新增事项{number}");
                    identity.push(item.name.clone());
                }
                added.push(copy);
                new += 1;
            }
            true
        });
        reading.rows.extend(added);
    }
    (readings, [new, changed, gone])
}

fn number(account: &Account, outcome: &str) -> usize {
    usize::try_from(account.number(outcome)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_edition_of_real_lists_is_exactly_what_was_changed_dropped_and_added() {
    let Some(lists) = lists() else {
        println!("SKIPPED karamay-power-lists: ../shared/data is not there");
        return;
    };
    let bench = Bench::over(Arc::new(MemoryJournal::new()));
    let importer = Importer::new(bench.desk.journal.clone(), clock(), ActorId::new("import"), None);
    let first = importer.import(read(&lists), &|_| ()).await.unwrap();
    println!("adopted {}, unchanged {}", first.number("adopted"), first.number("unchanged"));
    let city = caller("p-d", Role::Drafter, None);
    let drafts = |readings| import_as_drafts(&bench.desk, (&city, clock()), readings, &|_| ());

    // The same edition holds nothing new.
    let events = bench.events().await;
    let same = drafts(read(&lists)).await.unwrap();
    assert_eq!((number(&same, "new"), number(&same, "changed"), same.repeals.len()), (0, 0, 0));
    assert!(same.sets.iter().all(|set| set.code.is_none() && set.status == "UNCHANGED"), "{:?}", same.sets);
    assert_eq!(bench.events().await, events);

    let (newer, [new, changed, gone]) = edited(read(&lists));
    let account = drafts(newer.clone()).await.unwrap();
    println!("edited: {new} new, {changed} changed, {gone} gone in {} lists", account.sets.len());
    let refused: Vec<_> = account.rows.iter().filter(|row| row.outcome == "rejected" && row.code.is_some()).collect();
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!((number(&account, "new"), number(&account, "changed"), account.repeals.len()), (new, changed, gone));
    let outcomes = ["new", "changed", "unchanged", "rejected", "ignored"];
    assert_eq!(outcomes.map(|outcome| number(&account, outcome)).iter().sum::<usize>(), account.rows.len(), "every row is accounted for");
    let (mut members, mut told) = (BTreeSet::new(), BTreeSet::new());
    let (mut of_city, mut of_one) = (0, 0);
    for set in account.sets.iter().filter_map(|set| set.code.as_ref()) {
        let set = bench.set(set).await;
        assert_eq!(set.state.step, Step::Proposed);
        // One of the lists holds lines of several agencies.
        of_city += usize::from(set.state.agency.is_none());
        of_one += usize::from(set.state.agency.is_some());
        members.extend(set.state.members.iter().map(|member| (member.entry(), member.kind)));
    }
    for row in &account.rows {
        let kind = match row.outcome {
            "new" => Kind::New,
            "changed" => Kind::Changed,
            _ => continue,
        };
        told.insert((EntryName::new(row.register.unwrap(), row.code.clone().unwrap()), kind));
    }
    told.extend(account.repeals.iter().map(|repeal| (EntryName::new(repeal.register, repeal.code.clone()), Kind::Gone)));
    assert_eq!(members, told, "the members are what the report says");
    assert_eq!(of_city, 1, "the set of a list is that of its agency: {of_one} are");
    assert!(account.repeals.iter().all(|repeal| repeal.change_set.is_some()));

    // The same again finds the open sets; a further edition is refused with words.
    let events = bench.events().await;
    let again = drafts(newer.clone()).await.unwrap();
    assert!(again.sets.iter().all(|set| set.status == "UNCHANGED"), "{:?}", again.sets);
    let further = drafts(edited(newer.clone()).0).await.unwrap();
    let refused: Vec<_> = further.sets.iter().filter_map(|set| set.why.as_ref()).map(|why| why.0.as_str()).collect();
    assert!(!refused.is_empty() && refused.iter().all(|code| *code == "CHANGE_SET_OPEN"), "{refused:?}");
    assert_eq!(bench.events().await, events);

    // Approved, they are what the edition says: the same import changes nothing any more, and the older one undoes nothing.
    let reviewer = reviewer();
    for (n, set) in (100..).zip(account.sets.iter().filter_map(|set| set.code.as_ref())) {
        let agency = bench.set(set).await.state.agency;
        let approver = caller("p-a", Role::Approver, agency.as_ref().map(Code::as_str));
        assert_eq!(word(&bench.ask(&reviewer, n, set, bench.review(set).await).await), "APPLIED");
        assert_eq!(word(&bench.ask(&approver, n + 1_000, set, bench.approve(set).await).await), "APPLIED");
    }
    let done = drafts(newer).await.unwrap();
    assert_eq!((number(&done, "new"), number(&done, "changed"), done.repeals.len()), (0, 0, 0));
    let older = drafts(read(&lists)).await.unwrap();
    assert_eq!((number(&older, "new"), number(&older, "changed"), older.repeals.len()), (0, 0, 0));
}
