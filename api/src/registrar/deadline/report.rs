//! Something public is reported as not right, or the report is found to be unfounded (Art. 7).

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    decider::Decider,
    entry::State,
    envelope::{Code, EntryName},
    inaccuracy::{self, Dismiss, Inaccuracy, field, leads_somewhere, said},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register, has_field, on_channel},
    value::{Channel, Hash},
};
use journal::{Journal, load, load_of};
use uuid::Uuid;

use super::keep::keep;
use crate::{
    auth::Caller,
    registrar::{
        change::{Became, ChangeError, Desk, Refused},
        sight::last_public,
    },
};

/// Most reports that may be open of one entry: whoever answers for it knows by then.
const MOST_OPEN: usize = 20;

/// A report that somebody makes.
#[derive(Debug, Clone)]
pub struct Report {
    /// Id of the command.
    pub id: Uuid,
    /// The entry.
    pub entry: EntryName,
    /// The field, as a path in the content; `None`: the entry as a whole.
    pub path: Option<String>,
    /// What is not right.
    pub words: String,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Its code, which follows from the command.
    pub code: Code,
    /// What became of it.
    pub became: Became,
}

/// What somebody finds unfounded.
#[derive(Debug, Clone)]
pub struct Dismissal {
    /// Id of the command.
    pub id: Uuid,
    /// Code of the report.
    pub report: Code,
    /// Why there is nothing to correct.
    pub reason: String,
}

/// What is public of an entry, as far as a report needs it.
struct Public {
    revision: u32,
    said: Option<Hash>,
}

/// Makes a report in the name of a caller, if they may.
pub async fn report(desk: &Desk, caller: &Caller, ask: Report, now: DateTime<Utc>) -> Result<Reported, ChangeError> {
    let Some(leave) = caller.leave_to_report() else {
        denied(caller, "reportInaccuracy", &ask.entry.code);
        return Err(ChangeError::Forbidden);
    };
    let journal = desk.journal.as_ref();
    let code: Code = format!("R{}", ask.id.simple()).parse().map_err(|_| ChangeError::Forbidden)?;
    let Report { id, entry, path, words } = ask;
    // The same again is held against what was reported, not against what is public by now.
    let before = load_of::<Inaccuracy>(journal, &code).await?.state.reported;
    let refused = |refused| Ok(Reported { code: code.clone(), became: Became::Refused(refused) });
    let (revision, said) = if let Some(before) = before.filter(|before| before.path == path) {
        (before.revision, before.said)
    } else {
        let public = match entry.register {
            Register::Agency => public::<Agency>(journal, &entry.code, path.as_deref(), now).await?,
            Register::Item => public::<Item>(journal, &entry.code, path.as_deref(), now).await?,
            Register::Guide => public::<Guide>(journal, &entry.code, path.as_deref(), now).await?,
            Register::Material => public::<Material>(journal, &entry.code, path.as_deref(), now).await?,
            Register::Openness => public::<CatalogueEntry>(journal, &entry.code, path.as_deref(), now).await?,
        };
        match public {
            None => return refused(not_public()),
            Some(Public { said: None, .. }) => return refused(no_field()),
            Some(Public { revision, said: Some(said) }) => (revision, said),
        }
    };
    if desk.deadlines.open_reports(&entry).await? >= MOST_OPEN {
        return refused(too_many());
    }
    let command = inaccuracy::Report { entry, revision, path, said, words };
    let became = keep::<Inaccuracy>(journal, &code, command.into(), leave.circumstances(now, id)).await?;
    Ok(Reported { code, became })
}

/// Finds a report unfounded in the name of a caller, if they may.
pub async fn dismiss(desk: &Desk, caller: &Caller, ask: Dismissal, now: DateTime<Utc>) -> Result<Became, ChangeError> {
    let Some(elsewhere) = caller.leave_to_answer_anywhere() else {
        denied(caller, "dismissInaccuracy", &ask.report);
        return Err(ChangeError::Forbidden);
    };
    let journal = desk.journal.as_ref();
    let reported = load_of::<Inaccuracy>(journal, &ask.report).await?.state.reported;
    let mut command = Dismiss { reason: ask.reason, agency: None };
    if let Some(reported) = reported {
        let agency = match reported.register {
            Register::Agency => agency::<Agency>(journal, &reported.code, now).await?,
            Register::Item => agency::<Item>(journal, &reported.code, now).await?,
            Register::Guide => agency::<Guide>(journal, &reported.code, now).await?,
            Register::Material => agency::<Material>(journal, &reported.code, now).await?,
            Register::Openness => agency::<CatalogueEntry>(journal, &reported.code, now).await?,
        };
        let given = caller.leave_to_answer(agency.as_ref());
        if given.is_none() {
            denied(caller, "dismissInaccuracy", &ask.report);
        }
        // Whoever sees the report and does not answer for it is told by the domain who does.
        if let Some(leave) = given.or_else(|| caller.sees_drafts_of(agency.as_ref()).then(|| elsewhere.clone())) {
            command.agency = agency;
            return keep::<Inaccuracy>(journal, &ask.report, command.into(), leave.circumstances(now, ask.id)).await;
        }
    }
    // Whoever may not know of it is told what is told of a report that there is not.
    let refusal = Inaccuracy::decide(&inaccuracy::State::default(), command.into(), &elsewhere.circumstances(now, ask.id)).err();
    Ok(Became::Refused(refusal.ok_or(ChangeError::Forbidden)?.into()))
}

/// What is public of an entry; `None`: nothing.
async fn public<C: Registered>(
    journal: &dyn Journal,
    code: &Code,
    path: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<Public>, ChangeError> {
    let state: State<C> = load::<C>(journal, code).await?.state;
    if state.repeal.as_ref().is_some_and(|repeal| repeal.effective_from <= now) {
        return Ok(None);
    }
    let shown = |published: &domain::entry::Published<C>| on_channel(&published.content, published.content_hash, Channel::Online);
    let in_force = state.in_force_at(now).filter(|published| shown(published).is_some());
    let Some(published) = in_force.or_else(|| last_public(&state, now).map(|(published, _)| published)) else { return Ok(None) };
    // Nobody learns by a report whether something is in a field that is withheld.
    let withheld = |name: &str| published.content.openness().withheld.iter().any(|field| field == name);
    let leads = |path: &str| shown(published).is_some_and(|shown| leads_somewhere(shown.content.as_ref(), path));
    let known = path.is_none_or(|path| has_field::<C>(field(path)) && !withheld(field(path)) && leads(path));
    let said = known.then(|| said(published.content.as_ref(), path).ok()).flatten();
    Ok(Some(Public { revision: published.revision, said }))
}

async fn agency<C: Registered>(journal: &dyn Journal, code: &Code, now: DateTime<Utc>) -> Result<Option<Code>, ChangeError> {
    let state: State<C> = load::<C>(journal, code).await?.state;
    Ok(state.answered_by_at(now).and_then(|content| content.agency().cloned()))
}

fn denied(caller: &Caller, verb: &str, code: &Code) {
    tracing::warn!(account = caller.account().as_str(), verb, %code, "denied: a report of what is not right");
}

fn not_public() -> Refused {
    Refused {
        code: "NOT_FOUND",
        rule: "register",
        field: Some("code".to_owned()),
        zh: "没有这个公开的条目，或已取消；请核对登记册与编码".to_owned(),
        en: "there is no such public entry, or it was repealed: check register and code".to_owned(),
    }
}

fn no_field() -> Refused {
    Refused {
        code: "REPORT_FIELD_UNKNOWN",
        rule: "register",
        field: Some("path".to_owned()),
        zh: "公开的内容没有这个要素，或清单中没有这一项；请按要素名称填写，如 fees[0].standard，或留空".to_owned(),
        en: "there is no such field in what is public, or no such element of a list: name it as fields are called, e.g. fees[0].standard, or leave it out".to_owned(),
    }
}

fn too_many() -> Refused {
    Refused {
        code: "TOO_MANY_REPORTS",
        rule: "register",
        field: Some("code".to_owned()),
        zh: format!("该条目已有{MOST_OPEN}份报告尚未处理；请先处理"),
        en: format!("{MOST_OPEN} reports of this entry are open: they are to be answered first"),
    }
}
