//! The same customers in an encrypted file, as a desk keeps them: read by key, and searched by SQL.

use std::time::Instant;

use madoguchi_domain::{CustomerId, text::folded};
use madoguchi_lookup::Entry;
use sqlx::{
    Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use tempfile::TempDir;
use tokio::sync::Mutex;

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
        let mut all = connection.begin().await.expect("a transaction");
        for schema in [
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
            "CREATE VIRTUAL TABLE found USING fts5(text, tokenize = 'trigram')",
        ] {
            sqlx::query(schema).execute(&mut *all).await.expect("the schema");
        }
        for entry in entries {
            let text = text(entry);
            let id = entry.id.bits();
            for insert in [
                "INSERT INTO customer (id, text) VALUES ($1, $2)",
                "INSERT INTO found (rowid, text) VALUES ($1, $2)",
            ] {
                sqlx::query(insert).bind(id).bind(&text).execute(&mut *all).await.expect("a row");
            }
        }
        all.commit().await.expect("the rows");
        Self { connection: Mutex::new(connection), _folder: folder }
    }

    /// Milliseconds of reading one customer by key.
    pub(crate) async fn by_key(&self, id: CustomerId) -> f64 {
        let mut connection = self.connection.lock().await;
        let start = now();
        let row = sqlx::query("SELECT text FROM customer WHERE id = $1")
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
        let rows = sqlx::query("SELECT id, text FROM customer").fetch_all(&mut *connection).await;
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
