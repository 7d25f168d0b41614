//! One entry, its canonical bytes and its hash.
//!
//! The bytes are deterministic CBOR (RFC 8949, 4.2.1): an array of definite length with shortest integers. Decoding
//! takes exactly what encoding writes; anything else is refused.

use minicbor::{Decoder, Encoder};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use madoguchi_domain::Timestamp;

use crate::Commitment;

/// The first item of every entry, so that its hash means nothing elsewhere.
pub const TAG: &str = "madoguchi/entry/1";

/// A customer's random name in the ledger; it lies beside the customer and goes with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(pub [u8; 16]);

/// SHA-256 over 0x00 and an entry's canonical bytes: the leaf hash of RFC 6962, section 2.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryHash(pub [u8; 32]);

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// An agent's or the rule's action; the payload says which.
    Action,
    /// A consent event.
    Consent,
    /// A customer, or a change of one, taken from another system.
    Import,
}

impl EntryKind {
    const ALL: [(u8, Self); 3] = [(1, Self::Action), (2, Self::Consent), (3, Self::Import)];

    const fn number(self) -> u8 {
        match self {
            Self::Action => 1,
            Self::Consent => 2,
            Self::Import => 3,
        }
    }
}

/// One step of a customer's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// A random id, so that an entry can be named before it has a place in the log.
    pub id: Uuid,
    /// Whose history.
    pub customer: Pseudonym,
    /// The hash of that customer's entry before this one; none for the first.
    pub previous: Option<EntryHash>,
    /// What it is about.
    pub kind: EntryKind,
    /// When the store took it; never earlier than the entry before.
    pub received_at: Timestamp,
    /// The commitment to what was done.
    pub commitment: Commitment,
}

/// Why bytes are no entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not CBOR of the right form.
    #[error("these bytes are not an entry")]
    Form,
    /// CBOR of the right form, written in another way than the canonical one, or with something behind it.
    #[error("this entry is not written in the canonical form")]
    NotCanonical,
}

impl Entry {
    /// The canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Encoder::new(Vec::with_capacity(160));
        self.write(&mut bytes).expect("writing to a Vec cannot fail");
        bytes.into_writer()
    }

    fn write(
        &self,
        to: &mut Encoder<Vec<u8>>,
    ) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        to.array(7)?.str(TAG)?.bytes(self.id.as_bytes())?.bytes(&self.customer.0)?;
        match &self.previous {
            Some(hash) => to.bytes(&hash.0)?,
            None => to.null()?,
        };
        to.u8(self.kind.number())?.i64(self.received_at.micros())?.bytes(&self.commitment.0)?.ok()
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// When the bytes are anything but what [`Entry::encode`] writes.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let entry = Self::read(bytes).ok_or(DecodeError::Form)?;
        if entry.encode() == bytes { Ok(entry) } else { Err(DecodeError::NotCanonical) }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut from = Decoder::new(bytes);
        if from.array().ok()? != Some(7) || from.str().ok()? != TAG {
            return None;
        }
        let id = Uuid::from_slice(from.bytes().ok()?).ok()?;
        let customer = Pseudonym(from.bytes().ok()?.try_into().ok()?);
        let previous = match from.datatype().ok()? {
            minicbor::data::Type::Null => {
                from.null().ok()?;
                None
            }
            _ => Some(EntryHash(from.bytes().ok()?.try_into().ok()?)),
        };
        let number = from.u8().ok()?;
        let kind = EntryKind::ALL.iter().find(|(n, _)| *n == number)?.1;
        let received_at = Timestamp::from_micros(from.i64().ok()?);
        let commitment = Commitment(from.bytes().ok()?.try_into().ok()?);
        Some(Self { id, customer, previous, kind, received_at, commitment })
    }

    /// The leaf hash.
    #[must_use]
    pub fn hash(&self) -> EntryHash {
        EntryHash::of(&self.encode())
    }
}

impl EntryHash {
    /// The leaf hash of canonical bytes.
    #[must_use]
    pub fn of(canonical: &[u8]) -> Self {
        Self(Sha256::new().chain_update([0]).chain_update(canonical).finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample(previous: Option<EntryHash>) -> Entry {
        Entry {
            id: Uuid::from_bytes([1; 16]),
            customer: Pseudonym([2; 16]),
            previous,
            kind: EntryKind::Consent,
            received_at: Timestamp::from_micros(1_795_444_331_000_000),
            commitment: Commitment([3; 32]),
        }
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A change of these bytes would change every hash that was ever kept.
    #[test]
    fn the_first_entry_of_a_customer_has_these_bytes() {
        let expected = [
            "87",
            "71",
            "6d61646f67756368692f656e7472792f31",
            "50",
            "01010101010101010101010101010101",
            "50",
            "02020202020202020202020202020202",
            "f6",
            "02",
            "1b",
            "000660f2759030c0",
            "5820",
            "0303030303030303030303030303030303030303030303030303030303030303",
        ]
        .concat();
        assert_eq!(hex(&sample(None).encode()), expected);
    }

    #[test]
    fn what_is_written_in_another_way_is_refused() {
        let canonical = sample(None).encode();
        let mut longer = canonical.clone();
        longer.push(0);
        assert_eq!(Entry::decode(&longer), Err(DecodeError::NotCanonical));
        // The kind as a two-byte integer instead of one byte.
        let at = canonical.len() - 34 - 9 - 1;
        let mut wide = canonical.clone();
        wide.splice(at..=at, [0x18, 0x02]);
        assert_eq!(Entry::decode(&wide), Err(DecodeError::NotCanonical));
        assert_eq!(Entry::decode(&canonical[..40]), Err(DecodeError::Form));
    }

    proptest! {
        #[test]
        fn an_entry_reads_back_as_it_was_written(
            id: [u8; 16], customer: [u8; 16], previous: Option<[u8; 32]>, kind in 0usize..3, at: i64, commitment: [u8; 32],
        ) {
            let entry = Entry {
                id: Uuid::from_bytes(id),
                customer: Pseudonym(customer),
                previous: previous.map(EntryHash),
                kind: EntryKind::ALL[kind].1,
                received_at: Timestamp::from_micros(at),
                commitment: Commitment(commitment),
            };
            prop_assert_eq!(Entry::decode(&entry.encode()), Ok(entry));
        }

        #[test]
        fn any_changed_byte_changes_the_hash(position in 0usize..100, flip in 1u8..) {
            let bytes = sample(None).encode();
            let mut changed = bytes.clone();
            let position = position % bytes.len();
            changed[position] ^= flip;
            prop_assert_ne!(EntryHash::of(&bytes), EntryHash::of(&changed));
        }

        #[test]
        fn no_bytes_make_decoding_panic(bytes: Vec<u8>) {
            if let Ok(entry) = Entry::decode(&bytes) {
                prop_assert_eq!(entry.encode(), bytes);
            }
        }
    }
}
