//! How a word is read, whichever script wrote it.
//!
//! タナカ, たなか and Tanaka have one sound. It is spelled in Latin letters of one system (kunrei), so that what has been
//! typed of a syllable (`tanak`, たなk) is simply a prefix. ん and n are one letter (Kenichi is けんいち), and a vowel
//! that lengthens the one before is marked, to be compared (おの, おおの) or left out.

use super::{
    fold::{Letter, is_kana},
    kana,
    romaji::{Onset, is_vowel, onset},
    words::{Script, Word},
};

/// One letter of a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundLetter {
    /// The letter, lower-case ASCII.
    pub c: u8,
    /// Whether it may be the first of a match typed in kana: あな is not inside たなか although `ana` is in `tanaka`.
    pub begins: bool,
    /// Whether it only lengthens the vowel before it: the second letter of おお, おう, うう, さー.
    pub lengthens: bool,
    /// The first character of the original that it stands for.
    pub start: u32,
    /// The character after the last one that it stands for.
    pub end: u32,
}

/// How a word is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sound {
    /// Its letters.
    pub letters: Vec<SoundLetter>,
}

/// The sound of a whole word: of kana, and of Latin letters that spell Japanese syllables (Tanaka, Naomi, not Hartley).
#[must_use]
pub fn sounds_like(word: &Word) -> Option<Sound> {
    match word.script {
        Script::Kana => Sound::default().kana(&word.letters),
        Script::Latin => match Sound::default().latin(&word.letters)? {
            (sound, None) => Some(sound),
            (..) => None,
        },
        _ => None,
    }
}

/// The sounds that a word may come to when its typing goes on: `tanak`, たなk, and `sh` as し or しゃ.
#[must_use]
pub fn sounds_begun(word: &Word) -> Vec<Sound> {
    let (kana, latin) = word.letters.split_at(word.letters.iter().take_while(|l| is_kana(l.c)).count());
    if !matches!(word.script, Script::Kana | Script::Latin | Script::Typing) {
        return Vec::new();
    }
    let Some(sound) = Sound::default().kana(kana) else {
        return Vec::new();
    };
    let mut latin = latin.to_vec();
    if let (Some(first), Some('っ')) = (latin.first().copied(), kana.last().map(|l| l.c)) {
        latin.insert(0, first);
    }
    let Some((sound, open)) = sound.latin(&latin) else {
        return Vec::new();
    };
    match open {
        None => vec![sound],
        Some(Open { rest, endings }) => {
            let (start, end) = (latin[rest].start, latin[latin.len() - 1].end);
            let with = |ending: &&str| {
                let mut sound = sound.clone();
                ending.bytes().for_each(|c| sound.push(c, true, start, end));
                sound
            };
            endings.iter().map(with).collect()
        }
    }
}

/// A text in Latin letters that ends inside a syllable.
struct Open {
    /// Where the unfinished syllable begins.
    rest: usize,
    endings: &'static [&'static str],
}

impl Sound {
    /// The letters as a text; `long` decides whether lengthening vowels are part of it.
    #[must_use]
    pub fn text(&self, long: bool) -> String {
        self.letters.iter().filter(|l| long || !l.lengthens).map(|l| char::from(l.c)).collect()
    }

    /// Adds a letter; a vowel after the same vowel, and u after o, lengthens and is spelled as what it lengthens.
    fn push(&mut self, c: u8, begins: bool, start: u32, end: u32) {
        let before = self.letters.last().map(|l| l.c);
        let lengthens = is_vowel(c) && (before == Some(c) || (c == b'u' && before == Some(b'o')));
        let c = before.filter(|_| lengthens).unwrap_or(c);
        self.letters.push(SoundLetter { c, begins, lengthens, start, end });
    }

    fn kana(mut self, kana: &[Letter]) -> Option<Self> {
        let mut doubled: Option<Letter> = None;
        let mut at = 0;
        while at < kana.len() {
            let letter = kana[at];
            match letter.c {
                'っ' => doubled = Some(letter),
                'ー' => {
                    let vowel = self.letters.last().map(|l| l.c).filter(|c| is_vowel(*c));
                    if let Some(vowel) = vowel {
                        self.push(vowel, true, letter.start, letter.end);
                    }
                }
                _ => {
                    let (syllable, taken) = kana::syllable(letter.c, kana.get(at + 1).map(|l| l.c))?;
                    let first = syllable.as_bytes()[0];
                    if let Some(small) = doubled.take()
                        && !is_vowel(first)
                    {
                        self.push(first, true, small.start, small.end);
                    }
                    let end = kana[at + taken - 1].end;
                    for (place, c) in syllable.bytes().enumerate() {
                        self.push(c, place == 0, letter.start, end);
                    }
                    at += taken - 1;
                }
            }
            at += 1;
        }
        Some(self)
    }

    fn latin(mut self, latin: &[Letter]) -> Option<(Self, Option<Open>)> {
        let text: Vec<u8> = latin
            .iter()
            .map(|l| u8::try_from(l.c).ok().filter(u8::is_ascii_lowercase))
            .collect::<Option<_>>()?;
        let mut at = 0;
        while at < text.len() {
            let Letter { start, end, .. } = latin[at];
            if is_vowel(text[at]) {
                self.push(text[at], true, start, end);
                at += 1;
                continue;
            }
            // Ohno, Satoh, Yuhki: an h that no vowel follows lengthens.
            let before = self.letters.last().map(|l| l.c);
            if text[at] == b'h'
                && let Some(vowel @ (b'o' | b'u')) = before
                && !text.get(at + 1).is_some_and(|c| is_vowel(*c))
            {
                self.push(vowel, true, start, end);
                at += 1;
                continue;
            }
            match onset(&text[at..])? {
                Onset::Alone(c) => {
                    self.push(c, true, start, end);
                    at += 1;
                }
                Onset::Syllable(length, spelling) => {
                    let end = latin[at + length - 1].end;
                    spelling.bytes().for_each(|c| self.push(c, true, start, end));
                    at += length;
                }
                Onset::Begun(endings) => return Some((self, Some(Open { rest: at, endings }))),
            }
        }
        Some((self, None))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::words::{self},
        *,
    };

    fn word(text: &str) -> Word {
        words::words(text).remove(0)
    }

    fn sound(text: &str) -> Option<String> {
        sounds_like(&word(text)).map(|sound| sound.text(false))
    }

    fn begun(text: &str) -> Vec<String> {
        sounds_begun(&word(text)).iter().map(|sound| sound.text(false)).collect()
    }

    #[test]
    fn one_name_has_one_sound_in_every_spelling() {
        for spellings in [
            &["タナカ", "たなか", "ﾀﾅｶ", "tanaka", "TANAKA", "Ｔａｎａｋａ"][..],
            &["オオノ", "オーノ", "おうの", "ohno", "ono", "oono", "ōno", "Ôno"],
            &["サトウ", "サトー", "satou", "sato", "satoh", "Satō", "satoo"],
            &["ユウコ", "ユーコ", "yuuko", "yuko", "yūko", "Yuhko"],
            &["シンジ", "shinji", "sinzi", "Shinzi"],
            &["ツチヤ", "tsuchiya", "tutiya"],
            &["フジイ", "ふじー", "fujii", "huzii", "fuji"],
            &["ケンイチ", "ken'ichi", "kenichi", "Ken’iti"],
            &["シンヤ", "shin'ya", "shinya", "sinya"],
            &["ホンマ", "honma", "homma"],
            &["ナンバ", "namba", "nanba"],
            &["ハットリ", "hattori"],
            &["ホッチ", "hotchi", "hocchi", "hotti"],
            &["ジュンコ", "junko", "jyunko", "zyunko"],
            &["チヅコ", "チズコ", "chizuko", "tizuko", "chiduko", "Chidzuko"],
            &["ショウヘイ", "shohei", "shouhei", "syouhei"],
            &["ヲサダ", "おさだ", "wosada", "osada"],
            &["イノウエ", "inoue", "Inoue"],
            &["ヴァン", "バン", "van", "ban"],
            &["リュウヘイ", "ryuhei", "ryuuhei"],
        ] {
            let first = sound(spellings[0]);
            assert!(first.is_some());
            for spelling in spellings {
                assert_eq!(sound(spelling), first, "{spelling} and {}", spellings[0]);
            }
        }
    }

    #[test]
    fn other_names_have_other_sounds() {
        for (one, other) in [
            ("キヨコ", "キョウコ"),
            ("ハシ", "バシ"),
            ("カノ", "カンノ"),
            ("ケイコ", "ケコ"),
            ("モリ", "オモリ"),
        ] {
            assert_ne!(sound(one), sound(other), "{one} and {other}");
        }
        assert_ne!(
            sounds_like(&word("おの")).map(|s| s.text(true)),
            sounds_like(&word("おおの")).map(|s| s.text(true))
        );
        assert_eq!(
            sounds_like(&word("おーの")).map(|s| s.text(true)),
            sounds_like(&word("おおの")).map(|s| s.text(true))
        );
    }

    #[test]
    fn what_is_not_japanese_has_no_sound() {
        for text in ["Hartley", "Schmidt", "Tom", "Hannah", "田中", "4821", "Łódź", "Xu"] {
            assert_eq!(sound(text), None, "{text}");
        }
    }

    #[test]
    fn typing_a_name_never_leaves_it() {
        for (typed, name) in [
            ("たなか", "たなか"),
            ("tsuchiya", "つちや"),
            ("shou", "しょう"),
            ("hattori", "はっとり"),
            ("matcha", "まっちゃ"),
            ("ohno", "おおの"),
            ("junichi", "じゅんいち"),
            ("fujii", "ふじい"),
            ("wada", "わだ"),
            ("dzu", "づ"),
        ] {
            let whole = sound(name).expect("kana");
            let letters: Vec<char> = typed.chars().collect();
            for end in 1..=letters.len() {
                let part: String = letters[..end].iter().collect();
                assert!(
                    begun(&part).iter().any(|s| whole.starts_with(s.as_str())),
                    "{part} of {name}: {:?}",
                    begun(&part)
                );
            }
        }
    }

    #[test]
    fn a_conversion_in_the_middle_of_its_typing_is_understood() {
        assert_eq!(begun("たなk"), ["tanak"]);
        assert_eq!(begun("はっｔ"), ["hatt"]);
        assert_eq!(begun("さとうy"), ["satoy"]);
        assert_eq!(begun("しゃsh"), ["syasi", "syasy"]);
        assert_eq!(begun("hartl"), Vec::<String>::new());
    }

    #[test]
    fn a_letter_knows_which_characters_it_stands_for() {
        let sound = sounds_like(&word("ｼﾞｭﾝﾀﾞ")).expect("kana");
        let stands: Vec<_> =
            sound.letters.iter().map(|l| (char::from(l.c), l.start, l.end, l.begins)).collect();
        assert_eq!(
            stands,
            [
                ('z', 0, 3, true),
                ('y', 0, 3, false),
                ('u', 0, 3, false),
                ('n', 3, 4, true),
                ('d', 4, 6, true),
                ('a', 4, 6, false)
            ]
        );
    }

    proptest! {
        #[test]
        fn every_kana_word_sounds_as_its_own_passport_spelling(text in "[かきくけこさしすせそたちつてとなにぬねのまみむめもらりるれろわ]{1,6}") {
            prop_assert_eq!(sound(&super::super::passport(&text)), sound(&text));
        }

        #[test]
        fn any_word_is_read_without_a_panic(text in "\\PC{1,8}|[a-zー゙ァ-ヶっん]{1,8}") {
            for word in words::words(&text) {
                let _ = (sounds_like(&word), sounds_begun(&word));
            }
        }
    }
}
