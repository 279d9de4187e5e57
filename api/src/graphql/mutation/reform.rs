use std::sync::Arc;

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::acting::Role;
use exchange::PlanRow;
use uuid::Uuid;

use super::{
    super::{
        RequestView, enums,
        error::{Failure, failure, forbidden, no_token},
        scalars::Position,
    },
    Written,
    payload::{CommandStatus, Refusal, of_input},
    waited::waited,
};
use crate::{
    auth::{Caller, Leave},
    registrar::{
        RegistrarError,
        change::Desk,
        reform::{Act, Authority, Defect, Done, Outcome, ReformError, Reformer, Tally, Way},
    },
};

/// Most rows of a plan that are taken in one request; a whole agency is one row. The command line takes more.
const MAX_MOVES: usize = 1_000;

/// Longest text of a row, in characters: that of a name.
const MAX_CHARS: usize = 1_000;

/// Most defects and refusals that are told.
const MAX_TOLD: usize = 500;

/// An institutional reform.
#[derive(InputObject, Debug)]
pub struct ReformInput {
    /// Id of the command, and of the reform. The same id again with the same plan completes what was interrupted and changes nothing
    /// else; with another plan it is refused.
    pub command_id: Uuid,
    /// Number of the document of the city by which it was decided.
    pub document_number: String,
    /// The day: the moment from which all of it holds. It lies ahead, ten minutes at least.
    #[graphql(validator(custom = "crate::graphql::scalars::no_leap_second"))]
    pub effective_from: DateTime<Utc>,
    /// The plan, 1 to 1000 rows.
    pub moves: Vec<ReformMove>,
    /// Only check it and tell what would become of it.
    #[graphql(default)]
    pub dry_run: bool,
}

/// A row of the plan.
#[derive(InputObject, Debug)]
pub struct ReformMove {
    /// The agency that hands over: its code or its exact name.
    pub from: String,
    /// The agency that takes on: its code or its exact name. Without it a new one, of the name below. The same as `from` with a name
    /// renames it.
    pub to: Option<String>,
    /// The name that the agency which takes on bears from then on: of a new one, or a new name.
    pub name: Option<String>,
    /// Level of a new agency.
    pub level: Option<enums::Level>,
    /// Code of the division of a new agency.
    pub region: Option<String>,
    /// The item that moves: its code or its exact name, with its guides. Without it everything that the agency has left.
    pub item: Option<String>,
    /// Whether the agency goes on after it handed over everything; otherwise it ends on the day.
    #[graphql(default)]
    pub keeps: bool,
}

/// What is done to an entry by a reform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ReformAct {
    /// A new agency.
    Found,
    /// An agency bears another name, or those of agencies that were merged into it.
    Name,
    /// An entry moves to another agency.
    Move,
    /// An agency ends.
    End,
}

/// How many entries of a register went which way.
#[derive(SimpleObject, Debug)]
pub struct ReformCount {
    /// What was done to them.
    act: ReformAct,
    /// Code of the agency that handed over.
    from: Option<String>,
    /// Code of the agency that takes on, or that it was done to.
    to: String,
    /// The register.
    register: enums::Register,
    /// They were changed now, or would be.
    changed: usize,
    /// They were so already.
    unchanged: usize,
    /// A rule forbids it.
    refused: usize,
}

/// What is wrong with a plan, or with an entry that it names.
#[derive(SimpleObject, Debug)]
pub struct ReformDefect {
    /// Number of the move, from 1; null: the act as a whole.
    row: Option<u32>,
    /// Stable code.
    code: String,
    /// The part of the input that it is about, as a path: a move (`input.moves[0]`), or what the act as a whole says (`input.documentNumber`).
    field: String,
    /// What is wrong and what to do, in Chinese.
    message: String,
    /// The same in English.
    message_en: String,
}

/// What became of a reform.
#[derive(SimpleObject, Debug)]
pub struct ReformPayload {
    /// What became of it. REFUSED: nothing was changed, because of what is wrong. UNCHANGED: all of it was so already. UNKNOWN: some of
    /// it may not have been kept; the same command completes it.
    status: CommandStatus,
    /// Why it was refused as a whole, if not because of its rows.
    refusal: Option<Refusal>,
    /// Everything that is wrong, by row; 500 at most.
    defects: Vec<ReformDefect>,
    /// Counts by agency and register.
    counts: Vec<ReformCount>,
    /// Where the journal was when all of it was written. A request that names it in the header Tongyuan-Position is answered from there on.
    position: Option<Position>,
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ReformVerb")]
impl Verb {
    /// Carries out an institutional reform 机构改革 as one act (Art. 5(1)): items move from agencies to their successors on one day by one
    /// document, guides and all else follow. By an approver of the city. A plan with one defect changes nothing.
    #[graphql(complexity = "5000 + child_complexity")]
    async fn reform(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ReformInput,
    ) -> async_graphql::Result<ReformPayload> {
        let leave = leave(context)?;
        let (command, dry_run) = (input.command_id, input.dry_run);
        let act = act(input)?;
        let journal = context.data::<Arc<Desk>>()?.journal.clone();
        let now = context.data::<RequestView>()?.now;
        let reformer = Reformer::new(journal.clone(), Arc::new(move || now), Authority::Approver(leave));
        if dry_run {
            let outcome = reformer.reform(&act, true, &|_, _| ()).await.map_err(|error| told(&error))?;
            return Ok(ReformPayload::of(outcome, None));
        }
        let carrying_out = async move {
            let outcome = reformer.reform(&act, false, &|_, _| ()).await;
            (outcome, journal.head().await.ok().flatten())
        };
        let Some((outcome, position)) = waited(context, command, carrying_out).await? else {
            return Ok(ReformPayload::with(CommandStatus::Unknown));
        };
        let written = context.data_opt::<Arc<Written>>();
        if let (Some(position), Some(written)) = (position, written) {
            written.note(position);
        }
        match outcome {
            Ok(outcome) => Ok(ReformPayload::of(outcome, position)),
            Err(ReformError::Stopped { source: RegistrarError::Unknown(_), .. }) => {
                if let Some(written) = written {
                    written.unknown(command);
                }
                Ok(ReformPayload::with(CommandStatus::Unknown))
            }
            Err(error) => Err(told(&error)),
        }
    }
}

/// Leave to act as an approver of the city.
fn leave(context: &Context<'_>) -> async_graphql::Result<Leave> {
    let Some(caller) = context.data_opt::<Arc<Caller>>() else {
        return Err(no_token("reform", None, None));
    };
    caller.leave(Role::Approver, None).ok_or_else(|| {
        tracing::warn!(account = caller.account().as_str(), verb = "reform", "denied: a change");
        forbidden(
            "Art. 5(1)",
            "机构改革由市级审签人办理；如需办理请联系管理员 / a reform is for an approver of the city: ask an administrator if you should be one",
        )
    })
}

fn act(input: ReformInput) -> async_graphql::Result<Act> {
    let ReformInput { command_id, document_number, effective_from, moves, .. } = input;
    if !(1..=MAX_MOVES).contains(&moves.len()) {
        return Err(failure(
            Failure::LimitExceeded,
            format!("方案应为1至{MAX_MOVES}行，现有{0}行 / a plan has 1 to {MAX_MOVES} rows, there are {0}", moves.len()),
        ));
    }
    let mut plan = Vec::with_capacity(moves.len());
    for (row, of) in (1..).zip(moves) {
        let ReformMove { from, to, name, level, region, item, keeps } = of;
        let texts = [Some(&from), to.as_ref(), name.as_ref(), region.as_ref(), item.as_ref()];
        if texts.into_iter().flatten().any(|text| text.chars().count() > MAX_CHARS) {
            return Err(failure(
                Failure::LimitExceeded,
                format!("第{row}行的文字超过{MAX_CHARS}个字符 / a text of row {row} has more than {MAX_CHARS} characters"),
            ));
        }
        let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        plan.push(PlanRow {
            row,
            from: from.trim().to_owned(),
            to: given(to),
            name: given(name),
            level: level.map(|level| domain::value::Level::from(level).zh().to_owned()),
            region: given(region),
            item: given(item),
            keeps: keeps.then(|| "是".to_owned()),
        });
    }
    Ok(Act::new(Some(command_id), plan, document_number, effective_from))
}

impl ReformPayload {
    fn with(status: CommandStatus) -> Self {
        Self { status, refusal: None, defects: Vec::new(), counts: Vec::new(), position: None }
    }

    fn of(outcome: Outcome, position: Option<domain::envelope::Position>) -> Self {
        match outcome {
            Outcome::IdUsed => {
                let refusal = Refusal::of(crate::registrar::change::Refused::command_id_used(), of_input);
                Self { refusal: Some(refusal), ..Self::with(CommandStatus::Refused) }
            }
            Outcome::Wrong(defects) => {
                let defects = defects.into_iter().take(MAX_TOLD).map(ReformDefect::from).collect();
                Self { defects, ..Self::with(CommandStatus::Refused) }
            }
            Outcome::Carried { done, defects, .. } => {
                let counts: Vec<_> = Done::tallies(&done).into_iter().map(counted).collect();
                let status = if counts.iter().any(|count| count.changed > 0) { CommandStatus::Applied } else { CommandStatus::Unchanged };
                let defects =
                    defects.into_iter().chain(done.iter().filter_map(Done::defect)).take(MAX_TOLD).map(ReformDefect::from).collect();
                Self { status, refusal: None, defects, counts, position: position.map(Position) }
            }
        }
    }
}

fn counted((way, tally): (Way, Tally)) -> ReformCount {
    let Way { phase, from, to, register } = way;
    let act = [ReformAct::Found, ReformAct::Name, ReformAct::Move, ReformAct::End][phase.min(3)];
    let Tally { changed, unchanged, refused } = tally;
    let from = from.map(|code| code.to_string());
    ReformCount { act, from, to: to.to_string(), register: register.into(), changed, unchanged, refused }
}

impl From<Defect> for ReformDefect {
    fn from(defect: Defect) -> Self {
        let field = match (defect.row, defect.code) {
            (Some(row), _) => of_input(&format!("moves[{}]", row.saturating_sub(1))),
            (None, "DOCUMENT_MISSING" | "DOCUMENT_TOO_LONG" | "DOCUMENT_INVALID") => of_input("documentNumber"),
            (None, "EFFECTIVE_TOO_SOON" | "EFFECTIVE_TOO_LATE") => of_input("effectiveFrom"),
            (None, _) => of_input("moves"),
        };
        Self { row: defect.row, code: defect.code.to_owned(), field, message: defect.zh, message_en: defect.en }
    }
}

fn told(error: &(dyn std::error::Error + 'static)) -> async_graphql::Error {
    tracing::error!(error, "a reform was not carried out");
    failure(
        Failure::Unavailable,
        "登记册暂时无法写入，机构改革可能只办了一部分；请稍后以同一标识重试 / \
         the register cannot be written at present and the reform may be done in part: try again shortly with the same command id",
    )
}
