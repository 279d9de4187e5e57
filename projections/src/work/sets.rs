//! Change sets as they stand, and which entries are members of those that are on their way.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use domain::{
    acting::PersonId,
    changeset::{Kind, State, Step},
    envelope::{Code, EntryName, Position},
    value::Hash,
};

/// A change set in a list: without its members, which its stream holds.
#[derive(Debug, Clone, PartialEq)]
pub struct SetRow {
    /// Its code.
    pub code: Code,
    /// Place of its first event; newer sets have later ones.
    pub begun: Position,
    /// What its history amounts to. Of a set that came to its end the members are left out.
    pub state: State,
}

/// All sets by the place where they began, and the members of the open ones.
#[derive(Debug, Default)]
pub(super) struct Sets {
    rows: BTreeMap<Position, Arc<SetRow>>,
    places: HashMap<Code, Position>,
    members: HashMap<EntryName, (Code, Option<Hash>)>,
    /// Members of sets that came to their end of which drafts may be left, with the place of that end: whoever ended the set may have been
    /// cut off.
    left: HashMap<EntryName, (Code, Hash, Position)>,
    /// What approved sets repeal and is not repealed yet.
    ending: HashMap<EntryName, Code>,
    /// Approved sets that only repeal: of them no draft tells that something is left.
    repealing: BTreeSet<Code>,
}

impl Sets {
    /// Notes a set as it is now, with the places of its first event and of its last.
    pub(super) fn put(&mut self, code: &Code, (begun, last): (Position, Position), mut state: State) {
        if let Some(before) = self.places.get(code).and_then(|place| self.rows.get(place)) {
            for member in before.state.members.iter() {
                let of_it = self.members.get(&member.entry()).is_some_and(|(set, _)| set == code);
                if of_it {
                    self.members.remove(&member.entry());
                }
            }
        }
        if state.step.is_open() {
            for member in state.members.iter() {
                self.members.insert(member.entry(), (code.clone(), member.content_hash));
            }
        } else {
            let drafted = state.members.iter().filter_map(|member| Some((member.entry(), member.content_hash?)));
            let left: Vec<_> = drafted.map(|(entry, hash)| (entry, (code.clone(), hash, last))).collect();
            if left.is_empty() && state.step == Step::Approved {
                self.repealing.insert(code.clone());
            }
            self.left.extend(left);
            if state.step == Step::Approved {
                let gone = state.members.iter().filter(|member| member.kind == Kind::Gone);
                self.ending.extend(gone.map(|member| (member.entry(), code.clone())));
            }
            state.members = Arc::default();
        }
        self.places.insert(code.clone(), begun);
        self.rows.insert(begun, Arc::new(SetRow { code: code.clone(), begun, state }));
    }

    /// Whether a draft with this content goes its way as a member of an open set. One that says something else goes alone.
    pub(super) fn carries(&self, entry: &EntryName, content_hash: Option<Hash>) -> bool {
        content_hash.is_some() && self.members.get(entry).is_some_and(|(_, hash)| *hash == content_hash)
    }

    /// The set, with the openness office or the approver, that carries a draft with this content.
    pub(super) fn passing(&self, entry: &EntryName, content_hash: Option<Hash>) -> Option<&Code> {
        let (set, _) = self.members.get(entry).filter(|_| self.carries(entry, content_hash))?;
        let row = self.places.get(set).and_then(|place| self.rows.get(place))?;
        matches!(row.state.step, Step::Proposed | Step::Reviewed).then_some(set)
    }

    /// Notes what the draft of an entry says now; nothing: there is none.
    pub(super) fn note_draft(&mut self, entry: &EntryName, content_hash: Option<Hash>) {
        let is_left = self.left.get(entry).is_some_and(|(_, hash, _)| Some(*hash) == content_hash);
        if !is_left {
            self.left.remove(entry);
        }
    }

    /// Notes that an entry was repealed.
    pub(super) fn note_repealed(&mut self, entry: &EntryName) {
        self.ending.remove(entry);
    }

    /// The set that came to its end, by an approval or a withdrawal, and may not have reached the draft of an entry. `says`: what that says, and since
    /// when: one that somebody wrote or moved after that end is their own, whatever it says.
    pub(super) fn decided(&self, entry: &EntryName, says: Option<(Hash, Position)>) -> Option<&Code> {
        let (set, hash, end) = self.left.get(entry)?;
        says.is_some_and(|(said, since)| said == *hash && since < *end).then_some(set)
    }

    /// The set that came to its end and may not have reached a member. `says`: what the draft of the entry says, and since when.
    pub(super) fn ended(&self, entry: &EntryName, says: Option<(Hash, Position)>) -> Option<&Code> {
        self.decided(entry, says).or_else(|| self.ending.get(entry))
    }

    /// Sets that came to their end and may not have reached all of their members. `says` tells what the draft of an entry says, and since
    /// when, see [`Sets::decided`].
    pub(super) fn unfinished(&self, says: impl Fn(&EntryName) -> Option<(Hash, Position)>) -> BTreeSet<Code> {
        let left = self.left.keys().filter_map(|entry| self.decided(entry, says(entry)));
        left.chain(&self.repealing).cloned().collect()
    }

    /// How many sets a person has on their way.
    pub(super) fn of_person(&self, person: &PersonId) -> usize {
        self.rows.values().filter(|row| row.state.step.is_open() && person.is_any(&row.state.drafters)).count()
    }

    /// The sets that fit, the newest first, after a place.
    pub(super) fn page(&self, fits: impl Fn(&SetRow) -> bool, after: Option<Position>, first: usize) -> (Vec<Arc<SetRow>>, bool, usize) {
        let (mut page, mut more, mut total) = (Vec::new(), false, 0);
        for row in self.rows.values().rev().filter(|row| fits(row)) {
            total += 1;
            if after.is_some_and(|after| row.begun >= after) {
                continue;
            }
            if page.len() < first {
                page.push(row.clone());
            } else {
                more = true;
            }
        }
        (page, more, total)
    }
}

#[cfg(test)]
mod tests {
    use domain::{changeset::Member, register::Register};

    use super::*;

    fn code(text: &str) -> Code {
        text.parse().unwrap()
    }

    fn set(step: Step, members: &[&str]) -> State {
        let member = |at: &&str| Member {
            register: Register::Item,
            code: code(at),
            kind: Kind::New,
            content_hash: Some(Hash::of_bytes(at.as_bytes())),
            follows: 0,
            reason: None,
        };
        State { step, members: Arc::new(members.iter().map(member).collect()), drafters: [PersonId::new("p")].into(), ..State::default() }
    }

    fn at(number: u64) -> Position {
        Position::single(number)
    }

    fn carries(sets: &Sets, at: &str) -> bool {
        sets.carries(&EntryName::new(Register::Item, code(at)), Some(Hash::of_bytes(at.as_bytes())))
    }

    #[test]
    fn members_are_those_of_open_sets_as_they_stand_now() {
        let mut sets = Sets::default();
        sets.put(&code("S1"), (at(1), at(10)), set(Step::Proposed, &["a", "b"]));
        sets.put(&code("S2"), (at(5), at(10)), set(Step::Proposed, &["c"]));
        assert!(carries(&sets, "a") && carries(&sets, "b") && carries(&sets, "c") && !carries(&sets, "d"));
        let other = Some(Hash::of_bytes(b"other"));
        assert!(!sets.carries(&EntryName::new(Register::Item, code("a")), other), "a draft that says something else goes alone");
        assert_eq!(sets.of_person(&PersonId::new("p")), 2);
        let passing = |sets: &Sets, at: &str| {
            sets.passing(&EntryName::new(Register::Item, code(at)), Some(Hash::of_bytes(at.as_bytes()))).map(ToString::to_string)
        };
        assert_eq!([passing(&sets, "a"), passing(&sets, "d")], [Some("S1".to_owned()), None]);
        sets.put(&code("S2"), (at(5), at(10)), set(Step::Returned, &["c"]));
        assert_eq!(passing(&sets, "c"), None, "a set that was returned passes nothing on");
        sets.put(&code("S1"), (at(1), at(10)), set(Step::Proposed, &["b", "d"]));
        assert!(!carries(&sets, "a") && carries(&sets, "b") && carries(&sets, "d"));
        sets.put(&code("S1"), (at(1), at(10)), set(Step::Approved, &["b", "d"]));
        assert!(!carries(&sets, "b") && carries(&sets, "c"));
        assert_eq!((sets.of_person(&PersonId::new("p")), sets.of_person(&PersonId::new("q"))), (1, 0));
    }

    #[test]
    fn a_set_that_ended_is_unfinished_while_a_draft_says_what_it_says() {
        let mut sets = Sets::default();
        let entry = |at: &str| EntryName::new(Register::Item, code(at));
        let hash = |text: &str| Hash::of_bytes(text.as_bytes());
        let unfinished = |sets: &Sets, drafts: &[(&str, &str)]| {
            let says = |asked: &EntryName| drafts.iter().find(|(at, _)| entry(at) == *asked).map(|(_, says)| (hash(says), at(9)));
            sets.unfinished(says).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        sets.put(&code("S1"), (at(1), at(10)), set(Step::Reviewed, &["a", "b"]));
        assert_eq!(unfinished(&sets, &[("a", "a"), ("b", "b")]), "", "it is on its way");
        sets.put(&code("S1"), (at(1), at(10)), set(Step::Approved, &["a", "b"]));
        assert_eq!(unfinished(&sets, &[("a", "a"), ("b", "b")]), "S1");
        assert!(sets.unfinished(|_| Some((hash("a"), at(11)))).is_empty(), "somebody drafts the same since");
        sets.note_draft(&entry("a"), None);
        sets.note_draft(&entry("b"), Some(hash("b")));
        assert_eq!(unfinished(&sets, &[("b", "b")]), "S1");
        assert_eq!(unfinished(&sets, &[("b", "other")]), "", "somebody drafts something else");
        sets.note_draft(&entry("b"), None);
        assert_eq!(unfinished(&sets, &[("a", "a"), ("b", "b")]), "", "what is drafted after it is not of the set");
        sets.put(&code("S2"), (at(3), at(10)), set(Step::Approved, &[]));
        sets.put(&code("S3"), (at(4), at(10)), set(Step::Withdrawn, &["c"]));
        assert_eq!(unfinished(&sets, &[("c", "c")]), "S2 S3", "of one that only repeals no draft tells");
    }

    #[test]
    fn a_member_of_a_set_that_ended_is_told_until_it_is_reached() {
        let mut sets = Sets::default();
        let entry = |at: &str| EntryName::new(Register::Item, code(at));
        let gone = |at: &str| Member { kind: Kind::Gone, content_hash: None, ..set(Step::Approved, &[at]).members[0].clone() };
        let says = |at: &str, since| Some((Hash::of_bytes(at.as_bytes()), Position::single(since)));
        let mixed = |step| State { members: Arc::new(vec![set(step, &["a"]).members[0].clone(), gone("g")]), ..set(step, &[]) };
        sets.put(&code("S1"), (at(1), at(10)), mixed(Step::Reviewed));
        assert_eq!((sets.ended(&entry("a"), says("a", 9)), sets.ended(&entry("g"), None)), (None, None), "it is on its way");
        sets.put(&code("S1"), (at(1), at(10)), mixed(Step::Approved));
        let told = |sets: &Sets| [sets.ended(&entry("a"), says("a", 9)).is_some(), sets.ended(&entry("g"), None).is_some()];
        assert_eq!(told(&sets), [true, true]);
        assert_eq!(sets.ended(&entry("a"), says("a", 11)), None, "somebody drafts the same since");
        assert_eq!(sets.ended(&entry("b"), None), None);
        sets.note_draft(&entry("a"), None);
        assert_eq!(told(&sets), [false, true]);
        sets.note_repealed(&entry("g"));
        assert_eq!(told(&sets), [false, false]);
        sets.put(&code("S2"), (at(2), at(12)), mixed(Step::Withdrawn));
        assert_eq!(told(&sets), [true, false], "what a set that was withdrawn was to repeal stays");
    }

    #[test]
    fn pages_hold_the_newest_first() {
        let mut sets = Sets::default();
        for n in 1..=5 {
            sets.put(&code(&format!("S{n}")), (at(n), at(10)), set(Step::Proposed, &[]));
        }
        let codes = |after, first| {
            let (page, more, total) = sets.page(|row| row.code.as_str() != "S3", after, first);
            (page.iter().map(|row| row.code.to_string()).collect::<Vec<_>>().join(" "), more, total)
        };
        assert_eq!(codes(None, 2), ("S5 S4".to_owned(), true, 4));
        assert_eq!(codes(Some(at(4)), 2), ("S2 S1".to_owned(), false, 4));
        assert_eq!(codes(Some(at(1)), 2), (String::new(), false, 4));
    }
}
