//! Which of the entries of one identity a row is.
//!
//! Lists without codes hold lines of the same name that are different powers. Their codes are turns of one identity. A row is
//! matched to the entry that says the same; else to the one that is most like it; else to the next in order; else it is new. So
//! rows may be swapped, dropped or split over files, and each keeps its code.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{
    codec::Registered,
    entry::State,
    envelope::Code,
    register::{Guide, Item, Material, Register},
};
use exchange::{ProposedCode, ProposedContent, Reading, RowOutcome};
use journal::{Journal, Loaded};

use super::{super::RegistrarError, Known};

/// Turns that are tried for one identity: entries of it, repealed ones, and other lines by an accident of hashing.
const MAX_TURNS: u32 = 1_000;

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

/// A content that rows of one identity are matched by.
pub(super) trait Matched: Registered {
    /// The same content, but for what is no change: a number on the list that moved.
    fn same(&self, other: &Self) -> bool {
        self == other
    }

    /// How much two contents of one identity have in common; 0 for nothing that counts.
    fn likeness(&self, other: &Self) -> u32;
}

impl Matched for Item {
    fn same(&self, other: &Self) -> bool {
        self == other || Self { sequence: other.sequence.clone(), ..self.clone() } == *other
    }

    fn likeness(&self, other: &Self) -> u32 {
        let bases = |item: &Self| -> Vec<_> { item.legal_bases.iter().map(|b| (b.title.clone(), b.article.clone())).collect() };
        let (ours, theirs) = (bases(self), bases(other));
        let shared = ours.iter().filter(|basis| theirs.contains(basis)).count();
        let level = u32::from(self.level == other.level && self.level.is_some());
        level * 1_000 + u32::try_from(shared).unwrap_or(u32::MAX).min(900)
    }
}

impl Matched for Guide {
    fn likeness(&self, other: &Self) -> u32 {
        u32::from(self.item == other.item) * 2 + u32::from(self.places == other.places)
    }
}

impl Matched for Material {
    fn likeness(&self, _: &Self) -> u32 {
        0
    }
}

impl Matched for domain::register::Agency {
    fn likeness(&self, other: &Self) -> u32 {
        u32::from(self.region == other.region)
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

/// The turns of rows of one identity, in their order.
async fn match_all<C: Matched>(there: There<'_>, code: &ProposedCode, rows: &[&C]) -> Result<Vec<u32>, RegistrarError> {
    let (kept, free) = chain::<C>(there, code).await?;
    let mut taken: Vec<Option<u32>> = vec![None; rows.len()];
    let mut left: Vec<_> = kept.iter().collect();
    // The same content first, and a row that says what another row says is that row.
    for (i, row) in rows.iter().enumerate() {
        if let Some(earlier) = rows[..i].iter().position(|earlier| earlier.same(row)) {
            taken[i] = taken[earlier];
        } else if let Some(place) = left.iter().position(|(_, content)| row.same(content)) {
            taken[i] = Some(left.remove(place).0);
        }
    }
    // Then the most alike, then the order.
    while let Some((i, place)) = closest(rows, &taken, &left) {
        taken[i] = Some(left.remove(place).0);
    }
    let mut free = free..;
    let mut new: Vec<(usize, u32)> = Vec::new();
    Ok(taken
        .iter()
        .enumerate()
        .map(|(i, turn)| {
            turn.or_else(|| new.iter().find(|(j, _)| rows[*j].same(rows[i])).map(|(_, turn)| *turn)).unwrap_or_else(|| {
                let turn = free.next().unwrap_or(MAX_TURNS);
                new.push((i, turn));
                turn
            })
        })
        .collect())
}

/// The row without a turn and the entry without a row that have most in common; the first of each among equals.
fn closest<C: Matched>(rows: &[&C], taken: &[Option<u32>], left: &[&(u32, Arc<C>)]) -> Option<(usize, usize)> {
    let open = rows.iter().enumerate().filter(|(i, row)| taken[*i].is_none() && !rows[..*i].iter().any(|earlier| earlier.same(row)));
    let pairs = open.flat_map(|(i, row)| left.iter().enumerate().map(move |(place, (_, content))| (row.likeness(content), i, place)));
    pairs.max_by_key(|(likeness, i, place)| (*likeness, std::cmp::Reverse((*i, *place)))).map(|(_, i, place)| (i, place))
}

/// The entries of an identity that are not repealed, by turn, and the first turn that nothing has.
async fn chain<C: Matched>(there: There<'_>, code: &ProposedCode) -> Result<(Vec<(u32, Arc<C>)>, u32), RegistrarError> {
    let ProposedCode::Assigned(identity) = code else { return Ok((Vec::new(), 0)) };
    let mut kept = Vec::new();
    for turn in 0..MAX_TURNS {
        let at: Code = code.code(C::REGISTER, turn).ok_or(RegistrarError::NoCode)?;
        let loaded = there.load::<C>(&at).await?;
        let Some(latest) = loaded.state.latest else { return Ok((kept, turn)) };
        if loaded.state.repeal.is_none() && latest.source.identity == *identity {
            kept.push((turn, latest.content));
        }
    }
    Ok((kept, MAX_TURNS))
}
