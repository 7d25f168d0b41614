//! Sets a lock.

use madoguchi_domain::{
    AccountId, Timestamp,
    account::{LockCause, LockScope},
};
use madoguchi_protocol::{error::Code, sync::Facet};

use super::{Deed, Effect, hold};
use crate::{
    db::{Conn, execute, fetch_one, words::word},
    refusal::Refusal,
};

pub(super) async fn apply(
    conn: &mut Conn,
    deed: &Deed<'_>,
    account: AccountId,
    scope: LockScope,
    cause: LockCause,
    until: Option<Timestamp>,
) -> Result<Effect, Refusal> {
    // These are the rule's and the source's to set.
    if matches!(cause, LockCause::TooManyFailures | LockCause::DisabledAtSource)
        || until.is_some_and(|until| until <= deed.received)
    {
        return Err(Code::BadRequest.into());
    }
    let held = hold(conn, deed, account).await?;
    let identity = match scope {
        LockScope::Account => None,
        LockScope::Identity(id) => {
            let (count,) = fetch_one!(
                conn,
                (i64,),
                "select count(*) from identity where identity_id = $1 and account = $2",
                id.0,
                account.0
            )?;
            if count == 0 {
                return Err(Code::Unknown.into());
            }
            Some(id.0)
        }
    };
    let lock = deed.store.chance().uuid_at(deed.received);
    execute!(
        conn,
        "insert into account_lock (lock_id, customer_id, account, source, scope_identity, cause, since, until_at, set_by,
                                   note, version)
         values ($1, $2, $3, 'store', $4, $5, $6, $7, $8, $9, 1)",
        lock,
        held.member.bits(),
        account.0,
        identity,
        word(cause),
        deed.received.micros(),
        until.map(Timestamp::micros),
        &deed.caller.display_name,
        &deed.envelope.words
    )?;
    execute!(conn, "update account set lock_version = lock_version + 1 where account_id = $1", account.0)?;
    Ok(Effect {
        subject: Some(lock),
        lock_cause: Some(cause),
        ..Effect::on(&[Facet::Accounts, Facet::Actions])
    })
}
