//! Telephone numbers as people type them.

use super::fold;

/// The digits of a text that is nothing but a number: digits and what people put between them.
///
/// `+81 90-1234-4821`, `０９０ー１２３４ー４８２１` and `090 1234 4821` all give `09012344821`; another country's
/// prefix keeps its digits. Dots that stand for hidden digits (`090-••••-4821`) are skipped. None when the text holds
/// anything else, or no digit.
#[must_use]
pub fn phone_digits(text: &str) -> Option<String> {
    let mut digits = String::new();
    let mut international = false;
    for letter in fold(text) {
        match letter.c {
            c @ '0'..='9' => digits.push(c),
            '+' if digits.is_empty() => international = true,
            '-' | 'ー' | '(' | ')' | ' ' | '.' | '/' | '•' | '*' => {}
            _ => return None,
        }
    }
    if international && let Some(national) = digits.strip_prefix("81") {
        // +81 (0)90… is seen too: the zero in brackets is the one that the country code replaces.
        digits = format!("0{}", national.strip_prefix('0').unwrap_or(national));
    }
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_digits_however_it_is_typed() {
        for typed in [
            "09012344821",
            "090-1234-4821",
            "+81 90-1234-4821",
            "+81 (0)90 1234 4821",
            "０９０ー１２３４ー４８２１",
            "090 1234 4821",
            "(090) 1234.4821",
        ] {
            assert_eq!(phone_digits(typed).as_deref(), Some("09012344821"), "{typed}");
        }
        assert_eq!(phone_digits("+1 415 555 0127").as_deref(), Some("14155550127"));
        assert_eq!(phone_digits("090-••••-4821").as_deref(), Some("0904821"));
        assert_eq!(phone_digits("…4821").as_deref(), Some("4821"));
    }

    #[test]
    fn what_is_not_a_number_has_no_digits() {
        for text in ["", "-", "田中4821", "C-7F3K", "4821x"] {
            assert_eq!(phone_digits(text), None, "{text}");
        }
    }
}
