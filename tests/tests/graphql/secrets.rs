//! What must not be public is in no answer to an anonymous caller, whatever they ask, over HTTP: the whole schema is walked, so a
//! field that is added later is asked too (Art. 7, Art. 8(1)).

use api::{auth::Office, registrar::changeset::Change};
use domain::{
    acting::Role,
    entry::{Correct, Return, Suspend, Withdraw},
    register::{CatalogueEntry, Guide, Item, Register},
    value::{DisclosureLimit, LegalBasis, Manner, Openness, OpennessAttribute},
};
use serde_json::{Value, json};

use super::{
    callers::{caller, grant, office},
    desk::{Pen, agency, code, guide, item},
    server::Server,
    support::made,
    walk::Walk,
};

/// Part of every planted secret. Persons who only drafted, reviewed or returned bear it too.
const SECRET: &str = "planted";

/// Seen by the counter alone.
const COUNTER: &str = "only-the-counter";

const CODES: [&str; 18] = ["A1", "A2", "I1", "I2", "I3", "I4", "N1", "N2", "P1", "U1", "G1", "G9", "L1", "L2", "L3", "L4", "L5", SET];

/// A change set, by a code that everybody may try.
const SET: &str = "CS374708FFF7719DD5979E";

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

/// Everything that is not public, by every way in.
async fn planted() -> Pen {
    let mut pen = Pen::new();
    pen.adopt("A1", agency("某市统计局")).await;
    for at in ["I1", "I2", "I3", "I4"] {
        pen.adopt(at, item("公开的事项")).await;
    }
    pen.adopt("G1", Guide { clerk_notes: Some(COUNTER.into()), ..guide("指南", "I1") }).await;
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
    let correct = Correct { content: item("更正后的事项"), reason: "有误".into(), document: None, effective_from: None };
    pen.by("p-approver", Role::Approver, &item(""), "I4", correct).await;
    pen.set(
        "planted set",
        vec![Change::to(code("N3"), item("planted member"), None), Change::gone(Register::Item, code("I4"), "planted gone".into())],
    )
    .await;
    pen
}

/// The server of what was planted, and how it is walked.
async fn walked(pen: &Pen) -> (Server, Walk) {
    let server = Server::start(pen.journal.clone(), made()).await;
    server.ready().await;
    let walk = Walk::of(&server.ask(Walk::question(), json!({})).await.json());
    (server, walk)
}

/// Every query that the walk leads to.
fn queries(walk: &Walk) -> Vec<String> {
    let quoted = |values: Vec<String>| values.into_iter().map(|value| format!("{value:?}")).collect::<Vec<_>>();
    let values = |name: &str| match name {
        "code" => quoted(CODES.map(str::to_owned).to_vec()),
        "id" => {
            let prefixes = ["agency", "item", "guide", "material", "openness"]
                .iter()
                .flat_map(|word| [format!("entry.{word}"), (*word).to_owned(), format!("counter.{word}")])
                .chain(["changeset".to_owned()]);
            quoted(prefixes.flat_map(|prefix| CODES.map(|code| format!("{prefix}:{code}"))).collect())
        }
        other => panic!("the walk does not know what to give for {other}"),
    };
    let mut queries = Vec::new();
    for field in walk.fields("Query") {
        if field != "registry" {
            queries.extend(walk.ask("Query", &field, &values, 6).into_iter().map(|ask| format!("{{ {ask} }}")));
            continue;
        }
        for channel in ["ONLINE", "COUNTER"] {
            let below = walk.fields("Registry").into_iter().flat_map(|field| walk.ask("Registry", &field, &values, 6));
            queries.extend(below.map(|ask| format!("{{ registry(channel: {channel}) {{ {ask} }} }}")));
        }
    }
    for text in [SECRET, "planted draft", COUNTER] {
        for channel in ["ONLINE", "COUNTER"] {
            for (list, filter) in [("items", true), ("guides", true), ("materials", false), ("catalogue", true)] {
                let filter = if filter { format!("filter: {{ text: {text:?} }}") } else { format!("text: {text:?}") };
                let ask = format!("{list}({filter}, first: 5) {{ totalCount nodes {{ code }} }}");
                queries.push(format!("{{ registry(channel: {channel}) {{ {ask} }} }}"));
            }
        }
    }
    queries
}

/// Asks everything, and holds every answer against what was planted.
async fn assert_nothing_leaks(server: &Server, walk: &Walk) {
    let (mut answered, mut shown) = (0, 0);
    for query in queries(walk) {
        let answer = server.ask(&query, json!({})).await;
        let body = &answer.body;
        assert!(!body.contains(SECRET), "{query}\n{body}");
        assert!(query.contains("COUNTER") || query.contains("counter.") || !body.contains(COUNTER), "{query}\n{body}");
        for code in ["N1", "N2", "N3", "G9", "A2", "U1", "L4", "L5", SET] {
            let asked = query.contains(code);
            assert!(asked || !body.contains(&format!("\"{code}\"")), "{code}: {query}\n{body}");
        }
        let told = answer.json();
        let refused = told["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        assert!(
            refused.is_empty() || (refused == "UNAUTHENTICATED" && (query.contains("inbox") || query.contains("changeSets"))),
            "{query}\n{body}"
        );
        answered += 1;
        shown += usize::from(["公开的事项", "更正后的事项", "公开的目录条目"].iter().any(|name| body.contains(name)));
    }
    assert!(answered > 150 && shown > 20, "{answered} queries, {shown} of them showed something");
    // The walk is no use if it does not reach: what is for the counter is seen there.
    let counter = server.ask("{ registry(channel: COUNTER) { guide(code: \"G1\") { clerkNotes } } }", json!({})).await;
    assert!(counter.body.contains(COUNTER));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_to_an_anonymous_caller_holds_a_planted_secret() {
    let pen = planted().await;
    let (server, walk) = walked(&pen).await;
    assert_nothing_leaks(&server, &walk).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_does_one_to_somebody_of_another_agency_or_who_takes_no_part_in_changes() {
    let pen = planted().await;
    let all = Role::ALL.map(|role| grant(role, Some("B1"))).to_vec();
    let offices = vec![office(Office::Clerk, None), office(Office::Administrator, None), office(Office::Auditor, Some("B1"))];
    let server = Server::start_for(pen.journal.clone(), made(), caller("account-b", "p-b", [all, offices].concat())).await;
    let walk = Walk::of(&server.ask(Walk::question(), json!({})).await.json());
    assert_nothing_leaks(&server, &walk).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_take_part_in_the_changes_and_auditors_see_what_is_drafted() {
    let pen = planted().await;
    for grant in [grant(Role::Drafter, Some("A1")), grant(Role::Reviewer, None), office(Office::Auditor, None)] {
        let server = Server::start_for(pen.journal.clone(), made(), caller("account-a", "p-a", vec![grant])).await;
        let query =
            "{ drafted: entry(register: ITEM, code: \"N1\") { stage name streamVersion draft { step content contentHash drafters } }
            returned: entry(register: ITEM, code: \"I2\") { streamVersion draft { returned } findings { code }
                history(first: 9) { nodes { kind reason } } }
            withdrawn: entry(register: ITEM, code: \"N2\") { stage name draft { step } history(first: 9) { totalCount } }
            corrected: entry(register: ITEM, code: \"I4\") { reviewsOwed { revision reason } } }";
        insta::assert_json_snapshot!("what_is_drafted", server.ask(query, json!({})).await.json());
        server.stop().await;
    }
}

/// The answer about an entry without its code, so that answers about two entries can be held against each other.
async fn about(server: &Server, register: &str, code: &str) -> Value {
    let query = "query ($r: Register!, $c: String!, $id: ID!) { entry(register: $r, code: $c) { stage streamVersion name draft { step }
        reviewsOwed { revision } findings { code } history(first: 100) { totalCount edges { cursor node { kind } } } } node(id: $id) { __typename } }";
    let id = format!("entry.{}:{code}", register.to_lowercase());
    server.ask(query, json!({ "r": register, "c": code, "id": id })).await.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_is_only_drafted_is_answered_as_one_that_does_not_exist() {
    let pen = planted().await;
    let (server, _) = walked(&pen).await;
    for (register, code) in
        [("ITEM", "N1"), ("ITEM", "N2"), ("AGENCY", "A2"), ("GUIDE", "G9"), ("ITEM", "U1"), ("OPENNESS", "L4"), ("OPENNESS", "L5")]
    {
        assert_eq!(about(&server, register, code).await, about(&server, register, "NOTHING").await, "{code}");
    }
    assert_eq!(about(&server, "ITEM", "N1").await, json!({ "data": { "entry": null, "node": null } }));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_public_is_told_of_an_entry_does_not_move_with_its_drafts() {
    let mut pen = Pen::new();
    pen.adopt("I1", item("甲")).await;
    pen.adopt("I2", item("甲")).await;
    pen.carry("I1", item("乙"), 2).await;
    pen.by("planted-approver", Role::Approver, &item(""), "I1", Return { reason: "planted".into() }).await;
    let (server, _) = walked(&pen).await;
    // Of one there are four events of a draft, of the other none.
    assert_eq!(about(&server, "ITEM", "I1").await, about(&server, "ITEM", "I2").await);
    server.stop().await;
    for at in ["I1", "I2"] {
        let suspend = Suspend { reason: "系统升级".into(), until: Some(made() - chrono::TimeDelta::days(1)) };
        pen.by("p-approver", Role::Approver, &item(""), at, suspend).await;
    }
    let (server, _) = walked(&pen).await;
    let told = about(&server, "ITEM", "I1").await;
    assert_eq!(told, about(&server, "ITEM", "I2").await);
    let entry = &told["data"]["entry"];
    assert_eq!((&entry["streamVersion"], &entry["history"]["edges"][1]["cursor"]), (&json!(1), &json!("1")), "{entry}");
    assert_eq!(entry["stage"], "PUBLISHED", "the suspension has run out by the clock of the request");
    server.stop().await;
}
