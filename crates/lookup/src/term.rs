//! The words that an entry is found by.

use madoguchi_domain::{
    names::{possible_readings, split_surname},
    text::{Letter, Script, Word, fold, sounds_like, words},
};

use crate::{Field, entry::Texts, identifier, key::sound_key};

/// How many readings are tried for each word of a name that has none of its own.
const POSSIBLE: usize = 6;

/// What a word is compared by; each has a vocabulary of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lane {
    /// By its spelling: kanji, and Latin letters as they are.
    Spelled,
    /// By its sound.
    Sounded,
    /// As an identifier of which a part is hidden; the first byte of the key is the field's.
    Masked,
    /// As a whole identifier; the first byte of the key is the field's.
    Clear,
}

impl Lane {
    pub(crate) const ALL: [Self; 4] = [Self::Spelled, Self::Sounded, Self::Masked, Self::Clear];
}

/// What a word is to a customer; decides its rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    WrittenSurname,
    WrittenGiven,
    SpokenSurname,
    SpokenGiven,
    Former,
    Identifier,
    Possible,
}

impl Role {
    pub(crate) const ALL: [Self; 7] = [
        Self::WrittenSurname,
        Self::WrittenGiven,
        Self::SpokenSurname,
        Self::SpokenGiven,
        Self::Former,
        Self::Identifier,
        Self::Possible,
    ];
}

/// One word of one text.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) lane: Lane,
    pub(crate) role: Role,
    /// What it is compared by, see [`crate::key`].
    pub(crate) key: Vec<u8>,
    /// For each byte of the key the characters of the text that it stands for, start and end.
    pub(crate) places: Vec<(u32, u32)>,
}

/// The first byte of an identifier's key.
pub(crate) fn tag(field: Field) -> u8 {
    match field {
        Field::Email => b'e',
        Field::Phone => b'p',
        _ => b'l',
    }
}

/// Which words of a customer are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) names: bool,
    /// Readings that names without one may have, which take longest to think of.
    pub(crate) possible: bool,
    pub(crate) identifiers: bool,
}

impl Wanted {
    pub(crate) const ALL: Self = Self { names: true, possible: true, identifiers: true };
}

/// The words of every text of a customer, each with the place of its text among them.
pub(crate) fn terms(texts: &Texts, wanted: Wanted) -> Vec<(usize, Term)> {
    let unread = texts.get(Field::Reading).is_none();
    let mut all = Vec::with_capacity(12);
    let mut of_text = Vec::new();
    for (place, (field, text)) in texts.iter().enumerate() {
        match field {
            Field::Email | Field::Phone | Field::Loyalty if wanted.identifiers => {
                identifier_term(field, text, &mut of_text);
            }
            Field::Written | Field::Reading | Field::Romaji | Field::Former if wanted.names => {
                let possible = wanted.possible && (unread || field == Field::Former);
                name_terms(field, text, possible, &mut of_text);
            }
            _ => {}
        }
        all.extend(of_text.drain(..).map(|term| (place, term)));
    }
    all
}

fn identifier_term(field: Field, text: &str, into: &mut Vec<Term>) {
    let letters = identifier::letters(field, text);
    let mut term = spelled(Role::Identifier, &letters);
    term.lane = if letters.iter().any(|l| l.c == identifier::HIDDEN) { Lane::Masked } else { Lane::Clear };
    term.key.insert(0, tag(field));
    term.places.insert(0, (0, 0));
    into.push(term);
}

/// `possible` asks for the readings that its kanji may have.
fn name_terms(field: Field, text: &str, possible: bool, into: &mut Vec<Term>) {
    let words = words(text);
    // Names in kanji and kana, and readings and romaji that follow them, begin with the surname; Western ones end in it.
    let western = field == Field::Written && words.iter().all(|w| w.script == Script::Latin);
    let surname = if western { words.len().saturating_sub(1) } else { 0 };
    for (place, word) in words.iter().enumerate() {
        let role = match (field, place == surname) {
            (Field::Former, _) => Role::Former,
            (Field::Written, true) => Role::WrittenSurname,
            (Field::Written, false) => Role::WrittenGiven,
            (_, true) => Role::SpokenSurname,
            (_, false) => Role::SpokenGiven,
        };
        let sound = sounds_like(word);
        if sound.is_none() || (word.script == Script::Latin && role < Role::SpokenSurname) {
            into.push(spelled(role, &word.letters));
        }
        if let Some(sound) = sound {
            // Latin letters are written as they are spelled; what they sound like is not what is written.
            let role = match (role, word.script) {
                (Role::WrittenSurname, Script::Latin) => Role::SpokenSurname,
                (Role::WrittenGiven, Script::Latin) => Role::SpokenGiven,
                _ => role,
            };
            let places = sound.letters.iter().map(|l| (l.start, l.end)).collect();
            into.push(Term { lane: Lane::Sounded, role, key: sound_key(&sound), places });
        } else if word.script == Script::Kanji && possible {
            possible_terms(text, word, words.len() == 1, into);
        }
    }
}

fn spelled(role: Role, letters: &[Letter]) -> Term {
    let bytes = 3 * letters.len() + 1;
    let (key, places) = (Vec::with_capacity(bytes), Vec::with_capacity(bytes));
    let mut term = Term { lane: Lane::Spelled, role, key, places };
    for letter in letters {
        let mut bytes = [0; 4];
        let bytes = letter.c.encode_utf8(&mut bytes).as_bytes();
        term.key.extend(bytes);
        term.places.extend(bytes.iter().map(|_| (letter.start, letter.end)));
    }
    term
}

/// The sounds that a word in kanji may have; `alone` when it is the whole name. Their place is all of the word, or of
/// the surname and the given name that it falls into.
fn possible_terms(text: &str, word: &Word, alone: bool, into: &mut Vec<Term>) {
    let (Some(first), Some(last)) = (word.letters.first(), word.letters.last()) else {
        return;
    };
    let bounds = first.start as usize..last.end as usize;
    let written: String = text.chars().skip(bounds.start).take(bounds.len()).collect();
    // Two names without a space: each has readings of its own, all of them together would be too many.
    let parts = match split_surname(&written).filter(|_| alone) {
        Some((surname, given)) => vec![(surname, 0), (given, surname.chars().count())],
        None => vec![(&*written, 0)],
    };
    for (part, skipped) in parts {
        let start = first.start + count(skipped);
        let place = (start, start + count(part.chars().count()));
        for reading in readings(part) {
            let key = words(&reading).first().and_then(sounds_like).map(|sound| sound_key(&sound));
            let Some(key) = key else { continue };
            if !into.iter().any(|t| t.role == Role::Possible && t.key == key && t.places[0] == place) {
                let places = vec![place; key.len()];
                into.push(Term { lane: Lane::Sounded, role: Role::Possible, key, places });
            }
        }
    }
}

/// As it is written first; a variant kanji that the tables lack has the readings of its usual form.
fn readings(part: &str) -> Vec<String> {
    let own = possible_readings(part, POSSIBLE);
    if own.is_empty() {
        let usual: String = fold(part).iter().map(|l| l.c).collect();
        return possible_readings(&usual, POSSIBLE);
    }
    own
}

fn count(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}
