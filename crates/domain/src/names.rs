//! Japanese names: spellings with their readings, and the readings that a spelling may have.
//!
//! The tables and where they come from are described in `crates/domain/data/README.md`.

use std::{collections::HashMap, sync::LazyLock};

use crate::text::passport;

/// What a name is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Usage {
    /// A family's name.
    Surname,
    /// A given name borne by women.
    Feminine,
    /// A given name borne by men.
    Masculine,
}

/// One spelling of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameSpelling {
    /// How it is written: `田中`, `美咲`.
    pub kanji: &'static str,
    /// How it is read, in hiragana: `たなか`, `みさき`.
    pub reading: &'static str,
    /// What it is used as.
    pub usage: Usage,
    /// How usual it is among names of the same usage: people for surnames, a share without a unit for given names.
    pub weight: u32,
}

impl NameSpelling {
    /// In Latin letters as a passport has it: `Tanaka`, `Yuko`, `Inoue`.
    #[must_use]
    pub fn romaji(&self) -> String {
        passport(self.reading)
    }
}

/// Surnames, the most usual first.
#[must_use]
pub fn surnames() -> &'static [NameSpelling] {
    &TABLES.surnames
}

/// Given names, women's before men's, in order of reading and then the usual spelling first.
#[must_use]
pub fn given_names() -> &'static [NameSpelling] {
    &TABLES.given
}

/// The readings that a name without one may have, in hiragana, the likeliest first and at most `limit`.
///
/// `word` is one surname or one given name. Spellings of the tables come first; what no table holds is put together
/// from the readings that its kanji have in names. Empty when a character has none, as in Latin text.
#[must_use]
pub fn possible_readings(word: &str, limit: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    if let Some(spellings) = TABLES.by_kanji.get(word) {
        for &index in spellings {
            let reading = TABLES.spelling(index).reading;
            if !found.iter().any(|f| f == reading) {
                found.push(reading.to_owned());
            }
        }
    }
    if found.is_empty() {
        found = compose(word, limit);
    }
    found.truncate(limit);
    found
}

/// Where a whole name written without a space falls apart: after the longest surname of the table that begins it.
/// None when no surname does, or when all of it is one name of the tables.
#[must_use]
pub fn split_surname(written: &str) -> Option<(&str, &str)> {
    if TABLES.by_kanji.contains_key(written) {
        return None;
    }
    written
        .char_indices()
        .map(|(at, _)| at)
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .map(|at| written.split_at(at))
        .find(|(head, _)| {
            TABLES.by_kanji.get(head).is_some_and(|spellings| {
                spellings.iter().any(|&index| TABLES.spelling(index).usage == Usage::Surname)
            })
        })
}

/// Readings put together kanji by kanji; the likeliest reading of each is tried first.
fn compose(word: &str, limit: usize) -> Vec<String> {
    let mut partial = vec![String::new()];
    let mut before = None;
    for c in word.chars() {
        let kanji = if c == '々' { before.unwrap_or(c) } else { c };
        before = Some(kanji);
        let mut own = [0; 4];
        let choices: Vec<&str> = match TABLES.by_character.get(&kanji) {
            Some(readings) => readings.clone(),
            None if is_kana(kanji) => vec![kanji.encode_utf8(&mut own)],
            None => return Vec::new(),
        };
        // The sum of the ranks orders the combinations: all likeliest first, then one second choice, and so on.
        let mut next: Vec<(usize, String)> = Vec::new();
        for (rank, head) in partial.iter().enumerate() {
            for (choice, tail) in choices.iter().enumerate() {
                next.push((rank + choice, format!("{head}{tail}")));
            }
        }
        next.sort_by_key(|(rank, _)| *rank);
        partial = next.into_iter().map(|(_, reading)| reading).take(limit).collect();
    }
    partial.retain(|reading| !reading.is_empty());
    partial
}

fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ー')
}

struct Tables {
    surnames: Vec<NameSpelling>,
    given: Vec<NameSpelling>,
    /// Places in `surnames`, then in `given` counted on from there; surnames come first.
    by_kanji: HashMap<&'static str, Vec<usize>>,
    by_character: HashMap<char, Vec<&'static str>>,
}

impl Tables {
    fn spelling(&self, index: usize) -> NameSpelling {
        match index.checked_sub(self.surnames.len()) {
            None => self.surnames[index],
            Some(given) => self.given[given],
        }
    }
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let surnames: Vec<_> = include_str!("../data/surnames.tsv").lines().filter_map(surname).collect();
    let given: Vec<_> = include_str!("../data/given-names.tsv").lines().flat_map(given_name).collect();
    let mut by_kanji: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, spelling) in surnames.iter().chain(&given).enumerate() {
        by_kanji.entry(spelling.kanji).or_default().push(index);
    }
    for spellings in by_kanji.values_mut() {
        let weight = |index: usize| match index.checked_sub(surnames.len()) {
            None => surnames[index].weight,
            Some(place) => given[place].weight,
        };
        spellings.sort_by_key(|&index| (index >= surnames.len(), std::cmp::Reverse(weight(index))));
    }
    let by_character = include_str!("../data/kanji-readings.tsv")
        .lines()
        .filter_map(|line| {
            let (kanji, readings) = line.split_once('\t')?;
            Some((kanji.chars().next()?, readings.split(' ').collect()))
        })
        .collect();
    Tables { surnames, given, by_kanji, by_character }
});

/// `佐藤 ⇥ さとう ⇥ 1887000`: spelling, reading, people.
fn surname(line: &'static str) -> Option<NameSpelling> {
    let mut cells = line.split('\t');
    let (kanji, reading, people) = (cells.next()?, cells.next()?, cells.next()?);
    Some(NameSpelling { kanji, reading, usage: Usage::Surname, weight: people.parse().ok()? })
}

/// `f ⇥ みさき ⇥ 33 ⇥ 美咲 岬 …`: usage, reading, how usual the reading is, spellings from the most usual.
fn given_name(line: &'static str) -> Vec<NameSpelling> {
    let mut cells = line.split('\t');
    let (Some(usage), Some(reading), Some(weight), Some(spellings)) =
        (cells.next(), cells.next(), cells.next(), cells.next())
    else {
        return Vec::new();
    };
    let usage = if usage == "f" { Usage::Feminine } else { Usage::Masculine };
    let weight: u32 = weight.parse().unwrap_or(1);
    // The source does not count spellings; the place in the list stands in for it, as names follow Zipf's law.
    (1u32..)
        .zip(spellings.split(' '))
        .map(|(place, kanji)| NameSpelling { kanji, reading, usage, weight: weight * 100 / place })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_read() {
        assert_eq!(surnames().len(), 1999);
        assert_eq!(surnames()[0].kanji, "佐藤");
        assert!(surnames().is_sorted_by(|a, b| a.weight >= b.weight));
        assert_eq!(given_names().len(), 29257);
        for name in surnames().iter().chain(given_names()) {
            assert!(name.reading.chars().all(is_kana), "{}", name.reading);
            assert!(!name.kanji.is_empty() && name.weight > 0, "{name:?}");
            assert!(name.romaji().is_ascii(), "{name:?}");
        }
    }

    #[test]
    fn romaji_is_written_as_in_a_passport() {
        let romaji = |kanji: &str| surnames().iter().find(|n| n.kanji == kanji).map(NameSpelling::romaji);
        assert_eq!(romaji("佐藤").as_deref(), Some("Sato"));
        assert_eq!(romaji("井上").as_deref(), Some("Inoue"));
        assert_eq!(romaji("大野").as_deref(), Some("Ono"));
        assert_eq!(romaji("松浦").as_deref(), Some("Matsuura"));
        assert_eq!(romaji("服部").as_deref(), Some("Hattori"));
    }

    #[test]
    fn a_spelling_offers_its_readings_from_the_likeliest() {
        assert_eq!(possible_readings("田仲", 4)[0], "たなか");
        assert!(possible_readings("美咲", 4).contains(&"みさき".to_owned()));
        assert!(
            possible_readings("鈴本", 8).contains(&"すずもと".to_owned()),
            "put together: no table has it"
        );
        assert!(possible_readings("佐々倉", 8).contains(&"ささくら".to_owned()));
        assert_eq!(possible_readings("Hartley", 4), Vec::<String>::new());
        assert_eq!(possible_readings("", 4), Vec::<String>::new());
    }

    #[test]
    fn a_name_without_a_space_is_parted_after_its_surname() {
        assert_eq!(split_surname("田中美咲"), Some(("田中", "美咲")));
        assert_eq!(split_surname("長谷川健"), Some(("長谷川", "健")));
        assert_eq!(split_surname("田中"), None);
        assert_eq!(split_surname("長谷川"), None);
        assert_eq!(split_surname("Hartley"), None);
    }
}
