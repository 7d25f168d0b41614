//! Actions on their way from a desk to the store, and the store's answers.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use madoguchi_domain::{
    ActionId, AgentId, CustomerId, DeviceId, Timestamp,
    account::{Account, Lock},
    action::{ActionDone, ActionKind, Ask, Reason},
};

/// The domain tag in front of the signed bytes, so that a signature means nothing elsewhere.
pub const SIGNATURE_TAG: &[u8] = b"madoguchi action v1\n";

/// The HPKE `info` of a sealed action (RFC 9180 base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305).
pub const SEAL_INFO: &[u8] = b"madoguchi sealed action v1";

/// `POST /v1/actions`: one signed action. The signed bytes travel as they are, so that no two sides must agree on how
/// to write them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedAction {
    /// An [`Envelope`] as JSON text: exactly the bytes that were signed.
    pub envelope: String,
    /// Ed25519 over [`SIGNATURE_TAG`] and the envelope's bytes, by the device's key; base64.
    pub signature: String,
}

/// `POST /v1/actions/sealed`: actions of a desk that lost its keys, each a [`SignedAction`] as JSON, sealed to the
/// store with [`SEAL_INFO`]. Answered one by one in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SealedActions {
    /// HPKE encapsulated key (32 bytes) then ciphertext, base64 each.
    pub sealed: Vec<String>,
}

/// The answers to [`SealedActions`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SealedAnswers {
    /// One for each; an unreadable one has a problem with `bad_signature`.
    pub answers: Vec<SealedAnswer>,
}

/// What became of one sealed action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum SealedAnswer {
    /// It was done, now or before.
    Done {
        /// The answer.
        done: Box<Done>,
    },
    /// It was not.
    Problem {
        /// Why.
        problem: Box<crate::error::Problem>,
    },
}

/// What a desk asks, as it was saved. Unknown fields are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The form of this envelope; 1.
    pub schema: u32,
    /// Made once when it was saved; also the idempotency key.
    pub action: ActionId,
    /// The desk.
    pub device: DeviceId,
    /// Counts what was saved on this desk from 1 without a gap. What was taken back or lapsed before it left never arrives.
    pub sequence: i64,
    /// Who asked.
    pub agent: AgentId,
    /// About whom.
    pub customer: CustomerId,
    /// What.
    pub ask: Ask,
    /// The version of the facet it was judged on: for an unlock, the account's `lock_version`.
    pub judged_on: Option<i64>,
    /// Why.
    pub reason: Option<Reason>,
    /// Why, in words.
    pub words: Option<String>,
    /// The case or ticket.
    pub case: Option<String>,
    /// When it was saved, by the desk's corrected clock.
    pub captured_at: Timestamp,
    /// After this the store no longer does it.
    pub lapses_at: Option<Timestamp>,
    /// Not before this other action of the same desk was done.
    pub depends_on: Option<ActionId>,
    /// The verification of the caller that it rests on.
    pub verification: Option<uuid::Uuid>,
}

/// The store did it. The same answer comes again for the same action (`Idempotency-Replayed: true`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// Which.
    pub action: ActionId,
    /// What was done, as the customer's history shows it.
    pub done: ActionDone,
    /// The accounts as they are now, for an action on an account.
    pub accounts: Option<Vec<Account>>,
    /// The revealed value; never stored with the answer, read again for a replay.
    pub revealed: Option<String>,
}

impl fmt::Debug for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Done")
            .field("action", &self.action)
            .field("done", &self.done)
            .field("accounts", &self.accounts)
            .field("revealed", &self.revealed.as_ref().map(|_| "hidden"))
            .finish()
    }
}

/// Why an action was not done: what it was judged on has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, ts_rs::TS)]
pub struct Conflict {
    /// What was asked.
    pub kind: ActionKind,
    /// The account as it is now.
    pub now: Account,
    /// Locks that ended since the version the action names, with who ended them and when.
    pub ended: Vec<EndedLock>,
}

/// A lock that no longer stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, ts_rs::TS)]
pub struct EndedLock {
    /// The lock as it was.
    pub lock: Lock,
    /// When it ended.
    pub at: Timestamp,
    /// Who ended it; `time` when it ran out.
    pub by: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_revealed_is_not_printed() {
        let done: Done = serde_json::from_value(serde_json::json!({
            "action": "0198c0de-0000-7000-8000-000000000000",
            "done": {
                "id": "0198c0de-0000-7000-8000-000000000000",
                "kind": "reveal",
                "by": "sato",
                "at": "2026-01-01T00:00:00Z",
                "entry": 1,
            },
            "revealed": "canary@example.jp",
        }))
        .unwrap();
        let printed = format!("{done:?}");
        assert!(!printed.contains("canary"), "{printed}");
        assert!(printed.contains("hidden"), "{printed}");
    }
}
