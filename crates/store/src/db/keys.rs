//! Each customer's own key, in a place of its own: a second encrypted file, or a schema that backups leave out.
//!
//! What ledger entries commit to lies under these keys. Destroying a customer's key erases it, in every backup as well.

use std::{collections::HashMap, path::Path};

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _,
    aead::{Aead as _, Payload},
};
use madoguchi_ledger::{CommitmentKey, Pseudonym};
use madoguchi_secrets::Key;
use sqlx::{
    PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    Conn, DbError, OpenError, Rows, Value,
    conn::{execute, fetch_all, fetch_one, fetch_optional},
    sqlite,
};
use crate::chance::Chance;

/// The schema of the keys in PostgreSQL: `pg_dump --exclude-schema=madoguchi_keys` leaves it out of a backup.
const SCHEMA: &str = "madoguchi_keys";

/// The customers' keys, and the few of the store itself.
#[derive(Clone)]
pub struct CustomerKeys {
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Sqlite(SqlitePool, std::sync::Arc<std::sync::Mutex<Option<sqlite::Hold>>>),
    Postgres(PgPool),
}

impl std::fmt::Debug for CustomerKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CustomerKeys(hidden)")
    }
}

impl CustomerKeys {
    /// The keys' file of an embedded database. When it holds customers already, a file without their keys is refused:
    /// new keys would open nothing of theirs.
    pub(crate) async fn embedded(path: &Path, key: &Key, customers: bool) -> Result<Self, OpenError> {
        let lost = || OpenError::KeysLost(path.display().to_string());
        // Not made either, so that nothing is in the way of the one that is put back.
        if customers && std::fs::metadata(path).map_or(0, |file| file.len()) == 0 {
            return Err(lost());
        }
        let opened = sqlite::open(path, key).await?;
        opened.readers.close().await;
        let hold = std::sync::Arc::new(std::sync::Mutex::new(Some(opened.hold)));
        let keys = Self { engine: Engine::Sqlite(opened.writer, hold) }.prepared("blob").await?;
        if customers && keys.is_new().await? {
            keys.close().await;
            return Err(lost());
        }
        Ok(keys)
    }

    /// The keys' schema, with the same refusal.
    pub(crate) async fn postgres(options: PgConnectOptions, customers: bool) -> Result<Self, OpenError> {
        let pool = PgPoolOptions::new()
            .max_connections(4)
            .connect_with(options.options([("search_path", SCHEMA)]))
            .await
            .map_err(DbError::from)?;
        let keys = Self { engine: Engine::Postgres(pool) };
        let (made,) = fetch_one!(
            &mut keys.conn().await?,
            (bool,),
            "select to_regclass($1) is not null",
            format!("{SCHEMA}.store_key")
        )?;
        let lost = customers && (!made || keys.is_new().await?);
        if lost {
            keys.close().await;
            return Err(OpenError::KeysLost(SCHEMA.to_owned()));
        }
        keys.conn().await?.run(&format!("create schema if not exists {SCHEMA}")).await?;
        keys.prepared("bytea").await
    }

    /// Whether no key of the store was ever kept here: the first start keeps them before there is a customer.
    async fn is_new(&self) -> Result<bool, DbError> {
        let (kept,) = fetch_one!(&mut self.conn().await?, (i64,), "select count(*) from store_key")?;
        Ok(kept == 0)
    }

    async fn prepared(self, bytes: &str) -> Result<Self, OpenError> {
        self.conn()
            .await?
            .run(&format!(
                "create table if not exists customer_key (pseudonym {bytes} primary key, key {bytes} not null);
                 create table if not exists store_key (name text primary key, key {bytes} not null)"
            ))
            .await?;
        Ok(self)
    }

    async fn conn(&self) -> Result<Conn, DbError> {
        Ok(match &self.engine {
            Engine::Sqlite(pool, _) => Conn::Sqlite(pool.acquire().await?),
            Engine::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }

    /// Makes a key for each of these customers. Durable before what is sealed under them may be written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn make(
        &self,
        customers: &[Pseudonym],
        chance: &Chance,
    ) -> Result<HashMap<Pseudonym, Key>, DbError> {
        let mut rows = Rows::new("insert into customer_key (pseudonym, key)", 2);
        let mut made = HashMap::with_capacity(customers.len());
        for pseudonym in customers {
            let key: [u8; 32] = chance.bytes();
            rows.push([Value::from(pseudonym.0), Value::from(key)]);
            made.insert(*pseudonym, Key::new(key));
        }
        rows.write(&mut self.conn().await?).await?;
        Ok(made)
    }

    /// A customer's key; none when it was destroyed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(&self, customer: Pseudonym) -> Result<Option<Key>, DbError> {
        let row = fetch_optional!(
            &mut self.conn().await?,
            (Vec<u8>,),
            "select key from customer_key where pseudonym = $1",
            customer.0.to_vec()
        )?;
        Ok(row.and_then(|(bytes,)| Key::read(&bytes)))
    }

    /// A key of the store itself, made at the first call.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn store_key(&self, name: &str, chance: &Chance) -> Result<Key, DbError> {
        let mut conn = self.conn().await?;
        let fresh: [u8; 32] = chance.bytes();
        execute!(
            &mut conn,
            "insert into store_key (name, key) values ($1, $2) on conflict (name) do nothing",
            name,
            fresh.to_vec()
        )?;
        let rows = fetch_all!(&mut conn, (Vec<u8>,), "select key from store_key where name = $1", name)?;
        rows.first()
            .and_then(|(bytes,)| Key::read(bytes))
            .ok_or_else(|| DbError::Unreadable("store_key".to_owned()))
    }

    /// Closes the keys' database and gives its file free.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(pool, hold) => {
                pool.close().await;
                drop(hold.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

/// Seals what an entry commits to, with the commitment's own key in front, for one entry.
#[must_use]
pub(crate) fn seal(
    key: &Key,
    commitment: &CommitmentKey,
    entry: uuid::Uuid,
    payload: &[u8],
    nonce: [u8; 12],
) -> Vec<u8> {
    let mut clear = zeroize::Zeroizing::new(Vec::with_capacity(32 + payload.len()));
    clear.extend_from_slice(&commitment.0);
    clear.extend_from_slice(payload);
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    let mut sealed = nonce.to_vec();
    let body = cipher
        .encrypt((&nonce).into(), Payload { msg: &clear, aad: entry.as_bytes() })
        .expect("a payload is far shorter than the cipher's limit of 256 GiB");
    sealed.extend(body);
    sealed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`seal`] sealed: the commitment's key and the payload; none when it was changed or the key is another.
    fn unseal(key: &Key, entry: uuid::Uuid, sealed: &[u8]) -> Option<(CommitmentKey, Vec<u8>)> {
        let (nonce, body) = sealed.split_at_checked(12)?;
        let cipher = ChaCha20Poly1305::new(key.expose().into());
        let clear = cipher.decrypt(nonce.into(), Payload { msg: body, aad: entry.as_bytes() }).ok()?;
        let (commitment, payload) = clear.split_at_checked(32)?;
        Some((CommitmentKey(commitment.try_into().ok()?), payload.to_vec()))
    }

    #[test]
    fn a_sealed_payload_opens_with_its_key_for_its_entry_only() {
        let (key, entry) = (Key::new([1; 32]), uuid::Uuid::from_bytes([2; 16]));
        let sealed = seal(&key, &CommitmentKey([3; 32]), entry, b"withdrawn", [4; 12]);
        assert!(!sealed.windows(9).any(|w| w == b"withdrawn"));
        let (commitment, payload) = unseal(&key, entry, &sealed).unwrap();
        assert_eq!((commitment.0, payload.as_slice()), ([3; 32], b"withdrawn".as_slice()));
        assert!(unseal(&Key::new([9; 32]), entry, &sealed).is_none());
        assert!(unseal(&key, uuid::Uuid::from_bytes([5; 16]), &sealed).is_none());
        let mut changed = sealed;
        changed[20] ^= 1;
        assert!(unseal(&key, entry, &changed).is_none());
    }
}
