//! What is withheld is found by no filter, neither by what it says nor by that it is there or not (Art. 8(1)).

use domain::{
    register::{CatalogueEntry, Content, Guide, Item, MaterialRequirement, OnlineService},
    value::{Audience, LegalBasis, Level, Openness, OpennessAttribute, Region, Topic},
};
use serde_json::{Value, json};

use super::{
    callers::Bureau,
    desk::{Pen, code, guide, item},
    support::day,
};

fn partial(fields: &[&str]) -> Openness {
    Openness {
        attribute: OpennessAttribute::Partial,
        withheld: fields.iter().map(|field| (*field).to_owned()).collect(),
        reason: Some("涉及第三方商业秘密".into()),
        basis: vec![LegalBasis { title: "中华人民共和国政府信息公开条例".into(), ..LegalBasis::default() }],
    }
}

fn region() -> Region {
    Region { code: "440103".into(), name: None }
}

/// An item, a guide and a line of the catalogue that have something for every filter; with an openness each.
async fn register(of_item: Openness, of_guide: Openness, of_line: Openness) -> Bureau {
    let mut pen = Pen::new();
    let asked = MaterialRequirement { name: "甲".into(), material: Some(code("M1")), ..MaterialRequirement::default() };
    let full = Guide {
        other_names: vec!["别名".into()],
        audience: vec![Audience::NaturalPerson],
        topics: vec![Topic::person("生育收养")],
        materials: vec![asked],
        region: Some(region()),
        online: Some(OnlineService::default()),
        openness: of_guide,
        ..guide("指南", "I1")
    };
    let line = CatalogueEntry {
        first_tier: Some("第一级".into()),
        topic: Some("义务教育".into()),
        levels: vec![Level::City],
        attribute: Some(OpennessAttribute::Active),
        item: Some(code("I1")),
        guide: Some(code("G1")),
        openness: of_line,
        ..CatalogueEntry::new("目录", code("A1"))
    };
    let full_item = Item {
        main_name: Some("主项".into()),
        parent: Some(code("I0")),
        level: Some(Level::City),
        region: Some(region()),
        openness: of_item,
        ..item("事项")
    };
    pen.adopt("I0", item("上级")).await;
    pen.adopt("I1", full_item).await;
    pen.adopt("M1", domain::register::Material::new("甲")).await;
    pen.adopt("G1", full).await;
    // One that cannot be handled online, and says so.
    pen.adopt("G2", guide("指南二", "I0")).await;
    pen.adopt("C1", line).await;
    Bureau::over(pen.journal.clone())
}

/// How many each filter finds beside what is in every register: by items, by guides, by lines.
const FILTERS: &str = "{ registry {
    level: items(first: 9, filter: { level: CITY }) { totalCount } region: items(first: 9, filter: { region: \"440000\" }) { totalCount }
    mainName: items(first: 9, filter: { text: \"主项\" }) { totalCount } parent: item(code: \"I0\") { children(first: 9) { totalCount } }
    online: guides(first: 9, filter: { online: true }) { totalCount } offline: guides(first: 9, filter: { online: false }) { totalCount }
    audience: guides(first: 9, filter: { audience: NATURAL_PERSON }) { totalCount } topics: guides(first: 9, filter: { topic: \"生育收养\" }) { totalCount }
    otherNames: guides(first: 9, filter: { text: \"别名\" }) { totalCount } materials: material(code: \"M1\") { guides(first: 9) { totalCount } }
    tier: catalogue(first: 9, filter: { text: \"第一级\" }) { totalCount } topic: catalogue(first: 9, filter: { topic: \"义务教育\" }) { totalCount }
    levels: catalogue(first: 9, filter: { level: CITY }) { totalCount } attribute: catalogue(first: 9, filter: { attribute: ACTIVE }) { totalCount }
    item: catalogue(first: 9, filter: { item: \"I1\" }) { totalCount } guide: catalogue(first: 9, filter: { guide: \"G1\" }) { totalCount }
    all: guides(first: 9) { totalCount } } }";

async fn found(bureau: &Bureau, query: &str) -> Vec<(String, u64)> {
    let answer = bureau.answer(None, query, json!({})).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    let count = |value: &Value| {
        value
            .as_object()
            .and_then(|fields| fields.get("totalCount").or_else(|| fields.values().next().unwrap().get("totalCount")))
            .unwrap()
            .as_u64()
            .unwrap()
    };
    answer["data"]["registry"].as_object().unwrap().iter().map(|(name, value)| (name.clone(), count(value))).collect()
}

#[tokio::test]
async fn every_filter_finds_what_is_told_and_none_what_is_withheld() {
    let open = || Openness::default();
    let told = found(&register(open(), open(), open()).await, FILTERS).await;
    let expected = |name: &str| if name == "all" { 2 } else { 1 };
    assert!(told.iter().all(|(name, count)| *count == expected(name)), "{told:?}");

    let bureau = register(
        partial(&["level", "region", "mainName", "parent"]),
        partial(&["online", "audience", "topics", "otherNames", "materials", "region"]),
        partial(&["firstTier", "topic", "levels", "attribute", "item", "guide"]),
    )
    .await;
    let told = found(&bureau, FILTERS).await;
    let expected = |name: &str| match name {
        "all" => 2,
        // The one that is not online and says so: of the other it is told neither that it is nor that it is not.
        "offline" => 1,
        _ => 0,
    };
    assert!(told.iter().all(|(name, count)| *count == expected(name)), "{told:?}");
    let query = "{ registry { guides(first: 9, filter: { online: false }) { nodes { code } } } }";
    let nodes = bureau.answer(None, query, json!({})).await["data"]["registry"]["guides"]["nodes"].take();
    assert_eq!(nodes, json!([{ "code": "G2" }]));
}

#[tokio::test]
async fn what_is_withheld_by_now_is_found_by_nothing_of_the_past_either() {
    let mut pen = Pen::new();
    pen.adopt("I1", item("事项")).await;
    pen.adopt("G1", Guide { online: Some(OnlineService::default()), ..guide("指南", "I1") }).await;
    let hidden = Guide { online: Some(OnlineService::default()), openness: partial(&["online"]), ..guide("指南", "I1") };
    assert!(hidden.complete().is_ok());
    pen.carry("G1", hidden, 3).await;
    let bureau = Bureau::over(pen.journal.clone());
    let query = "query ($v: DateTime, $k: DateTime) { registry(validAt: $v, knownAt: $k) { all: guides(first: 9) { totalCount }
        online: guides(first: 9, filter: { online: true }) { totalCount } offline: guides(first: 9, filter: { online: false }) { totalCount } } }";
    for times in [json!({}), json!({ "v": day(-5), "k": day(-5) }), json!({ "v": day(-5) })] {
        let told = bureau.answer(None, query, times.clone()).await["data"]["registry"].take();
        let counts = ["all", "online", "offline"].map(|name| told[name]["totalCount"].as_u64().unwrap());
        assert_eq!(counts, [1, 0, 0], "{times}: {told}");
    }
}
