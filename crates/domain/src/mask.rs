//! What may be seen of a value that is masked.
//!
//! An e-mail keeps its first and last letter before the at sign and its domain, a phone its prefix and last four
//! digits, anything else its first two and last four characters. What is too short to hide keeps nothing.

use crate::customer::IdentifierKind;

const DOTS: &str = "•••";

/// The visible part of `value`.
#[must_use]
pub fn identifier(kind: IdentifierKind, value: &str) -> String {
    match kind {
        IdentifierKind::Email => email(value),
        IdentifierKind::Phone => phone(value),
        IdentifierKind::Loyalty => subject(value),
    }
}

/// `tanaka@example.jp` → `t•••a@example.jp`.
#[must_use]
pub fn email(value: &str) -> String {
    let Some((local, domain)) = value.rsplit_once('@') else {
        return subject(value);
    };
    let mut letters = local.chars();
    match (letters.next(), letters.next_back()) {
        (Some(first), Some(last)) if local.chars().count() > 3 => format!("{first}{DOTS}{last}@{domain}"),
        (Some(first), _) => format!("{first}{DOTS}@{domain}"),
        _ => format!("{DOTS}@{domain}"),
    }
}

/// `+819012344821` → `090-••••-4821`, `+14155550127` → `+1•••0127`.
#[must_use]
pub fn phone(value: &str) -> String {
    let digits: Vec<char> = value.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 {
        return "••••".to_owned();
    }
    let tail: String = digits[digits.len() - 4..].iter().collect();
    if let Some(national) = value.strip_prefix("+81") {
        let lead = if national.starts_with(['5', '7', '8', '9']) && national.len() >= 10 { 2 } else { 1 };
        let lead: String = national.chars().take(lead).collect();
        return format!("0{lead}-••••-{tail}");
    }
    if value.starts_with('+') {
        return format!("+{}{DOTS}{tail}", digits[0]);
    }
    format!("{DOTS}{tail}")
}

/// `AS-40213307` → `AS•••3307`; for loyalty numbers and providers' subjects.
#[must_use]
pub fn subject(value: &str) -> String {
    let letters: Vec<char> = value.chars().collect();
    if letters.len() < 9 {
        return DOTS.to_owned();
    }
    let head: String = letters[..2].iter().collect();
    let tail: String = letters[letters.len() - 4..].iter().collect();
    format!("{head}{DOTS}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_what_an_agent_may_say_aloud() {
        assert_eq!(email("tanaka@example.jp"), "t•••a@example.jp");
        assert_eq!(email("ab@example.jp"), "a•••@example.jp");
        assert_eq!(phone("+819012344821"), "090-••••-4821");
        assert_eq!(phone("+81312348142"), "03-••••-8142");
        assert_eq!(phone("+14155550127"), "+1•••0127");
        assert_eq!(subject("AS-40213307"), "AS•••3307");
    }

    #[test]
    fn a_short_value_is_hidden_whole() {
        assert_eq!(phone("110"), "••••");
        assert_eq!(subject("A-12"), "•••");
        assert_eq!(email("@example.jp"), "•••@example.jp");
    }

    #[test]
    fn a_mask_never_holds_the_hidden_middle() {
        for (kind, value, middle) in [
            (IdentifierKind::Email, "hanako.suzuki@example.jp", "anako.suzuk"),
            (IdentifierKind::Phone, "+819012344821", "1234"),
            (IdentifierKind::Loyalty, "AS-40213307", "4021"),
        ] {
            assert!(!identifier(kind, value).contains(middle));
        }
    }
}
