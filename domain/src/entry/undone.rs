//! What an upcoming revision takes back of a correction. It says all that the entry will say, and was written before anybody knew better (Art. 7).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Published, State};
use crate::{
    calendar::china::spoken,
    diff::{FieldChange, changes},
    register::{Content, on_channel, withheld_of},
    value::{Channel, Finding},
};

/// The stable code of its findings.
const CODE: &str = "CORRECTION_UNDONE";

/// A field that was corrected and of which an upcoming revision says again what it said before.
#[derive(Debug, Clone, PartialEq)]
struct Undone {
    /// What the correction changed.
    change: FieldChange,
    /// Number of the upcoming revision.
    by: u32,
    /// From when that holds.
    from: DateTime<Utc>,
}

impl<C: Content> State<C> {
    /// The fields that a correction changed, and of which a revision that was published before it and is upcoming says again what the corrected one said: a
    /// content is replaced whole, so on its day what was not accurate would be shown again. For whoever may know all that is published of the entry.
    pub fn corrections_undone(&self, now: DateTime<Utc>) -> Vec<Finding> {
        self.undone(now, |kept| Some(kept.content.clone())).iter().map(Undone::finding).collect()
    }

    /// The same for everybody: of what the website shows, and of no field that any of the revisions withholds.
    pub fn corrections_undone_for_all(&self, now: DateTime<Utc>) -> Vec<Finding> {
        let undone = self.undone(now, |kept| on_channel(&kept.content, kept.content_hash, Channel::Online).map(|shown| shown.content));
        let withheld: Vec<String> = self.timeline.iter().flat_map(|kept| withheld_of(kept.content.as_ref())).cloned().collect();
        undone.iter().map(Undone::finding).filter(|finding| !finding.is_of_any(&withheld)).collect()
    }

    fn undone(&self, now: DateTime<Utc>, said: impl Fn(&Published<C>) -> Option<Arc<C>>) -> Vec<Undone> {
        let value = |kept: &Published<C>| said(kept).and_then(|content| serde_json::to_value(content.as_ref()).ok());
        let mut all: Vec<Undone> = Vec::new();
        for upcoming in self.holding().filter(|kept| kept.effective_from > now) {
            let corrections = self.corrections.iter().map(|debt| debt.revision).filter(|number| *number > upcoming.revision);
            for correction in corrections {
                let Some(place) = self.timeline.iter().position(|kept| kept.revision == correction) else { continue };
                let corrected = &self.timeline[place];
                // What was corrected: what held then by what was published before.
                let before = self.timeline[..place].iter().rev().find(|kept| kept.revision < correction);
                // What holds until the upcoming revision begins, of what was published as late as the correction: a second one may have taken it back.
                let until = |kept: &&Published<C>| kept.revision >= correction && kept.effective_from < upcoming.effective_from;
                let Some((before, until)) = before.zip(self.timeline.iter().rev().find(until)) else { continue };
                let [Some(before), Some(corrected), Some(until), Some(again)] = [before, corrected, until, upcoming].map(value) else {
                    continue;
                };
                let back = changes(&until, &again);
                for change in changes(&before, &corrected) {
                    let says_it_again = back.iter().any(|back| back.path == change.path && back.after == change.before);
                    let undone = Undone { change, by: upcoming.revision, from: upcoming.effective_from };
                    let known = all.iter().any(|known| known.by == undone.by && known.change.path == undone.change.path);
                    if says_it_again && !known {
                        all.push(undone);
                    }
                }
            }
        }
        all
    }
}

impl Undone {
    fn finding(&self) -> Finding {
        let Self { change: FieldChange { path, label, before, .. }, by, from } = self;
        let day = spoken(*from);
        let (said, said_en) = match before {
            Some(Value::String(said)) => (format!("“{said}”"), format!("{said:?}")),
            Some(_) => ("更正前的内容".to_owned(), "what it said before".to_owned()),
            None => ("更正前的空缺".to_owned(), "nothing, as before".to_owned()),
        };
        Finding::warning(
            CODE,
            path.clone(),
            format!("{label}已经更正，但北京时间{day}起实施的第{by}版又恢复为{said}；请以该实施时间（effectiveFrom）对该版一并更正"),
            format!(
                "{path} was corrected, and revision {by}, which holds from {day} China time, says {said_en} again: correct that one too, with its effectiveFrom"
            ),
        )
    }
}
