//! What README tells to try is tried, word for word.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files fails")]

use std::{fs, path::Path, sync::Arc};

use api::{
    app::system_clock,
    auth::Counter,
    graphql::{RequestView, schema},
    registrar::sample,
};
use journal::{MemoryJournal, SharedJournal};
use projections::views_of;
use serde_json::Value;

/// Every `ask '…'` of README.
fn questions() -> Vec<String> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let asked = readme.lines().filter_map(|line| line.strip_prefix("ask '")?.strip_suffix('\''));
    asked.map(str::to_owned).collect()
}

/// Whether an answer holds anything but nulls, empty lists and zeros.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(values) => values.iter().any(says_something),
        Value::Object(fields) => fields.values().any(says_something),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Bool(_) => true,
    }
}

#[tokio::test]
async fn every_query_of_readme_is_answered_with_something() {
    let journal: SharedJournal = Arc::new(MemoryJournal::new());
    let now = sample::as_of(system_clock()());
    sample::make(journal.as_ref(), now, &|_, _| ()).await.unwrap();
    let snapshot = views_of(journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let schema = schema(journal);
    let questions = questions();
    assert!(questions.len() >= 6, "README shows what to try");
    for question in questions {
        let request: async_graphql::Request = serde_json::from_str(&question).unwrap();
        let view = RequestView { snapshot: snapshot.clone(), now };
        // As `make run` serves the sample.
        let answer = schema.execute(request.data(view).data(Counter::Open)).await;
        assert!(answer.errors.is_empty(), "{question}: {:?}", answer.errors);
        for root in answer.data.into_json().unwrap().as_object().unwrap().values() {
            for (name, value) in root.as_object().unwrap() {
                assert!(says_something(value), "{name} is empty: {question}");
            }
        }
    }
}
