//! The key that desks seal actions to, so that a desk that lost its keys loses no work.

use hpke::{Deserializable as _, Kem as _, OpModeR, Serializable as _, kem::X25519HkdfSha256};
use madoguchi_protocol::action::SEAL_INFO;
use madoguchi_secrets::Key;

type Kem = X25519HkdfSha256;

/// The store's sealing key (RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305).
#[derive(Clone)]
pub(crate) struct SealingKey {
    private: <Kem as hpke::Kem>::PrivateKey,
    public: [u8; 32],
}

impl SealingKey {
    /// The key pair that this secret leads to.
    pub(crate) fn new(secret: &Key) -> Self {
        let (private, public) = Kem::derive_keypair(secret.expose());
        Self { private, public: public.to_bytes().into() }
    }

    /// What desks seal to.
    pub(crate) const fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// Opens an encapsulated key (32 bytes) and the ciphertext behind it; none when it was not sealed to this key.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (encapped, ciphertext) = sealed.split_at_checked(32)?;
        let encapped = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapped).ok()?;
        hpke::single_shot_open::<hpke::aead::ChaCha20Poly1305, hpke::kdf::HkdfSha256, Kem>(
            &OpModeR::Base,
            &self.private,
            &encapped,
            SEAL_INFO,
            ciphertext,
            b"",
        )
        .ok()
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(hidden)")
    }
}
