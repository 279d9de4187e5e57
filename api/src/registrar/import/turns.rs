//! Which of the entries of one identity a row is.
//!
//! Lists without codes hold lines of the same name that are different powers. Their codes are turns of one identity, and a row is
//! matched with the entries of its identity that there are already, see [`super::alike`].

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    entry::State,
    envelope::Code,
    register::{CatalogueEntry, Content, Guide, Item, Register},
};
use exchange::{ProposedCode, ProposedContent, Reading, RowOutcome};
use journal::{Journal, Loaded};

use super::{
    super::RegistrarError,
    Known,
    alike::{Matched, matched},
};

/// Turns that are tried for one identity: entries of it, repealed ones, and other lines by an accident of hashing. More than the
/// rows of the longest sheet, so that no list comes near it.
const MAX_TURNS: u32 = 2_000_000;

/// A row: number of the reading, number of the row.
type At = (usize, usize);

/// The turns of rows.
pub(super) type Turns = HashMap<At, u32>;

/// What there is: a journal, and which entries it holds without being asked. An entry that somebody else begins meanwhile is met
/// when it is written.
#[derive(Clone, Copy)]
pub(super) struct There<'a> {
    pub(super) journal: &'a dyn Journal,
    pub(super) known: &'a Known,
    pub(super) acted: &'a HashSet<(Register, Code)>,
    /// From when on what the list says holds.
    pub(super) at: DateTime<Utc>,
}

impl There<'_> {
    /// Loads an entry; one that is not there costs nothing.
    pub(super) async fn load<C: Registered>(self, at: &Code) -> Result<Loaded<C>, RegistrarError> {
        if self.known.holds(C::REGISTER, at) || self.acted.contains(&(C::REGISTER, at.clone())) {
            return Ok(journal::load::<C>(self.journal, at).await?);
        }
        Ok(Loaded { state: State::default(), version: None, history: Vec::new() })
    }
}

/// The turns of the rows that share their identity with other rows of the run; all others find theirs alone.
pub(super) async fn shared_turns(there: There<'_>, readings: &[Reading]) -> Result<Turns, RegistrarError> {
    let mut groups: HashMap<(Register, &[String]), Vec<At>> = HashMap::new();
    for (i, reading) in readings.iter().enumerate() {
        for (j, row) in reading.rows.iter().enumerate() {
            if let RowOutcome::Proposed(proposal) = &row.outcome
                && let ProposedCode::Assigned(identity) = &proposal.code
            {
                groups.entry((proposal.content.register(), identity)).or_default().push((i, j));
            }
        }
    }
    let mut turns = Turns::new();
    for ((_, identity), places) in groups.into_iter().filter(|(_, places)| places.len() > 1) {
        let contents: Vec<_> = places.iter().filter_map(|(i, j)| content(&readings[*i], *j)).collect();
        let code = ProposedCode::Assigned(identity.to_vec());
        let of_group = match contents.first() {
            Some(ProposedContent::Item(_)) => match_all(there, &code, &of(&contents, item)).await?,
            Some(ProposedContent::Guide(_)) => match_all(there, &code, &of(&contents, guide)).await?,
            Some(ProposedContent::CatalogueEntry(_)) => match_all(there, &code, &of(&contents, line)).await?,
            // Agencies and materials come along, once each.
            _ => continue,
        };
        turns.extend(places.into_iter().zip(of_group));
    }
    Ok(turns)
}

/// The turn of a row that is alone with its identity.
pub(super) async fn lone_turn<C: Matched>(there: There<'_>, code: &ProposedCode, content: &C) -> Result<u32, RegistrarError> {
    let turns = match_all(there, code, &[content]).await?;
    Ok(turns.first().copied().unwrap_or(0))
}

fn content(reading: &Reading, row: usize) -> Option<&ProposedContent> {
    match &reading.rows[row].outcome {
        RowOutcome::Proposed(proposal) => Some(&proposal.content),
        _ => None,
    }
}

fn of<'a, C>(contents: &[&'a ProposedContent], pick: fn(&'a ProposedContent) -> Option<&'a C>) -> Vec<&'a C> {
    contents.iter().filter_map(|content| pick(content)).collect()
}

fn item(content: &ProposedContent) -> Option<&Item> {
    if let ProposedContent::Item(item) = content { Some(item) } else { None }
}

fn guide(content: &ProposedContent) -> Option<&Guide> {
    if let ProposedContent::Guide(guide) = content { Some(guide) } else { None }
}

fn line(content: &ProposedContent) -> Option<&CatalogueEntry> {
    if let ProposedContent::CatalogueEntry(entry) = content { Some(entry) } else { None }
}

/// The turns of rows of one identity, in their order.
async fn match_all<C: Matched>(there: There<'_>, code: &ProposedCode, rows: &[&C]) -> Result<Vec<u32>, RegistrarError> {
    let (kept, free) = chain::<C>(there, code).await?;
    Ok(matched(rows, &kept, free))
}

/// Whether an agency ceased and another one took on from it. A list that still names it does not bring it back (Art. 5(1)).
pub(super) fn is_merged<C: Content>(state: &State<C>) -> bool {
    C::REGISTER == Register::Agency && state.repeal.as_ref().is_some_and(|repeal| repeal.replaced_by.is_some())
}

/// The entries of an identity that have not ceased, by turn, and the first turn that nothing has.
async fn chain<C: Matched>(there: There<'_>, code: &ProposedCode) -> Result<(Vec<(u32, Arc<C>)>, u32), RegistrarError> {
    let ProposedCode::Assigned(identity) = code else { return Ok((Vec::new(), 0)) };
    let mut kept = Vec::new();
    for turn in 0..MAX_TURNS {
        let at: Code = code.code(C::REGISTER, turn).ok_or(RegistrarError::NoCode)?;
        let loaded = there.load::<C>(&at).await?;
        let Some(content) = loaded.state.as_lists_say() else { return Ok((kept, turn)) };
        // What is only announced to cease is in force until then, and its line is no second entry of the name.
        let ceased = loaded.state.repeal.as_ref().is_some_and(|repeal| repeal.effective_from <= there.at);
        let stands = !ceased || is_merged(&loaded.state);
        if stands && loaded.state.latest.is_some_and(|latest| latest.source.identity == *identity) {
            kept.push((turn, content));
        }
    }
    Err(RegistrarError::NoCode)
}
