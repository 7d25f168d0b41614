//! Identities of things. Each kind has a type of its own, so that one cannot be passed for another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Timestamp;

/// What is wrong with a text that should be an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not eight Crockford symbols behind an optional `C-`.
    #[error("a customer id has eight letters or digits, such as C-7F3K-20Q9")]
    Customer,
    /// Not a UUID.
    #[error("this id is not a UUID")]
    Uuid,
}

/// A customer's central id: 40 random bits, shown as `C-7F3K-20Q9` and never given another meaning.
///
/// The eight symbols are Crockford's base 32, most significant first, so that it can be read out on a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomerId(i64);

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl CustomerId {
    /// How many bits are used; ids are smaller than `1 << BITS`.
    pub const BITS: u32 = 40;

    /// The id with these 40 bits; higher bits are dropped.
    #[must_use]
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits & ((1 << Self::BITS) - 1))
    }

    /// The 40 bits, as the databases keep them.
    #[must_use]
    pub const fn bits(self) -> i64 {
        self.0
    }
}

impl fmt::Display for CustomerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("C-")?;
        for place in (0..8).rev() {
            if place == 3 {
                f.write_str("-")?;
            }
            let index = (self.0 >> (place * 5)) & 31;
            let symbol = usize::try_from(index).map_or(b'0', |i| CROCKFORD[i]);
            write!(f, "{}", char::from(symbol))?;
        }
        Ok(())
    }
}

impl FromStr for CustomerId {
    type Err = IdError;

    /// Reads what a person types: any case, with or without `C-` and dashes, `O` for 0, `I` and `L` for 1.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        let body = match text.get(..2) {
            Some(head) if head.eq_ignore_ascii_case("c-") => &text[2..],
            _ => text,
        };
        let mut bits = 0i64;
        let mut count = 0;
        for symbol in body.chars().filter(|c| *c != '-') {
            let symbol = match symbol.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = CROCKFORD
                .iter()
                .position(|c| char::from(*c) == symbol)
                .and_then(|v| i64::try_from(v).ok())
                .ok_or(IdError::Customer)?;
            count += 1;
            if count > 8 {
                return Err(IdError::Customer);
            }
            bits = (bits << 5) | value;
        }
        if count == 8 { Ok(Self(bits)) } else { Err(IdError::Customer) }
    }
}

impl Serialize for CustomerId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CustomerId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Ids that travel as text and are described as text to other languages.
macro_rules! described_as_text {
    ($name:ident, $format:literal) => {
        impl ts_rs::TS for $name {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;
            fn name(_: &ts_rs::Config) -> String {
                "string".to_owned()
            }
            fn inline(config: &ts_rs::Config) -> String {
                Self::name(config)
            }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .format(Some(utoipa::openapi::SchemaFormat::Custom($format.to_owned())))
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use described_as_text;

described_as_text!(CustomerId, "customer-id");

/// A UUID with a kind. Version 7 unless said, so that keys made later sort later.
macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id from the time and ten random bytes (RFC 9562, version 7).
            #[must_use]
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::parse_str(text).map(Self).map_err(|_| IdError::Uuid)
            }
        }

        described_as_text!($name, "uuid");
    )*};
}

uuid_id! {
    /// An account: one user at one issuer for one brand.
    AccountId;
    /// Something an agent asked for; also its idempotency key.
    ActionId;
    /// A person or an application that signs in to the store.
    AgentId;
    /// One entry of a consent's history.
    ConsentEventId;
    /// One desk: an installation with a signing key of its own.
    DeviceId;
    /// An e-mail address, phone number or loyalty number of a customer.
    IdentifierId;
    /// A way into an account.
    IdentityId;
    /// One reason why an account cannot sign in.
    LockId;
    /// What an agent wrote down.
    NoteId;
    /// A live sign-in.
    SessionId;
    /// One attempt to authenticate.
    SignInId;
}

/// Short names that people choose: lower-case letters, digits and dashes.
macro_rules! slug_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        described_as_text!($name, "slug");
    )*};
}

slug_id! {
    /// A brand, the controller that a customer deals with.
    BrandId;
    /// A purpose, what data may be used for.
    PurposeId;
    /// A notice, the text shown for a purpose.
    NoticeId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_id_reads_back_as_it_was_shown() {
        for bits in [0, 1, 31, 32, 0x7F_3C20_0009, (1 << 40) - 1] {
            let id = CustomerId::from_bits(bits);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn a_customer_id_is_read_as_people_type_it() {
        let id: CustomerId = "C-7F3K-20Q9".parse().expect("the form that is shown");
        for typed in ["c-7f3k-20q9", "7f3k20q9", " 7F3K-2OQ9 ", "7f3k-20q9"] {
            assert_eq!(typed.parse(), Ok(id), "{typed}");
        }
        for wrong in ["", "C-", "7F3K-20Q", "7F3K-20Q99", "7F3K-20U9", "田中"] {
            assert_eq!(wrong.parse::<CustomerId>(), Err(IdError::Customer), "{wrong}");
        }
    }

    #[test]
    fn ids_made_later_sort_later() {
        let early = LockId::new(Timestamp::from_micros(1_000_000), [255; 10]);
        let late = LockId::new(Timestamp::from_micros(2_000_000), [0; 10]);
        assert!(early < late);
    }
}
