//! A desk's entries in the keyring, named by its home so that several homes do not clash.

use std::sync::Arc;

use madoguchi_protocol::error::Code;
use madoguchi_secrets::{Key, Keyring, Secret};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::DeskError;

/// What a desk keeps in the keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyName {
    /// The key of `cache.db`.
    Cache,
    /// The key of `outbox.db`.
    Outbox,
    /// The refresh token of who is signed in.
    Refresh,
}

impl KeyName {
    const fn word(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Outbox => "outbox",
            Self::Refresh => "refresh",
        }
    }
}

/// The keyring's entries of one home. Its calls block for as long as a person takes to answer a prompt, so each runs
/// off the async threads.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    keyring: Arc<dyn Keyring>,
    home: Uuid,
}

impl Keys {
    pub(crate) fn new(keyring: Arc<dyn Keyring>, home: Uuid) -> Self {
        Self { keyring, home }
    }

    async fn ask<T: Send + 'static>(
        &self,
        name: KeyName,
        ask: impl FnOnce(&dyn Keyring, &str) -> Result<T, madoguchi_secrets::KeyringError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let (keyring, entry) = (Arc::clone(&self.keyring), format!("{}/{}", self.home, name.word()));
        let answer = tokio::task::spawn_blocking(move || ask(keyring.as_ref(), &entry)).await;
        Ok(answer.map_err(|_| DeskError::new(Code::DeskFailed))??)
    }

    /// The key of that name; none when it is gone or no key.
    pub(crate) async fn key(&self, name: KeyName) -> Result<Option<Key>, DeskError> {
        let bytes = self.ask(name, |keyring, entry| keyring.get(entry)).await?;
        Ok(bytes.and_then(|bytes| Key::read(&bytes)))
    }

    /// Keeps a key.
    pub(crate) async fn set_key(&self, name: KeyName, key: &Key) -> Result<(), DeskError> {
        let bytes = Zeroizing::new(key.expose().to_vec());
        self.ask(name, move |keyring, entry| keyring.set(entry, &bytes)).await
    }

    /// The token of that name.
    pub(crate) async fn token(&self, name: KeyName) -> Result<Option<Secret>, DeskError> {
        let bytes = self.ask(name, |keyring, entry| keyring.get(entry)).await?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()).map(Secret::new))
    }

    /// Keeps a token.
    pub(crate) async fn set_token(&self, name: KeyName, token: &Secret) -> Result<(), DeskError> {
        let bytes = Zeroizing::new(token.expose().as_bytes().to_vec());
        self.ask(name, move |keyring, entry| keyring.set(entry, &bytes)).await
    }

    /// Forgets it.
    pub(crate) async fn forget(&self, name: KeyName) -> Result<(), DeskError> {
        self.ask(name, |keyring, entry| keyring.delete(entry)).await
    }
}
