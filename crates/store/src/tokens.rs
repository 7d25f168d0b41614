//! Tokens of a sign-in to the store: random, kept as their hashes, the refresh token used once.
//!
//! A refresh token's successor is derived from it and a key of the store, so that a repeat within [`REPEAT`] gets the same
//! answer without the store keeping a token in the clear.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use madoguchi_domain::Timestamp;
use madoguchi_protocol::error::Code;
use madoguchi_secrets::Key;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    chance::Chance,
    db::{Conn, execute, fetch_optional, for_update},
    refusal::Refusal,
};

/// How long an access token holds.
pub(crate) const ACCESS: Duration = Duration::from_secs(10 * 60);

/// How long a refresh token holds unused.
pub(crate) const REFRESH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// For how long a used refresh token is answered again: the answer may have been lost on its way.
pub(crate) const REPEAT: Duration = Duration::from_secs(60);

/// How a token is kept.
#[must_use]
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A pair of tokens on its way to whoever signed in.
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) access_until: Timestamp,
    pub(crate) refresh: String,
    pub(crate) refresh_until: Timestamp,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pair(hidden)")
    }
}

impl Pair {
    fn derived(from: &[u8], key: &Key, at: Timestamp) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(key.expose()), from);
        let token = |purpose: &[u8]| {
            let mut bytes = [0; 32];
            hkdf.expand(purpose, &mut bytes).expect("32 bytes are fewer than HKDF-SHA-256 can give");
            URL_SAFE_NO_PAD.encode(bytes)
        };
        Self {
            access: token(b"madoguchi access token"),
            access_until: at.plus(ACCESS),
            refresh: token(b"madoguchi refresh token"),
            refresh_until: at.plus(REFRESH),
        }
    }

    async fn keep(&self, conn: &mut Conn, login: Uuid) -> Result<(), Refusal> {
        execute!(
            conn,
            "insert into access_token (hash, login_id, until_at) values ($1, $2, $3)",
            hash(&self.access).to_vec(),
            login,
            self.access_until.micros()
        )?;
        execute!(
            conn,
            "insert into refresh_token (hash, login_id, until_at) values ($1, $2, $3)",
            hash(&self.refresh).to_vec(),
            login,
            self.refresh_until.micros()
        )?;
        Ok(())
    }
}

/// The first pair of a sign-in.
pub(crate) async fn first(
    conn: &mut Conn,
    login: Uuid,
    key: &Key,
    chance: &Chance,
    now: Timestamp,
) -> Result<Pair, Refusal> {
    // What has run out goes now and then; nobody asks for it again.
    let old = now.minus(REFRESH).micros();
    execute!(conn, "delete from access_token where until_at < $1", old)?;
    execute!(conn, "delete from refresh_token where until_at < $1", old)?;
    let seed: [u8; 32] = chance.bytes();
    let pair = Pair::derived(&seed, key, now);
    pair.keep(conn, login).await?;
    Ok(pair)
}

/// What a refresh token leads to.
pub(crate) enum Refreshed {
    /// The next pair, now or again.
    Pair(Uuid, Pair),
    /// It was used before, too long ago: its sign-in has just been ended.
    Ended,
}

/// Uses a refresh token.
///
/// # Errors
/// When it is unknown, has run out, or its sign-in was ended.
pub(crate) async fn refresh(
    conn: &mut Conn,
    token: &str,
    key: &Key,
    now: Timestamp,
) -> Result<Refreshed, Refusal> {
    let kept = hash(token).to_vec();
    let sql =
        format!("select login_id, until_at, used_at from refresh_token where hash = $1{}", for_update(conn));
    let row = fetch_optional!(conn, (Uuid, i64, Option<i64>), sqlx::AssertSqlSafe(sql.as_str()), &kept)?;
    let Some((login, until, used)) = row else { return Err(Code::SignInNeeded.into()) };
    if let Some(used) = used.map(Timestamp::from_micros) {
        if now.since(used) < REPEAT {
            return Ok(Refreshed::Pair(login, Pair::derived(token.as_bytes(), key, used)));
        }
        execute!(
            conn,
            "update login set revoked_at = $1 where login_id = $2 and revoked_at is null",
            now.micros(),
            login
        )?;
        return Ok(Refreshed::Ended);
    }
    if Timestamp::from_micros(until) <= now {
        return Err(Code::SignInNeeded.into());
    }
    execute!(conn, "update refresh_token set used_at = $1 where hash = $2", now.micros(), &kept)?;
    let pair = Pair::derived(token.as_bytes(), key, now);
    pair.keep(conn, login).await?;
    Ok(Refreshed::Pair(login, pair))
}
