//! The canonical form of the entries that history stands on. No I/O.
//!
//! Every action, consent event and import writes one [`Entry`] in the transaction that has the effect. An entry holds
//! no personal data: it names the customer by a random pseudonym and holds a keyed commitment to what was done, which
//! lies encrypted under the customer's own key. Destroying that key erases the content, and the entries still verify.

mod commitment;
mod entry;

pub use commitment::{Commitment, CommitmentKey};
pub use entry::{DecodeError, Entry, EntryHash, EntryKind, Pseudonym, TAG};
