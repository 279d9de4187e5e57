use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::{Event, Refusal, RefusalKind, SelfCheck, SelfChecked, State};
use crate::{
    acting::NotAnswering,
    calendar::china,
    decider::Circumstances,
    value::{names_somebody, text},
};

/// The month in which agencies check themselves (Art. 8(3)).
const MONTH: u32 = 11;

/// The year of the rulebook: of years before it nothing was to be checked.
const FIRST_YEAR: i32 = 2019;

/// Longest findings, in characters.
const MAX_FINDINGS: usize = 4_000;

pub(super) fn self_check(state: &State, command: SelfCheck, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
    let by = match circumstances.capacity.answering(command.agency.as_ref()) {
        Ok(by) => by,
        Err(NotAnswering::Role) => {
            return Err(Refusal::new(
                RefusalKind::RoleRequired,
                None,
                "须由政务公开工作机构审查人或审签人办理",
                "it takes a reviewer of the openness office or an approver",
            ));
        }
        Err(NotAnswering::Agency) => {
            return Err(Refusal::new(
                RefusalKind::OutsideAgency,
                Some("agency"),
                "各单位自查本单位的信息；须由该单位的人员办理",
                "an agency checks what is its own: one of its people has to act",
            ));
        }
    };
    let SelfCheck { agency, year, entries, findings } = command;
    let length = findings.chars().count();
    if findings.trim().is_empty() || length > MAX_FINDINGS || text::unprintable(&findings).is_some() {
        return Err(Refusal::new(
            RefusalKind::Incomplete,
            Some("findings"),
            format!("自查结果应为1至{MAX_FINDINGS}字、不含控制字符、看不见的字符和文字方向控制符的文字；请补充、缩短或改正"),
            format!(
                "the findings are to have 1 to {MAX_FINDINGS} characters and no control characters or signs that turn text: fill, shorten or mend them"
            ),
        ));
    }
    if names_somebody(&findings) {
        return Err(Refusal::new(
            RefusalKind::PersonalData,
            Some("findings"),
            "自查结果中似有手机号、身份证号或电子邮箱；请只写查到的问题，不写个人信息",
            "the findings seem to hold a mobile number, an identity number or an address of mail: say what was found, and nothing of persons",
        ));
    }
    if let Some(before) = state.checked.get(&year) {
        if before.findings == findings && before.agency == agency {
            return Ok(Vec::new());
        }
        return Err(Refusal::new(
            RefusalKind::AlreadyChecked,
            Some("year"),
            format!("{year}年的自查已经记录；发现的问题请以修订或更正处理"),
            format!("the self-check of {year} is recorded already: mend what is found by revisions and corrections"),
        ));
    }
    let begins = NaiveDate::from_ymd_opt(year, MONTH, 1).filter(|day| day.year() >= FIRST_YEAR);
    if begins.is_none_or(|day| circumstances.now < china::first_moment(day)) {
        return Err(Refusal::new(
            RefusalKind::NotItsTime,
            Some("year"),
            format!("{year}年的自查在当年11月进行，此前不能记录；请核对年份"),
            format!("the self-check of {year} is made in its November, and not recorded before: check the year"),
        ));
    }
    Ok(vec![Event::Checked(Arc::new(SelfChecked { agency, year, entries, findings, by: by.clone() }))])
}
