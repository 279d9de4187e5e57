//! The sets of real data, through the whole: every row is accounted for, again changes nothing, nothing is left without its target.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use api::{
    app,
    graphql::{self, RequestView},
};
use async_graphql::{Request, Variables};
use domain::{
    envelope::Code,
    register::{Guide, Item, Register},
    value::Channel,
};
use projections::{Document, Snapshot, Viewed, views_of};
use serde_json::{Value, json};

use super::process::{Ran, on};

/// The sets beside the workspace.
fn sets() -> Option<[PathBuf; 2]> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let sets = [data.join("karamay-power-lists"), data.join("guangdong-items/policy.ndjson")];
    sets.iter().all(|set| set.exists()).then_some(sets)
}

fn import(data: &Path, set: &Path, more: &[&str]) -> Value {
    let ran: Ran = on(data, &[&["import", set.to_str().unwrap(), "--json"], more].concat()).ok();
    let account = ran.json();
    let outcomes = ["adopted", "revised", "unchanged", "rejected", "ignored"];
    let sum: u64 = outcomes.iter().map(|outcome| account[*outcome].as_u64().unwrap()).sum();
    assert_eq!(account["read"], sum, "{account}");
    println!("{}", outcomes.map(|outcome| format!("{outcome} {}", account[outcome])).join(", "));
    account
}

#[tokio::test]
async fn the_real_sets_are_taken_over_whole_and_every_reference_has_its_target() {
    let Some([karamay, guangdong]) = sets() else {
        println!("SKIPPED the real sets: ../shared/data is not there");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let region: &[&str] = &["--region", "650200"];
    let first = [import(folder.path(), &karamay, region), import(folder.path(), &guangdong, &[])];
    assert_eq!((&first[0]["read"], &first[1]["read"]), (&json!(2_176), &json!(2_011)));
    let again = [import(folder.path(), &karamay, region), import(folder.path(), &guangdong, &[])];
    for (first, again) in first.iter().zip(&again) {
        assert_eq!(again["unchanged"], first["adopted"].as_u64().unwrap() + first["unchanged"].as_u64().unwrap(), "{again}");
        for outcome in ["read", "rejected", "ignored"] {
            assert_eq!(again[outcome], first[outcome], "{outcome}");
        }
        assert_eq!(again["repealProposals"], json!([]));
    }
    let check = on(folder.path(), &["rebuild", "--check", "--json"]).ok().json();
    assert_eq!(check["equal"], true, "{check}");

    let journal = app::open_journal_to_read(&app::Place::Folder(folder.path().to_owned())).await.unwrap();
    let snapshot = views_of(journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    for channel in Channel::ALL {
        assert_resolves(snapshot.as_ref(), channel).await;
    }
    let view = RequestView { snapshot, now: app::system_clock()() };
    let schema = graphql::schema(journal);
    for channel in ["ONLINE", "COUNTER"] {
        assert_answers(&schema, &view, channel).await;
    }
}

/// What a channel refers to is on the channel, and shown.
async fn assert_resolves(snapshot: &dyn Snapshot, channel: Channel) {
    let now = app::system_clock()();
    let keys: Vec<_> = snapshot.keys().await.unwrap().into_iter().filter(|key| key.channel == channel).collect();
    let mut shown: BTreeSet<(Register, Code)> = BTreeSet::new();
    let mut wanted = Vec::new();
    for key in keys {
        let document = snapshot.get_many(channel, key.register, std::slice::from_ref(&key.code)).await.unwrap().remove(0).unwrap();
        if !document.is_shown_at(now) {
            continue;
        }
        wanted.extend(references(&document).into_iter().map(|to| (key.code.clone(), to)));
        shown.insert((key.register, key.code));
    }
    let orphans: Vec<_> = wanted.iter().filter(|(_, to)| !shown.contains(to)).take(10).collect();
    assert!(orphans.is_empty(), "{orphans:?}");
    println!("{channel}: {} entries, {} references", shown.len(), wanted.len());
    assert!(shown.len() > 4_000 && wanted.len() > shown.len());
}

fn references(document: &Document) -> Vec<(Register, Code)> {
    let mut to = Vec::new();
    if let Some(view) = Item::view(document) {
        for item in view.revisions.iter().filter_map(|revision| revision.content.as_ref()) {
            to.push((Register::Agency, item.agency.clone()));
            to.extend(item.parent.clone().map(|parent| (Register::Item, parent)));
        }
    }
    if let Some(view) = Guide::view(document) {
        for guide in view.revisions.iter().filter_map(|revision| revision.content.as_ref()) {
            to.extend([(Register::Agency, guide.agency.clone()), (Register::Item, guide.item.clone())]);
            to.extend(guide.materials.iter().filter_map(|m| m.material.clone()).map(|code| (Register::Material, code)));
        }
    }
    to
}

/// Every item and guide is answered, page by page, without an error and as often as it is counted.
async fn assert_answers(schema: &graphql::Schema, view: &RequestView, channel: &str) {
    for (list, fields) in [
        ("items", "code agency { name } parent { code } guides { code } legalBases { title } duties { content }"),
        ("guides", "code item { code } agency { code } materials { name material { code } } steps { name }"),
    ] {
        let query = format!(
            "query ($after: String) {{ registry(channel: {channel}) {{ {list}(first: 100, after: $after) {{
                totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {fields} }} }} }} }}"
        );
        let (mut codes, mut after) = (BTreeSet::new(), json!(null));
        loop {
            let request = Request::new(&query).variables(Variables::from_json(json!({ "after": after }))).data(view.clone());
            let answer = serde_json::to_value(schema.execute(request).await).unwrap();
            assert!(answer.get("errors").is_none(), "{}", answer["errors"]);
            let page = &answer["data"]["registry"][list];
            for node in page["nodes"].as_array().unwrap() {
                assert!(codes.insert(node["code"].as_str().unwrap().to_owned()), "{} twice", node["code"]);
            }
            if page["pageInfo"]["hasNextPage"] == false {
                assert_eq!(page["totalCount"], codes.len(), "{list}");
                assert!(codes.len() > 2_000, "{list}: {}", codes.len());
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
}
