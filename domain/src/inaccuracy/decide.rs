use std::sync::Arc;

use super::{Dismiss, Dismissed, Event, Refusal, RefusalKind, Report, Reported, Reporter, State};
use crate::{
    acting::{Acting, Capacity, NotAnswering},
    decider::Circumstances,
    value::{names_somebody, text},
};

/// Longest words of a report or a reason, in characters.
const MAX_WORDS: usize = 1_000;

/// Longest path, in characters.
const MAX_PATH: usize = 200;

pub(super) fn report(state: &State, command: Report, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
    let by = match &circumstances.capacity {
        Capacity::Office(person) => Reporter { person: person.clone(), role: None },
        Capacity::Person(Acting { person, role, .. }) => Reporter { person: person.clone(), role: Some(*role) },
        Capacity::OfSet(_) | Capacity::OfReform(_) | Capacity::Import => {
            return Err(Refusal::new(RefusalKind::RoleRequired, None, "须由工作人员报告", "it takes a person in an office"));
        }
    };
    let Report { entry, revision, path, said, words } = command;
    fits("words", &words, MAX_WORDS)?;
    if let Some(path) = &path {
        fits("path", path, MAX_PATH)?;
    }
    names_nobody("words", &words)?;
    names_nobody("path", path.as_deref().unwrap_or_default())?;
    let reported = Reported { register: entry.register, code: entry.code, revision, path, said, words, by };
    match &state.reported {
        None => Ok(vec![Event::Reported(Arc::new(reported))]),
        Some(before) if **before == reported => Ok(Vec::new()),
        Some(_) => Err(Refusal::new(RefusalKind::AlreadyReported, None, "该编号已是另一份报告", "there is another report under this code")),
    }
}

pub(super) fn dismiss(state: &State, command: Dismiss, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
    let by = circumstances.capacity.answering(command.agency.as_ref());
    if by == Err(NotAnswering::Role) {
        return Err(Refusal::new(
            RefusalKind::RoleRequired,
            None,
            "须由政务公开工作机构审查人或审签人办理",
            "it takes a reviewer of the openness office or an approver",
        ));
    }
    if state.reported.is_none() {
        return Err(Refusal::new(
            RefusalKind::NotFound,
            Some("report"),
            "没有这份报告；请核对编号",
            "there is no such report: check its code",
        ));
    }
    let Ok(by) = by else {
        let refused = |zh: String, en: String| Err(Refusal::new(RefusalKind::OutsideAgency, None, zh, en));
        return match &command.agency {
            Some(agency) => {
                refused(format!("须由机构{agency}的人员办理"), format!("agency {agency} answers for it: one of its own has to act"))
            }
            None => refused("须由市级人员办理".into(), "the city answers for it: somebody who acts for the city has to".into()),
        };
    };
    fits("reason", &command.reason, MAX_WORDS)?;
    names_nobody("reason", &command.reason)?;
    match &state.dismissed {
        None => Ok(vec![Event::Dismissed(Arc::new(Dismissed { reason: command.reason, by: by.clone() }))]),
        Some(before) if before.reason == command.reason => Ok(Vec::new()),
        Some(before) => Err(Refusal::new(
            RefusalKind::AlreadyDismissed,
            None,
            format!("已认定无需更正（“{}”）；如仍不准确请重新报告", before.reason),
            format!("it was found unfounded already ({:?}): report anew what is still not right", before.reason),
        )),
    }
}

fn fits(field: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    if !text.trim().is_empty() && text.chars().count() <= most && text::unprintable(text).is_none() {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Incomplete,
        Some(field),
        format!("{field}应为1至{most}字、不含控制字符、看不见的字符和文字方向控制符的文字；请补充、缩短或改正"),
        format!("{field} is to have 1 to {most} characters and no control characters or signs that turn text: fill, shorten or mend it"),
    ))
}

/// What is said here is for ever, and nothing of persons.
fn names_nobody(field: &'static str, text: &str) -> Result<(), Refusal> {
    if !names_somebody(text) {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::PersonalData,
        Some(field),
        "文字中似有手机号、身份证号或电子邮箱；请只写公开信息哪里不准确、为何如此，不写个人信息",
        "the words seem to hold a mobile number, an identity number or an address of mail: say what is or is not right, and nothing of persons",
    ))
}
