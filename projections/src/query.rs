//! Lists and counts of what is shown at a moment.
//!
//! The terms of a store say what may be shown; whether it is shown is computed from the clock of the request. Only entries
//! under [`Index::Temporal`] have to be looked at for that; for all others the terms are exact at every moment that is not before
//! the last recorded event of the entry.

use chrono::{DateTime, Utc};
use domain::{
    envelope::Code,
    register::Register,
    value::{Channel, text},
};

use crate::{
    document::Document,
    store::{Snapshot, ViewError},
    term::{Index, Term},
};

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Terms that must all hold.
    pub terms: Vec<Term>,
    /// Text that must be in a name or the code, whatever its width, case and spaces.
    pub text: Option<String>,
}

/// A page of a list.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// The documents, by code.
    pub documents: Vec<Document>,
    /// Whether more follow.
    pub more: bool,
}

/// Most codes that one step looks at.
const STEP: usize = 512;

/// A page of what a channel shows at a moment: at most `first` entries after a code.
pub async fn list(
    snapshot: &dyn Snapshot,
    (channel, register): (Channel, Register),
    query: &ListQuery,
    now: DateTime<Utc>,
    after: Option<Code>,
    first: usize,
) -> Result<Listed, ViewError> {
    let text = query.folded();
    // Without a text nearly every code is a hit, and looking one further tells whether more follow.
    let step = if text.is_some() { STEP } else { first + 1 };
    list_hits(snapshot, (channel, register), &query.terms, (after, first, step), |d| query.holds(d, text.as_deref(), now)).await
}

/// A page of what a channel announces at a moment: entries of which nothing is shown, of an agency or of all.
pub async fn list_announced(
    snapshot: &dyn Snapshot,
    place: (Channel, Register),
    agency: Option<&Code>,
    now: DateTime<Utc>,
    after: Option<Code>,
    first: usize,
) -> Result<Listed, ViewError> {
    list_hits(snapshot, place, &announced_terms(agency), (after, first, STEP), |d| is_announced(d, agency, now)).await
}

/// How many entries a channel announces at a moment.
pub async fn count_announced(
    snapshot: &dyn Snapshot,
    place: (Channel, Register),
    agency: Option<&Code>,
    now: DateTime<Utc>,
) -> Result<usize, ViewError> {
    count_hits(snapshot, place, &announced_terms(agency), |d| is_announced(d, agency, now)).await
}

/// What is not in force yet depends on the clock.
fn announced_terms(agency: Option<&Code>) -> Vec<Term> {
    std::iter::once(Term::fixed(Index::Temporal, "")).chain(agency.map(|code| Term::of_code(Index::Agency, code))).collect()
}

fn is_announced(document: &Document, agency: Option<&Code>, now: DateTime<Utc>) -> bool {
    agency.map_or_else(|| document.is_announced_at(now), |agency| document.is_announced_of(agency, now))
}

async fn list_hits(
    snapshot: &dyn Snapshot,
    (channel, register): (Channel, Register),
    terms: &[Term],
    (mut after, first, step): (Option<Code>, usize, usize),
    hit: impl Fn(&Document) -> bool,
) -> Result<Listed, ViewError> {
    let mut page = Listed::default();
    loop {
        let codes = snapshot.find(channel, register, terms, after.as_ref(), step).await?;
        let last = codes.len() < step;
        for document in snapshot.get_many(channel, register, &codes).await?.into_iter().flatten() {
            if !hit(&document) {
                continue;
            }
            if page.documents.len() == first {
                page.more = true;
                return Ok(page);
            }
            page.documents.push(document);
        }
        after = codes.into_iter().next_back();
        if last {
            return Ok(page);
        }
    }
}

/// How many entries a channel shows at a moment.
pub async fn count(
    snapshot: &dyn Snapshot,
    (channel, register): (Channel, Register),
    query: &ListQuery,
    now: DateTime<Utc>,
) -> Result<usize, ViewError> {
    if let Some(text) = query.folded() {
        return count_hits(snapshot, (channel, register), &query.terms, |d| query.holds(d, Some(&text), now)).await;
    }
    let may = snapshot.count(channel, register, &query.terms).await?;
    let mut temporal = query.terms.clone();
    temporal.push(Term::new(Index::Temporal, ""));
    let not = count_hits(snapshot, (channel, register), &temporal, |d| !query.holds(d, None, now)).await?;
    Ok(may.saturating_sub(not))
}

async fn count_hits(
    snapshot: &dyn Snapshot,
    (channel, register): (Channel, Register),
    terms: &[Term],
    hit: impl Fn(&Document) -> bool,
) -> Result<usize, ViewError> {
    let mut hits = 0;
    let mut after = None;
    loop {
        let codes = snapshot.find(channel, register, terms, after.as_ref(), STEP).await?;
        if codes.is_empty() {
            return Ok(hits);
        }
        let documents = snapshot.get_many(channel, register, &codes).await?;
        hits += documents.iter().flatten().filter(|document| hit(document)).count();
        let last = codes.len() < STEP;
        after = codes.into_iter().next_back();
        if last {
            return Ok(hits);
        }
    }
}

impl ListQuery {
    fn folded(&self) -> Option<String> {
        self.text.as_deref().map(text::fold).filter(|text| !text.is_empty())
    }

    fn holds(&self, document: &Document, text: Option<&str>, now: DateTime<Utc>) -> bool {
        text.is_none_or(|text| document.words().contains(text)) && document.matches_at(&self.terms, now)
    }
}
