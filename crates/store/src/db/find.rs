//! What a customer can be found by: the tails of their folded names and identifiers.
//!
//! A text stands inside a value exactly when it begins one of the value's tails, so that finding it is one walk over an
//! ordered key on both engines, however usual the letters are. Tails are cut at [`LENGTH`]; what is longer is compared
//! whole afterwards.

use std::collections::BTreeSet;

use madoguchi_domain::{
    customer::{IdentifierKind, Name},
    names::{possible_readings, split_surname},
    text::{folded, phone_digits, sounds_like, words},
};
use madoguchi_protocol::search::Field;

/// How many characters of a tail are kept.
pub const LENGTH: usize = 24;

/// In front of what a word sounds like, so that sounds and spellings do not mix.
pub const SOUND: char = '~';

/// How many possible readings of one word are kept.
const READINGS: usize = 4;

/// An identifier as it is compared: a phone's digits, anything else folded and without spaces.
#[must_use]
pub fn normalised(kind: IdentifierKind, value: &str) -> String {
    match kind {
        IdentifierKind::Phone => phone_digits(value).unwrap_or_else(|| squeezed(value)),
        IdentifierKind::Email => squeezed(value),
        IdentifierKind::Loyalty => squeezed(value).replace('-', ""),
    }
}

fn squeezed(value: &str) -> String {
    folded(value).replace(' ', "")
}

/// The field that a kind of identifier is found in.
#[must_use]
pub const fn field_of(kind: IdentifierKind) -> Field {
    match kind {
        IdentifierKind::Email => Field::Email,
        IdentifierKind::Phone => Field::Phone,
        IdentifierKind::Loyalty => Field::Loyalty,
    }
}

/// The tails of an identifier's normalised value. An e-mail's domain is kept whole only: its inside finds everybody.
#[must_use]
pub fn identifier_tails(kind: IdentifierKind, normalised: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match kind {
        IdentifierKind::Email => {
            let at = normalised.rfind('@').unwrap_or(normalised.len());
            found.extend(
                normalised.char_indices().take_while(|(i, _)| *i < at).map(|(i, _)| cut(&normalised[i..])),
            );
            if at < normalised.len() {
                found.insert(cut(&normalised[at + 1..]));
            }
        }
        IdentifierKind::Phone | IdentifierKind::Loyalty => tails(normalised, 4, &mut found),
    }
    found
}

/// The tails of a name in all its forms.
#[must_use]
pub fn name_tails(name: &Name) -> BTreeSet<(String, Field)> {
    let mut found = BTreeSet::new();
    let forms = [
        (Some(name.written.as_str()), Field::Written),
        (name.reading.as_deref(), Field::Reading),
        (name.romaji.as_deref(), Field::Romaji),
        (name.former.as_deref(), Field::Former),
    ];
    for (text, field) in forms {
        let Some(text) = text else { continue };
        let parts = words(text);
        let mut own = BTreeSet::new();
        for word in &parts {
            let shortest = if word.text().is_ascii() { 3 } else { 1 };
            tails(&word.text(), shortest, &mut own);
            if let Some(sound) = sounds_like(word) {
                own.insert(cut(&format!("{SOUND}{}", sound.text(false))));
            }
        }
        if parts.len() > 1 {
            own.insert(cut(&parts.iter().map(madoguchi_domain::text::Word::text).collect::<String>()));
        }
        found.extend(own.into_iter().map(|tail| (tail, field)));
    }
    if name.reading.is_none() {
        found.extend(possible(&name.written).into_iter().map(|tail| (tail, Field::PossibleReading)));
    }
    found
}

/// What a name without a reading may sound like.
fn possible(written: &str) -> BTreeSet<String> {
    let whole = folded(written);
    let parts: Vec<&str> = match whole.split_once(' ') {
        Some((surname, given)) => vec![surname, given],
        None => split_surname(&whole)
            .map_or_else(|| vec![whole.as_str()], |(surname, given)| vec![surname, given]),
    };
    parts
        .iter()
        .flat_map(|part| possible_readings(part, READINGS))
        .flat_map(|reading| words(&reading))
        .filter_map(|word| sounds_like(&word))
        .map(|sound| cut(&format!("{SOUND}{}", sound.text(false))))
        .collect()
}

/// Every tail of at least `shortest` characters, and the whole however short.
fn tails(text: &str, shortest: usize, into: &mut BTreeSet<String>) {
    let length = text.chars().count();
    for (place, (at, _)) in text.char_indices().enumerate() {
        if place == 0 || length - place >= shortest {
            into.insert(cut(&text[at..]));
        }
    }
}

/// The first [`LENGTH`] characters.
#[must_use]
pub fn cut(text: &str) -> String {
    text.chars().take(LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(kind: IdentifierKind, value: &str, typed: &str) -> bool {
        let typed = cut(&normalised(kind, typed));
        identifier_tails(kind, &normalised(kind, value)).iter().any(|tail| tail.starts_with(&typed))
    }

    #[test]
    fn half_an_address_and_the_end_of_a_number_begin_a_tail() {
        for typed in ["tanaka.m", "naka.mis", "saki@exam", "example.jp", "TANAKA"] {
            assert!(finds(IdentifierKind::Email, "Tanaka.Misaki@example.jp", typed), "{typed}");
        }
        assert!(!finds(IdentifierKind::Email, "Tanaka.Misaki@example.jp", "suzuki"));
        for typed in ["4821", "090-1234", "+81 90-1234-4821"] {
            assert!(finds(IdentifierKind::Phone, "+819012344821", typed), "{typed}");
        }
        assert!(finds(IdentifierKind::Loyalty, "AS-40213307", "3307"));
        assert!(finds(IdentifierKind::Loyalty, "AS-40213307", "as4021"));
    }

    #[test]
    fn a_name_is_found_by_its_parts_its_sound_and_its_possible_sound() {
        let known = Name {
            written: "田中 美咲".to_owned(),
            reading: Some("タナカ ミサキ".to_owned()),
            romaji: Some("Tanaka Misaki".to_owned()),
            former: None,
        };
        let tails = name_tails(&known);
        for (tail, field) in [
            ("美咲", Field::Written),
            ("咲", Field::Written),
            ("田中美咲", Field::Written),
            ("~tanaka", Field::Reading),
            ("misaki", Field::Romaji),
        ] {
            assert!(tails.contains(&(tail.to_owned(), field)), "{tail} in {tails:?}");
        }
        let unknown = Name { written: "田中美咲".to_owned(), ..Name::default() };
        assert!(name_tails(&unknown).contains(&("~tanaka".to_owned(), Field::PossibleReading)));
    }
}
