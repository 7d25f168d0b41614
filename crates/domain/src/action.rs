//! Actions: what an agent may ask for, and which of them may wait on a desk without the store.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    AccountId, BrandId, IdentifierId, LockId, PurposeId, SessionId, Timestamp,
    account::{LockCause, LockScope},
};

/// Why an agent asks, in the words of the dialogs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// They forgot their password.
    ForgotPassword,
    /// They mistyped it.
    Mistyped,
    /// They have a new device.
    NewDevice,
    /// Somebody else tried.
    SomeoneElse,
    /// The customer asked for it.
    CustomerAsked,
    /// To call or write back.
    CallBack,
    /// To check who they are.
    Verify,
    /// Another reason, said in words.
    Other,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Ask {
    /// End one lock.
    Unlock {
        /// The account it stands on.
        account: AccountId,
        /// The lock to end.
        lock: LockId,
    },
    /// Set a lock.
    Lock {
        /// The account to lock.
        account: AccountId,
        /// What it keeps shut.
        scope: LockScope,
        /// Why.
        cause: LockCause,
        /// Until when; none until somebody ends it.
        until: Option<Timestamp>,
    },
    /// End one session.
    RevokeSession {
        /// The account it belongs to.
        account: AccountId,
        /// The session.
        session: SessionId,
    },
    /// End every session of an account that began before this was asked.
    RevokeSessions {
        /// The account.
        account: AccountId,
    },
    /// Write something down.
    Note {
        /// Plain text.
        text: String,
    },
    /// Take back a yes.
    Withdraw {
        /// The controller.
        brand: BrandId,
        /// What for.
        purpose: PurposeId,
    },
    /// Show a masked value. Answered by the store at once or not at all.
    Reveal {
        /// The identifier to show.
        identifier: IdentifierId,
    },
}

/// The sort of an action, for tables and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// See [`Ask::Unlock`].
    Unlock,
    /// See [`Ask::Lock`].
    Lock,
    /// See [`Ask::RevokeSession`].
    RevokeSession,
    /// See [`Ask::RevokeSessions`].
    RevokeSessions,
    /// See [`Ask::Note`].
    Note,
    /// See [`Ask::Withdraw`].
    Withdraw,
    /// See [`Ask::Reveal`].
    Reveal,
}

impl ActionKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Unlock,
        Self::Lock,
        Self::RevokeSession,
        Self::RevokeSessions,
        Self::Note,
        Self::Withdraw,
        Self::Reveal,
    ];

    /// The word as it travels and as the databases keep it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unlock => "unlock",
            Self::Lock => "lock",
            Self::RevokeSession => "revoke_session",
            Self::RevokeSessions => "revoke_sessions",
            Self::Note => "note",
            Self::Withdraw => "withdraw",
            Self::Reveal => "reveal",
        }
    }

    /// How it may wait on a desk that cannot reach the store.
    #[must_use]
    pub const fn waiting(self) -> Waiting {
        const MINUTE: u64 = 60;
        const DAY: u64 = 24 * 60 * MINUTE;
        match self {
            // A request only: the lock may have changed by the time it arrives.
            Self::Unlock => Waiting::Until(Duration::from_secs(15 * MINUTE)),
            Self::Lock | Self::RevokeSession | Self::RevokeSessions => {
                Waiting::Until(Duration::from_secs(DAY))
            }
            Self::Note => Waiting::Until(Duration::from_secs(30 * DAY)),
            Self::Withdraw => Waiting::Always,
            Self::Reveal => Waiting::Never,
        }
    }

    /// Whether the store judges it on a version that the desk must name (428 without).
    #[must_use]
    pub const fn judged_on_version(self) -> bool {
        matches!(self, Self::Unlock)
    }

    /// Whether it goes before what else waits for the same customer: a withdrawal always does.
    #[must_use]
    pub const fn goes_first(self) -> bool {
        matches!(self, Self::Withdraw)
    }
}

/// Whether an action may wait in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Needs the store at once.
    Never,
    /// Lapses this long after it was saved.
    Until(Duration),
    /// Never lapses.
    Always,
}

impl Ask {
    /// Which sort it is.
    #[must_use]
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::Unlock { .. } => ActionKind::Unlock,
            Self::Lock { .. } => ActionKind::Lock,
            Self::RevokeSession { .. } => ActionKind::RevokeSession,
            Self::RevokeSessions { .. } => ActionKind::RevokeSessions,
            Self::Note { .. } => ActionKind::Note,
            Self::Withdraw { .. } => ActionKind::Withdraw,
            Self::Reveal { .. } => ActionKind::Reveal,
        }
    }

    /// The account it acts on, where it acts on one.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Unlock { account, .. }
            | Self::Lock { account, .. }
            | Self::RevokeSession { account, .. }
            | Self::RevokeSessions { account } => Some(*account),
            Self::Note { .. } | Self::Withdraw { .. } | Self::Reveal { .. } => None,
        }
    }
}

/// One thing done to a customer, as their history shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ActionDone {
    /// The action.
    pub id: crate::ActionId,
    /// What it was.
    pub kind: ActionKind,
    /// The account it acted on, where it acted on one.
    pub account: Option<AccountId>,
    /// Who asked.
    pub by: String,
    /// When the store did it.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<Reason>,
    /// Why, in words.
    pub words: Option<String>,
    /// The case or ticket.
    pub case: Option<String>,
    /// The number of its entry in the store's history, counted from 1.
    pub entry: i64,
    /// The cause of the lock that it set or ended.
    pub lock_cause: Option<LockCause>,
    /// What it revealed, by kind, never by value.
    pub revealed: Option<crate::customer::IdentifierKind>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_widens_or_reveals_may_wait() {
        assert_eq!(ActionKind::Reveal.waiting(), Waiting::Never);
        assert_eq!(ActionKind::Withdraw.waiting(), Waiting::Always);
        assert_eq!(ActionKind::Unlock.waiting(), Waiting::Until(Duration::from_secs(900)));
    }

    #[test]
    fn the_word_of_a_kind_is_the_one_that_travels() {
        for kind in ActionKind::ALL {
            let json = serde_json::to_string(&kind).expect("a unit variant");
            assert_eq!(json, format!("\"{}\"", kind.word()));
        }
    }
}
