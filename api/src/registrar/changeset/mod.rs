//! Change sets 变更集: many changes that somebody proposes, and that go through review and approval as one.
//!
//! The order of every act: all members are asked whether they could, and all refusals are told at once; then the event of the set is kept;
//! then its members follow. A crash anywhere is completed by the same command again, by the next act, or, of a set that came to its end, by any
//! node that takes changes, because what is asked of the members follows from the event. Whoever may not see the drafts of a set learns nothing of it.

mod act;
mod alongside;
mod carry;
mod change;
mod complete;
mod member;
mod owed;
mod propose;
mod raise;
mod refused;
mod standing;

use domain::{
    changeset::{ChangeSet, Command, Member, Origin},
    envelope::Code,
    value::Hash,
};
use journal::{Journal, LoadError, transact::ExpectedVersion};
use uuid::Uuid;

pub use act::{act, roles_of};
pub use carry::LoadedSet;
pub use change::Change;
pub use complete::{Completed, Completer};
pub use member::MemberTold;
pub use owed::{owed, owed_of, passes_with_set};
pub use propose::{members_of, propose, refused_of};
pub use raise::{Occasion, Raised, given_before, open_of, raise};
pub use refused::MemberRefused;
pub use standing::Standing;

use super::change::Became;
use crate::auth::Caller;

/// Changes that somebody wants to go through as one.
pub struct Proposal {
    /// Id of the command.
    pub id: Uuid,
    /// The set that was returned and is proposed again; `None`: a new one, with a code that follows from the command.
    pub code: Option<Code>,
    /// Where the changes come from.
    pub origin: Origin,
    /// The changes.
    pub changes: Vec<Change>,
}

/// A command to a set that is there: a review, an approval, a return, a withdrawal.
#[derive(Debug, Clone)]
pub struct SetAsk {
    /// Id of the command.
    pub id: Uuid,
    /// Code of the set.
    pub code: Code,
    /// What whoever asks believes about it.
    pub expected: ExpectedVersion,
    /// What is asked for. It is not `propose`.
    pub command: Command,
}

/// An answer: what became of it, and the set as it is now.
#[derive(Debug)]
pub struct SetChanged {
    /// Code of the set.
    pub code: Code,
    /// What became of it.
    pub became: Became,
    /// Members that forbid it; of what was carried out, those that somebody changed in that very moment, and that were left as they are.
    pub members: Vec<MemberRefused>,
    /// The set.
    pub loaded: LoadedSet,
}

/// The code of a set: it follows from the command that proposes it, so that the same command finds it again.
pub fn code_of(command: Uuid) -> Option<Code> {
    let hash = Hash::of_bytes(command.as_bytes()).to_string().to_uppercase();
    let digits = hash.rsplit(':').next()?.get(..20)?;
    format!("CS{digits}").parse().ok()
}

/// Loads a set.
pub async fn load_set(journal: &dyn Journal, code: &Code) -> Result<LoadedSet, LoadError> {
    journal::load_of::<ChangeSet>(journal, code).await
}

/// Whether somebody may know of a set: they see the drafts of whoever answers for it.
pub fn sees(caller: &Caller, set: &LoadedSet) -> bool {
    set.version.is_some() && caller.sees_drafts_of(set.state.agency.as_ref())
}

/// A member of a set as it is told.
pub async fn tell_member(journal: &dyn Journal, set: &LoadedSet, member: &Member) -> Result<MemberTold, LoadError> {
    member::entries(member.register).tell(journal, set, member).await
}
