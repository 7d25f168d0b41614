//! The OS keyring behind a trait, so that a desk runs the same over the real one, a broken one and none.

use std::fmt;

use zeroize::Zeroizing;

/// Why the keyring did not do it. The texts are for logs; people read the desk's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is no keyring on this machine or in this session.
    #[error("there is no keyring in this session")]
    Absent,
    /// There is one, and it is locked or the person refused.
    #[error("the keyring is locked or access was refused")]
    Locked,
    /// It failed otherwise.
    #[error("the keyring failed")]
    Failed,
}

/// Keeps small secrets by name. Calls may block for as long as the person takes to answer a prompt.
pub trait Keyring: Send + Sync + fmt::Debug {
    /// The secret of that name; none when there is none.
    ///
    /// # Errors
    /// When the keyring is absent, locked or failing.
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError>;

    /// Keeps a secret under that name, in place of an earlier one.
    ///
    /// # Errors
    /// When the keyring is absent, locked or failing.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError>;

    /// Forgets the secret of that name; no error when there is none.
    ///
    /// # Errors
    /// When the keyring is absent, locked or failing.
    fn delete(&self, name: &str) -> Result<(), KeyringError>;
}

/// The keyring of the operating system: Keychain, Credential Manager, or the Secret Service.
#[derive(Debug, Clone)]
pub struct OsKeyring {
    service: String,
}

impl OsKeyring {
    /// Keeps everything under this service name, such as `madoguchi` or `madoguchi-store`.
    #[must_use]
    pub fn new(service: &str) -> Self {
        Self { service: service.to_owned() }
    }

    fn entry(&self, name: &str) -> Result<::keyring::v1::Entry, KeyringError> {
        ::keyring::v1::Entry::new(&self.service, name).map_err(|error| understand(&error))
    }
}

fn understand(error: &::keyring::v1::Error) -> KeyringError {
    use ::keyring::v1::Error;
    match error {
        Error::NoDefaultStore | Error::PlatformFailure(_) => KeyringError::Absent,
        Error::NoStorageAccess(_) => KeyringError::Locked,
        _ => KeyringError::Failed,
    }
}

impl Keyring for OsKeyring {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        match self.entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(::keyring::v1::Error::NoEntry) => Ok(None),
            Err(error) => Err(understand(&error)),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError> {
        self.entry(name)?.set_secret(secret).map_err(|error| understand(&error))
    }

    fn delete(&self, name: &str) -> Result<(), KeyringError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(::keyring::v1::Error::NoEntry) => Ok(()),
            Err(error) => Err(understand(&error)),
        }
    }
}
