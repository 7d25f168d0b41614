//! Accounts, the identities that lead into them, their sessions and their locks.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{AccountId, BrandId, IdentityId, LockId, SessionId, Timestamp};

/// Who decides over an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// This store: applications ask it, so it can lock and unlock.
    Store,
    /// The system it was imported from, which is not connected: it can be seen and noted, not acted on.
    Source,
}

/// One user at one issuer for one brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The URL or name of the system that issued it.
    pub issuer: String,
    /// The brand it is for.
    pub brand: BrandId,
    /// Who decides over it.
    pub authority: Authority,
    /// Whether a lock stands now that keeps the whole account from signing in.
    pub blocked: bool,
    /// Raised by every change of its locks; an unlock is judged on it.
    pub lock_version: i64,
    /// Raised whenever sessions are revoked; a revocation is judged on it.
    pub session_epoch: i64,
    /// Ways in.
    pub identities: Vec<Identity>,
    /// Live sessions, the newest first.
    pub sessions: Vec<Session>,
    /// Locks that stand, the newest first.
    pub locks: Vec<Lock>,
    /// Since when it exists.
    pub since: Timestamp,
}

/// What leads into an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// A password kept by the account's issuer.
    Password,
    /// Sign in with Google.
    Google,
    /// Facebook Login.
    Facebook,
    /// Sign in with Apple.
    Apple,
    /// LINE Login.
    Line,
    /// A company's own identity provider (OpenID Connect or SAML).
    Enterprise,
    /// Another provider; `issuer` says which.
    Other,
}

/// A way into an account: issuer and subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// What sort it is.
    pub kind: IdentityKind,
    /// Who issued it: `https://accounts.google.com`.
    pub issuer: String,
    /// What may be seen of the subject or the address behind it.
    pub masked: String,
    /// Since when it leads into the account.
    pub linked_at: Timestamp,
    /// The last time it let them in.
    pub last_sign_in: Option<Timestamp>,
    /// Failed attempts with it in the last 24 hours.
    pub failures_today: i32,
}

/// A live sign-in that can be revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// The device in words: `iPhone`.
    pub device: String,
    /// The program in words: `Safari 19`, `App 8.2`.
    pub client: String,
    /// The place in words: `Tokyo`.
    pub place: Option<String>,
}

/// Why an account cannot sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum LockCause {
    /// The sign-in rule: too many failures in a short time.
    TooManyFailures,
    /// Somebody else seems to use it.
    SuspectedTakeover,
    /// The customer asked for it.
    CustomerRequest,
    /// Fraud is being looked into.
    Fraud,
    /// Not used for so long that the company closed it.
    Dormant,
    /// A contact that must be verified first is not.
    ContactUnverified,
    /// The source it was imported from had it disabled.
    DisabledAtSource,
    /// The company's decision, said in the lock's note.
    Policy,
}

impl LockCause {
    /// Whether an agent alone may end a lock of this cause; the others need a supervisor.
    #[must_use]
    pub const fn agent_may_end(self) -> bool {
        matches!(
            self,
            Self::TooManyFailures | Self::CustomerRequest | Self::Dormant | Self::ContactUnverified
        )
    }
}

/// What a lock keeps shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "identity")]
pub enum LockScope {
    /// Every way into the account.
    Account,
    /// One identity; the others still let them in.
    Identity(IdentityId),
}

/// One reason why an account cannot sign in. Several may stand at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Lock {
    /// Its id; an unlock names it.
    pub id: LockId,
    /// What it keeps shut.
    pub scope: LockScope,
    /// Why.
    pub cause: LockCause,
    /// Since when.
    pub since: Timestamp,
    /// Until when; none means until somebody ends it.
    pub until: Option<Timestamp>,
    /// Who set it: an agent's name, `rule` for the store's sign-in rule, or the source's name.
    pub by: String,
    /// What was said when it was set.
    pub note: Option<String>,
    /// Raised when its end or cause changes.
    pub version: i64,
}

impl Lock {
    /// Whether it stands at `now`: begun, and not run out. The end itself is already free.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        self.since <= now && self.until.is_none_or(|until| now < until)
    }
}
