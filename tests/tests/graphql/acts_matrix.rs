//! Who may what beside changes of one entry: reforms, reports of what is not right, self-checks and rules of deadlines; every role and every
//! other office, for each agency and for the city. The words are written here and not asked of the program.

use std::{collections::BTreeSet, sync::Arc};

use api::auth::Caller;
use domain::acting::Role;
use serde_json::{Value, json};

use super::{
    callers::{Bureau, one, word},
    deadlines_support::give,
    matrix::{VERBS, everybody},
    reform,
    walk::Walk,
};

/// Verbs that a table is made of elsewhere: of one entry, of a set, of what follows from an abolished proof.
const ELSEWHERE: [&str; 5] = ["reviewChangeSet", "approveChangeSet", "returnChangeSet", "withdrawChangeSet", "proposeWithoutMaterial"];

/// Verbs of the tables here.
const ACTS: [&str; 5] = ["reform", "reportInaccuracy", "dismissInaccuracy", "selfCheck", "layDownRule"];

type Who = Option<Arc<Caller>>;

/// A code of an entry of a register that is not the one that [`Bureau::carry`] needs beside a guide.
const CODE: &str = "A1-X1";

/// Holds one verb to its table: what is there, what somebody asks of it, and in which words each of them is answered. A register is made anew
/// for each cell, and something was written if it was applied and only then.
async fn hold<const N: usize>(
    verb: &str,
    make: impl AsyncFn() -> Vec<(Bureau, Value)>,
    ask: impl AsyncFn(&Bureau, &Who, &Value) -> Value,
    expected: impl Fn(&str) -> [&'static str; N],
) {
    for (name, who) in everybody() {
        let mut words = Vec::new();
        for (bureau, about) in make().await {
            let head = bureau.journal.head().await.unwrap();
            let told = word(&ask(&bureau, &who, &about).await);
            assert_eq!(told == "APPLIED", bureau.journal.head().await.unwrap() != head, "{verb} {name} {about}: {told}");
            words.push(told);
        }
        let expected = match name.as_str() {
            "nobody" => ["UNAUTHENTICATED"; N],
            name => expected(name),
        };
        assert_eq!(words, expected, "{verb}: {name}");
    }
}

#[tokio::test]
async fn who_may_report_what_is_not_right() {
    for register in ["ITEM", "MATERIAL"] {
        let make = async || {
            let mut made = Vec::new();
            // Under the code is nothing, a draft, a published entry, and one with a draft.
            for steps in [&[][..], &[1], &[4], &[4, 2]] {
                let bureau = Bureau::new();
                for (name, steps) in ["甲", "乙"].iter().zip(steps) {
                    bureau.carry(register, CODE, name, *steps).await;
                }
                made.push((bureau, json!({ "register": register, "code": CODE, "words": "名称写错了" })));
            }
            made
        };
        let ask = async |bureau: &Bureau, who: &Who, report: &Value| give(bureau, who.as_ref(), "reportInaccuracy", report.clone()).await;
        hold("reportInaccuracy", make, ask, |name| match name.split(' ').next().unwrap() {
            "Auditor" | "Administrator" => ["FORBIDDEN"; 4],
            // Whoever uses what is public finds what is wrong, wherever they sit; of drafts they learn nothing.
            _ => ["NOT_FOUND", "NOT_FOUND", "APPLIED", "APPLIED"],
        })
        .await;
    }
}

/// A register with a published entry that was reported, and whether the report was dismissed.
async fn reported(register: &str, dismissed: bool) -> (Bureau, Value) {
    let bureau = Bureau::new();
    bureau.carry(register, CODE, "甲", 4).await;
    let reporter = one("p-reports", Role::Drafter, register);
    let report = json!({ "register": register, "code": CODE, "words": "名称写错了" });
    let report = give(&bureau, Some(&reporter), "reportInaccuracy", report).await["report"].take();
    if dismissed {
        let dismiss = json!({ "report": report, "reason": "名称无误" });
        let by = one("p-dismisses", Role::Reviewer, register);
        assert_eq!(word(&give(&bureau, Some(&by), "dismissInaccuracy", dismiss).await), "APPLIED");
    }
    (bureau, json!({ "report": report, "reason": "已核实" }))
}

#[tokio::test]
async fn who_may_dismiss_a_report() {
    const DOES: [&str; 3] = ["REPORT_NOT_FOUND", "APPLIED", "ALREADY_DISMISSED"];
    for register in ["ITEM", "MATERIAL"] {
        let make = async || {
            let none = json!({ "report": "R0", "reason": "已核实" });
            vec![(Bureau::new(), none), reported(register, false).await, reported(register, true).await]
        };
        let ask = async |bureau: &Bureau, who: &Who, input: &Value| give(bureau, who.as_ref(), "dismissInaccuracy", input.clone()).await;
        hold("dismissInaccuracy", make, ask, |name| match (name, register) {
            ("Reviewer A1" | "Approver A1", "ITEM") | ("Approver city", "MATERIAL") | ("Reviewer city", _) => DOES,
            // They see the report, and others answer for the entry.
            ("Approver city", _) => ["REPORT_NOT_FOUND", "OUTSIDE_AGENCY", "OUTSIDE_AGENCY"],
            // The same whatever there is.
            (name, _) if name.starts_with("Reviewer") || name.starts_with("Approver") => ["REPORT_NOT_FOUND"; 3],
            _ => ["FORBIDDEN"; 3],
        })
        .await;
    }
}

#[tokio::test]
async fn who_may_record_a_self_check() {
    let november = async |agency: Option<&str>, checked: bool| {
        let mut bureau = Bureau::new();
        bureau.carry("AGENCY", "A1", "某局", 4).await;
        bureau.now = "2026-11-20T02:00:00Z".parse().unwrap();
        let input = |findings: &str| json!({ "agency": agency, "year": 2026, "findings": findings });
        if checked {
            let by = one("p-checks", Role::Reviewer, "ITEM");
            assert_eq!(word(&give(&bureau, Some(&by), "selfCheck", input("逐条核对")).await), "APPLIED");
        }
        (bureau, input("无"))
    };
    // A1 that is there, A1 that is checked, an agency that is drafted only, one that is not there, and what the city answers for.
    let make = async || {
        let (drafted, input) = november(Some("B1"), false).await;
        drafted.carry("AGENCY", "B1", "另局", 1).await;
        vec![
            november(Some("A1"), false).await,
            november(Some("A1"), true).await,
            (drafted, input),
            november(Some("B1"), false).await,
            november(None, false).await,
        ]
    };
    let ask = async |bureau: &Bureau, who: &Who, input: &Value| give(bureau, who.as_ref(), "selfCheck", input.clone()).await;
    hold("selfCheck", make, ask, |name| {
        const NONE: &str = "AGENCY_NOT_FOUND";
        const OUTSIDE: &str = "OUTSIDE_AGENCY";
        match name {
            "Reviewer city" => ["APPLIED", "ALREADY_CHECKED", NONE, NONE, "APPLIED"],
            "Reviewer A1" | "Approver A1" => ["APPLIED", "ALREADY_CHECKED", NONE, NONE, OUTSIDE],
            "Approver city" => [OUTSIDE, OUTSIDE, NONE, NONE, "APPLIED"],
            "Reviewer B1" | "Approver B1" => [OUTSIDE, OUTSIDE, NONE, NONE, OUTSIDE],
            _ => ["FORBIDDEN"; 5],
        }
    })
    .await;
}

#[tokio::test]
async fn who_may_lay_down_a_rule() {
    let rules = ["ART-7", "ART-99", "ART-8-3"];
    let make = async || {
        let input = |code: &&str| json!({ "code": code, "workingDays": 3, "documentNumber": "某政发〔2026〕7号" });
        rules.iter().map(|code| (Bureau::new(), input(code))).collect()
    };
    let ask = async |bureau: &Bureau, who: &Who, input: &Value| give(bureau, who.as_ref(), "layDownRule", input.clone()).await;
    hold("layDownRule", make, ask, |name| match name {
        "Administrator city" | "Approver city" => ["APPLIED", "RULE_NOT_FOUND", "RULE_ENDS_WITH_A_DAY"],
        _ => ["FORBIDDEN"; 3],
    })
    .await;
}

#[tokio::test]
async fn who_may_carry_out_a_reform() {
    let plans = [reform::merger(), json!([{ "from": "OLD9", "to": "NEW" }])];
    let make = async || {
        let mut made = Vec::new();
        for plan in &plans {
            made.push((Bureau::over(reform::city().await.journal), plan.clone()));
        }
        made
    };
    let ask = async |bureau: &Bureau, who: &Who, plan: &Value| {
        let payload = reform::reform(bureau, who.as_ref(), &reform::input(bureau, plan.clone())).await;
        match payload["defects"][0]["code"].as_str() {
            Some(code) => json!({ "status": code }),
            None => payload,
        }
    };
    hold("reform", make, ask, |name| match name {
        "Approver city" => ["APPLIED", "AGENCY_UNKNOWN"],
        _ => ["FORBIDDEN"; 2],
    })
    .await;
}

/// Whoever holds several offices acts in the one that reaches.
#[tokio::test]
async fn an_office_elsewhere_takes_nothing_away_from_one_that_is_held_here() {
    use super::callers::{caller, grant};
    let both = |role| caller("account-both", "p-both", vec![grant(Role::Reviewer, Some("B1")), grant(role, Some("A1")), grant(role, None)]);
    for (role, told) in [(Role::Approver, "APPLIED"), (Role::Reviewer, "APPLIED"), (Role::Drafter, "OUTSIDE_AGENCY")] {
        let (bureau, input) = reported("ITEM", false).await;
        assert_eq!(word(&give(&bureau, Some(&both(role)), "dismissInaccuracy", input).await), told, "{role:?}");
    }
}

#[tokio::test]
async fn every_verb_of_the_schema_has_its_table() {
    let walk = Walk::of(&Bureau::new().answer(None, Walk::question(), json!({})).await);
    let verbs: BTreeSet<_> = walk.fields("Mutation").into_iter().collect();
    let tables: BTreeSet<_> = VERBS.into_iter().chain(ELSEWHERE).chain(ACTS).map(str::to_owned).collect();
    assert_eq!(verbs, tables);
}
