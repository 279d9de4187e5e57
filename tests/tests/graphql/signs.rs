//! Text that a command gives holds no sign that is not shown as what it is: no control character, and none by which text reads in another order than
//! it is written. Every text of every verb is found by the schema, also in lists and in what lies below.

use std::sync::Arc;

use api::auth::{Caller, Office};
use domain::acting::Role;
use serde_json::{Value, json};

use super::{
    abolished,
    callers::{Bureau, caller, content, grant, office, one},
    changesets, deadlines_support, reform,
    refusals::{inputs, verbs},
};

/// A register where a command is about to be carried out, who gives it, and its input.
type Ready = (Bureau, Arc<Caller>, Value);

const CODE: &str = "A1-X1";

/// Where each verb is carried out.
async fn ready(verb: &str) -> Ready {
    match verb {
        "reform" => {
            let bureau = Bureau::over(reform::city().await.journal);
            let moves = json!([{ "from": "OLD1", "to": null, "name": "新局", "level": "CITY", "region": "990100" }]);
            let input = reform::input(&bureau, moves);
            (bureau, reform::of_city(), input)
        }
        "proposeWithoutMaterial" => {
            let bureau = Bureau::over(abolished::city().await.journal);
            let input = abolished::input(&bureau, "M1", "A1");
            (bureau, one("p-d", Role::Drafter, "ITEM"), input)
        }
        "reviewChangeSet" | "approveChangeSet" | "returnChangeSet" | "withdrawChangeSet" => of_set(verb).await,
        "reportInaccuracy" | "dismissInaccuracy" | "selfCheck" | "layDownRule" => of_deadline(verb).await,
        _ => of_entry(verb).await,
    }
}

async fn of_entry(verb: &str) -> Ready {
    let (role, steps) = match verb {
        "draft" => (Role::Drafter, 0),
        "revise" | "submit" | "withdraw" => (Role::Drafter, 1),
        "review" | "return" => (Role::Reviewer, 2),
        "approve" => (Role::Approver, 3),
        _ => (Role::Approver, 4),
    };
    let (bureau, who) = (Bureau::new(), one(&format!("p-{role:?}"), role, "ITEM"));
    let mut last = json!({ "entry": null });
    if steps > 0 {
        last = bureau.carry("ITEM", CODE, "甲", steps).await;
    }
    if verb == "resume" {
        let input = bureau.input("ITEM", CODE, &last["entry"]["streamVersion"], json!({ "reason": "系统升级" }));
        last = bureau.applies(&who, "suspend", input).await;
    }
    let hash = &last["entry"]["draft"]["contentHash"];
    let more = match verb {
        "draft" | "revise" => json!({ "content": content("ITEM", "乙") }),
        "submit" | "resume" => json!({}),
        "review" => json!({ "contentHash": hash }),
        "approve" => json!({ "contentHash": hash, "documentNumber": "1号" }),
        "correct" => json!({ "content": content("ITEM", "乙"), "reason": "有误" }),
        _ => json!({ "reason": "原因" }),
    };
    let mut input = bureau.input("ITEM", CODE, &last["entry"]["streamVersion"], more);
    if verb == "draft" {
        input.as_object_mut().unwrap().remove("expectedVersion");
    }
    // Whoever drafts again is who drafted.
    let who = if role == Role::Drafter { one("p-d", role, "ITEM") } else { who };
    (bureau, who, input)
}

async fn of_set(verb: &str) -> Ready {
    let bureau = changesets::bureau().await;
    let reviewer = caller("account-r", "p-r", vec![grant(Role::Reviewer, None)]);
    let hash = changesets::see(&bureau, Some(&reviewer)).await["hash"].take();
    let mut input = json!({ "commandId": bureau.id(), "code": changesets::SET, "expectedVersion": 0 });
    if verb == "approveChangeSet" {
        let review = json!({ "expectedVersion": 0, "hash": hash });
        assert_eq!(changesets::give(&bureau, Some(&reviewer), "reviewChangeSet", review).await["status"], "APPLIED");
        input["expectedVersion"] = json!(1);
        input["documentNumber"] = json!("1号");
    }
    if matches!(verb, "reviewChangeSet" | "approveChangeSet") {
        input["hash"] = hash;
    } else {
        input["reason"] = json!("原因");
    }
    let who = match verb {
        "approveChangeSet" => caller("account-a", "p-a", vec![grant(Role::Approver, Some("A1"))]),
        "withdrawChangeSet" => caller("account-d", "p-d", vec![grant(Role::Drafter, Some("A1"))]),
        _ => reviewer,
    };
    (bureau, who, input)
}

async fn of_deadline(verb: &str) -> Ready {
    let mut bureau = Bureau::new();
    bureau.carry("ITEM", CODE, "甲", 4).await;
    bureau.carry("AGENCY", "A1", "某局", 4).await;
    let reviewer = one("p-r", Role::Reviewer, "ITEM");
    let report = json!({ "register": "ITEM", "code": CODE, "words": "名称写错了" });
    let (who, mut input) = match verb {
        "reportInaccuracy" => (reviewer, report),
        "dismissInaccuracy" => {
            let reported = deadlines_support::give(&bureau, Some(&reviewer), "reportInaccuracy", report).await;
            (reviewer, json!({ "report": reported["report"], "reason": "已核实" }))
        }
        "selfCheck" => {
            bureau.now = "2026-11-20T02:00:00Z".parse().unwrap();
            (reviewer, json!({ "agency": "A1", "year": 2026, "findings": "逐条核对" }))
        }
        _ => {
            let who = caller("account-admin", "p-admin", vec![office(Office::Administrator, None)]);
            (who, json!({ "code": "ART-7", "workingDays": 3, "documentNumber": "1号" }))
        }
    };
    input["commandId"] = json!(bureau.id());
    (bureau, who, input)
}

/// The pointers of all texts of an input, as the schema has them; of a list its first element.
fn texts(input: &str, path: &str) -> Vec<String> {
    let below = inputs(input).into_iter().flat_map(|(name, of)| {
        let (list, of) = (of.starts_with('['), of.trim_matches(['[', ']', '!']));
        let path = if list { format!("{path}/{name}/0") } else { format!("{path}/{name}") };
        match of {
            "String" => vec![path],
            of if is_input(of) => texts(of, &path),
            _ => Vec::new(),
        }
    });
    below.collect()
}

fn is_input(of: &str) -> bool {
    include_str!("../../../api/schema.graphql").contains(&format!("\ninput {of} {{\n"))
}

/// Gives a command; the word, and the part that a refusal, a defect or an error names.
async fn give((bureau, who, input): &Ready, verb: &str, of: &str) -> (String, String) {
    let defects = if verb == "reform" { "defects { row code field }" } else { "" };
    let query =
        format!("mutation ($input: {of}!) {{ payload: {verb}(input: $input) {{ status refusal {{ code field rule }} {defects} }} }}");
    let answer = bureau.answer(Some(who), &query, json!({ "input": input })).await;
    let payload = &answer["data"]["payload"];
    let extensions = &answer["errors"][0]["extensions"];
    let told = [&payload["refusal"], &payload["defects"][0]].into_iter().find(|told| told.is_object());
    let (word, field) = match told {
        Some(told) => (&told["code"], &told["field"]),
        None if extensions.is_object() => (&extensions["code"], &extensions["field"]),
        None => (&payload["status"], &Value::Null),
    };
    (word.as_str().unwrap().to_owned(), field.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn no_text_of_any_command_holds_a_sign_that_is_not_shown_as_what_it_is() {
    let mut looked_at = 0;
    for (verb, of) in verbs() {
        let well = ready(verb).await;
        assert_eq!(give(&well, verb, of).await.0, "APPLIED", "{verb}");
        for pointer in texts(of, "") {
            for sign in ['\0', '\u{1b}', '\u{202e}', '\u{2066}'] {
                let mut ready = ready(verb).await;
                let text = ready.2.pointer(&pointer).and_then(Value::as_str).unwrap_or("甲").to_owned();
                let (above, name) = pointer.rsplit_once('/').unwrap();
                ready.2.pointer_mut(above).unwrap()[name] = json!(format!("{text}{sign}乙"));
                let head = ready.0.journal.head().await.unwrap();
                let (word, field) = give(&ready, verb, of).await;
                let case = format!("{verb} {pointer} {sign:?}: {word} {field}");
                assert!(
                    [
                        "BAD_REQUEST",
                        "CONTENT_INVALID",
                        "REPORT_INCOMPLETE",
                        // There is no field of such a path.
                        "REPORT_FIELD_UNKNOWN",
                        "SELF_CHECK_INCOMPLETE",
                        "RULE_INCOMPLETE",
                        "TEXT_INVALID",
                        "DOCUMENT_INVALID"
                    ]
                    .contains(&word.as_str()),
                    "{case}"
                );
                assert_eq!(ready.0.journal.head().await.unwrap(), head, "{case}");
                let path = format!("input{pointer}").replace("/0", "[0]").replace('/', ".");
                assert!(!field.is_empty() && path.starts_with(&field), "{case}");
            }
            looked_at += 1;
        }
    }
    assert!(looked_at > 35, "{looked_at}");
}

/// Contents are given as JSON: their lists of texts, and what lies in lists, are held to the same.
#[tokio::test]
async fn nor_does_a_text_in_a_list_of_a_content() {
    let agency = |names: Value| json!({ "name": "某局", "shortNames": names });
    let duties =
        |bases: Value| json!({ "name": "甲", "type": "PERMISSION", "agency": "A1", "duties": [{ "content": "受理", "basis": bases }] });
    for (register, sent, path) in [
        ("AGENCY", agency(json!(["局", "小\u{202e}局"])), "input.content.shortNames[1]"),
        ("AGENCY", agency(json!(["\u{7}"])), "input.content.shortNames[0]"),
        ("ITEM", duties(json!([{ "title": "某\u{2067}法" }])), "input.content.duties[0].basis[0].title"),
    ] {
        let bureau = Bureau::new();
        let input = json!({ "commandId": bureau.id(), "register": register, "content": sent });
        let told = give(&(bureau, one("p-d", Role::Drafter, register), input), "draft", "DraftInput").await;
        assert_eq!(told, ("CONTENT_INVALID".to_owned(), path.to_owned()));
    }
}
