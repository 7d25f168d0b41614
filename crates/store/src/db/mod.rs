//! The two databases behind one type.
//!
//! A URL chooses: `sqlite:PATH` or a path is a file of our own, encrypted; `postgres://…` is the company's PostgreSQL.

pub mod bulk;
pub mod company;
mod conn;
mod dialect;
mod error;
pub mod find;
pub mod history;
pub mod key;
mod keys;
pub mod load;
mod migrations;
mod sqlite;
pub(crate) mod words;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use futures::future::BoxFuture;
use madoguchi_domain::{Clock, Timestamp};
use sqlx::{PgPool, SqlitePool, postgres::PgPoolOptions};
use tokio::sync::{oneshot, watch};

use crate::chance::Chance;
use key::{KeyError, KeySource, Proof};
use writer::Writer;

pub use conn::{Conn, Rows, Value};
pub(crate) use conn::{execute, fetch_all, fetch_one, fetch_optional};
pub(crate) use dialect::for_update;
pub use error::DbError;
pub use keys::CustomerKeys;
pub use migrations::MigrateError;
pub(crate) use sqlite::{beside, owner_only};

/// How many times a transaction is tried again that met another one's.
const TRIES: u32 = 8;

/// How long closing waits for those who still read.
const CLOSING: Duration = Duration::from_secs(5);

/// Connections to PostgreSQL.
const CONNECTIONS: u32 = 16;

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names neither engine.
    #[error("a database is sqlite:PATH or postgres://…")]
    Url,
    /// Another process has it open.
    #[error(
        "the database {path} is in use by process {holder}, and only one process may open it at a time: end that one first"
    )]
    Held {
        /// Which file.
        path: PathBuf,
        /// Its process number.
        holder: String,
    },
    /// The key does not open it, or it is no database.
    #[error(
        "the database {0} cannot be read with this key: it has another key, or it is no database of this program"
    )]
    WrongKey(PathBuf),
    /// It would lie there in the clear.
    #[error("the database {0} would not be encrypted: this program was built without SQLCipher")]
    NotEncrypted(PathBuf),
    /// The way to it would carry everything in the clear.
    #[error(
        "nothing on the way to {0} would be encrypted: add ?sslmode=verify-full (at least require) to the database's URL"
    )]
    Clear(String),
    /// It holds customers, and the place of their keys is empty.
    #[error(
        "the database holds customers, and {0} with their keys is not there: put {0} back from its backup, then start again"
    )]
    KeysLost(String),
    /// A file beside it cannot be used.
    #[error("the file {path} cannot be used: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no key for it.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Its form is not this program's.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// It failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// An open database. Cheap to clone; [`Db::close`] ends it.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    /// Counts commits of this process, so that who waits for changes wakes at once.
    committed: watch::Sender<u64>,
    /// The latest time given to anything received.
    floor: Arc<AtomicI64>,
}

#[derive(Clone)]
enum Engine {
    Sqlite { writer: Writer, readers: SqlitePool, file: Arc<EmbeddedFile> },
    Postgres(PgPool),
}

struct EmbeddedFile {
    path: PathBuf,
    proof: Proof,
    writing: SqlitePool,
    /// The right to the file, and what resolves once the writer has ended; taken by whoever closes it.
    open: tokio::sync::Mutex<Option<(sqlite::Hold, oneshot::Receiver<()>)>>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.engine {
            Engine::Sqlite { .. } => "Db::Sqlite",
            Engine::Postgres(_) => "Db::Postgres",
        })
    }
}

/// An error that a transaction can end with: it tells whether the database was the reason.
pub trait FromDb: From<DbError> + Send + 'static {
    /// The database's error, where it was one.
    fn db(&self) -> Option<&DbError>;
}

impl FromDb for DbError {
    fn db(&self) -> Option<&DbError> {
        Some(self)
    }
}

/// `sqlite:PATH`, `sqlite://PATH` or a plain path; none for PostgreSQL.
///
/// # Errors
/// When it is a URL of anything else.
pub fn embedded_path(url: &str) -> Result<Option<PathBuf>, OpenError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(None);
    }
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url);
    if path.is_empty() || path.contains("://") {
        return Err(OpenError::Url);
    }
    Ok(Some(PathBuf::from(path)))
}

impl Db {
    /// Opens the database of `url`, with the keys' database beside it, and brings both to this program's form.
    ///
    /// # Errors
    /// When it cannot be used; the error is a sentence for an operator.
    pub async fn open(
        url: &str,
        key: &KeySource,
        chance: &Chance,
    ) -> Result<(Self, CustomerKeys), OpenError> {
        let committed = watch::Sender::new(0);
        let (engine, keys) = match embedded_path(url)? {
            Some(path) => {
                let key = key.key(&path, &madoguchi_secrets::Key::new(chance.bytes()))?;
                let opened = sqlite::open(&path, &key).await?;
                let mut conn = Conn::Sqlite(opened.writer.acquire().await.map_err(DbError::from)?);
                migrations::migrate(&mut conn).await?;
                let customers = holds_customers(&mut conn).await?;
                let keys = CustomerKeys::embedded(&sqlite::beside(&path, "keys"), &key, customers).await?;
                let (writer, ended) = Writer::start(conn, committed.clone());
                let open = tokio::sync::Mutex::new(Some((opened.hold, ended)));
                let proof = Proof::of(&key);
                let file = Arc::new(EmbeddedFile { path, proof, writing: opened.writer, open });
                (Engine::Sqlite { writer, readers: opened.readers, file }, keys)
            }
            None => {
                let pool = PgPoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(Duration::from_secs(30))
                    .connect_with(postgres_options(url)?)
                    .await
                    .map_err(DbError::from)?;
                let mut conn = Conn::Postgres(pool.acquire().await.map_err(DbError::from)?);
                migrations::migrate(&mut conn).await?;
                let customers = holds_customers(&mut conn).await?;
                drop(conn);
                let keys = CustomerKeys::postgres(postgres_options(url)?, customers).await?;
                (Engine::Postgres(pool), keys)
            }
        };
        let db = Self { engine, committed, floor: Arc::new(AtomicI64::new(0)) };
        let (last,) = fetch_one!(&mut db.read().await?, (i64,), "select max(at) from counter")?;
        db.floor.store(last, Ordering::Release);
        Ok((db, keys))
    }

    /// The embedded file, where it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.engine {
            Engine::Sqlite { file, .. } => Some(&file.path),
            Engine::Postgres(_) => None,
        }
    }

    /// What a command must show that asks for something to be done to the embedded file.
    #[cfg(unix)]
    pub(crate) fn proof(&self) -> Option<&Proof> {
        match &self.engine {
            Engine::Sqlite { file, .. } => Some(&file.proof),
            Engine::Postgres(_) => None,
        }
    }

    /// The time to give to what is received now: never earlier than one given before.
    #[must_use]
    pub fn received(&self, clock: &dyn Clock) -> Timestamp {
        let now = clock.now().micros();
        Timestamp::from_micros(self.floor.fetch_max(now, Ordering::AcqRel).max(now))
    }

    /// A connection that only reads. Each statement sees what is committed when it begins.
    ///
    /// # Errors
    /// When there is none within half a minute.
    pub async fn read(&self) -> Result<Conn, DbError> {
        match &self.engine {
            Engine::Sqlite { readers, .. } => sqlite::reader(readers).await,
            Engine::Postgres(pool) => Ok(Conn::Postgres(pool.acquire().await?)),
        }
    }

    /// Reads in one transaction: every statement of `work` sees the same moment.
    ///
    /// # Errors
    /// As `work`, or when the database fails.
    pub async fn read_at_once<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send,
        E: From<DbError>,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send,
    {
        let mut reading = Reading { conn: Some(self.read().await?) };
        let conn = reading.conn.as_mut().ok_or(DbError::Closed)?;
        conn.run(dialect::begin_reading(conn)).await?;
        let outcome = work(conn).await;
        conn.run("rollback").await?;
        if let Some(conn) = reading.conn.take() {
            drop(conn);
        }
        outcome
    }

    /// Does `work` in a transaction and answers once it is durable. It may be run again when another transaction was in
    /// the way, so it changes nothing but the database. It goes on when whoever asked is gone.
    ///
    /// # Errors
    /// As `work`, or when the database fails; then nothing was changed.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: FromDb,
        F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + Sync + 'static,
    {
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.write(work).await,
            Engine::Postgres(pool) => {
                let (pool, committed) = (pool.clone(), self.committed.clone());
                // A task of its own: a commit must not be cancelled half way because a client hung up.
                let done = tokio::spawn(async move {
                    let outcome = write_postgres(&pool, &work).await;
                    if outcome.is_ok() {
                        committed.send_modify(|count| *count += 1);
                    }
                    outcome
                });
                match done.await {
                    Ok(outcome) => outcome,
                    Err(_) => Err(DbError::Failed { code: "panic".to_owned(), words: String::new() }.into()),
                }
            }
        }
    }

    /// Wakes whenever this process has committed.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    /// Whether other processes may write to it as well.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Waits until what was asked is written, then closes every connection and gives the file free. Whoever still has
    /// a clone is answered with [`DbError::Closed`].
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { writer, readers, file } => {
                let Some((hold, ended)) = file.open.lock().await.take() else { return };
                // A reader that a slow client keeps waiting must not keep the file.
                let _ = tokio::time::timeout(CLOSING, readers.close()).await;
                writer.close().await;
                // An error says that it had ended before.
                let _ = ended.await;
                file.writing.close().await;
                drop(hold);
            }
            Engine::Postgres(pool) => {
                let _ = tokio::time::timeout(CLOSING, pool.close()).await;
            }
        }
    }
}

/// A connection that is thrown away when its transaction was cut off in the middle.
struct Reading {
    conn: Option<Conn>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        match self.conn.take() {
            Some(Conn::Sqlite(conn)) => drop(conn.detach()),
            Some(Conn::Postgres(conn)) => drop(conn.detach()),
            None => {}
        }
    }
}

fn postgres_options(url: &str) -> Result<sqlx::postgres::PgConnectOptions, OpenError> {
    use sqlx::ConnectOptions as _;
    let options: sqlx::postgres::PgConnectOptions = url.parse().map_err(|_| OpenError::Url)?;
    if !stays_inside(&options) {
        return Err(OpenError::Clear(options.get_host().to_owned()));
    }
    Ok(options.application_name("madoguchi-store").disable_statement_logging())
}

/// Whether nobody between here and the database can read along.
fn stays_inside(options: &sqlx::postgres::PgConnectOptions) -> bool {
    use sqlx::postgres::PgSslMode::{Require, VerifyCa, VerifyFull};
    let host = options.get_host();
    let here = options.get_socket().is_some()
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    here || matches!(options.get_ssl_mode(), Require | VerifyCa | VerifyFull)
}

/// Whether anybody is in it.
async fn holds_customers(conn: &mut Conn) -> Result<bool, DbError> {
    Ok(fetch_optional!(conn, (i64,), "select customer_id from customer limit 1")?.is_some())
}

async fn write_postgres<T, E, F>(pool: &PgPool, work: &F) -> Result<T, E>
where
    E: FromDb,
    F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T, E>>,
{
    let mut tries = 1;
    loop {
        let mut reading =
            Reading { conn: Some(Conn::Postgres(pool.acquire().await.map_err(DbError::from)?)) };
        let conn = reading.conn.as_mut().ok_or(DbError::Closed)?;
        conn.run(dialect::begin(conn)).await?;
        let mut outcome = work(conn).await;
        let mut ended = false;
        match &outcome {
            Ok(_) => match conn.run("commit").await {
                Ok(()) => ended = true,
                Err(error) => outcome = Err(error.into()),
            },
            Err(_) => {
                conn.run("rollback").await?;
                ended = true;
            }
        }
        // A connection whose transaction has ended is given back; `reading` throws any other away.
        if ended {
            drop(reading.conn.take());
        }
        let again =
            matches!(&outcome, Err(error) if error.db().is_some_and(DbError::is_passing)) && tries < TRIES;
        if !again {
            return outcome;
        }
        tries += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_elsewhere_needs_tls() {
        for url in [
            "postgres://store@db.example.jp/store",
            "postgres://store@192.0.2.7/store?sslmode=prefer",
            "postgres://store@db.example.jp/store?sslmode=disable",
        ] {
            assert!(matches!(postgres_options(url), Err(OpenError::Clear(_))), "{url}");
        }
        for url in [
            "postgres://store@localhost/store",
            "postgres://store@127.0.0.1:5433/store",
            "postgres://store@[::1]/store?sslmode=disable",
            "postgres://store@localhost/store?host=/run/postgresql",
            "postgres://store@db.example.jp/store?sslmode=require",
            "postgres://store@db.example.jp/store?sslmode=verify-full",
        ] {
            assert!(postgres_options(url).is_ok(), "{url}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn postgresql_can_be_reached_over_tls() {
        // A server that takes the request for TLS and then says nothing: without TLS built in, sqlx does not even ask.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 8];
            stream.read_exact(&mut request).await.unwrap();
            stream.write_all(b"S").await.unwrap();
            let mut hello = [0; 2];
            stream.read_exact(&mut hello).await.unwrap();
            hello
        });
        let url = format!("postgres://store@127.0.0.1:{port}/store?sslmode=require");
        let key = KeySource::Given(madoguchi_secrets::Key::new([7; 32]));
        assert!(Db::open(&url, &key, &Chance::new([1; 32])).await.is_err());
        assert_eq!(server.await.unwrap(), [0x16, 0x03], "the beginning of a TLS handshake");
    }
}
