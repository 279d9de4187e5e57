use super::{INSTANT_NOT_SAME_DAY, PROMISE_OVER_STATUTORY, SAME_DAY_NOT_INSTANT, STEP_UNNAMED, STEPS_OVER_PROMISE};
use crate::{
    register::{CaseKind, Guide},
    value::{Finding, TimeLimit, TimeUnit, text},
};

/// Hours of a working day; a promise of more is for another day.
const HOURS_OF_A_DAY: u32 = 8;

pub(super) fn check(guide: &Guide) -> Vec<Finding> {
    let mut findings: Vec<_> = [over_statutory(guide), steps(guide)].into_iter().flatten().collect();
    findings.extend(unnamed_steps(guide));
    findings.extend(case_kind(guide));
    findings
}

fn unnamed_steps(guide: &Guide) -> impl Iterator<Item = Finding> {
    let unnamed = guide.steps.iter().enumerate().filter(|(_, step)| text::is_blank(&step.name));
    unnamed.map(|(i, _)| {
        STEP_UNNAMED.at(
            format!("steps[{i}].name"),
            format!("第{}个环节缺少名称，请补充", i + 1),
            format!("step {} has no name, please add it", i + 1),
        )
    })
}

fn over_statutory(guide: &Guide) -> Option<Finding> {
    let (promised, statutory) = (guide.promised_limit?, guide.statutory_limit?);
    (promised.at_most(statutory) == Some(false)).then(|| {
        PROMISE_OVER_STATUTORY.at(
            "promisedLimit",
            format!("承诺办结时限（{promised}）超过法定办结时限（{statutory}）"),
            format!("the promised limit ({promised}) is longer than the statutory one ({statutory})"),
        )
    })
}

/// Steps of one unit add up, and may be too long alone; of several units at least the days are known that they take whatever the calendar.
fn steps(guide: &Guide) -> Option<Finding> {
    let promised = guide.promised_limit?;
    let timed: Vec<TimeLimit> = guide.steps.iter().filter_map(|step| step.limit).filter(|limit| limit.amount > 0).collect();
    let sum_of = |unit| {
        let of_unit = timed.iter().filter(|limit| limit.unit == unit);
        TimeLimit { amount: of_unit.fold(0_u32, |sum, limit| sum.saturating_add(limit.amount)), unit }
    };
    let together = std::iter::once(TimeLimit::least_together(&timed)).filter(|_| timed.iter().any(|limit| limit.unit != timed[0].unit));
    let over = timed.iter().map(|limit| sum_of(limit.unit)).chain(together).find(|sum| sum.at_most(promised) == Some(false));
    over.map(|sum| {
        STEPS_OVER_PROMISE.at(
            "steps",
            format!("各环节时限合计{sum}，超过承诺办结时限（{promised}）；请核对各环节或承诺时限"),
            format!("the steps take {sum} together, the promise is {promised}: check the steps or the promise"),
        )
    })
}

fn case_kind(guide: &Guide) -> Option<Finding> {
    let kind = guide.case_kind?;
    let Some(promised) = guide.promised_limit else {
        return (kind == CaseKind::Instant).then(|| {
            INSTANT_NOT_SAME_DAY.at(
                "promisedLimit",
                "即办件没有承诺办结时限，应为当场或当日；请补充承诺时限或改为承诺件",
                "an instant case has no promised limit: promise the same day, or call it a promised case",
            )
        });
    };
    let same_day = match promised.unit {
        TimeUnit::Immediate => true,
        TimeUnit::Hour => promised.amount <= HOURS_OF_A_DAY,
        TimeUnit::WorkingDay | TimeUnit::CalendarDay => false,
    };
    match (kind, same_day) {
        (CaseKind::Instant, false) => Some(INSTANT_NOT_SAME_DAY.at(
            "promisedLimit",
            format!("即办件承诺{promised}办结，应为当场或当日；请改承诺时限或改为承诺件"),
            format!("an instant case is promised in {promised}: promise the same day, or call it a promised case"),
        )),
        (CaseKind::Promised, true) => Some(SAME_DAY_NOT_INSTANT.at(
            "caseKind",
            format!("承诺{promised}办结，办件类型却是承诺件；请改为即办件或改承诺时限"),
            format!("it is promised in {promised} and called a promised case: call it instant, or change the promise"),
        )),
        (CaseKind::Instant, true) | (CaseKind::Promised, false) => None,
    }
}
