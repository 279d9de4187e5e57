//! An agency checks what it withholds or gives on request only (Art. 8(3)).

use chrono::{DateTime, Utc};
use domain::{
    envelope::Code,
    register::Agency,
    selfcheck::{self, SelfChecks},
};
use journal::{load, load_of};
use uuid::Uuid;

use super::keep::keep;
use crate::{
    auth::Caller,
    registrar::{
        change::{Became, ChangeError, Desk, Refused},
        sight::is_public,
    },
};

/// A self-check that somebody records.
#[derive(Debug, Clone)]
pub struct SelfCheck {
    /// Id of the command.
    pub id: Uuid,
    /// The agency; `None`: what the city answers for.
    pub agency: Option<Code>,
    /// The year.
    pub year: i32,
    /// What was found.
    pub findings: String,
}

/// Records a self-check in the name of a caller, if they may.
pub async fn self_check(desk: &Desk, caller: &Caller, ask: SelfCheck, now: DateTime<Utc>) -> Result<Became, ChangeError> {
    let denied =
        || tracing::warn!(account = caller.account().as_str(), agency = ask.agency.as_ref().map(Code::as_str), "denied: a self-check");
    let Some(elsewhere) = caller.leave_to_answer_anywhere() else {
        denied();
        return Err(ChangeError::Forbidden);
    };
    let journal = desk.journal.as_ref();
    let given = caller.leave_to_answer(ask.agency.as_ref());
    if let Some(agency) = &ask.agency {
        let state = load::<Agency>(journal, agency).await?.state;
        // Of an agency that is not public nobody else learns that it is there.
        let known = if given.is_some() { state.latest.is_some() } else { is_public(&state, now) };
        if !known {
            return Ok(Became::Refused(no_agency(agency)));
        }
    }
    let leave = given.unwrap_or_else(|| {
        // The domain tells them that it is not theirs.
        denied();
        elsewhere
    });
    let SelfCheck { id, agency, year, findings } = ask;
    let code = agency.clone().unwrap_or_else(Code::of_city);
    let checks = load_of::<SelfChecks>(journal, &code).await?;
    // The same again says how many there were then.
    let before = checks.history.iter().find(|past| past.metadata.command == id).map(|past| {
        let selfcheck::Event::Checked(checked) = &past.event;
        checked.entries
    });
    let entries = match before {
        Some(entries) => entries,
        None => desk.deadlines.withheld(agency.as_ref(), now).await?,
    };
    let command = selfcheck::SelfCheck { agency, year, entries, findings };
    keep::<SelfChecks>(journal, &code, command, leave.circumstances(now, id)).await
}

fn no_agency(agency: &Code) -> Refused {
    Refused {
        code: "AGENCY_NOT_FOUND",
        rule: "register",
        field: Some("agency".to_owned()),
        zh: format!("没有机构{agency}；请核对编码，市级统一管理的请留空"),
        en: format!("there is no agency {agency}: check its code, and leave it out for what the city answers for"),
    }
}
