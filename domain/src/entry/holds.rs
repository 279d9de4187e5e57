//! Which of the published revisions hold at all, and by which an entry is called.

use chrono::{DateTime, Utc};

use super::{Published, State};

impl<C> State<C> {
    /// Whether a published revision never holds: a later one of the same moment took its place, or the entry ceases no later than it would begin.
    pub fn never_holds(&self, revision: u32) -> bool {
        self.timeline.iter().position(|kept| kept.revision == revision).is_some_and(|place| !self.holds(place))
    }

    /// The published revisions that hold, held or will, by the time from which they do.
    pub fn holding(&self) -> impl Iterator<Item = &Published<C>> {
        self.timeline.iter().enumerate().filter(|(place, _)| self.holds(*place)).map(|(_, kept)| kept)
    }

    /// The published revisions by which an entry may be called at a moment, the best first: the one in force, or of what has ceased the last that was; then
    /// those to come, in order; then those before. Where none holds, as of an entry that is repealed for its very beginning, the last that was published.
    pub fn called_by_at(&self, now: DateTime<Utc>) -> Vec<&Published<C>> {
        let (mut begun, to_come): (Vec<_>, Vec<_>) = self.holding().partition(|kept| kept.effective_from <= now);
        let in_force = begun.pop();
        begun.reverse();
        in_force.into_iter().chain(to_come).chain(begun).chain(&self.latest).collect()
    }

    fn holds(&self, place: usize) -> bool {
        let begins = self.timeline[place].effective_from;
        let overtaken = self.timeline.get(place + 1).is_some_and(|next| next.effective_from == begins);
        !overtaken && self.repeal.as_ref().is_none_or(|repeal| repeal.effective_from > begins)
    }
}
