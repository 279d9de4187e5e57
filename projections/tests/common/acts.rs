//! What happens to a register, at random: histories after which rebuilt views have to equal live ones.

use domain::{
    acting::Role,
    codec::Registered,
    entry::{Correct, Resume, Return, Review, Step, Suspend, Transfer, Withdraw},
    register::{Abolished, Agency, CatalogueEntry, Guide, Handover, Item, Material},
    value::{Level, Openness, OpennessAttribute},
};
use proptest::{collection::vec, prelude::*, sample::select};
use uuid::Uuid;

use super::{Told, code, day, guide, item, person};

/// Something that is asked of the register; much of it is refused, as in life.
#[derive(Debug, Clone)]
pub enum Act {
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
    Agency {
        at: u8,
        name: u8,
        from: Option<i64>,
    },
    RepealAgency {
        at: u8,
        from: Option<i64>,
    },
    Material {
        at: u8,
        abolished: bool,
        from: Option<i64>,
    },
    RepealMaterial {
        at: u8,
        from: Option<i64>,
    },
    /// A reform moves an item, a guide or a line to another agency, or there and back.
    Transfer {
        register: u8,
        at: u8,
        back: bool,
        from: i64,
    },
    /// A reform gives an agency another name, or another agency above it.
    Reform {
        at: u8,
        name: bool,
        from: i64,
    },
    /// The live views catch up here, so that batches are cut at every place.
    CatchUp,
}

pub fn acts() -> impl Strategy<Value = Vec<(Act, i64)>> {
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
        2 => (0_u8..3, 0_u8..3, from()).prop_map(|(at, name, from)| Act::Agency { at, name, from }),
        1 => (0_u8..3, from()).prop_map(|(at, from)| Act::RepealAgency { at, from }),
        2 => (0_u8..3, any::<bool>(), from()).prop_map(|(at, abolished, from)| Act::Material { at, abolished, from }),
        1 => (0_u8..3, from()).prop_map(|(at, from)| Act::RepealMaterial { at, from }),
        4 => (0_u8..3, 0_u8..4, any::<bool>(), 10_i64..40)
            .prop_map(|(register, at, back, from)| Act::Transfer { register, at, back, from }),
        1 => (0_u8..3, any::<bool>(), 10_i64..40).prop_map(|(at, name, from)| Act::Reform { at, name, from }),
        2 => Just(Act::CatchUp),
    ];
    // The clock goes back now and then.
    vec((act, 0_i64..30), 1..60)
}

#[expect(clippy::too_many_lines, reason = "one arm an act")]
pub async fn act(told: &mut Told, act: Act, now: i64) {
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
            let correct =
                Correct { content, reason: "名称有误".into(), document: None, effective_from: from.map(day), beside: Vec::new() };
            told.as_approver(&format!("I{at}"), day(now), correct).await;
        }
        Act::CorrectGuide { at, item } => {
            let content = guide("指南", &format!("I{item}"));
            let correct = Correct { content, reason: "事项有误".into(), document: None, effective_from: None, beside: Vec::new() };
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
        Act::Agency { at, name, from } => {
            // The first of them answers for the second.
            let parent = (at == 2).then(|| code("A1"));
            let content = Agency { name: names[usize::from(name)].into(), parent, ..Agency::default() };
            told.adopt(&format!("A{at}"), day(now), content, from.map(day)).await;
        }
        Act::RepealAgency { at, from } => told.repeal::<Agency>(&format!("A{at}"), day(now), from.map(day)).await,
        Act::Material { at, abolished, from } => {
            let abolished = abolished.then(|| Abolished { reason: "以数据共享代替".into(), document: None });
            told.adopt(&format!("M{at}"), day(now), Material { abolished, ..Material::new("户口簿") }, from.map(day)).await;
        }
        Act::RepealMaterial { at, from } => told.repeal::<Material>(&format!("M{at}"), day(now), from.map(day)).await,
        Act::Transfer { register, at, back, from } => {
            let transfer = reform(moved(back), from);
            match register {
                0 => told.command::<Item>(&format!("I{at}"), day(now), transfer).await,
                1 => told.command::<Guide>(&format!("G{at}"), day(now), transfer).await,
                _ => told.command::<CatalogueEntry>(&format!("C{at}"), day(now), transfer).await,
            }
        }
        Act::Reform { at, name, from } => {
            let names = Handover::Names { name: Some("新名".into()), former: vec!["旧名".into()] };
            told.command::<Agency>(&format!("A{at}"), day(now), reform(if name { names } else { moved(false) }, from)).await;
        }
        Act::CatchUp => {}
    }
}

/// What one agency answered for is another's, or the other way.
fn moved(back: bool) -> Handover {
    let (from, to) = if back { ("A2", "A1") } else { ("A1", "A2") };
    Handover::Agency { from: code(from), to: code(to) }
}

fn reform(handover: Handover, from: i64) -> Transfer {
    Transfer { handover, effective_from: day(from), document: "某政发〔2026〕9号".into(), reform: Uuid::from_u128(9), begun_at: None }
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
