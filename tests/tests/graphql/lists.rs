//! Lists: filters say what they say, counts agree with what is listed, pages neither skip nor repeat.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::support::{made, sample_register};

/// The entries of a list with a filter, all pages of a size, and the total.
async fn listed(list: &str, filter: &Value, fields: &str, size: usize) -> (Vec<Value>, u64) {
    let kind = match list {
        "items" => "ItemFilter",
        "guides" => "GuideFilter",
        _ => "CatalogueFilter",
    };
    let query = format!(
        "query ($f: {kind}, $n: Int!, $after: String) {{ registry {{ {list}(filter: $f, first: $n, after: $after) {{
            totalCount pageInfo {{ hasNextPage hasPreviousPage endCursor }} edges {{ cursor node {{ {fields} }} }} }} }} }}"
    );
    let (mut nodes, mut after) = (Vec::new(), json!(null));
    loop {
        let variables = json!({ "f": filter, "n": size, "after": after });
        let page = sample_register().await.ask_at(made(), &query, variables).await["registry"][list].take();
        let edges = page["edges"].as_array().unwrap();
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
        assert!(edges.len() <= size);
        if let Some(last) = edges.last() {
            assert_eq!(page["pageInfo"]["endCursor"], last["cursor"]);
        }
        nodes.extend(edges.iter().map(|edge| edge["node"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            return (nodes, page["totalCount"].as_u64().unwrap());
        }
        assert_eq!(edges.len(), size, "a page that is not the last is full");
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Asserts that a filter finds exactly the entries for which `holds`, and that there are some of them and not all.
async fn assert_filter(list: &str, filter: Value, fields: &str, holds: impl Fn(&Value) -> bool) {
    let (all, _) = listed(list, &json!({}), fields, 100).await;
    let (found, total) = listed(list, &filter, fields, 7).await;
    let wanted: Vec<_> = all.iter().filter(|node| holds(node)).cloned().collect();
    assert_eq!(found, wanted, "{filter}");
    assert_eq!(total, wanted.len() as u64, "{filter}");
    assert!(!wanted.is_empty() && wanted.len() < all.len(), "{filter}: {} of {}", wanted.len(), all.len());
}

#[tokio::test]
async fn items_are_found_by_each_filter() {
    const AGENCY: &str = "1199010040310236XL";
    assert_filter("items", json!({ "agency": AGENCY }), "code agency { code }", |i| i["agency"]["code"] == AGENCY).await;
    assert_filter("items", json!({ "list": "SERVICE" }), "code list", |i| i["list"] == "SERVICE").await;
    assert_filter("items", json!({ "list": "POWER" }), "code list", |i| i["list"] == "POWER").await;
    for kind in
        ["PERMISSION", "PENALTY", "COERCION", "LEVY", "BENEFIT", "INSPECTION", "CONFIRMATION", "REWARD", "ADJUDICATION", "OTHER_POWER"]
    {
        assert_filter("items", json!({ "type": kind }), "code type", |i| i["type"] == kind).await;
    }
    assert_filter("items", json!({ "text": "登记" }), "code name", |i| i["name"].as_str().unwrap().contains("登记")).await;
    let both = |i: &Value| i["agency"]["code"] == AGENCY && i["type"] == "PENALTY";
    assert_filter("items", json!({ "agency": AGENCY, "type": "PENALTY" }), "code type agency { code }", both).await;
}

/// The different values under a path of some nodes; a list has several.
fn values(nodes: &[Value], path: &str) -> BTreeSet<String> {
    let all = nodes.iter().filter_map(|node| node.pointer(path)).flat_map(|value| match value {
        Value::Array(values) => values.clone(),
        value => vec![value.clone()],
    });
    all.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn lines_of_the_openness_catalogue_are_found_by_each_filter() {
    const FIELDS: &str = "code name agency { code } levels topic item { code } guide { code } attribute";
    let (all, _) = listed("catalogue", &json!({}), FIELDS, 100).await;
    let filters = [
        ("agency", "/agency/code"),
        ("level", "/levels"),
        ("topic", "/topic"),
        ("item", "/item/code"),
        ("guide", "/guide/code"),
        ("attribute", "/attribute"),
    ];
    for (filter, path) in filters {
        let (mut told_apart, has) = (false, |node: &Value, value: &str| values(std::slice::from_ref(node), path).contains(value));
        for value in values(&all, path) {
            let wanted: Vec<_> = all.iter().filter(|node| has(node, &value)).cloned().collect();
            told_apart |= wanted.len() < all.len();
            let (found, total) = listed("catalogue", &json!({ filter: value }), FIELDS, 3).await;
            assert_eq!((found, total), (wanted.clone(), wanted.len() as u64), "{filter} {value}");
        }
        assert!(told_apart, "{filter}: every line has the same");
    }
    let says = |line: &Value| ["name", "firstTier"].iter().any(|tier| line[tier].as_str().is_some_and(|words| words.contains("食品")));
    assert_filter("catalogue", json!({ "text": "食品" }), "code name firstTier", says).await;
}

#[tokio::test]
async fn an_agency_an_item_and_a_guide_have_the_lines_that_are_attached_to_them() {
    let (all, _) = listed("catalogue", &json!({}), "code agency { code } item { code } guide { code }", 100).await;
    for field in ["agency", "item", "guide"] {
        let path = format!("/{field}/code");
        for code in values(&all, &path) {
            let query =
                format!("{{ registry {{ {field}(code: {code:?}) {{ catalogue(first: 100) {{ totalCount nodes {{ code }} }} }} }} }}");
            let told = sample_register().await.ask(&query).await["registry"][field]["catalogue"].take();
            let here = all.iter().filter(|line| line.pointer(&path) == Some(&json!(code)));
            let wanted: Vec<_> = here.map(|line| json!({ "code": line["code"] })).collect();
            assert!(!wanted.is_empty());
            assert_eq!(told, json!({ "totalCount": wanted.len(), "nodes": wanted }), "{field} {code}");
        }
    }
}

#[tokio::test]
async fn level_and_region_of_a_city_register_are_all_or_nothing() {
    let (all, total) = listed("items", &json!({}), "code level region { code }", 100).await;
    assert_eq!(all.len() as u64, total);
    assert!(all.iter().all(|item| item["level"] == "CITY" && item["region"]["code"] == "990100"));
    for (filter, all_or_none) in [
        (json!({ "level": "CITY" }), true),
        (json!({ "level": "COUNTY" }), false),
        (json!({ "region": "990100" }), true),
        (json!({ "region": "990000" }), true),
        (json!({ "region": "110000" }), false),
        (json!({ "region": "" }), false),
        (json!({ "agency": "NOBODY" }), false),
        (json!({ "text": "" }), true),
        (json!({ "text": "没有这样的事项" }), false),
    ] {
        let (found, count) = listed("items", &filter, "code", 50).await;
        let wanted = if all_or_none { total } else { 0 };
        assert_eq!((found.len() as u64, count), (wanted, wanted), "{filter}");
    }
}

#[tokio::test]
async fn guides_are_found_by_each_filter() {
    const AGENCY: &str = "1199010040310236XL";
    const ITEM: &str = "1199010040310455XD3990131001001";
    let has = |list: &Value, value: &str| list.as_array().unwrap().iter().any(|v| v == value);
    assert_filter("guides", json!({ "agency": AGENCY }), "code agency { code }", |g| g["agency"]["code"] == AGENCY).await;
    assert_filter("guides", json!({ "item": ITEM }), "code item { code }", |g| g["item"]["code"] == ITEM).await;
    for audience in ["NATURAL_PERSON", "ENTERPRISE", "SOCIAL_ORGANISATION"] {
        assert_filter("guides", json!({ "audience": audience }), "code audience", |g| has(&g["audience"], audience)).await;
    }
    assert_filter("guides", json!({ "topic": "住房保障" }), "code topics", |g| has(&g["topics"], "住房保障")).await;
    let words = |g: &Value| {
        let others = g["otherNames"].as_array().unwrap().iter();
        others.chain([&g["name"]]).any(|name| name.as_str().unwrap().contains("许可"))
    };
    assert_filter("guides", json!({ "text": "许可" }), "code name otherNames", words).await;
}

#[tokio::test]
async fn guides_that_can_be_handled_online_and_those_that_cannot_are_all_guides() {
    let (all, total) = listed("guides", &json!({}), "code", 100).await;
    let (online, with) = listed("guides", &json!({ "online": true }), "code online { url depth }", 100).await;
    let (_, without) = listed("guides", &json!({ "online": false }), "code", 100).await;
    assert_eq!(with + without, total);
    assert_eq!(all.len() as u64, total);
    assert!(without > 0 && online.iter().all(|guide| guide["online"].is_object()));
}

#[tokio::test]
async fn a_text_is_found_whatever_its_width_case_and_spaces() {
    let (plain, _) = listed("items", &json!({ "text": "1199010040310236XL" }), "code", 100).await;
    for text in ["1199010040310236xl", "１１９９０１００４０３１０２３６ＸＬ", " 1199010040310236XL ", "11990100 40310236 XL"]
    {
        let (found, _) = listed("items", &json!({ "text": text }), "code", 100).await;
        assert_eq!(found, plain, "{text:?}");
    }
    assert!(!plain.is_empty());
}

#[tokio::test]
async fn paging_through_everything_meets_each_entry_once_whatever_the_size() {
    for list in ["items", "guides"] {
        let (whole, total) = listed(list, &json!({}), "code", 100).await;
        let codes: BTreeSet<_> = whole.iter().map(|node| node["code"].as_str().unwrap()).collect();
        assert_eq!(codes.len(), whole.len(), "no entry twice");
        assert_eq!(total, whole.len() as u64);
        for size in [1, 3, 33, whole.len().min(100), (whole.len() - 1).min(100)] {
            assert_eq!(listed(list, &json!({}), "code", size).await.0, whole, "{list} by {size}");
        }
    }
}

#[tokio::test]
async fn a_cursor_that_was_never_given_out_is_a_bad_request_and_one_of_a_gone_entry_is_none() {
    let answer = |after: &'static str| async move {
        let query = "query ($after: String) { registry { agencies(first: 1, after: $after) { nodes { code } } } }";
        sample_register().await.answer(made(), query, json!({ "after": after })).await
    };
    for never in ["不是游标", "1199010040310455XD", "c:", "c:a b"] {
        assert_eq!(answer(never).await["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{never}");
    }
    // A cursor is a place in the order, whether or not an entry stands there.
    assert_eq!(answer("c:1").await["data"]["registry"]["agencies"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(answer("c:zzzz").await["data"]["registry"]["agencies"]["nodes"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn an_agency_counts_what_it_lists() {
    let query =
        "{ registry { agencies(first: 100) { nodes { name counts { type count } items(first: 100) { totalCount nodes { type } } } } } }";
    let agencies = sample_register().await.ask(query).await["registry"]["agencies"]["nodes"].take();
    for agency in agencies.as_array().unwrap() {
        let nodes = agency["items"]["nodes"].as_array().unwrap();
        assert_eq!(agency["items"]["totalCount"], nodes.len(), "{agency}");
        let counts = agency["counts"].as_array().unwrap();
        for count in counts {
            let listed = nodes.iter().filter(|item| item["type"] == count["type"]).count();
            assert_eq!(count["count"], listed, "{}", agency["name"]);
        }
        assert_eq!(counts.iter().map(|c| c["count"].as_u64().unwrap()).sum::<u64>(), nodes.len() as u64);
    }
}

#[tokio::test]
async fn history_is_paged_like_everything_else() {
    let page = async |after: Value| {
        let query = "query ($after: String) { entry(register: GUIDE, code: \"1199010040310455XD399013100100101\") {
            history(first: 1, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { revision } } } }";
        sample_register().await.ask_at(made(), query, json!({ "after": after })).await["entry"]["history"].take()
    };
    let (mut revisions, mut after) = (Vec::new(), json!(null));
    loop {
        let page = page(after).await;
        assert_eq!(page["totalCount"], 3);
        revisions.push(page["nodes"][0]["revision"].as_u64().unwrap());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(revisions, [1, 2, 3]);
}

#[tokio::test]
async fn the_list_of_abolished_proofs_is_that_of_the_materials_that_say_so() {
    let ask = |only: &str| {
        format!("{{ registry {{ materials({only} first: 100) {{ totalCount nodes {{ code abolished abolishedReason }} }} }} }}")
    };
    let register = sample_register().await;
    let all = register.ask_at(made(), &ask(""), json!({})).await["registry"]["materials"].take();
    let abolished = register.ask_at(made(), &ask("abolished: true"), json!({})).await["registry"]["materials"].take();
    let wanted: Vec<_> = all["nodes"].as_array().unwrap().iter().filter(|node| node["abolished"] == true).cloned().collect();
    assert!(!wanted.is_empty() && wanted.len() < all["nodes"].as_array().unwrap().len());
    assert_eq!((&abolished["nodes"], &abolished["totalCount"]), (&json!(wanted), &json!(wanted.len())));
}
