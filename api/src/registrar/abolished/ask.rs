use domain::{
    acting::Role,
    changeset::{ChangeSet, Origin, Propose, State},
    decider::Decider,
    envelope::Code,
    register::{Agency, Material, Register},
};
use journal::load;
use uuid::Uuid;

use super::{
    super::{
        change::{Became, ChangeError, Desk, Refused},
        changeset::{LoadedSet, Occasion, Raised, SetChanged, code_of, given_before, load_set, raise},
        sight::{Sight, sight},
    },
    AbolishedError, asking, parts,
};
use crate::{auth::Caller, clock::Clock};

/// The revisions of the guides of an agency, asked for by a command of its own.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Id of the command.
    pub id: Uuid,
    /// Code of the material.
    pub material: Code,
    /// The agency.
    pub agency: Code,
    /// The guides that have an announced later revision; else those that have none.
    pub upcoming: bool,
}

/// Proposes, in the name of a caller, the revisions of all guides of an agency that ask for an abolished material as one change set, if
/// they draft for the agency. What cannot be drafted is left out and told.
pub async fn ask(desk: &Desk, caller: &Caller, ask: Ask, clock: &Clock) -> Result<SetChanged, AbolishedError> {
    let now = clock();
    let Ask { id, material, agency, upcoming } = ask;
    let code = code_of(id).ok_or(ChangeError::Forbidden)?;
    let refused =
        |refused: Refused| Ok(SetChanged { code: code.clone(), became: Became::Refused(refused), members: Vec::new(), loaded: nothing() });
    let denied = || {
        let verb = "proposeWithoutMaterial";
        tracing::warn!(account = caller.account().as_str(), verb, register = %Register::Material, code = %material, "denied: a change of a set");
    };
    let Some(elsewhere) = caller.leave_anywhere(Role::Drafter) else {
        denied();
        return Err(ChangeError::Forbidden.into());
    };
    if caller.leave(Role::Drafter, Some(&agency)).is_none() {
        denied();
        // Before anything of the agency is looked at: not even whether there is a set is theirs to know.
        let propose = Propose { origin: Origin::default(), agency: Some(agency), members: Vec::new() };
        let refusal = ChangeSet::decide(&State::default(), propose.into(), &elsewhere.circumstances(now, id)).err();
        let outside: Refused = refusal.ok_or(ChangeError::Forbidden)?.into();
        return refused(Refused { field: Some("agency".to_owned()), ..outside });
    }
    let there = load::<Material>(desk.journal.as_ref(), &material).await?;
    if sight(Some(caller), &there.state, &there.history, now) == Sight::Nothing {
        return refused(Refused::material_not_found(&material));
    }
    let raised = match asking(&desk.journal, &material, now, &|_| ()).await {
        Ok(abolished) => {
            let [plain, later] = parts(desk, caller, &abolished, &agency).await?;
            let (own, other) = if upcoming { (later, plain) } else { (plain, later) };
            let (occasion, changes) = (abolished.occasion(&agency, upcoming, Some(id)), own.revisions());
            // An agency may answer for guides and be kept by nobody; one of which there is nothing at all was mistyped.
            if changes.is_empty()
                && other.guides.is_empty()
                && load::<Agency>(desk.journal.as_ref(), &agency).await?.version.is_none()
                && given_before(desk, caller, &occasion).await?.is_none()
            {
                return refused(Refused::agency_not_found(&agency));
            }
            let mut raised = raise(desk, (caller, clock), occasion, changes, &|_| ()).await?;
            raised.refused.extend(other.left_out());
            raised
        }
        Err(why @ (AbolishedError::NotFound(_) | AbolishedError::NotAbolished(..))) => {
            // What was done before is answered as then, whatever became of the material.
            let origin = Origin { material: Some(material.clone()), upcoming, ..Origin::default() };
            let occasion = Occasion { origin, agency: Some(agency), command: Some(id) };
            match (given_before(desk, caller, &occasion).await?, why) {
                (Some(raised), _) => raised,
                (None, AbolishedError::NotAbolished(..)) => return refused(Refused::material_not_abolished(&material)),
                (None, _) => return refused(Refused::material_not_found(&material)),
            }
        }
        Err(error) => return Err(error),
    };
    Ok(told(desk, raised, code).await)
}

/// What became of it as of any command to a set.
async fn told(desk: &Desk, raised: Raised, code: Code) -> SetChanged {
    let became = match (raised.status, raised.position, raised.why) {
        ("PROPOSED", Some(position), _) => Became::Applied(position),
        ("UNCHANGED", position, _) => Became::Unchanged(position),
        ("REFUSED", _, Some(why)) => Became::Refused(why),
        _ => Became::Unknown,
    };
    // What was carried out is not reported as failed because it cannot be read again.
    let loaded = match &raised.code {
        Some(code) => load_set(desk.journal.as_ref(), code).await.unwrap_or_else(|_| nothing()),
        None => nothing(),
    };
    SetChanged { code: raised.code.unwrap_or(code), became, members: raised.refused, loaded }
}

fn nothing() -> LoadedSet {
    LoadedSet { state: State::default(), version: None, history: Vec::new() }
}
