//! Deadlines by the schema: what stands where, who may know of what, and what is done about them.

use std::sync::Arc;

use api::{
    app::{self, Place},
    auth::{Caller, Office},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{acting::Role, value::Channel};
use double::{Cluster, Options};
use serde_json::{Value, json};

use super::{
    callers::{Bureau, caller, content, grant, office, one, word},
    deadlines_support::{asked, give, rules, serve, shown, shown_as},
    support::made,
};

fn clerk() -> Arc<Caller> {
    caller("account-clerk", "p-clerk", vec![office(Office::Clerk, Some("A1"))])
}

fn auditor() -> Arc<Caller> {
    caller("account-audit", "p-audit", vec![office(Office::Auditor, None)])
}

fn administrator() -> Arc<Caller> {
    caller("account-admin", "p-admin", vec![office(Office::Administrator, None)])
}

/// A deadline without what is another in each run.
fn without_ids(node: &Value) -> Value {
    let mut node = node.clone();
    node["begun"] = json!("…");
    if let Some(code) = node.pointer_mut("/report/code") {
        *code = json!("R…");
    }
    node
}

fn later(bureau: &Bureau, hours: i64) -> DateTime<Utc> {
    bureau.now + TimeDelta::hours(hours)
}

#[tokio::test]
async fn an_approval_a_report_and_a_draft_are_told_to_whom_they_concern() {
    let mut bureau = Bureau::new();
    bureau.carry("ITEM", "A1-1", "甲", 4).await;
    bureau.carry("ITEM", "A1-2", "乙", 2).await;
    let report = json!({ "register": "ITEM", "code": "A1-1", "path": "name", "words": "名称写错了" });
    let reported = give(&bureau, Some(&clerk()), "reportInaccuracy", report).await;
    assert_eq!(reported["status"], "APPLIED", "{reported}");
    bureau.now = later(&bureau, 1);
    let of = async |who: Option<Arc<Caller>>| rules(&asked(&bureau, who.as_ref(), json!({})).await);
    let all = ["ART-10-2 A1-1 DUE", "ART-7 A1-1 DUE", "ART-8-2 A1-1 FULFILLED_IN_TIME", "ART-8-2 A1-2 DUE"];
    assert_eq!(of(Some(auditor())).await, all);
    assert_eq!(of(Some(one("p-d", Role::Drafter, "ITEM"))).await, all);
    assert_eq!(of(None).await, all[..1], "that a draft is on its way, and who finds what wrong, is nobody's to know");
    assert_eq!(of(Some(clerk())).await, all[..2]);
    assert_eq!(of(Some(caller("x", "p-x", vec![office(Office::Clerk, Some("B1"))]))).await, all[..1]);
    assert_eq!(of(Some(administrator())).await, all[..1]);
    let told = asked(&bureau, Some(&auditor()), json!({ "filter": { "rule": "ART-7" } })).await;
    insta::assert_json_snapshot!("a_report_as_a_deadline", without_ids(&told["nodes"][0]));
    let public = asked(&bureau, None, json!({})).await;
    insta::assert_json_snapshot!("an_approval_as_a_deadline", without_ids(&public["nodes"][0]));
}

#[tokio::test]
async fn receipts_fulfil_what_was_approved_and_the_entry_tells_it() {
    let mut bureau = Bureau::new();
    bureau.carry("ITEM", "A1-1", "甲", 4).await;
    for channel in Channel::ALL {
        serve(&bureau, channel, ("A1-1", 1)).await;
    }
    bureau.now = later(&bureau, 100);
    let query = "{ entry(register: ITEM, code: \"A1-1\") { deadlines { rule status fulfilledAt missing } } }";
    let answer = bureau.answer(None, query, json!({})).await;
    assert_eq!(
        answer["data"]["entry"]["deadlines"],
        json!([{ "rule": "ART-10-2", "status": "FULFILLED_IN_TIME", "fulfilledAt": made().to_rfc3339(), "missing": [] }])
    );
    let overdue = asked(&bureau, Some(&auditor()), json!({ "status": "OVERDUE" })).await;
    assert_eq!(overdue["totalCount"], 0);
}

#[tokio::test]
async fn a_report_is_answered_by_a_correction_or_dismissed_by_who_answers_for_the_entry() {
    let mut bureau = Bureau::new();
    let published = bureau.carry("ITEM", "A1-1", "甲", 4).await;
    let report = |words: &str| json!({ "register": "ITEM", "code": "A1-1", "words": words });
    let first = give(&bureau, Some(&clerk()), "reportInaccuracy", report("名称写错了")).await;
    let second = give(&bureau, Some(&one("p-d", Role::Drafter, "ITEM")), "reportInaccuracy", report("电话打不通")).await;
    bureau.now = later(&bureau, 1);
    let dismiss = |report: &Value| json!({ "report": report["report"], "reason": "已核实无误" });
    let by = async |who: &Arc<Caller>, report: &Value| word(&give(&bureau, Some(who), "dismissInaccuracy", dismiss(report)).await);
    assert_eq!(by(&clerk(), &first).await, "FORBIDDEN");
    assert_eq!(by(&one("p-d", Role::Drafter, "ITEM"), &first).await, "FORBIDDEN");
    let elsewhere = caller("x", "p-x", vec![grant(Role::Reviewer, Some("B1"))]);
    assert_eq!(by(&elsewhere, &first).await, "REPORT_NOT_FOUND", "for them there is none");
    assert_eq!(by(&one("p-r", Role::Reviewer, "ITEM"), &json!({ "report": "R0" })).await, "REPORT_NOT_FOUND");
    assert_eq!(by(&one("p-r", Role::Reviewer, "ITEM"), &first).await, "APPLIED");
    let correct = json!({ "content": content("ITEM", "丙"), "reason": "名称有误" });
    let input = bureau.input("ITEM", "A1-1", &published["entry"]["streamVersion"], correct);
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), "correct", input).await;
    bureau.now = later(&bureau, 1);
    let told = asked(&bureau, Some(&auditor()), json!({ "filter": { "rule": "ART-7" } })).await;
    let said: Vec<_> = told["nodes"].as_array().unwrap().iter().map(|node| json!([node["status"], node["report"]["dismissed"]])).collect();
    assert_eq!(said, [json!(["FULFILLED_IN_TIME", "已核实无误"]), json!(["FULFILLED_IN_TIME", null])]);
    assert_eq!(told["nodes"][1]["report"]["code"], second["report"]);
}

#[tokio::test]
async fn a_report_is_refused_where_there_is_nothing_public_to_report() {
    let bureau = Bureau::new();
    bureau.carry("ITEM", "A1-1", "甲", 4).await;
    bureau.carry("ITEM", "A1-2", "乙", 3).await;
    let report = async |who: Option<&Arc<Caller>>, code: &str, path: Option<&str>, words: &str| {
        word(&give(&bureau, who, "reportInaccuracy", json!({ "register": "ITEM", "code": code, "path": path, "words": words })).await)
    };
    let clerk = clerk();
    assert_eq!(report(None, "A1-1", None, "不对").await, "UNAUTHENTICATED");
    assert_eq!(report(Some(&auditor()), "A1-1", None, "不对").await, "FORBIDDEN");
    assert_eq!(report(Some(&administrator()), "A1-1", None, "不对").await, "FORBIDDEN");
    assert_eq!(report(Some(&clerk), "A1-2", None, "不对").await, "NOT_FOUND", "what is only drafted is not there");
    assert_eq!(report(Some(&clerk), "A1-9", None, "不对").await, "NOT_FOUND");
    for nowhere in ["salary", "name[0]", "legalBases[99].title", "legalBases[-1]", "legalBases."] {
        assert_eq!(report(Some(&clerk), "A1-1", Some(nowhere), "不对").await, "REPORT_FIELD_UNKNOWN", "{nowhere}");
    }
    assert_eq!(report(Some(&clerk), "A1-1", Some("name"), "请回电13912345678").await, "PERSONAL_DATA");
    for n in 0..20 {
        assert_eq!(report(Some(&clerk), "A1-1", None, &format!("不对{n}")).await, "APPLIED");
    }
    assert_eq!(report(Some(&clerk), "A1-1", None, "不对").await, "TOO_MANY_REPORTS");
}

#[tokio::test]
async fn the_same_command_again_is_answered_as_the_first_time_and_its_id_stands_for_nothing_else() {
    let bureau = Bureau::new();
    bureau.carry("ITEM", "A1-1", "甲", 4).await;
    let id = bureau.id();
    let report = |words: &str| json!({ "commandId": id, "register": "ITEM", "code": "A1-1", "words": words });
    let first = give(&bureau, Some(&clerk()), "reportInaccuracy", report("不对")).await;
    let again = give(&bureau, Some(&clerk()), "reportInaccuracy", report("不对")).await;
    assert_eq!((&first["status"], &again["status"]), (&json!("APPLIED"), &json!("UNCHANGED")));
    assert_eq!((&first["position"], &first["report"]), (&again["position"], &again["report"]));
    assert_eq!(word(&give(&bureau, Some(&clerk()), "reportInaccuracy", report("另有不对")).await), "COMMAND_ID_USED");
    let rule = |days: u16| json!({ "commandId": id, "code": "ART-7", "workingDays": days, "documentNumber": "文" });
    assert_eq!(word(&give(&bureau, Some(&administrator()), "layDownRule", rule(2)).await), "COMMAND_ID_USED");
}

#[tokio::test]
async fn a_rule_is_laid_down_for_the_city_by_an_administrator_or_an_approver_and_holds_from_then_on() {
    let mut bureau = Bureau::new();
    bureau.carry("ITEM", "A1-1", "甲", 4).await;
    let report = || json!({ "register": "ITEM", "code": "A1-1", "words": "不对" });
    give(&bureau, Some(&clerk()), "reportInaccuracy", report()).await;
    bureau.now = later(&bureau, 1);
    let rule = || json!({ "code": "ART-7", "workingDays": 3, "documentNumber": "某政发〔2026〕7号" });
    let lay = async |who: Option<&Arc<Caller>>, input: Value| word(&give(&bureau, who, "layDownRule", input).await);
    assert_eq!(lay(None, rule()).await, "UNAUTHENTICATED");
    for other in [clerk(), auditor(), one("p-a", Role::Approver, "ITEM"), caller("x", "p-x", vec![grant(Role::Reviewer, None)])] {
        assert_eq!(lay(Some(&other), rule()).await, "FORBIDDEN");
    }
    assert_eq!(lay(Some(&administrator()), rule()).await, "APPLIED");
    assert_eq!(lay(Some(&caller("y", "p-y", vec![grant(Role::Approver, None)])), rule()).await, "UNCHANGED");
    let with = |more: Value| {
        let mut input = rule();
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    assert_eq!(lay(Some(&administrator()), with(json!({ "hours": 3 }))).await, "BAD_REQUEST");
    assert_eq!(lay(Some(&administrator()), with(json!({ "workingDays": null }))).await, "BAD_REQUEST");
    assert_eq!(lay(Some(&administrator()), with(json!({ "code": "ART-99" }))).await, "RULE_NOT_FOUND");
    let past = json!({ "workingDays": 5, "effectiveFrom": made().to_rfc3339() });
    assert_eq!(lay(Some(&administrator()), with(past)).await, "EFFECTIVE_IN_PAST");
    bureau.now = later(&bureau, 1);
    give(&bureau, Some(&clerk()), "reportInaccuracy", report()).await;
    let told = asked(&bureau, Some(&auditor()), json!({ "filter": { "rule": "ART-7" } })).await;
    let due: Vec<_> = told["nodes"].as_array().unwrap().iter().map(|node| node["dueAt"].as_str().unwrap()[..10].to_owned()).collect();
    // Made on Tuesday, 1 September 2026: one working day, then three.
    assert_eq!(due, ["2026-09-02", "2026-09-04"]);
    let rules = bureau.answer(None, "{ deadlineRules { code article workingDays acts } }", json!({})).await;
    let of_art_7 = rules["data"]["deadlineRules"].as_array().unwrap().iter().find(|rule| rule["code"] == "ART-7").unwrap().clone();
    assert_eq!(of_art_7, json!({ "code": "ART-7", "article": "Art. 7", "workingDays": 3, "acts": ["CORRECTED"] }));
    // Everybody may know how it came to be.
    let asked =
        "{ deadlineRules { code since documentNumber changedBy history { since workingDays ended documentNumber } upcoming { since } } }";
    let rules = bureau.answer(None, asked, json!({})).await["data"]["deadlineRules"].take();
    let of = |code: &str| rules.as_array().unwrap().iter().find(|rule| rule["code"] == code).unwrap().clone();
    let told = of("ART-7");
    assert!(told["since"].is_string() && told["documentNumber"].is_string() && told["changedBy"].is_string(), "{told}");
    assert_eq!(
        told["history"].as_array().unwrap().iter().map(|step| step["workingDays"].clone()).collect::<Vec<_>>(),
        [json!(1), json!(3)]
    );
    assert_eq!(
        (&told["history"][0]["since"], &told["history"][0]["documentNumber"], &told["upcoming"]),
        (&Value::Null, &Value::Null, &json!([]))
    );
    assert_eq!((&of("ART-8-2")["since"], &of("ART-8-2")["documentNumber"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn an_agency_that_withholds_something_checks_itself_each_november() {
    let mut bureau = Bureau::new();
    bureau.now = "2026-10-20T02:00:00Z".parse().unwrap();
    bureau.carry("AGENCY", "A1", "某局", 4).await;
    let reviewer = one("p-r", Role::Reviewer, "ITEM");
    shown(&bureau, "A1-S", "ON_REQUEST").await;
    bureau.now = "2026-11-20T02:00:00Z".parse().unwrap();
    let checks = async |who: Option<&Arc<Caller>>, bureau: &Bureau| {
        let told = asked(bureau, who, json!({ "filter": { "rule": "ART-8-3" } })).await;
        told["nodes"].as_array().unwrap().iter().map(|node| json!([node["agency"], node["status"], node["register"]])).collect::<Vec<_>>()
    };
    assert_eq!(checks(Some(&reviewer), &bureau).await, [json!(["A1", "DUE", null])]);
    assert_eq!(checks(None, &bureau).await, Vec::<Value>::new(), "that something is withheld is no matter of the public");
    let check = |agency: &str| json!({ "agency": agency, "year": 2026, "findings": "逐条核对" });
    let give_check = async |who: &Arc<Caller>, input: Value| word(&give(&bureau, Some(who), "selfCheck", input).await);
    assert_eq!(give_check(&one("p-d", Role::Drafter, "ITEM"), check("A1")).await, "FORBIDDEN");
    assert_eq!(give_check(&reviewer, check("B1")).await, "AGENCY_NOT_FOUND");
    let elsewhere = caller("x", "p-x", vec![grant(Role::Reviewer, Some("B1"))]);
    assert_eq!(give_check(&elsewhere, check("A1")).await, "OUTSIDE_AGENCY");
    assert_eq!(give_check(&reviewer, check("A1")).await, "APPLIED");
    bureau.now = "2026-12-20T02:00:00Z".parse().unwrap();
    assert_eq!(checks(Some(&reviewer), &bureau).await, [json!(["A1", "FULFILLED_IN_TIME", null])]);
}

#[tokio::test]
async fn pages_bounds_and_another_moment() {
    let mut bureau = Bureau::new();
    // The register keeps an account of what is shown.
    serve(&bureau, Channel::Online, ("A1-9", 1)).await;
    for code in ["A1-1", "A1-2", "A1-3"] {
        bureau.carry("ITEM", code, "甲", 4).await;
    }
    let made = bureau.now;
    bureau.now = later(&bureau, 240);
    let first = asked(&bureau, None, json!({ "first": 2 })).await;
    assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
    let second = asked(&bureau, None, json!({ "first": 2, "after": first["pageInfo"]["endCursor"] })).await;
    assert_eq!((rules(&second), &second["pageInfo"]["hasNextPage"]), (vec!["ART-10-2 A1-3 OVERDUE".to_owned()], &json!(false)));
    let then = asked(&bureau, None, json!({ "filter": { "knownAt": (made + TimeDelta::hours(1)).to_rfc3339() } })).await;
    assert_eq!(rules(&then)[0], "ART-10-2 A1-1 DUE");
    let before = asked(&bureau, None, json!({ "filter": { "knownAt": (made - TimeDelta::hours(1)).to_rfc3339() } })).await;
    assert_eq!(before["totalCount"], 0);
    // Whoever asks by a clock that is ahead is answered as of now, as `registry` does.
    let ahead = asked(&bureau, None, json!({ "filter": { "knownAt": (bureau.now + TimeDelta::days(99)).to_rfc3339() } })).await;
    assert_eq!(ahead, asked(&bureau, None, json!({})).await);
    for (bound, number) in [
        (json!({ "agency": "A1" }), 3),
        (json!({ "status": "DUE" }), 0),
        (json!({ "filter": { "register": "ITEM", "code": "A1-2" } }), 1),
        (json!({ "filter": { "dueBy": made.to_rfc3339() } }), 0),
    ] {
        assert_eq!(asked(&bureau, None, bound.clone()).await["totalCount"], number, "{bound}");
    }
    for wrong in [json!({ "first": 0 }), json!({ "first": 101 }), json!({ "after": "x" }), json!({ "filter": { "code": "A1-2" } })] {
        assert_eq!(asked(&bureau, None, wrong.clone()).await["error"], "BAD_REQUEST", "{wrong}");
    }
}

/// The extensions of the error and its words, without the code that was asked for, where a question is refused.
async fn not_there(bureau: &Bureau, who: Option<&Arc<Caller>>, arguments: &str, code: &str) -> Value {
    let query = format!("{{ deadlines(first: 9, {arguments}) {{ totalCount }} }}");
    let answer = bureau.answer(who, &query, json!({})).await;
    let error = &answer["errors"][0];
    let words = error["message"].as_str().map(|message| message.replace(code, "…"));
    json!([error["extensions"]["code"], error["extensions"]["reason"], error["extensions"]["field"], words])
}

#[tokio::test]
async fn a_bound_that_names_nothing_is_refused_and_what_is_not_for_the_caller_as_what_is_not_there() {
    let bureau = Bureau::new();
    bureau.carry("ITEM", "A1-1", "甲", 4).await;
    bureau.carry("ITEM", "A1-2", "乙", 3).await;
    bureau.carry("AGENCY", "A2", "公开的局", 4).await;
    bureau.carry("AGENCY", "A3", "起草中的局", 3).await;
    shown_as(&bureau, ("AGENCY", "A4"), "NOT_DISCLOSED").await;
    let absent = |reason: &str, field: &str, words: &str| json!(["NOT_FOUND", reason, field, words]);
    let agency = absent("AGENCY_NOT_FOUND", "agency", "没有机构…；请核对编码 / there is no agency …: check its code");
    let of_another = caller("x", "p-x", vec![grant(Role::Drafter, Some("B1"))]);
    let (auditor, administrator) = (auditor(), administrator());
    for who in [None, Some(&of_another), Some(&administrator)] {
        for code in ["A9", "A3", "A4"] {
            assert_eq!(not_there(&bureau, who, &format!("agency: {code:?}"), code).await, agency, "{who:?} {code}");
        }
        let entry = absent("ENTRY_NOT_FOUND", "filter.code", "登记册中没有事项…；请核对编码 / the register has no item …: check the code");
        for code in ["A1-9", "A1-2"] {
            assert_eq!(
                not_there(&bureau, who, &format!("filter: {{ register: ITEM, code: {code:?} }}"), code).await,
                entry,
                "{who:?} {code}"
            );
        }
    }
    let rule = absent("RULE_NOT_FOUND", "filter.rule", "没有编码为…的规则；请核对编码 / there is no rule …: check its code");
    assert_eq!(not_there(&bureau, Some(&auditor), "filter: { rule: \"ART-102\" }", "ART-102").await, rule);
    assert_eq!(not_there(&bureau, Some(&auditor), "agency: \"A9\"", "A9").await, agency, "who sees all sees that there is none");
    // What is there is answered, also where nothing is due of it: a public agency, one that somebody may know of, the caller's own, and one of which
    // there are deadlines, though the register has it in no list.
    let none = async |who: Option<&Arc<Caller>>, bound: Value| asked(&bureau, who, bound.clone()).await["totalCount"] == 0;
    assert!(none(None, json!({ "status": "OVERDUE", "agency": "A2" })).await);
    assert!(none(None, json!({ "status": "OVERDUE", "agency": "A1" })).await);
    assert!(none(None, json!({ "filter": { "rule": "ART-29" } })).await);
    assert!(none(Some(&auditor), json!({ "status": "OVERDUE", "agency": "A3" })).await);
    assert!(none(Some(&auditor), json!({ "agency": "A4", "filter": { "rule": "ART-29" } })).await);
    assert!(none(Some(&of_another), json!({ "agency": "B1" })).await);
    assert!(none(Some(&auditor), json!({ "status": "OVERDUE", "filter": { "register": "ITEM", "code": "A1-2" } })).await);
    // What is no code is told as of every other part of the input.
    for (arguments, field) in [
        ("agency: \"东海\"", "agency"),
        ("filter: { rule: \"\" }", "filter.rule"),
        ("filter: { register: ITEM, code: \"?\" }", "filter.code"),
        ("filter: { register: ITEM }", "filter.code"),
        ("filter: { code: \"A1-1\" }", "filter.register"),
    ] {
        let told = not_there(&bureau, None, arguments, "…").await;
        assert_eq!((&told[0], &told[2]), (&json!("BAD_REQUEST"), &json!(field)), "{told}");
    }
}

/// On a cluster; another node, which reads the log by itself, tells the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deadlines_of_a_cluster_are_those_of_each_node() {
    let cluster = Cluster::of(3, Options::default());
    let place = Place::parse(&cluster.url()).unwrap();
    let (journal, _) = app::open_or_begin(&place).await.unwrap();
    let first = Bureau::over(journal);
    first.carry("ITEM", "A1-1", "甲", 4).await;
    for channel in Channel::ALL {
        serve(&first, channel, ("A1-1", 1)).await;
    }
    let report = json!({ "register": "ITEM", "code": "A1-1", "words": "不对" });
    assert_eq!(word(&give(&first, Some(&clerk()), "reportInaccuracy", report).await), "APPLIED");
    cluster.lead(1);
    let other = Bureau::over(app::open_journal(&place).await.unwrap());
    let told = asked(&other, Some(&auditor()), json!({})).await;
    assert_eq!(rules(&told), ["ART-10-2 A1-1 FULFILLED_IN_TIME", "ART-7 A1-1 DUE", "ART-8-2 A1-1 FULFILLED_IN_TIME"]);
    assert_eq!(told, asked(&first, Some(&auditor()), json!({})).await);
}
