//! What the channels showed at another moment is what they showed: answers that were written down while a history happened are given again
//! later, and what was valid at one time as known at another is what the rules say of the events known by then.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use common::{Told, code, day, guide, item};
use domain::{
    codec::Registered,
    entry::{Correct, Event, Resume, Suspend},
    envelope::Code,
    register::{Guide, Item, Register},
    value::Channel,
};
use journal::{Journal, Knowledge, MemoryJournal};
use projections::{
    Archive, Document, Happened, ListQuery, MemoryViews, Moment, Runner, Snapshot, ViewStore, Viewed, check_rebuild, count, list,
};
use proptest::{collection::vec, option, prelude::*};

/// Something that is asked of the register. Times are days after the first; much of it is refused, as in life.
#[derive(Debug, Clone)]
enum Act {
    AdoptItem { at: u8, from: Option<i64> },
    AdoptGuide { at: u8, item: u8, notes: bool, from: Option<i64> },
    ApproveItem { at: u8, from: Option<i64> },
    ApproveGuide { at: u8, item: u8, from: Option<i64> },
    Correct { at: u8, from: Option<i64> },
    Suspend { guide: bool, at: u8, until: Option<i64> },
    Resume { guide: bool, at: u8 },
    Repeal { guide: bool, at: u8, from: Option<i64> },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let from = || option::of(0_i64..40);
    let act = prop_oneof![
        3 => (0_u8..3, from()).prop_map(|(at, from)| Act::AdoptItem { at, from }),
        4 => (0_u8..3, 0_u8..3, any::<bool>(), from()).prop_map(|(at, item, notes, from)| Act::AdoptGuide { at, item, notes, from }),
        3 => (0_u8..3, from()).prop_map(|(at, from)| Act::ApproveItem { at, from }),
        3 => (0_u8..3, 0_u8..3, from()).prop_map(|(at, item, from)| Act::ApproveGuide { at, item, from }),
        2 => (0_u8..3, from()).prop_map(|(at, from)| Act::Correct { at, from }),
        3 => (any::<bool>(), 0_u8..3, from()).prop_map(|(guide, at, until)| Act::Suspend { guide, at, until }),
        2 => (any::<bool>(), 0_u8..3).prop_map(|(guide, at)| Act::Resume { guide, at }),
        1 => (any::<bool>(), 0_u8..3, from()).prop_map(|(guide, at, from)| Act::Repeal { guide, at, from }),
    ];
    vec(act, 1..25)
}

async fn act(told: &mut Told, act: Act, number: usize, now: DateTime<Utc>) {
    let (item_of, name) = (|at: u8| format!("I{at}"), format!("第{number}次"));
    let guide_of = |at: u8| format!("G{at}");
    match act {
        Act::AdoptItem { at, from } => told.adopt(&item_of(at), now, item(&name), from.map(day)).await,
        Act::AdoptGuide { at, item, notes, from } => {
            let notes = notes.then(|| "窗口提示".to_owned());
            let content = Guide { clerk_notes: notes, ..guide(&name, &item_of(item)) };
            told.adopt(&guide_of(at), now, content, from.map(day)).await;
        }
        Act::ApproveItem { at, from } => told.approve(&item_of(at), now, item(&name), from.map(day)).await,
        Act::ApproveGuide { at, item, from } => told.approve(&guide_of(at), now, guide(&name, &item_of(item)), from.map(day)).await,
        Act::Correct { at, from } => {
            let correct = Correct {
                content: item(&name),
                reason: "名称有误".into(),
                document: None,
                effective_from: from.map(day),
                beside: Vec::new(),
            };
            told.as_approver(&item_of(at), now, correct).await;
        }
        Act::Suspend { guide, at, until } => {
            let suspend = Suspend { reason: "系统升级".into(), until: until.map(day) };
            if guide {
                told.as_approver::<Guide>(&guide_of(at), now, suspend).await;
            } else {
                told.as_approver::<Item>(&item_of(at), now, suspend).await;
            }
        }
        Act::Resume { guide: true, at } => told.as_approver::<Guide>(&guide_of(at), now, Resume).await,
        Act::Resume { guide: false, at } => told.as_approver::<Item>(&item_of(at), now, Resume).await,
        Act::Repeal { guide: true, at, from } => told.repeal::<Guide>(&guide_of(at), now, from.map(day)).await,
        Act::Repeal { guide: false, at, from } => told.repeal::<Item>(&item_of(at), now, from.map(day)).await,
    }
}

/// What a channel shows at a moment: by code the name.
type Shown = BTreeMap<String, String>;

fn name_of<C: Viewed>(document: &Document, now: DateTime<Utc>) -> Option<String> {
    Some(C::view(document)?.shown_at(now)?.content.name().to_owned())
}

fn name(document: &Document, now: DateTime<Utc>) -> Option<String> {
    name_of::<Item>(document, now).or_else(|| name_of::<Guide>(document, now))
}

/// What is listed, and counted.
async fn listed(snapshot: &dyn Snapshot, channel: Channel, now: DateTime<Utc>) -> Shown {
    let mut shown = Shown::new();
    for register in [Register::Item, Register::Guide] {
        let of_register = list(snapshot, (channel, register), &ListQuery::default(), now, None, 100).await.unwrap().documents;
        assert_eq!(count(snapshot, (channel, register), &ListQuery::default(), now).await.unwrap(), of_register.len());
        shown.extend(of_register.iter().map(|document| (document.code().to_string(), name(document, now).unwrap())));
    }
    shown
}

/// What is asked for one by one.
async fn singly(snapshot: &dyn Snapshot, channel: Channel, now: DateTime<Utc>) -> Shown {
    let codes = |letter: &str| (0..3).map(|n| code(&format!("{letter}{n}"))).collect::<Vec<_>>();
    let mut documents = snapshot.get_many(channel, Register::Item, &codes("I")).await.unwrap();
    documents.extend(snapshot.get_many(channel, Register::Guide, &codes("G")).await.unwrap());
    documents.iter().flatten().filter_map(|document| Some((document.code().to_string(), name(document, now)?))).collect()
}

/// What the rules say, from the events known by a moment: the plainest way to say it.
async fn by_the_rules(journal: &MemoryJournal, valid_at: DateTime<Utc>, known_at: DateTime<Utc>) -> Shown {
    let all = journal.read_all(None, 10_000).await.unwrap().events;
    let happened = all.iter().filter_map(|recorded| Happened::read(recorded).unwrap());
    let mut entries: BTreeMap<String, Vec<Happened>> = BTreeMap::new();
    for happened in happened.filter(|happened| happened.metadata.at <= known_at) {
        entries.entry(happened.code.to_string()).or_default().push(happened);
    }
    let items: BTreeMap<_, _> = entries.iter().filter_map(|(of, events)| Some((of.clone(), in_force::<Item>(events, valid_at)?))).collect();
    let mut shown: Shown = items.iter().map(|(of, item)| (of.clone(), item.name.clone())).collect();
    let guides = entries.iter().filter_map(|(of, events)| Some((of, in_force::<Guide>(events, valid_at)?)));
    shown.extend(guides.filter(|(_, guide)| items.contains_key(guide.item.as_str())).map(|(of, guide)| (of.clone(), guide.name)));
    shown
}

/// The revision that is in force by itself: the last that holds, unless the entry is repealed or suspended.
fn in_force<C: Registered>(events: &[Happened], valid_at: DateTime<Utc>) -> Option<C> {
    let events: Vec<Event<C>> = events.iter().filter_map(|happened| C::unwrap(happened.event.clone())).collect();
    let (mut revision, mut suspended, mut repealed) = (None, None, false);
    for event in &events {
        if let Some(publication) = event.publication().filter(|publication| publication.effective_from <= valid_at)
            && revision.as_ref().is_none_or(|(from, _)| *from <= publication.effective_from)
        {
            revision = Some((publication.effective_from, publication.content.as_ref().clone()));
        }
        match event {
            Event::Suspended(notice) if notice.effective_from <= valid_at => suspended = Some(notice.until),
            Event::Resumed(resumed) if resumed.effective_from <= valid_at => suspended = None,
            Event::Repealed(repeal) => repealed = repeal.effective_from <= valid_at,
            _ => {}
        }
    }
    let out_of_sight = suspended.is_some_and(|until| until.is_none_or(|until| until > valid_at));
    revision.filter(|_| !repealed && !out_of_sight).map(|(_, content)| content)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_moment_is_answered_later_as_it_was_then_and_any_two_times_as_the_rules_say(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut told = Told::new();
            let (views, mut then) = (Arc::new(MemoryViews::default()), Vec::new());
            for (number, one) in acts.into_iter().enumerate() {
                let now = day(2 * i64::try_from(number).unwrap());
                act(&mut told, one, number, now).await;
                Runner::new(told.journal.clone(), views.clone()).catch_up(&|_| ()).await.unwrap();
                let snapshot = views.snapshot().await.unwrap();
                let at = now + chrono::TimeDelta::hours(12);
                then.push((at, [listed(snapshot.as_ref(), Channel::Online, at).await, listed(snapshot.as_ref(), Channel::Counter, at).await]));
            }
            let archive = Archive::new(told.journal.clone());
            for (at, shown) in &then {
                let snapshot = archive.at(Moment { valid_at: *at, knowledge: Knowledge::Moment(*at) });
                for (channel, shown) in Channel::ALL.into_iter().zip(shown) {
                    assert_eq!(singly(snapshot.as_ref(), channel, *at).await, *shown, "singly at {at}");
                    assert_eq!(listed(snapshot.as_ref(), channel, *at).await, *shown, "listed at {at}");
                }
            }
            // Any two times, the one earlier or later than the other.
            for known in then.iter().step_by(3).map(|(at, _)| *at) {
                for valid in (-1..60).step_by(4).map(day) {
                    let snapshot = archive.at(Moment { valid_at: valid, knowledge: Knowledge::Moment(known) });
                    let rules = by_the_rules(&told.journal, valid, known).await;
                    assert_eq!(singly(snapshot.as_ref(), Channel::Online, valid).await, rules, "{valid} as known at {known}");
                    assert_eq!(listed(snapshot.as_ref(), Channel::Counter, valid).await, rules, "{valid} as known at {known}");
                }
            }
        });
    }
}

/// The journal of a small history, and when it ended.
async fn history() -> (Told, DateTime<Utc>) {
    let mut told = Told::new();
    for n in 0..30 {
        told.adopt(&format!("I{n}"), day(n), item("甲"), None).await;
        told.adopt(&format!("G{n}"), day(n), guide("乙", &format!("I{}", n / 2)), None).await;
        told.adopt(&format!("G{n}"), day(n + 1), guide("丙", &format!("I{}", n / 3)), Some(day(n + 9))).await;
    }
    (told, day(40))
}

#[tokio::test]
async fn documents_that_are_projected_one_by_one_are_those_of_the_whole() {
    let (told, end) = history().await;
    let archive = Archive::new(told.journal.clone());
    for valid_at in [day(3), day(20), end] {
        let snapshot = archive.at(Moment { valid_at, knowledge: Knowledge::Moment(day(25)) });
        let codes: Vec<Code> = (0..30).map(|n| code(&format!("G{n}"))).collect();
        // So many are taken from a replay of all, and these one by one.
        let whole = snapshot.get_many(Channel::Counter, Register::Guide, &codes).await.unwrap();
        assert!(whole.iter().flatten().count() > 10);
        for (code, whole) in codes.iter().zip(whole) {
            let one = snapshot.get_many(Channel::Counter, Register::Guide, std::slice::from_ref(code)).await.unwrap().remove(0);
            assert_eq!(one, whole, "{code}");
        }
    }
}

#[tokio::test]
async fn a_place_in_the_log_is_a_moment_too() {
    let (told, end) = history().await;
    let all = told.journal.read_all(None, 10_000).await.unwrap().events;
    let place = all[all.len() / 2].position;
    let views = Arc::new(MemoryViews::default());
    Runner::new(told.journal.clone(), views.clone()).catch_up_to(Some(place)).await.unwrap();
    let live = views.snapshot().await.unwrap();
    let archive = Archive::new(told.journal.clone());
    let then = archive.at(Moment { valid_at: end, knowledge: Knowledge::Place(Some(place)) });
    assert_eq!(then.position(), Some(place));
    let keys = then.keys().await.unwrap();
    assert_eq!(keys, live.keys().await.unwrap());
    for key in &keys {
        let of = |snapshot: Arc<dyn Snapshot>| async move {
            snapshot.get_many(key.channel, key.register, std::slice::from_ref(&key.code)).await.unwrap().remove(0).unwrap()
        };
        // Of an item that is asked for alone it is not told which guides it has.
        if key.register != Register::Item {
            assert_eq!(of(then.clone()).await.encode().unwrap(), of(live.clone()).await.encode().unwrap(), "{key:?}");
        }
    }
    assert!(check_rebuild(live.as_ref(), live.as_ref()).await.unwrap().documents > 20);
}
