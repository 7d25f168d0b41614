//! What an operator decides about agents and desks that are there already.

use madoguchi_domain::{AgentId, BrandId, DeviceId, Timestamp, role::Role};
use madoguchi_secrets::Secret;
use uuid::Uuid;

use super::{AgentError, change_scope, hash_of, know_brands};
use crate::{
    caller::brands,
    chance::Chance,
    db::{Conn, Db, DbError, execute, fetch_all, fetch_optional, words::read},
};

/// An agent as a list shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The name they sign in with.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// What they are.
    pub role: Role,
    /// Brands they may see; empty: every brand.
    pub brands: Vec<BrandId>,
    /// Brands that rest on their desk; empty: as `brands`.
    pub desk_brands: Vec<BrandId>,
    /// Since when they may not sign in.
    pub disabled_at: Option<Timestamp>,
}

/// A desk as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Which.
    pub id: DeviceId,
    /// The name of the agent who registered it.
    pub agent: String,
    /// What its machine is called.
    pub label: String,
    /// When somebody last signed in at it.
    pub last_seen_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Every agent, by name.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<Listed>, DbError> {
    let rows = fetch_all!(
        conn,
        (String, String, String, String, String, Option<i64>),
        "select a.name, a.display_name, a.role, s.brands, s.desk_brands, a.disabled_at
         from agent a join agent_scope s on s.agent_id = a.agent_id and s.version = a.scope_version order by a.name"
    )?;
    rows.into_iter()
        .map(|(name, display_name, role, sight, desk, disabled)| {
            Ok(Listed {
                name,
                display_name,
                role: read(&role)?,
                brands: brands(&sight)?,
                desk_brands: brands(&desk)?,
                disabled_at: disabled.map(Timestamp::from_micros),
            })
        })
        .collect()
}

/// Every desk, those of one agent together.
///
/// # Errors
/// When the database fails.
pub async fn desks(conn: &mut Conn) -> Result<Vec<Desk>, DbError> {
    let rows = fetch_all!(
        conn,
        (Uuid, String, String, i64, Option<i64>),
        "select d.device_id, a.name, d.label, d.last_seen_at, d.revoked_at
         from device d join agent a on a.agent_id = d.agent_id order by a.name, d.registered_at, d.device_id"
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, agent, label, seen, revoked)| Desk {
            id: DeviceId(id),
            agent,
            label,
            last_seen_at: Timestamp::from_micros(seen),
            revoked_at: revoked.map(Timestamp::from_micros),
        })
        .collect())
}

async fn id(conn: &mut Conn, name: &str) -> Result<Uuid, AgentError> {
    let row = fetch_optional!(conn, (Uuid,), "select agent_id from agent where name = $1", name)?;
    row.map(|(id,)| id).ok_or_else(|| AgentError::Unknown(name.to_owned()))
}

/// Gives the agent of that name another scope. Their desk is told the difference at its next contact.
///
/// # Errors
/// When there is no such agent or brand, or the database fails.
pub async fn set_scope(
    db: &Db,
    name: &str,
    brands: &[BrandId],
    desk_brands: &[BrandId],
) -> Result<(), AgentError> {
    let (name, brands, desk_brands) = (name.to_owned(), brands.to_vec(), desk_brands.to_vec());
    db.write(move |conn| {
        let (name, brands, desk_brands) = (name.clone(), brands.clone(), desk_brands.clone());
        Box::pin(async move {
            let agent = id(conn, &name).await?;
            know_brands(conn, &brands).await?;
            know_brands(conn, &desk_brands).await?;
            Ok(change_scope(conn, AgentId(agent), &brands, &desk_brands).await?)
        })
    })
    .await
}

/// From now on the agent of that name is not let in, and every sign-in of theirs has ended.
///
/// # Errors
/// When there is no such agent, or the database fails.
pub async fn disable(db: &Db, name: &str, now: Timestamp) -> Result<(), AgentError> {
    let name = name.to_owned();
    db.write(move |conn| {
        let name = name.clone();
        Box::pin(async move {
            let agent = id(conn, &name).await?;
            execute!(
                conn,
                "update agent set disabled_at = $1 where agent_id = $2 and disabled_at is null",
                now.micros(),
                agent
            )?;
            Ok(end_sign_ins(conn, agent, now).await?)
        })
    })
    .await
}

/// The agent of that name may sign in again.
///
/// # Errors
/// When there is no such agent, or the database fails.
pub async fn enable(db: &Db, name: &str) -> Result<(), AgentError> {
    let name = name.to_owned();
    db.write(move |conn| {
        let name = name.clone();
        Box::pin(async move {
            let agent = id(conn, &name).await?;
            execute!(conn, "update agent set disabled_at = null where agent_id = $1", agent)?;
            Ok(())
        })
    })
    .await
}

/// Gives the agent of that name another password, and ends every sign-in that came of the old one.
///
/// # Errors
/// When there is no such agent, the password is too short, or the database fails.
pub async fn set_password(
    db: &Db,
    chance: &Chance,
    now: Timestamp,
    name: &str,
    password: Secret,
) -> Result<(), AgentError> {
    let (name, hash) = (name.to_owned(), hash_of(chance, password).await?);
    db.write(move |conn| {
        let (name, hash) = (name.clone(), hash.clone());
        Box::pin(async move {
            let agent = id(conn, &name).await?;
            execute!(conn, "update agent set password_hash = $1 where agent_id = $2", hash, agent)?;
            Ok(end_sign_ins(conn, agent, now).await?)
        })
    })
    .await
}

async fn end_sign_ins(conn: &mut Conn, agent: Uuid, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        "update login set revoked_at = $1 where agent_id = $2 and revoked_at is null",
        now.micros(),
        agent
    )?;
    Ok(())
}

/// Revokes a desk: from now on it is told so, whoever signs in at it.
///
/// # Errors
/// When there is no such desk, or the database fails.
pub async fn revoke_desk(db: &Db, desk: DeviceId, now: Timestamp) -> Result<(), AgentError> {
    db.write(move |conn| {
        Box::pin(async move {
            if revoke_device(conn, desk, now).await? { Ok(()) } else { Err(AgentError::NoDesk(desk)) }
        })
    })
    .await
}

/// [`revoke_desk`] inside a transaction; whether there is such a desk.
///
/// # Errors
/// When the database fails.
pub async fn revoke_device(conn: &mut Conn, device: DeviceId, now: Timestamp) -> Result<bool, DbError> {
    let known = execute!(
        conn,
        "update device set revoked_at = coalesce(revoked_at, $1) where device_id = $2",
        now.micros(),
        device.0
    )?;
    Ok(known > 0)
}
