//! What the index is told about a customer, and how it keeps that.

use madoguchi_domain::{
    CustomerId,
    customer::{IdentifierKind, Name, Profile},
};

use crate::Field;

/// A customer as lookup knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub id: CustomerId,
    /// Names in their forms.
    pub name: Name,
    /// Identifiers as they rest on this desk.
    pub identifiers: Vec<Handle>,
    /// Their brands, one bit each; which bit is which brand is the caller's.
    pub brands: u32,
    /// Whether an account of theirs is locked.
    pub locked: bool,
}

/// An identifier as it rests on this desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// What sort it is.
    pub kind: IdentifierKind,
    /// Its mask, `•` where it hides (`t•••a@example.jp`, `090-••••-4821`), or the whole value where policy allows.
    /// What is hidden is never matched, and nothing is matched across it.
    pub text: String,
}

impl Entry {
    /// The entry of a profile; `brands` and `locked` are what the profile alone does not say.
    #[must_use]
    pub fn new(profile: &Profile, brands: u32, locked: bool) -> Self {
        let handle = |identifier: &madoguchi_domain::customer::Identifier| Handle {
            kind: identifier.kind,
            text: identifier.clear.clone().unwrap_or_else(|| identifier.masked.clone()),
        };
        Self {
            id: profile.id,
            name: profile.name.clone(),
            identifiers: profile.identifiers.iter().map(handle).collect(),
            brands,
            locked,
        }
    }
}

/// The texts of an entry in one allocation: a byte for the field, two for the length, the text, and so on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts(Box<[u8]>);

const FIELDS: [Field; 7] = [
    Field::Written,
    Field::Reading,
    Field::Romaji,
    Field::Former,
    Field::Email,
    Field::Phone,
    Field::Loyalty,
];

impl Texts {
    pub(crate) fn of(entry: &Entry) -> Self {
        let mut bytes = Vec::new();
        let mut push = |field: Field, text: &str| {
            let text = &text[..text.floor_char_boundary(usize::from(u16::MAX))];
            let (Some(place), Ok(length)) =
                (FIELDS.iter().position(|f| *f == field), u16::try_from(text.len()))
            else {
                return;
            };
            bytes.push(u8::try_from(place).unwrap_or_default());
            bytes.extend(length.to_le_bytes());
            bytes.extend(text.as_bytes());
        };
        push(Field::Written, &entry.name.written);
        for (field, text) in [
            (Field::Reading, &entry.name.reading),
            (Field::Romaji, &entry.name.romaji),
            (Field::Former, &entry.name.former),
        ] {
            if let Some(text) = text {
                push(field, text);
            }
        }
        for handle in &entry.identifiers {
            let field = match handle.kind {
                IdentifierKind::Email => Field::Email,
                IdentifierKind::Phone => Field::Phone,
                IdentifierKind::Loyalty => Field::Loyalty,
            };
            push(field, &handle.text);
        }
        Self(bytes.into_boxed_slice())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        let mut rest = &*self.0;
        std::iter::from_fn(move || {
            let (&[place, low, high], after) = rest.split_first_chunk::<3>()?;
            let (text, after) = after.split_at_checked(usize::from(u16::from_le_bytes([low, high])))?;
            rest = after;
            Some((*FIELDS.get(usize::from(place))?, std::str::from_utf8(text).ok()?))
        })
    }

    pub(crate) fn get(&self, field: Field) -> Option<&str> {
        self.iter().find(|(f, _)| *f == field).map(|(_, text)| text)
    }

    pub(crate) fn size(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_went_in() {
        let entry = Entry {
            id: CustomerId::from_bits(1),
            name: Name { written: "田中 美咲".into(), romaji: Some(String::new()), ..Name::default() },
            identifiers: vec![Handle { kind: IdentifierKind::Phone, text: "090-••••-4821".into() }],
            brands: 0,
            locked: false,
        };
        let texts = Texts::of(&entry);
        let back: Vec<_> = texts.iter().collect();
        assert_eq!(
            back,
            [(Field::Written, "田中 美咲"), (Field::Romaji, ""), (Field::Phone, "090-••••-4821")]
        );
    }

    #[test]
    fn a_text_beyond_all_measure_is_cut_between_characters() {
        let written = "田".repeat(30_000);
        let entry = Entry {
            id: CustomerId::from_bits(1),
            name: Name { written, ..Name::default() },
            identifiers: Vec::new(),
            brands: 0,
            locked: false,
        };
        assert_eq!(Texts::of(&entry).get(Field::Written).map(|t| t.chars().count()), Some(21_845));
    }
}
