//! Latin letters as Japanese syllables, and back.

use super::{fold::folded, kana};

/// What follows the consonants at one place of a text in Latin letters.
pub(super) enum Onset {
    /// A syllable: how many letters its consonants take, and their one spelling (kunrei), for the vowel after them.
    Syllable(usize, &'static str),
    /// The first of a doubled consonant (hattori, matcha), or an n or m that stands alone: one letter.
    Alone(u8),
    /// The text ends inside a syllable: the spellings that may follow what is typed so far.
    Begun(&'static [&'static str]),
}

/// Reads the consonants that `rest` begins with; `rest` is lower case and begins with none of a, i, u, e, o.
/// None when no way of writing Japanese has them.
pub(super) fn onset(rest: &[u8]) -> Option<Onset> {
    let first = *rest.first()?;
    let second = rest.get(1).copied();
    if first == b'n' {
        return Some(Onset::Alone(b'n'));
    }
    if first == b'm' && matches!(second, Some(b'b' | b'p' | b'm')) {
        return Some(Onset::Alone(b'n'));
    }
    if second == Some(first) || (first == b't' && second == Some(b'c')) {
        return Some(Onset::Alone(match first {
            b'c' => b't',
            b'j' => b'z',
            other => other,
        }));
    }
    let length = rest.iter().position(|c| is_vowel(*c)).unwrap_or(rest.len());
    match rest.get(length) {
        Some(vowel) => Some(Onset::Syllable(length, consonants(&rest[..length], *vowel)?)),
        None => begun(rest).map(Onset::Begun),
    }
}

/// The one spelling of the consonants `typed` before `vowel`: shi and si, chi and ti, ja and zya, wo and o.
#[rustfmt::skip]
fn consonants(typed: &[u8], vowel: u8) -> Option<&'static str> {
    Some(match (typed, vowel) {
        (b"sh", b'i') => "s", (b"sh", _) => "sy",
        (b"ch", b'i') => "t", (b"ch", _) => "ty",
        (b"ts", b'u') => "t", (b"ts", _) => "ts",
        (b"dz", b'u') => "z",
        (b"j", b'i') => "z", (b"j" | b"jy", _) => "zy",
        (b"f", b'u') => "h", (b"f", _) => "f",
        (b"d", b'i' | b'u') => "z", (b"d", _) => "d", (b"dy", _) => "zy",
        (b"w", b'a') => "w", (b"w", b'o') => "", (b"w", b'i' | b'e') => "u",
        (b"v", _) => "b",
        (b"y", b'a' | b'u' | b'o') => "y", (b"y", b'e') => "",
        (b"k", _) => "k", (b"g", _) => "g", (b"s", _) => "s", (b"z", _) => "z", (b"t", _) => "t",
        (b"h", _) => "h", (b"b", _) => "b", (b"p", _) => "p", (b"m", _) => "m", (b"r", _) => "r",
        (b"ky", _) => "ky", (b"gy", _) => "gy", (b"sy", _) => "sy", (b"zy", _) => "zy", (b"ty", _) => "ty",
        (b"hy", _) => "hy", (b"by", _) => "by", (b"py", _) => "py", (b"my", _) => "my", (b"ry", _) => "ry",
        _ => return None,
    })
}

#[rustfmt::skip]
fn begun(typed: &[u8]) -> Option<&'static [&'static str]> {
    Some(match typed {
        b"sh" => &["si", "sy"], b"ch" | b"c" => &["ti", "ty"], b"ts" => &["tu", "ts"], b"dz" => &["zu"],
        b"j" => &["zi", "zy"], b"jy" | b"dy" => &["zy"], b"f" => &["hu", "f"], b"d" => &["d", "zi", "zu"],
        b"w" => &["w"], b"v" => &["b"], b"y" => &["y"], b"k" => &["k"], b"g" => &["g"], b"s" => &["s"],
        b"z" => &["z"], b"t" => &["t"], b"h" => &["h"], b"b" => &["b"], b"p" => &["p"], b"m" => &["m"], b"r" => &["r"],
        b"ky" => &["ky"], b"gy" => &["gy"], b"sy" => &["sy"], b"zy" => &["zy"], b"ty" => &["ty"], b"hy" => &["hy"],
        b"by" => &["by"], b"py" => &["py"], b"my" => &["my"], b"ry" => &["ry"],
        _ => return None,
    })
}

pub(super) const fn is_vowel(c: u8) -> bool {
    matches!(c, b'a' | b'i' | b'u' | b'e' | b'o')
}

/// A reading in Latin letters as Japanese passports write names: Hepburn without marks for long vowels.
///
/// サトウ ユウコ gives `Sato Yuko`. Which う lengthens is decided by what follows (いのうえ: `Inoue`) and only ゆう and
/// ゅう lose theirs (まつうら: `Matsuura`), since a reading does not say where one kanji ends. What is not kana is kept.
#[must_use]
pub fn passport(reading: &str) -> String {
    let mut text = String::new();
    for word in folded(reading).split(' ').filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        let mut letters = passport_word(word).into_iter();
        text.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        text.extend(letters);
    }
    text
}

fn passport_word(word: &str) -> Vec<char> {
    let kana: Vec<char> = word.chars().collect();
    let mut letters: Vec<char> = Vec::new();
    let mut doubled = false;
    let mut at = 0;
    while at < kana.len() {
        let next = kana.get(at + 1).copied();
        let before = letters.last().copied();
        let lengthens = match kana[at] {
            'ー' => true,
            'う' => {
                (before == Some('o') && next != Some('え'))
                    || (before == Some('u') && matches!(kana[at - 1], 'ゆ' | 'ゅ'))
            }
            'お' => before == Some('o'),
            _ => false,
        };
        if kana[at] == 'っ' || lengthens {
            doubled = kana[at] == 'っ';
            at += 1;
            continue;
        }
        let Some((syllable, taken)) = kana::syllable(kana[at], next) else {
            letters.push(kana[at]);
            at += 1;
            continue;
        };
        let hepburn = hepburn(syllable);
        if doubled && let Some(first) = hepburn.chars().next().filter(|c| !"aiueon".contains(*c)) {
            letters.push(if first == 'c' { 't' } else { first });
        }
        doubled = false;
        if matches!(hepburn.as_bytes()[0], b'b' | b'm' | b'p') && kana.get(at.wrapping_sub(1)) == Some(&'ん')
        {
            letters.pop();
            letters.push('m');
        }
        letters.extend(hepburn.chars());
        at += taken;
    }
    letters
}

fn hepburn(syllable: &'static str) -> String {
    for (kunrei, hepburn) in [
        ("sy", "sh"),
        ("ty", "ch"),
        ("zy", "j"),
        ("si", "shi"),
        ("ti", "chi"),
        ("tu", "tsu"),
        ("zi", "ji"),
        ("hu", "fu"),
    ] {
        if let Some(rest) = syllable.strip_prefix(kunrei) {
            return format!("{hepburn}{rest}");
        }
    }
    syllable.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_are_written_as_in_a_passport() {
        for (reading, romaji) in [
            ("タナカ ミサキ", "Tanaka Misaki"),
            ("さとう ゆうこ", "Sato Yuko"),
            ("おおの しょうた", "Ono Shota"),
            ("いのうえ じゅんいち", "Inoue Junichi"),
            ("まつうら とおる", "Matsuura Toru"),
            ("はっとり", "Hattori"),
            ("ほっち", "Hotchi"),
            ("ほんま", "Homma"),
            ("なんば", "Namba"),
            ("ふじい", "Fujii"),
            ("ﾊｰﾄﾚｰ", "Hatore"),
            ("つづき", "Tsuzuki"),
            ("", ""),
        ] {
            assert_eq!(passport(reading), romaji, "{reading}");
        }
    }
}
