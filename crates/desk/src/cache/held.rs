//! Where a cache stands: whose it is, how far it has read, when the store was last heard.

use madoguchi_domain::{CustomerId, Timestamp};
use madoguchi_protocol::{session::Me, sync::Cursor};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Kept in the cache beside the rows, committed with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    /// The store it came from.
    pub(crate) store: Uuid,
    /// The store's name.
    pub(crate) store_name: String,
    /// Whose share it is.
    pub(crate) me: Me,
    /// Where the feed goes on, once a snapshot was complete.
    pub(crate) cursor: Option<Cursor>,
    /// A snapshot that was begun and not finished.
    pub(crate) snapshot: Option<Resume>,
    /// Counts snapshots.
    pub(crate) round: i64,
    /// Everything is as of this time of the store.
    pub(crate) as_of: Option<Timestamp>,
    /// The last contact.
    pub(crate) contact: Contact,
    /// The lease ran out: nothing is shown until the agent signs in again.
    pub(crate) closed: bool,
}

impl Held {
    /// A cache that holds nobody yet; `wall` is this machine's clock, `store` the store's time as far as it is known.
    pub(crate) fn empty(id: Uuid, name: &str, me: Me, wall: Timestamp, store: Timestamp) -> Self {
        Self {
            store: id,
            store_name: name.to_owned(),
            me,
            cursor: None,
            snapshot: None,
            round: 0,
            as_of: None,
            contact: Contact { store, wall, seen: wall },
            closed: false,
        }
    }
}

/// Where an unfinished snapshot goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Resume {
    /// The cursor of its first head: where the feed will go on.
    pub(crate) cursor: Cursor,
    /// The store's time at its first head.
    pub(crate) at: Timestamp,
    /// The last customer that was committed.
    pub(crate) last: Option<CustomerId>,
    /// How many were announced.
    pub(crate) total: i64,
    /// How many were committed.
    pub(crate) done: i64,
}

/// When the store was last heard, on three clocks (the third, monotonic, dies with the process).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact {
    /// The store's clock.
    pub(crate) store: Timestamp,
    /// This machine's wall clock.
    pub(crate) wall: Timestamp,
    /// The latest that this machine's wall clock was ever seen at.
    pub(crate) seen: Timestamp,
}
