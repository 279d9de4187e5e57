//! Addresses that citizens are shown are of the web: nothing else is submitted, and what a list says otherwise is no link.

use domain::{
    acting::Role,
    register::{Agency, Guide, MaterialRequirement, OnlineService},
    value::{Contact, ContactKind},
};
use serde_json::{Value, json};

use super::{
    callers::{Bureau, one, word},
    desk::{Pen, agency, guide, item},
};

const RUNS: &str = "javascript:alert(document.cookie)";

fn web(value: &str) -> Contact {
    Contact { kind: ContactKind::Web, value: value.into(), note: None }
}

/// A guide of which every address is this.
fn addressed(address: &str) -> Guide {
    let online = OnlineService {
        url: Some(address.into()),
        mobile_url: Some(address.into()),
        appointment_url: Some(address.into()),
        ..OnlineService::default()
    };
    let asked = MaterialRequirement {
        name: "申请表".into(),
        blank_form: Some(address.into()),
        sample: Some(address.into()),
        ..MaterialRequirement::default()
    };
    let mut guide = Guide { online: Some(online), materials: vec![asked], ..guide("指南", "I1") };
    guide.consult.push(web(address));
    guide.results[0].sample = Some(address.into());
    guide
}

async fn kept() -> Pen {
    let mut pen = Pen::new();
    pen.adopt("A1", Agency { contacts: vec![web(RUNS)], ..agency("某市某局") }).await;
    pen.adopt("I1", item("事项")).await;
    pen
}

const SHOWN: &str = "{ registry { agency(code: \"A1\") { contacts { kind value } }
    guide(code: \"G1\") { online { url mobileUrl appointmentUrl } consult { kind value } results { sample } materials { blankForm sample } } }
    entry(register: GUIDE, code: \"G1\") { findings { code severity path } } }";

#[tokio::test]
async fn what_a_list_gives_as_an_address_and_runs_is_kept_told_and_no_link() {
    let mut pen = kept().await;
    pen.adopt("G1", addressed(RUNS)).await;
    let bureau = Bureau::over(pen.journal.clone());
    let told = bureau.answer(None, SHOWN, json!({})).await["data"].take();
    let guide = &told["registry"]["guide"];
    assert_eq!(guide["online"], json!({ "url": null, "mobileUrl": null, "appointmentUrl": null }));
    assert_eq!((&guide["results"], &guide["materials"]), (&json!([{ "sample": null }]), &json!([{ "blankForm": null, "sample": null }])));
    // A contact is told in words.
    assert_eq!(guide["consult"][1], json!({ "kind": "OTHER", "value": RUNS }));
    assert_eq!(told["registry"]["agency"]["contacts"], json!([{ "kind": "OTHER", "value": RUNS }]));
    let found: Vec<_> = told["entry"]["findings"].as_array().unwrap().iter().filter(|found| found["code"] == "ADDRESS_NOT_WEB").collect();
    assert!(found.iter().all(|found| found["severity"] == "ERROR"), "{found:?}");
    let paths: Vec<_> = found.iter().map(|found| found["path"].as_str().unwrap()).collect();
    assert_eq!(
        paths,
        [
            "materials[0].blankForm",
            "materials[0].sample",
            "results[0].sample",
            "consult[1].value",
            "online.url",
            "online.mobileUrl",
            "online.appointmentUrl"
        ]
    );
    let text = serde_json::to_string(
        journal::load::<Guide>(pen.journal.as_ref(), &"G1".parse().unwrap()).await.unwrap().state.latest.unwrap().content.as_ref(),
    );
    assert_eq!(text.unwrap().matches(RUNS).count(), 7, "the text is kept");

    // What is of the web is shown as it is.
    let mut pen = kept().await;
    pen.adopt("G1", addressed("https://zwfw.example.gov/1")).await;
    let told = Bureau::over(pen.journal).answer(None, SHOWN, json!({})).await["data"].take();
    let shown: Vec<&Value> = told["registry"]["guide"]["online"].as_object().unwrap().values().collect();
    assert!(shown.iter().all(|address| **address == "https://zwfw.example.gov/1"), "{shown:?}");
    assert_eq!(told["registry"]["guide"]["consult"][1]["kind"], "WEB");
}

#[tokio::test]
async fn no_draft_is_submitted_with_an_address_that_is_none_of_the_web() {
    for address in [RUNS, "data:text/html,1", "www.example.gov"] {
        let mut pen = kept().await;
        pen.carry("G9", addressed(address), 0).await;
        let bureau = Bureau::over(pen.journal);
        let drafter = one("planted-drafter", Role::Drafter, "GUIDE");
        let told = bureau.give(Some(&drafter), "submit", bureau.input("GUIDE", "G9", &json!(0), json!({}))).await;
        assert_eq!(word(&told), "CHECKS_FAILED", "{told:#}");
        let words = told["refusal"]["messageEn"].as_str().unwrap();
        assert!(words.contains("ADDRESS_NOT_WEB[online.url]") && words.contains("ADDRESS_NOT_WEB[consult[1].value]"), "{words}");
    }
    let mut pen = kept().await;
    pen.carry("G9", addressed("https://zwfw.example.gov/1"), 0).await;
    let bureau = Bureau::over(pen.journal);
    let drafter = one("planted-drafter", Role::Drafter, "GUIDE");
    assert_eq!(word(&bureau.give(Some(&drafter), "submit", bureau.input("GUIDE", "G9", &json!(0), json!({}))).await), "APPLIED");
}
