use super::*;
use crate::{
    register::{
        Agency, CaseKind, Content, Fee, HandlingForm, MaterialRequirement, OnlineService, Outcome, OutcomeKind, Place, Situation, Step,
    },
    value::{Audience, Contact, ContactKind, LegalBasis, TimeLimit, TimeUnit, Topic},
};

/// A guide that every check passes.
pub(super) fn sound() -> Guide {
    let contact = |value: &str| Contact { kind: ContactKind::Phone, value: value.into(), note: None };
    Guide {
        audience: vec![Audience::NaturalPerson],
        topics: vec![Topic::person("证件办理")],
        case_kind: Some(CaseKind::Promised),
        statutory_limit: Some(TimeLimit::working_days(20)),
        promised_limit: Some(TimeLimit::working_days(5)),
        situations: vec![situation("a"), situation("b")],
        materials: vec![asked("申请表", &[]), asked("委托书", &["a"]), asked("委托书", &["b"])],
        steps: vec![
            step(Some(TimeLimit::working_days(2))),
            step(None),
            step(Some(TimeLimit::working_days(3))),
            step(Some(TimeLimit::IMMEDIATE)),
        ],
        fees: vec![Fee {
            name: "工本费".into(), standard: "10元/证".into(), basis: Some("发改价格〔2019〕1号".into()), ..Fee::default()
        }],
        results: vec![Outcome { name: "证".into(), kind: OutcomeKind::Certificate, sample: None }],
        places: vec![Place {
            address: "某路1号".into(), window: Some("3号窗口".into()), hours: Some("9:00-17:00".into()), name: None
        }],
        handling_forms: vec![HandlingForm::Window],
        consult: vec![contact("12345")],
        complain: vec![contact("12345"), contact("12388")],
        visits: Some(1),
        visit_reason: Some("核验本人".into()),
        legal_bases: vec![LegalBasis { title: "某条例".into(), article: Some("第一条".into()), ..LegalBasis::default() }],
        ..Guide::new("某证核发", "I1".parse().unwrap(), "A1".parse().unwrap())
    }
}

fn situation(code: &str) -> Situation {
    Situation { code: code.into(), name: code.into(), description: None }
}

pub(super) fn asked(name: &str, situations: &[&str]) -> MaterialRequirement {
    let situations = situations.iter().map(|code| (*code).to_owned()).collect();
    MaterialRequirement { name: name.into(), situations, ..MaterialRequirement::default() }
}

fn step(limit: Option<TimeLimit>) -> Step {
    Step { name: "审查".into(), limit, ..Step::default() }
}

/// What breaks a sound guide in one place, by the check that finds it.
type Break = (&'static str, &'static str, fn(&mut Guide));

const BREAKS: &[Break] = &[
    ("AUDIENCE_TOPIC_DISAGREE", "topics[1]", |g| g.topics.push(Topic::organisation("招标拍卖"))),
    ("AUDIENCE_TOPIC_DISAGREE", "topics", |g| g.audience.push(Audience::Enterprise)),
    ("PROMISE_OVER_STATUTORY", "promisedLimit", |g| g.statutory_limit = Some(TimeLimit::working_days(4))),
    ("STEPS_OVER_PROMISE", "steps", |g| g.steps.push(step(Some(TimeLimit::working_days(1))))),
    ("INSTANT_NOT_SAME_DAY", "promisedLimit", |g| g.case_kind = Some(CaseKind::Instant)),
    ("STEPS_OVER_PROMISE", "steps", |g| {
        // What takes hours beside it makes it no shorter.
        g.steps.push(step(Some(TimeLimit { amount: 2, unit: TimeUnit::Hour })));
        g.steps.push(step(Some(TimeLimit::working_days(1))));
    }),
    ("INSTANT_NOT_SAME_DAY", "promisedLimit", |g| (g.case_kind, g.promised_limit) = (Some(CaseKind::Instant), None)),
    ("PROMISE_OVER_STATUTORY", "promisedLimit", |g| {
        g.steps.clear();
        g.statutory_limit = Some(TimeLimit { amount: 10, unit: TimeUnit::CalendarDay });
        g.promised_limit = Some(TimeLimit { amount: 300, unit: TimeUnit::Hour });
    }),
    ("CONSULT_MISSING", "consult", |g| g.consult[0].value = " \u{3000}".into()),
    ("COMPLAIN_MISSING", "complain", |g| g.complain.iter_mut().for_each(|contact| contact.value.clear())),
    ("CONTACTS_SAME", "complain", |g| {
        g.consult[0].value = "0990-6233333".into();
        g.complain.truncate(1);
        g.complain[0].value = "（０９９０）６２３ ３３３３".into();
    }),
    ("CONTACTS_SAME", "complain", |g| {
        (g.consult[0].kind, g.consult[0].value) = (ContactKind::Other, "三楼 A窗口".into());
        g.complain = vec![Contact { value: "三楼Ａ窗口".into(), ..g.consult[0].clone() }];
    }),
    ("SAME_DAY_NOT_INSTANT", "caseKind", |g| {
        g.steps.clear();
        g.promised_limit = Some(TimeLimit { amount: 8, unit: TimeUnit::Hour });
    }),
    ("PROMISE_OVER_STATUTORY", "promisedLimit", |g| g.promised_limit = Some(TimeLimit { amount: 60, unit: TimeUnit::CalendarDay })),
    ("PROMISE_OVER_STATUTORY", "promisedLimit", |g| g.promised_limit = Some(TimeLimit { amount: 9_999, unit: TimeUnit::Hour })),
    ("STEPS_OVER_PROMISE", "steps", |g| g.steps.push(step(Some(TimeLimit { amount: 50, unit: TimeUnit::CalendarDay })))),
    ("STEPS_OVER_PROMISE", "steps", |g| {
        // Neither is too long alone, and together they are, whatever the calendar.
        g.promised_limit = Some(TimeLimit { amount: 7, unit: TimeUnit::CalendarDay });
        g.steps.push(step(Some(TimeLimit { amount: 3, unit: TimeUnit::CalendarDay })));
    }),
    ("STEP_UNNAMED", "steps[1].name", |g| g.steps[1].name = "\u{200b}".into()),
    ("SITUATION_TWICE", "situations[2].code", |g| g.situations.push(situation("a"))),
    ("SITUATION_CODE", "situations[2].code", |g| g.situations.push(situation(""))),
    ("SITUATION_CODE", "situations[2].code", |g| g.situations.push(situation(" a"))),
    ("SITUATION_CODE", "situations[2].code", |g| g.situations.push(situation("c\u{3000}d"))),
    ("PLACE_NO_ADDRESS", "places[0].address", |g| (g.places[0].address, g.places[0].window) = (" ".into(), None)),
    ("SITUATION_UNKNOWN", "materials[1].situations", |g| g.materials[1].situations = vec!["c".into()]),
    ("MATERIAL_TWICE", "materials[3].name", |g| g.materials.push(asked("申请表", &["b"]))),
    ("MATERIAL_TWICE", "materials[3].name", |g| g.materials.push(asked("委托书", &["b"]))),
    ("MATERIAL_TWICE", "materials[3].name", |g| g.materials.push(asked("申请 表", &[]))),
    ("MATERIAL_TWICE", "materials[3].name", |g| {
        g.materials[0].name = "甲A表（原件）".into();
        g.materials.push(asked("甲Ａ 表(原件)", &[]));
    }),
    ("MATERIAL_UNNAMED", "materials[0].name", |g| g.materials[0].name = " ".into()),
    ("FEE_INCOMPLETE", "fees[0].basis", |g| g.fees[0].basis = None),
    ("FEE_INCOMPLETE", "fees[0].standard", |g| g.fees[0].standard.clear()),
    ("PAYMENT_WITHOUT_FEE", "online.payment", |g| {
        g.fees.clear();
        g.online = Some(OnlineService { payment: Some(true), ..OnlineService::default() });
    }),
    ("RESULT_INCOMPLETE", "results[0].name", |g| g.results[0].name.clear()),
    ("RESULT_INCOMPLETE", "results", |g| g.results.clear()),
    ("VISITS_WITHOUT_REASON", "visitReason", |g| g.visit_reason = None),
    ("NO_VISIT_NO_OTHER_WAY", "visits", |g| g.visits = Some(0)),
    ("PLACE_MISSING", "places", |g| g.places.clear()),
    ("PLACE_INEXACT", "places[0]", |g| g.places[0].window = None),
    ("HOURS_MISSING", "places[0].hours", |g| g.places[0].hours = Some(String::new())),
    ("CONSULT_MISSING", "consult", |g| g.consult.clear()),
    ("COMPLAIN_MISSING", "complain", |g| g.complain.clear()),
    ("CONTACTS_SAME", "complain", |g| {
        g.complain.pop();
    }),
    ("BASIS_NO_ARTICLE", "legalBases[0].article", |g| g.legal_bases[0].article = None),
];

#[test]
fn each_check_finds_what_breaks_it_at_its_field_and_nothing_else() {
    assert_eq!(sound().check(), []);
    for (code, path, spoil) in BREAKS {
        let mut guide = sound();
        spoil(&mut guide);
        let found: Vec<_> = guide.check().into_iter().map(|f| (f.code, f.path, f.severity)).collect();
        let check = GUIDE_CHECKS.iter().find(|check| check.code == *code).unwrap();
        assert_eq!(found, [((*code).to_owned(), (*path).to_owned(), check.severity)], "{code} {path}");
    }
    // Those that look at other entries are shown beside them.
    let beside = beside_tests::CHECKS;
    for check in GUIDE_CHECKS.iter().filter(|check| !beside.contains(&check.code)) {
        assert!(BREAKS.iter().any(|(code, ..)| *code == check.code), "{} is not shown by any guide", check.code);
    }
}

#[test]
fn every_check_is_on_the_page_and_says_what_holds() {
    let page = include_str!("../../../../docs/checks.md");
    for check in GUIDE_CHECKS.iter().chain(ITEM_CHECKS).chain(CONTENT_CHECKS).chain(catalogue::CATALOGUE_CHECKS) {
        assert!(page.contains(&format!("`{}`", check.code)), "{}", check.code);
        assert!(!check.zh.is_empty() && !check.en.is_empty(), "{}", check.code);
    }
}

#[test]
fn what_cannot_be_compared_is_not_found_fault_with() {
    let mixed = Guide {
        steps: vec![step(Some(TimeLimit::working_days(5))), step(Some(TimeLimit { amount: 3, unit: TimeUnit::CalendarDay }))],
        ..sound()
    };
    assert_eq!(mixed.check(), []);
    let online = Guide { visits: Some(0), visit_reason: None, online: Some(OnlineService::default()), ..sound() };
    assert_eq!(online.check(), []);
    let mailed = Guide { visits: Some(0), handling_forms: vec![HandlingForm::Mail], ..sound() };
    assert_eq!(mailed.check(), []);
    let silent = Guide { visits: None, promised_limit: None, case_kind: None, audience: Vec::new(), ..sound() };
    assert_eq!(silent.check(), []);
}

#[test]
fn an_address_that_is_shown_is_one_of_the_web() {
    type Set = (&'static str, fn(&mut Guide, &str));
    let online: [Set; 3] = [
        ("online.url", |g, text| g.online.get_or_insert_default().url = Some(text.into())),
        ("online.mobileUrl", |g, text| g.online.get_or_insert_default().mobile_url = Some(text.into())),
        ("online.appointmentUrl", |g, text| g.online.get_or_insert_default().appointment_url = Some(text.into())),
    ];
    let contacts: [Set; 2] = [
        ("consult[1].value", |g, text| g.consult.push(Contact { kind: ContactKind::Web, value: text.into(), note: None })),
        ("complain[2].value", |g, text| g.complain.push(Contact { kind: ContactKind::Web, value: text.into(), note: None })),
    ];
    // Which may be the number of a file as well.
    let files: [Set; 3] = [
        ("materials[0].blankForm", |g, text| g.materials[0].blank_form = Some(text.into())),
        ("materials[0].sample", |g, text| g.materials[0].sample = Some(text.into())),
        ("results[0].sample", |g, text| g.results[0].sample = Some(text.into())),
    ];
    let found = |set: fn(&mut Guide, &str), text: &str| {
        let mut guide = sound();
        set(&mut guide, text);
        guide.check().into_iter().map(|f| format!("{} {} {:?}", f.code, f.path, f.severity)).collect::<Vec<_>>()
    };
    let runs =
        ["javascript:alert(1)", "\tJavaScript :alert(1)", "data:text/html,<script>", "vbscript:x", "file:///etc/passwd", "http:alert(1)"];
    let words = ["www.gov.example", "关注“某某通”公众号", "https://a.example 或 https://b.example", "https://"];
    for (path, set) in online.into_iter().chain(contacts).chain(files) {
        for text in ["https://zwfw.example.gov/办事?id=1&a=b#c", "HTTP://10.0.0.1:8080/"] {
            assert_eq!(found(set, text), [""; 0], "{path} {text}");
        }
        for text in runs {
            assert_eq!(found(set, text), [format!("ADDRESS_NOT_WEB {path} Error")], "{text}");
        }
    }
    for (path, set) in online.into_iter().chain(contacts) {
        for text in words {
            assert_eq!(found(set, text), [format!("ADDRESS_NOT_WEB {path} Error")], "{text}");
        }
    }
    for (path, set) in files {
        assert_eq!(found(set, "5f1c77aa-0b1e-4c11"), [""; 0], "{path}");
    }
    let web = |value: &str| Contact { kind: ContactKind::Web, value: value.into(), note: None };
    let agency = |value: &str| Agency { contacts: vec![web(value)], name: "某局".into(), ..Agency::default() }.check();
    assert_eq!(agency("https://a.example"), []);
    assert_eq!(agency("javascript:1")[0].path, "contacts[0].value");
    assert_eq!([web("javascript:1").shown_kind(), web("https://a.example").shown_kind()], [ContactKind::Other, ContactKind::Web]);
}
