//! The parts of a name or a query.

use super::fold::{Letter, fold, is_kana, is_kanji};

/// What a word is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// At least one kanji, kana between them as in 井ノ上 or あい子.
    Kanji,
    /// Kana alone.
    Kana,
    /// Latin letters alone.
    Latin,
    /// Kana followed by Latin letters: a conversion in the middle of its typing, たなk.
    Typing,
    /// Anything else: digits, other scripts, mixtures.
    Other,
}

/// One part of a name: what stands between spaces, hyphens and commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its folded letters; never empty.
    pub letters: Vec<Letter>,
    /// What they are written in.
    pub script: Script,
}

impl Word {
    /// The word that these folded letters are.
    #[must_use]
    pub fn new(letters: Vec<Letter>) -> Self {
        let kanji = letters.iter().any(|l| is_kanji(l.c));
        let kana = letters.iter().take_while(|l| is_kana(l.c)).count();
        let latin = letters.iter().rev().take_while(|l| l.c.is_alphabetic() && l.c.is_ascii()).count();
        let script = if kanji {
            Script::Kanji
        } else if kana == letters.len() {
            Script::Kana
        } else if letters.iter().all(|l| l.c.is_alphabetic()) && kana == 0 {
            Script::Latin
        } else if kana + latin == letters.len() {
            Script::Typing
        } else {
            Script::Other
        };
        let mut word = Self { letters, script };
        if kanji {
            word.join_kanji();
        }
        word
    }

    /// Kana between kanji: 市ヶ谷, 市ケ谷 and 市が谷 are one name, and so are 井ノ上 and 井上; 々 is what it repeats.
    fn join_kanji(&mut self) {
        let between = |letters: &[Letter], at: usize| {
            at > 0 && is_kanji(letters[at - 1].c) && letters.get(at + 1).is_some_and(|l| is_kanji(l.c))
        };
        let letters = std::mem::take(&mut self.letters);
        for (at, letter) in letters.iter().enumerate() {
            match letter.c {
                '々' if at > 0 => self.letters.push(Letter { c: letters[at - 1].c, ..*letter }),
                'の' if between(&letters, at) => {}
                'が' | 'け' | 'ゖ' if between(&letters, at) => {
                    self.letters.push(Letter { c: 'ゖ', ..*letter });
                }
                _ => self.letters.push(*letter),
            }
        }
    }

    /// Its folded letters as a text.
    #[must_use]
    pub fn text(&self) -> String {
        self.letters.iter().map(|l| l.c).collect()
    }
}

/// The words of `text`, folded. Apostrophes are dropped (O'Hara is one word), hyphens part (Tanaka-Reyes is two).
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    fold(text)
        .split(|l| matches!(l.c, ' ' | '-' | ',' | '、' | '.' | ';' | '/' | '(' | ')'))
        .map(|part| part.iter().copied().filter(|l| l.c != '\'').collect::<Vec<_>>())
        .filter(|letters| !letters.is_empty())
        .map(Word::new)
        .collect()
}

/// `text` without the honorific that people type after a name: 田中様, たなかさん, tanaka-san, Ms Hartley.
///
/// A text that would be nothing without it keeps it.
#[must_use]
pub fn without_honorific(text: &str) -> &str {
    let text = text.trim();
    for title in ["mr", "mrs", "ms", "miss", "dr"] {
        if let Some(head) = text.get(..title.len())
            && head.eq_ignore_ascii_case(title)
            && let Some(name) = text[title.len()..].strip_prefix([' ', '.', '\u{3000}'])
            && !name.trim().is_empty()
        {
            return name.trim_start();
        }
    }
    for (suffix, least) in [("様", 1), ("さま", 2), ("さん", 2), ("サン", 2), ("ｻﾝ", 2), ("氏", 1), ("殿", 1)]
    {
        if let Some(name) = text.strip_suffix(suffix)
            && name.trim_end().chars().count() >= least
        {
            return name.trim_end();
        }
    }
    for suffix in ["san", "sama"] {
        if let Some(cut) = text.len().checked_sub(suffix.len())
            && text.get(cut..).is_some_and(|tail| tail.eq_ignore_ascii_case(suffix))
            && let Some(name) = text[..cut].strip_suffix(['-', ' ', '\u{3000}'])
            && !name.trim().is_empty()
        {
            return name.trim_end();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).iter().map(Word::text).collect()
    }

    #[test]
    fn a_name_falls_into_words() {
        assert_eq!(texts("田中　美咲"), ["田中", "美咲"]);
        assert_eq!(texts("Daniel Tanaka-Reyes"), ["daniel", "tanaka", "reyes"]);
        assert_eq!(texts("アメリア・ハートレー"), ["あめりあ", "はーとれー"]);
        assert_eq!(texts("O’Hara, Kate"), ["ohara", "kate"]);
        assert_eq!(texts(" \u{3000} "), Vec::<String>::new());
    }

    #[test]
    fn small_kana_between_kanji_is_one_form() {
        for (one, other) in [
            ("市ヶ谷", "市ケ谷"),
            ("市ヶ谷", "市が谷"),
            ("市ヶ谷", "市ｹ谷"),
            ("井ノ上", "井上"),
            ("山の内", "山内"),
            ("佐々木", "佐佐木"),
        ] {
            assert_eq!(texts(one), texts(other), "{one} and {other}");
        }
        assert_ne!(texts("たけや"), texts("たがや"));
    }

    #[test]
    fn a_word_knows_its_script() {
        for (text, script) in [
            ("田中", Script::Kanji),
            ("あい子", Script::Kanji),
            ("ﾀﾅｶ", Script::Kana),
            ("Ｔanaka", Script::Latin),
            ("たなｋ", Script::Typing),
            ("4821", Script::Other),
            ("tanaka1", Script::Other),
            ("Łódź", Script::Latin),
        ] {
            assert_eq!(words(text)[0].script, script, "{text}");
        }
    }

    #[test]
    fn honorifics_are_dropped_and_names_are_not() {
        for (typed, name) in [
            ("田中様", "田中"),
            ("田中 様", "田中"),
            ("たなかさん", "たなか"),
            ("ﾀﾅｶｻﾝ", "ﾀﾅｶ"),
            ("tanaka-san", "tanaka"),
            ("Tanaka San", "Tanaka"),
            ("Ms Hartley", "Hartley"),
            ("dr. Hartley", "Hartley"),
            ("様", "様"),
            ("さん", "さん"),
            ("san", "san"),
            ("Susan", "Susan"),
            ("Mraz", "Mraz"),
        ] {
            assert_eq!(without_honorific(typed), name, "{typed}");
        }
    }
}
