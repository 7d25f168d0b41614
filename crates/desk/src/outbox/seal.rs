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
use madoguchi_domain::{ActionId, AgentId};
use madoguchi_protocol::{
    action::{Envelope, SEAL_INFO, SIGNATURE_TAG, SignedAction},
    error::Code,
};
use rand::CryptoRng;
use uuid::Uuid;

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

/// Whose an action is. The file of a sealed copy is named by it, because nobody but the store can look inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The store it is for.
    pub(crate) store: Uuid,
    /// Who saved it; another agent's is refused by the store.
    pub(crate) agent: AgentId,
}

impl Owner {
    fn name(self, action: ActionId) -> String {
        format!("{action}_{}_{}", self.store, self.agent.0)
    }

    /// Whose the copy of that name is; none for a name that does not say.
    fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let mut parts = name.split('_').skip(1).map(Uuid::parse_str);
        Some(Self { store: parts.next()?.ok()?, agent: AgentId(parts.next()?.ok()?) })
    }
}

/// The action that a copy is of.
fn action_of(path: &Path) -> Option<String> {
    path.file_name()?.to_str()?.split('_').next().map(str::to_owned)
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
        owner: Owner,
        signed: &SignedAction,
        key: &SealingKey,
        rng: &mut impl CryptoRng,
    ) -> Result<(), DeskError> {
        write_durably(&self.sealed.join(owner.name(action)), &key.seal(signed, rng)?)
    }

    /// The copy is no longer needed. One that stays behind is harmless: the store knows its action.
    pub(crate) fn drop(&self, action: ActionId) {
        let action = Some(action.to_string());
        let removed = files(&self.sealed).and_then(|paths| {
            paths
                .iter()
                .filter(|path| action_of(path) == action)
                .try_for_each(|path| fs::remove_file(path).map_err(DeskError::from))
        });
        if let Err(error) = removed {
            tracing::debug!(code = %error.code.word(), "a sealed copy could not be removed");
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

    /// The copies of one owner that wait to be sent as they are, oldest first: their names begin with version 7 ids. A
    /// copy that does not say whose it is may be anybody's.
    pub(crate) fn lost(&self, of: Owner) -> Result<Vec<PathBuf>, DeskError> {
        let mut paths = files(&self.lost)?;
        paths.retain(|path| Owner::of(path).is_none_or(|owner| owner == of));
        Ok(paths)
    }

    /// Removes copies that the outbox knows nothing of or has an answer for: their actions were never shown as saved,
    /// or are over.
    pub(crate) fn keep_only(&self, known: &[ActionId]) -> Result<(), DeskError> {
        let known: std::collections::BTreeSet<String> = known.iter().map(ToString::to_string).collect();
        for path in files(&self.sealed)? {
            if action_of(&path).is_none_or(|action| !known.contains(&action)) {
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
