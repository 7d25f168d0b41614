//! The same customers in an encrypted file with the desk's own schema, read by key; and beside it, for the peer, searched
//! by SQL.

use std::time::Instant;

use madoguchi_domain::{CustomerId, text::folded};
use madoguchi_lookup::Entry;
use serde_json::json;
use sqlx::{
    Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// The desk's own.
const SCHEMA: &str = include_str!("../../../crates/desk/src/cache/schema.sql");

/// An open file with every customer in it.
pub(crate) struct Encrypted {
    connection: Mutex<SqliteConnection>,
    _folder: TempDir,
}

impl Encrypted {
    pub(crate) async fn filled(entries: &[Entry]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the file");
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("cache.db"))
            .create_if_missing(true)
            .pragma("key", format!("\"x'{}'\"", "5a".repeat(32)))
            .journal_mode(SqliteJournalMode::Wal);
        // The key is a statement, and statements are logged.
        let options = sqlx::ConnectOptions::disable_statement_logging(options);
        let mut connection = SqliteConnection::connect_with(&options).await.expect("an encrypted file opens");
        sqlx::raw_sql(SCHEMA).execute(&mut connection).await.expect("the schema");
        let mut all = connection.begin().await.expect("a transaction");
        sqlx::query("CREATE VIRTUAL TABLE found USING fts5(text, tokenize = 'trigram')")
            .execute(&mut *all)
            .await
            .expect("the peer's table");
        for entry in entries {
            let id = entry.id.bits();
            for (insert, text) in [
                ("INSERT INTO find_row(id, body) VALUES ($1, $2)", body(entry)),
                ("INSERT INTO found(rowid, text) VALUES ($1, $2)", text(entry)),
            ] {
                sqlx::query(insert).bind(id).bind(text).execute(&mut *all).await.expect("a row");
            }
        }
        all.commit().await.expect("the rows");
        Self { connection: Mutex::new(connection), _folder: folder }
    }

    /// Milliseconds of reading one customer by key.
    pub(crate) async fn by_key(&self, id: CustomerId) -> f64 {
        let mut connection = self.connection.lock().await;
        let start = now();
        let row = sqlx::query("SELECT body FROM find_row WHERE id = $1")
            .bind(id.bits())
            .fetch_one(&mut *connection)
            .await;
        let taken = start.elapsed();
        assert!(!row.expect("the customer is there").get::<String, _>(0).is_empty());
        taken.as_secs_f64() * 1000.0
    }

    /// Milliseconds of reading every customer.
    pub(crate) async fn every_row(&self) -> f64 {
        let mut connection = self.connection.lock().await;
        let start = now();
        let rows = sqlx::query("SELECT id, body FROM find_row").fetch_all(&mut *connection).await;
        let taken = start.elapsed();
        assert!(!rows.expect("rows").is_empty());
        taken.as_secs_f64() * 1000.0
    }

    /// Milliseconds of finding the first `limit` customers whose folded text holds every word of the query.
    pub(crate) async fn like(&self, query: &str, limit: usize) -> f64 {
        let mut words: Vec<String> = folded(query).split(' ').map(|word| format!("%{word}%")).collect();
        words.resize(2, "%".to_owned());
        let mut connection = self.connection.lock().await;
        let start = now();
        let rows = sqlx::query("SELECT rowid FROM found WHERE text LIKE $1 AND text LIKE $2 LIMIT $3")
            .bind(&words[0])
            .bind(&words[1])
            .bind(i64::try_from(limit).expect("a small number"))
            .fetch_all(&mut *connection)
            .await;
        let taken = start.elapsed();
        assert!(rows.expect("rows").len() <= limit);
        taken.as_secs_f64() * 1000.0
    }
}

/// What a desk keeps of a customer for a line of results and for its index.
fn body(entry: &Entry) -> String {
    let handles: Vec<_> =
        entry.identifiers.iter().map(|handle| json!({"k": handle.kind, "m": handle.text})).collect();
    json!({"i": entry.id, "n": entry.name, "h": handles, "b": ["brand"], "l": ["ja"]}).to_string()
}

/// All that is known of a customer, folded.
fn text(entry: &Entry) -> String {
    let name = &entry.name;
    let mut texts = vec![entry.id.to_string(), name.written.clone()];
    texts.extend([&name.reading, &name.romaji, &name.former].into_iter().flatten().cloned());
    texts.extend(entry.identifiers.iter().map(|handle| handle.text.clone()));
    folded(&texts.join(" "))
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
fn now() -> Instant {
    Instant::now()
}
