use async_graphql::SimpleObject;
use journal::transact::ExpectedVersion;

use super::super::{
    super::{
        changeset::{ChangeSet, ChangeSetEvent},
        entry::Viewer,
        enums,
        scalars::Position,
    },
    payload::{CONFLICT, CommandStatus, Part, Refusal, of_member},
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
    /// What happened since the version that was expected, oldest first, if that was not the one at which the set is.
    meanwhile: Vec<ChangeSetEvent>,
    /// What is wrong and what to do where it was not, in Chinese.
    conflict_message: Option<&'static str>,
    /// The same in English.
    conflict_message_en: Option<&'static str>,
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
    /// The answer to a command of which nobody can say what became of it.
    pub fn unknown() -> Self {
        Self {
            status: CommandStatus::Unknown,
            change_set: None,
            refusal: None,
            members: Vec::new(),
            member_count: 0,
            actual_version: None,
            meanwhile: Vec::new(),
            conflict_message: None,
            conflict_message_en: None,
            position: None,
        }
    }

    /// The answer to a command.
    pub fn of(viewer: &Viewer, (expected, part): (ExpectedVersion, Part), changed: SetChanged) -> Self {
        let SetChanged { code, became, members, loaded } = changed;
        let version = loaded.version.map(|version| version.0);
        let change_set = ChangeSet::of(viewer, code, loaded);
        let (mut refusal, mut position, mut actual_version, mut meanwhile) = (None, None, None, Vec::new());
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
                refusal = Some(Refusal::of(refused, part));
                CommandStatus::Refused
            }
            Became::Conflict => {
                actual_version = version;
                meanwhile = change_set.as_ref().map(|set| set.since(expected)).unwrap_or_default();
                CommandStatus::Conflict
            }
            Became::Unknown => CommandStatus::Unknown,
        };
        let conflict = (status == CommandStatus::Conflict).then_some(CONFLICT);
        Self {
            status,
            conflict_message: conflict.map(|(zh, _)| zh),
            conflict_message_en: conflict.map(|(_, en)| en),
            change_set,
            refusal,
            member_count: members.len(),
            members: members.into_iter().take(MOST).map(MemberRefusal::from).collect(),
            actual_version,
            meanwhile,
            position,
        }
    }
}

impl From<MemberRefused> for MemberRefusal {
    fn from(refused: MemberRefused) -> Self {
        let MemberRefused { entry, refused, .. } = refused;
        Self { register: entry.register.into(), code: entry.code.to_string(), refusal: Refusal::of(refused, of_member) }
    }
}
