//! What the sample register answers, whole: goldens of the answers that pages and counters are made of.

use insta::assert_json_snapshot;
use serde_json::json;

use super::support::{GUIDE, GUIDE_FIELDS, ITEM, ITEM_FIELDS, REVISED, ask, made, sample_register};

#[tokio::test]
async fn a_page_of_agencies_with_its_total() {
    let page = ask("{ registry { channel position validAt agencies(first: 5) { totalCount pageInfo { hasNextPage hasPreviousPage
        startCursor endCursor } edges { cursor node { id code name level region parent { name } formerNames } } } } }");
    assert_json_snapshot!(page.await);
}

#[tokio::test]
async fn an_agency_with_the_counts_of_its_items() {
    let agency =
        ask("{ registry { agency(code: \"1199010040310236XL\") { id code name shortNames formerNames creditCode nature level region
        division { code name } parent { code name } address contacts { kind value note } openness counts { type count }
        items(first: 3) { totalCount nodes { code name type } } guides(first: 3) { totalCount nodes { code name } }
        revision { number effectiveFrom contentHash } upcoming { effectiveFrom } source { list file } } } }");
    assert_json_snapshot!(agency.await);
}

#[tokio::test]
async fn an_item_with_all_that_it_says() {
    let guides = "guides { code name } children(first: 10) { totalCount nodes { code name } }";
    assert_json_snapshot!(ask(&format!("{{ registry {{ item(code: \"{ITEM}\") {{ {ITEM_FIELDS} {guides} }} }} }}")).await);
}

#[tokio::test]
async fn a_guide_with_all_that_it_says_online() {
    assert_json_snapshot!(ask(&format!("{{ registry {{ guide(code: \"{GUIDE}\") {{ {GUIDE_FIELDS} }} }} }}")).await);
}

#[tokio::test]
async fn a_guide_with_all_that_it_says_at_the_counter() {
    assert_json_snapshot!(ask(&format!("{{ registry(channel: COUNTER) {{ guide(code: \"{GUIDE}\") {{ {GUIDE_FIELDS} }} }} }}")).await);
}

#[tokio::test]
async fn a_guide_asks_in_a_situation_for_what_that_situation_needs() {
    let names = |guide: &serde_json::Value| -> Vec<String> {
        let materials = guide["registry"]["guide"]["materials"].as_array().unwrap();
        materials.iter().map(|material| material["name"].as_str().unwrap().to_owned()).collect()
    };
    let asked = async |situations: serde_json::Value| {
        let query = "query ($code: String!, $s: [String!]) { registry { guide(code: $code) { materials(situations: $s) { name } } } }";
        names(&sample_register().await.ask_at(made(), query, json!({ "code": GUIDE, "s": situations })).await)
    };
    let all = asked(json!(null)).await;
    let emergency = asked(json!(["qx"])).await;
    let pipe_and_emergency = asked(json!(["gx", "qx"])).await;
    assert_eq!(pipe_and_emergency, all[..all.len()], "only 小区 asks for nothing of its own");
    assert!(emergency.len() < all.len() && emergency.iter().all(|name| all.contains(name)), "{emergency:?}");
    assert!(!asked(json!(["sq"])).await.contains(emergency.last().unwrap()), "the last one is for emergencies only");
    assert!(asked(json!([])).await.len() < emergency.len());
}

#[tokio::test]
async fn an_entry_with_its_history_and_revisions() {
    assert_json_snapshot!(
        ask(&format!(
            "{{ entry(register: GUIDE, code: \"{REVISED}\") {{ id register code name stage streamVersion
            findings {{ code severity path message messageEn }}
            revisions(first: 10) {{ totalCount nodes {{ number effectiveFrom approvedAt documentNumber contentHash }} }}
            history(first: 10) {{ totalCount pageInfo {{ hasNextPage }} edges {{ cursor node {{ position at actor {{ id }} kind summary
                effectiveFrom revision document reason replacedBy source {{ list file date }}
                changes {{ path label before after }} }} }} }} }} }}"
        ))
        .await
    );
}

#[tokio::test]
async fn a_repealed_item_is_not_shown_while_its_entry_tells_what_became_of_it() {
    const REPEALED: &str = "11990100403105691P3990123004000";
    let answer = ask(&format!(
        "{{ online: registry {{ item(code: \"{REPEALED}\") {{ code }} guide(code: \"{REPEALED}01\") {{ code }}
            guides(filter: {{ item: \"{REPEALED}\" }}, first: 1) {{ totalCount }} }}
        counter: registry(channel: COUNTER) {{ item(code: \"{REPEALED}\") {{ code }} guide(code: \"{REPEALED}01\") {{ code }} }}
        entry(register: ITEM, code: \"{REPEALED}\") {{ name stage streamVersion
            history(first: 10) {{ nodes {{ kind summary summaryEn effectiveFrom reason document replacedBy }} }} }} }}"
    ))
    .await;
    assert_json_snapshot!(answer);
}

#[tokio::test]
async fn what_is_published_and_not_yet_in_force_is_told_with_its_day() {
    let fields = "code name revision { number effectiveUntil } upcoming { repeal reason effectiveFrom replacedBy
        revision { number effectiveFrom effectiveUntil } changes { path label before after } }";
    assert_json_snapshot!(
        ask(&format!(
            "{{ registry {{
            repealed: item(code: \"1199010040310674X63992011001000\") {{ {fields} }}
            goesWithItsItem: guide(code: \"1199010040310674X6399201100100001\") {{ {fields} }}
            revisedItem: item(code: \"1199010040311012413990115002000\") {{ {fields} }}
            revisedAgency: agency(code: \"1199010040310121XJ\") {{ {fields} }}
            revisedMaterial: material(code: \"LLCL-037\") {{ {fields} }} }} }}"
        ))
        .await
    );
}

#[tokio::test]
async fn materials_say_whether_they_may_still_be_asked_for() {
    let material = "id code name otherNames kind issuer sharedByExchange abolished abolishedReason abolishedDocument openness
        legalBases { title article } revision { number contentHash } source { list }";
    let answer = ask(&format!(
        "{{ registry {{ materials(first: 100) {{ totalCount nodes {{ code name abolished abolishedReason }} }}
        shared: material(code: \"LLCL-003\") {{ {material} guides(first: 2) {{ totalCount nodes {{ code name }} }} }}
        gone: material(code: \"LLCL-042\") {{ {material} guides(first: 2) {{ totalCount }} }} }} }}"
    ))
    .await;
    assert_json_snapshot!(answer);
}

#[tokio::test]
async fn anything_is_found_again_by_its_id() {
    let register = sample_register().await;
    for (channel, prefix) in [("ONLINE", ""), ("COUNTER", "counter.")] {
        let shown = register
            .ask(&format!(
                "{{ registry(channel: {channel}) {{ agency(code: \"1199010040310236XL\") {{ id }} item(code: \"{ITEM}\") {{ id }}
                guide(code: \"{GUIDE}\") {{ id }} material(code: \"LLCL-003\") {{ id }} }} }}"
            ))
            .await;
        for (register_name, entry) in shown["registry"].as_object().unwrap() {
            let id = entry["id"].as_str().unwrap();
            assert!(id.starts_with(&format!("{prefix}{register_name}:")), "{id}");
            let query = "query ($id: ID!) { node(id: $id) { __typename id ... on Guide { clerkNotes } } }";
            let node = &register.ask_at(made(), query, json!({ "id": id })).await["node"];
            assert_eq!(node["id"], id);
            assert_eq!(node["__typename"].as_str().unwrap().to_lowercase(), *register_name);
            let notes = register_name == "guide" && channel == "COUNTER";
            assert_eq!(node.get("clerkNotes").is_some_and(serde_json::Value::is_string), notes, "{node}");
        }
    }
    let node = ask(&format!("{{ node(id: \"entry.item:{ITEM}\") {{ __typename id ... on Entry {{ name }} }} }}")).await;
    assert_eq!(node["node"]["__typename"], "Entry");
}

#[tokio::test]
async fn what_does_not_exist_is_null_and_no_error() {
    for code in ["NOBODY", "", "不是编码", "../../etc/passwd", &"x".repeat(65), "%00"] {
        let query = "query ($c: String!, $id: ID!) { registry { agency(code: $c) { code } item(code: $c) { code } guide(code: $c) { code }
            material(code: $c) { code } catalogueEntry(code: $c) { code } } entry(register: ITEM, code: $c) { code } node(id: $id) { id } }";
        for id in
            [code.to_owned(), format!("item:{code}"), format!("entry.item:{code}"), format!("nothing.item:{code}"), format!(":{code}")]
        {
            let answer = sample_register().await.ask_at(made(), query, json!({ "c": code, "id": id })).await;
            let nothing = json!({ "registry": { "agency": null, "item": null, "guide": null, "material": null, "catalogueEntry": null }, "entry": null, "node": null });
            assert_eq!(answer, nothing, "{code:?} {id:?}");
        }
    }
}
