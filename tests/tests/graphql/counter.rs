//! What only the counter sees is for who holds an office there, and nobody takes a refusal for an empty note.

use std::sync::Arc;

use api::{
    auth::{Caller, Counter, Office},
    graphql::{self, RequestView},
};
use async_graphql::{Request, Variables};
use domain::{
    acting::Role,
    entry::{Adopt, Source},
    register::Guide,
};
use projections::views_of;
use serde_json::{Value, json};

use super::{
    callers::{caller, office},
    desk::{Pen, code, guide, item},
    support::{day, made},
};

const NOTES: &str = "先查人口库";
const LATER: &str = "先查婚姻库";

/// A guide with notes that will change, one without, and one of another agency.
async fn planted() -> Pen {
    let mut pen = Pen::new();
    pen.adopt("I1", item("事项")).await;
    let with = |notes: &str| Guide { clerk_notes: Some(notes.into()), ..guide("指南", "I1") };
    pen.adopt("G1", with(NOTES)).await;
    let source = Source { file: "list".into(), edition: Some("2027".into()), ..Source::default() };
    pen.import("G1", Adopt { content: with(LATER), source, effective_from: Some(day(30)) }).await;
    pen.adopt("G2", guide("指南", "I1")).await;
    pen.adopt("G3", Guide { agency: code("A2"), ..with(NOTES) }).await;
    pen
}

/// The whole answer of a node to somebody.
async fn answer(pen: &Pen, counter: Option<Counter>, who: Option<Arc<Caller>>, query: &str) -> Value {
    let snapshot = views_of(pen.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let mut request = Request::new(query).variables(Variables::default()).data(RequestView { snapshot, now: made() });
    if let Some(counter) = counter {
        request = request.data(counter);
    }
    if let Some(caller) = who {
        request = request.data(caller);
    }
    serde_json::to_value(graphql::schema(pen.journal.clone()).execute(request).await).unwrap()
}

const GUIDES: &str = "{ registry(channel: COUNTER) {
    a: guide(code: \"G1\") { clerkNotes upcoming { changes { path before after } } }
    b: guide(code: \"G2\") { clerkNotes } c: guide(code: \"G3\") { clerkNotes }
    item(code: \"I1\") { guides { code clerkNotes } } } node(id: \"counter.guide:G1\") { ... on Guide { clerkNotes } } }";

/// The codes of the errors, by where they stand.
fn errors(answer: &Value) -> Vec<(String, String)> {
    let all = answer["errors"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let path = |error: &Value| error["path"].as_array().unwrap().iter().map(text).collect::<Vec<_>>().join(".");
    all.iter().map(|error| (path(error), text(&error["extensions"]["code"]))).collect()
}

#[tokio::test]
async fn who_may_not_see_the_notes_is_told_so_at_each_whether_there_are_any_or_not() {
    let pen = planted().await;
    let stranger = |held: Office| Some(caller("account-b", "p-b", vec![office(held, Some("B1"))]));
    let strangers = [stranger(Office::Clerk), stranger(Office::Change(Role::Approver)), stranger(Office::Auditor)];
    let administrator = Some(caller("account-c", "p-c", vec![office(Office::Administrator, None)]));
    for who in strangers.into_iter().chain([administrator, None]) {
        let told = if who.is_some() { "FORBIDDEN" } else { "UNAUTHENTICATED" };
        for counter in [None, Some(Counter::Guarded)] {
            let answer = answer(&pen, counter, who.clone(), GUIDES).await;
            let at = ["registry.a.clerkNotes", "registry.b.clerkNotes", "registry.c.clerkNotes"];
            let below = ["registry.item.guides.0.clerkNotes", "registry.item.guides.1.clerkNotes", "registry.item.guides.2.clerkNotes"];
            let mut expected: Vec<_> =
                at.iter().chain(&below).chain(&["node.clerkNotes"]).map(|path| ((*path).to_owned(), told.to_owned())).collect();
            let mut errors = errors(&answer);
            errors.sort();
            expected.sort();
            assert_eq!(errors, expected, "{answer:#}");
            // All the rest is answered, and of what is upcoming what the website shows.
            assert_eq!(answer["data"]["registry"]["a"], json!({ "clerkNotes": null, "upcoming": [{ "changes": [] }] }));
            let text = answer.to_string();
            assert!(!text.contains(NOTES) && !text.contains(LATER), "{text}");
        }
    }
}

#[tokio::test]
async fn who_holds_an_office_for_the_agency_or_the_city_sees_its_notes() {
    let pen = planted().await;
    let offices = Role::ALL.map(Office::Change).into_iter().chain([Office::Clerk, Office::Auditor]);
    for held in offices {
        let of_agency = answer(&pen, None, Some(caller("account-a", "p-a", vec![office(held, Some("A1"))])), GUIDES).await;
        let registry = &of_agency["data"]["registry"];
        let changes = json!([{ "changes": [{ "path": "clerkNotes", "before": NOTES, "after": LATER }] }]);
        assert_eq!(registry["a"], json!({ "clerkNotes": NOTES, "upcoming": changes }), "{held:?}");
        assert_eq!((&registry["b"]["clerkNotes"], &registry["c"]["clerkNotes"]), (&Value::Null, &Value::Null), "{held:?}");
        let mut refused = errors(&of_agency);
        refused.sort();
        let forbidden = |path: &str| (path.to_owned(), "FORBIDDEN".to_owned());
        assert_eq!(refused, [forbidden("registry.c.clerkNotes"), forbidden("registry.item.guides.2.clerkNotes")], "{held:?}");
        let of_city = answer(&pen, None, Some(caller("account-a", "p-a", vec![office(held, None)])), GUIDES).await;
        assert_eq!((of_city.get("errors"), &of_city["data"]["registry"]["c"]["clerkNotes"]), (None, &json!(NOTES)), "{held:?}");
    }
}

#[tokio::test]
async fn an_open_counter_shows_them_to_everybody_and_other_channels_to_nobody() {
    let pen = planted().await;
    let open = answer(&pen, Some(Counter::Open), None, GUIDES).await;
    assert_eq!((open.get("errors"), &open["data"]["node"]["clerkNotes"]), (None, &json!(NOTES)), "{open}");
    let city = caller("account-a", "p-a", vec![office(Office::Clerk, None)]);
    for who in [None, Some(city)] {
        let online = answer(&pen, Some(Counter::Open), who, &GUIDES.replace("COUNTER", "ONLINE").replace("counter.", "")).await;
        assert_eq!((online.get("errors"), &online["data"]["registry"]["a"]["clerkNotes"]), (None, &Value::Null), "{online}");
        assert!(!online.to_string().contains(NOTES) && !online.to_string().contains(LATER), "{online}");
    }
}

#[tokio::test]
async fn a_refusal_is_a_null_in_its_place_also_where_nothing_else_is_asked() {
    let pen = planted().await;
    let answer = answer(&pen, None, None, "{ registry(channel: COUNTER) { guide(code: \"G1\") { clerkNotes } } }").await;
    assert_eq!(answer["data"], json!({ "registry": { "guide": { "clerkNotes": null } } }), "{answer}");
    assert_eq!(errors(&answer), [("registry.guide.clerkNotes".to_owned(), "UNAUTHENTICATED".to_owned())]);
}
