//! Keyed commitments: a bare hash of an e-mail address can be guessed, a keyed one cannot.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// HMAC-SHA-256 (RFC 2104) of a payload under a random key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Commitment(pub [u8; 32]);

/// The random key of one commitment. It lies with the payload, under the customer's key.
#[derive(Clone)]
pub struct CommitmentKey(pub [u8; 32]);

impl Commitment {
    /// Commits to `payload`.
    #[must_use]
    pub fn new(key: &CommitmentKey, payload: &[u8]) -> Self {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&key.0).expect("HMAC takes a key of any length");
        mac.update(payload);
        Self(mac.finalize().into_bytes().into())
    }

    /// Whether this is the commitment to `payload` under `key`.
    #[must_use]
    pub fn opens(&self, key: &CommitmentKey, payload: &[u8]) -> bool {
        Self::new(key, payload) == *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commitment_opens_only_with_its_key_and_payload() {
        let key = CommitmentKey([7; 32]);
        let commitment = Commitment::new(&key, b"withdraw");
        assert!(commitment.opens(&key, b"withdraw"));
        assert!(!commitment.opens(&key, b"given"));
        assert!(!commitment.opens(&CommitmentKey([8; 32]), b"withdraw"));
    }

    #[test]
    fn the_function_is_hmac_sha_256_as_rfc_4231_has_it() {
        // RFC 4231, test case 2, its key padded with zeros as HMAC itself does.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let Commitment(bytes) = Commitment::new(&CommitmentKey(key), b"what do ya want for nothing?");
        assert_eq!(bytes[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        assert_eq!(bytes[28..], [0x64, 0xec, 0x38, 0x43]);
    }
}
