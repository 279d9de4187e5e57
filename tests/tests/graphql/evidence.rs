//! The evidence of entries that went through everything: drafts, returns, corrections, suspensions, withheld fields, notes for the clerk.

use std::{fs, path::Path, process::Command};

use api::registrar::evidence::{Asked, NoEvidence, collect};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    acting::Role,
    envelope::EntryName,
    receipt::{Showing, Witness},
    register::Register,
    value::Channel,
};
use exchange::evidence::{Evidence, bundle};
use projections::{ReceiptBook, contract::server::installed};
use serde_json::{Value, json};

use super::{
    announcements::{does, publish as announce},
    callers::{Bureau, caller, content, grant, one, word},
    deadlines_support::give,
    desk::code,
    support::made,
};

/// Words that nobody outside may read.
pub const SECRETS: [&str; 4] = ["先核人口库", "保密的权限", "退回的原因", "没有公开的草稿"];

/// Takes a content from draft to approval.
pub async fn publish(bureau: &Bureau, register: &str, code: &str, content: &Value) -> Value {
    let hands = [("p-d", Role::Drafter), ("p-r", Role::Reviewer), ("p-a", Role::Approver)];
    let [drafter, reviewer, approver] = hands.map(|(person, role)| one(person, role, register));
    let draft = json!({ "commandId": bureau.id(), "register": register, "code": code, "content": content });
    let mut payload = bureau.applies(&drafter, "draft", draft).await;
    let hash = payload["entry"]["draft"]["contentHash"].clone();
    for (who, verb, more) in [
        (&drafter, "submit", json!({})),
        (&reviewer, "return", json!({ "reason": "退回的原因" })),
        (&drafter, "submit", json!({})),
        (&reviewer, "review", json!({ "contentHash": hash })),
        (&approver, "approve", json!({ "contentHash": hash, "documentNumber": "某政发〔2026〕1号" })),
    ] {
        let input = bureau.input(register, code, &payload["entry"]["streamVersion"], more);
        payload = bureau.applies(who, verb, input).await;
    }
    payload
}

/// An item with a withheld field, a guide with notes, each with a long life.
pub async fn lives() -> (Bureau, DateTime<Utc>) {
    let mut bureau = Bureau::new();
    let with = |register: &str, name: &str, more: Value| {
        let mut content = content(register, name);
        content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        content
    };
    let item = with("ITEM", "<script>alert(1)</script>&\"某\"许可", json!({ "authority": "保密的权限", "openness": withheld() }));
    let mut last = publish(&bureau, "ITEM", "A1-I1", &item).await;
    bureau.now += TimeDelta::days(1);
    publish(&bureau, "GUIDE", "A1-G1", &with("GUIDE", "指南𠮷", json!({ "clerkNotes": "先核人口库" }))).await;
    let approver = one("p-a", Role::Approver, "ITEM");
    for (verb, more) in [
        (
            "correct",
            json!({ "content": with("ITEM", "更正后的许可", json!({ "authority": "保密的权限", "openness": withheld() })), "reason": "有误" }),
        ),
        ("suspend", json!({ "reason": "系统升级", "until": made() + TimeDelta::days(30) })),
        ("resume", json!({})),
        ("correct", json!({ "content": with("ITEM", "再次更正", json!({ "openness": withheld() })), "reason": "再次有误" })),
    ] {
        bureau.now += TimeDelta::days(1);
        let input = bureau.input("ITEM", "A1-I1", &last["entry"]["streamVersion"], more);
        last = bureau.applies(&approver, verb, input).await;
    }
    let drafter = one("p-d", Role::Drafter, "ITEM");
    let draft = json!({ "commandId": bureau.id(), "register": "ITEM", "code": "A1-I2", "content": content("ITEM", "没有公开的草稿") });
    bureau.applies(&drafter, "draft", draft).await;
    let now = bureau.now;
    (bureau, now)
}

fn withheld() -> Value {
    json!({ "attribute": "PARTIAL", "withheld": ["authority"], "reason": "商业秘密", "basis": [{ "title": "某法", "article": "第九条" }] })
}

async fn evidence(bureau: &Bureau, entry: &str, now: DateTime<Utc>, public: bool) -> Result<Evidence, NoEvidence> {
    let asked = Asked { register: None, code: code(entry), known_at: now, public: public.then_some(bureau.now) };
    collect(bureau.journal.clone(), &asked).await
}

/// Unpacks evidence and lets its own program look at it.
fn verified(evidence: &Evidence, folder: &Path) -> String {
    let zip = folder.join("evidence.zip");
    let bundle = bundle(evidence).unwrap();
    bundle.write(&zip).unwrap();
    assert_eq!(bundle.bytes, self::bundle(evidence).unwrap().bytes);
    let run = |arguments: &[&str], at: &Path| Command::new("python3").args(arguments).current_dir(at).output().unwrap();
    assert!(run(&["-m", "zipfile", "-e", "evidence.zip", "e"], folder).status.success());
    let ran = run(&["verify.py"], &folder.join("e"));
    let words = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "{words}{}", String::from_utf8_lossy(&ran.stderr));
    words
}

#[tokio::test]
async fn whatever_became_of_an_entry_its_evidence_holds() {
    if !installed("python3") {
        println!("SKIPPED the check of evidence: python3 is absent and cannot be installed");
        return;
    }
    let (bureau, now) = lives().await;
    for (entry, events, revisions) in [("A1-I1", 10, 3), ("A1-G1", 6, 1), ("A1-I2", 1, 0)] {
        let folder = tempfile::tempdir().unwrap();
        let whole = evidence(&bureau, entry, now, false).await.unwrap();
        assert_eq!((whole.events.len(), whole.revisions.len(), whole.steps.len()), (events, revisions, events), "{entry}");
        let words = verified(&whole, folder.path());
        assert!(words.contains(&format!("事件 events {events}")), "{words}");
        let html = fs::read_to_string(folder.path().join("e/report.html")).unwrap();
        assert!(!html.contains("<script") && !html.contains("p-d\u{22}"), "what an entry says is not run");
        assert!(html.contains(&whole.register.zh().to_owned()));
    }
    // Withheld fields and notes are in the events alone.
    let item = evidence(&bureau, "A1-I1", now, false).await.unwrap();
    assert_eq!(item.register, Register::Item);
    for shown in item.revisions.iter().take(2).flat_map(|revision| revision.shown.iter().flatten()) {
        assert!(!String::from_utf8_lossy(shown).contains("保密的权限"));
    }
    let guide = evidence(&bureau, "A1-G1", now, false).await.unwrap();
    assert_eq!(guide.revisions[0].counter_only, ["clerkNotes"]);
    assert_ne!(guide.revisions[0].shown[0], guide.revisions[0].shown[1]);
}

#[tokio::test]
async fn what_may_be_handed_to_everybody_says_nothing_that_is_not_public() {
    if !installed("python3") {
        println!("SKIPPED the check of evidence: python3 is absent and cannot be installed");
        return;
    }
    let (mut bureau, now) = lives().await;
    for entry in ["A1-I1", "A1-G1"] {
        let folder = tempfile::tempdir().unwrap();
        let public = evidence(&bureau, entry, now, true).await.unwrap();
        assert!(public.events.is_empty() && public.steps.iter().all(|step| !["drafted", "returned", "reviewed"].contains(&step.kind)));
        verified(&public, folder.path());
        let zip = fs::read(folder.path().join("evidence.zip")).unwrap();
        for secret in SECRETS.iter().map(|secret| secret.as_bytes()).chain([&b"p-d"[..], b"p-r", b"\"counter\":\"counter/"]) {
            assert!(!zip.windows(secret.len()).any(|bytes| bytes == secret), "{entry}: {}", String::from_utf8_lossy(secret));
        }
    }
    // What a correction withholds is in no earlier revision either; the hash stays that of what was shown.
    let with = |more: Value| {
        let mut content = content("ITEM", "某许可");
        content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        content
    };
    let last = publish(&bureau, "ITEM", "A1-I3", &with(json!({ "authority": "保密的权限" }))).await;
    let whole = evidence(&bureau, "A1-I3", now, true).await.unwrap();
    let given = json!({ "content": with(json!({ "authority": "保密的权限", "openness": withheld() })), "reason": "有误" });
    let input = bureau.input("ITEM", "A1-I3", &last["entry"]["streamVersion"], given);
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), "correct", input).await;
    let folder = tempfile::tempdir().unwrap();
    let public = evidence(&bureau, "A1-I3", now, true).await.unwrap();
    verified(&public, folder.path());
    let zip = fs::read(folder.path().join("evidence.zip")).unwrap();
    assert!(!zip.windows("保密的权限".len()).any(|bytes| bytes == "保密的权限".as_bytes()));
    assert_eq!((public.revisions.len(), &public.revisions[0].shown[0]), (2, &None));
    assert_eq!(public.revisions[0].content_hash, whole.revisions[0].content_hash);
    // As it was known before the correction, asked for after it: likewise.
    bureau.now += TimeDelta::days(1);
    let correction = json!({ "content": with(json!({ "openness": { "attribute": "NOT_DISCLOSED", "reason": "秘密", "basis": [{ "title": "某法" }] } })), "reason": "有误" });
    let last = publish(&bureau, "ITEM", "A1-I4", &with(json!({ "authority": "保密的权限" }))).await;
    let before = bureau.now;
    bureau.now += TimeDelta::days(1);
    let given = json!({ "content": with(json!({ "authority": "保密的权限", "openness": withheld() })), "reason": "有误" });
    let input = bureau.input("ITEM", "A1-I4", &last["entry"]["streamVersion"], given);
    let last = bureau.applies(&one("p-a", Role::Approver, "ITEM"), "correct", input).await;
    let public = evidence(&bureau, "A1-I4", before, true).await.unwrap();
    assert_eq!((public.revisions.len(), &public.revisions[0].shown[0]), (1, &None));
    assert!(evidence(&bureau, "A1-I4", before, false).await.unwrap().revisions[0].shown[0].is_some());
    // Of what is not public any more nothing is handed on, however it was known.
    let input = bureau.input("ITEM", "A1-I4", &last["entry"]["streamVersion"], correction);
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), "correct", input).await;
    assert!(matches!(evidence(&bureau, "A1-I4", before, true).await, Err(NoEvidence::Nothing(..))));
    // Of what was never published there is nothing for the public.
    assert!(matches!(evidence(&bureau, "A1-I2", now, true).await, Err(NoEvidence::Nothing(..))));
    assert!(matches!(evidence(&bureau, "A1-I1", made() - TimeDelta::days(9), false).await, Err(NoEvidence::Nothing(..))));
}

/// What is announced and will not be shown, what waits for the end of a suspension, and a receipt of a time without a rule: the program finds the same.
#[tokio::test]
async fn what_waits_under_a_suspension_and_what_no_rule_asks_for_is_proven_as_that() {
    if !installed("python3") {
        println!("SKIPPED the check of evidence: python3 is absent and cannot be installed");
        return;
    }
    let until = made() + TimeDelta::days(25);
    for (suspension, resumes) in [(json!({ "reason": "核对" }), true), (json!({ "reason": "核对", "until": until }), false)] {
        let mut bureau = Bureau::new();
        let verified = async |bureau: &Bureau| {
            let found = evidence(bureau, "A1-I1", bureau.now, false).await.unwrap();
            verified(&found, tempfile::tempdir().unwrap().path())
        };
        announce(&bureau, content("ITEM", "甲"), None).await;
        bureau.now += TimeDelta::days(1);
        does(&bureau, "suspend", suspension).await;
        announce(&bureau, content("ITEM", "乙"), Some(made() + TimeDelta::days(20))).await;
        verified(&bureau).await;
        bureau.now += TimeDelta::days(2);
        if resumes {
            does(&bureau, "resume", json!({})).await;
            verified(&bureau).await;
        }
        bureau.now = made() + TimeDelta::days(22);
        verified(&bureau).await;
    }
    // The rule is ended, and what is approved afterwards has receipts all the same.
    let mut bureau = Bureau::new();
    let end = json!({ "code": "ART-10-2", "end": true, "documentNumber": "某政发〔2026〕7号" });
    let of_city = caller("y", "p-y", vec![grant(Role::Approver, None)]);
    assert_eq!(word(&give(&bureau, Some(&of_city), "layDownRule", end).await), "APPLIED");
    bureau.now += TimeDelta::days(1);
    announce(&bureau, content("ITEM", "甲"), None).await;
    let book = ReceiptBook::new(bureau.journal.clone());
    let query = "{ entry(register: ITEM, code: \"A1-I1\") { revisions(first: 1) { nodes { contentHash approvedAt } }
        receipts { dueAt ruled inTime standing publishedAt } deadlines { rule } } }";
    let told = bureau.answer(None, query, json!({})).await["data"]["entry"].take();
    let showing = Showing {
        entry: EntryName::new(Register::Item, code("A1-I1")),
        revision: 1,
        content_hash: told["revisions"]["nodes"][0]["contentHash"].as_str().unwrap().parse().unwrap(),
        published_at: bureau.now,
        served_at: bureau.now,
        witness: Witness::Commit,
        sight: None,
    };
    for channel in Channel::ALL {
        book.record(channel, std::slice::from_ref(&showing), bureau.now).await.unwrap();
    }
    let told = bureau.answer(None, query, json!({})).await["data"]["entry"].take();
    let receipt = &told["receipts"][0];
    assert_eq!(
        (&receipt["ruled"], &receipt["inTime"], &receipt["standing"], &receipt["dueAt"]),
        (&json!(false), &json!(false), &json!("UNKNOWN"), &receipt["publishedAt"]),
        "{told:#}"
    );
    assert_eq!((told["receipts"].as_array().unwrap().len(), &told["deadlines"]), (2, &json!([])));
    let found = evidence(&bureau, "A1-I1", bureau.now, false).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    verified(&found, folder.path());
    assert!(fs::read_to_string(folder.path().join("e/receipts.ndjson")).unwrap().contains("\"dueAt\":null"));
    assert!(fs::read_to_string(folder.path().join("e/report.html")).unwrap().contains("无 none"));
}
