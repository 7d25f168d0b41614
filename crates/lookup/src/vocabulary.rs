//! Distinct words with the customers who have them.

use std::collections::HashMap;

use crate::{key::signature, term::Role};

/// A customer's place in the index. A posting holds it in its low bits and the [`Role`] above them.
pub(crate) type Slot = u32;

const ROLE_SHIFT: u32 = 28;

/// How many customers an index can hold.
pub(crate) const SLOTS: usize = 1 << ROLE_SHIFT;

/// The words of one lane.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocabulary {
    places: HashMap<Box<[u8]>, usize>,
    /// Beside the words, so that a scan reads nothing else. 0 for a place that is free.
    signatures: Vec<u128>,
    words: Vec<Posted>,
    free: Vec<usize>,
}

/// A word and who has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Posted {
    pub(crate) key: Box<[u8]>,
    /// Sorted: by role, then by slot.
    postings: Vec<u32>,
}

impl Posted {
    /// The customers who have this word, and what it is to each.
    pub(crate) fn customers(&self) -> impl Iterator<Item = (usize, Slot)> {
        self.postings.iter().map(|p| ((p >> ROLE_SHIFT) as usize, p & ((1 << ROLE_SHIFT) - 1)))
    }
}

impl Vocabulary {
    pub(crate) fn add(&mut self, key: &[u8], letters: impl Iterator<Item = char>, role: Role, slot: Slot) {
        let place = match self.places.get(key) {
            Some(place) => *place,
            None => self.take_place(key, signature(letters, true)),
        };
        let postings = &mut self.words[place].postings;
        let posting = posting(role, slot);
        // Most are added in order, when the index is built.
        if postings.last().is_none_or(|last| *last < posting) {
            postings.push(posting);
        } else if let Err(at) = postings.binary_search(&posting) {
            postings.insert(at, posting);
        }
    }

    pub(crate) fn remove(&mut self, key: &[u8], role: Role, slot: Slot) {
        let Some(&place) = self.places.get(key) else {
            return;
        };
        let postings = &mut self.words[place].postings;
        if let Ok(at) = postings.binary_search(&posting(role, slot)) {
            postings.remove(at);
        }
        if postings.is_empty() {
            self.places.remove(key);
            self.words[place] = Posted::default();
            self.signatures[place] = 0;
            self.free.push(place);
        }
    }

    fn take_place(&mut self, key: &[u8], signature: u128) -> usize {
        let word = Posted { key: key.into(), postings: Vec::new() };
        let place = match self.free.pop() {
            Some(place) => {
                self.words[place] = word;
                self.signatures[place] = signature;
                place
            }
            None => {
                self.words.push(word);
                self.signatures.push(signature);
                self.words.len() - 1
            }
        };
        self.places.insert(key.into(), place);
        place
    }

    /// The words that have all letters of a signature, and a few that only seem to.
    pub(crate) fn with(&self, letters: u128) -> impl Iterator<Item = &Posted> {
        let having = move |(signature, word): (&u128, _)| (signature & letters == letters).then_some(word);
        self.signatures.iter().zip(&self.words).filter_map(having)
    }

    /// The words that have no letter beyond those of a signature, and a few that only seem to.
    pub(crate) fn within(&self, letters: u128) -> impl Iterator<Item = &Posted> {
        let inside = move |(signature, word): (&u128, _)| {
            (*signature != 0 && signature & !letters == 0).then_some(word)
        };
        self.signatures.iter().zip(&self.words).filter_map(inside)
    }

    /// Bytes that the words and postings take, allocations included.
    pub(crate) fn size(&self) -> usize {
        let of = |word: &Posted| 2 * word.key.len() + 4 * word.postings.capacity();
        let place = size_of::<Posted>() + size_of::<u128>() + size_of::<(Box<[u8]>, usize)>() + 1;
        self.words.iter().map(of).sum::<usize>() + self.words.capacity() * place
    }

    /// Gives back what growing in steps has taken beyond need.
    pub(crate) fn shrink(&mut self) {
        self.words.iter_mut().for_each(|word| word.postings.shrink_to_fit());
    }
}

fn posting(role: Role, slot: Slot) -> u32 {
    ((role as u32) << ROLE_SHIFT) | slot
}
