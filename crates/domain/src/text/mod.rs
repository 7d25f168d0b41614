//! Normalising text so that the same name typed differently is found.
//!
//! Both sides of a comparison go through the same steps: [`fold`] for characters (width, case, kana, variant kanji,
//! marks), [`words`] for the parts of a name, and [`Sound`] for how a word is read, whichever script wrote it. Each
//! keeps for every letter where it stood in the original, so that a match can be underlined there.

mod fold;
mod kana;
mod phone;
mod romaji;
mod sound;
mod variants;
mod words;

pub use fold::{Letter, fold, folded};
pub use phone::phone_digits;
pub use romaji::passport;
pub use sound::{Sound, SoundLetter, sounds_begun, sounds_like};
pub use words::{Script, Word, without_honorific, words};
