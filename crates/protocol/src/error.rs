//! Errors: a code for machines, a sentence for people, and whether trying again can help.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What went wrong. A code exists only if a screen, `mado` or the store's own pages use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request is not of the form the store takes.
    BadRequest,
    /// The name or password is wrong.
    WrongCredentials,
    /// Too many attempts to sign in; `until` says when the next one is looked at.
    TooManyAttempts,
    /// The access token is missing, wrong or has run out.
    SignInNeeded,
    /// A refresh token was used a second time: every token of that sign-in is void.
    SessionRevoked,
    /// This desk was revoked: its cache is wiped, its outbox stays sealed.
    DeviceRevoked,
    /// The role or scope does not allow it.
    NotAllowed,
    /// A supervisor must do it: the lock is not one an agent may end.
    SupervisorNeeded,
    /// No customer, account or thing of that id within sight.
    Unknown,
    /// The account's source decides over it and is not connected.
    SourceNotConnected,
    /// The same action id came with another body.
    ActionReused,
    /// The action's signature or device is not right.
    BadSignature,
    /// The action needs the version it was judged on, and names none.
    VersionMissing,
    /// What the action was judged on has changed.
    Conflict,
    /// The action arrived after it lapsed.
    Lapsed,
    /// The same action is being worked on right now.
    InFlight,
    /// The store and this program speak different versions.
    StoreVersion,
    /// The cursor belongs to another store or epoch: start from a snapshot.
    CursorUnknown,
    /// The store is busy or stopping.
    Busy,
    /// The store failed inside; its log has the request's id.
    StoreFailed,
    /// The store cannot be reached.
    Offline,
    /// The answer did not come from a store, or could not be read.
    NotAStore,
    /// It needs the store, which cannot be reached now, and may not wait.
    NeedsStore,
    /// The disk is full: nothing was saved.
    DiskFull,
    /// This desk's files cannot be read or written.
    FilesUnusable,
    /// Another program holds this desk's files.
    HomeInUse,
    /// There is no keyring, or it refused.
    NoKeyring,
    /// The key of the outbox is gone; what waited is uploaded sealed.
    OutboxKeyLost,
    /// This machine's clock is too far off.
    ClockOff,
    /// Too long without contact: the cache is closed until the agent signs in again.
    LeaseOver,
    /// Nobody is signed in on this desk.
    NotSignedIn,
    /// The action is on its way and can no longer be taken back.
    AlreadySent,
    /// Something inside this program failed.
    DeskFailed,
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// The same will happen again.
    No,
    /// Later, by itself or by hand.
    Later,
    /// After a person changed something: signed in, corrected, chose.
    AfterChange,
}

impl Code {
    /// Every code, for catalogues.
    pub const ALL: [Self; 33] = [
        Self::BadRequest,
        Self::WrongCredentials,
        Self::TooManyAttempts,
        Self::SignInNeeded,
        Self::SessionRevoked,
        Self::DeviceRevoked,
        Self::NotAllowed,
        Self::SupervisorNeeded,
        Self::Unknown,
        Self::SourceNotConnected,
        Self::ActionReused,
        Self::BadSignature,
        Self::VersionMissing,
        Self::Conflict,
        Self::Lapsed,
        Self::InFlight,
        Self::StoreVersion,
        Self::CursorUnknown,
        Self::Busy,
        Self::StoreFailed,
        Self::Offline,
        Self::NotAStore,
        Self::NeedsStore,
        Self::DiskFull,
        Self::FilesUnusable,
        Self::HomeInUse,
        Self::NoKeyring,
        Self::OutboxKeyLost,
        Self::ClockOff,
        Self::LeaseOver,
        Self::NotSignedIn,
        Self::AlreadySent,
        Self::DeskFailed,
    ];

    /// The HTTP status the store answers it with; none for what only a desk says.
    #[must_use]
    pub const fn status(self) -> Option<u16> {
        Some(match self {
            Self::BadRequest => 400,
            Self::WrongCredentials | Self::SignInNeeded | Self::SessionRevoked | Self::DeviceRevoked => 401,
            Self::NotAllowed | Self::SupervisorNeeded | Self::SourceNotConnected | Self::BadSignature => 403,
            Self::Unknown => 404,
            Self::InFlight => 409,
            Self::Lapsed | Self::CursorUnknown => 410,
            Self::Conflict => 412,
            Self::ActionReused => 422,
            Self::StoreVersion => 426,
            Self::VersionMissing => 428,
            Self::TooManyAttempts => 429,
            Self::StoreFailed => 500,
            Self::Busy => 503,
            Self::Offline
            | Self::NotAStore
            | Self::NeedsStore
            | Self::DiskFull
            | Self::FilesUnusable
            | Self::HomeInUse
            | Self::NoKeyring
            | Self::OutboxKeyLost
            | Self::ClockOff
            | Self::LeaseOver
            | Self::NotSignedIn
            | Self::AlreadySent
            | Self::DeskFailed => return None,
        })
    }

    /// Whether trying again can help.
    #[must_use]
    pub const fn retry(self) -> Retry {
        match self {
            Self::TooManyAttempts
            | Self::InFlight
            | Self::Busy
            | Self::StoreFailed
            | Self::Offline
            | Self::NeedsStore => Retry::Later,
            Self::BadRequest
            | Self::ActionReused
            | Self::BadSignature
            | Self::Lapsed
            | Self::Unknown
            | Self::NotAllowed
            | Self::SourceNotConnected
            | Self::AlreadySent => Retry::No,
            _ => Retry::AfterChange,
        }
    }

    /// The word as it travels: `wrong_credentials`.
    #[must_use]
    pub fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// An RFC 9457 problem. `title` is English for logs and developers; people read their own program's words for `code`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:madoguchi:error:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// One English sentence without personal data.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong.
    pub code: Code,
    /// Whether trying again can help.
    pub retry: Retry,
    /// The request's id, as in the store's log.
    pub instance: Option<String>,
    /// When to try again, for `too_many_attempts`.
    pub until: Option<madoguchi_domain::Timestamp>,
    /// What is now, for `conflict`.
    pub conflict: Option<Box<crate::action::Conflict>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_and_reads_back() {
        let mut words: Vec<String> = Code::ALL.iter().map(|code| code.word()).collect();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
        for code in Code::ALL {
            let read: Code = serde_json::from_value(code.word().into()).expect("its own word");
            assert_eq!(read, code);
        }
    }
}
