//! Signing an action by the desk's key, and sealing a copy that only the store can open.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, SigningKey};
use hpke::{
    Deserializable, Kem, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::X25519HkdfSha256,
};
use madoguchi_domain::ActionId;
use madoguchi_protocol::{
    action::{Envelope, SEAL_INFO, SIGNATURE_TAG, SignedAction},
    error::Code,
};
use rand::CryptoRng;

use crate::{
    error::DeskError,
    files::{sync_dir, write_durably},
};

/// Writes the envelope as text and signs exactly these bytes.
pub(crate) fn sign(envelope: &Envelope, key: &SigningKey) -> Result<SignedAction, DeskError> {
    let text = serde_json::to_string(envelope)?;
    let mut tagged = SIGNATURE_TAG.to_vec();
    tagged.extend_from_slice(text.as_bytes());
    let signature = STANDARD.encode(key.sign(&tagged).to_bytes());
    Ok(SignedAction { envelope: text, signature })
}

/// The store's key to seal to.
#[derive(Clone)]
pub(crate) struct SealingKey(<X25519HkdfSha256 as Kem>::PublicKey);

impl SealingKey {
    /// From the store's own words about itself.
    pub(crate) fn read(base64: &str) -> Result<Self, DeskError> {
        let wrong = || DeskError::new(Code::NotAStore);
        let bytes = STANDARD.decode(base64).map_err(|_| wrong())?;
        <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&bytes).map(Self).map_err(|_| wrong())
    }

    /// The encapsulated key and the ciphertext behind it.
    fn seal(&self, signed: &SignedAction, rng: &mut impl CryptoRng) -> Result<Vec<u8>, DeskError> {
        let plain = serde_json::to_vec(signed)?;
        let (encapsulated, sealed) = hpke::single_shot_seal::<
            ChaCha20Poly1305,
            HkdfSha256,
            X25519HkdfSha256,
            _,
        >(&OpModeS::Base, &self.0, SEAL_INFO, &plain, &[], rng)
        .map_err(|_| DeskError::new(Code::DeskFailed))?;
        let mut bytes = encapsulated.to_bytes().to_vec();
        bytes.extend_from_slice(&sealed);
        Ok(bytes)
    }
}

/// The folders of sealed copies.
#[derive(Debug, Clone)]
pub(crate) struct SealedCopies {
    /// Of actions that the outbox holds.
    pub(crate) sealed: PathBuf,
    /// Of actions whose outbox is lost.
    pub(crate) lost: PathBuf,
}

impl SealedCopies {
    /// Keeps a copy durably.
    pub(crate) fn keep(
        &self,
        action: ActionId,
        signed: &SignedAction,
        key: &SealingKey,
        rng: &mut impl CryptoRng,
    ) -> Result<(), DeskError> {
        write_durably(&self.sealed.join(action.to_string()), &key.seal(signed, rng)?)
    }

    /// The copy is no longer needed. One that stays behind is harmless: the store knows its action.
    pub(crate) fn drop(&self, action: ActionId) {
        if let Err(error) = fs::remove_file(self.sealed.join(action.to_string())) {
            tracing::debug!(kind = ?error.kind(), "a sealed copy could not be removed");
        }
    }

    /// The outbox cannot be read: its copies are what is left of it.
    pub(crate) fn lose(&self) -> Result<usize, DeskError> {
        let mut moved = 0;
        for path in files(&self.sealed)? {
            if let Some(name) = path.file_name() {
                fs::rename(&path, self.lost.join(name))?;
                moved += 1;
            }
        }
        sync_dir(&self.lost)?;
        sync_dir(&self.sealed)?;
        Ok(moved)
    }

    /// The copies that wait to be sent as they are, oldest first: their names are version 7 ids.
    pub(crate) fn lost(&self) -> Result<Vec<(PathBuf, Vec<u8>)>, DeskError> {
        files(&self.lost)?.into_iter().map(|path| Ok((path.clone(), fs::read(&path)?))).collect()
    }

    /// Removes copies that the outbox knows nothing of or has an answer for: their actions were never shown as saved,
    /// or are over.
    pub(crate) fn keep_only(&self, known: &[ActionId]) -> Result<(), DeskError> {
        let known: std::collections::BTreeSet<String> = known.iter().map(ToString::to_string).collect();
        for path in files(&self.sealed)? {
            if path.file_name().is_none_or(|name| !known.contains(name.to_string_lossy().as_ref())) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

fn files(dir: &Path) -> Result<Vec<PathBuf>, DeskError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_none() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
