//! Who may know of a deadline.

use domain::deadline::{Occasion, Trigger};
use projections::{About, Knows, is_of_public};

use crate::auth::{Caller, Office};

/// As what somebody may know of a case; nobody: an anonymous caller.
///
/// That an approved change of a public entry was shown on both channels in time is for everybody (Art. 10(2)): the revision, its approval and
/// its receipts are public. All else is work within: when a draft was submitted, that something is withheld, who reported what. Whoever takes part
/// in the changes of who answers, and auditors, know of it; a clerk knows of the reports of what they show.
pub fn sees(caller: Option<&Caller>, about: &About<'_>) -> Knows {
    if caller.is_some_and(|caller| is_within(caller, about)) {
        return Knows::Within;
    }
    if about.public.is_some() && is_of_public(about.rule) { Knows::Public } else { Knows::Nothing }
}

fn is_within(caller: &Caller, about: &About<'_>) -> bool {
    let answers = || about.agencies.into_iter().flatten();
    if answers().any(|agency| caller.sees_drafts_of(agency)) {
        return true;
    }
    let is_report = about.rule.trigger == Trigger::On(Occasion::InaccuracyReported);
    let clerk = || caller.grants().iter().any(|grant| grant.office == Office::Clerk && answers().any(|agency| grant.scope.covers(agency)));
    is_report && clerk()
}
