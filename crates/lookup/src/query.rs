//! What is typed, made ready for comparing.

use madoguchi_domain::{
    CustomerId,
    text::{Script, Word, fold, phone_digits, sounds_begun, sounds_like, without_honorific, words},
};

use crate::{
    Field,
    identifier::{Parts, TypedIdentifier},
    key::{Place, Reach, TypedSound, find_spelled, short_letters, signature},
    ranks::{BEST, Rank, rank},
    term::{Lane, Role, tag},
};

/// A query: every part must match.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) parts: Vec<Part>,
}

/// What stands between two spaces. It matches as any one of these.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) id: Option<IdStart>,
    pub(crate) identifier: Option<TypedIdentifier>,
    /// Its words, all of them.
    pub(crate) words: Vec<TypedWord>,
}

impl Query {
    pub(crate) fn read(typed: &str) -> Self {
        let typed = without_honorific(typed);
        // A number may have spaces inside.
        if phone_digits(typed).is_some() {
            return Self { parts: vec![Part::read(typed)] };
        }
        let characters: Vec<char> = typed.chars().collect();
        let letters = fold(typed);
        let parts = letters
            .split(|l| l.c == ' ')
            .filter_map(|part| {
                let (first, last) = (part.first()?, part.last()?);
                let text: String = characters[first.start as usize..last.end as usize].iter().collect();
                Some(Part::read(&text))
            })
            .filter(|part| part.id.is_some() || part.identifier.is_some() || !part.words.is_empty())
            .collect();
        Self { parts }
    }
}

impl Part {
    fn read(text: &str) -> Self {
        let id = IdStart::read(text);
        // Nobody is called C-7F3K, and no name has a number or an at sign in it.
        let marked = id.is_some_and(|id| id.marked);
        let words = if marked || phone_digits(text).is_some() || text.contains(['@', '＠']) {
            Vec::new()
        } else {
            words(text).into_iter().map(TypedWord::new).collect()
        };
        Self { id, identifier: TypedIdentifier::read(text), words }
    }
}

/// The first symbols of a customer id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IdStart {
    /// The lowest and the highest id that begin so.
    pub(crate) bounds: (CustomerId, CustomerId),
    /// How many symbols were typed.
    pub(crate) symbols: usize,
    /// Whether it was typed with its `C-`.
    marked: bool,
    /// Whether it is hardly anything else: digits alone without `C-` may as well be the end of a phone number.
    pub(crate) sure: bool,
}

impl IdStart {
    const SYMBOLS: usize = 8;

    /// Reads `C-7F3K`, or four symbols and more of which one is a digit (without, it is a name).
    fn read(text: &str) -> Option<Self> {
        let text: String = fold(text).iter().map(|l| l.c).collect();
        let (marked, body) = match text.strip_prefix("c-") {
            Some(body) => (true, body),
            None => (false, &*text),
        };
        let body: String = body.chars().filter(|c| *c != '-').collect();
        let symbols = body.len();
        let like_an_id = marked || (symbols >= 4 && body.contains(|c: char| c.is_ascii_digit()));
        if !like_an_id || !body.is_ascii() || !(1..=Self::SYMBOLS).contains(&symbols) {
            return None;
        }
        let missing = Self::SYMBOLS - symbols;
        let low = format!("{body}{}", "0".repeat(missing)).parse().ok()?;
        let high = format!("{body}{}", "Z".repeat(missing)).parse().ok()?;
        let sure = marked || body.contains(|c: char| c.is_ascii_alphabetic());
        Some(Self { bounds: (low, high), symbols, marked, sure })
    }

    pub(crate) fn rank(self) -> Rank {
        if self.sure { BEST } else { rank(Role::Identifier, &Place::of(Reach::Whole)) }
    }

    /// Which characters of the shown id (`C-7F3K-20Q9`) the typed symbols are.
    pub(crate) fn shown(self) -> std::ops::Range<usize> {
        2..2 + self.symbols + usize::from(self.symbols > 4)
    }
}

/// One typed word.
#[derive(Debug, Clone)]
pub(crate) struct TypedWord {
    pub(crate) word: Word,
    /// As it is spelled; None where it is kana and Latin letters in the middle of typing.
    pub(crate) spelled: Option<String>,
    /// As it sounds; more than one where the last syllable is still open.
    pub(crate) sounds: Vec<TypedSound>,
    /// How it falls into two names: known when nobody has it as one word, else empty.
    pub(crate) two_names: Vec<Cut>,
}

/// Two names typed without a space, cut at one place.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    spelled: String,
    sound: Option<Vec<u8>>,
    pub(crate) rest: TypedWord,
}

impl Cut {
    /// Whether the first of the two is this whole word.
    pub(crate) fn begins_with(&self, lane: Lane, key: &[u8]) -> bool {
        match lane {
            Lane::Spelled => self.spelled.as_bytes() == key,
            Lane::Sounded => {
                self.sound.as_ref().is_some_and(|sound| short_letters(key).eq(sound.iter().copied()))
            }
            Lane::Masked | Lane::Clear => false,
        }
    }
}

impl TypedWord {
    fn new(word: Word) -> Self {
        let (kana_start, kana_end) =
            (matches!(word.script, Script::Kana | Script::Typing), word.script == Script::Kana);
        let sounds = sounds_begun(&word)
            .iter()
            .filter(|sound| !sound.letters.is_empty())
            .map(|sound| TypedSound::new(sound, kana_start, kana_end))
            .collect();
        let spelled = (word.script != Script::Typing).then(|| word.text());
        Self { word, spelled, sounds, two_names: Vec::new() }
    }

    /// Finds this word in a name's word.
    pub(crate) fn find(&self, lane: Lane, key: &[u8]) -> Option<Place> {
        match lane {
            Lane::Spelled => find_spelled(key, self.spelled.as_deref()?.as_bytes()),
            Lane::Sounded => self
                .sounds
                .iter()
                .filter_map(|sound| sound.find(key))
                .min_by_key(|place| (place.reach, place.loose, place.start)),
            Lane::Masked | Lane::Clear => None,
        }
    }

    /// Every way in which this may be two names without a space: たな and かみさき, たなか and みさき, …
    pub(crate) fn cuts(&self) -> Vec<Cut> {
        let letters = &self.word.letters;
        let cut = |at: usize| {
            let (head, rest) = letters.split_at(at);
            let head = Word::new(head.to_vec());
            let sound = sounds_like(&head).map(|sound| sound.text(false).into_bytes());
            Cut {
                spelled: head.text(),
                // One letter is the beginning of too much.
                sound: sound.filter(|sound| sound.len() >= 2),
                rest: Self::new(Word::new(rest.to_vec())),
            }
        };
        (1..letters.len()).map(cut).collect()
    }

    /// The signature in a lane of all that is typed, for finding words that it begins with.
    pub(crate) fn all_letters(&self, lane: Lane) -> Option<u128> {
        match lane {
            Lane::Spelled => self.spelled.as_ref().map(|text| signature(text.chars(), true)),
            Lane::Sounded => {
                self.sounds.first().map(|sound| signature(sound.short().iter().map(|c| char::from(*c)), true))
            }
            Lane::Masked | Lane::Clear => None,
        }
    }

    /// Signatures in a lane, one for each way it is looked for.
    pub(crate) fn signatures(&self, lane: Lane) -> Vec<u128> {
        match lane {
            Lane::Spelled => {
                self.spelled.iter().map(|text| signature(text.chars(), text.len() < 3)).collect()
            }
            Lane::Sounded => {
                let of = |sound: &TypedSound| {
                    signature(sound.short().iter().map(|c| char::from(*c)), !sound.reaches_inside())
                };
                self.sounds.iter().map(of).collect()
            }
            Lane::Masked | Lane::Clear => Vec::new(),
        }
    }
}

/// Finds an identifier as it is typed in an identifier's key: how well, and the bytes of the key.
pub(crate) fn find_identifier(typed: &TypedIdentifier, key: &[u8]) -> Option<(Reach, Parts)> {
    let (first, text) = key.split_first()?;
    let field = [Field::Email, Field::Phone, Field::Loyalty].into_iter().find(|f| tag(*f) == *first)?;
    let (reach, parts) = typed.find(field, std::str::from_utf8(text).ok()?)?;
    Some((reach, parts.map(|part| part.start + 1..part.end + 1)))
}
