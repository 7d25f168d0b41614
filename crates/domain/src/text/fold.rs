//! Character folding: width, case, kana, marks, variant kanji.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::variants;

/// One letter of folded text and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// The folded character.
    pub c: char,
    /// The first character of the original that it stands for, counted in characters.
    pub start: u32,
    /// The character after the last one that it stands for.
    pub end: u32,
}

/// The letters of `text` after folding.
///
/// NFKC (full-width Latin, half-width kana), lower case, katakana as hiragana, Latin letters without marks, variant
/// kanji as their usual form, every kind of space and middle dot as one space, every kind of hyphen and apostrophe as
/// the ASCII one. What has no look of its own (variation selectors, zero-width marks) is dropped.
#[must_use]
pub fn fold(text: &str) -> Vec<Letter> {
    let original: Vec<char> = text.chars().collect();
    let mut letters = Vec::with_capacity(original.len());
    let mut start = 0;
    while start < original.len() {
        // A mark belongs to the letter before it: ﾀ and ﾞ are one ダ, and an underline covers both.
        let mut end = start + 1;
        while end < original.len() && is_mark(original[end]) {
            end += 1;
        }
        let mut push =
            |c| fold_char(c, |c| letters.push(Letter { c, start: offset(start), end: offset(end) }));
        match &original[start..end] {
            [plain] if is_composed(*plain) => push(*plain),
            cluster => cluster.iter().copied().filter(|c| !is_invisible(*c)).nfkc().for_each(push),
        }
        start = end;
    }
    letters
}

/// [`fold`] as a text.
#[must_use]
pub fn folded(text: &str) -> String {
    fold(text).iter().map(|letter| letter.c).collect()
}

/// The letters that names are made of and that NFKC leaves as they are; the test below holds it to that.
fn is_composed(c: char) -> bool {
    matches!(c, ' '..='~' | 'ぁ'..='ゖ' | 'ァ'..='ー' | '\u{4E00}'..='\u{9FFF}')
}

fn offset(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn is_mark(c: char) -> bool {
    !is_composed(c) && (is_combining_mark(c) || is_invisible(c) || matches!(c, '\u{FF9E}' | '\u{FF9F}'))
}

/// Variation selectors (also the ideographic ones), joiners, direction marks, soft hyphen, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0100}'..='\u{E01EF}')
}

fn fold_char(c: char, mut push: impl FnMut(char)) {
    match c {
        c if c.is_ascii_alphanumeric() => push(c.to_ascii_lowercase()),
        // Katakana lie 0x60 above hiragana; ー has no hiragana of its own and stays.
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => push(char::from_u32(u32::from(c) - 0x60).unwrap_or(c)),
        'ヷ' | 'ヸ' | 'ヹ' | 'ヺ' => {
            push(['わ', 'ゐ', 'ゑ', 'を'][(u32::from(c) - u32::from('ヷ')) as usize]);
        }
        '・' | '･' | '゠' | '=' | '·' | '•' => push(if c == '•' { c } else { ' ' }),
        c if c.is_whitespace() || c.is_control() => push(' '),
        '‐'..='―' | '−' | '﹣' => push('-'),
        '‘' | '’' | 'ʼ' | 'ʻ' | 'ʹ' | '′' | '`' | '´' => push('\''),
        'ß' | 'ẞ' => ['s', 's'].into_iter().for_each(push),
        'æ' | 'Æ' => ['a', 'e'].into_iter().for_each(push),
        'œ' | 'Œ' => ['o', 'e'].into_iter().for_each(push),
        'þ' | 'Þ' => ['t', 'h'].into_iter().for_each(push),
        'ø' | 'Ø' => push('o'),
        'đ' | 'Đ' | 'ð' | 'Ð' => push('d'),
        'ħ' | 'Ħ' => push('h'),
        'ı' => push('i'),
        'ł' | 'Ł' => push('l'),
        'ŋ' | 'Ŋ' => push('n'),
        'ŧ' | 'Ŧ' => push('t'),
        c if is_kana(c) || is_kanji(c) => push(variants::usual(c)),
        c => c.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).for_each(push),
    }
}

/// Hiragana (katakana fold to it) and the long mark.
pub(super) fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ゝ' | 'ゞ' | 'ー')
}

pub(super) fn is_kanji(c: char) -> bool {
    matches!(c, '々' | '〆' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_alike_folds_alike() {
        for (one, other) in [
            ("ﾀﾅｶ", "たなか"),
            ("タナカ", "たなか"),
            ("ﾀﾞﾃ", "だて"),
            ("ﾊﾟ", "ぱ"),
            ("か\u{3099}", "が"),
            ("ＴＡＮＡＫＡ", "tanaka"),
            ("Tanaka", "TANAKA"),
            ("４８２１", "4821"),
            ("田中　美咲", "田中 美咲"),
            ("アメリア・ハートレー", "あめりあ はーとれー"),
            ("ｱﾒﾘｱ･ﾊｰﾄﾚｰ", "あめりあ はーとれー"),
            ("Renée", "renee"),
            ("Rene\u{301}e", "renee"),
            ("Groß", "GROSS"),
            ("Sørensen", "sorensen"),
            ("Łukasz", "lukasz"),
            ("Ōno", "ono"),
            ("O’Hara", "o'hara"),
            ("Tanaka–Reyes", "tanaka-reyes"),
            ("髙橋", "高橋"),
            ("山﨑", "山崎"),
            ("山嵜", "山崎"),
            ("渡邊", "渡辺"),
            ("渡邉", "渡辺"),
            ("齋藤", "斎藤"),
            ("齊藤", "斉藤"),
            ("斉藤", "斎藤"),
            ("澤田", "沢田"),
            ("濵田", "浜田"),
            ("濱田", "浜田"),
            ("廣瀨", "広瀬"),
            ("國枝", "国枝"),
            ("櫻井", "桜井"),
            ("中嶋", "中島"),
            ("中嶌", "中島"),
            ("龍", "竜"),
            ("眞惠", "真恵"),
            ("武藏", "武蔵"),
            ("𠮷田", "吉田"),
            ("葛\u{E0100}城", "葛城"),
            ("辻\u{FE00}", "辻"),
            ("神\u{FA19}", "神神"),
            ("\u{F9D1}", "六"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} and {other}");
        }
    }

    #[test]
    fn what_differs_stays_apart() {
        for (one, other) in
            [("田中", "田仲"), ("はし", "ばし"), ("きよこ", "きょこ"), ("本田", "太田"), ("土", "士")]
        {
            assert_ne!(folded(one), folded(other), "{one} and {other}");
        }
    }

    #[test]
    fn a_letter_knows_which_characters_it_stands_for() {
        let letters = fold("ﾀﾞﾃ ß葛\u{E0100}");
        let stands: Vec<_> = letters.iter().map(|l| (l.c, l.start, l.end)).collect();
        assert_eq!(stands, [('だ', 0, 2), ('て', 2, 3), (' ', 3, 4), ('s', 4, 5), ('s', 4, 5), ('葛', 5, 7)]);
    }

    #[test]
    fn what_skips_normalising_would_not_be_changed_by_it() {
        for c in ('\0'..='\u{FFFF}').filter(|c| is_composed(*c)) {
            assert!(c.nfkc().eq([c]), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,12}|[ぁ-ヾｦ-ﾟA-Za-zÀ-ž０-９ー・一-龠]{0,12}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }

        #[test]
        fn places_are_in_order_and_inside(text in "\\PC{0,12}") {
            let letters = fold(&text);
            let length = u32::try_from(text.chars().count()).expect("short");
            prop_assert!(letters.iter().all(|l| l.start < l.end && l.end <= length));
            prop_assert!(letters.windows(2).all(|w| w[0].start <= w[1].start && w[0].end <= w[1].end));
        }
    }
}
