//! What can go wrong in a database, without anything that stood in a row.

/// Why a statement or a transaction did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// There is no room left where the database lies: nothing was changed.
    #[error("the disk of the database is full")]
    Full,
    /// Other work is in the way; the same may succeed in a moment.
    #[error("the database is busy")]
    Busy,
    /// The database is closing.
    #[error("the database is closing")]
    Closed,
    /// A row with this key is already there; the constraint is named.
    #[error("a row of that key is already there ({0})")]
    Taken(String),
    /// A row that must be there is not.
    #[error("a row that must be there is not")]
    Missing,
    /// A row holds what this program does not know, in this column or of this type.
    #[error("a row cannot be read: {0}")]
    Unreadable(String),
    /// It failed otherwise; the database's own code and words, which never hold a bound value.
    #[error("the database failed ({code}): {words}")]
    Failed {
        /// The engine's code.
        code: String,
        /// The engine's words where they cannot hold values.
        words: String,
    },
}

impl DbError {
    /// Whether the same transaction may succeed when it is tried again.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy)
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => of_engine(error.as_ref()),
            sqlx::Error::RowNotFound => Self::Missing,
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Self::Closed,
            sqlx::Error::ColumnDecode { index, .. } => Self::Unreadable(format!("column {index}")),
            sqlx::Error::ColumnNotFound(name) => Self::Unreadable(format!("column {name}")),
            sqlx::Error::Io(error) => match error.kind() {
                std::io::ErrorKind::StorageFull => Self::Full,
                kind => Self::Failed { code: "io".to_owned(), words: kind.to_string() },
            },
            sqlx::Error::Configuration(_) => Self::Failed {
                code: "configuration".to_owned(),
                words: "the database's URL is not understood".to_owned(),
            },
            other => Self::Failed { code: kind_of(&other).to_owned(), words: String::new() },
        }
    }
}

const fn kind_of(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::Protocol(_) => "protocol",
        sqlx::Error::Tls(_) => "tls",
        sqlx::Error::Encode(_) => "encode",
        sqlx::Error::Decode(_) => "decode",
        _ => "other",
    }
}

/// SQLite's primary code or PostgreSQL's SQLSTATE decides.
fn of_engine(error: &dyn sqlx::error::DatabaseError) -> DbError {
    let code = error.code().unwrap_or_default().into_owned();
    if error.is_unique_violation() {
        // SQLite names the columns in its words, PostgreSQL the constraint.
        let named = error.constraint().map(str::to_owned).unwrap_or_else(|| error.message().to_owned());
        return DbError::Taken(named);
    }
    if let Ok(number) = code.parse::<i64>()
        && code.len() < 5
    {
        return match number & 0xff {
            13 => DbError::Full,
            5 | 6 => DbError::Busy,
            _ => DbError::Failed { code, words: error.message().to_owned() },
        };
    }
    match code.as_str() {
        "53100" => DbError::Full,
        "40001" | "40P01" | "55P03" | "53300" | "57P01" | "57P02" | "57P03" => DbError::Busy,
        // Classes 22 and 23 quote what was given.
        quoted if quoted.starts_with("22") || quoted.starts_with("23") => {
            DbError::Failed { code, words: String::new() }
        }
        _ => DbError::Failed { code, words: error.message().to_owned() },
    }
}
