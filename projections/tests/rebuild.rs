//! A rebuilt view equals the live one byte for byte, and the indexes say what the documents say, after any history.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::sync::Arc;

use common::{Told, code, day, guide, item, person};
use domain::{
    acting::Role,
    codec::Registered,
    entry::{Correct, Resume, Return, Review, Step, Suspend, Withdraw},
    envelope::Code,
    register::{CatalogueEntry, Guide, Item, Register},
    value::{Channel, Level, Openness, OpennessAttribute},
};
use projections::{
    Document, Index, ListQuery, MemoryViews, Runner, Snapshot, Term, ViewStore, check_rebuild, count, digest, list, views_of,
};
use proptest::{collection::vec, prelude::*, sample::select};

/// Something that is asked of the register; much of it is refused, as in life.
#[derive(Debug, Clone)]
enum Act {
    Item {
        at: u8,
        name: u8,
        level: bool,
        from: Option<i64>,
    },
    Guide {
        at: u8,
        item: u8,
        online: bool,
        notes: bool,
        from: Option<i64>,
    },
    /// A line of the openness catalogue, attached to an item or a guide.
    Line {
        at: u8,
        item: u8,
        township: bool,
        attribute: u8,
        from: Option<i64>,
    },
    RepealLine {
        at: u8,
        from: Option<i64>,
    },
    RepealItem {
        at: u8,
        from: Option<i64>,
    },
    RepealGuide {
        at: u8,
        from: Option<i64>,
    },
    /// A draft of an item is written or changed.
    DraftItem {
        at: u8,
        name: u8,
        level: bool,
    },
    /// A draft of a guide is written or changed.
    DraftGuide {
        at: u8,
        item: u8,
        notes: bool,
    },
    /// A draft is taken on: to the openness office, to the approver, or to publication.
    Carry {
        guide: bool,
        at: u8,
        to: Step,
        from: Option<i64>,
    },
    /// A draft is sent back, or given up.
    End {
        guide: bool,
        at: u8,
        withdraw: bool,
    },
    Suspend {
        guide: bool,
        at: u8,
        until: Option<i64>,
    },
    Resume {
        guide: bool,
        at: u8,
    },
    CorrectItem {
        at: u8,
        name: u8,
        from: Option<i64>,
    },
    CorrectGuide {
        at: u8,
        item: u8,
    },
    /// The review that the last correction of an item owes.
    Pay {
        at: u8,
    },
    /// The live views catch up here, so that batches are cut at every place.
    CatchUp,
}

fn acts() -> impl Strategy<Value = Vec<(Act, i64)>> {
    let from = || proptest::option::of(0_i64..40);
    let act = prop_oneof![
        4 => (0_u8..4, 0_u8..3, any::<bool>(), from()).prop_map(|(at, name, level, from)| Act::Item { at, name, level, from }),
        4 => (0_u8..4, 0_u8..5, any::<bool>(), any::<bool>(), from())
            .prop_map(|(at, item, online, notes, from)| Act::Guide { at, item, online, notes, from }),
        3 => (0_u8..4, 0_u8..3, any::<bool>(), 0_u8..4, from())
            .prop_map(|(at, item, township, attribute, from)| Act::Line { at, item, township, attribute, from }),
        1 => (0_u8..4, from()).prop_map(|(at, from)| Act::RepealLine { at, from }),
        1 => (0_u8..4, from()).prop_map(|(at, from)| Act::RepealItem { at, from }),
        1 => (0_u8..4, from()).prop_map(|(at, from)| Act::RepealGuide { at, from }),
        3 => (0_u8..4, 0_u8..3, any::<bool>()).prop_map(|(at, name, level)| Act::DraftItem { at, name, level }),
        3 => (0_u8..4, 0_u8..5, any::<bool>()).prop_map(|(at, item, notes)| Act::DraftGuide { at, item, notes }),
        6 => (any::<bool>(), 0_u8..4, select(vec![Step::Submitted, Step::Reviewed, Step::Draft, Step::Draft]), from())
            .prop_map(|(guide, at, to, from)| Act::Carry { guide, at, to, from }),
        1 => (any::<bool>(), 0_u8..4, any::<bool>()).prop_map(|(guide, at, withdraw)| Act::End { guide, at, withdraw }),
        3 => (any::<bool>(), 0_u8..4, from()).prop_map(|(guide, at, until)| Act::Suspend { guide, at, until }),
        2 => (any::<bool>(), 0_u8..4).prop_map(|(guide, at)| Act::Resume { guide, at }),
        2 => (0_u8..4, 0_u8..3, from()).prop_map(|(at, name, from)| Act::CorrectItem { at, name, from }),
        1 => (0_u8..4, 0_u8..5).prop_map(|(at, item)| Act::CorrectGuide { at, item }),
        1 => (0_u8..4).prop_map(|at| Act::Pay { at }),
        2 => Just(Act::CatchUp),
    ];
    // The clock goes back now and then.
    vec((act, 0_i64..30), 1..60)
}

async fn act(told: &mut Told, act: Act, now: i64) {
    let names = ["甲", "乙", "丙"];
    match act {
        Act::Item { at, name, level, from } => {
            let content = Item { level: level.then_some(Level::City), ..item(names[usize::from(name)]) };
            told.adopt(&format!("I{at}"), day(now), content, from.map(day)).await;
        }
        Act::Guide { at, item, online, notes, from } => {
            let mut content = guide("指南", &format!("I{item}"));
            content.online = online.then(Default::default);
            content.clerk_notes = notes.then(|| "窗口提示".to_owned());
            told.adopt(&format!("G{at}"), day(now), content, from.map(day)).await;
        }
        Act::Line { at, item, township, attribute, from } => {
            told.adopt(&format!("C{at}"), day(now), line(item, township, attribute), from.map(day)).await;
        }
        Act::RepealLine { at, from } => told.repeal::<CatalogueEntry>(&format!("C{at}"), day(now), from.map(day)).await,
        Act::DraftItem { at, name, level } => {
            let content = Item { level: level.then_some(Level::City), ..item(names[usize::from(name)]) };
            told.draft(&format!("I{at}"), day(now), content).await;
        }
        Act::DraftGuide { at, item, notes } => {
            let content =
                Guide { clerk_notes: notes.then(|| "草稿中的窗口提示".to_owned()), ..guide("指南", &format!("I{item}")) };
            told.draft(&format!("G{at}"), day(now), content).await;
        }
        Act::Carry { guide: true, at, to, from } => told.carry::<Guide>(&format!("G{at}"), day(now), to, from.map(day)).await,
        Act::Carry { guide: false, at, to, from } => told.carry::<Item>(&format!("I{at}"), day(now), to, from.map(day)).await,
        Act::End { guide: true, at, withdraw } => end::<Guide>(told, &format!("G{at}"), now, withdraw).await,
        Act::End { guide: false, at, withdraw } => end::<Item>(told, &format!("I{at}"), now, withdraw).await,
        Act::Suspend { guide, at, until } => {
            let suspend = Suspend { reason: "系统升级".into(), until: until.map(day) };
            if guide {
                told.as_approver::<Guide>(&format!("G{at}"), day(now), suspend).await;
            } else {
                told.as_approver::<Item>(&format!("I{at}"), day(now), suspend).await;
            }
        }
        Act::Resume { guide: true, at } => told.as_approver::<Guide>(&format!("G{at}"), day(now), Resume).await,
        Act::Resume { guide: false, at } => told.as_approver::<Item>(&format!("I{at}"), day(now), Resume).await,
        Act::CorrectItem { at, name, from } => {
            let content = item(names[usize::from(name)]);
            let correct = Correct { content, reason: "名称有误".into(), document: None, effective_from: from.map(day) };
            told.as_approver(&format!("I{at}"), day(now), correct).await;
        }
        Act::CorrectGuide { at, item } => {
            let content = guide("指南", &format!("I{item}"));
            let correct = Correct { content, reason: "事项有误".into(), document: None, effective_from: None };
            told.as_approver(&format!("G{at}"), day(now), correct).await;
        }
        Act::Pay { at } => {
            let at = format!("I{at}");
            let Some(debt) = told.state::<Item>(&at).await.corrections.pop() else { return };
            let review = Review { content_hash: debt.content_hash, revision: Some(debt.revision) };
            told.by::<Item>(person("p-reviewer", Role::Reviewer, &item("")), &at, day(now), review).await;
        }
        Act::RepealItem { at, from } => told.repeal::<Item>(&format!("I{at}"), day(now), from.map(day)).await,
        Act::RepealGuide { at, from } => told.repeal::<Guide>(&format!("G{at}"), day(now), from.map(day)).await,
        Act::CatchUp => {}
    }
}

/// A line of the catalogue that may be withheld itself: it is in no index then.
fn line(item: u8, township: bool, attribute: u8) -> CatalogueEntry {
    use OpennessAttribute::{Active, NotDisclosed, OnRequest, Partial};
    let levels = if township { vec![Level::City, Level::Township] } else { vec![Level::City] };
    let openness = Openness { attribute: if attribute == 3 { OnRequest } else { Active }, ..Openness::default() };
    let (of_item, of_guide) = (Some(code(&format!("I{item}"))), Some(code(&format!("G{item}"))));
    CatalogueEntry {
        levels,
        topic: Some(["教育", "医疗", "住房"][usize::from(item)].into()),
        attribute: Some([Active, Partial, OnRequest, NotDisclosed][usize::from(attribute)]),
        item: of_item.filter(|_| item != 2),
        guide: of_guide.filter(|_| item == 2),
        openness,
        ..CatalogueEntry::new("许可决定", code("A1"))
    }
}

async fn end<C: Registered>(told: &mut Told, at: &str, now: i64, withdraw: bool) {
    let Some(pending) = told.state::<C>(at).await.pending else { return };
    let content = pending.content.as_ref();
    if withdraw {
        let withdraw = Withdraw { reason: "不再需要".into() };
        told.by::<C>(person("p-drafter", Role::Drafter, content), at, day(now), withdraw).await;
        return;
    }
    let by = if pending.step == Step::Reviewed { ("p-approver", Role::Approver) } else { ("p-reviewer", Role::Reviewer) };
    told.by::<C>(person(by.0, by.1, content), at, day(now), Return { reason: "依据有误".into() }).await;
}

/// Lists and counts by terms equal those by looking at every document.
async fn indexes_hold(snapshot: &Arc<dyn Snapshot>, now: i64) -> Result<(), TestCaseError> {
    let queries = [
        (Register::Item, vec![]),
        (Register::Item, vec![Term::level(Level::City)]),
        (Register::Guide, vec![]),
        (Register::Guide, vec![Term::new(Index::Item, "I1")]),
        (Register::Guide, vec![Term::new(Index::Online, "true"), Term::new(Index::Item, "I2")]),
        (Register::Openness, vec![]),
        (Register::Openness, vec![Term::level(Level::Township), Term::new(Index::Agency, "A1")]),
        (Register::Openness, vec![Term::new(Index::Topic, "教育")]),
        (Register::Openness, vec![Term::new(Index::Item, "I1"), Term::attribute(OpennessAttribute::Partial)]),
        (Register::Openness, vec![Term::new(Index::Guide, "G2")]),
    ];
    for channel in Channel::ALL {
        for (register, terms) in &queries {
            let mut expected: Vec<Code> = Vec::new();
            for key in snapshot.keys().await.unwrap() {
                if (key.channel, key.register) == (channel, *register) {
                    let document = snapshot.get_many(channel, *register, std::slice::from_ref(&key.code)).await.unwrap().remove(0).unwrap();
                    if shown_with(&document, terms, now) {
                        expected.push(key.code);
                    }
                }
            }
            let query = ListQuery { terms: terms.clone(), text: None };
            let page = list(snapshot.as_ref(), (channel, *register), &query, day(now), None, 100).await.unwrap();
            let listed: Vec<_> = page.documents.iter().map(|d| d.code().clone()).collect();
            prop_assert_eq!(&listed, &expected, "{:?} on day {}", terms, now);
            let counted = count(snapshot.as_ref(), (channel, *register), &query, day(now)).await.unwrap();
            prop_assert_eq!(counted, expected.len(), "{:?} on day {}", terms, now);
        }
    }
    Ok(())
}

/// Asked of the content itself, without terms of any kind.
fn shown_with(document: &Document, terms: &[Term], now: i64) -> bool {
    match document {
        Document::Item(view) => view
            .shown_at(day(now))
            .is_some_and(|shown| terms.iter().all(|t| t.index != Index::Level || shown.content.level == Some(Level::City))),
        Document::Guide(view) => view.shown_at(day(now)).is_some_and(|shown| {
            terms.iter().all(|t| match t.index {
                Index::Item => shown.content.item == code(t.value.as_str()),
                Index::Online => shown.content.online.is_some(),
                _ => true,
            })
        }),
        Document::CatalogueEntry(view) => view.shown_at(day(now)).is_some_and(|shown| {
            let line = &shown.content;
            terms.iter().all(|t| match t.index {
                Index::Level => line.levels.contains(&Level::Township),
                Index::Agency => line.agency == code(t.value.as_str()),
                Index::Topic => line.topic.as_deref() == Some(t.value.as_str()),
                Index::Item => line.item == Some(code(t.value.as_str())),
                Index::Guide => line.guide == Some(code(t.value.as_str())),
                Index::Attribute => line.attribute == Some(OpennessAttribute::Partial),
                _ => true,
            })
        }),
        Document::Agency(_) | Document::Material(_) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rebuilt_views_equal_live_ones_after_any_history(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut told = Told::new();
            let live = Arc::new(MemoryViews::default());
            let runner = Runner::new(told.journal.clone(), live.clone());
            for (what, now) in acts {
                if matches!(what, Act::CatchUp) {
                    runner.catch_up(&|_| ()).await.unwrap();
                } else {
                    act(&mut told, what, now).await;
                }
            }
            runner.catch_up(&|_| ()).await.unwrap();
            let live = live.snapshot().await.unwrap();
            let rebuilt = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
            let check = check_rebuild(live.as_ref(), rebuilt.as_ref()).await.unwrap();
            prop_assert_eq!(&check.differences, &vec![]);
            prop_assert_eq!(digest(live.as_ref()).await.unwrap(), digest(rebuilt.as_ref()).await.unwrap());
            for key in live.keys().await.unwrap() {
                let document = live.get_many(key.channel, key.register, &[key.code]).await.unwrap().remove(0).unwrap();
                let decoded = Document::decode(key.register, &document.encode().unwrap()).unwrap();
                prop_assert_eq!(&decoded, &document, "a document survives its stored form");
            }
            // Not before the last recorded moment: the terms are of the views, and those are of that moment.
            for now in [29, 35, 39, 60] {
                indexes_hold(&live, now).await?;
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_difference_is_found_and_named() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    let one = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let mut other = Told::new();
    other.adopt("I1", day(1), item("乙"), None).await;
    let two = views_of(other.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let check = check_rebuild(one.as_ref(), two.as_ref()).await.unwrap();
    assert_eq!(check.differences.len(), 2, "one a channel");
    assert_eq!(check.differences[0].what, "the bytes differ");
    assert_ne!(digest(one.as_ref()).await.unwrap(), digest(two.as_ref()).await.unwrap());
    told.adopt("I2", day(1), item("甲"), None).await;
    let later = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    assert!(check_rebuild(one.as_ref(), later.as_ref()).await.is_err(), "views at different places are not compared");
}
