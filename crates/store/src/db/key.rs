//! Where the key of an embedded database comes from.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use hkdf::Hkdf;
use madoguchi_secrets::{Key, Keyring, KeyringError};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Where to look for the key of an embedded database.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A file with 64 hexadecimal digits; made with a new key when there is no database yet.
    File(PathBuf),
    /// The key itself.
    Given(Key),
    /// The keyring's entry for the database's whole path; made with a new key when there is no database yet.
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
    /// There is a database and no such key file; another key would not open it.
    #[error(
        "the database {database} is there, its key file {key} is not: name the key file it was made with"
    )]
    Lost {
        /// The key file.
        key: PathBuf,
        /// The database.
        database: PathBuf,
    },
    /// There is a database and the keyring has no key for it.
    #[error(
        "the database {0} is there, and the keyring has no key for it: name its key file with --key-file"
    )]
    NotKept(PathBuf),
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

    /// The key of the database at `database`. `fresh` becomes its key when there is no database yet, and none was kept.
    pub(crate) fn key(&self, database: &Path, fresh: &Key) -> Result<Key, KeyError> {
        // An empty file is no database: it is made before its key is used.
        let exists = std::fs::metadata(database).is_ok_and(|file| file.len() > 0);
        match self {
            Self::Given(key) => Ok(key.clone()),
            Self::File(path) => match from_file(path)? {
                Some(key) => Ok(key),
                None if exists => Err(KeyError::Lost { key: path.clone(), database: database.to_owned() }),
                None => to_file(path, fresh).map(|()| fresh.clone()),
            },
            Self::Keyring(keyring) => {
                // The same file must have the same name from whichever folder it is opened.
                let whole = std::path::absolute(database)
                    .map_err(|source| KeyError::File { path: database.to_owned(), source })?;
                let name = format!("database {}", whole.display());
                if let Some(kept) = keyring.get(&name)? {
                    return from_hex(&kept).ok_or(KeyError::Form("the keyring".to_owned()));
                }
                if exists {
                    return Err(KeyError::NotKept(whole));
                }
                keyring.set(&name, to_hex(fresh).as_bytes())?;
                Ok(fresh.clone())
            }
        }
    }
}

#[cfg(unix)]
impl KeySource {
    /// Shows the process that holds the database at `database` that its key is known here too.
    pub(crate) fn proof(&self, database: &Path) -> Result<Proof, KeyError> {
        // The database is there, so that this key is never used.
        self.key(database, &Key::new([0; 32])).map(|key| Proof::of(&key))
    }
}

/// Shows that somebody has a database's key, and is not the key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Proof(Key);

impl Proof {
    pub(crate) fn of(key: &Key) -> Self {
        let mut bytes = [0; 32];
        Hkdf::<Sha256>::new(None, key.expose())
            .expand(b"madoguchi local socket", &mut bytes)
            .expect("32 bytes are fewer than HKDF-SHA-256 can give");
        Self(Key::new(bytes))
    }
}

impl Serialize for Proof {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&to_hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Proof {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(from)?);
        from_hex(text.as_bytes()).map(Self).ok_or_else(|| serde::de::Error::custom("no proof"))
    }
}

/// The key in the file; none when there is no such file.
fn from_file(path: &Path) -> Result<Option<Key>, KeyError> {
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    match std::fs::read(path).map(Zeroizing::new) {
        Ok(bytes) => {
            if readable_by_others(path).map_err(failed)? {
                return Err(KeyError::Open(path.to_owned()));
            }
            from_hex(&bytes).map(Some).ok_or_else(|| KeyError::Form(path.display().to_string()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

fn to_file(path: &Path, key: &Key) -> Result<(), KeyError> {
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    let mut file = private_file(path).map_err(failed)?;
    file.write_all(to_hex(key).as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
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
    fn a_key_is_made_only_for_a_database_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let (path, database) = (folder.path().join("key"), folder.path().join("store.db"));
        std::fs::write(&database, "a database").unwrap();
        let refused = KeySource::File(path.clone()).key(&database, &Key::new([1; 32])).unwrap_err();
        assert!(matches!(refused, KeyError::Lost { .. }), "{refused}");
        assert!(!path.exists(), "nothing is left under a mistyped name");
        let keyring = madoguchi_testkit::keyring::TestKeyring::default();
        let source = KeySource::Keyring(std::sync::Arc::new(keyring));
        assert!(matches!(source.key(&database, &Key::new([1; 32])), Err(KeyError::NotKept(_))));
    }

    #[test]
    fn the_keyring_knows_a_database_from_whichever_folder_it_is_opened() {
        let keyring = madoguchi_testkit::keyring::TestKeyring::default();
        let source = KeySource::Keyring(std::sync::Arc::new(keyring));
        let near = Path::new("never-made.db");
        let first = source.key(near, &Key::new([1; 32])).unwrap();
        let far = std::env::current_dir().unwrap().join(near);
        assert_eq!(source.key(&far, &Key::new([2; 32])).unwrap(), first);
    }

    #[test]
    fn a_proof_is_not_the_key() {
        let key = Key::new([7; 32]);
        let said = serde_json::to_string(&Proof::of(&key)).unwrap();
        assert!(!said.contains(to_hex(&key).as_str()));
        assert!(serde_json::from_str::<Proof>(&said).unwrap() == Proof::of(&key));
        assert!(Proof::of(&Key::new([8; 32])) != Proof::of(&key));
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
