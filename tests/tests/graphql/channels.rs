//! Online and counter say the same (Art. 10(2)): what they share is equal to the byte, and the counter sees its notes besides.

use serde_json::{Value, json};

use super::support::{GUIDE_FIELDS, ITEM_FIELDS, made, sample_register};

/// Every entry of a list on a channel, page by page.
async fn all(list: &str, fields: &str, channel: &str) -> Vec<Value> {
    let query = format!(
        "query ($after: String) {{ registry(channel: {channel}) {{ {list}(first: 20, after: $after) {{
            pageInfo {{ hasNextPage endCursor }} nodes {{ {fields} }} }} }} }}"
    );
    let (mut nodes, mut after) = (Vec::new(), json!(null));
    loop {
        let mut page = sample_register().await.ask_at(made(), &query, json!({ "after": after })).await["registry"][list].take();
        nodes.append(page["nodes"].as_array_mut().unwrap());
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

/// Takes away what differs by intent: the id, which names the channel, and the notes with their upcoming changes.
fn shared(mut node: Value) -> Value {
    node.as_object_mut().unwrap().retain(|name, _| name != "id" && name != "clerkNotes");
    for upcoming in node["upcoming"].as_array_mut().into_iter().flatten() {
        upcoming["changes"].as_array_mut().unwrap().retain(|change| change["path"] != "clerkNotes");
    }
    node
}

async fn assert_shared(list: &str, fields: &str, at_least: usize) {
    let online = all(list, fields, "ONLINE").await;
    let counter = all(list, fields, "COUNTER").await;
    assert!(online.len() >= at_least, "{}", online.len());
    assert_eq!(online.len(), counter.len());
    for (online, counter) in online.into_iter().zip(counter) {
        assert_eq!(online["revision"]["contentHash"], counter["revision"]["contentHash"], "{}", online["code"]);
        assert_eq!(shared(online), shared(counter));
    }
}

#[tokio::test]
async fn every_guide_says_the_same_on_both_channels_under_the_same_hash() {
    assert_shared("guides", GUIDE_FIELDS, 60).await;
}

#[tokio::test]
async fn every_item_says_the_same_on_both_channels_under_the_same_hash() {
    assert_shared("items", ITEM_FIELDS, 100).await;
}

#[tokio::test]
async fn agencies_and_materials_too() {
    let revision = "code name revision { number effectiveFrom contentHash } upcoming { effectiveFrom changes { path before after } }";
    assert_shared("agencies", revision, 20).await;
    assert_shared("materials", revision, 40).await;
}

#[tokio::test]
async fn notes_for_the_clerk_are_shown_at_the_counter_and_nowhere_else() {
    let online = all("guides", "code clerkNotes", "ONLINE").await;
    let counter = all("guides", "code clerkNotes", "COUNTER").await;
    assert!(online.iter().all(|guide| guide["clerkNotes"].is_null()));
    let notes: Vec<_> = counter.iter().filter_map(|guide| guide["clerkNotes"].as_str()).collect();
    assert!(notes.len() >= 10, "{}", notes.len());
    // Nor by the way of history or upcoming changes, which everybody may read.
    for guide in &counter {
        let query = "query ($code: String!) { registry { guide(code: $code) { upcoming { changes { path before after } } } }
            entry(register: GUIDE, code: $code) { history(first: 100) { nodes { summary changes { path before after } } } } }";
        let public = sample_register().await.ask_at(made(), query, json!({ "code": guide["code"] })).await.to_string();
        assert!(!public.contains("clerkNotes"), "{public}");
        assert!(notes.iter().all(|note| !public.contains(note)), "{public}");
    }
}
