//! What goes out of a register: what the public was shown at a moment, as the register knew it then.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    envelope::Code,
    register::{Agency, CatalogueEntry, Register},
    value::Channel,
};
use exchange::export::CatalogueLine;
use journal::{Knowledge, Known, SharedJournal};
use projections::{Index, ListQuery, RunnerError, Snapshot, Term, ViewError, Viewed, list, views_of};

/// Entries that are read at a time.
const PAGE: usize = 500;

/// Why nothing can go out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The views cannot be made.
    #[error(transparent)]
    Runner(#[from] RunnerError),
    /// The views cannot be read.
    #[error(transparent)]
    Views(#[from] ViewError),
}

/// The lines of the openness catalogue that were in force on the public channel at a moment, as it was known at that moment: what was
/// recorded later, be it for an earlier time, is no part of it. Of one agency, where it is given. What is withheld or reaches no
/// channel is in none of them (Art. 8(1)).
pub async fn catalogue(
    journal: SharedJournal,
    at: DateTime<Utc>,
    agency: Option<&Code>,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<Vec<CatalogueLine>, ExportError> {
    let known = Arc::new(Known::new(journal, Knowledge::Moment(at)));
    let snapshot = views_of(known, progress).await?.now().await?;
    let terms = agency.map(|code| Term::of_code(Index::Agency, code)).into_iter().collect();
    let query = ListQuery { terms, text: None };
    let mut lines: Vec<(Code, Arc<CatalogueEntry>)> = Vec::new();
    let mut after = None;
    loop {
        let page = list(snapshot.as_ref(), (Channel::Online, Register::Openness), &query, at, after, PAGE).await?;
        let shown = page.documents.iter().filter_map(CatalogueEntry::view);
        lines.extend(shown.filter_map(|view| Some((view.code.clone(), view.shown_at(at)?.content.clone()))));
        after = page.documents.last().map(|document| document.code().clone());
        if !page.more || after.is_none() {
            break;
        }
    }
    let names = names(snapshot.as_ref(), lines.iter().map(|(_, entry)| &entry.agency), at).await?;
    let line = |(code, entry): (Code, Arc<CatalogueEntry>)| {
        // An agency that is not public, or not there, is called by its code.
        let agency = names.get(&entry.agency).cloned().unwrap_or_else(|| entry.agency.to_string());
        CatalogueLine { code, entry, agency }
    };
    Ok(lines.into_iter().map(line).collect())
}

/// The names of agencies, as they are in force or last were.
async fn names<'a>(
    snapshot: &dyn Snapshot,
    codes: impl Iterator<Item = &'a Code>,
    at: DateTime<Utc>,
) -> Result<HashMap<Code, String>, ViewError> {
    let mut codes: Vec<Code> = codes.cloned().collect();
    codes.sort_unstable();
    codes.dedup();
    let mut names = HashMap::new();
    for codes in codes.chunks(PAGE) {
        let documents = snapshot.get_many(Channel::Online, Register::Agency, codes).await?;
        for view in documents.iter().flatten().filter_map(Agency::view) {
            let shown = view.shown_at(at).map(|shown| shown.content.name.clone());
            let last = || view.revisions.iter().rev().find(|r| r.effective_from <= at).and_then(|r| Some(r.content.as_ref()?.name.clone()));
            names.extend(shown.or_else(last).map(|name| (view.code.clone(), name)));
        }
    }
    Ok(names)
}
