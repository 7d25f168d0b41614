//! Agents: how they come to be, and how they prove who they are.

mod standing;

use std::{net::IpAddr, sync::LazyLock, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::SaltString,
};
use madoguchi_domain::{AgentId, BrandId, DeviceId, Timestamp, role::Role};
use madoguchi_protocol::error::Code;
use madoguchi_secrets::Secret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    chance::Chance,
    db::{Conn, Db, DbError, FromDb, execute, fetch_one, fetch_optional, for_update},
    refusal::Refusal,
};

pub use standing::{
    Desk, Listed, all, desks, disable, enable, revoke_desk, revoke_device, set_password, set_scope,
};

/// An agent to be added.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewAgent {
    /// The name they will sign in with.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// What they are.
    pub role: Role,
    /// Brands they may see; empty: every brand.
    pub brands: Vec<BrandId>,
    /// Brands that rest on their desk; empty: as `brands`.
    pub desk_brands: Vec<BrandId>,
}

/// Why nothing was done about an agent or a desk.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// There is one of that name.
    #[error("there is already an agent with this name")]
    Taken,
    /// A name has 1 to 64 characters without spaces around it.
    #[error("a name has 1 to 64 characters, without spaces around it")]
    Name,
    /// A password has at least twelve characters.
    #[error("a password has at least {PASSWORD} characters")]
    Password,
    /// No agent of that name.
    #[error("there is no agent {0}: `agent list` shows their names")]
    Unknown(String),
    /// No desk of that id.
    #[error("there is no desk {0}: `desk list` shows them")]
    NoDesk(DeviceId),
    /// No brand of that id.
    #[error("there is no brand {0}")]
    Brand(BrandId),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl FromDb for AgentError {
    fn db(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}

/// How short a password may be (NIST SP 800-63B-4, 3.1.1.2 asks for 15, or 8 beside a second factor).
pub const PASSWORD: usize = 12;

/// argon2id as OWASP's password storage cheat sheet has it: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("these parameters are within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of a password under a salt of its own.
///
/// Takes tens of milliseconds of one core: call it where blocking is allowed.
#[must_use]
pub fn hash_password(password: &Secret, salt: [u8; 16]) -> String {
    let salt = SaltString::encode_b64(&salt).expect("16 bytes are a salt");
    argon2()
        .hash_password(password.expose().as_bytes(), &salt)
        .expect("argon2 takes passwords shorter than 4 GiB")
        .to_string()
}

/// Whether this is the password of that hash. Without a hash it takes as long and says no.
#[must_use]
pub fn is_password(password: &Secret, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash_password(&Secret::new(String::new()), [0; 16]));
    let known = hash.is_some();
    let Ok(hash) = PasswordHash::new(hash.unwrap_or(&NOBODY)) else { return false };
    argon2().verify_password(password.expose().as_bytes(), &hash).is_ok() && known
}

/// Adds an agent whose password was hashed before.
///
/// # Errors
/// When the name is taken or a brand is unknown.
pub async fn add(
    conn: &mut Conn,
    agent: &NewAgent,
    password_hash: &str,
    chance: &Chance,
    now: Timestamp,
) -> Result<AgentId, AgentError> {
    let length = agent.name.chars().count();
    if !(1..=64).contains(&length)
        || agent.name.trim() != agent.name
        || agent.name.chars().any(char::is_control)
    {
        return Err(AgentError::Name);
    }
    know_brands(conn, &agent.brands).await?;
    know_brands(conn, &agent.desk_brands).await?;
    let id = AgentId(chance.uuid_at(now));
    let written = execute!(
        conn,
        "insert into agent (agent_id, name, display_name, role, password_hash, scope_version, created_at)
         values ($1, $2, $3, $4, $5, 1, $6)",
        id.0,
        &agent.name,
        &agent.display_name,
        agent.role.word(),
        password_hash,
        now.micros()
    );
    match written {
        Ok(_) => {}
        Err(DbError::Taken(_)) => return Err(AgentError::Taken),
        Err(error) => return Err(error.into()),
    }
    execute!(
        conn,
        "insert into agent_scope (agent_id, version, brands, desk_brands) values ($1, 1, $2, $3)",
        id.0,
        list(&agent.brands),
        list(&agent.desk_brands)
    )?;
    Ok(id)
}

/// Hashes the password and adds the agent.
///
/// # Errors
/// As [`add`], and when the password is too short.
pub async fn add_to(
    db: &Db,
    chance: &Chance,
    now: Timestamp,
    agent: NewAgent,
    password: Secret,
) -> Result<AgentId, AgentError> {
    let hash = hash_of(chance, password).await?;
    let chance = chance.clone();
    db.write(move |conn| {
        let (agent, hash, chance) = (agent.clone(), hash.clone(), chance.clone());
        Box::pin(async move { add(conn, &agent, &hash, &chance, now).await })
    })
    .await
}

fn list(brands: &[BrandId]) -> String {
    serde_json::to_string(brands).unwrap_or_else(|_| "[]".to_owned())
}

/// Refuses brands that are not there.
async fn know_brands(conn: &mut Conn, brands: &[BrandId]) -> Result<(), AgentError> {
    for brand in brands {
        let (known,) = fetch_one!(conn, (i64,), "select count(*) from brand where brand = $1", &brand.0)?;
        if known == 0 {
            return Err(AgentError::Brand(brand.clone()));
        }
    }
    Ok(())
}

/// The hash of a new password, when it is long enough.
async fn hash_of(chance: &Chance, password: Secret) -> Result<String, AgentError> {
    if password.expose().chars().count() < PASSWORD {
        return Err(AgentError::Password);
    }
    let salt = chance.bytes();
    let hash = tokio::task::spawn_blocking(move || hash_password(&password, salt)).await;
    Ok(hash.map_err(|_| DbError::Closed)?)
}

/// Gives an agent another scope. Their desk is told the difference at its next contact.
///
/// # Errors
/// When there is no such agent, or the database fails.
pub async fn change_scope(
    conn: &mut Conn,
    agent: AgentId,
    brands: &[BrandId],
    desk_brands: &[BrandId],
) -> Result<(), DbError> {
    let (version,) = fetch_one!(
        conn,
        (i64,),
        "update agent set scope_version = scope_version + 1 where agent_id = $1 returning scope_version",
        agent.0
    )?;
    execute!(
        conn,
        "insert into agent_scope (agent_id, version, brands, desk_brands) values ($1, $2, $3, $4)",
        agent.0,
        version,
        list(brands),
        list(desk_brands)
    )?;
    Ok(())
}

/// What is known of a name that somebody signs in with.
pub(crate) struct Credentials {
    pub(crate) agent: AgentId,
    pub(crate) password_hash: String,
}

/// The agent of that name, unless disabled.
pub(crate) async fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Credentials>, DbError> {
    let row = fetch_optional!(
        conn,
        (Uuid, String),
        "select agent_id, password_hash from agent where name = $1 and disabled_at is null",
        name
    )?;
    Ok(row.map(|(id, password_hash)| Credentials { agent: AgentId(id), password_hash }))
}

/// Failures before a name has to wait.
const NAME_FREE: i64 = 5;

/// Failures before an address has to wait: several people may sit behind one.
const ADDRESS_FREE: i64 = 30;

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// After this long without an attempt everything is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(60 * 60);

/// What an attempt to sign in is counted under.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted {
    name: [u8; 32],
    address: [u8; 32],
}

impl Counted {
    pub(crate) fn new(name: &str, address: IpAddr) -> Self {
        let hash = |what: &str, value: &str| -> [u8; 32] {
            Sha256::new().chain_update(what).chain_update([0]).chain_update(value).finalize().into()
        };
        Self { name: hash("name", name), address: hash("address", &counted_as(address).to_string()) }
    }
}

/// Whoever has one IPv6 address has 2⁶⁴ of them: they count as one, and an IPv4 address inside IPv6 as itself.
fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & (u128::MAX << 64)).into()),
        address @ IpAddr::V4(_) => address,
    }
}

/// Counts an attempt before its password is looked at, so that many at once cannot slip through together.
///
/// # Errors
/// [`Code::TooManyAttempts`] with the time to wait for; such an attempt is not counted.
pub(crate) async fn count_attempt(conn: &mut Conn, counted: Counted, now: Timestamp) -> Result<(), Refusal> {
    // One order for everybody, so that two transactions never wait for each other.
    for (subject, free) in [(counted.address, ADDRESS_FREE), (counted.name, NAME_FREE)] {
        execute!(
            conn,
            "insert into attempt (subject, failures, last_at, until_at) values ($1, 0, $2, 0)
             on conflict (subject) do nothing",
            subject.to_vec(),
            now.micros()
        )?;
        let sql =
            format!("select failures, last_at, until_at from attempt where subject = $1{}", for_update(conn));
        let (failures, last, until) =
            fetch_one!(conn, (i64, i64, i64), sqlx::AssertSqlSafe(sql.as_str()), subject.to_vec())?;
        let until = Timestamp::from_micros(until);
        if until > now {
            return Err(Refusal::until(Code::TooManyAttempts, until));
        }
        let failures =
            if now.since(Timestamp::from_micros(last)) > FORGOTTEN { 1 } else { failures.saturating_add(1) };
        let wait = wait(failures, free);
        execute!(
            conn,
            "update attempt set failures = $1, last_at = $2, until_at = $3 where subject = $4",
            failures,
            now.micros(),
            now.plus(wait).micros(),
            subject.to_vec()
        )?;
    }
    Ok(())
}

/// How long the next attempt waits after this many failures: nothing, then 1 s, 2 s, 4 s and so on.
fn wait(failures: i64, free: i64) -> Duration {
    match u32::try_from(failures - free) {
        Ok(over) => Duration::from_secs(1u64.checked_shl(over.min(20)).unwrap_or(u64::MAX)).min(LONGEST),
        Err(_) => Duration::ZERO,
    }
}

/// Takes back what [`count_attempt`] counted: the password was right. The name starts anew, the address is one less.
pub(crate) async fn forgive(conn: &mut Conn, counted: Counted, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        "update attempt set failures = case when failures > 0 then failures - 1 else 0 end, until_at = 0
         where subject = $1",
        counted.address.to_vec()
    )?;
    execute!(conn, "delete from attempt where subject = $1", counted.name.to_vec())?;
    // What has no effect any more goes as well, or strangers could fill the table.
    execute!(conn, "delete from attempt where last_at < $1", now.minus(FORGOTTEN).micros())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_alone() {
        let right = Secret::new("correct horse battery".to_owned());
        let hash = hash_password(&right, [7; 16]);
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(is_password(&right, Some(&hash)));
        assert!(!is_password(&Secret::new("correct horse".to_owned()), Some(&hash)));
        assert!(!is_password(&Secret::new(String::new()), None));
    }

    #[test]
    fn the_wait_grows_and_ends() {
        let waits: Vec<u64> = [1, 4, 5, 6, 7, 40].iter().map(|n| wait(*n, NAME_FREE).as_secs()).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 900]);
    }

    #[test]
    fn addresses_of_one_network_count_as_one() {
        let counted = |text: &str| Counted::new("sato", text.parse().unwrap()).address;
        assert_eq!(counted("2001:db8:1:2::1"), counted("2001:db8:1:2:ffff::9"));
        assert_ne!(counted("2001:db8:1:2::1"), counted("2001:db8:1:3::1"));
        assert_eq!(counted("::ffff:192.0.2.7"), counted("192.0.2.7"));
        assert_ne!(counted("192.0.2.7"), counted("192.0.2.8"));
    }
}
