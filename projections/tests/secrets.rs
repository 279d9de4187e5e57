//! What must not be public is in no document, no history that everybody sees, and no change that it tells (Art. 7, Art. 8(1)).

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use chrono::{DateTime, Utc};
use common::{Told, code, day, guide, item, person};
use domain::{
    acting::Role,
    codec::Registered,
    entry::{Correct, Return, Step, Suspend, Withdraw},
    register::{Guide, Item},
    value::{Channel, Hash, LegalBasis, Openness, OpennessAttribute},
};
use journal::load;
use projections::{
    history::{Audience, tell},
    views_of,
};

const SECRET: &str = "planted-secret";

fn secret(at: &str) -> String {
    format!("{SECRET} {at}")
}

fn openness(attribute: OpennessAttribute, withheld: &[&str]) -> Openness {
    Openness {
        attribute,
        withheld: withheld.iter().map(|field| (*field).to_owned()).collect(),
        reason: Some("涉及第三方商业秘密".into()),
        basis: vec![LegalBasis { title: "中华人民共和国政府信息公开条例".into(), ..LegalBasis::default() }],
    }
}

/// An item that is open, one that withholds a field, and some that reach no channel.
fn partial(name: &str) -> Item {
    let openness = openness(OpennessAttribute::Partial, &["authority", "remark"]);
    Item { authority: Some(secret("authority")), remark: Some(secret("remark")), openness, ..item(name) }
}

fn undisclosed(attribute: OpennessAttribute) -> Item {
    Item { openness: openness(attribute, &[]), ..item(&secret("name")) }
}

/// Everything that is not public, by every way in: drafts at every step, what was returned or withdrawn and why, withheld fields and
/// undisclosed contents that were adopted, approved and corrected.
async fn planted() -> Told {
    let mut told = Told::new();
    for at in ["I1", "I2", "I3", "I4", "I5", "I6"] {
        told.adopt(at, day(1), item("公开的事项"), None).await;
    }
    told.adopt("G1", day(1), Guide { clerk_notes: Some("only-the-counter".into()), ..guide("指南", "I1") }, None).await;

    for (at, to) in [("I1", Step::Draft), ("I2", Step::Submitted), ("I3", Step::Reviewed), ("N1", Step::Submitted), ("N2", Step::Draft)] {
        told.draft(at, day(2), item(&secret("draft"))).await;
        if to != Step::Draft {
            told.carry::<Item>(at, day(2), to, None).await;
        }
    }
    told.draft("G1", day(2), Guide { clerk_notes: Some(secret("notes of a draft")), ..guide(&secret("guide"), "I1") }).await;
    told.draft("G9", day(2), guide(&secret("guide"), "I2")).await;
    let back = Return { reason: secret("return") };
    told.by::<Item>(person("p-reviewer", Role::Reviewer, &item("")), "I2", day(3), back).await;
    let away = Withdraw { reason: secret("withdrawal") };
    told.by::<Item>(person("p-drafter", Role::Drafter, &item("")), "I3", day(3), away).await;

    told.adopt("P1", day(1), partial("承接"), None).await;
    told.approve("I4", day(2), partial("审签"), None).await;
    told.approve("I4", day(3), Item { authority: Some(secret("changed")), ..partial("再审签") }, Some(day(20))).await;
    told.as_approver("I5", day(2), correct(partial("更正"))).await;
    told.as_approver("I6", day(2), correct(undisclosed(OpennessAttribute::NotDisclosed))).await;
    told.adopt("U1", day(1), undisclosed(OpennessAttribute::OnRequest), None).await;
    told.approve("U2", day(1), undisclosed(OpennessAttribute::NotDisclosed), None).await;
    told.approve("U2", day(2), item("后来公开"), Some(day(9))).await;
    // What cannot be cut out as it says is not shown at all.
    let mistaken = |withheld: &[&str]| Item { openness: openness(OpennessAttribute::Partial, withheld), ..partial(&secret("name")) };
    for (at, withheld) in [("M1", &["autority"][..]), ("M2", &[]), ("M3", &["name"]), ("M4", &["authority"])] {
        told.adopt(at, day(1), Item { remark: None, ..mistaken(withheld) }, None).await;
    }
    told
}

fn correct(content: Item) -> Correct<Item> {
    Correct { content, reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() }
}

#[tokio::test]
async fn no_document_holds_a_planted_secret() {
    let mut told = planted().await;
    // Of this one the name is no secret in the end: the only thing that it withholds is cut out.
    told.repeal::<Item>("M4", day(4), None).await;
    let snapshot = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let undisclosed = [OpennessAttribute::OnRequest, OpennessAttribute::NotDisclosed].map(|a| Hash::of_content(&undisclosed(a)).unwrap());
    let mut seen = 0;
    for key in snapshot.keys().await.unwrap() {
        let document = snapshot.get_many(key.channel, key.register, std::slice::from_ref(&key.code)).await.unwrap().remove(0).unwrap();
        let all = format!("{} {} {:?}", String::from_utf8(document.encode().unwrap()).unwrap(), document.words(), document.terms());
        if key.code.as_str() != "M4" {
            assert!(!all.contains(SECRET), "{} on {:?}: {all}", key.code, key.channel);
        }
        assert!(!all.contains("secret authority"), "{} on {:?}: {all}", key.code, key.channel);
        assert!(key.channel == Channel::Counter || !all.contains("only-the-counter"));
        // By its hash a guess at it could be checked.
        assert!(undisclosed.iter().all(|hash| !all.contains(&hash.to_string())), "{}", key.code);
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

#[tokio::test]
async fn of_an_entry_that_is_only_drafted_there_is_no_document() {
    let told = planted().await;
    let snapshot = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let keys = snapshot.keys().await.unwrap();
    for at in ["N1", "N2", "G9"] {
        assert!(keys.iter().all(|key| key.code != code(at)), "{at}");
    }
}

/// The public history of an entry, as text.
async fn public_history<C: Registered>(told: &Told, at: &str) -> String {
    public_history_at::<C>(told, at, day(30)).await
}

/// The same, asked at a moment.
async fn public_history_at<C: Registered>(told: &Told, at: &str, now: DateTime<Utc>) -> String {
    let history = load::<C>(told.journal.as_ref(), &code(at)).await.unwrap().history;
    serde_json::to_string(&tell(&history, Audience::Public, now)).unwrap()
}

#[tokio::test]
async fn no_public_history_tells_a_planted_secret_and_the_keeper_sees_all() {
    let told = planted().await;
    let items = ["I1", "I2", "I3", "I4", "I5", "I6", "N1", "N2", "P1", "U1", "U2", "M1", "M2", "M3"];
    for at in items {
        let all = public_history::<Item>(&told, at).await;
        assert!(!all.contains(SECRET), "{at}: {all}");
        for internal in ["drafted", "submitted", "reviewed", "returned", "withdrawn"] {
            assert!(!all.contains(internal), "{at}: {all}");
        }
    }
    for at in ["G1", "G9"] {
        let all = public_history::<Guide>(&told, at).await;
        assert!(!all.contains(SECRET) && !all.contains("only-the-counter"), "{at}: {all}");
    }
    let history = load::<Item>(told.journal.as_ref(), &code("I2")).await.unwrap().history;
    let kept: Vec<_> = tell(&history, Audience::Keeper, day(30)).into_iter().map(|told| (told.kind, told.reason)).collect();
    assert_eq!(kept.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), ["adopted", "drafted", "submitted", "returned"]);
    assert_eq!(kept[3].1.as_deref(), Some(secret("return").as_str()));
}

#[tokio::test]
async fn what_is_withheld_now_is_not_told_of_earlier_revisions_either() {
    let open = |name: &str| Item { authority: Some(secret("authority")), remark: Some("备注".into()), ..item(name) };
    let only = |name: &str| Item { openness: openness(OpennessAttribute::Partial, &["authority"]), ..open(name) };
    let mut told = Told::new();
    for at in ["C1", "A1", "U1", "L1", "R1"] {
        told.approve(at, day(1), open("甲"), None).await;
        told.approve(at, day(2), Item { authority: Some(secret("further")), ..open("乙") }, None).await;
    }
    told.as_approver("C1", day(3), correct(only("乙"))).await;
    told.approve("A1", day(3), only("乙"), Some(day(5))).await;
    told.as_approver("U1", day(3), correct(undisclosed(OpennessAttribute::NotDisclosed))).await;
    told.approve("U1", day(4), Item { authority: None, ..item("又公开") }, Some(day(20))).await;
    told.as_approver("L1", day(3), correct(only("乙"))).await;
    told.approve("L1", day(4), Item { authority: Some("不再保密".into()), ..item("丙") }, Some(day(20))).await;
    told.as_approver("R1", day(3), correct(only("乙"))).await;
    told.repeal::<Item>("R1", day(4), None).await;
    for at in ["C1", "A1", "U1", "L1", "R1"] {
        let all = public_history_at::<Item>(&told, at, day(6)).await;
        assert!(!all.contains(SECRET), "{at}: {all}");
        assert!(all.contains("审签发布第2版，变更1处") || at == "U1", "{at}: {all}");
    }
    // What was announced to be withheld is not told before its day either; what is public again is.
    assert!(!public_history_at::<Item>(&told, "A1", day(4)).await.contains(SECRET));
    assert!(public_history_at::<Item>(&told, "L1", day(30)).await.contains("不再保密"));
}

#[tokio::test]
async fn a_suspension_is_told_by_the_clocks_of_china() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    let until = Some("2026-12-31T16:00:00Z".parse().unwrap());
    told.as_approver::<Item>("I1", day(2), Suspend { reason: "系统升级".into(), until }).await;
    let all = public_history::<Item>(&told, "I1").await;
    assert!(all.contains("暂停，至北京时间2027-01-01 00:00\"") && all.contains("until 2027-01-01 00:00 China time"), "{all}");
}

#[tokio::test]
async fn a_public_change_tells_what_changed_of_what_is_public() {
    let told = planted().await;
    let history = load::<Item>(told.journal.as_ref(), &code("I4")).await.unwrap().history;
    let told = tell(&history, Audience::Public, day(30));
    assert_eq!(told.iter().map(|told| told.kind).collect::<Vec<_>>(), ["adopted", "approved", "approved"]);
    let paths = |n: usize| told[n].changes.iter().map(|change| change.path.as_str()).collect::<Vec<_>>();
    assert_eq!(paths(2), ["name"], "the withheld field changed too");
    assert_eq!(told[2].document.as_deref(), Some("某政发〔2026〕1号"));
    // What was drafted and reviewed in between has no number of its own.
    assert_eq!(told.iter().map(|told| told.version.0).collect::<Vec<_>>(), [0, 1, 2]);
}

#[tokio::test]
async fn a_correction_is_told_against_what_it_corrects() {
    let mut told = Told::new();
    told.adopt("I1", day(1), item("甲"), None).await;
    told.approve("I1", day(2), item("乙"), Some(day(20))).await;
    told.as_approver("I1", day(3), correct(item("丙"))).await;
    told.as_approver::<Item>("I1", day(4), Suspend { reason: "系统升级".into(), until: None }).await;
    let history = load::<Item>(told.journal.as_ref(), &code("I1")).await.unwrap().history;
    let told = tell(&history, Audience::Public, day(30));
    assert_eq!(told[2].changes[0].before, Some("甲".into()));
    assert_eq!((told[2].kind, told[2].reason.as_deref()), ("corrected", Some("有误")));
    assert_eq!((told[3].kind, told[3].reason.as_deref()), ("suspended", Some("系统升级")));
}
