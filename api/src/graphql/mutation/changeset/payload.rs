use async_graphql::SimpleObject;

use super::super::{
    super::{changeset::ChangeSet, entry::Viewer, enums, scalars::Position},
    payload::{CommandStatus, Refusal},
};
use crate::registrar::{
    change::Became,
    changeset::{MemberRefused, SetChanged},
};

/// What became of a command to a change set, and the set as it is now.
#[derive(SimpleObject, Debug)]
pub struct ChangeSetPayload {
    /// What became of it. UNKNOWN also where it was decided and did not reach all members: the same command id completes it.
    status: CommandStatus,
    /// The set as it is now, as far as whoever asked may know of it.
    change_set: Option<ChangeSet>,
    /// Why it was refused.
    refusal: Option<Refusal>,
    /// Members that forbid it, at most a hundred of them. Of what was carried out: those that somebody changed in that very moment, and
    /// that were left as they are.
    members: Vec<MemberRefusal>,
    /// How many members forbid it.
    member_count: usize,
    /// The version at which the set is, if it was not the one that was expected.
    actual_version: Option<u64>,
    /// Where it was written. A request that names it in the header Tongyuan-Position is answered from there on.
    position: Option<Position>,
}

/// A member that forbids what is asked of the set.
#[derive(SimpleObject, Debug)]
pub struct MemberRefusal {
    /// The register of the entry.
    register: enums::Register,
    /// Code of the entry.
    code: String,
    /// Why.
    refusal: Refusal,
}

/// Most members that are told in one answer.
const MOST: usize = 100;

impl ChangeSetPayload {
    /// The answer to a command.
    pub fn of(viewer: &Viewer, changed: SetChanged) -> Self {
        let SetChanged { code, became, members, loaded } = changed;
        let version = loaded.version.map(|version| version.0);
        let (mut refusal, mut position, mut actual_version) = (None, None, None);
        let status = match became {
            Became::Applied(at) => {
                position = Some(Position(at));
                CommandStatus::Applied
            }
            Became::Unchanged(at) => {
                position = at.map(Position);
                CommandStatus::Unchanged
            }
            Became::Refused(refused) => {
                refusal = Some(refused.into());
                CommandStatus::Refused
            }
            Became::Conflict => {
                actual_version = version;
                CommandStatus::Conflict
            }
            Became::Unknown => CommandStatus::Unknown,
        };
        Self {
            status,
            change_set: ChangeSet::of(viewer, code, loaded),
            refusal,
            member_count: members.len(),
            members: members.into_iter().take(MOST).map(MemberRefusal::from).collect(),
            actual_version,
            position,
        }
    }
}

impl From<MemberRefused> for MemberRefusal {
    fn from(refused: MemberRefused) -> Self {
        let MemberRefused { entry, refused } = refused;
        Self { register: entry.register.into(), code: entry.code.to_string(), refusal: refused.into() }
    }
}
