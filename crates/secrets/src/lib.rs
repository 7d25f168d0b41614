//! Values that can be neither printed nor serialised, and the OS keyring behind a trait.

mod keyring;
mod secret;

pub use keyring::{Keyring, KeyringError, OsKeyring};
pub use secret::{Key, Secret};
