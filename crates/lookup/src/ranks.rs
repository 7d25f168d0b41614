//! How well customers match.

use crate::{
    key::{Place, Reach},
    term::Role,
    vocabulary::Slot,
};

/// A rank: smaller is better.
///
/// Names come first: a whole surname, a whole given name, the beginning of either, a part inside; within each the
/// written before the spoken before the former. Identifiers that happen to hold the typed letters follow, and readings that a
/// name may have come last.
pub(crate) type Rank = u8;

/// The best rank there is: the customer's own id.
pub(crate) const BEST: Rank = 0;
const NAMES: Rank = 1;
const IDENTIFIERS: Rank = NAMES + 30;
const POSSIBLE: Rank = IDENTIFIERS + 3;

/// The rank of a match in a word that is `role` to the customer.
pub(crate) fn rank(role: Role, place: &Place) -> Rank {
    let given = matches!(role, Role::WrittenGiven | Role::SpokenGiven);
    let step = match place.reach {
        Reach::Whole => Rank::from(given),
        Reach::Start => 2 + Rank::from(given),
        Reach::Inside => 4,
    };
    let step = 2 * step + Rank::from(place.loose);
    match role {
        Role::WrittenSurname | Role::WrittenGiven => NAMES + 3 * step,
        Role::SpokenSurname | Role::SpokenGiven => NAMES + 3 * step + 1,
        Role::Former => NAMES + 3 * step + 2,
        Role::Identifier => IDENTIFIERS + place.reach as Rank,
        Role::Possible => POSSIBLE + step,
    }
}

/// The ranks of all customers who match.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ranks {
    /// By slot; 0 for no match, else the rank and one.
    of: Vec<u8>,
    /// The slots that match, in no order.
    matching: Vec<Slot>,
}

impl Ranks {
    pub(crate) fn none(slots: usize) -> Self {
        Self { of: vec![0; slots], matching: Vec::new() }
    }

    /// This customer matches with this rank, or better if that is known.
    pub(crate) fn offer(&mut self, slot: Slot, rank: Rank) {
        let of = &mut self.of[slot as usize];
        if *of == 0 {
            self.matching.push(slot);
            *of = rank + 1;
        } else if rank + 1 < *of {
            *of = rank + 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.matching.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, Rank)> {
        self.matching.iter().map(|slot| (*slot, self.of[*slot as usize] - 1))
    }

    /// Who matches either, with the better rank.
    pub(crate) fn or(self, other: Self) -> Self {
        let (mut more, fewer) =
            if self.matching.len() < other.matching.len() { (other, self) } else { (self, other) };
        fewer.iter().for_each(|(slot, rank)| more.offer(slot, rank));
        more
    }

    /// Who matches both, with the worse rank.
    pub(crate) fn and(self, other: Self) -> Self {
        let (more, mut fewer) =
            if self.matching.len() < other.matching.len() { (other, self) } else { (self, other) };
        let Self { of, matching } = &mut fewer;
        matching.retain(|slot| {
            let (this, that) = (&mut of[*slot as usize], more.of[*slot as usize]);
            *this = if that == 0 { 0 } else { that.max(*this) };
            *this != 0
        });
        fewer
    }
}
