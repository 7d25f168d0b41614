//! What words are compared by.
//!
//! A spelled key is folded text in UTF-8. A sound key is one byte a letter: the lower-case letter, without bit 0x20
//! where a match typed in kana may begin (so `TaNaKa` for たなか), with bit 0x80 where it only lengthens a vowel.

use madoguchi_domain::text::Sound;

use crate::identifier::Parts;

const LOWER: u8 = 0x20;
const LENGTHENS: u8 = 0x80;

/// How much of a word a query covers. The order is the order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// All of it.
    Whole,
    /// Its beginning.
    Start,
    /// A part further in.
    Inside,
}

/// Where in a key a query is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) reach: Reach,
    /// Whether only long vowels tell them apart: おの typed, おおの found.
    pub(crate) loose: bool,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Place {
    /// A place of which only the reach matters.
    pub(crate) const fn of(reach: Reach) -> Self {
        Self { reach, loose: false, start: 0, end: 0 }
    }

    /// All of a key of this length.
    pub(crate) const fn whole(length: usize) -> Self {
        Self { reach: Reach::Whole, loose: false, start: 0, end: length }
    }

    pub(crate) const fn part(&self) -> Parts {
        [self.start..self.end, 0..0]
    }
}

/// Finds `typed` in a spelled key: whole, at the start, or, from three bytes on (one kanji, three Latin letters),
/// inside. Fewer letters are inside nearly every word.
pub(crate) fn find_spelled(key: &[u8], typed: &[u8]) -> Option<Place> {
    let start = if key.starts_with(typed) {
        0
    } else if typed.len() >= 3 {
        position(key, typed)?
    } else {
        return None;
    };
    Some(Place { reach: reach(key, start, typed.len()), loose: false, start, end: start + typed.len() })
}

fn position(key: &[u8], part: &[u8]) -> Option<usize> {
    key.windows(part.len()).position(|window| window == part)
}

fn reach(key: &[u8], start: usize, length: usize) -> Reach {
    match (start, length == key.len()) {
        (0, true) => Reach::Whole,
        (0, false) => Reach::Start,
        _ => Reach::Inside,
    }
}

/// The sound key of a sound.
pub(crate) fn sound_key(sound: &Sound) -> Vec<u8> {
    let byte = |l: &madoguchi_domain::text::SoundLetter| {
        let c = if l.begins { l.c & !LOWER } else { l.c };
        if l.lengthens { c | LENGTHENS } else { c }
    };
    sound.letters.iter().map(byte).collect()
}

/// The letters of a sound key that do not merely lengthen, lower case.
pub(crate) fn short_letters(key: &[u8]) -> impl Iterator<Item = u8> {
    key.iter().filter(|c| **c & LENGTHENS == 0).map(|c| c | LOWER)
}

/// A sound as it is typed.
#[derive(Debug, Clone)]
pub(crate) struct TypedSound {
    /// Its key.
    key: Vec<u8>,
    /// [`short_letters`] of it.
    short: Vec<u8>,
    /// Typed in kana at its start: begins where a kana begins.
    kana_start: bool,
    /// Typed in kana to its end: ends where a kana ends, and long vowels were typed on purpose.
    kana_end: bool,
}

impl TypedSound {
    pub(crate) fn new(sound: &Sound, kana_start: bool, kana_end: bool) -> Self {
        let key = sound_key(sound);
        let short = short_letters(&key).collect();
        Self { key, short, kana_start, kana_end }
    }

    pub(crate) fn short(&self) -> &[u8] {
        &self.short
    }

    /// Whether it is looked for inside words too: from three letters on.
    pub(crate) fn reaches_inside(&self) -> bool {
        self.short.len() >= 3
    }

    /// Finds this in the key of a word: the first place, the start if it is there.
    pub(crate) fn find(&self, key: &[u8]) -> Option<Place> {
        let last = if self.reaches_inside() { key.len() } else { 1 };
        (0..last.min(key.len())).find_map(|start| self.find_at(key, start))
    }

    fn find_at(&self, key: &[u8], start: usize) -> Option<Place> {
        if key[start] & LENGTHENS != 0 || (self.kana_start && !begins(key, start)) {
            return None;
        }
        let end = sounds_at(&key[start..], &self.short)? + start;
        if self.kana_end && !begins(key, end) {
            return None;
        }
        let reach = reach(key, start, end - start);
        let typed = self.key.iter().map(|c| c & !(LOWER | LENGTHENS));
        let mut there = key[start..].iter().map(|c| c & !(LOWER | LENGTHENS));
        let exact = typed.eq(there.by_ref().take(self.key.len()))
            && (reach != Reach::Whole || self.key.len() == end - start);
        Some(Place { reach, loose: self.kana_end && self.kana_start && !exact, start, end })
    }
}

/// How many bytes of `key` the letters `short` take from its start, lengthening ones after them included.
fn sounds_at(key: &[u8], short: &[u8]) -> Option<usize> {
    let mut at = 0;
    for letter in short {
        if key.get(at)? | LOWER != *letter {
            return None;
        }
        at += 1;
        while key.get(at).is_some_and(|c| c & LENGTHENS != 0) {
            at += 1;
        }
    }
    Some(at)
}

/// Whether a kana begins at this place, or the word ends there.
fn begins(key: &[u8], at: usize) -> bool {
    key.get(at).is_none_or(|c| c & LOWER == 0)
}

/// Which letters a text has: a bit for each pair of neighbouring ASCII letters and for each other character. A text
/// that is part of another has no bit that the other lacks. `from_start` adds a pair for the beginning.
pub(crate) fn signature(text: impl Iterator<Item = char>, from_start: bool) -> u128 {
    const BEGINNING: u32 = 1;
    let mut before = from_start.then_some(BEGINNING);
    let mut bits = 0;
    for c in text {
        if c.is_ascii() {
            if let Some(before) = before {
                bits |= bit(before, u32::from(c));
            }
            before = Some(u32::from(c));
        } else {
            bits |= bit(0, u32::from(c));
            before = None;
        }
    }
    bits
}

/// One of 128 bits, spread by multiplication (the golden ratio's fraction in 32 bits).
fn bit(before: u32, c: u32) -> u128 {
    1 << ((before.wrapping_mul(0x0100_0193) ^ c).wrapping_mul(0x9E37_79B9) >> 25)
}

#[cfg(test)]
mod tests {
    use madoguchi_domain::text::{Script, sounds_begun, sounds_like, words};

    use super::*;

    fn place(typed: &str, word: &str) -> Option<(Reach, bool)> {
        let key = sound_key(&sounds_like(&words(word)[0]).expect("kana or romaji"));
        let typed = &words(typed)[0];
        let (kana_start, kana_end) = (typed.script != Script::Latin, typed.script == Script::Kana);
        sounds_begun(typed)
            .iter()
            .find_map(|sound| TypedSound::new(sound, kana_start, kana_end).find(&key))
            .map(|place| (place.reach, place.loose))
    }

    #[test]
    fn a_sound_is_found_where_its_kana_are() {
        assert_eq!(place("たなか", "タナカ"), Some((Reach::Whole, false)));
        assert_eq!(place("たな", "タナカ"), Some((Reach::Start, false)));
        assert_eq!(place("tan", "タナカ"), Some((Reach::Start, false)));
        assert_eq!(place("anak", "タナカ"), Some((Reach::Inside, false)));
        assert_eq!(place("あなか", "タナカ"), None, "no kana begins there");
        assert_eq!(place("なか", "タナカ"), Some((Reach::Inside, false)));
        assert_eq!(place("かん", "カナエ"), None, "the typed ん is not the beginning of な");
        assert_eq!(place("kan", "カナエ"), Some((Reach::Start, false)));
        assert_eq!(place("しん", "シンイチ"), Some((Reach::Start, false)));
        assert_eq!(place("たなk", "タナカ"), Some((Reach::Start, false)));
    }

    #[test]
    fn a_long_vowel_typed_on_purpose_is_told_apart() {
        assert_eq!(place("おの", "オノ"), Some((Reach::Whole, false)));
        assert_eq!(place("おの", "オオノ"), Some((Reach::Whole, true)));
        assert_eq!(place("おーの", "オオノ"), Some((Reach::Whole, false)));
        assert_eq!(place("ono", "オオノ"), Some((Reach::Whole, false)), "Latin letters leave it open");
        assert_eq!(place("さと", "サトウ"), Some((Reach::Whole, true)));
        assert_eq!(place("さとう", "サトウ"), Some((Reach::Whole, false)));
    }

    #[test]
    fn few_letters_are_sought_at_the_start_only() {
        assert_eq!(place("ka", "タナカ"), None);
        assert_eq!(find_spelled(b"hartley", b"ar"), None);
        assert_eq!(find_spelled(b"hartley", b"art").map(|p| p.reach), Some(Reach::Inside));
        assert_eq!(find_spelled("山田".as_bytes(), "田".as_bytes()).map(|p| p.start), Some(3));
    }

    #[test]
    fn a_part_has_no_bit_that_the_whole_lacks() {
        for (part, whole) in [("art", "hartley"), ("har", "hartley"), ("田", "山田"), ("太田b", "x太田bc")]
        {
            let whole = signature(whole.chars(), true);
            assert_eq!(signature(part.chars(), false) & !whole, 0, "{part}");
        }
        assert_eq!(signature("har".chars(), true) & !signature("hartley".chars(), true), 0);
    }
}
