//! Laws: however the index came to be it says the same, and what it said at a moment it says of that moment for ever.

use domain::{
    acting::{Capacity, Role},
    calendar::{Announce, Extent, WorkingCalendar},
    deadline::{DeadlineRules, LayDown},
    entry::{Correct, Resume, Return, Step, Suspend, Withdraw},
    inaccuracy::{Inaccuracy, Report, said},
    receipt::{Receipts, Record, Showing, Witness},
    register::Item,
    selfcheck::{SelfCheck, SelfChecks},
    value::{Channel, OpennessAttribute},
};
use projections::{DeadlineCase, DeadlineQuery, Deadlines};
use proptest::prelude::*;

use super::{
    common::{Told, code, day, item, person},
    support::{City, anew, in_office, notice, reviewer, rule_of, withheld},
};

/// Something that happens to one of three items, or beside them.
async fn happen(told: &mut Told, n: i64, at: &str, what: u8) {
    let now = day(n * 7 + 200);
    let content = if what % 5 == 4 { withheld("密", "A1", OpennessAttribute::OnRequest) } else { item(&format!("第{n}稿")) };
    match what {
        0..5 => told.adopt(at, now, content, None).await,
        5..10 => told.draft(at, now, content).await,
        10 | 11 => told.carry::<Item>(at, now, Step::Submitted, None).await,
        12..15 => told.carry::<Item>(at, now, Step::Draft, (what == 14).then(|| day(n * 7 + 210))).await,
        15 => {
            let back = Return { reason: "缺依据".into() };
            told.by::<Item>(person("p-reviewer", Role::Reviewer, &item("")), at, now, back).await;
        }
        16 => told.by::<Item>(person("p-drafter", Role::Drafter, &item("")), at, now, Withdraw { reason: "不需要".into() }).await,
        17 => {
            let correct = Correct { content, reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() };
            told.as_approver(at, now, correct).await;
        }
        18 => told.repeal::<Item>(at, now, None).await,
        19..22 => {
            let Some(latest) = told.state::<Item>(at).await.latest else { return };
            let path = (what == 19).then(|| "name".to_owned());
            let said = said(latest.content.as_ref(), path.as_deref()).unwrap();
            let entry = domain::envelope::EntryName::new(domain::register::Register::Item, code(at));
            let report = Report { entry, revision: latest.revision, path, said, words: "不对".into() };
            told.on::<Inaccuracy>(&format!("R{at}-{}", n % 4), now, in_office(), report).await;
        }
        22 => {
            let dismiss = domain::inaccuracy::Dismiss { reason: "无误".into(), agency: Some(code("A1")) };
            told.on::<Inaccuracy>(&format!("R{at}-{}", n % 4), now, reviewer(Some("A1")), dismiss).await;
        }
        23 => {
            let check = SelfCheck { agency: Some(code("A1")), year: 2026, entries: 1, findings: "无变化".into() };
            told.on::<SelfChecks>("A1", now, reviewer(Some("A1")), check).await;
        }
        24 | 25 => {
            let rule = if what == 24 { "ART-7" } else { "ART-8-2" };
            let days = u16::try_from(n % 5).unwrap() + 1;
            let command = LayDown { code: code(rule), rule: Some(rule_of(rule, days)), effective_from: None, document: "文".into() };
            told.on::<DeadlineRules>("cn", now, Capacity::Import, command).await;
        }
        26..30 => {
            let Some(latest) = told.state::<Item>(at).await.latest else { return };
            let showing = Showing {
                entry: domain::envelope::EntryName::new(domain::register::Register::Item, code(at)),
                revision: latest.revision,
                content_hash: latest.content_hash,
                published_at: now,
                served_at: now - chrono::Duration::days(n % 3),
                witness: Witness::Commit,
                sight: None,
            };
            let calendar = std::sync::Arc::new(domain::calendar::Calendar::shipped().known_at(now));
            let rules = std::sync::Arc::new(domain::deadline::Rules::of_rulebook());
            let channel = if what.is_multiple_of(2) { Channel::Online } else { Channel::Counter };
            let record = Record { channel, showings: vec![showing], calendar, rules };
            told.on::<Receipts>(channel.word(), now, Capacity::Import, record).await;
        }
        30 => told.as_approver::<Item>(at, now, Suspend { reason: "系统升级".into(), until: (n % 2 == 0).then(|| day(n * 7 + 220)) }).await,
        31 => told.as_approver::<Item>(at, now, Resume).await,
        _ => {
            let changed = notice(2026, Extent::Changes, &[("2026-09-15", true)], &format!("https://www.gov.cn/{n}"));
            told.on::<WorkingCalendar>("cn", now, Capacity::Import, Announce { notices: vec![changed] }).await;
        }
    }
}

async fn all(deadlines: &Deadlines, n: i64, known: Option<i64>) -> Vec<DeadlineCase> {
    let moment = |n: i64| day(n * 7 + 200);
    let query = DeadlineQuery::default();
    let asked = deadlines.page(&query, |_| true, (moment(n), known.map(moment)), (None, usize::MAX));
    asked.await.unwrap().cases
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// One that followed event by event, one that looked now and then, and one that reads all at once say the same; and what was said at
    /// each moment is said of it afterwards.
    #[test]
    fn what_was_followed_and_what_is_built_anew_are_the_same(steps in prop::collection::vec((0..3_usize, 0..33_u8, any::<bool>()), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let mut city = City::new();
            let at_times = anew(&city);
            let mut said = Vec::new();
            let mut last = 0;
            for (n, (at, what, look)) in (0..).zip(steps) {
                happen(&mut city.told, n, ["I1", "I2", "I3"][at], what).await;
                last = n;
                let now = all(&city.deadlines, n, None).await;
                if look {
                    prop_assert_eq!(&all(&at_times, n, None).await, &now);
                }
                said.push(now);
            }
            let built = anew(&city);
            prop_assert_eq!(&all(&built, last, None).await, &said[said.len() - 1]);
            for (n, said) in (0..).zip(&said).take(said.len() - 1) {
                prop_assert_eq!(&all(&built, last, Some(n)).await, said, "of moment {}", n);
            }
            Ok(())
        })?;
    }

    /// The figures that are counted without judging are those of what is judged.
    #[test]
    fn figures_are_those_of_the_cases(steps in prop::collection::vec((0..3_usize, 0..33_u8), 1..40), later in 0..200_i64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            use domain::deadline::Status::{Due, Overdue, Unknown};
            let mut city = City::new();
            let number = i64::try_from(steps.len()).unwrap();
            for (n, (at, what)) in (0..).zip(steps) {
                happen(&mut city.told, n, ["I1", "I2", "I3"][at], what).await;
            }
            let now = number + later;
            let cases = all(&city.deadlines, now, None).await;
            let figures = city.deadlines.figures(day(now * 7 + 200)).unwrap();
            for (rule, figures) in figures {
                let of_rule = &rule;
                let cases = &cases;
                let of = |status| cases.iter().filter(move |case| case.rule.code == *of_rule && case.judgement.status == status);
                prop_assert_eq!((figures.due, figures.overdue), (of(Due).count(), of(Overdue).count()), "{}", &rule);
                // Its alert asks for a notice on holidays: what is not proven for another reason is not among it.
                prop_assert_eq!(figures.unknown, of(Unknown).filter(|case| case.judgement.due.is_err()).count(), "{}", &rule);
                let nearest = of(Due).filter_map(|case| case.judgement.due.ok()).map(|due| due.at).min();
                prop_assert_eq!(figures.nearest, nearest, "{}", &rule);
            }
            Ok(())
        })?;
    }
}
