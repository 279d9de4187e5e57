//! What `history --public` prints is what a query without a token is answered, and nothing else.

use serde_json::{Value, json};

use super::{
    again::given,
    process::{Server, on, uuid},
    users::{added, token},
};

/// An agency of the sample, one of its guides with notes for the clerk, and one with revisions.
const AGENCY: &str = "11990100403117844D";
const GUIDE: &str = "11990100403117844D399017200100001";
const CHANGED: &str = "1199010040310455XD399013100100101";

/// What is compared of an event.
fn brief(event: &Value) -> Value {
    json!({ "kind": event["kind"], "summary": event["summary"], "revision": event["revision"], "document": event["document"],
        "reason": event["reason"], "changes": event["changes"] })
}

/// The history that a server tells to nobody in particular.
fn answered(server: &Server, register: &str, code: &str) -> Vec<Value> {
    let query = format!(
        "{{ entry(register: {register}, code: {code:?}) {{ history(first: 100) {{ nodes {{ kind summary revision document reason
            changes {{ path label before after }} }} }} }} }}"
    );
    server.ask(&query)["entry"]["history"]["nodes"].as_array().unwrap().iter().map(brief).collect()
}

#[test]
fn the_public_history_is_that_of_a_query_without_a_token_and_has_no_drafts() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    on(data, &["demo"]).ok();
    added(data, "li", "P-1", &[&format!("drafter@{AGENCY}")]);
    let li = token(data, "li");
    let server = Server::of(data);
    let history = |register: &str, code: &str, more: &[&str]| {
        let told = on(data, &[&["history", register, code, "--json"], more].concat()).ok().json();
        told.as_array().unwrap().iter().map(brief).collect::<Vec<_>>()
    };
    // A new entry that is only drafted, and a draft of one that is published.
    let new = json!({ "name": "夜间自习室预约", "type": "PUBLIC_SERVICE", "agency": AGENCY });
    let new = given(&server, &li, "draft", &json!({ "commandId": uuid(), "register": "ITEM", "content": new }));
    let new = new["entry"]["code"].as_str().unwrap().to_owned();
    let mut guide = on(data, &["show", "guide", GUIDE, "--json"]).ok().json()["content"].take();
    (guide["name"], guide["clerkNotes"]) = (json!("草稿中的名称"), json!("草稿中的窗口提示"));
    let version = server.asked(Some(&li), &format!("{{ entry(register: GUIDE, code: {GUIDE:?}) {{ streamVersion }} }}"), &Value::Null);
    let version = &version["data"]["entry"]["streamVersion"];
    let draft = json!({ "commandId": uuid(), "register": "GUIDE", "code": GUIDE, "expectedVersion": version, "content": guide });
    assert_eq!(given(&server, &li, "draft", &draft)["status"], "APPLIED");

    for (register, word, code) in [("GUIDE", "guide", GUIDE), ("GUIDE", "guide", CHANGED), ("ITEM", "item", &GUIDE[..31])] {
        assert_eq!(history(word, code, &["--public"]), answered(&server, register, code), "{code}");
    }
    let (all, public) = (history("guide", GUIDE, &[]), history("guide", GUIDE, &["--public"]));
    assert_eq!(all.len(), public.len() + 1, "whoever has the file sees the draft too");
    let draft = all.last().unwrap().to_string();
    assert!(draft.contains("草稿中的名称") && draft.contains("clerkNotes"), "{draft}");
    let public = on(data, &["history", "guide", GUIDE, "--public"]).ok().out;
    assert!(!public.contains("草稿"), "{public}");
    // Of an entry of which nothing is public they are told what they are told of one that is not there.
    assert_eq!(history("item", &new, &[]).len(), 1);
    let hidden = on(data, &["history", "item", &new, "--public"]).failed(&[&new]).err;
    assert_eq!(hidden.replace(&new, "NOBODY"), on(data, &["history", "item", "NOBODY", "--public"]).failed(&["NOBODY"]).err);
}
