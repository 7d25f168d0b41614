//! What applications report, and the rule that locks after too many wrong passwords in a short time.

use std::time::Duration;

use madoguchi_domain::{
    AccountId, CustomerId, IdentityId, LockId, Timestamp,
    account::{Account, Authority, Lock, LockCause, LockScope},
    sign_in::{Cause, Outcome},
    why::verdict,
};
use madoguchi_ledger::EntryKind;
use madoguchi_protocol::{
    application::{AccountName, ReportSignIn, ReportedSignIn},
    error::Code,
    sync::Facet,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    Store,
    caller::Caller,
    client_words,
    db::{
        Conn, DbError, execute, fetch_one, fetch_optional, for_update,
        history::{About, append, changed},
        load::{self, Run, Scope},
        words::{read, word},
    },
    refusal::Refusal,
};

/// Who set a lock by this rule.
const RULE: &str = "rule";

/// How many wrong passwords within how long lock an account, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInRule {
    /// So many wrong passwords
    pub failures: i64,
    /// within this time
    pub within: Duration,
    /// lock the account for this time.
    pub lock: Duration,
}

impl Default for SignInRule {
    fn default() -> Self {
        Self { failures: 6, within: Duration::from_secs(10 * 60), lock: Duration::from_secs(30 * 60) }
    }
}

/// A way into an account, as an application names it.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    pub(crate) identity: IdentityId,
    kind: String,
    pub(crate) account: AccountId,
    /// The customer whose account it is.
    pub(crate) member: CustomerId,
    /// The customer who speaks.
    pub(crate) head: CustomerId,
}

/// Finds the identity of a name, for a brand within sight.
pub(crate) async fn way_of(
    conn: &mut Conn,
    name: &AccountName,
    sight: &Scope,
) -> Result<Option<Way>, DbError> {
    if !sight.has(&name.brand) {
        return Ok(None);
    }
    let row = fetch_optional!(
        conn,
        (Uuid, String, Uuid, i64, i64),
        "select i.identity_id, i.kind, i.account, i.customer_id, l.head
         from identity i join customer_link l on l.member = i.customer_id
         where i.issuer = $1 and i.subject = $2 and i.brand = $3",
        &name.issuer,
        &name.subject,
        &name.brand.0
    )?;
    Ok(row.map(|(identity, kind, account, member, head)| Way {
        identity: IdentityId(identity),
        kind,
        account: AccountId(account),
        member: CustomerId::from_bits(member),
        head: CustomerId::from_bits(head),
    }))
}

/// The account of a way in, with its locks as they are now.
pub(crate) async fn account_of(
    conn: &mut Conn,
    way: &Way,
    now: Timestamp,
) -> Result<Option<Account>, DbError> {
    let every = Scope::every();
    let accounts = load::accounts(conn, &Run::one(way.head, &every, now)).await?.remove(&way.head);
    Ok(accounts.unwrap_or_default().into_iter().find(|account| account.id == way.account))
}

/// What a lock by the rule commits to.
#[derive(Serialize)]
struct RuleLock<'a> {
    rule: &'static str,
    account: AccountId,
    lock: &'a Lock,
    failures: i64,
}

/// Takes a report.
///
/// # Errors
/// [`Code::Unknown`] when no account within sight has that name.
pub(crate) async fn take(
    conn: &mut Conn,
    store: &Store,
    caller: &Caller,
    report: &ReportSignIn,
    received: Timestamp,
) -> Result<ReportedSignIn, Refusal> {
    let way = way_of(conn, &report.account, &caller.sight()).await?.ok_or(Code::Unknown)?;
    let sql = format!(
        "select authority, lock_version, session_epoch from account where account_id = $1{}",
        for_update(conn)
    );
    let (authority, lock_version, _) =
        fetch_one!(conn, (String, i64, i64), sqlx::AssertSqlSafe(sql.as_str()), way.account.0)?;
    let authority: Authority = read(&authority)?;
    // An application's clock may be ahead; nothing happened after it was received.
    let at = report.at.min(received);
    if !write(conn, caller, report, &way, at, received, lock_version).await? {
        return answer(conn, &way, None, received).await;
    }
    let mut locked = None;
    if report.outcome == Outcome::SignedIn {
        signed_in(conn, report, &way, at).await?;
    } else if report.cause == Some(Cause::WrongPassword) && authority == Authority::Store {
        locked = judge(conn, store, &way, lock_version, at, received).await?;
    }
    changed(conn, way.head, &[Facet::SignIns, Facet::Accounts], received).await?;
    answer(conn, &way, locked, received).await
}

/// Writes the sign-in; whether it was new.
async fn write(
    conn: &mut Conn,
    caller: &Caller,
    report: &ReportSignIn,
    way: &Way,
    at: Timestamp,
    received: Timestamp,
    lock_version: i64,
) -> Result<bool, Refusal> {
    let new_address = match &report.address {
        Some(address) => {
            let (seen,) = fetch_one!(
                conn,
                (i64,),
                "select count(*) from sign_in s join customer_link l on l.member = s.customer_id
                 where l.head = $1 and s.address = $2 and s.at < $3",
                way.head.bits(),
                address,
                at.micros()
            )?;
            seen == 0
        }
        None => false,
    };
    let (device, client) = client_words::of(report.user_agent.as_deref());
    let written = execute!(
        conn,
        "insert into sign_in (sign_in_id, customer_id, account, source, identity_kind, at, received_at, outcome, cause,
                              address, place, device, client, channel, new_address, rule_epoch)
         values ($1, $2, $3, 'store', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         on conflict (sign_in_id) do nothing",
        report.id.0,
        way.member.bits(),
        way.account.0,
        &way.kind,
        at.micros(),
        received.micros(),
        word(report.outcome),
        report.cause.map(word),
        &report.address,
        &report.place,
        device,
        client,
        &caller.display_name,
        new_address,
        lock_version
    )?;
    Ok(written == 1)
}

/// They are in: the identity's last time, and the session that began.
async fn signed_in(conn: &mut Conn, report: &ReportSignIn, way: &Way, at: Timestamp) -> Result<(), Refusal> {
    execute!(
        conn,
        "update identity set last_sign_in = $1 where identity_id = $2 and (last_sign_in is null or last_sign_in < $1)",
        at.micros(),
        way.identity.0
    )?;
    if let Some(session) = &report.session {
        let (device, client) = client_words::of(report.user_agent.as_deref());
        execute!(
            conn,
            "insert into session (session_id, customer_id, account, source, started_at, last_seen_at, device, client,
                                  place)
             values ($1, $2, $3, 'store', $4, $4, $5, $6, $7) on conflict (session_id) do nothing",
            session.id.0,
            way.member.bits(),
            way.account.0,
            at.micros(),
            device.unwrap_or_default(),
            client.unwrap_or_default(),
            &report.place
        )?;
    }
    Ok(())
}

/// Locks the account when this was one wrong password too many. Failures count since the last success and since the
/// account's locks last changed, so that an unlock gives a fresh start.
async fn judge(
    conn: &mut Conn,
    store: &Store,
    way: &Way,
    lock_version: i64,
    at: Timestamp,
    received: Timestamp,
) -> Result<Option<Timestamp>, Refusal> {
    let rule = store.rule();
    let (failures,) = fetch_one!(
        conn,
        (i64,),
        "select count(*) from sign_in s where s.account = $1 and s.at > $2 and s.rule_epoch = $3
           and s.outcome = 'failed' and s.cause = 'wrong_password'
           and s.at > coalesce((select max(g.at) from sign_in g where g.account = $1 and g.outcome = 'signed_in'), 0)",
        way.account.0,
        at.minus(rule.within).micros(),
        lock_version
    )?;
    let standing = account_of(conn, way, received).await?.map(|account| account.locks).unwrap_or_default();
    if failures < rule.failures || standing.iter().any(|lock| lock.cause == LockCause::TooManyFailures) {
        return Ok(None);
    }
    let until = received.plus(rule.lock);
    let lock = Lock {
        id: LockId(store.chance().uuid_at(received)),
        scope: LockScope::Account,
        cause: LockCause::TooManyFailures,
        since: received,
        until: Some(until),
        by: RULE.to_owned(),
        note: None,
        version: 1,
    };
    execute!(
        conn,
        "insert into account_lock (lock_id, customer_id, account, source, cause, since, until_at, set_by, version)
         values ($1, $2, $3, 'store', $4, $5, $6, $7, 1)",
        lock.id.0,
        way.member.bits(),
        way.account.0,
        word(lock.cause),
        lock.since.micros(),
        until.micros(),
        RULE
    )?;
    execute!(
        conn,
        "update account set lock_version = lock_version + 1 where account_id = $1",
        way.account.0
    )?;
    let about = About {
        customer: way.head,
        account: Some(way.account),
        source: "store",
        kind: EntryKind::Action,
        at: received,
    };
    let payload = RuleLock { rule: "too_many_failures", account: way.account, lock: &lock, failures };
    append(conn, store.keys(), store.chance(), about, &payload).await?;
    Ok(Some(until))
}

async fn answer(
    conn: &mut Conn,
    way: &Way,
    locked_until: Option<Timestamp>,
    now: Timestamp,
) -> Result<ReportedSignIn, Refusal> {
    let account = account_of(conn, way, now).await?.ok_or(Code::Unknown)?;
    Ok(ReportedSignIn { allowed: verdict(&account, Some(way.identity), now).allowed, locked_until })
}
