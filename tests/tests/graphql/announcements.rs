//! What is announced is what will be shown: under a suspension without an end nothing is. A suspension and a revision that never holds are told, an entry is
//! called as it stands, and two moments tell what is announced no longer.

use api::registrar::{
    diff::{Between, Difference, Kind, between},
    stood::Announced,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{acting::Role, value::Channel};
use serde_json::{Value, json};

use super::{
    callers::{Bureau, content, one},
    support::{day, made},
};

const CODE: &str = "A1-I1";

/// An item with a name and an office that is asked.
pub fn item(name: &str, authority: &str) -> Value {
    let mut item = content("ITEM", name);
    item["authority"] = json!(authority);
    item
}

async fn version(bureau: &Bureau) -> Value {
    let query = format!("{{ entry(register: ITEM, code: {CODE:?}) {{ streamVersion }} }}");
    bureau.answer(Some(&one("p-a", Role::Approver, "ITEM")), &query, json!({})).await["data"]["entry"]["streamVersion"].take()
}

/// The approver does something to the entry.
pub async fn does(bureau: &Bureau, verb: &str, more: Value) -> Value {
    let input = bureau.input("ITEM", CODE, &version(bureau).await, more);
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), verb, input).await
}

/// Three persons publish a content, at once or for a day.
pub async fn publish(bureau: &Bureau, content: Value, from: Option<DateTime<Utc>>) {
    let [drafter, reviewer, approver] =
        [("p-d", Role::Drafter), ("p-r", Role::Reviewer), ("p-a", Role::Approver)].map(|(person, role)| one(person, role, "ITEM"));
    let mut draft = json!({ "commandId": bureau.id(), "register": "ITEM", "code": CODE, "content": content });
    let version = version(bureau).await;
    if !version.is_null() {
        draft["expectedVersion"] = version;
    }
    let mut payload = bureau.applies(&drafter, "draft", draft).await;
    let hash = payload["entry"]["draft"]["contentHash"].clone();
    for (who, verb, more) in [
        (&drafter, "submit", json!({})),
        (&reviewer, "review", json!({ "contentHash": hash })),
        (&approver, "approve", json!({ "contentHash": hash, "documentNumber": "某政发〔2026〕1号", "effectiveFrom": from })),
    ] {
        let input = bureau.input("ITEM", CODE, &payload["entry"]["streamVersion"], more);
        payload = bureau.applies(who, verb, input).await;
    }
}

/// What everybody is told on a day.
async fn told(bureau: &mut Bureau, days: i64) -> Value {
    bureau.now = day(days);
    let query = format!(
        "{{ registry {{ announced(register: ITEM, first: 9) {{ totalCount nodes {{ name upcoming {{ effectiveFrom shownFrom }} }} }}
            item(code: {CODE:?}) {{ name upcoming {{ shownFrom }} }} }}
            entry(register: ITEM, code: {CODE:?}) {{ name stage suspension {{ effectiveFrom until reason }}
                revisions(first: 9) {{ nodes {{ number neverHolds }} }} }} }}"
    );
    bureau.answer(None, &query, json!({})).await["data"].take()
}

fn moment(value: &Value) -> Option<DateTime<Utc>> {
    value.as_str().map(|text| text.parse().unwrap())
}

#[tokio::test]
async fn what_is_suspended_without_an_end_is_not_announced_and_the_entry_tells_the_suspension() {
    let mut bureau = Bureau::new();
    publish(&bureau, content("ITEM", "甲"), None).await;
    assert_eq!(told(&mut bureau, 0).await["entry"]["suspension"], Value::Null);
    does(&bureau, "suspend", json!({ "reason": "核对" })).await;
    publish(&bureau, content("ITEM", "乙"), Some(day(20))).await;
    let hidden = told(&mut bureau, 1).await;
    assert_eq!((&hidden["registry"]["announced"]["totalCount"], &hidden["registry"]["item"]), (&json!(0), &Value::Null));
    let suspension = &hidden["entry"]["suspension"];
    assert_eq!(
        (&suspension["reason"], &suspension["until"], moment(&suspension["effectiveFrom"])),
        (&json!("核对"), &Value::Null, Some(made()))
    );
    // On its day nobody sees it either.
    assert_eq!(told(&mut bureau, 20).await["registry"]["item"], Value::Null);
    bureau.now = day(2);
    does(&bureau, "resume", json!({})).await;
    let resumed = told(&mut bureau, 2).await;
    assert_eq!(resumed["registry"]["item"]["upcoming"], json!([{ "shownFrom": null }]), "{resumed:#}");
    assert_eq!(resumed["entry"]["suspension"], Value::Null);
    // With an end it is announced with its day, and from when on it is seen.
    does(&bureau, "suspend", json!({ "reason": "核对", "until": day(25) })).await;
    let announced = told(&mut bureau, 3).await;
    let upcoming = &announced["registry"]["announced"]["nodes"][0]["upcoming"][0];
    assert_eq!((moment(&upcoming["effectiveFrom"]), moment(&upcoming["shownFrom"])), (Some(day(20)), Some(day(25))), "{announced:#}");
    assert_eq!(moment(&announced["entry"]["suspension"]["until"]), Some(day(25)));
    let over = told(&mut bureau, 25).await;
    assert_eq!((&over["registry"]["item"]["name"], &over["entry"]["suspension"]), (&json!("乙"), &Value::Null));
}

#[tokio::test]
async fn an_entry_is_called_as_it_stands_and_what_never_holds_is_told_as_such() {
    let mut bureau = Bureau::new();
    publish(&bureau, content("ITEM", "甲"), None).await;
    publish(&bureau, content("ITEM", "乙"), Some(day(20))).await;
    let before = told(&mut bureau, 1).await["entry"].take();
    let never = |of: &Value| of["revisions"]["nodes"].as_array().unwrap().iter().map(|node| node["neverHolds"] == true).collect::<Vec<_>>();
    assert_eq!((&before["name"], never(&before)), (&json!("甲"), vec![false, false]));
    assert_eq!(told(&mut bureau, 20).await["entry"]["name"], "乙");
    bureau.now = day(2);
    does(&bureau, "repeal", json!({ "reason": "法律修改", "effectiveFrom": day(15), "documentNumber": "某政发〔2026〕2号" })).await;
    for days in [2, 15, 20, 25] {
        let entry = told(&mut bureau, days).await["entry"].take();
        assert_eq!((&entry["name"], never(&entry)), (&json!("甲"), vec![false, true]), "{days}");
        let query = format!("{{ entry(register: ITEM, code: {CODE:?}) {{ name }} }}");
        let keeper = bureau.answer(Some(&one("p-a", Role::Approver, "ITEM")), &query, json!({})).await;
        assert_eq!(keeper["data"]["entry"]["name"], "甲", "{days}");
    }
}

/// What is told of the entry between two days.
async fn differs(bureau: &Bureau, from: i64, to: i64) -> Difference {
    let (from, to) = (day(from) + TimeDelta::hours(1), day(to) + TimeDelta::hours(1));
    let asked = Between { from, to, channel: Channel::Online, register: None, agency: None, public: Some(to) };
    let mut all = between(bureau.journal.clone(), &asked, &|_| ()).await.unwrap();
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

#[tokio::test]
async fn two_moments_tell_what_is_announced_no_longer_and_why() {
    let repeal = |days: i64| json!({ "reason": "法律修改", "effectiveFrom": day(days), "documentNumber": "某政发〔2026〕2号" });
    for (verb, more) in [("repeal", repeal(20)), ("suspend", json!({ "reason": "核对" }))] {
        let mut bureau = Bureau::new();
        publish(&bureau, content("ITEM", "甲"), Some(day(20))).await;
        bureau.now = day(2);
        does(&bureau, verb, more).await;
        let found = differs(&bureau, 0, 3).await;
        assert_eq!((found.kind, found.name.as_str(), found.taking_effect), (Kind::NoLongerAnnounced, "甲", false), "{found:#?}");
        assert_eq!(found.no_longer_announced.iter().filter_map(Announced::revision).collect::<Vec<_>>(), [1], "{verb}");
        assert_eq!(
            found.causes.iter().map(|cause| cause.verb).collect::<Vec<_>>(),
            [if verb == "repeal" { "repealed" } else { "suspended" }]
        );
        assert_eq!(found.announced, []);
    }
    // Overtaken by a repeal: what is announced instead stands beside it.
    let mut bureau = Bureau::new();
    publish(&bureau, content("ITEM", "甲"), None).await;
    publish(&bureau, content("ITEM", "乙"), Some(day(20))).await;
    bureau.now = day(2);
    does(&bureau, "repeal", repeal(15)).await;
    let found = differs(&bureau, 0, 3).await;
    assert_eq!((found.kind, found.name.as_str(), found.announced.len()), (Kind::Announced, "甲", 1), "{found:#?}");
    assert_eq!(found.no_longer_announced.iter().filter_map(Announced::revision).collect::<Vec<_>>(), [2]);
    // What came and went between the two did so by the clock alone.
    let mut bureau = Bureau::new();
    publish(&bureau, content("ITEM", "甲"), Some(day(20))).await;
    bureau.now = day(2);
    does(&bureau, "repeal", repeal(25)).await;
    let found = differs(&bureau, 3, 30).await;
    assert_eq!((found.kind, found.name.as_str(), found.taking_effect), (Kind::NoLongerAnnounced, "甲", true), "{found:#?}");
    assert_eq!(found.causes.iter().map(|cause| cause.verb).collect::<Vec<_>>(), ["approved", "repealed"]);
    // What takes effect is none of it.
    assert_eq!(differs(&bureau, 3, 21).await.no_longer_announced, []);
}
