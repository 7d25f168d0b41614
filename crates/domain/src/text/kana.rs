//! Kana as syllables in Latin letters.

/// The syllable that a hiragana begins, in the one spelling that [`super::Sound`] compares (kunrei), and how many
/// characters it takes. None for what has no sound of its own: っ and ー are the caller's.
pub(super) fn syllable(c: char, next: Option<char>) -> Option<(&'static str, usize)> {
    if let Some(next) = next
        && let Some(pair) = pair(c, next)
    {
        return Some((pair, 2));
    }
    Some((single(c)?, 1))
}

#[rustfmt::skip]
fn single(c: char) -> Option<&'static str> {
    Some(match c {
        'あ' | 'ぁ' => "a", 'い' | 'ぃ' | 'ゐ' => "i", 'う' | 'ぅ' => "u", 'え' | 'ぇ' | 'ゑ' => "e", 'お' | 'ぉ' | 'を' => "o",
        'か' | 'ゕ' => "ka", 'き' => "ki", 'く' => "ku", 'け' | 'ゖ' => "ke", 'こ' => "ko",
        'が' => "ga", 'ぎ' => "gi", 'ぐ' => "gu", 'げ' => "ge", 'ご' => "go",
        'さ' => "sa", 'し' => "si", 'す' => "su", 'せ' => "se", 'そ' => "so",
        'ざ' => "za", 'じ' | 'ぢ' => "zi", 'ず' | 'づ' => "zu", 'ぜ' => "ze", 'ぞ' => "zo",
        'た' => "ta", 'ち' => "ti", 'つ' => "tu", 'て' => "te", 'と' => "to",
        'だ' => "da", 'で' => "de", 'ど' => "do",
        'な' => "na", 'に' => "ni", 'ぬ' => "nu", 'ね' => "ne", 'の' => "no",
        'は' => "ha", 'ひ' => "hi", 'ふ' => "hu", 'へ' => "he", 'ほ' => "ho",
        'ば' => "ba", 'び' => "bi", 'ぶ' | 'ゔ' => "bu", 'べ' => "be", 'ぼ' => "bo",
        'ぱ' => "pa", 'ぴ' => "pi", 'ぷ' => "pu", 'ぺ' => "pe", 'ぽ' => "po",
        'ま' => "ma", 'み' => "mi", 'む' => "mu", 'め' => "me", 'も' => "mo",
        'や' | 'ゃ' => "ya", 'ゆ' | 'ゅ' => "yu", 'よ' | 'ょ' => "yo",
        'ら' => "ra", 'り' => "ri", 'る' => "ru", 'れ' => "re", 'ろ' => "ro",
        'わ' | 'ゎ' => "wa", 'ん' => "n",
        _ => return None,
    })
}

#[rustfmt::skip]
fn pair(c: char, next: char) -> Option<&'static str> {
    Some(match (c, next) {
        ('き', 'ゃ') => "kya", ('き', 'ゅ') => "kyu", ('き', 'ょ') => "kyo",
        ('ぎ', 'ゃ') => "gya", ('ぎ', 'ゅ') => "gyu", ('ぎ', 'ょ') => "gyo",
        ('し', 'ゃ') => "sya", ('し', 'ゅ') => "syu", ('し', 'ょ') => "syo", ('し', 'ぇ') => "sye",
        ('じ' | 'ぢ', 'ゃ') => "zya", ('じ' | 'ぢ', 'ゅ') => "zyu", ('じ' | 'ぢ', 'ょ') => "zyo", ('じ' | 'ぢ', 'ぇ') => "zye",
        ('ち', 'ゃ') => "tya", ('ち', 'ゅ') => "tyu", ('ち', 'ょ') => "tyo", ('ち', 'ぇ') => "tye",
        ('に', 'ゃ') => "nya", ('に', 'ゅ') => "nyu", ('に', 'ょ') => "nyo",
        ('ひ', 'ゃ') => "hya", ('ひ', 'ゅ') => "hyu", ('ひ', 'ょ') => "hyo",
        ('び', 'ゃ') => "bya", ('び', 'ゅ') => "byu", ('び', 'ょ') => "byo",
        ('ぴ', 'ゃ') => "pya", ('ぴ', 'ゅ') => "pyu", ('ぴ', 'ょ') => "pyo",
        ('み', 'ゃ') => "mya", ('み', 'ゅ') => "myu", ('み', 'ょ') => "myo",
        ('り', 'ゃ') => "rya", ('り', 'ゅ') => "ryu", ('り', 'ょ') => "ryo",
        ('ふ', 'ぁ') => "fa", ('ふ', 'ぃ') => "fi", ('ふ', 'ぇ') => "fe", ('ふ', 'ぉ') => "fo",
        ('ゔ', 'ぁ') => "ba", ('ゔ', 'ぃ') => "bi", ('ゔ', 'ぇ') => "be", ('ゔ', 'ぉ') => "bo",
        ('て', 'ぃ') => "ti", ('で', 'ぃ') => "zi", ('と', 'ぅ') => "tu", ('ど', 'ぅ') => "zu",
        _ => return None,
    })
}
