//! Why the store does not do it: a code, and what must travel with it.

use madoguchi_domain::Timestamp;
use madoguchi_protocol::{
    action::Conflict,
    error::{Code, Problem},
};

use crate::db::{DbError, FromDb};

/// A refusal on its way to an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What went wrong.
    pub code: Code,
    /// When to try again.
    pub until: Option<Timestamp>,
    /// What is now, for [`Code::Conflict`].
    pub conflict: Option<Box<Conflict>>,
    /// The database's error behind it; for the log, never for an answer.
    db: Option<DbError>,
}

impl Refusal {
    /// A refusal that is only its code.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, until: None, conflict: None, db: None }
    }

    /// Looked at again at `until`.
    #[must_use]
    pub const fn until(code: Code, until: Timestamp) -> Self {
        Self { code, until: Some(until), conflict: None, db: None }
    }

    /// What it was judged on has changed.
    #[must_use]
    pub fn conflict(conflict: Conflict) -> Self {
        Self { code: Code::Conflict, until: None, conflict: Some(Box::new(conflict)), db: None }
    }

    /// As RFC 9457 has it, without the request's id.
    #[must_use]
    pub fn problem(self) -> Problem {
        Problem {
            kind: format!("urn:madoguchi:error:{}", self.code.word()),
            title: title(self.code).to_owned(),
            status: self.code.status().unwrap_or(500),
            code: self.code,
            retry: self.code.retry(),
            instance: None,
            until: self.until,
            conflict: self.conflict,
        }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        let code = match error {
            DbError::Busy | DbError::Closed => Code::Busy,
            _ => Code::StoreFailed,
        };
        Self { code, until: None, conflict: None, db: Some(error) }
    }
}

impl FromDb for Refusal {
    fn db(&self) -> Option<&DbError> {
        self.db.as_ref()
    }
}

/// One English sentence for logs and developers.
const fn title(code: Code) -> &'static str {
    match code {
        Code::BadRequest => "The request is not of the form this store takes.",
        Code::WrongCredentials => "The name or the password is wrong.",
        Code::TooManyAttempts => "Too many attempts to sign in; wait until the time given.",
        Code::SignInNeeded => "A valid access token is needed.",
        Code::SessionRevoked => "This sign-in was ended; sign in again.",
        Code::DeviceRevoked => "This desk was revoked.",
        Code::NotAllowed => "The role or the scope does not allow it.",
        Code::SupervisorNeeded => "A supervisor must end a lock of this cause.",
        Code::Unknown => "There is nothing of that id within sight.",
        Code::SourceNotConnected => "The account's source decides over it and is not connected.",
        Code::ActionReused => "The same action id came with another body.",
        Code::BadSignature => "The signature or the device is not right.",
        Code::VersionMissing => "The action must name the version it was judged on.",
        Code::Conflict => "What the action was judged on has changed.",
        Code::Lapsed => "The action arrived after it had lapsed.",
        Code::InFlight => "What it depends on has not been done yet.",
        Code::StoreVersion => "This store speaks another version of the protocol.",
        Code::CursorUnknown => "The cursor belongs to another store or epoch; start from a snapshot.",
        Code::Busy => "The store is busy; try again.",
        Code::StoreFailed => "The store failed; its log has the request's id.",
        _ => "The request was refused.",
    }
}
