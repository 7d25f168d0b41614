//! What a desk is opened with.

use std::{path::PathBuf, sync::Arc};

use madoguchi_domain::{Clock, SystemClock};
use madoguchi_secrets::{Keyring, OsKeyring};
use rand::TryRngCore;

use crate::client::Patience;

/// What a desk is opened with. Time, chance and the keyring come in, so that tests can hold them still.
#[derive(Debug, Clone)]
pub struct DeskConfig {
    /// The folder of its files; made where it is missing.
    pub home: PathBuf,
    /// What the program that opens it is called, for whoever finds the folder in use.
    pub program: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where ids, keys and jitter start from. Never the same twice, but in tests.
    pub seed: [u8; 32],
    /// Where its keys are kept.
    pub keyring: Arc<dyn Keyring>,
    /// How long it waits for the network.
    pub patience: Patience,
}

impl DeskConfig {
    /// A desk of this machine: its keyring, its clock, its chance. The home is `MADOGUCHI_HOME` or the folder
    /// `madoguchi` among the user's data.
    #[must_use]
    pub fn from_machine() -> Self {
        let mut seed = [0; 32];
        rand::rngs::OsRng
            .try_fill_bytes(&mut seed)
            .expect("an operating system without randomness cannot keep secrets");
        Self {
            home: home_of_machine(),
            program: "Madoguchi".to_owned(),
            clock: Arc::new(SystemClock::new()),
            seed,
            keyring: Arc::new(OsKeyring::new("madoguchi")),
            patience: Patience::default(),
        }
    }
}

fn home_of_machine() -> PathBuf {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(home) = folder("MADOGUCHI_HOME") {
        return home;
    }
    let data = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        folder("XDG_DATA_HOME").or_else(|| folder("HOME").map(|home| home.join(".local/share")))
    };
    data.unwrap_or_else(|| PathBuf::from(".")).join("madoguchi")
}
