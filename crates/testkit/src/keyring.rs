//! A keyring that a test can take away, lock, or make forget.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use madoguchi_secrets::{Keyring, KeyringError};
use zeroize::Zeroizing;

/// A keyring in memory, or in a plain folder for tests that start other processes. Clones are the same keyring.
#[derive(Debug, Clone, Default)]
pub struct TestKeyring(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    entries: BTreeMap<String, Vec<u8>>,
    refusal: Option<KeyringError>,
    folder: Option<PathBuf>,
}

impl TestKeyring {
    /// A keyring whose entries are files of this folder, so that another process finds them. Only for tests: a file is
    /// no safe place.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self(Arc::new(Mutex::new(State { folder: Some(folder.to_owned()), ..State::default() })))
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on every call is refused so; `None` ends it.
    pub fn refuse(&self, refusal: Option<KeyringError>) {
        self.with(|state| state.refusal = refusal);
    }

    /// Forgets every entry whose name ends so: `outbox`, `cache`, `refresh`.
    pub fn lose(&self, ending: &str) {
        self.with(|state| state.entries.retain(|name, _| !name.ends_with(ending)));
    }

    /// The names of its entries.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.with(|state| state.entries.keys().cloned().collect())
    }
}

impl State {
    fn ask<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, KeyringError>) -> Result<T, KeyringError> {
        match &self.refusal {
            Some(refusal) => Err(refusal.clone()),
            None => work(self),
        }
    }

    fn file(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(name.replace('/', "_")))
    }
}

impl Keyring for TestKeyring {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        self.with(|state| {
            state.ask(|state| {
                Ok(match state.file(name) {
                    Some(file) => std::fs::read(file).ok().map(Zeroizing::new),
                    None => state.entries.get(name).cloned().map(Zeroizing::new),
                })
            })
        })
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError> {
        self.with(|state| {
            state.ask(|state| match state.file(name) {
                Some(file) => {
                    // Whole or not there: a test kills the process at any point, and a real keyring would be whole.
                    let part = file.with_extension("part");
                    std::fs::write(&part, secret).map_err(|_| KeyringError::Failed)?;
                    std::fs::rename(part, file).map_err(|_| KeyringError::Failed)
                }
                None => {
                    state.entries.insert(name.to_owned(), secret.to_owned());
                    Ok(())
                }
            })
        })
    }

    fn delete(&self, name: &str) -> Result<(), KeyringError> {
        self.with(|state| {
            state.ask(|state| {
                match state.file(name) {
                    Some(file) => drop(std::fs::remove_file(file)),
                    None => drop(state.entries.remove(name)),
                }
                Ok(())
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_forgets_and_refuses_as_told() {
        let folder = tempfile::tempdir().unwrap();
        for keyring in [TestKeyring::default(), TestKeyring::in_folder(folder.path())] {
            keyring.set("home/cache", b"key").unwrap();
            assert_eq!(keyring.get("home/cache").unwrap().unwrap().as_slice(), b"key");
            keyring.refuse(Some(KeyringError::Locked));
            assert_eq!(keyring.get("home/cache"), Err(KeyringError::Locked));
            keyring.refuse(None);
            keyring.delete("home/cache").unwrap();
            assert_eq!(keyring.get("home/cache").unwrap(), None);
        }
        let keyring = TestKeyring::default();
        keyring.set("home/outbox", b"key").unwrap();
        keyring.lose("outbox");
        assert!(keyring.names().is_empty());
    }
}
