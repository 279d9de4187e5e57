//! Which row is which entry, among rows and entries of one identity.
//!
//! A row is the entry that says the same; else the one that is most like it; else the next in order; else it is new. So rows may
//! be swapped, dropped or split over files, and each keeps its code.

use std::{
    cmp::Reverse,
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use domain::{
    codec::Registered,
    envelope::Code,
    register::{Agency, CatalogueEntry, Guide, Item, Material},
    value::{Hash, Level, Reach, text},
};

/// Most pairs of a row and an entry that are compared. What is beyond that is matched in order: a sheet with so many changed lines
/// of one name cannot be told apart by looking closer either.
const MAX_PAIRS: usize = 1_000_000;

/// A content that rows of one identity are matched by.
pub(super) trait Matched: Registered {
    /// What two contents are compared by, taken out once.
    type Traits;

    /// The content without what is no change: a number on the list that moved.
    fn lasting(&self) -> std::borrow::Cow<'_, Self> {
        std::borrow::Cow::Borrowed(self)
    }

    /// The same content, but for what is no change.
    fn same(&self, other: &Self) -> bool {
        self == other || *self.lasting() == *other.lasting()
    }

    /// What the entry was before in words of both languages, where a content under its code says that it is another thing altogether.
    fn was_another(&self, _before: &Self) -> Option<(String, String)> {
        None
    }

    /// What it is compared by.
    fn traits(&self) -> Self::Traits;

    /// How much two contents of one identity have in common; 0 for nothing that counts.
    fn likeness(ours: &Self::Traits, theirs: &Self::Traits) -> u32;
}

/// What tells powers of one name apart.
pub(super) struct OfItem {
    level: Option<Level>,
    /// Titles and articles, each as one number, in order.
    bases: Vec<u64>,
}

impl Matched for Item {
    type Traits = OfItem;

    fn lasting(&self) -> std::borrow::Cow<'_, Self> {
        match self.sequence {
            None => std::borrow::Cow::Borrowed(self),
            Some(_) => std::borrow::Cow::Owned(Self { sequence: None, ..self.clone() }),
        }
    }

    /// Another name and another type: a power that is renamed stays of its type, and one that counts to another type keeps its name.
    fn was_another(&self, before: &Self) -> Option<(String, String)> {
        let renamed = text::fold(&self.name) != text::fold(&before.name);
        let words = || {
            let (name, of) = (&before.name, before.item_type.zh());
            (format!("“{name}”（{of}）"), format!("{name:?} ({of})"))
        };
        (renamed && self.item_type != before.item_type).then(words)
    }

    fn traits(&self) -> OfItem {
        let number = |basis: &domain::value::LegalBasis| {
            let mut hasher = DefaultHasher::new();
            (&basis.title, &basis.article).hash(&mut hasher);
            hasher.finish()
        };
        let mut bases: Vec<_> = self.legal_bases.iter().map(number).collect();
        bases.sort_unstable();
        OfItem { level: self.level, bases }
    }

    fn likeness(ours: &OfItem, theirs: &OfItem) -> u32 {
        let shared = ours.bases.iter().filter(|basis| theirs.bases.binary_search(basis).is_ok()).count();
        let level = u32::from(ours.level == theirs.level && ours.level.is_some());
        level * 1_000 + u32::try_from(shared).unwrap_or(u32::MAX).min(900)
    }
}

impl Matched for Guide {
    type Traits = (Code, Option<Hash>);

    fn traits(&self) -> Self::Traits {
        (self.item.clone(), Hash::of_content(&self.places).ok())
    }

    fn likeness(ours: &Self::Traits, theirs: &Self::Traits) -> u32 {
        u32::from(ours.0 == theirs.0) * 2 + u32::from(ours.1 == theirs.1)
    }
}

/// Lines of one matter differ in what they publish, and to whom.
impl Matched for CatalogueEntry {
    type Traits = (Option<Hash>, Vec<Level>, Vec<Reach>);

    fn traits(&self) -> Self::Traits {
        (Hash::of_content(&self.elements).ok(), self.levels.clone(), self.open_to.clone())
    }

    fn likeness(ours: &Self::Traits, theirs: &Self::Traits) -> u32 {
        u32::from(ours.0 == theirs.0) * 4 + u32::from(ours.1 == theirs.1) * 2 + u32::from(ours.2 == theirs.2)
    }
}

impl Matched for Material {
    type Traits = ();

    fn traits(&self) {}

    fn likeness((): &(), (): &()) -> u32 {
        0
    }
}

impl Matched for Agency {
    type Traits = Option<domain::value::Region>;

    fn traits(&self) -> Self::Traits {
        self.region.clone()
    }

    fn likeness(ours: &Self::Traits, theirs: &Self::Traits) -> u32 {
        u32::from(ours == theirs)
    }
}

/// The turns of rows, in their order. `kept` are the entries there are, with their turns; from `free` on nothing has a turn.
pub(super) fn matched<C: Matched>(rows: &[&C], kept: &[(u32, Arc<C>)], free: u32) -> Vec<u32> {
    if let ([_], []) = (rows, kept) {
        return vec![free];
    }
    let mut turns: Vec<Option<u32>> = vec![None; rows.len()];
    let keys: Vec<_> = rows.iter().map(|row| key(*row)).collect();
    // The same content first.
    let mut saying: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (place, (_, content)) in kept.iter().enumerate() {
        saying.entry(key(content.as_ref())).or_default().push_back(place);
    }
    let mut is_left = vec![true; kept.len()];
    // A row that says what another row says is that row: only the first of them is looked at.
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut open = Vec::new();
    for (i, key) in keys.iter().enumerate() {
        if *first.entry(key).or_insert(i) != i {
            continue;
        }
        match saying.get_mut(key).and_then(VecDeque::pop_front) {
            Some(place) => {
                is_left[place] = false;
                turns[i] = Some(kept[place].0);
            }
            None => open.push(i),
        }
    }
    // Then the most alike, then the order.
    let left: Vec<usize> = (0..kept.len()).filter(|place| is_left[*place]).collect();
    for (i, place) in pairs(rows, kept, &open, &left) {
        turns[i] = Some(kept[place].0);
    }
    // What is left of the rows is new.
    let new = open.into_iter().filter(|i| turns[*i].is_none()).collect::<Vec<_>>();
    for (i, turn) in new.into_iter().zip(free..) {
        turns[i] = Some(turn);
    }
    keys.iter().map(|key| turns[first[key.as_str()]].unwrap_or(free)).collect()
}

/// What two contents that are the same share, and no others.
fn key<C: Matched>(content: &C) -> String {
    serde_json::to_string(content.lasting().as_ref()).unwrap_or_default()
}

/// Rows without a turn and entries without a row, each with at most one other: those that have most in common first, and the first of
/// each among equals.
fn pairs<C: Matched>(rows: &[&C], kept: &[(u32, Arc<C>)], open: &[usize], left: &[usize]) -> Vec<(usize, usize)> {
    if open.len().saturating_mul(left.len()) > MAX_PAIRS {
        return open.iter().copied().zip(left.iter().copied()).collect();
    }
    let ours: Vec<_> = open.iter().map(|i| rows[*i].traits()).collect();
    let theirs: Vec<_> = left.iter().map(|place| kept[*place].1.traits()).collect();
    let mut all = Vec::with_capacity(ours.len() * theirs.len());
    for (i, our) in ours.iter().enumerate() {
        all.extend(theirs.iter().enumerate().map(|(place, their)| (Reverse(C::likeness(our, their)), i, place)));
    }
    all.sort_unstable();
    let (mut row_free, mut entry_free) = (vec![true; ours.len()], vec![true; theirs.len()]);
    let mut found = Vec::with_capacity(ours.len().min(theirs.len()));
    for (_, i, place) in all {
        if row_free[i] && entry_free[place] {
            (row_free[i], entry_free[place]) = (false, false);
            found.push((open[i], left[place]));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use domain::value::LegalBasis;
    use proptest::prelude::*;

    use super::*;

    fn power(bases: &[u8], sequence: u8, level: Option<Level>) -> Item {
        let law = |title: &u8| LegalBasis { title: format!("法{title}"), ..LegalBasis::default() };
        let legal_bases = bases.iter().map(law).collect();
        Item { sequence: Some(sequence.to_string()), level, legal_bases, ..plain() }
    }

    fn plain() -> Item {
        serde_json::from_value(serde_json::json!({
            "name": "某项处罚", "list": "POWER", "type": "PENALTY", "agency": "A1", "openness": { "attribute": "ACTIVE" },
        }))
        .unwrap()
    }

    /// The same by the words of the rule, one pair at a time.
    fn one_at_a_time(rows: &[&Item], kept: &[(u32, Arc<Item>)], mut free: u32) -> Vec<u32> {
        let mut turns: Vec<Option<u32>> = vec![None; rows.len()];
        let mut left: Vec<_> = kept.iter().collect();
        let same_before = |i: usize| rows[..i].iter().position(|earlier| earlier.same(rows[i]));
        for i in 0..rows.len() {
            if same_before(i).is_none()
                && let Some(place) = left.iter().position(|(_, content)| rows[i].same(content))
            {
                turns[i] = Some(left.remove(place).0);
            }
        }
        loop {
            let open = (0..rows.len()).filter(|i| turns[*i].is_none() && same_before(*i).is_none());
            let likeness = |i: usize, content: &Item| Item::likeness(&rows[i].traits(), &content.traits());
            let all = open.flat_map(|i| left.iter().enumerate().map(move |(place, (_, content))| (likeness(i, content), i, place)));
            let Some((_, i, place)) = all.max_by_key(|(likeness, i, place)| (*likeness, Reverse((*i, *place)))) else { break };
            turns[i] = Some(left.remove(place).0);
        }
        for i in 0..rows.len() {
            if turns[i].is_none() {
                turns[i] = same_before(i).map_or_else(
                    || {
                        free += 1;
                        Some(free - 1)
                    },
                    |earlier| turns[earlier],
                );
            }
        }
        (0..rows.len()).map(|i| turns[same_before(i).unwrap_or(i)].unwrap()).collect()
    }

    fn powers(most: usize) -> impl Strategy<Value = Vec<Item>> {
        let level = prop_oneof![Just(None), Just(Some(Level::City)), Just(Some(Level::County))];
        let one = (prop::collection::vec(0..4_u8, 0..4), 0..3_u8, level);
        prop::collection::vec(one.prop_map(|(bases, sequence, level)| power(&bases, sequence, level)), 0..most)
    }

    proptest! {
        #[test]
        fn matching_all_at_once_is_matching_one_at_a_time(rows in powers(9), kept in powers(9)) {
            let rows: Vec<_> = rows.iter().collect();
            let kept: Vec<_> = (0..).zip(kept.into_iter().map(Arc::new)).collect();
            let free = u32::try_from(kept.len()).unwrap();
            prop_assert_eq!(matched(&rows, &kept, free), one_at_a_time(&rows, &kept, free));
        }
    }

    #[test]
    fn rows_that_say_the_same_share_a_turn_also_where_they_changed() {
        let (before, now) = (power(&[1], 1, None), power(&[1, 2], 1, None));
        let kept = [(0, Arc::new(before))];
        assert_eq!(matched(&[&now, &now], &kept, 1), [0, 0]);
    }

    #[test]
    fn many_rows_of_one_name_are_matched() {
        let many: Vec<_> = (0..30_000_u32).map(|i| Item { remark: Some(i.to_string()), ..plain() }).collect();
        let kept: Vec<_> = (0..).zip(many.iter().rev().cloned().map(Arc::new)).collect();
        let rows: Vec<_> = many.iter().collect();
        let turns = matched(&rows, &kept, 30_000);
        assert_eq!((turns[0], turns[29_999]), (29_999, 0));
        // All changed, and twice as many: beyond all pairs the order decides, and the others are new.
        let changed: Vec<_> = (0..60_000_u32).map(|i| Item { remark: Some(format!("改{i}")), ..plain() }).collect();
        let rows: Vec<_> = changed.iter().collect();
        let turns = matched(&rows, &kept, 30_000);
        assert_eq!((turns[0], turns[29_999], turns[30_000], turns[59_999]), (0, 29_999, 30_000, 59_999));
    }
}
