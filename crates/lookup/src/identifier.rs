//! Identifiers as they rest on a desk: whole, or masked with `•` for what is hidden.

use std::ops::Range;

use madoguchi_domain::text::{Letter, fold, phone_digits};

use crate::{Field, key::Reach};

/// What stands for a hidden part.
pub(crate) const HIDDEN: char = '•';

/// The letters that an identifier is compared by: without separators for numbers, a run of dots as one.
pub(crate) fn letters(field: Field, text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = fold(text)
        .into_iter()
        .filter(|l| match field {
            Field::Phone => l.c.is_ascii_digit() || l.c == HIDDEN || l.c == '+',
            Field::Loyalty => l.c.is_alphanumeric() || l.c == HIDDEN,
            _ => l.c != ' ',
        })
        .collect();
    letters.dedup_by(|next, kept| {
        let same = next.c == HIDDEN && kept.c == HIDDEN;
        if same {
            kept.end = next.end;
        }
        same
    });
    match letters.iter().map(|l| l.c).collect::<Vec<_>>()[..] {
        // +81 90… is compared as 090…, the way it is typed in Japan.
        ['+', '8', '1', ..] => {
            letters[0] = Letter { c: '0', start: letters[0].start, end: letters[2].end };
            letters.drain(1..3);
        }
        ['+', ..] => {
            letters.remove(0);
        }
        _ => {}
    }
    letters
}

/// Which bytes of a key match: one range or two, the other one empty.
pub(crate) type Parts = [Range<usize>; 2];

const NOWHERE: Range<usize> = 0..0;

/// A typed text that may be an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TypedIdentifier {
    /// Digits of a phone or loyalty number; the last ones, or all.
    Number(String),
    /// Letters and digits of a loyalty number, or letters of an address that is not masked.
    Text(String),
    /// `t@example.jp`, `t…@exam`, `@example.jp`.
    Address {
        /// What stands before the at sign, up to the dots that hide the rest.
        head: String,
        /// What follows those dots; None without dots.
        tail: Option<String>,
        /// What follows the at sign, perhaps not to its end.
        domain: String,
    },
}

impl TypedIdentifier {
    /// Reads a text without spaces; None when it is too short to look for.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        if let Some(digits) = phone_digits(typed) {
            return (digits.len() >= 2).then_some(Self::Number(digits));
        }
        let text: String = fold(typed).iter().map(|l| l.c).filter(|c| *c != ' ').collect();
        if let Some((local, domain)) = text.split_once('@') {
            let local = local.replace("...", "•").replace('*', "•");
            let (head, tail) = match local.split_once(HIDDEN) {
                Some((head, rest)) => (head, rest.rsplit(HIDDEN).next().map(str::to_owned)),
                None => (&*local, None),
            };
            if local.is_empty() && domain.is_empty() {
                return None;
            }
            return Some(Self::Address { head: head.to_owned(), tail, domain: domain.to_owned() });
        }
        (text.len() >= 3 && text.is_ascii()).then_some(Self::Text(text))
    }

    /// Whether it can match an identifier of which a part is hidden; letters alone do not.
    pub(crate) fn reaches_masks(&self) -> bool {
        !matches!(self, Self::Text(typed) if !typed.contains(|c: char| c.is_ascii_digit()))
    }

    /// Letters that every match shows in a row; what the signature is made of.
    pub(crate) fn certain(&self) -> String {
        match self {
            // A mask ends in the last four characters at most, see `madoguchi_domain::mask`.
            Self::Number(typed) => last(typed, 4).to_owned(),
            Self::Text(typed) => {
                let run = typed.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                last(run, 4).to_owned()
            }
            Self::Address { domain, .. } => format!("@{domain}"),
        }
    }

    /// Finds this in an identifier's key: how well, and the bytes that match.
    pub(crate) fn find(&self, field: Field, key: &str) -> Option<(Reach, Parts)> {
        if key.contains(HIDDEN) && !self.reaches_masks() {
            return None;
        }
        match (self, field) {
            (Self::Number(typed), Field::Phone | Field::Loyalty) => number(typed, key),
            (Self::Text(typed), Field::Loyalty) => {
                number(&typed.replace(|c: char| !c.is_alphanumeric(), ""), key)
            }
            (Self::Number(typed) | Self::Text(typed), Field::Email) if !key.contains(HIDDEN) => {
                inside(typed, key)
            }
            (Self::Address { head, tail, domain }, Field::Email) => {
                address(head, tail.as_deref(), domain, key)
            }
            _ => None,
        }
    }
}

fn last(text: &str, count: usize) -> &str {
    text.char_indices().rev().nth(count - 1).map_or(text, |(at, _)| &text[at..])
}

fn inside(typed: &str, key: &str) -> Option<(Reach, Parts)> {
    let start = key.find(typed).filter(|_| typed.len() >= 3)?;
    let reach = match start {
        0 if typed.len() == key.len() => Reach::Whole,
        0 => Reach::Start,
        _ => Reach::Inside,
    };
    Some((reach, [start..start + typed.len(), NOWHERE]))
}

/// A number is known by its end. Of a masked one only the shown tail is compared: what is hidden is the store's to find.
fn number(typed: &str, key: &str) -> Option<(Reach, Parts)> {
    let Some(tail) = key.rsplit_once(HIDDEN).map(|(_, tail)| tail) else {
        let known_end = typed.len() >= 4 && key.ends_with(typed);
        return if known_end {
            Some((Reach::Whole, [key.len() - typed.len()..key.len(), NOWHERE]))
        } else {
            inside(typed, key)
        };
    };
    let shown = key.len() - tail.len();
    let start = if tail.ends_with(typed) { tail.len() - typed.len() } else { tail.find(typed)? };
    let reach = match (start, typed.len() == tail.len()) {
        (0, true) => Reach::Whole,
        (0, false) => Reach::Start,
        _ if tail.ends_with(typed) => Reach::Start,
        _ => Reach::Inside,
    };
    Some((reach, [NOWHERE, shown + start..shown + start + typed.len()]))
}

/// An address agrees with a mask when what was typed is what the mask shows: its first letter, its last one, its domain.
fn address(head: &str, tail: Option<&str>, domain: &str, key: &str) -> Option<(Reach, Parts)> {
    let (local, there) = key.rsplit_once('@')?;
    if !there.starts_with(domain) {
        return None;
    }
    let at = local.len();
    let after = at..at + 1 + domain.len();
    let whole = if there == domain { Reach::Whole } else { Reach::Start };
    let Some((first, end)) = local.split_once(HIDDEN) else {
        // Not masked: the letters next to the at sign, or around the dots.
        return match tail {
            None if local == head => Some((whole, [0..after.end, NOWHERE])),
            None if local.ends_with(head) => Some((Reach::Inside, [NOWHERE, at - head.len()..after.end])),
            Some(tail)
                if local.len() >= head.len() + tail.len()
                    && local.starts_with(head)
                    && local.ends_with(tail) =>
            {
                Some((Reach::Start, [0..head.len(), at - tail.len()..after.end]))
            }
            _ => None,
        };
    };
    // Only what is shown is compared; letters typed beyond it may be hidden, and those the store finds.
    let last = tail.unwrap_or_default();
    let shown = at - last.len();
    match (head, end.ends_with(last)) {
        ("", true) => Some((Reach::Inside, [NOWHERE, shown..after.end])),
        (head, true) if head == first => Some((whole, [0..first.len(), shown..after.end])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str, field: Field, text: &str) -> Option<(Reach, Vec<String>)> {
        let key: String = letters(field, text).iter().map(|l| l.c).collect();
        let (reach, ranges) = TypedIdentifier::read(typed)?.find(field, &key)?;
        let shown = ranges.into_iter().filter(|r| !r.is_empty());
        Some((reach, shown.map(|r| key[r].to_owned()).collect()))
    }

    fn some(reach: Reach, parts: &[&str]) -> Option<(Reach, Vec<String>)> {
        Some((reach, parts.iter().map(|p| (*p).to_owned()).collect()))
    }

    #[test]
    fn a_masked_phone_is_found_by_its_last_digits() {
        let mask = "090-••••-4821";
        assert_eq!(found("4821", Field::Phone, mask), some(Reach::Whole, &["4821"]));
        assert_eq!(found("４８２１", Field::Phone, mask), some(Reach::Whole, &["4821"]));
        assert_eq!(found("48", Field::Phone, mask), some(Reach::Start, &["48"]));
        assert_eq!(found("21", Field::Phone, mask), some(Reach::Start, &["21"]));
        assert_eq!(found("82", Field::Phone, mask), some(Reach::Inside, &["82"]));
        assert_eq!(
            found("090-1234-4821", Field::Phone, mask),
            None,
            "the store knows whether it is this one"
        );
        assert_eq!(found("1234", Field::Phone, mask), None);
        assert_eq!(found("0904", Field::Phone, mask), None, "nothing is matched across what is hidden");
        assert_eq!(found("4821", Field::Phone, "••••"), None);
    }

    #[test]
    fn a_clear_phone_is_found_anywhere() {
        assert_eq!(found("4821", Field::Phone, "+819012344821"), some(Reach::Whole, &["4821"]));
        assert_eq!(found("0901234", Field::Phone, "+819012344821"), some(Reach::Start, &["0901234"]));
        assert_eq!(found("1234", Field::Phone, "+819012344821"), some(Reach::Inside, &["1234"]));
    }

    #[test]
    fn a_loyalty_number_is_found_by_what_is_shown() {
        assert_eq!(found("3307", Field::Loyalty, "AS•••3307"), some(Reach::Whole, &["3307"]));
        assert_eq!(found("as-40213307", Field::Loyalty, "AS•••3307"), None);
    }

    #[test]
    fn a_masked_address_is_found_by_first_letter_and_domain() {
        let mask = "t•••a@example.jp";
        assert_eq!(found("t@example.jp", Field::Email, mask), some(Reach::Whole, &["t", "@example.jp"]));
        assert_eq!(found("t…@exam", Field::Email, mask), some(Reach::Start, &["t", "@exam"]));
        assert_eq!(found("t***a@example.jp", Field::Email, mask), some(Reach::Whole, &["t", "a@example.jp"]));
        assert_eq!(
            found("tanaka@example.jp", Field::Email, mask),
            None,
            "the store knows whether it is this one"
        );
        assert_eq!(found("…a@example.jp", Field::Email, mask), some(Reach::Inside, &["a@example.jp"]));
        assert_eq!(found("@example.jp", Field::Email, mask), some(Reach::Inside, &["@example.jp"]));
        assert_eq!(found("s@example.jp", Field::Email, mask), None);
        assert_eq!(found("t@example.com", Field::Email, mask), None);
        assert_eq!(
            found("example", Field::Email, mask),
            None,
            "a domain alone would be half of all customers"
        );
        assert_eq!(found("ta@example.jp", Field::Email, "t•••@example.jp"), None);
    }

    #[test]
    fn a_clear_address_is_found_anywhere() {
        assert_eq!(found("anak", Field::Email, "tanaka@example.jp"), some(Reach::Inside, &["anak"]));
        assert_eq!(found("naka@ex", Field::Email, "tanaka@example.jp"), some(Reach::Inside, &["naka@ex"]));
        assert_eq!(
            found("Tanaka@Example.jp", Field::Email, "tanaka@example.jp"),
            some(Reach::Whole, &["tanaka@example.jp"])
        );
    }
}
