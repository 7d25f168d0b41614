//! Values that can be neither printed nor serialised; wiped when they are dropped.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A text that must not be seen: a password, a token, a revealed value.
///
/// It has no `Display` and no `Serialize`; `Debug` says only that there is one. Comparing takes the same time wherever
/// two values differ.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Hides `value`.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// The value, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

/// A 32-byte key: of a database, a device, a customer.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

impl Key {
    /// A key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A key from bytes read somewhere; none when there are not exactly 32.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, for the one place that needs them.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The value of SQLCipher's `key` pragma for a raw key: `"x'…'"` with its double quotes.
    ///
    /// Connections that get it must have statement logging off, or sqlx writes it to the log.
    #[must_use]
    pub fn sqlcipher_pragma(&self) -> Secret {
        let mut text = String::with_capacity(70);
        text.push_str("\"x'");
        for byte in self.0 {
            for half in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
            }
        }
        text.push_str("'\"");
        Secret::new(text)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(hidden)")
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Key {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_is_printed_shows_nothing() {
        let secret = Secret::new("correct horse".to_owned());
        let key = Key::new([0xAB; 32]);
        let printed = format!("{secret:?} {key:?} {:?}", Some(&secret));
        assert!(!printed.contains("horse") && !printed.to_lowercase().contains("ab"), "{printed}");
    }

    #[test]
    fn a_raw_key_is_written_as_sqlcipher_reads_it() {
        let mut bytes = [0; 32];
        bytes[0] = 0x0F;
        bytes[31] = 0xA0;
        let pragma = Key::new(bytes).sqlcipher_pragma();
        assert_eq!(pragma.expose(), format!("\"x'0f{}a0'\"", "00".repeat(30)));
    }

    #[test]
    fn only_32_bytes_are_a_key() {
        assert!(Key::read(&[1; 31]).is_none());
        assert_eq!(Key::read(&[1; 32]), Some(Key::new([1; 32])));
    }
}
