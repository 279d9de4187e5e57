//! What the checks find in an entry, and beside it.

use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    entry::State,
    envelope::{Code, Position},
    register::{Content, Moment, findings_shown, withheld_of},
    value::Finding,
};
use journal::{Knowledge, Known, LoadError, SharedJournal};
use projections::{Work, history::Audience};

use super::Viewer;
use crate::registrar::{
    change::{Eyes, findings_beside},
    sight::last_public,
};

/// What is found in a content, and how to look beside it once somebody asks: that takes a look into the log for each entry that it refers to.
#[derive(Debug)]
pub(super) struct Findings {
    within: Vec<Finding>,
    beside: Arc<dyn LookBeside>,
    now: DateTime<Utc>,
    /// What was recorded later counts as not recorded; `None`: everything counts.
    up_to: Option<Knowledge>,
}

#[async_trait]
trait LookBeside: Debug + Send + Sync {
    async fn look(&self, journal: SharedJournal, work: &Work, now: DateTime<Utc>) -> Result<Vec<Finding>, LoadError>;
}

/// A content, and who looks.
#[derive(Debug)]
struct Looked<C> {
    code: Code,
    content: Arc<C>,
    eyes: Eyes,
    under_way: bool,
    /// When what is published comes into force that is looked at; `None`: it is a draft.
    effective_from: Option<DateTime<Utc>>,
    /// The content with what is withheld of the one that is shown.
    whole: Option<Arc<C>>,
}

#[async_trait]
impl<C: Content> LookBeside for Looked<C> {
    async fn look(&self, journal: SharedJournal, work: &Work, now: DateTime<Utc>) -> Result<Vec<Finding>, LoadError> {
        let at = (journal.as_ref(), work);
        let moment = self.effective_from.map_or(Moment::Drafted(now), |from| Moment::Held(from.max(now)));
        let mut found = findings_beside(self.eyes, at, (&self.code, self.content.as_ref()), (moment, self.under_way)).await?;
        // As within: what is found only because something is withheld is not there to be found, and of the withheld nothing is told.
        if let Some(whole) = self.whole.as_ref().filter(|_| !found.is_empty()) {
            let of_whole = findings_beside(self.eyes, at, (&self.code, whole.as_ref()), (moment, self.under_way)).await?;
            let withheld: Vec<_> = withheld_of(whole.as_ref()).cloned().collect();
            found.retain(|finding| of_whole.contains(finding) && !finding.is_of_any(&withheld));
        }
        Ok(found)
    }
}

impl Findings {
    /// What there is to find for whoever asks: in the draft, where they may know of it, else in what is published last. `None` if there is
    /// neither.
    pub(super) fn of<C: Registered>(viewer: &Viewer, (code, state): (&Code, &State<C>), audience: Audience) -> Option<Self> {
        let code = code.clone();
        let (within, looked) = match (audience, &state.pending, &state.latest) {
            (Audience::Public, ..) => {
                let (published, shown) = last_public(state, viewer.now)?;
                let within = findings_shown(published.content.as_ref(), &shown);
                let (whole, effective_from) = (Some(published.content.clone()), Some(published.effective_from));
                (within, Looked { code, content: shown, eyes: Eyes::Public, under_way: false, effective_from, whole })
            }
            (Audience::Keeper, Some(pending), _) => {
                let (content, under_way) = (pending.content.clone(), state.under_way().is_some());
                let looked = Looked { code, content, eyes: Eyes::Keeper, under_way, effective_from: None, whole: None };
                (pending.content.check(), looked)
            }
            (Audience::Keeper, None, Some(latest)) => {
                let (content, effective_from) = (latest.content.clone(), Some(latest.effective_from));
                let looked = Looked { code, content, eyes: Eyes::Keeper, under_way: false, effective_from, whole: None };
                (latest.content.check(), looked)
            }
            (Audience::Keeper, None, None) => return None,
        };
        let undone = match audience {
            Audience::Public => state.corrections_undone_for_all(viewer.now),
            Audience::Keeper => state.corrections_undone(viewer.now),
        };
        let within = within.into_iter().chain(undone).collect();
        Some(Self { within, beside: Arc::new(looked), now: viewer.now, up_to: None })
    }

    /// The same by what had been recorded up to a place of the log.
    pub(super) fn up_to(self, at: Option<Position>) -> Self {
        Self { up_to: Some(Knowledge::Place(at)), ..self }
    }

    /// All of it.
    pub(super) async fn all(&self, (journal, work): (SharedJournal, &Work)) -> Result<Vec<Finding>, LoadError> {
        let journal = match self.up_to {
            Some(knowledge) => Arc::new(Known::new(journal, knowledge)),
            None => journal,
        };
        let beside = self.beside.look(journal, work, self.now).await?;
        Ok(self.within.iter().cloned().chain(beside).collect())
    }
}
