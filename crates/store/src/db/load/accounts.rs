//! Accounts with their identities, live sessions and standing locks.

use std::{collections::HashMap, time::Duration};

use madoguchi_domain::{
    AccountId, BrandId, CustomerId, IdentityId, LockId, SessionId, Timestamp,
    account::{Account, Identity, Lock, LockScope, Session},
    why::verdict,
};
use uuid::Uuid;

use super::{ByCustomer, Run};
use crate::db::{Conn, DbError, fetch_all, words::read};

/// For how long failures count in an identity's `failures_today`.
const TODAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(sqlx::FromRow)]
struct AccountRow {
    head: i64,
    account_id: Uuid,
    issuer: String,
    brand: String,
    authority: String,
    lock_version: i64,
    session_epoch: i64,
    since: i64,
}

#[derive(sqlx::FromRow)]
struct IdentityRow {
    account: Uuid,
    identity_id: Uuid,
    kind: String,
    issuer: String,
    masked: String,
    linked_at: i64,
    last_sign_in: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    account: Uuid,
    session_id: Uuid,
    started_at: i64,
    last_seen_at: i64,
    device: String,
    client: String,
    place: Option<String>,
}

/// A lock as the table has it.
#[derive(sqlx::FromRow)]
pub(crate) struct LockRow {
    pub(crate) account: Uuid,
    lock_id: Uuid,
    scope_identity: Option<Uuid>,
    cause: String,
    since: i64,
    until_at: Option<i64>,
    set_by: String,
    note: Option<String>,
    version: i64,
    pub(crate) ended_at: Option<i64>,
    pub(crate) ended_by: Option<String>,
}

impl LockRow {
    /// The columns, for a `select`.
    pub(crate) const COLUMNS: &str = "k.account, k.lock_id, k.scope_identity, k.cause, k.since, k.until_at, k.set_by, \
         k.note, k.version, k.ended_at, k.ended_by";

    pub(crate) fn lock(self) -> Result<Lock, DbError> {
        Ok(Lock {
            id: LockId(self.lock_id),
            scope: self.scope_identity.map_or(LockScope::Account, |id| LockScope::Identity(IdentityId(id))),
            cause: read(&self.cause)?,
            since: Timestamp::from_micros(self.since),
            until: self.until_at.map(Timestamp::from_micros),
            by: self.set_by,
            note: self.note,
            version: self.version,
        })
    }
}

/// Accounts of a run of customers, the oldest first.
pub(crate) async fn accounts(conn: &mut Conn, run: &Run<'_>) -> Result<ByCustomer<Vec<Account>>, DbError> {
    let mut rows = account_rows(conn, run).await?;
    rows.retain(|(_, account)| run.scope.has(&account.brand));
    let place: HashMap<AccountId, usize> = rows.iter().enumerate().map(|(n, (_, a))| (a.id, n)).collect();
    let at = |account: Uuid| place.get(&AccountId(account)).copied();
    for row in identities(conn, run).await? {
        if let Some(place) = at(row.0) {
            rows[place].1.identities.push(row.1);
        }
    }
    for row in sessions(conn, run).await? {
        if let Some(place) = at(row.account) {
            rows[place].1.sessions.push(Session {
                id: SessionId(row.session_id),
                started_at: Timestamp::from_micros(row.started_at),
                last_seen_at: Timestamp::from_micros(row.last_seen_at),
                device: row.device,
                client: row.client,
                place: row.place,
            });
        }
    }
    for row in locks(conn, run).await? {
        let place = at(row.account);
        let lock = row.lock()?;
        if let Some(place) = place
            && lock.stands(run.now)
        {
            rows[place].1.locks.push(lock);
        }
    }
    let mut found: ByCustomer<Vec<Account>> = ByCustomer::new();
    for (head, mut account) in rows {
        account.blocked = !verdict(&account, None, run.now).allowed;
        found.entry(head).or_default().push(account);
    }
    Ok(found)
}

/// The accounts alone, without what belongs to them.
async fn account_rows(conn: &mut Conn, run: &Run<'_>) -> Result<Vec<(CustomerId, Account)>, DbError> {
    let rows = fetch_all!(
        conn,
        AccountRow,
        "select l.head, a.account_id, a.issuer, a.brand, a.authority, a.lock_version, a.session_epoch, a.since
         from customer_link l join account a on a.customer_id = l.member
         where l.head between $1 and $2 order by l.head, a.since, a.account_id",
        run.from.bits(),
        run.to.bits()
    )?;
    rows.into_iter()
        .map(|row| {
            let account = Account {
                id: AccountId(row.account_id),
                issuer: row.issuer,
                brand: BrandId(row.brand),
                authority: read(&row.authority)?,
                blocked: false,
                lock_version: row.lock_version,
                session_epoch: row.session_epoch,
                identities: Vec::new(),
                sessions: Vec::new(),
                locks: Vec::new(),
                since: Timestamp::from_micros(row.since),
            };
            Ok((CustomerId::from_bits(row.head), account))
        })
        .collect()
}

async fn identities(conn: &mut Conn, run: &Run<'_>) -> Result<Vec<(Uuid, Identity)>, DbError> {
    let failures = fetch_all!(
        conn,
        (Uuid, String, i64),
        "select s.account, s.identity_kind, count(*) from customer_link l join sign_in s on s.customer_id = l.member
         where l.head between $1 and $2 and s.at > $3 and s.outcome = 'failed' group by s.account, s.identity_kind",
        run.from.bits(),
        run.to.bits(),
        run.now.minus(TODAY).micros()
    )?;
    let failures: HashMap<(Uuid, String), i64> = failures.into_iter().map(|(a, k, n)| ((a, k), n)).collect();
    let rows = fetch_all!(
        conn,
        IdentityRow,
        "select i.account, i.identity_id, i.kind, i.issuer, i.masked, i.linked_at, i.last_sign_in
         from customer_link l join identity i on i.customer_id = l.member
         where l.head between $1 and $2 order by i.linked_at, i.identity_id",
        run.from.bits(),
        run.to.bits()
    )?;
    rows.into_iter()
        .map(|row| {
            let failed = failures.get(&(row.account, row.kind.clone())).copied().unwrap_or(0);
            let identity = Identity {
                id: IdentityId(row.identity_id),
                kind: read(&row.kind)?,
                issuer: row.issuer,
                masked: row.masked,
                linked_at: Timestamp::from_micros(row.linked_at),
                last_sign_in: row.last_sign_in.map(Timestamp::from_micros),
                failures_today: i32::try_from(failed).unwrap_or(i32::MAX),
            };
            Ok((row.account, identity))
        })
        .collect()
}

async fn sessions(conn: &mut Conn, run: &Run<'_>) -> Result<Vec<SessionRow>, DbError> {
    fetch_all!(
        conn,
        SessionRow,
        "select s.account, s.session_id, s.started_at, s.last_seen_at, s.device, s.client, s.place
         from customer_link l join session s on s.customer_id = l.member and s.ended_at is null
         where l.head between $1 and $2 order by s.started_at desc, s.session_id desc",
        run.from.bits(),
        run.to.bits()
    )
}

async fn locks(conn: &mut Conn, run: &Run<'_>) -> Result<Vec<LockRow>, DbError> {
    let sql = format!(
        "select {} from customer_link l join account_lock k on k.customer_id = l.member and k.ended_at is null
         where l.head between $1 and $2 order by k.since desc, k.lock_id desc",
        LockRow::COLUMNS
    );
    fetch_all!(conn, LockRow, sqlx::AssertSqlSafe(sql.as_str()), run.from.bits(), run.to.bits())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::words::word;
    use madoguchi_domain::account::IdentityKind;

    #[test]
    fn words_read_back() {
        assert_eq!(read::<IdentityKind>(&word(IdentityKind::Line)), Ok(IdentityKind::Line));
        assert!(read::<IdentityKind>("carrier_pigeon").is_err());
    }
}
