//! Ends one lock.

use madoguchi_domain::{AccountId, LockId, Timestamp};
use madoguchi_protocol::{
    action::{Conflict, EndedLock},
    error::Code,
    sync::Facet,
};

use super::{Deed, Effect, Held, accounts_now, hold};
use crate::{
    authority::may_end_every_lock,
    db::{Conn, execute, fetch_all, fetch_optional, load::LockRow},
    refusal::Refusal,
};

pub(super) async fn apply(
    conn: &mut Conn,
    deed: &Deed<'_>,
    account: AccountId,
    lock: LockId,
) -> Result<Effect, Refusal> {
    if !deed.is_justified() {
        return Err(Code::BadRequest.into());
    }
    let held = hold(conn, deed, account).await?;
    let judged_on = deed.envelope.judged_on.ok_or(Code::VersionMissing)?;
    let sql =
        format!("select {} from account_lock k where k.lock_id = $1 and k.account = $2", LockRow::COLUMNS);
    let row = fetch_optional!(conn, LockRow, sqlx::AssertSqlSafe(sql.as_str()), lock.0, account.0)?;
    let row = row.ok_or(Code::Unknown)?;
    let ended = row.ended_at.is_some();
    let lock = row.lock()?;
    if judged_on != held.lock_version || ended || !lock.stands(deed.received) {
        return Err(conflict(conn, deed, &held, judged_on).await?);
    }
    if !lock.cause.agent_may_end() && !may_end_every_lock(deed.caller.role) {
        return Err(Code::SupervisorNeeded.into());
    }
    execute!(
        conn,
        "update account_lock set ended_at = $1, ended_by = $2, ended_version = $3, version = version + 1
         where lock_id = $4",
        deed.received.micros(),
        &deed.caller.display_name,
        held.lock_version + 1,
        lock.id.0
    )?;
    execute!(conn, "update account set lock_version = lock_version + 1 where account_id = $1", account.0)?;
    Ok(Effect {
        subject: Some(lock.id.0),
        lock_cause: Some(lock.cause),
        ..Effect::on(&[Facet::Accounts, Facet::Actions])
    })
}

/// What is now, and which locks ended since the version that the action was judged on.
async fn conflict(conn: &mut Conn, deed: &Deed<'_>, held: &Held, judged_on: i64) -> Result<Refusal, Refusal> {
    let now = accounts_now(conn, deed).await?.into_iter().find(|a| a.id == held.id).ok_or(Code::Unknown)?;
    let sql = format!(
        "select {} from account_lock k where k.account = $1 and (k.ended_version > $2
           or (k.ended_at is null and k.until_at <= $3 and k.until_at > $4)) order by k.since",
        LockRow::COLUMNS
    );
    let rows = fetch_all!(
        conn,
        LockRow,
        sqlx::AssertSqlSafe(sql.as_str()),
        held.id.0,
        judged_on,
        deed.received.micros(),
        deed.captured.minus(super::SKEW).micros()
    )?;
    let ended = rows
        .into_iter()
        .map(|row| {
            let (at, by) = (row.ended_at.map(Timestamp::from_micros), row.ended_by.clone());
            let lock = row.lock()?;
            let at = at.or(lock.until).unwrap_or(deed.received);
            Ok(EndedLock { lock, at, by: by.unwrap_or_else(|| "time".to_owned()) })
        })
        .collect::<Result<_, crate::db::DbError>>()?;
    Ok(Refusal::conflict(Conflict { kind: deed.kind(), now, ended }))
}
