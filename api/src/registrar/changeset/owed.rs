use domain::{
    changeset::Step,
    codec::Registered,
    decider::Decider,
    entry::{Command, Entry, Review, State},
    envelope::{Code, EntryName},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
};
use journal::{Journal, LoadError, load};
use projections::Work;

use super::{
    super::change::Refused,
    carry::{asked, carried},
    load_set, sees,
};
use crate::auth::Caller;

/// Why nothing is done with an entry singly yet: a set of which it is a member was approved or withdrawn, and that has not reached it, because whoever
/// decided is still at it or was cut off. Whatever somebody did in between would undo a part of what was decided as one (Art. 8(1)). `None`: there is no
/// such set, or its member refuses what was decided, so that it is reached no more.
///
/// Nobody is told the code of a set that is not theirs to know.
pub async fn owed<C: Registered>(
    (journal, work): (&dyn Journal, &Work),
    caller: Option<&Caller>,
    code: &Code,
    state: &State<C>,
) -> Result<Option<Refused>, LoadError> {
    let entry = EntryName::new(C::REGISTER, code.clone());
    let Some(set) = work.ended_set_of(&entry).await? else { return Ok(None) };
    let loaded = load_set(journal, &set).await?;
    let member = loaded.state.members.iter().find(|member| member.entry() == entry);
    let (Some(past), Some(member)) = (loaded.history.last(), member) else { return Ok(None) };
    let Some(command) = asked(&past.event).and_then(|asked| asked.command::<C>(member, state)) else { return Ok(None) };
    let carried = carried(past, &loaded.state);
    let circumstances = carried.circumstances(command.verb(), &entry, carried.at);
    let is_owed = Entry::<C>::decide(state, command, &circumstances).is_ok_and(|events| !events.is_empty());
    let told = caller.is_none_or(|caller| sees(caller, &loaded)).then_some(&set);
    Ok(is_owed.then(|| Refused::member_of_decided_set(told, loaded.state.step == Step::Approved)))
}

/// Why a draft is not passed on or sent back singly: a set that is with the openness office or the approver carries it, and goes through review and
/// approval as one (Art. 8(1)). Else one edition would be published in two acts. Whoever drafts may take it out, by revising or withdrawing it.
pub async fn passes_with_set<C: Registered>(
    (journal, work): (&dyn Journal, &Work),
    caller: &Caller,
    code: &Code,
    command: &Command<C>,
) -> Result<Option<Refused>, LoadError> {
    if !matches!(command, Command::Review(Review { revision: None, .. }) | Command::Approve(_) | Command::Return(_)) {
        return Ok(None);
    }
    let Some(set) = work.passing_set_of(&EntryName::new(C::REGISTER, code.clone())).await? else { return Ok(None) };
    let told = sees(caller, &load_set(journal, &set).await?).then_some(&set);
    Ok(Some(Refused::member_of_set(told)))
}

/// Whether an entry of any register waits, as it stands now, and as the register itself may know it: see [`owed`].
pub async fn owed_of(at: (&dyn Journal, &Work), entry: &EntryName) -> Result<Option<Refused>, LoadError> {
    if at.1.ended_set_of(entry).await?.is_none() {
        return Ok(None);
    }
    match entry.register {
        Register::Agency => as_it_stands::<Agency>(at, &entry.code).await,
        Register::Item => as_it_stands::<Item>(at, &entry.code).await,
        Register::Guide => as_it_stands::<Guide>(at, &entry.code).await,
        Register::Material => as_it_stands::<Material>(at, &entry.code).await,
        Register::Openness => as_it_stands::<CatalogueEntry>(at, &entry.code).await,
    }
}

async fn as_it_stands<C: Registered>(at: (&dyn Journal, &Work), code: &Code) -> Result<Option<Refused>, LoadError> {
    owed::<C>(at, None, code, &load::<C>(at.0, code).await?.state).await
}
