//! How far a desk has read. Opaque to it: a store, its epoch, whose desk, their scope, and a number.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use madoguchi_domain::AgentId;
use madoguchi_protocol::error::Code;
use uuid::Uuid;

use crate::{Store, caller::Caller, refusal::Refusal};

/// A cursor, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    store: Uuid,
    epoch: i64,
    agent: AgentId,
    /// Which of the agent's scopes the desk holds.
    pub(crate) scope: i64,
    /// Every change up to this number is known.
    pub(crate) seq: i64,
}

impl Cursor {
    /// The cursor of this caller at this change.
    pub(crate) fn new(store: &Store, caller: &Caller, seq: i64) -> Self {
        Self {
            store: store.id(),
            epoch: store.epoch(),
            agent: caller.agent,
            scope: caller.scope_version,
            seq,
        }
    }

    /// As it travels.
    pub(crate) fn text(self) -> String {
        let mut bytes = Vec::with_capacity(56);
        bytes.extend_from_slice(self.store.as_bytes());
        bytes.extend_from_slice(self.agent.0.as_bytes());
        for number in [self.epoch, self.scope, self.seq] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor of this store, epoch and agent that is not ahead of `last`.
    ///
    /// # Errors
    /// [`Code::CursorUnknown`] for any other.
    pub(crate) fn read(text: &str, store: &Store, caller: &Caller, last: i64) -> Result<Self, Refusal> {
        let cursor = Self::decode(text).ok_or(Code::CursorUnknown)?;
        let ours = cursor.store == store.id()
            && cursor.epoch == store.epoch()
            && cursor.agent == caller.agent
            && (0..=last).contains(&cursor.seq)
            && (1..=caller.scope_version).contains(&cursor.scope);
        if ours { Ok(cursor) } else { Err(Code::CursorUnknown.into()) }
    }

    fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let bytes: [u8; 56] = bytes.try_into().ok()?;
        let number = |at: usize| bytes[at..at + 8].try_into().map(i64::from_be_bytes).ok();
        Some(Self {
            store: Uuid::from_slice(&bytes[..16]).ok()?,
            agent: AgentId(Uuid::from_slice(&bytes[16..32]).ok()?),
            epoch: number(32)?,
            scope: number(40)?,
            seq: number(48)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_it_was_written() {
        let cursor = Cursor {
            store: Uuid::from_bytes([1; 16]),
            epoch: 3,
            agent: AgentId(Uuid::from_bytes([2; 16])),
            scope: 4,
            seq: i64::MAX,
        };
        assert_eq!(Cursor::decode(&cursor.text()), Some(cursor));
        assert_eq!(Cursor::decode("AAAA"), None);
        assert_eq!(Cursor::decode("no cursor at all"), None);
    }
}
