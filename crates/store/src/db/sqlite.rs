//! Opening an embedded database: one process, one writer, encrypted whole.

use std::{
    fs::{File, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use madoguchi_secrets::Key;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Conn, DbError, OpenError};

/// How many connections read at once.
const READERS: u32 = 4;

/// Pages that one connection keeps, in KiB.
const CACHE_KIB: i64 = 64 * 1024;

/// An open file: the right to it, its only writing connection, and those that read.
pub(crate) struct Opened {
    pub(crate) hold: Hold,
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
}

/// The right to a database file, for as long as it lives.
pub(crate) struct Hold {
    _file: File,
}

impl Hold {
    /// Takes the right to `database`, and writes who holds it beside it.
    pub(crate) fn take(database: &Path) -> Result<Self, OpenError> {
        let path = beside(database, "lock");
        let failed = |source| OpenError::File { path: path.clone(), source };
        let mut file =
            owner_only().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The holder's number is a courtesy; without it the refusal stands as well.
                let _ = file.read_to_string(&mut holder);
                return Err(OpenError::Held { path: database.to_owned(), holder: holder.trim().to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(failed)?;
        Ok(Self { _file: file })
    }
}

/// How a file is made that only its owner may read.
pub(crate) fn owner_only() -> std::fs::OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// `store.db` → `store.db.lock`.
pub(crate) fn beside(database: &Path, what: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    PathBuf::from(name)
}

/// Opens `path` with its key; makes it when it is not there.
pub(crate) async fn open(path: &Path, key: &Key) -> Result<Opened, OpenError> {
    let hold = Hold::take(path)?;
    // SQLite would make it readable by everybody; its journal takes the rights of the database.
    owner_only()
        .append(true)
        .create(true)
        .open(path)
        .map_err(|source| OpenError::File { path: path.to_owned(), source })?;
    // Only this connection writes and checkpoints: two at once can damage the file in this SQLite's write-ahead log.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options(path, key).create_if_missing(true).journal_mode(SqliteJournalMode::Wal))
        .await
        .map_err(|error| unreadable(path, error))?;
    sqlx::query_scalar::<_, i64>("select count(*) from sqlite_master")
        .fetch_one(&writer)
        .await
        .map_err(|error| unreadable(path, error))?;
    assert_encrypted(path, &writer).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(30))
        .connect_lazy_with(options(path, key).pragma("query_only", "on"));
    Ok(Opened { hold, writer, readers })
}

/// What every connection has in common. Never printed and never logged: it holds the key, and sqlx logs statements.
fn options(path: &Path, key: &Key) -> SqliteConnectOptions {
    use sqlx::ConnectOptions as _;
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .pragma("key", key.sqlcipher_pragma().expose().to_owned())
        .pragma("cipher_memory_security", "off")
        .pragma("temp_store", "memory")
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        .pragma("trusted_schema", "off")
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging()
}

/// Code 26 is a file under another key, or no database at all.
fn unreadable(path: &Path, error: sqlx::Error) -> OpenError {
    let code = error.as_database_error().and_then(|e| e.code().map(std::borrow::Cow::into_owned));
    match code.as_deref() {
        Some("26") => OpenError::WrongKey(path.to_owned()),
        _ => OpenError::Db(error.into()),
    }
}

/// A build that was linked with plain SQLite would take the key in silence and write in the clear.
async fn assert_encrypted(path: &Path, pool: &SqlitePool) -> Result<(), OpenError> {
    let version: Option<String> =
        sqlx::query_scalar("pragma cipher_version").fetch_optional(pool).await.map_err(DbError::from)?;
    let mut head = [0; 16];
    let read = File::open(path)
        .and_then(|mut file| file.read(&mut head))
        .map_err(|source| OpenError::File { path: path.to_owned(), source })?;
    if version.is_none_or(|v| v.is_empty()) || (read == 16 && head == *b"SQLite format 3\0") {
        return Err(OpenError::NotEncrypted(path.to_owned()));
    }
    Ok(())
}

/// A reader's connection.
pub(crate) async fn reader(pool: &SqlitePool) -> Result<Conn, DbError> {
    Ok(Conn::Sqlite(pool.acquire().await?))
}
