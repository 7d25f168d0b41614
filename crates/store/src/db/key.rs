//! Where the key of an embedded database comes from.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use madoguchi_secrets::{Key, Keyring, KeyringError};
use zeroize::Zeroizing;

/// Where to look for the key of an embedded database.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A file with 64 hexadecimal digits; made with a new key when there is none.
    File(PathBuf),
    /// The key itself.
    Given(Key),
    /// The keyring's entry for the database's path; made with a new key when there is none.
    Keyring(std::sync::Arc<dyn Keyring>),
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key file {path} cannot be used: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What was found is not 64 hexadecimal digits.
    #[error("the key in {0} is not 64 hexadecimal digits")]
    Form(String),
    /// Others may read the key file.
    #[error("the key file {0} can be read by others: take their access away (chmod 600)")]
    Open(PathBuf),
    /// No file and no environment variable names a key, and there is no keyring.
    #[error(
        "the database is encrypted and no key was given: use --key-file, MADOGUCHI_DATABASE_KEY_FILE, MADOGUCHI_DATABASE_KEY or a keyring ({0})"
    )]
    Keyring(#[from] KeyringError),
}

impl KeySource {
    /// A file when one was named, then the environment's hexadecimal key, then the keyring.
    ///
    /// # Errors
    /// When the given key is not of the right form.
    pub fn choose(
        file: Option<PathBuf>,
        hex: Option<&str>,
        keyring: std::sync::Arc<dyn Keyring>,
    ) -> Result<Self, KeyError> {
        match (file, hex) {
            (Some(file), _) => Ok(Self::File(file)),
            (None, Some(hex)) => {
                from_hex(hex.as_bytes()).map(Self::Given).ok_or(KeyError::Form("the environment".to_owned()))
            }
            (None, None) => Ok(Self::Keyring(keyring)),
        }
    }

    /// The key for the database at `database`. `fresh` is used when there is none yet.
    pub(crate) fn key(&self, database: &Path, fresh: &Key) -> Result<Key, KeyError> {
        match self {
            Self::Given(key) => Ok(key.clone()),
            Self::File(path) => from_file(path, fresh),
            Self::Keyring(keyring) => {
                let name = format!("database {}", database.display());
                if let Some(kept) = keyring.get(&name)? {
                    return from_hex(&kept).ok_or(KeyError::Form("the keyring".to_owned()));
                }
                keyring.set(&name, to_hex(fresh).as_bytes())?;
                Ok(fresh.clone())
            }
        }
    }
}

fn from_file(path: &Path, fresh: &Key) -> Result<Key, KeyError> {
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    match std::fs::read(path).map(Zeroizing::new) {
        Ok(bytes) => {
            if readable_by_others(path).map_err(failed)? {
                return Err(KeyError::Open(path.to_owned()));
            }
            from_hex(&bytes).ok_or_else(|| KeyError::Form(path.display().to_string()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut file = private_file(path).map_err(failed)?;
            file.write_all(to_hex(fresh).as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
            Ok(fresh.clone())
        }
        Err(error) => Err(failed(error)),
    }
}

fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    super::sqlite::owner_only().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> std::io::Result<bool> {
    Ok(false)
}

fn from_hex(text: &[u8]) -> Option<Key> {
    let bytes = Zeroizing::new(data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim_ascii()).ok()?);
    Key::read(&bytes)
}

fn to_hex(key: &Key) -> Zeroizing<String> {
    Zeroizing::new(data_encoding::HEXLOWER.encode(key.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let first = KeySource::File(path.clone()).key(Path::new("db"), &Key::new([1; 32])).unwrap();
        let again = KeySource::File(path.clone()).key(Path::new("db"), &Key::new([2; 32])).unwrap();
        assert_eq!(first, again);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            let refused = KeySource::File(path).key(Path::new("db"), &Key::new([2; 32]));
            assert!(matches!(refused, Err(KeyError::Open(_))));
        }
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::io::Write::write_all(&mut private_file(&path).unwrap(), b"abcd").unwrap();
        let refused = KeySource::File(path).key(Path::new("db"), &Key::new([2; 32]));
        assert!(matches!(refused, Err(KeyError::Form(_))));
    }
}
