//! What is planted to be looked for: everything that is not public, by every way in.

use api::registrar::changeset::Change;
use domain::{
    acting::Role,
    entry::{Approve, Correct, Return, Withdraw},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
    value::{DisclosureLimit, Hash, LegalBasis, Manner, Openness, OpennessAttribute, Topic},
};

use super::{
    desk::{Pen, agency, code, guide, item},
    support::day,
};

/// Part of every planted secret. Persons who only drafted, reviewed or returned bear it too.
pub const SECRET: &str = "planted";

/// Part of every note for the clerk that is published: seen by the counter alone, and by whoever has a right to it.
pub const COUNTER: &str = "only-the-counter";

/// Codes of entries that there are, and of a set.
pub const CODES: [&str; 25] = [
    "A1", "A2", "A3", "I1", "I2", "I3", "I4", "I5", "I6", "N1", "N2", "P1", "U1", "G1", "G2", "G4", "G9", "L1", "L2", "L3", "L4", "L5",
    "L6", "M1", SET,
];

/// A change set, by a code that everybody may try.
pub const SET: &str = "CS374708FFF7719DD5979E";

fn partial() -> Item {
    let openness = Openness {
        attribute: OpennessAttribute::Partial,
        withheld: vec!["authority".into(), "remark".into()],
        reason: Some("涉及第三方商业秘密".into()),
        basis: vec![LegalBasis { title: "中华人民共和国政府信息公开条例".into(), ..LegalBasis::default() }],
    };
    Item { authority: Some("planted authority".into()), remark: Some("planted remark".into()), openness, ..item("部分公开") }
}

/// A line of the openness catalogue, attached to a public guide and a step of it.
fn line(name: &str) -> CatalogueEntry {
    let time_limit = DisclosureLimit::read("信息形成或者变更之日起7个工作日内");
    CatalogueEntry {
        elements: Some("名单".into()),
        time_limit,
        manner: vec![Manner::Active],
        attribute: Some(OpennessAttribute::Active),
        item: Some(code("I1")),
        guide: Some(code("G1")),
        step: Some("受理".into()),
        topic: Some("行政许可".into()),
        ..CatalogueEntry::new(name, code("A1"))
    }
}

/// Lines of the catalogue: public, attached to what is not public, withheld in part and whole, and drafted.
async fn planted_lines(pen: &mut Pen) {
    pen.adopt("L1", line("公开的目录条目")).await;
    pen.adopt("L2", CatalogueEntry { item: Some(code("U1")), guide: Some(code("G9")), ..line("公开的目录条目") }).await;
    let openness = Openness { withheld: vec!["remark".into(), "groups".into()], ..partial().openness };
    let withheld = (Some("planted remark".into()), Some("planted groups".into()));
    pen.adopt("L3", CatalogueEntry { remark: withheld.0, groups: withheld.1, openness, ..line("公开的目录条目") }).await;
    let undisclosed = Openness { attribute: OpennessAttribute::OnRequest, withheld: Vec::new(), ..partial().openness };
    pen.adopt("L4", CatalogueEntry { openness: undisclosed, topic: Some("planted topic".into()), ..line("planted line") }).await;
    pen.carry("L5", line("planted line"), 1).await;
    pen.carry("L1", line("planted line"), 0).await;
}

/// Notes for the clerk that changed, and will change: they stand in histories and in what is upcoming too.
async fn planted_notes(pen: &mut Pen) {
    let with = |notes: &str| Guide { clerk_notes: Some(format!("{COUNTER} {notes}")), ..guide("指南", "I1") };
    pen.adopt("G1", with("whole")).await;
    pen.adopt("G2", with("past")).await;
    pen.carry("G2", with("now"), 3).await;
    let upcoming = with("later");
    pen.carry("G2", upcoming.clone(), 2).await;
    let approve = Approve {
        content_hash: Hash::of_content(&upcoming).unwrap(),
        document: "某政发〔2026〕2号".into(),
        effective_from: Some(day(30)),
        beside: Vec::new(),
    };
    pen.by("planted-approver", Role::Approver, &upcoming, "G2", approve).await;
}

fn correct<C>(content: C) -> Correct<C> {
    Correct { content, reason: "保密".into(), document: None, effective_from: None, beside: Vec::new() }
}

/// What was public once, was found by filter and by text, and is withheld by now: in part, and whole.
async fn planted_then(pen: &mut Pen) {
    let openness = |fields: &[&str]| Openness { withheld: fields.iter().map(|field| (*field).to_owned()).collect(), ..partial().openness };
    let secret = || vec!["planted other".to_owned()];
    let open = Guide { other_names: secret(), topics: vec![Topic::person("planted topic")], ..guide("公开的指南", "I1") };
    pen.adopt("G4", open.clone()).await;
    let content = Guide { openness: openness(&["otherNames", "topics"]), ..open };
    pen.by("p-approver", Role::Approver, &content.clone(), "G4", correct(content)).await;
    let open =
        CatalogueEntry { topic: Some("planted topic".into()), first_tier: Some("planted tier".into()), ..line("公开的目录条目") };
    pen.adopt("L6", open.clone()).await;
    let content = CatalogueEntry { openness: openness(&["topic", "firstTier"]), ..open };
    pen.by("p-approver", Role::Approver, &content.clone(), "L6", correct(content)).await;
    let open = Material { other_names: secret(), ..Material::new("公开的材料") };
    pen.adopt("M1", open.clone()).await;
    let content = Material { openness: openness(&["otherNames"]), ..open };
    pen.by("p-approver", Role::Approver, &content.clone(), "M1", correct(content)).await;
    let open = Agency { former_names: secret(), ..agency("某市档案馆") };
    pen.adopt("A3", open.clone()).await;
    let content = Agency { openness: openness(&["formerNames"]), ..open };
    pen.by("p-approver", Role::Approver, &content.clone(), "A3", correct(content)).await;
    pen.adopt("I6", item("planted whole")).await;
    let content = Item { openness: Openness { attribute: OpennessAttribute::NotDisclosed, ..openness(&[]) }, ..item("planted whole") };
    pen.by("p-approver", Role::Approver, &item(""), "I6", correct(content)).await;
}

/// Everything that is not public, by every way in.
pub async fn planted() -> Pen {
    let mut pen = Pen::new();
    pen.adopt("A1", agency("某市统计局")).await;
    for at in ["I1", "I2", "I3", "I4"] {
        pen.adopt(at, item("公开的事项")).await;
    }
    planted_notes(&mut pen).await;
    pen.carry("A2", agency("planted agency"), 1).await;
    pen.carry("I1", item("planted draft"), 0).await;
    pen.carry("I2", item("planted draft"), 1).await;
    pen.carry("I3", item("planted draft"), 2).await;
    pen.carry("N1", item("planted new"), 2).await;
    pen.carry("N2", item("planted new"), 0).await;
    pen.carry("G1", Guide { clerk_notes: Some("planted notes".into()), ..guide("planted guide", "I1") }, 0).await;
    pen.carry("G9", guide("planted guide", "I2"), 1).await;
    pen.by("planted-reviewer", Role::Reviewer, &item(""), "I2", Return { reason: "planted return".into() }).await;
    pen.by("planted-drafter", Role::Drafter, &item(""), "N2", Withdraw { reason: "planted withdrawal".into() }).await;
    pen.carry("P1", partial(), 3).await;
    let undisclosed = Openness { attribute: OpennessAttribute::NotDisclosed, ..partial().openness };
    let undisclosed = Openness { withheld: Vec::new(), ..undisclosed };
    pen.adopt("U1", Item { openness: undisclosed, ..item("planted undisclosed") }).await;
    planted_lines(&mut pen).await;
    let correct =
        Correct { content: item("更正后的事项"), reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() };
    pen.by("p-approver", Role::Approver, &item(""), "I4", correct).await;
    // What was public once and is withheld by a correction.
    pen.adopt("I5", Item { authority: Some("planted then".into()), ..item("公开的事项") }).await;
    pen.adopt("I5", Item { authority: Some("planted later".into()), ..item("公开的事项") }).await;
    let openness = Openness { withheld: vec!["authority".into()], ..partial().openness };
    let content = Item { authority: Some("planted now".into()), openness, ..item("公开的事项") };
    let correct = Correct { content, reason: "保密".into(), document: None, effective_from: None, beside: Vec::new() };
    pen.by("p-approver", Role::Approver, &item(""), "I5", correct).await;
    planted_then(&mut pen).await;
    pen.set(
        "planted set",
        vec![Change::to(code("N3"), item("planted member"), None), Change::gone(Register::Item, code("I4"), "planted gone".into())],
    )
    .await;
    pen
}
