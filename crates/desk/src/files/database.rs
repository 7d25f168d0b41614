//! One encrypted SQLite file: a connection that writes and checkpoints, and others that only read.
//!
//! The SQLite inside SQLCipher 4.10 is 3.50.4, which can damage a file when two connections write or checkpoint at
//! once (fixed in 3.51.3). So there is exactly one writer, and readers may do neither.

use std::{
    ops::{Deref, DerefMut},
    path::Path,
    time::Duration,
};

use madoguchi_secrets::Key;
use sqlx::{
    ConnectOptions, Connection, Sqlite, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard, OnceCell};

use super::own_file;

/// What the writing connection may keep in memory, in KiB: a batch of a first copy fits, so that no page of it is
/// encrypted and written more than once.
const WRITER_CACHE_KIB: u32 = 32 * 1024;

/// What a commit survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A power cut.
    Full,
    /// A crash of the program; after a power cut the last commits may be missing, never torn.
    Normal,
}

/// The tables of a file, and the version of them that this program writes.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) version: i64,
    /// Run once, on a new file.
    pub(crate) sql: &'static str,
}

/// A later version of this program wrote the file: this one would misread it.
#[derive(Debug)]
pub(crate) struct Newer;

impl std::fmt::Display for Newer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a later version of this program wrote the file")
    }
}

impl std::error::Error for Newer {}

/// An open file, or a database in memory when there is no key to write one with.
pub(crate) struct Database {
    writer: Mutex<Option<SqliteConnection>>,
    readers: Option<SqlitePool>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database")
    }
}

/// The connection that writes, for as long as nobody else may.
pub(crate) type Writer<'a> = MappedMutexGuard<'a, SqliteConnection>;

/// A connection to read with.
pub(crate) enum Reader<'a> {
    Pool(PoolConnection<Sqlite>),
    Writer(Writer<'a>),
}

impl Deref for Reader<'_> {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        match self {
            Self::Pool(connection) => connection,
            Self::Writer(connection) => connection,
        }
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Pool(connection) => connection,
            Self::Writer(connection) => connection,
        }
    }
}

/// sqlx logs statements and prints options, and both hold the key: the options never leave this function.
fn options(path: &Path, key: &Key) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .pragma("key", key.sqlcipher_pragma().expose().to_owned())
        .busy_timeout(Duration::from_secs(10))
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

/// SQLCipher writes to standard error by itself when a key does not fit; what to say is the desk's decision. The
/// level belongs to the process, and can be set from any connection.
async fn quiet() -> Result<(), sqlx::Error> {
    static QUIET: OnceCell<()> = OnceCell::const_new();
    QUIET
        .get_or_try_init(|| async {
            let options = SqliteConnectOptions::new().filename(":memory:").disable_statement_logging();
            let mut connection = options.connect().await?;
            sqlx::raw_sql("PRAGMA cipher_log_level = NONE").execute(&mut connection).await?;
            connection.close().await
        })
        .await
        .copied()
}

/// Makes the tables of a new file, all or none of them. Only version 1 exists, so an older file is a new one.
async fn make(writer: &mut SqliteConnection, schema: &Schema) -> Result<(), sqlx::Error> {
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *writer).await?;
    if version > schema.version {
        return Err(sqlx::Error::Configuration(Box::new(Newer)));
    }
    if version < schema.version {
        let mut tx = writer.begin().await?;
        sqlx::raw_sql(schema.sql).execute(&mut *tx).await?;
        let stamp = format!("PRAGMA user_version = {}", schema.version);
        sqlx::raw_sql(sqlx::AssertSqlSafe(stamp)).execute(&mut *tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

impl Database {
    /// Opens the file, or makes it with its tables.
    ///
    /// # Errors
    /// SQLite's codes 11 and 26 for a file that is foreign, damaged or under another key, [`Newer`] for one of a later
    /// version; see [`crate::error::damage`].
    pub(crate) async fn open(
        path: &Path,
        key: &Key,
        durability: Durability,
        schema: &Schema,
    ) -> Result<Self, sqlx::Error> {
        quiet().await?;
        // SQLite gives its log and its index of that the rights of the file.
        drop(own_file(path, false).map_err(sqlx::Error::Io)?);
        let synchronous = match durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Normal => SqliteSynchronous::Normal,
        };
        let mut writer = options(path, key)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .pragma("fullfsync", "1")
            .pragma("cache_size", format!("-{WRITER_CACHE_KIB}"))
            .connect()
            .await?;
        if let Err(error) = make(&mut writer, schema).await {
            // Closed by itself later, it would remove the log of whatever lies under this name by then.
            let _ = writer.close().await;
            return Err(error);
        }
        let readers = SqlitePoolOptions::new().max_connections(3).min_connections(0).connect_lazy_with(
            options(path, key).pragma("wal_autocheckpoint", "0").pragma("query_only", "1"),
        );
        Ok(Self { writer: Mutex::new(Some(writer)), readers: Some(readers) })
    }

    /// A database that is gone with the process.
    ///
    /// # Errors
    /// When memory is short.
    pub(crate) async fn in_memory(schema: &Schema) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new().filename(":memory:").disable_statement_logging();
        let mut writer = options.connect().await?;
        make(&mut writer, schema).await?;
        Ok(Self { writer: Mutex::new(Some(writer)), readers: None })
    }

    /// The one connection that writes.
    ///
    /// # Errors
    /// When the database was closed.
    pub(crate) async fn write(&self) -> Result<Writer<'_>, sqlx::Error> {
        MutexGuard::try_map(self.writer.lock().await, Option::as_mut).map_err(|_| sqlx::Error::PoolClosed)
    }

    /// A connection that reads.
    ///
    /// # Errors
    /// When the file cannot be opened, or the database was closed.
    pub(crate) async fn read(&self) -> Result<Reader<'_>, sqlx::Error> {
        Ok(match &self.readers {
            Some(pool) => Reader::Pool(pool.acquire().await?),
            None => Reader::Writer(self.write().await?),
        })
    }

    /// Reads every page once and says whether the file is whole.
    ///
    /// # Errors
    /// When the reading itself fails, which says the same.
    pub(crate) async fn whole(&self) -> Result<bool, sqlx::Error> {
        let mut reader = self.read().await?;
        let answer: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut *reader).await?;
        Ok(answer == "ok")
    }

    /// Closes every connection, the writer last so that it makes the last checkpoint.
    pub(crate) async fn close(&self) {
        if let Some(pool) = &self.readers {
            pool.close().await;
        }
        if let Some(writer) = self.writer.lock().await.take()
            && let Err(error) = writer.close().await
        {
            tracing::warn!(damage = ?crate::error::damage(&error), "a database did not close cleanly");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Damage, damage};

    const SCHEMA: Schema = Schema { version: 1, sql: "CREATE TABLE t(name TEXT) STRICT" };

    async fn write_one(path: &Path, key: &Key) {
        let database = Database::open(path, key, Durability::Full, &SCHEMA).await.expect("opens");
        sqlx::query("INSERT INTO t VALUES ('canary of the desk')")
            .execute(&mut *database.write().await.expect("open"))
            .await
            .expect("writes");
        database.close().await;
    }

    #[tokio::test]
    async fn the_file_shows_nothing_and_another_key_does_not_open_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("x.db");
        write_one(&path, &Key::new([1; 32])).await;
        let bytes = std::fs::read(&path).expect("there");
        assert!(!bytes.windows(6).any(|w| w == b"canary"));
        assert_ne!(&bytes[..16], b"SQLite format 3\0");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let error = Database::open(&path, &Key::new([2; 32]), Durability::Full, &SCHEMA)
            .await
            .expect_err("wrong key");
        assert_eq!(damage(&error), Damage::Unreadable);
    }

    #[tokio::test]
    async fn a_foreign_file_is_unreadable_and_a_folder_that_is_missing_is_unwritable() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("x.db");
        std::fs::write(&path, vec![b'#'; 8192]).expect("writable");
        let error =
            Database::open(&path, &Key::new([1; 32]), Durability::Full, &SCHEMA).await.expect_err("foreign");
        assert_eq!(damage(&error), Damage::Unreadable);
        let nowhere = dir.path().join("missing").join("x.db");
        let error = Database::open(&nowhere, &Key::new([1; 32]), Durability::Full, &SCHEMA)
            .await
            .expect_err("no folder");
        assert_eq!(damage(&error), Damage::Unwritable);
    }

    #[tokio::test]
    async fn the_tables_are_made_once_and_a_later_version_is_not_opened() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("x.db");
        write_one(&path, &Key::new([1; 32])).await;
        write_one(&path, &Key::new([1; 32])).await;
        let later = Schema { version: 2, ..SCHEMA };
        let other = dir.path().join("y.db");
        let database =
            Database::open(&other, &Key::new([1; 32]), Durability::Full, &later).await.expect("new");
        database.close().await;
        let error = Database::open(&other, &Key::new([1; 32]), Durability::Full, &SCHEMA)
            .await
            .expect_err("of a later version");
        assert_eq!(damage(&error), Damage::Newer);
    }

    #[tokio::test]
    async fn readers_cannot_write() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("x.db");
        let database =
            Database::open(&path, &Key::new([1; 32]), Durability::Normal, &SCHEMA).await.expect("opens");
        let mut reader = database.read().await.expect("reads");
        let refused = sqlx::query("INSERT INTO t VALUES ('x')").execute(&mut *reader).await;
        assert!(refused.is_err());
    }
}
