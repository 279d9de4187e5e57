//! What is withheld by now is not told of any moment that is past, and nothing is found by it; whoever may see it sees what there was (Art. 8(1)).

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use common::{Told, code, day, guide, item};
use domain::{
    codec::Registered,
    entry::{Correct, Resume, Suspend},
    envelope::{Code, EntryName},
    register::{Guide, Item, Register},
    value::{Channel, LegalBasis, Openness, OpennessAttribute, Topic},
};
use journal::{Knowledge, load};
use projections::{Archive, Document, Index, ListQuery, Moment, Snapshot, Term, Viewed, Withheld, Withholding, count, list, views_of};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// How open a revision is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Whole,
    /// Without the other names, and of a guide the topics.
    InPart,
    Not,
}

/// Something that is asked of the register. Times are days after the first; much of it is refused, as in life.
#[derive(Debug, Clone)]
enum Act {
    Adopt {
        guide: bool,
        at: u8,
        item: u8,
        open: Open,
        from: Option<i64>,
    },
    /// By persons: approved with its day, or corrected at once.
    Decide {
        guide: bool,
        at: u8,
        item: u8,
        open: Open,
        from: Option<i64>,
    },
    Suspend {
        at: u8,
        until: Option<i64>,
    },
    Resume {
        at: u8,
    },
    Repeal {
        guide: bool,
        at: u8,
        from: Option<i64>,
    },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let from = || option::weighted(0.4, 0_i64..40);
    let open = || select(vec![Open::Whole, Open::Whole, Open::InPart, Open::Not]);
    let all = move || (any::<bool>(), 0_u8..2, 0_u8..2, open(), from());
    let act = prop_oneof![
        5 => all().prop_map(|(guide, at, item, open, from)| Act::Adopt { guide, at, item, open, from }),
        4 => all().prop_map(|(guide, at, item, open, from)| Act::Decide { guide, at, item, open, from }),
        1 => (0_u8..2, from()).prop_map(|(at, until)| Act::Suspend { at, until }),
        1 => (0_u8..2).prop_map(|at| Act::Resume { at }),
        1 => (any::<bool>(), 0_u8..2, from()).prop_map(|(guide, at, from)| Act::Repeal { guide, at, from }),
    ];
    vec(act, 1..18)
}

fn openness(open: Open, fields: &[&str]) -> Openness {
    let attribute = match open {
        Open::Whole => return Openness::default(),
        Open::InPart => OpennessAttribute::Partial,
        Open::Not => OpennessAttribute::NotDisclosed,
    };
    let withheld = if open == Open::InPart { fields.iter().map(|field| (*field).to_owned()).collect() } else { Vec::new() };
    let basis = vec![LegalBasis { title: "中华人民共和国政府信息公开条例".into(), ..LegalBasis::default() }];
    Openness { attribute, withheld, reason: Some("涉及第三方商业秘密".into()), basis }
}

/// Each revision has words of its own.
fn an_item(number: usize, open: Open) -> Item {
    Item { main_name: Some(format!("main{number}x")), openness: openness(open, &["mainName"]), ..item(&format!("name{number}x")) }
}

fn a_guide(number: usize, item: u8, open: Open) -> Guide {
    let topics = vec![Topic { organisations: false, name: format!("topic{number}x"), local: false }];
    let openness = openness(open, &["otherNames", "topics"]);
    Guide { other_names: vec![format!("main{number}x")], topics, openness, ..guide(&format!("name{number}x"), &format!("I{item}")) }
}

fn correct<C>(content: C) -> Correct<C> {
    Correct { content, reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() }
}

/// What holds from a day on goes through review and approval, what holds at once is a correction.
async fn decide<C: Registered>(told: &mut Told, at: &str, content: C, now: DateTime<Utc>, from: Option<i64>) {
    match from {
        Some(from) => told.approve(at, now, content, Some(day(from))).await,
        None => told.as_approver(at, now, correct(content)).await,
    }
}

async fn act(told: &mut Told, act: Act, number: usize, now: DateTime<Utc>) {
    match act {
        Act::Adopt { guide: true, at, item, open, from } => {
            told.adopt(&format!("G{at}"), now, a_guide(number, item, open), from.map(day)).await;
        }
        Act::Adopt { at, open, from, .. } => told.adopt(&format!("I{at}"), now, an_item(number, open), from.map(day)).await,
        Act::Decide { guide: true, at, item, open, from } => decide(told, &format!("G{at}"), a_guide(number, item, open), now, from).await,
        Act::Decide { at, open, from, .. } => decide(told, &format!("I{at}"), an_item(number, open), now, from).await,
        Act::Suspend { at, until } => {
            let suspend = Suspend { reason: "系统升级".into(), until: until.map(day) };
            told.as_approver::<Item>(&format!("I{at}"), now, suspend).await;
        }
        Act::Resume { at } => told.as_approver::<Item>(&format!("I{at}"), now, Resume).await,
        Act::Repeal { guide: true, at, from } => told.repeal::<Guide>(&format!("G{at}"), now, from.map(day)).await,
        Act::Repeal { at, from, .. } => told.repeal::<Item>(&format!("I{at}"), now, from.map(day)).await,
    }
}

/// The number of a revision's words: what follows `name` in its name.
fn words_of(name: &str) -> &str {
    name.trim_start_matches("name")
}

/// The words that are withheld at a moment, in the plainest way to say it: by the revision in force, of all that held before.
async fn secrets<C: Registered>(told: &Told, at: &str, now: DateTime<Utc>) -> BTreeSet<String> {
    let history = load::<C>(told.journal.as_ref(), &code(at)).await.unwrap().history;
    let mut published: Vec<_> = history.iter().filter_map(|past| past.event.publication()).filter(|of| of.effective_from <= now).collect();
    published.sort_by_key(|of| of.effective_from);
    let mut secrets = BTreeSet::new();
    let Some(in_force) = published.last() else { return secrets };
    for of in &published {
        let number = words_of(of.content.name());
        match in_force.content.openness().attribute {
            OpennessAttribute::Active => {}
            OpennessAttribute::Partial => secrets.extend([format!("main{number}"), format!("topic{number}")]),
            _ => secrets.extend([format!("name{number}"), format!("main{number}"), format!("topic{number}")]),
        }
    }
    secrets
}

fn shown_of<C: Viewed>(document: &Document, at: DateTime<Utc>) -> Option<(u32, String)> {
    let view = C::view(document)?;
    let shown = view.shown_at(at)?;
    Some((shown.revision.number, serde_json::to_string(shown.content).unwrap()))
}

/// What is shown of a document at a moment: number of the revision, and all that it says.
fn shown(document: &Document, at: DateTime<Utc>) -> Option<(u32, String)> {
    shown_of::<Item>(document, at).or_else(|| shown_of::<Guide>(document, at))
}

const ENTRIES: [(Register, &str); 4] = [(Register::Item, "I0"), (Register::Item, "I1"), (Register::Guide, "G0"), (Register::Guide, "G1")];

/// Everything that the snapshot holds of entries, as it is kept, as it is found and as it is looked for.
async fn all_of(snapshot: &dyn Snapshot) -> String {
    let mut all = String::new();
    for key in snapshot.keys().await.unwrap() {
        let whole = snapshot.get_many(key.channel, key.register, std::slice::from_ref(&key.code)).await.unwrap();
        for document in whole.iter().flatten() {
            writeln!(all, "{} {} {:?}", String::from_utf8(document.encode().unwrap()).unwrap(), document.words(), document.terms())
                .unwrap();
        }
    }
    for channel in Channel::ALL {
        for register in [Register::Item, Register::Guide] {
            // As lists read it: from the replay of all.
            let codes = snapshot.find(channel, register, &[], None, 100).await.unwrap();
            let padded: Vec<Code> = codes.into_iter().chain((0..20).map(|n| code(&format!("X{n}")))).collect();
            for document in snapshot.get_many(channel, register, &padded).await.unwrap().iter().flatten() {
                writeln!(all, "{} {}", String::from_utf8(document.encode().unwrap()).unwrap(), document.words()).unwrap();
            }
        }
    }
    all
}

async fn hits(snapshot: &dyn Snapshot, word: &str, at: DateTime<Utc>) -> usize {
    let mut hits = 0;
    for register in [Register::Item, Register::Guide] {
        let text = ListQuery { terms: Vec::new(), text: Some(word.to_owned()) };
        hits += list(snapshot, (Channel::Online, register), &text, at, None, 10).await.unwrap().documents.len();
        hits += count(snapshot, (Channel::Counter, register), &text, at).await.unwrap();
        let topic = [Term::new(Index::Topic, word)];
        hits += snapshot.find(Channel::Online, register, &topic, None, 10).await.unwrap().len();
        hits += snapshot.count(Channel::Counter, register, &topic).await.unwrap();
    }
    hits
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn at_no_moment_asked_is_anything_told_or_found_that_is_withheld_now(acts in acts(), later in 0_i64..50) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut told = Told::new();
            let (count, mut moments) = (acts.len(), Vec::new());
            for (number, one) in acts.into_iter().enumerate() {
                let now = day(2 * i64::try_from(number).unwrap());
                act(&mut told, one, number, now).await;
                moments.push(now + TimeDelta::hours(1));
            }
            let now = day(2 * i64::try_from(count).unwrap() + later);
            let present = views_of(told.journal.clone(), &|_| ()).await.unwrap();
            let present = projections::ViewStore::snapshot(present.as_ref()).await.unwrap();
            let mut withheld = BTreeSet::new();
            for (register, at) in ENTRIES {
                withheld.extend(match register {
                    Register::Item => secrets::<Item>(&told, at, now).await,
                    _ => secrets::<Guide>(&told, at, now).await,
                });
            }
            let open = Withholding::at(present.as_ref(), now).await.unwrap() == Withholding::default();
            let archive = Archive::new(told.journal.clone());
            for valid_at in moments.iter().step_by(2).copied() {
                for knowledge in [Knowledge::Place(present.position()), Knowledge::Moment(valid_at), Knowledge::Moment(now)] {
                    let moment = Moment { valid_at, knowledge };
                    let (public, staff) = (archive.public_at(moment, present.clone(), now), archive.at(moment));
                    let all = all_of(public.as_ref()).await;
                    for secret in &withheld {
                        prop_assert!(!all.contains(secret.as_str()), "{secret} at {valid_at}, {knowledge:?}: {all}");
                        prop_assert_eq!(hits(public.as_ref(), secret, valid_at).await, 0);
                    }
                    for (register, at) in ENTRIES {
                        for channel in Channel::ALL {
                            let get = |snapshot: Arc<dyn Snapshot>| async move {
                                let found = snapshot.get_many(channel, register, &[code(at)]).await.unwrap().remove(0);
                                found.and_then(|document| shown(&document, valid_at))
                            };
                            let (told, was) = (get(public.clone()).await, get(staff.clone()).await);
                            // What is told is of what there was, and all of it where nothing is withheld.
                            prop_assert!(told.is_none() || told.as_ref().map(|(n, _)| n) == was.as_ref().map(|(n, _)| n));
                            prop_assert!(!open || told == was);
                            let listed = list(public.as_ref(), (channel, register), &ListQuery::default(), valid_at, None, 10).await.unwrap();
                            let listed = listed.documents.iter().find(|document| document.code() == &code(at));
                            prop_assert_eq!(listed.and_then(|document| shown(document, valid_at)), told, "singly and listed");
                        }
                    }
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_is_withheld_is_the_same_by_the_events_and_by_the_views(acts in acts(), later in 0_i64..50) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut told = Told::new();
            let count = acts.len();
            for (number, one) in acts.into_iter().enumerate() {
                act(&mut told, one, number, day(2 * i64::try_from(number).unwrap())).await;
            }
            let now = day(2 * i64::try_from(count).unwrap() + later);
            let views = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
            let by_views = Withholding::at(views.as_ref(), now).await.unwrap();
            prop_assert_eq!(&Withholding::by_log(told.journal.as_ref(), now).await.unwrap(), &by_views);
            for (register, at) in ENTRIES {
                let by_events = match register {
                    Register::Item => Withheld::at(&load::<Item>(told.journal.as_ref(), &code(at)).await.unwrap().history, now),
                    _ => Withheld::at(&load::<Guide>(told.journal.as_ref(), &code(at)).await.unwrap().history, now),
                };
                let by_views = by_views.of(&EntryName::new(register, code(at))).cloned().unwrap_or_default();
                prop_assert_eq!(by_views, by_events, "{} {}", register, at);
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn what_was_withheld_is_told_again_when_that_ends_and_who_may_see_it_sees_it_always() {
    let mut told = Told::new();
    told.adopt("I0", day(1), an_item(1, Open::Whole), None).await;
    told.adopt("G0", day(1), a_guide(1, 0, Open::Whole), None).await;
    told.as_approver("I0", day(5), correct(an_item(2, Open::InPart))).await;
    told.as_approver("G0", day(5), correct(a_guide(3, 0, Open::Not))).await;
    told.approve("G0", day(6), a_guide(4, 0, Open::Whole), Some(day(20))).await;
    let present = views_of(told.journal.clone(), &|_| ()).await.unwrap();
    let present = projections::ViewStore::snapshot(present.as_ref()).await.unwrap();
    let archive = Archive::new(told.journal.clone());
    let moment = Moment { valid_at: day(3), knowledge: Knowledge::Moment(day(3)) };
    let at = |now| archive.public_at(moment, present.clone(), now);
    for (now, name, main, topic) in [(day(7), 2, 0, 0), (day(30), 4, 2, 2)] {
        let found = [hits(at(now).as_ref(), "name1x", day(3)).await, hits(at(now).as_ref(), "main1x", day(3)).await];
        assert_eq!(found, [name, main], "at {now}");
        assert_eq!(hits(at(now).as_ref(), "topic1x", day(3)).await, topic, "at {now}");
    }
    let staff = archive.at(moment);
    assert_eq!([hits(staff.as_ref(), "main1x", day(3)).await, hits(staff.as_ref(), "topic1x", day(3)).await], [4, 2]);
    // That something is left out is told; the hash is that of what was shown.
    let of = async |snapshot: Arc<dyn Snapshot>| {
        let Some(Document::Item(view)) = snapshot.get_many(Channel::Online, Register::Item, &[code("I0")]).await.unwrap().remove(0) else {
            panic!("an item")
        };
        let revision = &view.revisions[0];
        (revision.withheld_since.clone(), revision.content_hash, revision.content.as_ref().unwrap().main_name.clone())
    };
    let (cut, whole) = (of(at(day(7))).await, of(staff).await);
    assert_eq!((cut.0, cut.1, cut.2), (vec!["mainName".to_owned()], whole.1, None));
    assert_eq!((whole.0, whole.2.as_deref()), (Vec::new(), Some("main1x")));
}

#[tokio::test]
async fn the_guides_of_an_item_that_is_withheld_go_with_it() {
    let mut told = Told::new();
    told.adopt("I0", day(1), an_item(1, Open::Whole), None).await;
    told.adopt("G0", day(1), a_guide(1, 0, Open::Whole), None).await;
    told.as_approver("I0", day(5), correct(an_item(2, Open::Not))).await;
    let present = views_of(told.journal.clone(), &|_| ()).await.unwrap();
    let present = projections::ViewStore::snapshot(present.as_ref()).await.unwrap();
    let archive = Archive::new(told.journal.clone());
    let moment = Moment { valid_at: day(3), knowledge: Knowledge::Place(present.position()) };
    let public = archive.public_at(moment, present, day(7));
    assert_eq!(hits(public.as_ref(), "name1x", day(3)).await, 0);
    assert_eq!(hits(archive.at(moment).as_ref(), "name1x", day(3)).await, 4);
    let guide = public.get_many(Channel::Online, Register::Guide, &[code("G0")]).await.unwrap().remove(0).unwrap();
    assert_eq!(shown(&guide, day(3)), None);
}
