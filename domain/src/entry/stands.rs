//! How an entry stands for those that refer to it.

use chrono::{DateTime, Utc};

use super::{Published, State};
use crate::{
    register::{Content, Stands, is_shown, on_channel},
    value::Channel,
};

impl<C: Content> State<C> {
    /// How it stands, for whoever may know all that is published of it; `None`: nothing was published.
    pub fn stands(&self) -> Option<Stands<C>> {
        self.latest.as_ref().map(|latest| self.stands_by(latest))
    }

    /// How it stands by a revision, as if nothing were published after it.
    fn stands_by(&self, latest: &Published<C>) -> Stands<C> {
        let upto = self.timeline.partition_point(|kept| kept.effective_from <= latest.effective_from);
        let shown = self.timeline[..upto].iter().rev().take_while(|kept| is_shown(kept.content.as_ref())).last();
        Stands {
            content: latest.content.clone(),
            latest_from: latest.effective_from,
            before: self.before(latest.effective_from).map(|kept| (kept.effective_from, kept.content.clone())).collect(),
            from: self.timeline.first().map_or(latest.effective_from, |first| first.effective_from),
            shown_from: shown.map(|shown| shown.effective_from),
            until: self.repeal.as_ref().map(|repeal| repeal.effective_from),
            suspended_until: self.suspension.as_ref().map(|suspension| suspension.until.unwrap_or(DateTime::<Utc>::MAX_UTC)),
        }
    }

    /// How it stands at a moment for everybody, without what is withheld; `None`: nothing is published last by then that everybody may know of. That it
    /// is announced to be shown no more is nobody's to know, and until then it says what it says.
    pub fn stands_for_all(&self, at: DateTime<Utc>) -> Option<Stands<C>> {
        let hidden = self.timeline.iter().rev().take_while(|kept| kept.effective_from > at && !is_shown(kept.content.as_ref())).count();
        let latest = if hidden == 0 { self.latest.as_ref()? } else { self.timeline[..self.timeline.len() - hidden].last()? };
        let stands = self.stands_by(latest);
        let shown = on_channel(&latest.content, latest.content_hash, Channel::Online)?;
        let from = stands.shown_from?;
        // What it said before it was shown is nobody's to know, and so of the rest what is withheld.
        let before = self.before(latest.effective_from).filter(|kept| kept.effective_from >= from);
        let before = before.filter_map(|kept| {
            let shown = on_channel(&kept.content, kept.content_hash, Channel::Online)?;
            Some((kept.effective_from, shown.content))
        });
        Some(Stands { content: shown.content, before: before.collect(), from, ..stands })
    }

    /// The revisions that come into force before a moment.
    fn before(&self, latest_from: DateTime<Utc>) -> impl Iterator<Item = &Published<C>> {
        self.timeline.iter().take_while(move |kept| kept.effective_from < latest_from)
    }
}
