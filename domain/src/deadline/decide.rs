use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};

use super::{Event, LayDown, Limit, Refusal, RefusalKind, Rule, Ruled, Rules, State, Trigger};
use crate::{
    calendar::Span,
    decider::Circumstances,
    value::{names_somebody, personal_words, text},
};

/// Longest name of a rule or number of a document, in characters.
const MAX_CHARS: usize = 300;

/// A year with a 29 February, so that every day that there is in any year is one.
const LEAP: i32 = 2024;

pub(super) fn lay_down(state: &State, command: LayDown, circumstances: &Circumstances) -> Result<Vec<Event>, Refusal> {
    let LayDown { code, rule, effective_from, document } = command;
    words("documentNumber", &document)?;
    if names_somebody(&document) {
        let (zh, en) = personal_words("文号", "documentNumber");
        return Err(Refusal::new(RefusalKind::PersonalData, Some("documentNumber"), zh, en));
    }
    if let Some(rule) = &rule {
        if rule.code != code {
            return Err(Refusal::new(
                RefusalKind::OtherCode,
                Some("rule.code"),
                format!("规则的编码是{}，不是{code}；请改成一致", rule.code),
                format!("the rule has the code {}, not {code}: make them the same", rule.code),
            ));
        }
        whole(rule)?;
    }
    let from = effective_from.unwrap_or(circumstances.now);
    let rules = Rules::new(state.ruled.iter().map(|ruled| (DateTime::<Utc>::MIN_UTC, ruled.clone())));
    let in_force = rules.in_force(&code, from);
    if in_force == rule.as_ref() {
        let never = rule.is_none() && !rules.knows(&code);
        return if never { Err(not_found(&code)) } else { Ok(Vec::new()) };
    }
    if from < circumstances.now {
        return Err(Refusal::new(
            RefusalKind::EffectiveInPast,
            Some("effectiveFrom"),
            "规则不能追溯既往，当时应办的仍按当时的规则；请改用今后的时间",
            "a rule holds from now on, what was due is judged by the rule then: take a moment to come",
        ));
    }
    Ok(vec![Event::Ruled(Arc::new(Ruled { code, rule, effective_from: from, document }))])
}

fn not_found(code: &crate::envelope::Code) -> Refusal {
    let (zh, en) = (format!("没有编码为{code}的规则；请核对"), format!("there is no rule {code}: check its code"));
    Refusal::new(RefusalKind::NotFound, Some("code"), zh, en)
}

fn words(field: &'static str, text: &str) -> Result<(), Refusal> {
    if !text.trim().is_empty()
        && text.chars().count() <= MAX_CHARS
        && !text.chars().any(char::is_control)
        && text::unprintable(text).is_none()
    {
        return Ok(());
    }
    let (zh, en) = (
        format!("{field}应为1至{MAX_CHARS}字、不含控制字符、看不见的字符和文字方向控制符的文字；请补充、缩短或改正"),
        format!(
            "{field} is to have 1 to {MAX_CHARS} characters and no control characters or signs that turn text: fill, shorten or mend it"
        ),
    );
    Err(Refusal::new(RefusalKind::Incomplete, Some(field), zh, en))
}

fn whole(rule: &Rule) -> Result<(), Refusal> {
    words("rule.article", &rule.article)?;
    words("rule.name", &rule.name)?;
    words("rule.nameEn", &rule.name_en)?;
    let incomplete = |field, zh: &str, en: &str| Err(Refusal::new(RefusalKind::Incomplete, Some(field), zh, en));
    if rule.acts.is_empty() || rule.acts.iter().collect::<BTreeSet<_>>().len() < rule.acts.len() {
        return incomplete("rule.acts", "应写明至少一项、且各不相同的办理行为", "it is to name at least one act, and each once");
    }
    if let Trigger::Yearly { month } = rule.trigger
        && !(1..=12).contains(&month)
    {
        return incomplete("rule.trigger", "月份应为1至12", "a month is 1 to 12");
    }
    if let Limit::DayOfYear { month, day } = rule.limit
        && NaiveDate::from_ymd_opt(LEAP, month, day).is_none()
    {
        return incomplete("rule.limit", "没有这个月日；请核对", "there is no such day of the year: check it");
    }
    let shorter = match (rule.aim, rule.limit) {
        (None, _) => true,
        (Some(Span::WorkingDays(aim)), Limit::Within(Span::WorkingDays(limit)))
        | (Some(Span::CalendarDays(aim)), Limit::Within(Span::CalendarDays(limit)))
        | (Some(Span::Hours(aim)), Limit::Within(Span::Hours(limit))) => aim < limit,
        (Some(_), _) => false,
    };
    if shorter {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::AimNotShorter,
        Some("rule.aim"),
        "力争的时限应短于最迟的时限，并用同一单位",
        "what is to be striven for is to be shorter than the limit, and in the same unit",
    ))
}
