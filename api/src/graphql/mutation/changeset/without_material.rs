use async_graphql::{Context, InputObject, Object};
use domain::acting::Role;
use journal::transact::ExpectedVersion;
use uuid::Uuid;

use super::{super::super::error::code_in, payload::ChangeSetPayload, started, unreadable};
use crate::registrar::abolished::{AbolishedError, Ask, ask};

/// What is to be prepared.
#[derive(InputObject, Debug)]
pub struct ProposeWithoutMaterialInput {
    /// Id of the command, made by whoever asks. The same id again is answered as the first time and never carried out twice.
    pub command_id: Uuid,
    /// Code of the material, which is abolished or announced to be.
    pub material: String,
    /// Code of the agency whose guides are revised. Each agency has a set of its own, so that its own approver answers for it.
    pub agency: String,
    /// Whether the guides are meant that have an announced later revision. Their revisions hold from that one on at the earliest, and are a set of
    /// their own, so that the others are not held up; `members` tells those that the other set is for.
    #[graphql(default)]
    pub upcoming: bool,
}

/// A part of the command as it is written here, where it names a material and an agency and no set: what is wrong with the set of that material
/// is told of the material.
fn part(part: &str) -> String {
    match part {
        "commandId" | "agency" => format!("input.{part}"),
        "members" => part.to_owned(),
        _ => "input.material".to_owned(),
    }
}

/// The verb.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verb;

/// The verb.
#[Object(name = "ProposeWithoutMaterialVerb")]
impl Verb {
    /// Proposes, as one change set, the revisions of all guides of an agency that ask for an abolished proof (Art. 5(2)) and have no announced later
    /// revision, or with `upcoming` of those that have: each leaves it out and changes nothing else. By a drafter. `members` tells what was left out, because somebody drafts it already or a check stops it; null in
    /// `changeSet` means that nothing is to be drafted: no guide of the agency asks for it, or only until an announced revision holds, which
    /// `tongyuan abolished` tells.
    #[graphql(complexity = "5000 + child_complexity")]
    async fn propose_without_material(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ProposeWithoutMaterialInput,
    ) -> async_graphql::Result<ChangeSetPayload> {
        let ProposeWithoutMaterialInput { command_id, material, agency, upcoming } = input;
        let material = code_in("input.material", &material);
        let (viewer, caller, desk) = started(context, "proposeWithoutMaterial", material.as_ref().ok())?;
        let wanted = Ask { id: command_id, material: material?, agency: code_in("input.agency", &agency)?, upcoming };
        let clock = super::clock(context, &viewer);
        let asking = Box::pin(async move {
            ask(&desk, &caller, wanted, &clock).await.map_err(|error| match error {
                AbolishedError::Change(error) => super::told_of(&error, &[Role::Drafter]),
                error => unreadable(&error),
            })
        });
        super::carried_out(context, command_id, (&viewer, ExpectedVersion::Any, part), asking).await
    }
}
