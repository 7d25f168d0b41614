//! `initial-sync`: a desk fetches its first snapshot of 100,000 customers from a store over the loopback.
//!
//! First the answers: what rests on the desk must be what the store sends, byte for byte. Then the time, against a bulk
//! load of the same rows into the same encrypted schema without a network or a store, in the same minute.
#![expect(clippy::print_stdout, reason = "a benchmark prints its rows")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures with the machine's own clock")]

use std::{fmt::Write, path::Path, sync::Arc, time::Instant};

use futures::StreamExt;
use madoguchi_desk::{
    Desk, DeskConfig, Patience,
    view::{Credentials, Event, Progress, SyncState},
};
use madoguchi_domain::{DeviceId, SystemClock, role::Role};
use madoguchi_protocol::{
    VERSION, VERSION_HEADER,
    session::{DeviceRegistration, SignInRequest, Tokens},
    sync::Line,
};
use madoguchi_secrets::{Key, Keyring};
use madoguchi_testkit::{
    clock::TestClock,
    keyring::TestKeyring,
    store::{PASSWORD, TestStore},
};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

const CUSTOMERS: u64 = 100_000;
const SEED: u64 = 0x6D61_646F;
const ROUNDS: usize = 3;
/// Customers in one transaction, as the desk commits them.
const BATCH: usize = 1000;
/// Rows in one statement.
const ROWS: usize = 200;
const SCHEMA: &str = include_str!("../../crates/desk/src/cache/schema.sql");

/// A customer as the desk keeps them: id, the six facets, the find row.
type Kept = (i64, Vec<String>, String);

#[tokio::main]
async fn main() {
    let customers =
        std::env::var("MADOGUCHI_BENCH_CUSTOMERS").ok().and_then(|n| n.parse().ok()).unwrap_or(CUSTOMERS);
    let clock = TestClock::default();
    let store = TestStore::start(&clock, SEED).await;
    store.add_agent("sato", Role::Agent).await;
    eprintln!("making {customers} customers");
    store.add_sample(customers, SEED).await;
    let sent = sent(&store).await;
    assert_eq!(sent.0, customers, "the store sends everybody");

    let (mut own, mut limit, mut rows) = (Vec::new(), Vec::new(), 0);
    for round in 0..ROUNDS {
        let home = tempfile::tempdir().expect("a home");
        let keyring = TestKeyring::default();
        let seconds = synced(&store, home.path(), &keyring, customers).await;
        let name =
            keyring.names().into_iter().find(|name| name.ends_with("cache")).expect("the cache has a key");
        let key = keyring.get(&name).expect("the keyring answers").expect("kept");
        let key = Key::read(&key).expect("a key");
        let kept = kept(&home.path().join("cache.db"), &key).await;
        if round == 0 {
            assert_eq!((kept.len() as u64, hash(&kept)), sent, "the desk keeps what the store sent");
        }
        rows = rows_in(&home.path().join("cache.db"), &key).await;
        let loaded = loaded(&home.path().join("limit.db"), &kept).await;
        eprintln!("round {round}: sync {seconds:.2} s, bulk load {loaded:.2} s");
        own.push(seconds);
        limit.push(loaded);
    }
    let (own, limit) = (median(own), median(limit));
    for (count, unit) in [(customers, "customers/s"), (rows, "rows/s")] {
        println!(
            "{}",
            json!({
                "bench": "initial-sync", "metric": format!("{count} {}", unit.trim_end_matches("/s")), "unit": unit,
                "own": rate(count, own), "peer": null, "peer_name": null, "limit": rate(count, limit),
                "limit_name": "bulk load of the same rows into the same encrypted schema",
            })
        );
    }
}

fn rate(count: u64, seconds: f64) -> f64 {
    (to_f64(count) / seconds * 10.0).round() / 10.0
}

/// Rows of every table of the cache.
async fn rows_in(path: &Path, key: &Key) -> u64 {
    let mut database = open(path, key).await;
    let mut rows = 0;
    for table in ["held", "customer", "find_row", "opened", "visitor"] {
        let count = sqlx::query(AssertSqlSafe(format!("SELECT count(*) FROM {table}")));
        rows += count.fetch_one(&mut database).await.expect("a count").get::<i64, _>(0);
    }
    database.close().await.expect("closes");
    u64::try_from(rows).expect("a count")
}

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are far below 2^52")]
const fn to_f64(n: u64) -> f64 {
    n as f64
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// Seconds from the sign-in's answer until every customer is committed and can be found.
async fn synced(store: &TestStore, home: &Path, keyring: &TestKeyring, customers: u64) -> f64 {
    let config = DeskConfig {
        home: home.to_owned(),
        program: "initial-sync".to_owned(),
        clock: Arc::new(SystemClock::new()),
        seed: [9; 32],
        keyring: Arc::new(keyring.clone()),
        patience: Patience::default(),
    };
    let desk = Desk::open(config).await.expect("the home opens");
    let mut events = desk.events();
    let credentials =
        Credentials { store_url: store.url(), name: "sato".to_owned(), password: PASSWORD.to_owned() };
    desk.sign_in(credentials).await.expect("sato may");
    let began = Instant::now();
    loop {
        let status = desk.status().await.expect("a status");
        if status.state == SyncState::Live {
            assert_eq!(u64::try_from(status.customers).ok(), Some(customers));
            break;
        }
        if let Ok(Event::Status { status }) = events.recv().await
            && let Some(Progress { done, total }) = status.progress
            && done % 10_000 == 0
        {
            eprintln!("{done} of {total}");
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    desk.close().await;
    seconds
}

/// How many customers the store sends, and the hash over all of their facets.
async fn sent(store: &TestStore) -> (u64, String) {
    let http = reqwest::Client::builder().build().expect("a client");
    let request = SignInRequest {
        name: "sato".to_owned(),
        password: PASSWORD.to_owned(),
        device: Some(DeviceRegistration {
            id: DeviceId(uuid::Uuid::from_u128(0x0189_0000_0000_7000_8000_0000_0000_0001)),
            public_key: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=".to_owned(),
            label: "oracle".to_owned(),
        }),
    };
    let url = store.url();
    let post = http.post(format!("{url}/v1/session")).header(VERSION_HEADER, VERSION).json(&request);
    let tokens: Tokens = post.send().await.expect("an answer").json().await.expect("tokens");
    let get = http
        .get(format!("{url}/v1/snapshot"))
        .header(VERSION_HEADER, VERSION)
        .bearer_auth(&tokens.access_token);
    let mut pieces = get.send().await.expect("an answer").bytes_stream();
    let (mut rest, mut hash, mut count) = (Vec::new(), Sha256::new(), 0);
    while let Some(piece) = pieces.next().await {
        rest.extend_from_slice(&piece.expect("a piece"));
        let mut from = 0;
        while let Some(end) = rest[from..].iter().position(|b| *b == b'\n') {
            if let Line::Customer { id, facets } =
                serde_json::from_slice(&rest[from..from + end]).expect("a line")
            {
                hash.update(id.bits().to_be_bytes());
                facets.iter().for_each(|(_, body)| hash.update(body.get()));
                count += 1;
            }
            from += end + 1;
        }
        rest.drain(..from);
    }
    (count, hex(hash))
}

fn hash(kept: &[Kept]) -> String {
    let mut hash = Sha256::new();
    for (id, facets, _) in kept {
        hash.update(id.to_be_bytes());
        facets.iter().for_each(|facet| hash.update(facet));
    }
    hex(hash)
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

async fn open(path: &Path, key: &Key) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .pragma("key", key.sqlcipher_pragma().expose().to_owned())
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .disable_statement_logging()
        .connect()
        .await
        .expect("an encrypted file")
}

/// What rests on the desk, in the order of ids.
async fn kept(path: &Path, key: &Key) -> Vec<Kept> {
    let mut database = open(path, key).await;
    let rows = sqlx::query(
        "SELECT customer.id, profile, accounts, consents, notes, actions, sign_ins, body \
         FROM customer JOIN find_row ON find_row.id = customer.id ORDER BY customer.id",
    )
    .fetch_all(&mut database)
    .await
    .expect("rows");
    let kept = rows
        .iter()
        .map(|row| (row.get(0), (1..7).map(|at| row.get::<String, _>(at)).collect(), row.get(7)))
        .collect();
    database.close().await.expect("closes");
    kept
}

/// Seconds to load the same rows into the same schema under a key of its own.
async fn loaded(path: &Path, kept: &[Kept]) -> f64 {
    let mut database = open(path, &Key::new([5; 32])).await;
    sqlx::raw_sql(SCHEMA).execute(&mut database).await.expect("the schema");
    let began = Instant::now();
    for batch in kept.chunks(BATCH) {
        let mut tx = database.begin().await.expect("a transaction");
        for rows in batch.chunks(ROWS) {
            let places = |columns: usize| {
                let row = format!("({})", vec!["?"; columns].join(","));
                vec![row; rows.len()].join(",")
            };
            let sql = format!(
                "INSERT INTO customer(id, round, profile, accounts, consents, notes, actions, sign_ins) VALUES {}",
                places(8)
            );
            let mut insert = sqlx::query(AssertSqlSafe(sql));
            for (id, facets, _) in rows {
                insert = insert.bind(id).bind(1);
                for facet in facets {
                    insert = insert.bind(facet.as_str());
                }
            }
            insert.execute(&mut *tx).await.expect("customers");
            let sql = format!("INSERT INTO find_row(id, body) VALUES {}", places(2));
            let mut insert = sqlx::query(AssertSqlSafe(sql));
            for (id, _, body) in rows {
                insert = insert.bind(id).bind(body.as_str());
            }
            insert.execute(&mut *tx).await.expect("find rows");
        }
        tx.commit().await.expect("a commit");
    }
    let seconds = began.elapsed().as_secs_f64();
    database.close().await.expect("closes");
    seconds
}
