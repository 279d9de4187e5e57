use chrono::{DateTime, Utc};
use domain::{
    decider::Circumstances,
    envelope::{ActorId, EntryName},
    register::Register,
};
use exchange::PlanRow;
use uuid::Uuid;

use super::{super::command_id, resolve::What};
use crate::auth::Leave;

/// A reform that is asked for.
#[derive(Debug, Clone)]
pub struct Act {
    /// Its id, which every event of it carries.
    pub id: Uuid,
    /// The plan.
    pub plan: Vec<PlanRow>,
    /// Number of the document of the city.
    pub document: String,
    /// The day, from its first moment.
    pub effective_from: DateTime<Utc>,
    digest: String,
}

impl Act {
    /// An act. Without an id of its own it has one that follows from the plan, the document and the day: another plan under the same
    /// document is another act.
    pub fn new(id: Option<Uuid>, plan: Vec<PlanRow>, document: String, effective_from: DateTime<Utc>) -> Self {
        let digest = digest(&plan, &document, effective_from);
        let id = id.unwrap_or_else(|| command_id(&["reform", &digest]));
        Self { id, plan, document, effective_from, digest }
    }

    /// The id of a command that the act gives to an entry. An agency may be given two: it bears other names, and stands below another one.
    pub(super) fn command(&self, entry: &EntryName, what: &What) -> Uuid {
        let id = self.id.to_string();
        let mut words = vec!["reform", &id, &self.digest, entry.register.word(), entry.code.as_str()];
        if entry.register == Register::Agency && *what == What::Move {
            words.push("place");
        }
        command_id(&words)
    }

    /// Whether the act gave a command to an entry.
    pub(super) fn gave(&self, entry: &EntryName, command: Uuid) -> bool {
        self.command(entry, &What::End) == command || entry.register == Register::Agency && self.command(entry, &What::Move) == command
    }
}

/// Everything that the act says, as one text that nothing else has.
fn digest(plan: &[PlanRow], document: &str, effective_from: DateTime<Utc>) -> String {
    let rows = plan.iter().map(|row| {
        let PlanRow { row, from, to, name, level, region, item, keeps } = row;
        let cells = [to, name, level, region, item, keeps].map(|cell| cell.as_deref().unwrap_or_default());
        let words: Vec<_> = [from.as_str()].into_iter().chain(cells).collect();
        format!("{row}:{}", command_id(&words))
    });
    let words: Vec<_> = [document.to_owned(), effective_from.to_rfc3339()].into_iter().chain(rows).collect();
    command_id(&words.iter().map(String::as_str).collect::<Vec<_>>()).to_string()
}

/// By whom an act is given.
#[derive(Debug, Clone)]
pub enum Authority {
    /// The command line of the register, in the name of an account.
    Register(ActorId),
    /// An approver of the city.
    Approver(Leave),
}

impl Authority {
    /// The circumstances of a command of the act, which may have been begun before.
    pub(super) fn circumstances(&self, (now, begun_at): (DateTime<Utc>, Option<DateTime<Utc>>), command: Uuid) -> Circumstances {
        let circumstances = match self {
            Self::Register(actor) => Circumstances::of_import(now, actor.clone(), command),
            Self::Approver(leave) => leave.circumstances(now, command),
        };
        completing(circumstances, begun_at)
    }

    /// The same for an agency that the document establishes: it is taken over as it stands there, like a list that is in force.
    pub(super) fn takes_over(&self, (now, begun_at): (DateTime<Utc>, Option<DateTime<Utc>>), command: Uuid) -> Circumstances {
        let actor = self.circumstances((now, begun_at), command).actor;
        completing(Circumstances::of_import(now, actor, command), begun_at)
    }
}

fn completing(circumstances: Circumstances, begun_at: Option<DateTime<Utc>>) -> Circumstances {
    let Some(begun_at) = begun_at else { return circumstances };
    Circumstances { capacity: circumstances.capacity.completing(begun_at), ..circumstances }
}
