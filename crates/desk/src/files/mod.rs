//! What lies in a desk's home folder, who may touch it, and the keys that open it.
//!
//! ```text
//! id        this home's name among the keyring's entries; not a secret
//! lock      held while a program uses the folder; holder says which program that is
//! cache.db  customers; may be thrown away at any time
//! outbox.db actions, device key, settings; may not
//! sealed/   a copy of each unanswered action that only the store can open
//! lost/     sealed copies whose outbox cannot be read any more; sent after the next sign-in
//! ```

mod database;
mod home;
mod keys;

pub(crate) use database::{Database, Durability, Newer, Schema};
pub(crate) use home::{Home, own_file, sync_dir, write_durably};
pub(crate) use keys::{KeyName, Keys};
