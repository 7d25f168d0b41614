//! The index: customers by slot, words by lane, and the way from a query to the best of them.

use std::collections::{BTreeMap, BinaryHeap};

use madoguchi_domain::CustomerId;

use crate::{
    Entry, Field, Filter, Found,
    entry::Texts,
    hit::hit,
    key::{Place, Reach, short_letters, signature},
    query::{Part, Query, TypedWord, find_identifier},
    ranks::{Rank, Ranks, rank},
    term::{Lane, Role, Term, Wanted, terms},
    vocabulary::{Posted, SLOTS, Slot, Vocabulary},
};

/// Finds customers while a query is typed.
///
/// Kept up to date one customer at a time: [`put`](Self::put) and [`remove`](Self::remove) leave it as if it had been
/// built from what remains.
#[derive(Debug, Clone, Default)]
pub struct Index {
    slots: BTreeMap<CustomerId, Slot>,
    customers: Vec<Customer>,
    /// Beside the customers and by slot as well: all that counting reads of each who matches.
    standings: Vec<Standing>,
    /// By slot as well. Equal ranks go by this: the first 25 letters of the sound of the name, five bits each.
    orders: Vec<u128>,
    free: Vec<Slot>,
    lanes: [Vocabulary; Lane::ALL.len()],
}

/// What is known of one customer beside their words.
#[derive(Debug, Clone)]
struct Customer {
    id: CustomerId,
    texts: Texts,
}

/// What filters and counts go by.
#[derive(Debug, Clone, Copy)]
struct Standing {
    brands: u32,
    locked: bool,
}

impl Index {
    /// How many customers it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether it holds nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds a customer, or replaces what was known of them.
    pub fn put(&mut self, entry: &Entry) {
        let texts = Texts::of(entry);
        let words = terms(&texts, Wanted::ALL);
        self.remove(entry.id);
        let order = order(&texts, &words);
        let customer = Customer { id: entry.id, texts };
        let standing = Standing { brands: entry.brands, locked: entry.locked };
        let slot = match self.free.pop() {
            Some(slot) => {
                self.customers[slot as usize] = customer;
                self.standings[slot as usize] = standing;
                self.orders[slot as usize] = order;
                slot
            }
            None => {
                assert!(self.customers.len() < SLOTS, "one desk holds fewer than {SLOTS} customers");
                self.customers.push(customer);
                self.standings.push(standing);
                self.orders.push(order);
                Slot::try_from(self.customers.len() - 1).expect("a slot is below SLOTS, which fits")
            }
        };
        self.slots.insert(entry.id, slot);
        for (_, term) in words {
            self.lanes[term.lane as usize].add(&term.key, letters(term.lane, &term.key), term.role, slot);
        }
    }

    /// Takes a customer out. Says whether they were in.
    pub fn remove(&mut self, id: CustomerId) -> bool {
        let Some(slot) = self.slots.remove(&id) else {
            return false;
        };
        let texts = std::mem::take(&mut self.customers[slot as usize].texts);
        for (_, term) in terms(&texts, Wanted::ALL) {
            self.lanes[term.lane as usize].remove(&term.key, term.role, slot);
        }
        self.free.push(slot);
        true
    }

    /// Gives back memory that growing has taken beyond need; worth it once, after the first fill.
    pub fn shrink(&mut self) {
        self.customers.shrink_to_fit();
        self.standings.shrink_to_fit();
        self.orders.shrink_to_fit();
        self.lanes.iter_mut().for_each(Vocabulary::shrink);
    }

    /// About how many bytes it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        let texts: usize = self.customers.iter().map(|c| c.texts.size()).sum();
        let slot = size_of::<CustomerId>() + size_of::<Slot>() + size_of::<Standing>() + size_of::<u128>();
        let lanes: usize = self.lanes.iter().map(Vocabulary::size).sum();
        texts + self.customers.capacity() * size_of::<Customer>() + self.slots.len() * slot + lanes
    }

    /// Finds the customers who match every part of `query`.
    ///
    /// Better matches come first; among equal ones those in `recent` (whom this agent opened lately), then by the sound
    /// of the name, then by id. At most `limit` hits are given; the counts are of all who match. A query without a
    /// letter or digit finds nobody.
    #[must_use]
    pub fn find(&self, query: &str, filter: &Filter, recent: &[CustomerId], limit: usize) -> Found {
        let mut query = Query::read(query);
        let Some(ranks) = query.parts.iter_mut().map(|part| self.part(part)).reduce(Ranks::and) else {
            return Found::default();
        };
        let mut found = Found::default();
        let recent = self.marked(recent);
        // The worst of the best `limit` is on top, ready to make room.
        let mut best: BinaryHeap<(Rank, bool, u128, CustomerId, Slot)> = BinaryHeap::with_capacity(limit + 1);
        for (slot, rank) in ranks.iter() {
            let Standing { brands, locked } = self.standings[slot as usize];
            found.all += 1;
            found.locked += usize::from(locked);
            let mut counted = brands;
            while counted != 0 {
                found.brands[counted.trailing_zeros() as usize] += 1;
                counted &= counted - 1;
            }
            if (filter.locked && !locked) || (filter.brands != 0 && filter.brands & brands == 0) {
                continue;
            }
            found.total += 1;
            let new = !recent.get(slot as usize).is_some_and(|recent| *recent);
            let worth = (rank, new, self.orders[slot as usize]);
            let full = best.len() >= limit;
            // The id decides last, and is only looked up when it may.
            if full && best.peek().is_none_or(|worst| (worst.0, worst.1, worst.2) < worth) {
                continue;
            }
            best.push((rank, new, worth.2, self.customers[slot as usize].id, slot));
            if full {
                best.pop();
            }
        }
        found.hits = best
            .into_sorted_vec()
            .into_iter()
            .map(|(.., slot)| {
                let customer = &self.customers[slot as usize];
                hit(customer.id, &customer.texts, &query)
            })
            .collect();
        found
    }

    fn marked(&self, recent: &[CustomerId]) -> Vec<bool> {
        if recent.is_empty() {
            return Vec::new();
        }
        let mut marked = vec![false; self.customers.len()];
        for slot in recent.iter().filter_map(|id| self.slots.get(id)) {
            marked[*slot as usize] = true;
        }
        marked
    }

    fn part(&self, part: &mut Part) -> Ranks {
        let by_words = part.words.iter_mut().map(|word| self.word(word)).reduce(Ranks::and);
        let mut ranks = by_words.unwrap_or_else(|| self.nobody());
        if let Some(id) = part.id {
            for slot in self.slots.range(id.bounds.0..=id.bounds.1).map(|(_, slot)| *slot) {
                ranks.offer(slot, id.rank());
            }
        }
        if let Some(typed) = &part.identifier {
            let letters = signature(typed.certain().chars(), false);
            for lane in [Lane::Masked, Lane::Clear] {
                if lane == Lane::Masked && !typed.reaches_masks() {
                    continue;
                }
                for word in self.lanes[lane as usize].with(letters) {
                    if let Some((reach, _)) = find_identifier(typed, &word.key) {
                        offer(&mut ranks, word, &Place::of(reach));
                    }
                }
            }
        }
        ranks
    }

    /// Who has a name with this word; if nobody has, who has two names that it may be without the space between them.
    fn word(&self, typed: &mut TypedWord) -> Ranks {
        let ranks = self.one_word(typed);
        if !ranks.is_empty() {
            return ranks;
        }
        typed.two_names = typed.cuts();
        self.two_words(typed)
    }

    fn one_word(&self, typed: &TypedWord) -> Ranks {
        let mut ranks = self.nobody();
        for lane in [Lane::Spelled, Lane::Sounded] {
            for letters in typed.signatures(lane) {
                for word in self.lanes[lane as usize].with(letters) {
                    if let Some(place) = typed.find(lane, &word.key) {
                        offer(&mut ranks, word, &place);
                    }
                }
            }
        }
        ranks
    }

    fn two_words(&self, typed: &TypedWord) -> Ranks {
        let mut heads: Vec<Vec<&Posted>> = vec![Vec::new(); typed.two_names.len()];
        for lane in [Lane::Spelled, Lane::Sounded] {
            let Some(letters) = typed.all_letters(lane) else { continue };
            for word in self.lanes[lane as usize].within(letters) {
                for (cut, heads) in typed.two_names.iter().zip(&mut heads) {
                    if cut.begins_with(lane, &word.key) {
                        heads.push(word);
                    }
                }
            }
        }
        let mut ranks = self.nobody();
        for (cut, heads) in typed.two_names.iter().zip(heads).filter(|(_, heads)| !heads.is_empty()) {
            let mut first = self.nobody();
            for word in heads {
                offer(&mut first, word, &Place::of(Reach::Whole));
            }
            ranks = ranks.or(first.and(self.one_word(&cut.rest)));
        }
        ranks
    }

    fn nobody(&self) -> Ranks {
        Ranks::none(self.customers.len())
    }
}

fn offer(ranks: &mut Ranks, word: &Posted, place: &Place) {
    let of = Role::ALL.map(|role| rank(role, place));
    for (role, slot) in word.customers() {
        ranks.offer(slot, of[role]);
    }
}

fn letters(lane: Lane, key: &[u8]) -> impl Iterator<Item = char> {
    let short = (lane == Lane::Sounded).then(|| short_letters(key).map(char::from));
    let text = (lane != Lane::Sounded).then(|| std::str::from_utf8(key).unwrap_or_default().chars());
    short.into_iter().flatten().chain(text.into_iter().flatten())
}

/// The place of a customer among others of the same rank: by how the name sounds, else by its Latin letters.
fn order(texts: &Texts, terms: &[(usize, Term)]) -> u128 {
    const LETTERS: usize = 25;
    let place = |field| texts.iter().position(|(there, _)| there == field);
    let told = place(Field::Reading).or_else(|| place(Field::Romaji));
    let possible = terms.iter().find(|(_, term)| term.role == Role::Possible).filter(|_| told.is_none());
    let mut words: Vec<&Term> = Vec::new();
    if let Some((_, term)) = possible {
        words.push(term);
    } else if let Some(text) = told.or_else(|| place(Field::Written)) {
        for (_, term) in terms.iter().filter(|(of, _)| *of == text) {
            // A word that is spelled and sounded is two terms; the sound comes second and counts.
            words.pop_if(|before| before.places.first().map(|p| p.0) == term.places.first().map(|p| p.0));
            words.push(term);
        }
    }
    let code = |c: char| match c {
        'a'..='z' => u128::from(c) - u128::from('a') + 2,
        _ => 31,
    };
    let mut codes = Vec::with_capacity(LETTERS);
    for term in words {
        if !codes.is_empty() {
            codes.push(1);
        }
        codes.extend(letters(term.lane, &term.key).map(code));
    }
    codes.into_iter().chain(std::iter::repeat(0)).take(LETTERS).fold(0, |order, code| (order << 5) | code)
}
