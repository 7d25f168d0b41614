//! Chance that can be repeated: each customer has dice of their own, thrown from the seed and their number.

use std::time::Duration;

use madoguchi_domain::Timestamp;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What the dice are thrown for, so that two uses of one number do not fall alike.
#[derive(Debug, Clone, Copy)]
pub(super) enum Use {
    /// All that belongs to one customer.
    Customer,
    /// What those under one roof share.
    Household,
    /// Central ids.
    Id,
}

#[derive(Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn new(seed: u64, what: Use, number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&number.to_le_bytes());
        key[16] = match what {
            Use::Customer => 1,
            Use::Household => 2,
            Use::Id => 3,
        };
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0.random_range(0..end)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.random_range(low..=high)
    }

    /// Yes in this many of a thousand throws.
    pub(super) fn per_mille(&mut self, share: u64) -> bool {
        self.below(1000) < share
    }

    /// One of `items`, which are not none.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// A place among `length` items.
    pub(super) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// One of `items`, each as often as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, items: &[(u64, T)]) -> T {
        let mut throw = self.below(items.iter().map(|(weight, _)| weight).sum());
        for (weight, item) in items {
            match throw.checked_sub(*weight) {
                Some(rest) => throw = rest,
                None => return *item,
            }
        }
        items[0].1
    }

    /// A place in a list whose weights were added up: `sums[i]` is the weight of all items up to `i`.
    pub(super) fn by_sums(&mut self, sums: &[u64]) -> usize {
        let throw = self.below(sums.last().copied().unwrap_or(1));
        sums.partition_point(|sum| *sum <= throw)
    }

    /// A span from `low` to `high` seconds.
    pub(super) fn seconds(&mut self, low: u64, high: u64) -> Duration {
        Duration::from_micros(self.between(low * 1_000_000, high * 1_000_000))
    }

    /// A moment from `low` to `high`; `high` when they are the wrong way round.
    pub(super) fn moment(&mut self, low: Timestamp, high: Timestamp) -> Timestamp {
        let span = high.since(low);
        if span.is_zero() {
            return high;
        }
        low.plus(Duration::from_micros(self.below(u64::try_from(span.as_micros()).unwrap_or(u64::MAX))))
    }

    /// That many decimal digits, the first one not 0.
    pub(super) fn digits(&mut self, count: u32) -> String {
        let low = 10u64.pow(count - 1);
        self.between(low, low * 10 - 1).to_string()
    }

    /// That many hexadecimal digits.
    pub(super) fn hex(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b"0123456789abcdef"[self.index(16)])).collect()
    }

    /// Bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// A version 4 UUID.
    pub(super) fn uuid(&mut self) -> uuid::Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }
}

const BITS: u32 = 40;
const MASK: u64 = (1 << BITS) - 1;

/// The 40 bits of the id of customer `number`: as good as random, and never the same for two numbers below 2^40.
///
/// Each step can be undone, so the whole is one to one: adding, multiplying by an odd number, and folding the upper
/// half into the lower.
pub(super) fn id_bits(seed: u64, number: u64) -> i64 {
    let mut dice = Dice::new(seed, Use::Id, 0);
    let mut bits = number & MASK;
    for _ in 0..3 {
        let (add, times) = (dice.0.next_u64(), dice.0.next_u64() | 1);
        bits = bits.wrapping_add(add).wrapping_mul(times) & MASK;
        bits ^= bits >> (BITS / 2);
    }
    bits.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_customers_get_one_id() {
        let mut ids: Vec<i64> = (0..200_000).map(|number| id_bits(7, number)).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 200_000);
        assert!(ids.iter().all(|id| (0..1 << 40).contains(id)));
    }

    #[test]
    fn dice_of_one_seed_fall_alike_and_of_two_seeds_do_not() {
        let throw = |seed, what| Dice::new(seed, what, 5).uuid();
        assert_eq!(throw(1, Use::Customer), throw(1, Use::Customer));
        assert_ne!(throw(1, Use::Customer), throw(2, Use::Customer));
        assert_ne!(throw(1, Use::Customer), throw(1, Use::Household));
    }

    #[test]
    fn weights_are_followed() {
        let mut dice = Dice::new(3, Use::Customer, 0);
        let heads = (0..10_000).filter(|_| dice.weighted(&[(1, true), (3, false)])).count();
        assert!((2_300..2_700).contains(&heads), "{heads}");
        let sums = [1, 1, 4];
        let mut seen = [0; 3];
        (0..4_000).for_each(|_| seen[dice.by_sums(&sums)] += 1);
        assert_eq!(seen[1], 0, "an item without weight never comes");
        assert!(seen[2] > seen[0] * 2);
    }
}
