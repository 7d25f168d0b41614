//! What can go wrong on a desk, in the codes that people's words are written for.

use madoguchi_domain::Timestamp;
use madoguchi_protocol::error::{Code, Problem, Retry};
use madoguchi_secrets::KeyringError;

use crate::{
    files::Newer,
    view::Failure,
    words::{self, Language},
};

/// An error with its code and what its sentence needs to know. Carries no personal value and no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskError {
    /// What went wrong.
    pub code: Code,
    /// When to try again, where that is known.
    pub until: Option<Timestamp>,
    /// What the sentence names: a program, a file, a count. Never a customer.
    pub detail: Option<String>,
    /// What is now, for a conflict.
    pub problem: Option<Box<Problem>>,
}

impl DeskError {
    /// An error of that code and nothing more to say.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, until: None, detail: None, problem: None }
    }

    /// An error whose sentence names something.
    #[must_use]
    pub fn naming(code: Code, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::new(code) }
    }

    /// The clipboard refused.
    #[must_use]
    pub const fn clipboard() -> Self {
        Self::new(Code::DeskFailed)
    }

    /// Whether trying again can help.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        self.code.retry()
    }

    /// The error as it reaches a person.
    #[must_use]
    pub fn failure(&self, language: Language) -> Failure {
        Failure {
            code: self.code,
            message: language.words().error(self),
            retry: self.retry(),
            until: self.until,
        }
    }
}

impl std::fmt::Display for DeskError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code.word())
    }
}

impl std::error::Error for DeskError {}

impl From<Problem> for DeskError {
    fn from(problem: Problem) -> Self {
        Self { code: problem.code, until: problem.until, detail: None, problem: Some(Box::new(problem)) }
    }
}

impl From<KeyringError> for DeskError {
    fn from(_: KeyringError) -> Self {
        Self::new(Code::NoKeyring)
    }
}

impl From<std::io::Error> for DeskError {
    fn from(error: std::io::Error) -> Self {
        tracing::warn!(kind = ?error.kind(), "a file could not be read or written");
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::new(Code::DiskFull),
            _ => Self::new(Code::FilesUnusable),
        }
    }
}

impl From<sqlx::Error> for DeskError {
    fn from(error: sqlx::Error) -> Self {
        match damage(&error) {
            Damage::Full => Self::new(Code::DiskFull),
            Damage::Unreadable | Damage::Unwritable => Self::new(Code::FilesUnusable),
            Damage::Newer => Self::naming(Code::FilesUnusable, words::NEWER_FILES),
            Damage::Other => {
                // The text of a database error may quote values; its code may not.
                tracing::error!(code = sqlite_code(&error), "the desk's database refused");
                Self::new(Code::DeskFailed)
            }
        }
    }
}

impl From<serde_json::Error> for DeskError {
    fn from(error: serde_json::Error) -> Self {
        tracing::error!(line = error.line(), column = error.column(), "JSON was not as agreed");
        Self::new(Code::NotAStore)
    }
}

/// What a database error says about the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// The disk is full.
    Full,
    /// The file is not ours, its key is another, or it is damaged.
    Unreadable,
    /// It may not be written, or the disk fails.
    Unwritable,
    /// A later version of this program wrote it.
    Newer,
    /// Something else.
    Other,
}

/// Reads SQLite's result code: 13 full; 11 corrupt, 26 not a database; 8 read-only, 10 I/O, 14 cannot open.
pub(crate) fn damage(error: &sqlx::Error) -> Damage {
    if let sqlx::Error::Io(error) = error {
        let full =
            matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
        return if full { Damage::Full } else { Damage::Unwritable };
    }
    if let sqlx::Error::Configuration(inner) = error
        && inner.is::<Newer>()
    {
        return Damage::Newer;
    }
    match sqlite_code(error) & 0xFF {
        13 => Damage::Full,
        11 | 26 => Damage::Unreadable,
        8 | 10 | 14 => Damage::Unwritable,
        _ => Damage::Other,
    }
}

fn sqlite_code(error: &sqlx::Error) -> i32 {
    error.as_database_error().and_then(|e| e.code()).and_then(|code| code.parse().ok()).unwrap_or(0)
}
