//! Agencies that a plan names on a day on which they are not there yet, or under a name that is borne already.

use domain::{
    entry::{Adopt, Source},
    register::Register,
    value::{AssignedCode, text},
};
use serde_json::json;

use super::{
    callers::Bureau,
    desk::{Pen, agency},
    reform::{city, input, merger, of_city, reform, wrong},
    support::day,
};

/// The code that a register assigns to an agency that has none.
fn assigned(name: &str) -> String {
    AssignedCode::new(Register::Agency, &["agency", &text::fold(name)], 0).as_str().to_owned()
}

async fn told(pen: Pen, moves: serde_json::Value) -> (Option<u64>, String, String) {
    let bureau = Bureau::over(pen.journal);
    let head = bureau.journal.head().await.unwrap();
    let payload = reform(&bureau, Some(&of_city()), &input(&bureau, moves)).await;
    assert_eq!(bureau.journal.head().await.unwrap(), head, "nothing was changed");
    let [(row, code)] = wrong(&payload)[..] else { panic!("{payload:#}") };
    (row, code.to_owned(), payload["defects"][0]["messageEn"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn an_agency_that_begins_after_the_day_is_not_there_by_name_either() {
    for words in ["LATER", "将设局"] {
        for moves in [json!([{ "from": "OLD1", "to": words }]), json!([{ "from": words, "to": "NEW" }])] {
            let mut pen = city().await;
            let source = Source { file: "list".into(), ..Source::default() };
            pen.import("LATER", Adopt { content: agency("将设局"), source, effective_from: Some(day(35)) }).await;
            let (row, code, _) = told(pen, moves.clone()).await;
            assert_eq!((row, code.as_str()), (Some(1), "AGENCY_NOT_YET"), "{moves}");
        }
    }
}

#[tokio::test]
async fn a_plan_that_founds_an_agency_that_is_there_is_told_its_code_and_not_that_it_ceased() {
    let mut pen = city().await;
    let code = assigned("统计局");
    pen.adopt(&code, agency("统计局")).await;
    let (row, kind, en) = told(pen, json!([{ "from": "OLD1", "name": "统计局" }])).await;
    assert_eq!((row, kind.as_str()), (Some(1), "NAME_TAKEN"), "{en}");
    assert!(en.contains(&code), "it says by which code to name it: {en}");

    // Its code followed from a name that it does not bear any more.
    let mut pen = city().await;
    pen.adopt(&code, agency("数据和统计局")).await;
    let (row, kind, en) = told(pen, json!([{ "from": "OLD1", "name": "统计局" }])).await;
    assert_eq!((row, kind.as_str()), (Some(1), "CODE_USED"), "{en}");
    assert!(en.contains("数据和统计局"), "{en}");
}

#[tokio::test]
async fn a_day_that_nobody_meant_is_told_once_for_the_whole_reform() {
    let bureau = Bureau::over(city().await.journal);
    let mut asked = input(&bureau, merger());
    asked["effectiveFrom"] = json!("2099-01-01T00:00:00Z");
    let payload = reform(&bureau, Some(&of_city()), &asked).await;
    assert_eq!(wrong(&payload), [(None, "EFFECTIVE_TOO_LATE")], "{payload:#}");
    assert_eq!(payload["defects"][0]["field"], "input.effectiveFrom");
}
